"""The queue of backfills that register changes ask for: what must be read again from the start of the stages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from db.connect import Session
from db.tables import register_change


@dataclass(frozen=True, slots=True)
class Backfills:
    """What is queued: accounts to be read from the start, and whether all pairs' posts are to be listed again.

    `upto` is the newest change that this covers, 0 when nothing waits.
    """

    upto: int = 0
    accounts: frozenset[int] = frozenset()
    pairs: bool = False


def pending(session: Session, upto: datetime | None = None) -> Backfills:
    """Return the backfills that are queued, or were by a time.

    A person's account asks for its own past and for all pairs' posts.
    """
    columns = (register_change.c.id, register_change.c.kind, register_change.c.account_id)
    queued = sa.select(*columns).where(register_change.c.done_at.is_(None))
    if upto is not None:
        queued = queued.where(register_change.c.created_at <= upto)
    rows = session.execute(queued).all()
    return Backfills(
        upto=max((row.id for row in rows), default=0),
        accounts=frozenset(row.account_id for row in rows if row.account_id is not None),
        pairs=any(row.kind == "account" for row in rows),
    )


def finish(session: Session, backfills: Backfills, now: datetime) -> None:
    """Mark what was queued as done; changes that came meanwhile stay queued."""
    where = register_change.c.done_at.is_(None) & (register_change.c.id <= backfills.upto)
    session.execute(sa.update(register_change).where(where).values(done_at=now))
