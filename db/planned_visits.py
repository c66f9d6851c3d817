"""The visits of a night that several workers share: planned once, left until the night has a visit to that target.

Beside them a shared night has one row without a source: it stays shared, and comes to its end, with no visit at all.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from db.connect import Found, Session
from db.runs import RunHandle, TargetKey
from db.tables import planned_visit, scan_run, target_run
from db.upsert import insert_missing
from monitor.domain import Direction

_KEY = ("run_id", "source", "direction", "target")
IS_VISIT = planned_visit.c.source != ""
"""Tells visits from the row that only says that a night is shared."""


@dataclass(frozen=True, slots=True)
class PlannedVisit:
    """One visit as it was planned; `shard` is the province of those who make it, `lane` the lock it is made under."""

    source: str
    direction: Direction
    target: str
    since: datetime | None
    shard: str
    lane: str

    @property
    def key(self) -> TargetKey:
        """Under which it is recorded."""
        return self.source, self.direction.value, self.target


@dataclass(frozen=True, slots=True)
class SharedNight:
    """An open night that workers share: what it was asked for, as JSON, and when it was planned."""

    run: RunHandle
    asked: str
    planned_at: datetime


def plan(session: Session, run_id: int, visits: Iterable[PlannedVisit], asked: str, now: datetime) -> None:
    """Write the visits of a night in their order; those that are there already stay as they are."""
    shared = PlannedVisit("", Direction.SUBJECT, "", None, "", "")
    rows = [
        {
            "run_id": run_id,
            "source": visit.source,
            "direction": visit.direction,
            "target": visit.target,
            "position": position,
            "since": visit.since,
            "shard": visit.shard,
            "lane": visit.lane,
            "planned_at": now,
            "asked": asked,
        }
        for position, visit in enumerate((shared, *visits))
    ]
    insert_missing(session, planned_visit, rows, _KEY)


def left(session: Session, run_id: int) -> tuple[PlannedVisit, ...]:
    """Return the visits of a night that nobody has made, in their order."""
    rows = session.execute(_left(run_id).order_by(planned_visit.c.position))
    return tuple(_visit(row) for row in rows)


def any_left(session: Session, run_id: int) -> bool:
    """Whether a visit of a night is still to be made."""
    return session.execute(_left(run_id).limit(1)).first() is not None


def waiting_shards(session: Session) -> tuple[tuple[str, int], ...]:
    """Return by province how many visits of the newest shared night are left; none once it has come to its end."""
    newest = sa.select(sa.func.max(planned_visit.c.run_id)).scalar_subquery()
    still_open = sa.exists().where(scan_run.c.id == planned_visit.c.run_id, scan_run.c.finished_at.is_(None))
    counted = sa.select(planned_visit.c.shard, sa.func.count()).where(
        planned_visit.c.run_id == newest, IS_VISIT, ~_made(), still_open
    )
    rows = session.execute(counted.group_by(planned_visit.c.shard).order_by(planned_visit.c.shard))
    return tuple((str(shard), int(count)) for shard, count in rows)


def last_visits(session: Session) -> dict[str, datetime]:
    """Return by province when its newest visit of the newest shared night ended; without those that had none."""
    newest = sa.select(sa.func.max(planned_visit.c.run_id)).scalar_subquery()
    same = sa.and_(*(target_run.c[name] == planned_visit.c[name] for name in _KEY))
    last = sa.func.max(target_run.c.finished_at, type_=target_run.c.finished_at.type)
    found = sa.select(planned_visit.c.shard, last).join(target_run, same).where(planned_visit.c.run_id == newest)
    return {str(shard): at for shard, at in session.execute(found.group_by(planned_visit.c.shard)) if at is not None}


def one_left(session: Session, run_id: int, key: TargetKey) -> PlannedVisit | None:
    """Return one visit that is still to be made, None when somebody made it."""
    source, direction, target = key
    named = _is(run_id, source, Direction(direction), target)
    row = session.execute(_left(run_id).where(named)).one_or_none()
    return _visit(row) if row is not None else None


def drop(session: Session, run_id: int, visit: PlannedVisit) -> None:
    """Forget a visit that nobody may make any more."""
    session.execute(sa.delete(planned_visit).where(_is(run_id, visit.source, visit.direction, visit.target)))


def night(session: Session, run_id: int) -> SharedNight | None:
    """Return a shared night; None when it has come to its end, or was never shared."""
    return _night(session, scan_run.c.id == run_id)


def is_shared(session: Session, run_id: int) -> bool:
    """Whether workers share a night, or shared it."""
    visits = sa.select(planned_visit.c.run_id).where(planned_visit.c.run_id == run_id)
    return session.execute(visits.limit(1)).first() is not None


def open_night(session: Session, now: datetime, resume_after: timedelta) -> SharedNight | None:
    """Return the newest shared night that is not at its end and not so old that nobody takes it up again."""
    return _night(session, scan_run.c.started_at > now - resume_after)


def _night(session: Session, which: sa.ColumnElement[bool]) -> SharedNight | None:
    columns = (scan_run.c.id, scan_run.c.started_at, planned_visit.c.asked, planned_visit.c.planned_at)
    found = (
        sa.select(*columns)
        .join(planned_visit, planned_visit.c.run_id == scan_run.c.id)
        .where(which, scan_run.c.finished_at.is_(None))
        .order_by(scan_run.c.id.desc(), planned_visit.c.planned_at)
        .limit(1)
    )
    row = session.execute(found).one_or_none()
    if row is None:
        return None
    return SharedNight(RunHandle(row.id, row.started_at), row.asked, row.planned_at)


def _left(run_id: int) -> sa.Select[*tuple[object, ...]]:
    return sa.select(planned_visit).where(planned_visit.c.run_id == run_id, IS_VISIT, ~_made())


def _made() -> sa.ColumnElement[bool]:
    return sa.exists().where(*(target_run.c[name] == planned_visit.c[name] for name in _KEY))


def _is(run_id: int, source: str, direction: Direction, target: str) -> sa.ColumnElement[bool]:
    row = planned_visit.c
    return sa.and_(row.run_id == run_id, row.source == source, row.direction == direction, row.target == target)


def _visit(row: Found) -> PlannedVisit:
    return PlannedVisit(row.source, row.direction, row.target, row.since, row.shard, row.lane)
