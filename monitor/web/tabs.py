"""The tabs above the queue: ready views, the user's own and shared ones, each with its living count."""

from __future__ import annotations

from dataclasses import dataclass, replace

from db import saved_views
from db.connect import Database, Session
from db.saved_views import SavedView
from monitor import desk
from monitor.domain import CaseState, DueWindow, UserRow
from monitor.web.asked import OPEN, Asked, read_asked
from monitor.web.frame import Frame, Visitor

_MOST = 10
_READY: tuple[tuple[str, Asked], ...] = (
    ("Terbuka", Asked()),
    ("Baru", Asked(states=(CaseState.BARU,))),
    ("Dikembalikan", Asked(states=(CaseState.DIKEMBALIKAN,))),
    ("24 jam", Asked(due=DueWindow.SOON)),
    ("Lewat tenggat", Asked(due=DueWindow.OVERDUE)),
    ("Saya tinjau", Asked(mine=True)),
)


@dataclass(frozen=True, slots=True)
class Tab:
    """One view with its address and count; `view` is None for the ready ones."""

    name: str
    url: str
    count: int
    current: bool
    view: SavedView | None = None
    mine: bool = False
    default: bool = False


def tabs(session: Session, frame: Frame, visitor: Visitor, asked: Asked, without: tuple[int, ...]) -> list[Tab]:
    """Return the tabs with how many cases each lists for this user, counted together and without some."""
    user, now = visitor.user, frame.deps.clock()
    kept = saved_views.views_for(session, user.id, desk.scope_of(user))[:_MOST]
    named = [*((name, ready, None) for name, ready in _READY), *((v.name, read_asked(v.query), v) for v in kept)]
    scope = desk.scope_of(user)
    filters = [one.case_filter(scope, me=user.id, zone=frame.deps.zone, without=without) for _, one, _ in named]
    numbers = saved_views.counts(session, filters, now)
    here = replace(asked.fresh(), order=None)
    return [
        Tab(
            name=name,
            url=one.url() if one.query() else f"/antrean?status={OPEN}",
            count=count,
            current=replace(one, order=None) == here,
            view=view,
            mine=view is not None and view.user_id == user.id,
            default=view is not None and view.id == user.preferences.view,
        )
        for (name, one, view), count in zip(named, numbers, strict=True)
    ]


def default_url(database: Database, user: UserRow) -> str:
    """Return the address of the view that a user wants to see first; empty for the whole queue."""
    number = user.preferences.view
    if number is None:
        return ""
    with database.read() as session:
        view = saved_views.view_of(session, number, user.id, desk.scope_of(user))
    return read_asked(view.query).url() if view is not None and view.query else ""
