"""Lists of users for whoever administers a region: those with a grant there, and those with none at all."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from db.connect import Session
from db.places import inside
from db.tables import app_user, role_grant
from db.users import users_where
from monitor.domain import Role, UserRow


@dataclass(frozen=True, slots=True)
class UserFilter:
    """Which users: part of a name, one role, switched on or off (None for both)."""

    text: str = ""
    role: Role | None = None
    active: bool | None = None


def page(
    session: Session, regions: tuple[str, ...], wanted: UserFilter, *, after: str = "", limit: int = 50
) -> tuple[list[UserRow], str]:
    """Return users by sign-in name, and the name to go on after; empty when these are all."""
    conditions = [_within(regions), app_user.c.name > after]
    if wanted.text:
        words = f"%{wanted.text.casefold().replace('!', '!!').replace('%', '!%').replace('_', '!_')}%"
        names = (app_user.c.name, app_user.c.display_name)
        conditions.append(sa.or_(*(sa.func.lower(name).like(words, escape="!") for name in names)))
    if wanted.role is not None:
        conditions.append(_holds(role_grant.c.role == wanted.role))
    if wanted.active is not None:
        conditions.append(app_user.c.disabled_at.is_(None) == sa.literal(wanted.active))
    found = users_where(session, sa.and_(*conditions), limit + 1)
    return found[:limit], found[limit - 1].name if len(found) > limit else ""


def seen(session: Session, regions: tuple[str, ...], user_id: int) -> UserRow | None:
    """Return one user, None when there is none whom the regions show."""
    return next(iter(users_where(session, sa.and_(_within(regions), app_user.c.id == user_id), 1)), None)


def _within(regions: tuple[str, ...]) -> sa.ColumnElement[bool]:
    if not regions:
        return sa.false()
    return sa.or_(_holds(inside(role_grant.c.jurisdiction, regions)), ~_holds(sa.true()))


def _holds(which: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    return sa.exists().where(role_grant.c.user_id == app_user.c.id, role_grant.c.revoked_at.is_(None), which)
