"""Which captured files were brought in, by whom and on what ground."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from db.connect import Session
from db.tables import import_file
from db.upsert import insert_one


@dataclass(frozen=True, slots=True)
class ImportedFile:
    """One import of one file, once it was read to its end."""

    sha256: str
    name: str
    size: int
    format: str
    tool: str
    collector: str
    supplier: str
    basis: str
    captured_from: datetime | None
    captured_to: datetime | None
    records: int
    taken: int
    skipped: int


def note_import(session: Session, file: ImportedFile, now: datetime) -> bool:
    """Write an import; False when the same file was brought so before: that changes nothing."""
    t = import_file.c
    same = (
        (t.sha256 == file.sha256)
        & (t.format == file.format)
        & (t.collector == file.collector)
        & (t.supplier == file.supplier)
        & (t.basis == file.basis)
        & (t.taken == file.taken)
        & (t.skipped == file.skipped)
    )
    if session.execute(sa.select(t.id).where(same).limit(1)).first() is not None:
        return False
    values = {name: getattr(file, name) for name in ImportedFile.__slots__}
    insert_one(session, import_file, **values, imported_at=now)
    return True


def list_imports(session: Session) -> tuple[tuple[ImportedFile, datetime], ...]:
    """Return every import with its time, the latest first."""
    rows = session.execute(sa.select(import_file).order_by(import_file.c.imported_at.desc(), import_file.c.id.desc()))
    return tuple(
        (ImportedFile(*(getattr(row, name) for name in ImportedFile.__slots__)), row.imported_at) for row in rows
    )
