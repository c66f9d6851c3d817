"""One moment of a whole database as a SQLite file, whatever the database is, and back into an empty one.

The file has the schema of the program that wrote it, so that `verify` and any SQLite tool open it as it is.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import sqlalchemy as sa

from db import schema
from db.connect import Database, Session, open_database
from db.tables import metadata
from monitor.denials import mending
from monitor.errors import DatabaseError, plainly

_ROWS = 1000
_JUDGE = "review_event_recused"
"""The trigger that judges new events; those of a snapshot were judged when they were new."""


def take(database: Database, path: Path) -> None:
    """Write the database as it stands at this moment into a new file; work on it goes on meanwhile."""
    if database.dialect == "sqlite":
        _vacuum(database, path)
        return
    address = f"sqlite:///{path}"
    schema.upgrade(address)
    copy = open_database(address)
    try:
        with database.read() as source, copy.write() as target:
            _pour(source, target)
    finally:
        copy.dispose()


def load(path: Path, url: str) -> bool:
    """Fill an empty database from a snapshot: everything, or nothing when it fails; whether an older program made it.

    DatabaseError when the database holds rows, or the snapshot is damaged or of a newer program; one of an older
    program is brought up to date on the way, in the file itself.
    """
    address = f"sqlite:///{path}"
    sound(path)
    older = schema.revision(address) != schema.head()
    schema.upgrade(address)
    if sa.make_url(url).get_backend_name() == "sqlite":
        _place(path, url)
        return older
    schema.upgrade(url)
    source, target = open_database(address), open_database(url)
    try:
        with source.read() as given, target.write() as session:
            if not _empty(session):
                raise DatabaseError(*_OCCUPIED)
            _pour(given, session)
            _count_on(session)
    finally:
        source.dispose()
        target.dispose()
    return older


def occupied(url: str) -> bool:
    """Whether a database holds anything at all; one that is not there does not."""
    if schema.revision(url) is None:
        return False
    database = open_database(url)
    try:
        with database.read() as session:
            return not _empty(session)
    finally:
        database.dispose()


def sound(path: Path) -> None:
    """Raise DatabaseError unless the file is a SQLite database without a broken page or a dangling reference."""
    try:
        connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
        try:
            said = [row[0] for row in connection.execute("PRAGMA integrity_check(3)")]
            dangling = connection.execute("PRAGMA foreign_key_check").fetchone()
        finally:
            connection.close()
    except sqlite3.Error as error:
        raise DatabaseError(f"Potret basis data {path.name} tidak terbaca", "pakai cadangan yang lain") from error
    if said != ["ok"] or dangling is not None:
        raise DatabaseError(f"Potret basis data {path.name} rusak", "pakai cadangan yang lain")


def sizes(session: Session) -> dict[str, int]:
    """Return how many rows every table has."""
    return {
        table.name: int(session.execute(sa.select(sa.func.count()).select_from(table)).scalar_one())
        for table in metadata.sorted_tables
    }


_OCCUPIED = ("Basis data tujuan sudah berisi", "pulihkan ke ruang kerja atau basis data yang kosong")


def _vacuum(database: Database, path: Path) -> None:
    connection = database.engine.raw_connection()
    try:
        connection.cursor().execute("VACUUM INTO ?", (str(path),))
    except sqlite3.Error as error:
        with suppress(OSError):
            path.unlink()
        raise DatabaseError(f"Potret basis data gagal: {error}", "periksa ruang cakram, lalu ulangi") from error
    finally:
        connection.close()


def _place(path: Path, url: str) -> None:
    """Put the file in the place of an empty SQLite database, at once."""
    if occupied(url):
        raise DatabaseError(*_OCCUPIED)
    goal = Path(str(sa.make_url(url).database))
    partial = goal.with_name(f".{goal.name}.part")
    try:
        shutil.copyfile(path, partial)
        for rest in ("-wal", "-shm"):
            goal.with_name(goal.name + rest).unlink(missing_ok=True)
        partial.chmod(0o600)
        partial.replace(goal)
    except OSError as error:
        with suppress(OSError):
            partial.unlink()
        raise DatabaseError(
            f"Basis data {goal} tidak dapat ditulis: {plainly(error)}", mending(error, "periksa cakram")
        ) from error


def _pour(source: Session, target: Session) -> None:
    """Copy all rows, tables before those that refer to them, rows in the order of their keys."""
    with _unjudged(target):
        for table in metadata.sorted_tables:
            rows = source.execute(sa.select(table).order_by(*table.primary_key).execution_options(yield_per=_ROWS))
            for part in rows.partitions():
                target.execute(table.insert(), [row._asdict() for row in part])


def _empty(session: Session) -> bool:
    asked = (sa.select(sa.literal(1)).select_from(table).limit(1) for table in metadata.sorted_tables)
    return not any(session.execute(one).first() for one in asked)


@contextmanager
def _unjudged(session: Session) -> Iterator[None]:
    if session.dialect.name == "postgresql":
        session.exec_driver_sql(f"ALTER TABLE review_event DISABLE TRIGGER {_JUDGE}")
        yield
        session.exec_driver_sql(f"ALTER TABLE review_event ENABLE TRIGGER {_JUDGE}")
        return
    made = session.execute(sa.text("SELECT sql FROM sqlite_master WHERE name = :name"), {"name": _JUDGE}).scalar_one()
    session.exec_driver_sql(f"DROP TRIGGER {_JUDGE}")
    yield
    session.exec_driver_sql(made)


def _count_on(session: Session) -> None:
    """Let PostgreSQL number new rows behind those that were copied."""
    for table in metadata.sorted_tables:
        if "id" not in table.primary_key:
            continue
        counter = session.execute(sa.select(sa.func.pg_get_serial_sequence(table.name, "id"))).scalar()
        newest = session.execute(sa.select(sa.func.max(table.c.id))).scalar()
        if counter is not None and newest is not None:
            session.execute(sa.select(sa.func.setval(counter, newest)))
