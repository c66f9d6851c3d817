"""The audit log: who did or saw what, append-only and hash-chained."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from db.base import FIRST_HASH, as_they_lie
from db.chain import canonical, link_hash, lock_head, text_hash
from db.connect import Session
from db.tables import audit_detail, audit_log


@dataclass(frozen=True, slots=True)
class AuditRow:
    """One line of the audit log; `detail` is None once retention emptied it."""

    id: int
    at: datetime
    actor: str
    action: str
    subject: str
    detail: str | None


def record(
    session: Session, *, actor: str, action: str, subject: str, detail: Mapping[str, object], now: datetime
) -> int:
    """Append one row, in the transaction of what it records, and return its number."""
    text = canonical(detail)
    values: dict[str, object] = {
        "at": now, "actor": actor, "action": action, "subject": subject, "detail_hash": text_hash(text),
    }  # fmt: skip
    prev = lock_head(session, audit_log)
    values |= {"prev_hash": prev, "hash": link_hash(prev, values)}
    row = session.execute(sa.insert(audit_log).values(values).returning(audit_log.c.id)).scalar_one()
    session.execute(sa.insert(audit_detail).values(audit_id=row, detail=text, purged_at=None))
    return int(row)


def tail(
    session: Session, limit: int = 100, *, before: int | None = None, action: str = "", subject: str = ""
) -> list[AuditRow]:
    """Return the newest rows, newest first; `before` pages on from a row's number."""
    query = (
        sa.select(audit_log, audit_detail.c.detail)
        .join(audit_detail, audit_detail.c.audit_id == audit_log.c.id, isouter=True)
        .order_by(audit_log.c.id.desc())
        .limit(limit)
    )
    if before is not None:
        query = query.where(audit_log.c.id < before)
    if action:
        query = query.where(audit_log.c.action == action)
    if subject:
        query = query.where(audit_log.c.subject == subject)
    return [AuditRow(r.id, r.at, r.actor, r.action, r.subject, r.detail) for r in session.execute(query)]


def last_row(session: Session) -> int:
    """Return the number of the newest row, 0 before the first."""
    return int(session.execute(sa.select(sa.func.max(audit_log.c.id))).scalar() or 0)


def first_at(session: Session) -> datetime | None:
    """Return when the first thing was written down: about when somebody began to use this database."""
    return session.execute(sa.select(audit_log.c.at).order_by(audit_log.c.id).limit(1)).scalar()


def broken_rows(session: Session) -> list[tuple[int, str]]:
    """Return number and fault of every row whose hash, place in the chain or detail does not fit."""
    faults: list[tuple[int, str]] = []
    prev, emptied = FIRST_HASH, audit_detail.c.purged_at.is_not(None).label("emptied")
    query = (
        sa.select(*as_they_lie(audit_log), audit_detail.c.detail, emptied)
        .join(audit_detail, audit_detail.c.audit_id == audit_log.c.id, isouter=True)
        .order_by(audit_log.c.id)
    )
    for row in session.execute(query):
        body = {name: getattr(row, name) for name in ("at", "actor", "action", "subject", "detail_hash")}
        if row.prev_hash != prev:
            faults.append((row.id, "chain"))
        if link_hash(row.prev_hash, body) != row.hash:
            faults.append((row.id, "hash"))
        if not row.emptied and (row.detail is None or text_hash(row.detail) != row.detail_hash):
            faults.append((row.id, "detail"))
        prev = row.hash
    return faults
