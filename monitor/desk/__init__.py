"""The desk: what people do with cases and users, one transaction each, with its audit row; for command line and web."""

from monitor.desk.blind import BlindAnswer, list_differing, list_waiting, look_blind
from monitor.desk.blind import answer as answer_blind
from monitor.desk.decisions import Manner, decide, note, undo
from monitor.desk.finds import list_finds, may_enter, reveal_reporter
from monitor.desk.lending import add_credential, list_credentials, may_keep, revoke_credential
from monitor.desk.looking import (
    WAITING,
    claim,
    claim_next,
    held_case,
    look_at,
    release,
    renew,
    reveal_identifier,
    scope_of,
)
from monitor.desk.people import (
    add_user,
    authenticate,
    authenticate_token,
    confirm_batch,
    grant,
    issue_token,
    list_users,
)
from monitor.desk.recusal import declare_tie, end_tie, ties_of
from monitor.desk.ruling import StatusWish, approve_status, propose_status, withdraw_status
from monitor.desk.skipping import skip
from monitor.desk.suppressing import SuppressionWish, approve_suppression, end_suppression, propose_suppression
from monitor.desk.verdicts import REASONS as VERDICT_REASONS
from monitor.desk.verdicts import VerdictCommand, judge_hit

__all__ = [
    "VERDICT_REASONS",
    "WAITING",
    "BlindAnswer",
    "Manner",
    "StatusWish",
    "SuppressionWish",
    "VerdictCommand",
    "add_credential",
    "add_user",
    "answer_blind",
    "approve_status",
    "approve_suppression",
    "authenticate",
    "authenticate_token",
    "claim",
    "claim_next",
    "confirm_batch",
    "decide",
    "declare_tie",
    "end_suppression",
    "end_tie",
    "grant",
    "held_case",
    "issue_token",
    "judge_hit",
    "list_credentials",
    "list_differing",
    "list_finds",
    "list_users",
    "list_waiting",
    "look_at",
    "look_blind",
    "may_enter",
    "may_keep",
    "note",
    "propose_status",
    "propose_suppression",
    "release",
    "renew",
    "reveal_identifier",
    "reveal_reporter",
    "revoke_credential",
    "scope_of",
    "skip",
    "ties_of",
    "undo",
    "withdraw_status",
]
