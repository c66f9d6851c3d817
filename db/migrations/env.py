"""Run migrations on the connection that `db.schema` hands over, or on PANTAU_DATABASE_URL."""

import os

from alembic import context

from db.connect import Session, open_database
from db.tables import metadata
from monitor.errors import ConfigError


def migrate(session: Session) -> None:
    """Run the migrations inside the session's transaction."""
    context.configure(
        connection=session,
        target_metadata=metadata,
        render_as_batch=session.dialect.name == "sqlite",
        compare_type=True,
        compare_server_default=True,
    )
    with context.begin_transaction():
        context.run_migrations()


def run() -> None:
    """Take the given connection, else open the named database."""
    given = context.config.attributes.get("connection")
    if given is not None:
        migrate(given)
        return
    url = os.environ.get("PANTAU_DATABASE_URL")
    if not url:
        raise ConfigError("Basis data belum ditentukan", "isi PANTAU_DATABASE_URL")
    database = open_database(url)
    try:
        with database.write() as session:
            migrate(session)
    finally:
        database.dispose()


run()
