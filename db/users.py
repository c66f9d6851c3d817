"""Users, their grants, and what stands against guessing their passwords; secrets are stored as hashes only."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from db.connect import Session
from db.tables import app_user, role_grant
from monitor.domain import Grant, Preferences, Role, UserRow
from monitor.errors import UsageError

TRIES = 5
"""Failures in a row after which a name is locked."""
FIRST_LOCK = timedelta(minutes=15)
LONGEST_LOCK = timedelta(hours=1)
_ONE_TIME = "one_time_password"


@dataclass(frozen=True, slots=True)
class SignInRow:
    """A user with the hash of their password, for signing in only."""

    user: UserRow
    password_hash: str
    locked_until: datetime | None = None


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


def set_details(session: Session, user_id: int, *, full_name: str, agency: str, email: str) -> None:
    """Store what a user is called, where they work and where digests go."""
    values = {"display_name": full_name, "agency": agency, "email": email or None}
    session.execute(sa.update(app_user).where(app_user.c.id == user_id).values(values))


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


def set_password(session: Session, user_id: int, password_hash: str, *, until: datetime | None = None) -> None:
    """Store the hash of a new password; one with an end is handed out and must be changed at the next sign-in."""
    chosen = _chosen(session, user_id) | {_ONE_TIME: until is not None}
    values = {"password_hash": password_hash, "preferences": chosen, "password_until": until}
    session.execute(sa.update(app_user).where(app_user.c.id == user_id).values(values))


def set_preferences(session: Session, user_id: int, chosen: Preferences) -> None:
    """Store what a user chose; what other parts keep there stays."""
    wanted = {"keys": chosen.keys, "digest": chosen.digest}
    merged = _chosen(session, user_id) | wanted
    session.execute(sa.update(app_user).where(app_user.c.id == user_id).values(preferences=merged))


def switch(session: Session, user_id: int, *, on: bool, now: datetime) -> None:
    """Switch a user on or off; who is off has no living session and no living token."""
    session.execute(sa.update(app_user).where(app_user.c.id == user_id).values(disabled_at=None if on else now))


def note_failure(session: Session, user_id: int, now: datetime) -> datetime | None:
    """Count one failure to prove who one is and return until when the name is locked; number 0 is nobody.

    The fifth in a row locks for a quarter of an hour, each one after that for twice as long, up to an hour.
    """
    which = app_user.c.id == user_id
    more = sa.update(app_user).where(which).values(failed_sign_ins=app_user.c.failed_sign_ins + 1)
    failures = session.execute(more.returning(app_user.c.failed_sign_ins)).scalar()
    until = lock_after(int(failures or 0), now)
    session.execute(sa.update(app_user).where(which).values(locked_until=until))
    return until


def lock_after(failures: int, now: datetime) -> datetime | None:
    """Return until when so many failures in a row lock a name, None while they do not."""
    if failures < TRIES:
        return None
    return now + min(FIRST_LOCK * int(2 ** min(failures - TRIES, 8)), LONGEST_LOCK)


def forget_failures(session: Session, user_id: int) -> None:
    """Begin counting anew, after a whole sign-in or by an administrator."""
    values = {"failed_sign_ins": 0, "locked_until": None}
    session.execute(sa.update(app_user).where(app_user.c.id == user_id).values(values))


def is_locked(session: Session, user_id: int, now: datetime) -> bool:
    """Whether a user may not prove who they are for a while."""
    query = sa.select(app_user.c.id).where(app_user.c.id == user_id, app_user.c.locked_until > now)
    return session.execute(query).first() is not None


def list_users(session: Session) -> list[UserRow]:
    """Return all users by name, with their living grants."""
    rows = session.execute(sa.select(app_user).order_by(app_user.c.name)).all()
    return _with_grants(session, rows)


def users_where(session: Session, which: sa.ColumnElement[bool], limit: int) -> list[UserRow]:
    """Return the users for whom a condition holds, by name, with their living grants."""
    rows = session.execute(sa.select(app_user).where(which).order_by(app_user.c.name).limit(limit)).all()
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
    return _sign_in(session, app_user.c.name == name)


def sign_in_row_of(session: Session, user_id: int) -> SignInRow | None:
    """Return the user of this number with the hash to compare with."""
    return _sign_in(session, app_user.c.id == user_id)


def living_admins(session: Session) -> set[int]:
    """Return who may administer and is switched on, with their grants locked until the transaction ends."""
    admins = (
        sa.select(role_grant.c.user_id)
        .join(app_user, app_user.c.id == role_grant.c.user_id)
        .where(role_grant.c.role == Role.ADMIN, role_grant.c.revoked_at.is_(None), app_user.c.disabled_at.is_(None))
        .order_by(role_grant.c.id)
        .with_for_update()
    )
    return set(session.execute(admins).scalars())


def has_admin(session: Session) -> bool:
    """Whether anybody may administer; a fresh workspace has nobody."""
    return session.execute(_live_grants().where(role_grant.c.role == Role.ADMIN).limit(1)).first() is not None


def _sign_in(session: Session, which: sa.ColumnElement[bool]) -> SignInRow | None:
    row = session.execute(sa.select(app_user).where(which)).first()
    if row is None:
        return None
    return SignInRow(_with_grants(session, [row])[0], row.password_hash, row.locked_until)


def _chosen(session: Session, user_id: int) -> dict[str, Any]:
    """Return what is stored of a user's choices, with the row locked until the transaction ends."""
    query = sa.select(app_user.c.preferences).where(app_user.c.id == user_id).with_for_update()
    return dict(session.execute(query).scalar() or {})


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
    return [user_of(row, tuple(grants[row.id])) for row in found]


def user_of(row: Any, grants: tuple[Grant, ...]) -> UserRow:
    """Return a user from a row of `app_user`."""
    chosen: Mapping[str, Any] = row.preferences or {}
    return UserRow(
        id=row.id,
        name=row.name,
        full_name=row.display_name,
        grants=grants,
        active=row.disabled_at is None,
        agency=row.agency,
        created_at=row.created_at,
        email=row.email or "",
        second_factor=row.totp_confirmed_at is not None,
        one_time_password=bool(chosen.get(_ONE_TIME)),
        password_until=row.password_until,
        preferences=Preferences(
            keys=bool(chosen.get("keys", True)),
            digest=bool(chosen.get("digest", True)),
            view=view if isinstance(view := chosen.get("view"), int) else None,
        ),
    )
