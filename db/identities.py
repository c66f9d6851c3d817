"""Accounts of a sign-in provider that belong to users: found by issuer and subject, and by nothing else."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from db.connect import Session
from db.tables import sign_in_identity
from monitor.domain import Identity


def add(session: Session, user_id: int, issuer: str, subject: str, now: datetime, *, by: str) -> bool:
    """Let an account of the provider stand for a user; False when it already stands for somebody."""
    if find(session, issuer, subject) is not None:
        return False
    values = {"user_id": user_id, "issuer": issuer, "subject": subject, "linked_at": now, "linked_by": by}
    session.execute(sa.insert(sign_in_identity).values(values))
    return True


def find(session: Session, issuer: str, subject: str) -> Identity | None:
    """Return the link of a provider's account."""
    query = sa.select(sign_in_identity).where(
        sign_in_identity.c.issuer == issuer, sign_in_identity.c.subject == subject
    )
    row = session.execute(query).first()
    return _identity(row) if row else None


def bind(session: Session, identity_id: int, invited: str, subject: str, now: datetime) -> bool:
    """Put the stable id in the place of an invitation, once; False when somebody was first."""
    done = session.execute(
        sa.update(sign_in_identity)
        .where(sign_in_identity.c.id == identity_id, sign_in_identity.c.subject == invited)
        .values(subject=subject, linked_at=now)
    )
    return bool(done.rowcount)


def of_user(session: Session, user_id: int) -> list[Identity]:
    """Return the provider's accounts that stand for a user, oldest first."""
    query = sa.select(sign_in_identity).where(sign_in_identity.c.user_id == user_id).order_by(sign_in_identity.c.id)
    return [_identity(row) for row in session.execute(query)]


def remove(session: Session, identity_id: int, user_id: int) -> bool:
    """Undo a link of a user; False when there is none of that number."""
    which = sa.and_(sign_in_identity.c.id == identity_id, sign_in_identity.c.user_id == user_id)
    return bool(session.execute(sa.delete(sign_in_identity).where(which)).rowcount)


def _identity(row: sa.Row[tuple[object, ...]]) -> Identity:
    return Identity(row.id, row.user_id, row.issuer, row.subject, row.linked_at, row.linked_by)
