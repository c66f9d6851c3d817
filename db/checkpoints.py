"""Where interrupted visits stood."""

from __future__ import annotations

from dataclasses import asdict

import sqlalchemy as sa

from db.connect import Session
from db.tables import checkpoint
from db.upsert import upsert
from monitor.domain import Checkpoint, Direction

_KEY = ["source", "direction", "target"]


def load(session: Session, source: str, direction: Direction, target: str) -> Checkpoint | None:
    """Return where the visit to a target stood, None when it is not under way."""
    row = session.execute(sa.select(checkpoint).where(_at(source, direction, target))).one_or_none()
    return Checkpoint(**row._mapping) if row else None  # noqa: SLF001 - SQLAlchemy's public name for it


def save(session: Session, given: Checkpoint) -> None:
    """Record where a visit stands, in place of what was recorded before."""
    row = asdict(given)
    upsert(session, checkpoint, [row], _KEY, [name for name in row if name not in _KEY])


def drop(session: Session, source: str, direction: Direction, target: str) -> None:
    """Forget a visit that is over."""
    session.execute(sa.delete(checkpoint).where(_at(source, direction, target)))


def _at(source: str, direction: Direction, target: str) -> sa.ColumnElement[bool]:
    key = checkpoint.c
    return sa.and_(key.source == source, key.direction == direction, key.target == target)
