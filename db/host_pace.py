"""The pace of hosts that many processes keep together; PostgreSQL only, by the database's own clock.

A call books its slot in one short transaction that holds the host's row: no two processes on any machines get slots
nearer to each other than the host's pause. Times go out as seconds from now, so that clocks of machines that differ,
and held ones of trials, change nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from db.connect import Found, Session
from db.locks import hold_briefly
from db.tables import host_pace
from db.upsert import insert_missing

_SAME_WINDOW = timedelta(seconds=3)  # renewals are told in whole seconds, rounded by some
_UNKNOWN_WINDOW = timedelta(seconds=60)  # until an answer of the new window says more
_FIRST_REST, _LONGEST_REST, _RECOVERS, _FORGOTTEN = 0.5, 8.0, 0.8, 0.05
_IN_LINE = 200  # processes that ask one host; each has at most one slot ahead of it
_LONGEST_CLOSED = timedelta(days=1)  # no answer keeps anybody away for longer: scrapers.limits


@dataclass(frozen=True, slots=True)
class Told:
    """What an answer said of its host's allowance: calls left, of how many, and seconds until more are granted."""

    left: int
    of: int | None
    seconds: float


@dataclass(frozen=True, slots=True)
class Slot:
    """When a call may begin, in seconds from now.

    With `closed` the host is to be left alone for so long, and nothing was booked. `number` counts the host's calls,
    `anxious` tells that how the answer went matters: the host labours or counts calls.
    """

    wait: float
    closed: bool = False
    number: int = 0
    anxious: bool = False


def book(session: Session, host: str, delay: float, longest: float) -> Slot:
    """Book the next slot of a host; the one after it is at least `delay` seconds later.

    No pause of ours is longer than `longest` seconds, but for the delay itself. What lies farther ahead than pauses
    can reach was written before the database's clock was set back, and binds nobody.
    """
    row, now = _held(session, host)
    if (closed := _closed(row.closed_until, now)) > 0:
        return Slot(closed, closed=True)
    reach = timedelta(seconds=_IN_LINE * max(delay, longest))
    slot = max(row.next_at, now) if row.next_at <= now + reach else now
    left, until = _granted(row, slot) if _within_reach(row.allowance_until, now) else (None, None)
    if left is not None and left <= 0 and until is not None:
        return Slot((until - now).total_seconds(), closed=True)
    pause = max(delay, min(max(delay + row.rest, _spread(row, left, until, slot)), longest))
    values = {
        "next_at": slot + timedelta(seconds=pause),
        "booked": row.booked + 1,
        "allowance": left - 1 if left is not None else None,
        "allowance_until": until if left is not None else None,
    }
    session.execute(sa.update(host_pace).where(host_pace.c.host == host).values(**values))
    return Slot((slot - now).total_seconds(), False, row.booked + 1, row.rest > 0 or left is not None)


def note(session: Session, host: str, number: int, *, well: bool, told: Told | None) -> None:
    """Take in how the call of that number went.

    What the host says is left is less what was booked since that call; within one window the count never rises, so
    that an answer that was overtaken promises nothing.
    """
    row, now = _held(session, host)
    values: dict[str, object] = {"rest": _rested(row.rest, well=well)}
    if told is not None:
        until = now + timedelta(seconds=told.seconds)
        left = told.left - (row.booked - number)
        same = row.allowance_until is not None and abs(row.allowance_until - until) <= _SAME_WINDOW
        if same and row.allowance is not None:
            left = min(left, row.allowance)
        values |= {"allowance": left, "allowance_of": told.of, "allowance_until": until}
    session.execute(sa.update(host_pace).where(host_pace.c.host == host).values(**values))


def close(session: Session, host: str, seconds: float) -> None:
    """Leave a host alone for so long; a shorter time never shortens a longer one."""
    row, now = _held(session, host)
    until = now + min(timedelta(seconds=seconds), _LONGEST_CLOSED)
    if _closed(row.closed_until, now) < seconds:
        session.execute(sa.update(host_pace).where(host_pace.c.host == host).values(closed_until=until))


def closed_for(session: Session, host: str) -> float:
    """Return for how many seconds a host is to be left alone, 0 when it may be asked."""
    statement = sa.select(host_pace.c.closed_until, _clock()).where(host_pace.c.host == host)
    row = session.execute(statement).one_or_none()
    return _closed(row.closed_until, row.now) if row is not None else 0.0


def _held(session: Session, host: str) -> tuple[Found, datetime]:
    """Return the host's row, made if it is missing and held against everybody else, and the time."""
    hold_briefly(session)
    statement = sa.select(host_pace).where(host_pace.c.host == host).with_for_update()
    row = session.execute(statement).one_or_none()
    if row is None:
        fresh = {"host": host, "next_at": session.execute(sa.select(_clock())).scalar_one(), "rest": 0.0, "booked": 0}
        insert_missing(session, host_pace, [fresh], ["host"])
        row = session.execute(statement).one()
    return row, session.execute(sa.select(_clock())).scalar_one()  # asked once the row is ours, not before


def _closed(until: datetime | None, now: datetime) -> float:
    """Return for how many seconds a host is to be left alone."""
    if until is None or not _within_reach(until, now):
        return 0.0
    return max((until - now).total_seconds(), 0.0)


def _within_reach(until: datetime | None, now: datetime) -> bool:
    return until is None or until <= now + _LONGEST_CLOSED


def _clock() -> sa.ColumnElement[datetime]:
    return sa.func.clock_timestamp(type_=host_pace.c.next_at.type).label("now")


def _granted(row: Found, slot: datetime) -> tuple[int | None, datetime | None]:
    """Return how many calls are left at a slot, and until when that holds; a window that is over starts anew."""
    if row.allowance is None or row.allowance_until is None or slot < row.allowance_until:
        return row.allowance, row.allowance_until
    if row.allowance_of is None:
        return None, None
    return row.allowance_of, slot + _UNKNOWN_WINDOW


def _spread(row: Found, left: int | None, until: datetime | None, slot: datetime) -> float:
    """Return the seconds between calls that make what is left last until more is granted, where little is left."""
    if left is None or until is None or left > (row.allowance_of // 10 if row.allowance_of is not None else 10):
        return 0.0
    return max((until - slot).total_seconds(), 0.0) / max(left, 1)


def _rested(rest: float, *, well: bool) -> float:
    if well:
        return rest * _RECOVERS if rest > _FORGOTTEN else 0.0
    return min(max(rest * 2, _FIRST_REST), _LONGEST_REST)
