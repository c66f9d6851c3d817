"""Whether the pages of a SQLite file can be read, and whose they are; PostgreSQL has tools of its own for that."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import sqlalchemy as sa

from db.connect import Session

_SHOWN = 20
_OUTSIDE = frozenset({sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})
"""What says nothing of the pages: the disk or another process is in the way."""


def damaged(url: str) -> list[str]:
    """Return what is wrong with the file of a SQLite database that no session could be opened on."""
    address = sa.make_url(url)
    if address.get_backend_name() != "sqlite" or not address.database:
        return []
    try:
        with closing(sqlite3.connect(f"{Path(address.database).resolve().as_uri()}?mode=ro", uri=True)) as connection:
            return list(_faults(connection))
    except sqlite3.DatabaseError as error:
        if error.sqlite_errorcode & 0xFF not in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
            return []
        return [f"berkas tidak terbaca sebagai basis data: {error}"]


def damaged_pages(session: Session) -> list[str]:
    """Return what is wrong with the pages under a session, with the table or index that each belongs to."""
    if session.dialect.name != "sqlite":
        return []
    driver = session.connection.driver_connection
    assert isinstance(driver, sqlite3.Connection)
    return list(_faults(driver))


def _faults(connection: sqlite3.Connection) -> Iterator[str]:
    """Ask for the whole file first: asked table by table, SQLite leaves out what belongs to none."""
    whole = _check(connection, str(_SHOWN))
    if whole:
        yield from [fault for name in _tables(connection) for fault in _of_table(connection, name)] or whole


def _of_table(connection: sqlite3.Connection, name: str) -> list[str]:
    quoted = name.replace("'", "''")
    return [f"tabel {name}: {line}" for line in _check(connection, f"'{quoted}'")]


def _check(connection: sqlite3.Connection, what: str) -> list[str]:
    try:
        said = "\n".join(str(row[0]) for row in connection.execute(f"PRAGMA integrity_check({what})"))
    except sqlite3.DatabaseError as error:  # a page that even the check cannot pass by
        if error.sqlite_errorcode & 0xFF in _OUTSIDE:
            raise
        said = str(error)
    return [line for line in said.splitlines() if line != "ok" and not line.startswith("***")]


def _tables(connection: sqlite3.Connection) -> list[str]:
    try:
        return [str(row[0]) for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    except sqlite3.DatabaseError:
        return []
