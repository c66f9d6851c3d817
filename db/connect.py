"""Connections: one engine, two dialects, one transaction per block."""

from __future__ import annotations

import select
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from psycopg.pq import TransactionStatus
from sqlalchemy import event

from db.refusals import LOCKED, told
from db.turns import Turns
from monitor.errors import DatabaseError

Session = sa.Connection
"""What every function of this package takes first: a connection inside a transaction."""

Found = sa.Row[*tuple[Any, ...]]
"""A row as a query gives it."""

_BEGIN = "pantau_begin"
_WRITE = "BEGIN IMMEDIATE"
_BUSY_SECONDS = 30.0
_SILENT = "SET LOCAL idle_in_transaction_session_timeout = '60s'"
_BEGIN_WRITING = f"BEGIN; {_SILENT}".encode()
_POOL = 20
LINE = {
    "connect_timeout": 10,
    "keepalives_idle": 60,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 90_000,
}
"""Seconds, the last in milliseconds: a TCP line that broke without a word is known to be so after a minute and a half.

The probes tell of idle lines, the last of those that were written to. A server that is frozen while its machine lives
still takes what is sent and is waited for, but for the first answer. A socket of this machine knows only the first.
"""
_KEPT = 8  # addresses of one process; an office has one
_FIRST_PAUSE, _LONGEST_PAUSE = 0.0005, 0.01
_PRAGMAS = (
    "PRAGMA foreign_keys = ON",
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA cache_size = -65536",
    "PRAGMA temp_store = MEMORY",
)


@dataclass(frozen=True, slots=True)
class Database:
    """An open database. Threads may share it; a session belongs to one thread.

    `turns` orders the writers of this process where the database has one write lock only; each waits `busy_seconds`.
    """

    engine: sa.Engine
    turns: Turns | None = None
    busy_seconds: float = _BUSY_SECONDS

    @property
    def dialect(self) -> str:
        """`sqlite` or `postgresql`."""
        return self.engine.dialect.name

    @property
    def url(self) -> str:
        """The address, with its password."""
        return self.engine.url.render_as_string(hide_password=False)

    @property
    def file(self) -> str | None:
        """The path of SQLite's file; None for a server, and for what is only in memory."""
        return self.engine.url.database if self.dialect == "sqlite" else None

    @contextmanager
    def read(self) -> Iterator[Session]:
        """Give a session that sees one state of the database; what it writes is rolled back."""
        options = {"isolation_level": "REPEATABLE READ"} if self.dialect == "postgresql" else {}
        with told(self.file), self.engine.connect().execution_options(**options) as session:
            yield session
            _roll_back(session)

    @contextmanager
    def inspect(self) -> Iterator[Session]:
        """Give a session as `read` does that also reads texts whose bytes are damaged, each such byte as U+FFFD."""
        with self.read() as session:
            driver = session.connection.driver_connection
            if not isinstance(driver, sqlite3.Connection):  # PostgreSQL itself keeps texts readable
                yield session
                return
            driver.text_factory = lambda data: data.decode("utf-8", "replace")
            try:
                yield session
            finally:
                driver.text_factory = str

    @contextmanager
    def write(self) -> Iterator[Session]:
        """Give a session whose changes are committed together at the end, or not at all.

        On SQLite the block holds the only write lock from its start: keep it short. DatabaseError when it cannot be
        had.
        """
        with self._writer() as session, session.begin():
            _keep_nobody_waiting(session)
            yield session

    @contextmanager
    def trial(self) -> Iterator[Session]:
        """Open a session as `write` does whose changes are all taken back when the block ends."""
        with self._writer() as session:
            transaction = session.begin()
            _keep_nobody_waiting(session)
            try:
                yield session
            finally:
                transaction.rollback()

    @contextmanager
    def _writer(self) -> Iterator[Session]:
        with told(self.file), self._turn(), self.engine.connect().execution_options(**{_BEGIN: _WRITE}) as session:
            yield session

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """Wait for the other writers of this process; SQLite's own way of waiting lets late comers pass."""
        if self.turns is None:
            yield
            return
        with self.turns.turn(self.busy_seconds) as taken:
            if not taken:
                raise DatabaseError(*LOCKED)
            yield

    def dispose(self) -> None:
        """Close the connections that nobody uses; the next session opens new ones."""
        self.engine.dispose()


def _keep_nobody_waiting(session: Session) -> None:
    """Let PostgreSQL end a writing transaction whose process falls silent in it, as a machine that freezes does.

    Both go to the server at once; when it cannot begin so, the next statement tells why in the driver's own words.
    """
    if session.dialect.name != "postgresql":
        return
    driver: Any = session.connection.driver_connection
    if not driver.closed and driver.pgconn.transaction_status == TransactionStatus.IDLE:
        driver.pgconn.exec_(_BEGIN_WRITING)
    if driver.pgconn.transaction_status != TransactionStatus.INTRANS:
        session.exec_driver_sql(_SILENT)


def _roll_back(session: Session) -> None:
    """End a PostgreSQL transaction without its driver, who would have all prepared statements thrown away with it.

    They are the server's time for planning. What a transaction that failed left is the driver's own affair.
    """
    if session.dialect.name != "postgresql":
        return
    driver: Any = session.connection.driver_connection
    if driver.pgconn.transaction_status == TransactionStatus.INTRANS:
        driver.pgconn.exec_(b"ROLLBACK")


def open_database(url: str, *, busy_seconds: float = _BUSY_SECONDS) -> Database:
    """Open the database at an SQLAlchemy address; nothing is asked of it before the first session.

    `busy_seconds` is how long a SQLite writer waits for another one. All of a process that open the same address get
    the same database: its writers stand in one line, and its statements are written out once.
    """
    return _opened(url, busy_seconds)


@lru_cache(maxsize=_KEPT)
def _opened(url: str, busy_seconds: float) -> Database:
    try:
        address = sa.make_url(url)
    except sa.exc.ArgumentError as error:
        raise DatabaseError("Alamat basis data tidak dapat dibaca", "periksa `database_url` di pantau.toml") from error
    if address.get_backend_name() == "sqlite":
        return Database(_sqlite(address, busy_seconds), Turns(), busy_seconds)
    if address.get_backend_name() == "postgresql":
        return Database(_postgresql(address))
    raise DatabaseError(f"Basis data {address.get_backend_name()} tidak didukung", "gunakan sqlite atau postgresql")


def _postgresql(address: sa.URL) -> sa.Engine:
    """Open a pool that gives the connection used last: the server keeps what it prepared for each by itself."""
    pool = {"pool_size": _POOL, "max_overflow": _POOL, "pool_use_lifo": True}
    engine = sa.create_engine(address, connect_args=LINE, hide_parameters=True, **pool)

    @event.listens_for(engine, "checkout")
    def _check(connection: Any, _record: object, _proxy: object) -> None:
        if _has_something_to_say(connection) and not _answers(engine, connection):
            raise sa.exc.InvalidatePoolError  # all of the pool are older than the server, too

    return engine


def _has_something_to_say(connection: Any) -> bool:
    """Whether a server that was not asked sent something, as its good-bye is; looking costs no way to it and back."""
    if connection.closed:
        return True
    poll = select.poll()
    poll.register(connection.fileno(), select.POLLIN)
    return bool(poll.poll(0))


def _answers(engine: sa.Engine, connection: Any) -> bool:
    try:
        return engine.dialect.do_ping(connection)
    except engine.dialect.loaded_dbapi.Error:
        return False


def _sqlite(address: sa.URL, busy_seconds: float) -> sa.Engine:
    options = {"timeout": busy_seconds, "isolation_level": None}
    engine = sa.create_engine(address, connect_args=options, hide_parameters=True)  # errors are told, values are not

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: object) -> None:
        for pragma in _PRAGMAS:
            connection.execute(pragma)

    @event.listens_for(engine, "begin")
    def _begin(connection: sa.Connection) -> None:
        how = connection.get_execution_options().get(_BEGIN, "BEGIN")
        if how == _WRITE and _has_write_lock(connection, busy_seconds):
            return
        connection.exec_driver_sql(how)

    return engine


def _has_write_lock(connection: sa.Connection, busy_seconds: float) -> bool:
    """Begin a writing transaction as soon as no other process writes; False when that fails, for a driver's own error.

    SQLite would sleep up to a tenth of a second between two looks and so let a writer wait long after the lock is free.
    """
    driver = connection.connection.driver_connection
    assert isinstance(driver, sqlite3.Connection)
    until, pause = time.monotonic() + busy_seconds, _FIRST_PAUSE
    driver.execute("PRAGMA busy_timeout = 0")
    try:
        while True:
            try:
                driver.execute(_WRITE)
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                    return False
                time.sleep(pause)
                pause = min(pause * 1.5, _LONGEST_PAUSE)
            else:
                return True
    finally:
        driver.execute(f"PRAGMA busy_timeout = {int(busy_seconds * 1000)}")
