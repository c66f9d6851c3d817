"""What answers were made of, day by day."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import sqlalchemy as sa

from db.connect import Found, Session
from db.tables import endpoint_shape
from db.upsert import upsert
from monitor.domain import ShapeDay

_KEY = ("source", "endpoint", "day")


def add_shape(session: Session, given: ShapeDay) -> ShapeDay:
    """Add what was counted to an endpoint's day, and return the day as it then stands.

    The signature given stands, since it is the newest.
    """
    table = endpoint_shape.c
    where = sa.and_(table.source == given.source, table.endpoint == given.endpoint, table.day == given.day)
    row = session.execute(sa.select(endpoint_shape).where(where)).one_or_none()
    fills = Counter(row.fills) if row is not None else Counter[str]()
    fills.update(given.fills)
    whole = ShapeDay(
        source=given.source,
        endpoint=given.endpoint,
        day=given.day,
        pages=given.pages + (row.pages if row is not None else 0),
        items=given.items + (row.items if row is not None else 0),
        sampled=given.sampled + (row.sampled if row is not None else 0),
        signature=given.signature,
        fills=dict(fills),
    )
    values = {name: getattr(whole, name) for name in ("pages", "items", "sampled", "signature", "fills")}
    key = {name: getattr(whole, name) for name in _KEY}
    if row is None:
        upsert(session, endpoint_shape, [key | values], list(_KEY), list(values))
    else:
        session.execute(sa.update(endpoint_shape).where(where).values(**values))
    return whole


def shapes_before(session: Session, source: str, endpoint: str, day: date, days: int = 14) -> tuple[ShapeDay, ...]:
    """Return the days of an endpoint before one day, newest first, at most `days` back."""
    table = endpoint_shape.c
    where = (table.source == source, table.endpoint == endpoint, table.day < day, table.day >= day - timedelta(days))
    rows = session.execute(sa.select(endpoint_shape).where(*where).order_by(table.day.desc()))
    return tuple(_day(row) for row in rows)


def latest_shapes(session: Session) -> tuple[ShapeDay, ...]:
    """Return the newest day of every endpoint."""
    table = endpoint_shape.c
    newest = (
        sa.select(table.source, table.endpoint, sa.func.max(table.day).label("day"))
        .group_by(table.source, table.endpoint)
        .subquery()
    )
    on = sa.and_(table.source == newest.c.source, table.endpoint == newest.c.endpoint, table.day == newest.c.day)
    rows = session.execute(sa.select(endpoint_shape).join(newest, on).order_by(table.source, table.endpoint))
    return tuple(_day(row) for row in rows)


def _day(row: Found) -> ShapeDay:
    return ShapeDay(
        row.source, row.endpoint, row.day, row.pages, row.items, row.sampled, row.signature, dict(row.fills)
    )
