"""Files brought through the console: how far each got, in one row that every step changes only from where it stood."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from db.connect import Found, Session
from db.tables import import_file, roster_batch, upload
from db.upsert import insert_one

WORKING = ("waiting", "checking", "taking")
"""Phases in which the program has something to do."""


@dataclass(frozen=True, slots=True)
class UploadRow:
    """One file that somebody brought. `stored_as` is None once its sealed copy is gone; `report` holds counts only."""

    id: int
    user_id: int
    kind: str
    file_name: str
    size: int
    sha256: str
    stored_as: str | None
    state: str
    phase: str
    created_at: datetime
    ended_at: datetime | None = None
    beat_at: datetime | None = None
    report: Mapping[str, Any] = field(default_factory=dict)
    answers: Mapping[str, Any] = field(default_factory=dict)

    @property
    def working(self) -> bool:
        """Whether the program has something to do with it."""
        return self.state == "tried" and self.phase in WORKING


@dataclass(frozen=True, slots=True)
class Arrived:
    """A file that was received whole: whose, what, and where its sealed copy lies."""

    user_id: int
    kind: str
    file_name: str
    size: int
    sha256: str
    stored_as: str


def add_upload(session: Session, file: Arrived, answers: Mapping[str, Any], now: datetime) -> int:
    """Write that a file came and return its number."""
    values = {name: getattr(file, name) for name in Arrived.__slots__}
    started = {"state": "tried", "phase": "waiting", "report": {}, "answers": dict(answers)}
    return insert_one(session, upload, **values, **started, created_at=now, beat_at=now)


def upload_of(session: Session, number: int, user_id: int) -> UploadRow | None:
    """Return a user's upload; None when there is none of this number, or it is somebody else's."""
    query = sa.select(upload).where(upload.c.id == number, upload.c.user_id == user_id)
    row = session.execute(query).first()
    return _row(row) if row is not None else None


def list_uploads(session: Session, user_id: int, *, before: int | None = None, limit: int = 20) -> list[UploadRow]:
    """Return a user's uploads, newest first; `before` pages on from an upload's number."""
    query = sa.select(upload).where(upload.c.user_id == user_id).order_by(upload.c.id.desc()).limit(limit)
    if before is not None:
        query = query.where(upload.c.id < before)
    return [_row(row) for row in session.execute(query)]


def move(session: Session, number: int, from_phases: Collection[str], now: datetime, **values: Any) -> bool:
    """Change an unfinished upload that stands in one of the phases; False when it does not, and nothing changes."""
    where = (upload.c.id == number, upload.c.state == "tried", upload.c.phase.in_(sorted(from_phases)))
    changed = session.execute(sa.update(upload).where(*where).values(beat_at=now, **values))
    return bool(changed.rowcount)


def revive(session: Session, number: int, phase: str, quiet_since: datetime, now: datetime) -> bool:
    """Take over an upload whose work died: it is in the phase and gave no sign since; False for a living one."""
    where = (upload.c.id == number, upload.c.state == "tried", upload.c.phase == phase, upload.c.beat_at < quiet_since)
    return bool(session.execute(sa.update(upload).where(*where).values(beat_at=now)).rowcount)


def beat(session: Session, number: int, now: datetime) -> None:
    """Say that the work on an upload is alive."""
    session.execute(sa.update(upload).where(upload.c.id == number, upload.c.state == "tried").values(beat_at=now))


def end(session: Session, number: int, state: str, now: datetime, *, phase: str | None = None, **values: Any) -> bool:
    """End an upload as `done` or `dropped`; False when it ended before, or has left the named phase."""
    where = [upload.c.id == number, upload.c.state == "tried"]
    if phase is not None:
        where.append(upload.c.phase == phase)
    changed = session.execute(sa.update(upload).where(*where).values(state=state, ended_at=now, **values))
    return bool(changed.rowcount)


def left_over(session: Session, before: datetime, quiet_since: datetime) -> list[UploadRow]:
    """Return what came before a time and was never finished; what is being worked on right now is not among it."""
    alive = sa.and_(upload.c.phase.in_(WORKING), upload.c.beat_at >= quiet_since)
    query = sa.select(upload).where(upload.c.state == "tried", upload.c.created_at < before, sa.not_(alive))
    return [_row(row) for row in session.execute(query.order_by(upload.c.id))]


def kept_names(session: Session) -> frozenset[str]:
    """Return the names of all sealed copies that unfinished uploads still need."""
    query = sa.select(upload.c.stored_as).where(upload.c.state == "tried", upload.c.stored_as.is_not(None))
    return frozenset(session.execute(query).scalars())


def taken_before(session: Session, kind: str, sha256: str) -> tuple[str, datetime] | None:
    """Return under which name and when the same content was taken in last; None when it never was."""
    table = import_file if kind == "capture" else roster_batch
    name = table.c.name if kind == "capture" else table.c.file_name
    query = sa.select(name, table.c.imported_at).where(table.c.sha256 == sha256)
    if kind != "capture":
        query = query.where(roster_batch.c.kind == kind)
    row = session.execute(query.order_by(table.c.id.desc()).limit(1)).first()
    return (row[0], row[1]) if row is not None else None


def _row(row: Found) -> UploadRow:
    plain = ("id", "user_id", "kind", "file_name", "size", "sha256", "stored_as", "state", "phase", "created_at",
             "ended_at", "beat_at")  # fmt: skip
    values = {name: getattr(row, name) for name in plain}
    return UploadRow(**values, report=row.report or {}, answers=row.answers or {})
