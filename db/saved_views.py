"""Filters that users keep: their own and those that others share."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import Any

import sqlalchemy as sa

from db.case_counts import MOST_COUNTED
from db.case_filters import ANY_TIME, at_most, times
from db.case_lists import only
from db.connect import Session
from db.tables import app_user, review_case, role_grant, saved_view
from monitor.domain import CaseFilter, Role, region_covers

_READERS = (Role.PENGAWAS, Role.KOORDINATOR, Role.DPO)
_SHOWN = 60
_SEARCHED = "cari"


@dataclass(frozen=True, slots=True)
class SavedView:
    """A filter under a name. `query` are the words of its address; `owner` is who keeps it."""

    id: int
    user_id: int
    owner: str
    name: str
    query: Mapping[str, str]
    shared: bool


def views_for(session: Session, user_id: int, scope: Sequence[str]) -> list[SavedView]:
    """Return a user's own views, then those that others share, each by name.

    What others wrote is told only to who may see all that they see: names and search words may name somebody watched.
    Elsewhere a view that searches for words is not shared, and the others go by their number.
    """
    seen = sa.or_(saved_view.c.user_id == user_id, saved_view.c.shared)
    mine = sa.case((saved_view.c.user_id == user_id, 0), else_=1)
    rows = session.execute(_views().where(seen).order_by(mine, saved_view.c.name, saved_view.c.id).limit(_SHOWN))
    return _told([_view(row) for row in rows], user_id, scope, session)


def view_of(session: Session, view_id: int, user_id: int, scope: Sequence[str]) -> SavedView | None:
    """Return a view that the user may use: their own, or one that is shared with them."""
    seen = sa.or_(saved_view.c.user_id == user_id, saved_view.c.shared)
    row = session.execute(_views().where(saved_view.c.id == view_id, seen)).first()
    return next(iter(_told([_view(row)], user_id, scope, session)), None) if row else None


def save(session: Session, user_id: int, name: str, query: Mapping[str, str], *, shared: bool, now: datetime) -> int:
    """Keep a filter under a name; one of the same name is replaced. Returns its number."""
    same = sa.and_(saved_view.c.user_id == user_id, saved_view.c.name == name)
    known = session.execute(sa.select(saved_view.c.id).where(same)).scalar()
    values = {"query": dict(query), "shared": shared}
    if known is not None:
        session.execute(sa.update(saved_view).where(same).values(values))
        return int(known)
    insert = sa.insert(saved_view).values(values | {"user_id": user_id, "name": name, "created_at": now})
    return int(session.execute(insert.returning(saved_view.c.id)).scalar_one())


def change(session: Session, view_id: int, user_id: int, name: str, *, shared: bool) -> bool:
    """Rename, share or stop sharing a view of one's own; False when it is not theirs or the name is taken."""
    taken = sa.exists().where(saved_view.c.user_id == user_id, saved_view.c.name == name, saved_view.c.id != view_id)
    if session.execute(sa.select(taken)).scalar():
        return False
    mine = sa.and_(saved_view.c.id == view_id, saved_view.c.user_id == user_id)
    return bool(session.execute(sa.update(saved_view).where(mine).values(name=name, shared=shared)).rowcount)


def delete(session: Session, view_id: int, user_id: int) -> bool:
    """Throw away a view of one's own; False when it is not theirs."""
    mine = sa.and_(saved_view.c.id == view_id, saved_view.c.user_id == user_id)
    return bool(session.execute(sa.delete(saved_view).where(mine)).rowcount)


def counts(session: Session, filters: Sequence[CaseFilter], now: datetime) -> list[int]:
    """Return how many cases each filter lists, counted to `MOST_COUNTED` and in one statement."""
    if not filters:
        return []
    counting = _counting(session.dialect.name, tuple(filters))
    return [int(number) for number in session.execute(counting, times(now)).one()]


@lru_cache(maxsize=128)
def _counting(dialect: str, filters: tuple[CaseFilter, ...]) -> sa.Select[Any]:
    """Return the statement that counts these filters; writing it takes longer than asking it."""
    counted = [
        sa.select(sa.func.count())
        .select_from(only(dialect, one, ANY_TIME, review_case.c.id).limit(at_most(MOST_COUNTED)).subquery())
        .scalar_subquery()
        .label(f"n{at}")
        for at, one in enumerate(filters)
    ]
    return sa.select(*counted)


def default_view(session: Session, user_id: int) -> int | None:
    """Return the view that a user wants to see first."""
    chosen_view = _preferences(session, user_id).get("view")
    return chosen_view if isinstance(chosen_view, int) else None


def set_default(session: Session, user_id: int, view_id: int | None) -> None:
    """Keep which view a user wants to see first; None for the whole queue."""
    wishes = _preferences(session, user_id)
    wishes = {name: value for name, value in wishes.items() if name != "view"}
    if view_id is not None:
        wishes["view"] = view_id
    session.execute(sa.update(app_user).where(app_user.c.id == user_id).values(preferences=wishes))


def _preferences(session: Session, user_id: int) -> dict[str, Any]:
    kept = session.execute(sa.select(app_user.c.preferences).where(app_user.c.id == user_id)).scalar()
    found = json.loads(kept) if isinstance(kept, str) else kept
    return dict(found) if isinstance(found, dict) else {}


def _told(views: Sequence[SavedView], user_id: int, scope: Sequence[str], session: Session) -> list[SavedView]:
    """Return the views as the user may be told of them."""
    owners = {view.user_id for view in views} - {user_id}
    places: dict[int, list[str]] = {owner: [] for owner in owners}
    query = sa.select(role_grant.c.user_id, role_grant.c.jurisdiction).where(
        role_grant.c.user_id.in_(owners), role_grant.c.role.in_(_READERS), role_grant.c.revoked_at.is_(None)
    )
    for owner, place in session.execute(query) if owners else ():
        places[owner].append(place)
    near = {
        owner: bool(held) and all(any(region_covers(mine, place) for mine in scope) for place in held)
        for owner, held in places.items()
    }
    found = []
    for view in views:
        if view.user_id == user_id or near[view.user_id]:
            found.append(view)
        elif _SEARCHED not in view.query:
            found.append(replace(view, name=f"Tampilan {view.id}"))
    return found


def _views() -> sa.Select[Any]:
    return sa.select(saved_view, app_user.c.display_name).join(app_user, app_user.c.id == saved_view.c.user_id)


def _view(row: Any) -> SavedView:
    words = {str(name): str(value) for name, value in (row.query or {}).items()}
    return SavedView(row.id, row.user_id, row.display_name, row.name, words, bool(row.shared))
