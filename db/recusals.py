"""Conflicts of interest: which reviewer is tied to which watched person, and so decides nothing about them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from db.connect import Session
from db.tables import app_user, asn, recusal, review_case
from monitor.domain import UserRow

REASONS = ("keluarga", "instansi", "lainnya")
"""What ties a reviewer to a person."""


@dataclass(frozen=True, slots=True)
class Recusal:
    """A tie that stands."""

    id: int
    user_id: int
    user_name: str
    person_id: int
    reason: str
    declared_by: str
    declared_at: datetime


def declare(session: Session, user_id: int, person_id: int, reason: str, by: str, now: datetime) -> bool:
    """Write a tie down; False when one stands already."""
    if of_person(session, person_id, user_id=user_id):
        return False
    row = {"user_id": user_id, "asn_id": person_id, "reason": reason, "declared_by": by, "declared_at": now}
    session.execute(sa.insert(recusal).values(row))
    return True


def end(session: Session, number: int, now: datetime) -> bool:
    """End a tie; False when it ended before."""
    standing = (recusal.c.id == number) & recusal.c.ended_at.is_(None)
    return bool(session.execute(sa.update(recusal).where(standing).values(ended_at=now)).rowcount)


def of_person(session: Session, person_id: int, *, user_id: int | None = None) -> tuple[Recusal, ...]:
    """Return the ties to a person that stand, the oldest first; of one user when one is named."""
    query = (
        sa.select(recusal, app_user.c.display_name)
        .join(app_user, app_user.c.id == recusal.c.user_id)
        .where(recusal.c.asn_id == person_id, recusal.c.ended_at.is_(None))
        .order_by(recusal.c.id)
    )
    if user_id is not None:
        query = query.where(recusal.c.user_id == user_id)
    return tuple(
        Recusal(r.id, r.user_id, r.display_name, r.asn_id, r.reason, r.declared_by, r.declared_at)
        for r in session.execute(query)
    )


def tied_users(session: Session, person_id: int) -> frozenset[int]:
    """Return who is tied to a person."""
    query = sa.select(recusal.c.user_id).where(recusal.c.asn_id == person_id, recusal.c.ended_at.is_(None))
    return frozenset(int(number) for number in session.execute(query).scalars())


def untied(user: UserRow) -> sa.ColumnElement[bool]:
    """Whether a case in a query concerns nobody that the user is tied to, by a declared tie or by their own agency."""
    person = review_case.c.asn_id
    declared = sa.exists().where(recusal.c.user_id == user.id, recusal.c.asn_id == person, recusal.c.ended_at.is_(None))
    if not user.agency.strip():
        return ~declared
    own = sa.exists().where(asn.c.id == person, sa.func.lower(asn.c.agency) == user.agency.strip().lower())
    return sa.and_(~declared, ~own)
