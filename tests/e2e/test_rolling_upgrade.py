"""Workers of an old and of a new program at one night, with the schema brought forward in the middle of it.

The program of this tree is the old one: the schema goes on to a revision that it does not know. The new one is the same
program that knows and wants that revision.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from db import schema
from db.connect import open_database
from monitor.cli.demo import make_workspace
from tests.conftest import PostgresServer
from tests.e2e.test_many_workers import ENDED, MADE, PATIENCE, PLANNED, QUIET, Site
from tests.peers.warm import Started, start
from tests.scan.offices import HeldClock, Office
from tests.scan.rows import differences

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]
NEXT = "2027_versi_berikutnya"


def be_newer() -> None:
    """Make of this process the next version of the program."""
    steps = schema._steps
    schema.__dict__.update(head=lambda: NEXT, _steps=lambda revision: [*steps(revision), NEXT])


def bring_forward(site: Site) -> None:
    """Do what the new program's `pantau init` does on PostgreSQL for a step that only adds."""
    database = open_database(site.url)
    with database.write() as session:
        session.exec_driver_sql("ALTER TABLE target_run ADD COLUMN penanda_baru TEXT")
        session.exec_driver_sql("CREATE TABLE tabel_baru (id BIGINT PRIMARY KEY)")
        session.execute(sa.text("UPDATE alembic_version SET version_num = :next"), {"next": NEXT})
    database.dispose()


def newer_worker(site: Site) -> Started:
    environment = os.environ | QUIET | {"PANTAU_DATABASE_URL": site.url}
    arguments = ["--workspace", str(site.home), "--log-json", "worker", "--concurrency", "2", "--once"]
    process = start(arguments, environment, before=be_newer)
    site.running.append(process)
    return process


@pytest.fixture
def sites(postgres_server: PostgresServer, tmp_path: Path) -> Iterator[tuple[Site, Site]]:
    office, names = tmp_path / "office", [postgres_server.create()]
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("PANTAU_DATABASE_URL", postgres_server.url(names[0]))
        make_workspace(office)
        Office(office, HeldClock()).register(office / "peragaan")
    made = []
    for number in range(2):
        shutil.copytree(office, tmp_path / f"site{number}")
        names.append(postgres_server.create(template=names[0]))
        made.append(Site(tmp_path / f"site{number}", postgres_server.url(names[-1])))
    yield made[0], made[1]
    for process in (started for site in made for started in site.running):
        process.kill()
        process.communicate()
    for name in names:
        postgres_server.drop(name)


def test_old_workers_step_back_in_words_and_new_ones_finish_their_night(sites: tuple[Site, Site]) -> None:
    alone, shared = sites
    assert alone.said("scan", "--json")[0] == 0
    assert shared.said("worker", "--night")[0] == 0
    old = [shared.worker() for _ in range(2)]
    shared.wait_for(MADE, 2)

    early = newer_worker(shared)
    _, said = early.communicate(timeout=PATIENCE)
    assert early.returncode == 1
    assert f"program ini memerlukan {NEXT}" in said

    bring_forward(shared)
    for worker in old:
        _, said = worker.communicate(timeout=PATIENCE)
        assert worker.returncode == 1
        assert f"berversi {NEXT}, yang belum dikenal program ini" in said
        assert "Traceback" not in said
    assert shared.one(MADE) < shared.one(PLANNED), "the old ones left nothing to be done"

    for worker in [newer_worker(shared) for _ in range(2)]:
        _, said = worker.communicate(timeout=PATIENCE)
        assert worker.returncode == 0, said
    assert shared.one(ENDED) == 1
    assert shared.one(MADE) == shared.one(PLANNED)
    rows, problems = shared.stored()
    assert differences(alone.stored()[0], rows) == {}
    assert [problem for problem in problems if "skema" not in problem] == []  # of this tree's program it is newer
