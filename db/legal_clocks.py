"""The limits of time that run for cases: the calendar they are counted in, and until when each must be done."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any

import sqlalchemy as sa

from db.among import among
from db.case_filters import SOON
from db.connect import Session
from db.contents import chunked
from db.tables import clock_reading, contest, free_day, law_profile, review_case, review_event
from monitor.domain import CaseState, EventKind, LegalClock, Regime
from monitor.domain.clocks import Days, DayType, RunningClock, Starts, further, running

OPEN = tuple(state for state in CaseState if state.open)
_FARTHEST = timedelta(days=60)
"""Longer than any limit still lasts on its first day of warning."""

_ANY_TIME = datetime(2000, 1, 1, tzinfo=UTC)
"""For asking when a limit ends, which does not depend on when that is asked."""


@dataclass(frozen=True, slots=True)
class FreeDay:
    """A day that is no working day; `origin` is `libur` (national calendar) or `kantor` (the office's file)."""

    day: date
    name: str
    origin: str


def free_days(session: Session) -> dict[date, str]:
    """Return the days that working days pass over, with their names."""
    return {row.day: row.name for row in session.execute(sa.select(free_day.c.day, free_day.c.name))}


def keep_free_days(session: Session, days: Collection[FreeDay], now: datetime) -> bool:
    """Take over a calendar whole; False when it is the one already kept."""
    kept = {FreeDay(row.day, row.name, row.origin) for row in session.execute(sa.select(free_day))}
    if kept == set(days):
        return False
    session.execute(sa.delete(free_day))
    rows = [{"day": one.day, "name": one.name, "origin": one.origin, "noted_at": now} for one in days]
    if rows:
        session.execute(sa.insert(free_day), rows)
    return True


def readings(session: Session) -> dict[tuple[str, str], DayType]:
    """Return how the office counts the days of disputed limits, by regime and name."""
    return {(row.regime.value, row.name): row.day_type for row in session.execute(sa.select(clock_reading))}


def keep_readings(session: Session, read: Mapping[tuple[str, str], DayType], now: datetime) -> bool:
    """Take over the office's readings whole; False when they are those already kept."""
    if readings(session) == dict(read):
        return False
    session.execute(sa.delete(clock_reading))
    rows = [
        {"regime": Regime(regime), "name": name, "day_type": day_type, "noted_at": now}
        for (regime, name), day_type in read.items()
    ]
    if rows:
        session.execute(sa.insert(clock_reading), rows)
    return True


def clocks_of(session: Session, case_ids: Iterable[int], now: datetime) -> dict[int, RunningClock]:
    """Return the limit that runs for each of these cases; cases without one are left out."""
    laws: dict[str, tuple[LegalClock, ...]] = {}
    told: dict[int, RunningClock] = {}
    free, read = _calendar(session)
    for ids in chunked(case_ids):
        rows = session.execute(_named_cases(session.dialect.name), {"ids": ids}).all()
        laws |= _limits(session, {row.law for row in rows} - laws.keys())
        for row in rows:
            clock = running(
                laws.get(row.law, ()),
                row.regime,
                row.state,
                Starts(row.known_at, row.first_opened_at, row.registered_at),
                region=row.jurisdiction,
                free=free,
                now=now,
                day_types=read,
            )
            if clock is not None:
                told[row.id] = clock
    return told


def further_of(session: Session, case_ids: Iterable[int], now: datetime) -> dict[int, tuple[RunningClock, ...]]:
    """Return the limits that run beside the main one of each of these cases; cases without one are left out."""
    found: dict[int, tuple[RunningClock, ...]] = {}
    for ids in chunked(case_ids):
        started = _started(session, ids)
        if not started:
            continue
        free, read = _calendar(session)
        rows = session.execute(_cases().where(review_case.c.id.in_(started))).all()
        laws = _limits(session, {row.law for row in rows})
        for row in rows:
            days = Days(row.jurisdiction, free, now, read)
            clocks = further(laws.get(row.law, ()), row.regime, row.state, started[row.id], days)
            if clocks:
                found[row.id] = clocks
    return found


def warned(session: Session, now: datetime) -> frozenset[int]:
    """Return the open cases that are on a day of warning now and not due within a day, which is a warning by itself."""
    query = sa.select(review_case.c.id).where(
        review_case.c.state.in_(OPEN), review_case.c.due_at.between(now + SOON, now + _FARTHEST)
    )
    waiting = list(session.execute(query).scalars())
    found = {case_id for case_id, clock in clocks_of(session, waiting, now).items() if clock.warning}
    more = further_of(session, waiting, now)
    return frozenset(found | {case_id for case_id, clocks in more.items() if any(one.warning for one in clocks)})


def refresh(session: Session, now: datetime, case_ids: Collection[int] | None = None) -> int:
    """Bring the due dates of cases in line with their limits and return how many changed; all when none is named.

    The due date is what the queue sorts and warns by; it can be worked out again from events and the calendar.
    """
    changed = _differing(session, now, case_ids)
    if changed:
        session.execute(sa.update(review_case).where(review_case.c.id == sa.bindparam("case_number")), changed)
    return len(changed)


def stale(session: Session) -> list[int]:
    """Return the cases whose due date is not what events, law and calendar say; none after every night."""
    return sorted(int(row["case_number"]) for row in _differing(session, _ANY_TIME, None))


def _differing(session: Session, now: datetime, case_ids: Collection[int] | None) -> list[dict[str, Any]]:
    """Return number and right due date of the cases that have another one."""
    wanted = sa.select(review_case.c.id, review_case.c.due_at)
    if case_ids is None:
        # Closed cases too while they carry a date: their limit has ceased.
        wanted = wanted.where(sa.or_(review_case.c.state.in_(OPEN), review_case.c.due_at.is_not(None)))
    stands: dict[int, datetime | None] = {}
    for ids in chunked(sorted(case_ids)) if case_ids is not None else [None]:
        query = wanted if ids is None else wanted.where(review_case.c.id.in_(ids))
        stands |= {row.id: row.due_at for row in session.execute(query)}
    clocks, more = clocks_of(session, stands, now), further_of(session, stands, now)
    right = {number: _nearest(clocks.get(number), more.get(number, ())) for number in stands}
    return [{"case_number": number, "due_at": right[number]} for number, due in stands.items() if due != right[number]]


def _nearest(clock: RunningClock | None, more: tuple[RunningClock, ...]) -> datetime | None:
    """Return the end of the limit that ends next."""
    ends = [one.due_at for one in (clock, *more) if one is not None]
    return min(ends, default=None)


def _cases() -> sa.Select[Any]:
    columns = ("id", "law", "state", "known_at", "first_opened_at", "jurisdiction")
    return sa.select(*(review_case.c[name] for name in columns), contest.c.regime).join(
        contest, contest.c.id == review_case.c.contest_id
    )


@cache
def _named_cases(dialect: str) -> sa.Select[Any]:
    return _cases().add_columns(_registered_at()).where(among(dialect, review_case.c.id))


def _limits(session: Session, laws: Collection[str]) -> dict[str, tuple[LegalClock, ...]]:
    """Return the limits of law profiles as the newest rule set states them."""
    if not laws:
        return {}
    newest = (
        sa.select(law_profile.c.profile, sa.func.max(law_profile.c.ruleset_id).label("ruleset_id"))
        .where(law_profile.c.profile.in_(laws))
        .group_by(law_profile.c.profile)
        .subquery()
    )
    both = sa.and_(law_profile.c.profile == newest.c.profile, law_profile.c.ruleset_id == newest.c.ruleset_id)
    found = session.execute(sa.select(law_profile.c.profile, law_profile.c.content).join(newest, both))
    return {
        row.profile: tuple(
            LegalClock(**(clock | {"regime": Regime(clock["regime"])})) for clock in row.content.get("clocks", ())
        )
        for row in found
    }


def _started(session: Session, case_ids: Collection[int]) -> dict[int, dict[str, datetime]]:
    """Return since when further limits of cases run, as an officer said last; those that were ended are left out."""
    query = _notes_of_clocks(session.dialect.name)
    started: dict[int, dict[str, datetime]] = {}
    for row in session.execute(query, {"ids": list(case_ids)}):
        said = json.loads(row.detail)
        names = started.setdefault(row.case_id, {})
        if said["starts_at"] is None:
            names.pop(said["clock"], None)
        else:
            names[said["clock"]] = datetime.fromisoformat(said["starts_at"])
    return {case_id: names for case_id, names in started.items() if names}


@cache
def _notes_of_clocks(dialect: str) -> sa.Select[Any]:
    return (
        sa.select(review_event.c.case_id, review_event.c.detail)
        .where(among(dialect, review_event.c.case_id), review_event.c.kind == EventKind.NOTED)
        .where(review_event.c.detail.contains('"clock":'))
        .order_by(review_event.c.case_id, review_event.c.case_version)
    )


def _registered_at() -> sa.ColumnElement[datetime | None]:
    """Return when a case of a query was last registered, unless that was taken back."""
    undoing = review_event.alias("undoing")
    return (
        sa.select(sa.func.max(review_event.c.at))
        .where(
            review_event.c.case_id == review_case.c.id,
            review_event.c.kind == EventKind.DECIDED,
            review_event.c.to_state == CaseState.TERDAFTAR,
            ~sa.exists().where(undoing.c.undoes_id == review_event.c.id),
        )
        .scalar_subquery()
        .label("registered_at")
    )


def _calendar(session: Session) -> tuple[frozenset[date], dict[tuple[str, str], DayType]]:
    """Return the days that working days pass over, and how the office counts the days of disputed limits."""
    rows = session.execute(_CALENDAR).all()
    free = frozenset(row.day for row in rows if row.day is not None)
    return free, {(row.regime.value, row.name): row.day_type for row in rows if row.day is None}


_NOTHING = sa.null()
_CALENDAR = sa.union_all(
    sa.select(free_day.c.day, sa.type_coerce(_NOTHING, clock_reading.c.regime.type).label("regime"),
              free_day.c.name, sa.type_coerce(_NOTHING, clock_reading.c.day_type.type).label("day_type")),
    sa.select(sa.cast(_NOTHING, free_day.c.day.type), clock_reading.c.regime, clock_reading.c.name,
              clock_reading.c.day_type),
)  # fmt: skip
"""Free days and readings in one statement: both are asked for whenever a limit is worked out."""
