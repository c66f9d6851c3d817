"""Users, their grants, signed-in browsers and tokens; secrets are stored as hashes only."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from db.connect import Session
from db.tables import api_token, app_user, role_grant, web_session
from monitor.domain import Grant, Role, SessionRow, UserRow
from monitor.errors import UsageError


@dataclass(frozen=True, slots=True)
class SignInRow:
    """A user with the hash of their password, for signing in only."""

    user: UserRow
    password_hash: str
    locked_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class TokenRow:
    """An API token without its secret."""

    id: int
    name: str
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None
    revoked_at: datetime | None


def add_user(
    session: Session, name: str, full_name: str, password_hash: str, now: datetime, *, agency: str = ""
) -> UserRow:
    """Add a user without grants; UsageError when the name is taken."""
    if session.execute(sa.select(app_user.c.id).where(app_user.c.name == name)).first():
        raise UsageError(f"Pengguna {name} sudah ada", "pilih nama lain")
    values = {
        "name": name, "display_name": full_name, "agency": agency, "password_hash": password_hash, "created_at": now,
    }  # fmt: skip
    number = session.execute(sa.insert(app_user).values(values).returning(app_user.c.id)).scalar_one()
    return UserRow(int(number), name, full_name, agency=agency, created_at=now)


def grant_role(session: Session, user_id: int, grant: Grant, now: datetime, *, granted_by: int | None = None) -> bool:
    """Give a role over a region; False when the user already holds it."""
    live = _live_grants().where(role_grant.c.user_id == user_id)
    held = {Grant(row.role, row.jurisdiction) for row in session.execute(live)}
    if grant in held:
        return False
    session.execute(
        sa.insert(role_grant).values(
            user_id=user_id, role=grant.role, jurisdiction=grant.jurisdiction, granted_by=granted_by, granted_at=now
        )
    )
    return True


def revoke_role(session: Session, user_id: int, grant: Grant, now: datetime) -> bool:
    """Take a role back; False when the user does not hold it."""
    done = session.execute(
        sa.update(role_grant)
        .where(
            role_grant.c.user_id == user_id,
            role_grant.c.role == grant.role,
            role_grant.c.jurisdiction == grant.jurisdiction,
            role_grant.c.revoked_at.is_(None),
        )
        .values(revoked_at=now)
    )
    return bool(done.rowcount)


def set_password(session: Session, user_id: int, password_hash: str) -> None:
    """Store the hash of a new password."""
    session.execute(sa.update(app_user).where(app_user.c.id == user_id).values(password_hash=password_hash))


def disable_user(session: Session, user_id: int, now: datetime) -> None:
    """Switch a user off and end everything they are signed in with."""
    session.execute(sa.update(app_user).where(app_user.c.id == user_id).values(disabled_at=now))
    end_all_sessions(session, user_id, now)
    session.execute(
        sa.update(api_token)
        .where(api_token.c.user_id == user_id, api_token.c.revoked_at.is_(None))
        .values(revoked_at=now)
    )


def list_users(session: Session) -> list[UserRow]:
    """Return all users by name, with their living grants."""
    rows = session.execute(sa.select(app_user).order_by(app_user.c.name)).all()
    return _with_grants(session, rows)


def user_named(session: Session, name: str) -> UserRow | None:
    """Return the user with this sign-in name."""
    found = sign_in_row(session, name)
    return found.user if found else None


def user_by_id(session: Session, user_id: int) -> UserRow | None:
    """Return the user with this number."""
    rows = session.execute(sa.select(app_user).where(app_user.c.id == user_id)).all()
    return next(iter(_with_grants(session, rows)), None)


def sign_in_row(session: Session, name: str) -> SignInRow | None:
    """Return the user of this name with the hash to compare with."""
    row = session.execute(sa.select(app_user).where(app_user.c.name == name)).first()
    if row is None:
        return None
    return SignInRow(_with_grants(session, [row])[0], row.password_hash, row.locked_until)


def open_session(
    session: Session, user_id: int, token_hash: str, now: datetime, expires_at: datetime, client: str = ""
) -> int:
    """Sign a browser in; its token's hash is the key."""
    values = {
        "token_hash": token_hash, "user_id": user_id, "csrf": secrets.token_hex(32), "created_at": now,
        "last_seen_at": now, "expires_at": expires_at, "client": client,
    }  # fmt: skip
    return int(session.execute(sa.insert(web_session).values(values).returning(web_session.c.id)).scalar_one())


def session_of(session: Session, token_hash: str, now: datetime, *, touch: bool = True) -> SessionRow | None:
    """Return the living session of a token, None when it ended, expired, or its user is switched off.

    `touch` notes that it was used; without it nothing is written.
    """
    row = session.execute(
        sa.select(web_session).where(
            web_session.c.token_hash == token_hash, web_session.c.ended_at.is_(None), web_session.c.expires_at > now
        )
    ).first()
    user = user_by_id(session, row.user_id) if row is not None else None
    if row is None or user is None or not user.active:
        return None
    # A write for every request would queue all readers behind one lock; a minute is fine enough.
    if touch and (now - row.last_seen_at).total_seconds() >= 60:
        session.execute(sa.update(web_session).where(web_session.c.id == row.id).values(last_seen_at=now))
    return SessionRow(
        id=row.id,
        user=user,
        created_at=row.created_at,
        expires_at=row.expires_at,
        last_seen_at=row.last_seen_at,
        csrf=row.csrf,
        client=row.client,
        second_factor_at=row.second_factor_at,
    )


def end_session(session: Session, session_id: int, now: datetime) -> None:
    """Sign one browser out."""
    session.execute(
        sa.update(web_session)
        .where(web_session.c.id == session_id, web_session.c.ended_at.is_(None))
        .values(ended_at=now)
    )


def end_all_sessions(session: Session, user_id: int, now: datetime) -> int:
    """Sign a user out everywhere and return how many browsers that were."""
    done = session.execute(
        sa.update(web_session)
        .where(web_session.c.user_id == user_id, web_session.c.ended_at.is_(None))
        .values(ended_at=now)
    )
    return int(done.rowcount)


def add_token(
    session: Session, user_id: int, name: str, token_hash: str, now: datetime, *, expires_at: datetime | None = None
) -> int:
    """Store the hash of a new API token."""
    values = {
        "token_hash": token_hash, "user_id": user_id, "name": name, "created_at": now, "expires_at": expires_at,
    }  # fmt: skip
    return int(session.execute(sa.insert(api_token).values(values).returning(api_token.c.id)).scalar_one())


def token_user(session: Session, token_hash: str, now: datetime) -> UserRow | None:
    """Return whose living token this is and note its use."""
    row = session.execute(
        sa.select(api_token.c.id, api_token.c.user_id).where(
            api_token.c.token_hash == token_hash,
            api_token.c.revoked_at.is_(None),
            sa.or_(api_token.c.expires_at.is_(None), api_token.c.expires_at > now),
        )
    ).first()
    if row is None:
        return None
    user = user_by_id(session, row.user_id)
    if user is None or not user.active:
        return None
    session.execute(sa.update(api_token).where(api_token.c.id == row.id).values(last_used_at=now))
    return user


def list_tokens(session: Session, user_id: int) -> list[TokenRow]:
    """Return a user's tokens, oldest first."""
    rows = session.execute(sa.select(api_token).where(api_token.c.user_id == user_id).order_by(api_token.c.id))
    return [TokenRow(r.id, r.name, r.created_at, r.expires_at, r.last_used_at, r.revoked_at) for r in rows]


def revoke_token(session: Session, token_id: int, now: datetime) -> bool:
    """Take a token back; False when it is not living."""
    done = session.execute(
        sa.update(api_token).where(api_token.c.id == token_id, api_token.c.revoked_at.is_(None)).values(revoked_at=now)
    )
    return bool(done.rowcount)


def has_admin(session: Session) -> bool:
    """Whether anybody may administer; a fresh workspace has nobody."""
    return session.execute(_live_grants().where(role_grant.c.role == Role.ADMIN).limit(1)).first() is not None


def _live_grants() -> sa.Select[Any]:
    return sa.select(role_grant.c.user_id, role_grant.c.role, role_grant.c.jurisdiction).where(
        role_grant.c.revoked_at.is_(None)
    )


def _with_grants(session: Session, rows: Iterable[Any]) -> list[UserRow]:
    found = list(rows)
    grants: dict[int, list[Grant]] = {row.id: [] for row in found}
    query = (
        _live_grants().where(role_grant.c.user_id.in_(grants)).order_by(role_grant.c.role, role_grant.c.jurisdiction)
    )
    for grant in session.execute(query) if found else ():
        grants[grant.user_id].append(Grant(grant.role, grant.jurisdiction))
    return [
        UserRow(
            id=row.id,
            name=row.name,
            full_name=row.display_name,
            grants=tuple(grants[row.id]),
            active=row.disabled_at is None,
            agency=row.agency,
            created_at=row.created_at,
        )
        for row in found
    ]
