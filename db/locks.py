"""A lock that spans machines, where the database can hold one."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, text
from sqlalchemy.exc import OperationalError

from db.connect import Database
from db.refusals import told
from monitor.errors import LockHeld


@contextmanager
def hold(database: Database, name: str) -> Iterator[None]:
    """Hold the named lock until the block ends or the process dies; LockHeld when somebody else has it.

    PostgreSQL holds it with a session of its own. SQLite is one machine's file: there the caller's file lock is enough.
    """
    if database.dialect != "postgresql":
        yield
        return
    key = {"key": zlib.crc32(name.encode())}
    with told(), database.engine.connect() as connection:
        if not connection.execute(text("select pg_try_advisory_lock(:key)"), key).scalar():
            raise LockHeld(f"Pekerjaan «{name}» sedang berjalan di mesin lain", "tunggu sampai selesai")
        connection.commit()
        try:
            yield
        finally:
            _let_go(connection, key)


def _let_go(connection: Connection, key: dict[str, int]) -> None:
    """Free the lock; a server that was restarted has freed it already, and what was done under it stands."""
    try:
        connection.execute(text("select pg_advisory_unlock(:key)"), key)
        connection.commit()
    except OperationalError:
        connection.invalidate()


def is_held(database: Database, name: str) -> bool:
    """Whether a session of this PostgreSQL database holds the named lock; nobody is kept from it by the question."""
    held = text(
        "select count(*) from pg_locks where locktype = 'advisory' and granted and classid = 0 and objid = :key"
        " and database = (select oid from pg_database where datname = current_database())"
    )
    with database.read() as session:
        return bool(session.execute(held, {"key": _key(name)}).scalar())


def _key(name: str) -> int:
    return zlib.crc32(name.encode())
