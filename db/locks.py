"""A lock that spans machines, where the database can hold one."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, text
from sqlalchemy.exc import OperationalError

from db.connect import Database, Session
from db.refusals import told
from monitor.errors import LockHeld

_SILENT_SECONDS = 20
# A machine that loses its power says no goodbye: without these its locks would stay held for hours.
_NOTICED = text(
    "select set_config('tcp_keepalives_idle', '30', false), set_config('tcp_keepalives_interval', '10', false),"
    " set_config('tcp_keepalives_count', '3', false)"
)


@contextmanager
def hold(database: Database, name: str) -> Iterator[None]:
    """Hold the named lock until the block ends or the process dies; LockHeld when somebody else has it.

    PostgreSQL holds it with a session of its own. SQLite is one machine's file: there the caller's file lock is enough.
    """
    if database.dialect != "postgresql":
        yield
        return
    key = {"key": _key(name)}
    with told(), database.engine.connect() as connection:
        connection.execute(_NOTICED)
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


def hold_briefly(session: Session) -> None:
    """Let PostgreSQL end this transaction when its process falls silent in it: what it holds is wanted by others.

    A machine that freezes or loses its line would keep the rows it wrote for as long as it stays away.
    """
    if session.dialect.name == "postgresql":
        session.execute(text(f"set local idle_in_transaction_session_timeout = '{_SILENT_SECONDS}s'"))


def one_at_a_time(session: Session, name: str) -> None:
    """Let one transaction at a time do the named work, the others waiting until it ends; SQLite has one writer anyway.

    Whoever calls holds no rows yet, so that nobody waits in a circle.
    """
    if session.dialect.name == "postgresql":
        session.execute(text("select pg_advisory_xact_lock(:key)"), {"key": _key(name)})


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
