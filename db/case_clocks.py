"""When a case became known, as an officer states it; its deadline follows."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from db import legal_clocks
from db.connect import Session
from db.tables import review_case


def set_known(session: Session, case_id: int, user_id: int, known_at: datetime, now: datetime) -> datetime | None:
    """Write when a case became known and who says so, and return until when it must be handled; None without limit."""
    mine = review_case.c.id == case_id
    session.execute(sa.update(review_case).where(mine).values(known_at=known_at, known_by=user_id))
    legal_clocks.refresh(session, now, [case_id])
    due: datetime | None = session.execute(sa.select(review_case.c.due_at).where(mine)).scalar_one()
    return due
