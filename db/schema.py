"""The schema's version: bring a database up to date, tell where it stands."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from db.connect import Database, Session, open_database
from monitor.errors import DatabaseError

_MIGRATIONS = Path(__file__).parent / "migrations"


def upgrade(url: str, revision: str = "head") -> None:
    """Bring the database to the newest schema, or to an older one, making it from nothing; all steps or none."""
    database = open_database(url)
    try:
        with database.write() as session:
            command.upgrade(_config(session), revision)
    finally:
        database.dispose()


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
    newest = ScriptDirectory(str(_MIGRATIONS)).get_current_head()
    assert newest is not None  # there is a first migration
    return newest


def ensure_current(database: Database) -> None:
    """Raise DatabaseError unless the database has exactly the schema that this program needs."""
    with database.read() as session:
        found = current(session)
    if found is None:
        raise DatabaseError("Basis data belum disiapkan", "jalankan `pantau init`")
    if found != head():
        raise DatabaseError(
            f"Basis data berversi {found}, program ini memerlukan {head()}",
            "cadangkan, lalu jalankan `pantau init` untuk memutakhirkan; program lama tidak dapat membuka data baru",
        )


def _config(session: Session) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = session
    return config
