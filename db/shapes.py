"""What answers were made of, day by day."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta

import sqlalchemy as sa

from db.connect import Found, Session
from db.tables import endpoint_shape
from db.upsert import insert_missing
from monitor.domain import ShapeDay

_KEY = ("source", "endpoint", "day")


def add_shape(session: Session, given: ShapeDay) -> ShapeDay:
    """Add what was counted to an endpoint's day and return the day as it then stands, held until the transaction ends.

    The signature given stands, since it is the newest. Whoever adds several adds them in the order of their keys.
    """
    table = endpoint_shape.c
    key = {name: getattr(given, name) for name in _KEY}
    nothing = {"pages": 0, "items": 0, "sampled": 0, "signature": given.signature, "fills": {}}
    insert_missing(session, endpoint_shape, [key | nothing], list(_KEY))
    where = sa.and_(*(table[name] == value for name, value in key.items()))
    row = session.execute(sa.select(endpoint_shape).where(where).with_for_update()).one()
    fills = Counter(row.fills)
    fills.update(given.fills)
    values = {
        "pages": row.pages + given.pages,
        "items": row.items + given.items,
        "sampled": row.sampled + given.sampled,
        "signature": given.signature,
        "fills": dict(fills),
    }
    session.execute(sa.update(endpoint_shape).where(where).values(**values))
    return replace(given, pages=values["pages"], items=values["items"], sampled=values["sampled"], fills=fills)


def shapes_since(session: Session, day: date) -> tuple[ShapeDay, ...]:
    """Return the days of all endpoints from one day on, by source and endpoint, oldest first."""
    table = endpoint_shape.c
    rows = session.execute(
        sa.select(endpoint_shape).where(table.day >= day).order_by(table.source, table.endpoint, table.day)
    )
    return tuple(_day(row) for row in rows)


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
