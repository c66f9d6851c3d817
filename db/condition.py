"""How the database itself is: its server, size and clock, and when the program last did what keeps data safe."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import sqlalchemy as sa

from db import audit
from db.connect import Database, Session
from db.tables import audit_log, job_run, scan_run


@dataclass(frozen=True, slots=True)
class Condition:
    """A database as its server tells of it.

    `size` is in bytes, `log_size` what waits in SQLite's write-ahead log. `now` is the server's clock, None where it is
    this machine's. `free` connections are what PostgreSQL has left for anybody, `idle_seconds` how long the oldest
    transaction has been open without doing anything.
    """

    version: tuple[int, ...]
    size: int
    log_size: int = 0
    now: datetime | None = None
    encoding: str = "UTF8"
    writable: bool = True
    free: int | None = None
    idle_seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Lasts:
    """When something was last done; None for never. `latest` is the newest time that the last row of each names.

    `first` is when the first thing was written down at all: about since when the office is in use.
    """

    night: datetime | None
    unfinished: datetime | None
    backup: datetime | None
    verified: datetime | None
    latest: datetime | None
    first: datetime | None


def condition(database: Database) -> Condition:
    """Return how the database is; DatabaseError when it does not answer."""
    with database.read() as session:
        return _postgresql(session) if database.dialect == "postgresql" else _sqlite(session)


def file_of(url: str) -> Path | None:
    """Return the file of a SQLite database, None for a server's."""
    address = sa.make_url(url)
    return Path(address.database) if address.get_backend_name() == "sqlite" and address.database else None


def lasts(session: Session) -> Lasts:
    """Return when the last night ended, when one began that has not, the last backup and the last whole verify."""
    night = _newest(session, scan_run.c.finished_at, scan_run.c.finished_at.is_not(None))
    newest = session.execute(
        sa.select(scan_run.c.started_at, scan_run.c.finished_at).order_by(scan_run.c.id.desc()).limit(1)
    ).one_or_none()
    taken = _newest(session, audit_log.c.at, audit_log.c.action == "backup.taken")
    done = job_run.c.state.in_(("ok", "problems"))
    backup = _newest(session, job_run.c.finished_at, done & (job_run.c.job == "backup"))
    verified = _newest(session, job_run.c.finished_at, done & (job_run.c.job == "verify"))
    audited = session.execute(sa.select(audit_log.c.at).order_by(audit_log.c.id.desc()).limit(1)).scalar()
    return Lasts(
        night=night,
        unfinished=newest.started_at if newest is not None and newest.finished_at is None else None,
        backup=max((one for one in (taken, backup) if one is not None), default=None),
        verified=verified,
        latest=max((one for one in (night, audited) if one is not None), default=None),
        first=audit.first_at(session),
    )


def _newest(session: Session, column: sa.Column[datetime], where: sa.ColumnElement[bool]) -> datetime | None:
    """Return the time in the row that was written last: a clock that ran ahead leaves later ones for as long."""
    return session.execute(sa.select(column).where(where).order_by(column.table.c.id.desc()).limit(1)).scalar()


def _sqlite(session: Session) -> Condition:
    told = str(session.exec_driver_sql("SELECT sqlite_version()").scalar_one())
    pages = int(session.exec_driver_sql("PRAGMA page_count").scalar_one())
    page = int(session.exec_driver_sql("PRAGMA page_size").scalar_one())
    file = Path(str(session.engine.url.database))
    log = file.with_name(file.name + "-wal")
    return Condition(
        version=tuple(int(part) for part in told.split(".")),
        size=pages * page,
        log_size=log.stat().st_size if log.exists() else 0,
    )


_POSTGRESQL = """
SELECT current_setting('server_version_num')::int AS version,
       pg_database_size(current_database()) AS size,
       extract(epoch FROM clock_timestamp()) AS now,
       pg_encoding_to_char(encoding) AS encoding,
       NOT pg_is_in_recovery() AND current_setting('default_transaction_read_only') = 'off' AS writable,
       current_setting('max_connections')::int - (SELECT count(*) FROM pg_stat_activity
           WHERE backend_type = 'client backend') AS free,
       (SELECT extract(epoch FROM clock_timestamp() - min(xact_start)) FROM pg_stat_activity
           WHERE state LIKE 'idle in transaction%%' AND datname = current_database()) AS idle
FROM pg_database WHERE datname = current_database()
"""


def _postgresql(session: Session) -> Condition:
    row = session.exec_driver_sql(_POSTGRESQL).one()
    return Condition(
        version=(row.version // 10_000, row.version % 10_000),
        size=int(row.size),
        now=datetime.fromtimestamp(0, UTC) + timedelta(seconds=float(row.now)),
        encoding=row.encoding,
        writable=bool(row.writable),
        free=int(row.free),
        idle_seconds=float(row.idle or 0),
    )
