"""API tokens: for one user, and where wanted for one of their roles; stored as hashes only."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import sqlalchemy as sa

from db.connect import Session
from db.tables import api_token
from db.users import user_by_id
from monitor.domain import Role, TokenRow, UserRow

TOUCH_AFTER = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, repr=False)
class NewToken:
    """A token to store: whose, what for, its hash; without a role it may do what its user may."""

    user_id: int
    name: str
    token_hash: str
    role: Role | None = None
    expires_at: datetime | None = None


def add_token(session: Session, wanted: NewToken, now: datetime) -> int:
    """Store a new API token and return its number."""
    values = {
        "token_hash": wanted.token_hash, "user_id": wanted.user_id, "name": wanted.name, "created_at": now,
        "expires_at": wanted.expires_at, "role": wanted.role,
    }  # fmt: skip
    return int(session.execute(sa.insert(api_token).values(values).returning(api_token.c.id)).scalar_one())


def token_user(session: Session, token_hash: str, now: datetime, *, touch: bool = True) -> UserRow | None:
    """Return whose living token this is, with the grants of its role only; None when it is not living.

    `touch` notes its use, a minute fine; without it nothing is written.
    """
    row = session.execute(
        sa.select(api_token).where(
            api_token.c.token_hash == token_hash,
            api_token.c.revoked_at.is_(None),
            sa.or_(api_token.c.expires_at.is_(None), api_token.c.expires_at > now),
        )
    ).first()
    user = user_by_id(session, row.user_id) if row is not None else None
    if row is None or user is None or not user.active:
        return None
    if touch and (row.last_used_at is None or now - row.last_used_at >= TOUCH_AFTER):
        session.execute(sa.update(api_token).where(api_token.c.id == row.id).values(last_used_at=now))
    if row.role is None:
        return user
    return replace(user, grants=tuple(grant for grant in user.grants if grant.role is row.role))


def needs_touch(session: Session, token_hash: str, now: datetime) -> bool:
    """Whether the use of a token is worth writing down."""
    query = sa.select(api_token.c.last_used_at).where(api_token.c.token_hash == token_hash)
    row = session.execute(query).first()
    return row is not None and (row.last_used_at is None or now - row.last_used_at >= TOUCH_AFTER)


def list_tokens(session: Session, user_id: int) -> list[TokenRow]:
    """Return a user's tokens, oldest first."""
    rows = session.execute(sa.select(api_token).where(api_token.c.user_id == user_id).order_by(api_token.c.id))
    return [
        TokenRow(r.id, r.name, r.created_at, r.expires_at, r.last_used_at, r.revoked_at, r.role and Role(r.role))
        for r in rows
    ]


def revoke_token(session: Session, token_id: int, now: datetime, *, of_user: int | None = None) -> bool:
    """Take a token back; False when it is not living, or not of the named user."""
    living = [api_token.c.id == token_id, api_token.c.revoked_at.is_(None)]
    if of_user is not None:
        living.append(api_token.c.user_id == of_user)
    return bool(session.execute(sa.update(api_token).where(*living).values(revoked_at=now)).rowcount)


def revoke_all_tokens(session: Session, user_id: int, now: datetime) -> int:
    """Take all living tokens of a user back and return how many that were."""
    living = sa.and_(api_token.c.user_id == user_id, api_token.c.revoked_at.is_(None))
    return int(session.execute(sa.update(api_token).where(living).values(revoked_at=now)).rowcount)
