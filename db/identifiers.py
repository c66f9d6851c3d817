"""Finding people by their numbers, which are stored sealed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from db.connect import Session
from db.tables import asn
from db.upsert import chunks, rows_by
from monitor.domain import AccountRef, IdentifierKind
from monitor.vault import Vault

PersonKey = tuple[IdentifierKind, str]


def person_ids(session: Session, vault: Vault, keys: Iterable[PersonKey]) -> dict[PersonKey, int]:
    """Return the row ids of the people with these identifiers; unknown ones are left out."""
    found: dict[PersonKey, int] = {}
    for part in chunks(keys):
        blind = {blind_key(vault, kind, value): (kind, value) for kind, value in part}
        rows = rows_by(session, (asn.c.id, asn.c.identifier_blind), asn.c.identifier_blind, blind)
        found |= {blind[row.identifier_blind]: row.id for row in rows}
    return found


def blind_key(vault: Vault, kind: IdentifierKind, identifier: str) -> str:
    """Return the keyed hash under which a person is found; it differs by kind of identifier."""
    return vault.blind(f"asn/{kind.value}", identifier)


def masked(identifier: str) -> str:
    """Return the identifier with its middle hidden; of short ones less is shown."""
    shown = 4 if len(identifier) >= 12 else len(identifier) // 4
    hidden = "*" * (len(identifier) - 2 * shown)
    return identifier[:shown] + hidden + (identifier[-shown:] if shown else "")


def without_number(vault: Vault, ref: AccountRef) -> AccountRef:
    """Return an account that is known by a telephone number ("+62…") under a keyed hash of it, labelled in part.

    Any other account comes back as it is.
    """
    if not ref.user_id.startswith("+"):
        return ref
    return replace(ref, user_id=f"nomor:{vault.blind('phone', ref.user_id)}", handle=masked(ref.user_id))
