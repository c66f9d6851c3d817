"""The queue of jobs for many machines: tables of the queue's own library, in a schema of their own on PostgreSQL.

Nothing in them is kept for itself: what is lost there is put in again from the program's own tables.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from db.connect import Database, Session
from db.locks import hold_briefly
from monitor.errors import ConfigError, DatabaseError

SCHEMA = "antrean"
REGION = "wilayah-"
"""With what the names of the queues begin in which the visits of a province wait; the province follows."""

_LAYING, _PUTTING = 20261124, 20261125  # keys of the locks under which tables are laid and jobs are put
_ALIVE = sa.text(
    f"select count(*) from {SCHEMA}.procrastinate_workers where last_heartbeat > now() - interval '2 minutes'"  # noqa: S608 - a constant
)


@dataclass(frozen=True, slots=True)
class QueueState:
    """How the queue stands: jobs by what they do and how they stand, and the workers that are alive."""

    jobs: dict[tuple[str, str], int]
    workers: int


def address(database: Database) -> str:
    """Return where libpq reaches the database; ConfigError where no queue can be."""
    if database.dialect != "postgresql":
        raise ConfigError(
            "Beberapa mesin memerlukan PostgreSQL",
            "isi `database_url` di pantau.toml; satu mesin cukup `pantau schedule`",
        )
    return database.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)


def lay(database: Database, statements: str, version: str) -> None:
    """Lay the queue's tables where they are missing, or anew where another version of the library laid them.

    DatabaseError while workers with that other version are at work.
    """
    with database.write() as session:
        session.execute(sa.text("select pg_advisory_xact_lock(:key)"), {"key": _LAYING})
        said = sa.text("select obj_description(to_regnamespace(:name)::oid, 'pg_namespace')")
        found = session.execute(said, {"name": SCHEMA}).scalar() if _laid(session) else None
        if found == version:
            return
        if found is not None and session.execute(_ALIVE).scalar():
            raise DatabaseError(
                f"Antrean pekerja memakai {found}, program ini {version}, dan pekerja lama masih bekerja",
                "hentikan semua pekerja versi lama, lalu ulangi",
            )
        session.exec_driver_sql(f"drop schema if exists {SCHEMA} cascade")
        session.exec_driver_sql(f"create schema {SCHEMA}")
        session.exec_driver_sql(f"comment on schema {SCHEMA} is '{version}'")
        with driver_of(session) as driver:
            driver.execute(statements)
        session.exec_driver_sql(f"create index pantau_jobs_lock on {SCHEMA}.procrastinate_jobs (lock, priority, id)"
                                " where status in ('todo', 'doing')")  # fmt: skip


@contextmanager
def driver_of(session: Session) -> Iterator[Any]:
    """Give the driver's own connection, inside the session's transaction, that finds the queue's tables first."""
    before = session.exec_driver_sql("select current_setting('search_path')").scalar_one()
    change = sa.text("select set_config('search_path', :path, true)")
    session.execute(change, {"path": f"{SCHEMA}, {before}"})
    yield session.connection.driver_connection
    session.execute(change, {"path": before})


def waiting(session: Session, prefix: str) -> frozenset[str]:
    """Return the names of the jobs that wait or are being done and whose names begin so."""
    return _names(session, "status in ('todo', 'doing') and starts_with(queueing_lock, :given)", prefix)


def to_do(session: Session, names: list[str]) -> frozenset[str]:
    """Return which of these names bears a job that waits; until the transaction ends nobody else puts any."""
    hold_briefly(session)
    session.execute(sa.text("select pg_advisory_xact_lock(:key)"), {"key": _PUTTING})
    return _names(session, "status = 'todo' and queueing_lock = any(:given)", names)


def _names(session: Session, which: str, given: object) -> frozenset[str]:
    statement = sa.text(f"select queueing_lock from {SCHEMA}.procrastinate_jobs where {which}")  # noqa: S608 - constants
    return frozenset(session.execute(statement, {"given": given}).scalars())


def at_hand(session: Session) -> frozenset[str]:
    """Return the provinces with a job that whoever takes it could begin at once: it is due, and its lane is free."""
    waiting = sa.text(
        f"select distinct substr(queue_name, :after) from {SCHEMA}.procrastinate_jobs as one"  # noqa: S608 - a constant
        " where status = 'todo' and starts_with(queue_name, :region) and coalesce(scheduled_at <= now(), true)"
        f" and not exists (select from {SCHEMA}.procrastinate_jobs as other"
        " where other.lock = one.lock and other.status = 'doing')"
    )
    found = session.execute(waiting, {"after": len(REGION) + 1, "region": REGION})
    return frozenset(str(shard) for shard in found.scalars())


def workers_alive(session: Session) -> int:
    """Return how many workers gave a sign of life of late; none where no queue was laid, or none for this role."""
    if session.dialect.name != "postgresql" or not _laid(session):
        return 0
    if not session.execute(sa.text("select has_schema_privilege(:name, 'USAGE')"), {"name": SCHEMA}).scalar():
        return 0
    return int(session.execute(_ALIVE).scalar() or 0)


def state(session: Session) -> QueueState:
    """Return how the queue stands; nothing where none was ever laid."""
    if not _laid(session):
        return QueueState({}, 0)
    counts = sa.text(
        f"select args->'order'->>'kind', status::text, count(*) from {SCHEMA}.procrastinate_jobs group by 1, 2"  # noqa: S608 - a constant
    )
    jobs = {(str(kind), status): count for kind, status, count in session.execute(counts)}
    return QueueState(jobs, workers_alive(session))


def _laid(session: Session) -> bool:
    return bool(session.execute(sa.text("select to_regnamespace(:name) is not null"), {"name": SCHEMA}).scalar())
