"""Finding people by their numbers, which are stored sealed."""

from __future__ import annotations

from collections.abc import Iterable

from db.connect import Session
from db.tables import asn
from db.upsert import chunks, rows_by
from monitor.domain import IdentifierKind
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
