"""An election played on paper, and an office that watches it on either database."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest

from db.connect import Database, open_database
from monitor import assembly, workspace
from tests import beginnings
from tests.conftest import WORKER
from tests.peers.truth import Truth, truth_of
from tests.peers.world import Size, World, make_world
from tests.scan.offices import NOW, Office, office_of
from tests.scan.written_bluesky import URLS, WrittenBluesky

SMALL = Size(asn=8, bystanders=8, posts=2, likes=2, bystander_likes=4)


@pytest.fixture(scope="session")
def small_world() -> World:
    return make_world(7, NOW, SMALL)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def shared_database(request: pytest.FixtureRequest) -> Iterator[Database]:
    """A database that the tests of one file read together; each file's is at the same place, as those of tests are."""
    if request.param == "sqlite":
        template = request.getfixturevalue("sqlite_template")
        path = template.with_name("shared.db")
        path.unlink(missing_ok=True)
        beginnings.lay(template, path)
        database = open_database(f"sqlite:///{path}")
        yield database
        database.dispose()
        return
    server = request.getfixturevalue("postgres_server")
    name = server.create(name=f"shared_{WORKER}")
    database = open_database(server.url(name))
    yield database
    database.dispose()
    server.drop(name)


@pytest.fixture
def network(small_world: World) -> WrittenBluesky:
    return WrittenBluesky(small_world, page=3)


@pytest.fixture
def truth(network: WrittenBluesky) -> Truth:
    return truth_of(network.world, "bluesky", network.accounts, network.items)


@pytest.fixture
def office(network: WrittenBluesky, database: Database, tmp_path: Path) -> Office:
    """The office has imported its register and has not looked at anything yet."""
    return office_of(network.world, tmp_path / "office", database, network.accounts, URLS)


@pytest.fixture
def skipped_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let commands wait without time going by: their clock goes on by as much as they wanted to wait."""
    skipped = timedelta()

    def sleep(seconds: float) -> None:
        nonlocal skipped
        skipped += timedelta(seconds=seconds)

    def clock() -> datetime:
        return datetime.now(UTC) + skipped

    def ticks() -> float:
        return time.monotonic() + skipped.total_seconds()

    for wiring in (workspace, assembly):
        monkeypatch.setattr(wiring, "system_clock", clock)
    monkeypatch.setattr(assembly, "time", SimpleNamespace(sleep=sleep, monotonic=ticks))
