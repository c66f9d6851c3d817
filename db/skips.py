"""Cases that a user passed over: taking the next one leaves them out for a while."""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa

from db.connect import Session
from db.tables import case_skip
from db.upsert import upsert

LENGTH = timedelta(minutes=30)
"""How long a case stays passed over."""


def skip(session: Session, case_id: int, user_id: int, now: datetime) -> None:
    """Pass a case over for a user; doing so again starts the time anew."""
    row = {"user_id": user_id, "case_id": case_id, "skipped_at": now}
    upsert(session, case_skip, [row], ["user_id", "case_id"], ["skipped_at"])


def unskip(session: Session, case_id: int, user_id: int) -> bool:
    """Take a case up again that was passed over; False when it was not."""
    mine = (case_skip.c.user_id == user_id) & (case_skip.c.case_id == case_id)
    return bool(session.execute(sa.delete(case_skip).where(mine)).rowcount)


def skipped(session: Session, user_id: int, now: datetime, *, length: timedelta = LENGTH) -> frozenset[int]:
    """Return the cases that are passed over for a user just now."""
    query = sa.select(case_skip.c.case_id).where(case_skip.c.user_id == user_id, case_skip.c.skipped_at > now - length)
    return frozenset(int(number) for number in session.execute(query).scalars())
