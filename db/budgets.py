"""What was spent of each source's caps, quota and money, day by day.

A call is booked before it is made, in one transaction that holds the day's row: two processes at once never pass a cap
together. A day is the platform's own where its quota turns in a time zone of its own.
"""

from __future__ import annotations

from datetime import date, timedelta

import sqlalchemy as sa

from db.connect import Found, Session
from db.locks import hold_briefly
from db.tables import budget_ledger
from db.upsert import insert_missing
from monitor.domain import Cap, Caps, Spending, Spent

_CLOSED = "*"  # the bucket that says that the platform called its quota spent


def reserve(session: Session, source: str, day: date, cost: Spending, caps: Caps) -> Cap | None:
    """Book a call's cost on a source's day; return the cap that forbids it, and then nothing is booked."""
    held = _held(session, source, day)
    hit = _hit(_spent(session, source, day, held), cost, caps)
    if hit is None:
        _write(session, source, day, _spending(held) + cost, closed=False)
    return hit


def allowed(session: Session, source: str, day: date, cost: Spending, caps: Caps) -> Cap | None:
    """Return the cap that would forbid a cost as things stand; nothing is booked."""
    return _hit(spent(session, source, day), cost, caps)


def correct(session: Session, source: str, day: date, micros: int) -> None:
    """Add money to a source's day, or give back with a negative number what a call was booked too high."""
    held = _held(session, source, day)
    _write(session, source, day, _spending(held) + Spending(micros=micros), closed=_CLOSED in held.buckets)


def close(session: Session, source: str, day: date) -> None:
    """Note that the platform says that its quota is spent: nothing more may be booked on that day."""
    _write(session, source, day, _spending(_held(session, source, day)), closed=True)


def spent(session: Session, source: str, day: date) -> Spent:
    """Return what a source has spent by that day."""
    row = session.execute(sa.select(budget_ledger).where(_on(source, day))).one_or_none()
    return _spent(session, source, day, row)


def history(session: Session, source: str, first: date, last: date) -> tuple[tuple[date, Spending], ...]:
    """Return what a source spent on each day of a span on which it spent anything, oldest first."""
    query = sa.select(budget_ledger).where(_between(source, first, last)).order_by(budget_ledger.c.day)
    return tuple((row.day, _spending(row)) for row in session.execute(query))


def _hit(so_far: Spent, cost: Spending, caps: Caps) -> Cap | None:
    """Return the first cap that the cost would pass."""
    if so_far.closed:
        return Cap.PLATFORM
    then = so_far.day + cost
    for cap, amount, most in (
        (Cap.REQUESTS, then.requests, caps.requests),
        (Cap.WEEKLY_REQUESTS, so_far.weekly_requests + cost.requests, caps.weekly_requests),
        (Cap.UNITS, then.units, caps.units if cost.units else None),
        (Cap.MICROS, then.micros, caps.micros if cost.micros else None),
        (Cap.MONTHLY_MICROS, so_far.monthly_micros + cost.micros, caps.monthly_micros if cost.micros else None),
    ):
        if most is not None and amount > most:
            return cap
    full = any(name in caps.buckets and then.buckets[name] > caps.buckets[name] for name in cost.buckets)
    return Cap.BUCKET if full else None


def _spent(session: Session, source: str, day: date, row: Found | None) -> Spent:
    monday, first = day - timedelta(days=day.weekday()), day.replace(day=1)
    ledger = budget_ledger.c
    week = sa.select(sa.func.sum(ledger.requests)).where(_between(source, monday, day))
    month = sa.select(sa.func.sum(ledger.micros)).where(_between(source, first, day))
    return Spent(
        day=_spending(row) if row is not None else Spending(),
        weekly_requests=int(session.execute(week).scalar() or 0),
        monthly_micros=int(session.execute(month).scalar() or 0),
        closed=row is not None and _CLOSED in row.buckets,
    )


def _held(session: Session, source: str, day: date) -> Found:
    """Return the day's row, made if it is missing, and held against everybody else until the transaction ends."""
    hold_briefly(session)
    insert_missing(session, budget_ledger, [{"source": source, "day": day, "requests": 0}], ["source", "day"])
    return session.execute(sa.select(budget_ledger).where(_on(source, day)).with_for_update()).one()


def _write(session: Session, source: str, day: date, spending: Spending, *, closed: bool) -> None:
    values = {
        "requests": spending.requests,
        "units": spending.units,
        "buckets": dict(spending.buckets) | ({_CLOSED: 1} if closed else {}),
        "micros": max(spending.micros, 0),
    }
    session.execute(sa.update(budget_ledger).where(_on(source, day)).values(values))


def _spending(row: Found) -> Spending:
    buckets = {name: count for name, count in row.buckets.items() if name != _CLOSED}
    return Spending(row.requests, row.units, buckets, row.micros)


def _on(source: str, day: date) -> sa.ColumnElement[bool]:
    return sa.and_(budget_ledger.c.source == source, budget_ledger.c.day == day)


def _between(source: str, first: date, last: date) -> sa.ColumnElement[bool]:
    return sa.and_(budget_ledger.c.source == source, budget_ledger.c.day.between(first, last))
