"""The desk: what people do with cases and users, one transaction each, with its audit row; for command line and web."""

from monitor.desk.decisions import decide, note, undo
from monitor.desk.looking import claim, claim_next, look_at, release, renew, reveal_identifier, scope_of
from monitor.desk.people import (
    add_user,
    authenticate,
    authenticate_token,
    confirm_batch,
    grant,
    issue_token,
    list_users,
)

__all__ = [
    "add_user",
    "authenticate",
    "authenticate_token",
    "claim",
    "claim_next",
    "confirm_batch",
    "decide",
    "grant",
    "issue_token",
    "list_users",
    "look_at",
    "note",
    "release",
    "renew",
    "reveal_identifier",
    "scope_of",
    "undo",
]
