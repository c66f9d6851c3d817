"""The schema's version: bring a database up to date, tell where it stands."""

from __future__ import annotations

import time
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from db import ahead
from db.connect import Database, Session, open_database
from db.refusals import LOCKED
from monitor.errors import DatabaseError

_MIGRATIONS = Path(__file__).parent / "migrations"
_UPGRADE = 0x70616E74_0003
"""The advisory lock of upgrades: any number that differs from those of `db.chain`."""
_LONGEST_WAIT = "3s"
"""How long a step waits for a table; whoever comes after it waits as long, so it is short."""
_PAUSES = (1.0, 2.0, 4.0, 8.0, 15.0, 15.0, 15.0)
_IN_USE = (
    "Basis data terus dipakai, sehingga pemutakhiran belum selesai",
    "hentikan pemindaian, pekerja dan konsol, lalu jalankan lagi `pantau init`; tidak ada data yang berubah",
)


def upgrade(url: str, revision: str = "head", *, pauses: Sequence[float] = _PAUSES) -> None:
    """Bring the database to the newest schema, or to an older one, making it from nothing.

    On SQLite all steps are made or none. On PostgreSQL each step is a transaction of its own, so that no table stays
    locked for the length of all; an upgrade that was stopped between two is continued by the next call. Others may
    work on meanwhile: a step that does not get its locks soon lets them pass and is tried again after each of `pauses`
    (seconds). DatabaseError for a database of a newer program, and when others never let go.
    """
    database = open_database(url)
    try:
        with database.read() as session:
            found = current(session)
        if found is not None and found not in _known():
            raise DatabaseError(*_newer(found))
        if revision == "head" and found == head():
            return
        if database.dialect == "sqlite":
            with database.write() as session:
                command.upgrade(_config(session), revision)
            return
        for step in _steps(revision):
            _patiently(database, step, pauses)
    finally:
        database.dispose()


def _patiently(database: Database, step: str, pauses: Sequence[float]) -> None:
    """Make one step on PostgreSQL, unless somebody has made it, without keeping others waiting for long."""
    for pause in pauses:
        try:
            if step in _missing(database):
                ahead.lay(database, _statements(step), _UPGRADE)
            return _made(database, step)
        except DatabaseError as error:
            if error.message != LOCKED[0]:
                raise
        time.sleep(pause)
    raise DatabaseError(*_IN_USE)


def _made(database: Database, step: str) -> None:
    with database.write() as session:
        session.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_UPGRADE})")  # two at once take turns
        session.exec_driver_sql(f"SET LOCAL lock_timeout = '{_LONGEST_WAIT}'")
        if step not in _behind(current(session)):
            command.upgrade(_config(session), step)


def downgrade(url: str, revision: str = "base") -> None:
    """Take the database back to an older schema; `base` removes every table and all that is in it."""
    database = open_database(url)
    try:
        with database.write() as session:
            command.downgrade(_config(session), revision)
    finally:
        database.dispose()


def revision(url: str) -> str | None:
    """Return the schema version of the database, None when it has none."""
    address = sa.make_url(url)
    if address.get_backend_name() == "sqlite" and not (address.database and Path(address.database).exists()):
        return None  # opening it would make the file
    database = open_database(url)
    try:
        with database.read() as session:
            return current(session)
    finally:
        database.dispose()


def current(session: Session) -> str | None:
    """Return the schema version seen by a session, None when the database has none."""
    return MigrationContext.configure(session).get_current_revision()


def head() -> str:
    """Return the schema version that this program needs."""
    newest = _scripts().get_current_head()
    assert newest is not None  # there is a first migration
    return newest


def ensure_current(database: Database) -> None:
    """Raise DatabaseError unless the database has exactly the schema that this program needs."""
    with database.read() as session:
        found = current(session)
    if found is None:
        raise DatabaseError("Basis data belum disiapkan", "jalankan `pantau init`")
    if found not in _known():
        raise DatabaseError(*_newer(found))
    if found != head():
        raise DatabaseError(
            f"Basis data berversi {found}, program ini memerlukan {head()}",
            "cadangkan, lalu jalankan `pantau init` untuk memutakhirkan; program lama tidak dapat membuka data baru",
        )


def _newer(found: str) -> tuple[str, str]:
    return (
        f"Basis data berversi {found}, yang belum dikenal program ini ({head()})",
        "pasang versi program yang sama dengan mesin yang memutakhirkannya; data tidak diubah",
    )


def _known() -> frozenset[str]:
    return frozenset(_steps("head"))


def _steps(revision: str) -> list[str]:
    """Return every schema version up to one, oldest first."""
    return [step.revision for step in _scripts().iterate_revisions(revision, "base")][::-1]


@cache
def _scripts() -> ScriptDirectory:
    """Return the migrations of this program; to read them anew takes as long as many a command."""
    return ScriptDirectory(str(_MIGRATIONS))


def _behind(found: str | None) -> frozenset[str]:
    """Return the schema versions that a database has been through."""
    return frozenset(_steps(found)) if found is not None else frozenset()


def _missing(database: Database) -> frozenset[str]:
    """Return the schema versions that a database has not been through."""
    with database.read() as session:
        return _known() - _behind(current(session))


def _statements(step: str) -> Path:
    """Return the file of what a step runs on PostgreSQL; some have none."""
    module = _scripts().get_revision(step).module
    return Path(str(module.__file__)).with_suffix("") / "postgresql.sql"


def _config(session: Session) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = session
    return config
