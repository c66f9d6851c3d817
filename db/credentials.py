"""Keys and lent tokens, sealed; every entry, use and withdrawal is on the audit log, the secret nowhere.

What is sealed names its source and slot, so that one row's secret cannot be moved to another.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime

import sqlalchemy as sa

from db import audit
from db.connect import Found, Session
from db.tables import account, source_credential
from db.upsert import insert_one
from monitor.domain import CredentialEntry, CredentialRow
from monitor.errors import EvidenceError
from monitor.vault import Vault


def add(
    session: Session, sealed: bytes, entry: CredentialEntry, *, account_id: int | None, by: str, now: datetime
) -> int:
    """Store a sealed secret and return its number; the one that the slot had before is taken back."""
    before = current(session, entry.source, entry.slot)
    if before is not None:
        revoke(session, before.id, by=by, now=now)
    number = insert_one(
        session,
        source_credential,
        source=entry.source,
        slot=entry.slot,
        account_id=account_id,
        sealed=sealed,
        purpose=entry.purpose,
        added_by=by,
        added_at=now,
        expires_at=entry.expires_at,
    )
    detail = {"slot": entry.slot, "purpose": entry.purpose, "expires_at": entry.expires_at.isoformat()}
    _note(session, number, entry.source, by, ("credential_added", detail), now)
    return number


def revoke(session: Session, number: int, *, by: str, now: datetime) -> bool:
    """Take a credential back and forget its secret; False when there is none, or it is taken back already."""
    table = source_credential.c
    live = sa.and_(table.id == number, table.revoked_at.is_(None))
    row = session.execute(sa.select(table.source, table.slot).where(live)).one_or_none()
    if row is None:
        return False
    gone = {"sealed": None, "revoked_by": by, "revoked_at": now}
    session.execute(sa.update(source_credential).where(live).values(gone))
    _note(session, number, row.source, by, ("credential_revoked", {"slot": row.slot}), now)
    return True


def note_used(session: Session, row: CredentialRow, now: datetime) -> None:
    """Note that a run uses a credential."""
    session.execute(sa.update(source_credential).where(source_credential.c.id == row.id).values(last_used_at=now))
    _note(session, row.id, row.source, "program", ("credential_used", {"slot": row.slot}), now)


def current(session: Session, source: str, slot: str) -> CredentialRow | None:
    """Return the credential of a slot that nobody took back, expired or not; None when there is none.

    An owner's token lent while only the handle was known is found by the account's stable id as well.
    """
    table = source_credential.c
    named = (table.slot == slot) | (sa.literal("owner:").concat(account.c.platform_user_id) == slot)
    found = session.execute(_rows().where(table.source == source, named, table.revoked_at.is_(None)))
    return next((_row(row) for row in found), None)


def credentials(session: Session, source: str | None = None) -> tuple[CredentialRow, ...]:
    """Return all credentials, or those of one source, the newest of each slot first."""
    query = _rows() if source is None else _rows().where(source_credential.c.source == source)
    return tuple(_row(row) for row in session.execute(query))


def owned(session: Session, now: datetime) -> Mapping[str, frozenset[str]]:
    """Return by source the stable ids of the accounts whose owners lent a token that may be used."""
    found: dict[str, set[str]] = defaultdict(set)
    for row in credentials(session):
        if row.owner is not None and row.usable(now):
            found[row.source].add(row.owner)
    return {source: frozenset(ids) for source, ids in found.items()}


def seal(vault: Vault, entry: CredentialEntry, secret: str) -> bytes:
    """Return a secret sealed for its slot."""
    return vault.seal(json.dumps([entry.source, entry.slot, secret]).encode())


def secret_of(session: Session, vault: Vault, row: CredentialRow) -> str:
    """Return the secret of a credential; EvidenceError when it is gone, altered or another slot's."""
    query = sa.select(source_credential.c.sealed).where(source_credential.c.id == row.id)
    sealed = session.execute(query).scalar_one()
    source, slot, secret = json.loads(vault.unseal(sealed or b""))
    if (source, slot) != (row.source, row.slot):
        raise EvidenceError(f"Kredensial {row.id} milik {source}/{slot}", "masukkan lagi kredensial ini")
    return str(secret)


def _rows() -> sa.Select[tuple[object, ...]]:
    table = source_credential
    columns = [c for c in table.c if c.name != "sealed"]
    joined = table.join(account, account.c.id == table.c.account_id, isouter=True)
    ordered = (table.c.source, table.c.slot, table.c.id.desc())
    return sa.select(*columns, account.c.platform_user_id).select_from(joined).order_by(*ordered)


def _row(row: Found) -> CredentialRow:
    return CredentialRow(
        id=row.id,
        source=row.source,
        slot=row.slot,
        owner=row.platform_user_id,
        purpose=row.purpose,
        added_by=row.added_by,
        added_at=row.added_at,
        expires_at=row.expires_at,
        revoked_by=row.revoked_by,
        revoked_at=row.revoked_at,
        last_used_at=row.last_used_at,
    )


def _note(
    session: Session, number: int, source: str, actor: str, what: tuple[str, dict[str, str]], now: datetime
) -> None:
    action, detail = what
    audit.record(
        session,
        actor=actor,
        action=action,
        subject=f"credential:{number}",
        detail={"source": source, **detail},
        now=now,
    )
