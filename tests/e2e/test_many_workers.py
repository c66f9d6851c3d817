"""Several workers share a night: killed, stopped and joined at any time they end with what one machine would have."""

from __future__ import annotations

import json
import os
import shutil
import signal
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from db import verify
from db.connect import Database, open_database
from db.planned_visits import IS_VISIT
from db.tables import interaction, job_run, planned_visit, scan_run, target_run
from monitor.cli.demo import make_workspace
from tests.conftest import PostgresServer
from tests.peers.warm import Started, start
from tests.scan.offices import HeldClock, Office
from tests.scan.rows import contents, differences

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]
PATIENCE = 240.0
QUIET = {  # only the night: no other job of the schedule falls due
    "PANTAU_WORKERS__LOST_SECONDS": "3",
    "PANTAU_WORKERS__RETRY_SECONDS": "1",
    "PANTAU_SCHEDULE__REVISIT": "{}",
}


@dataclass
class Site:
    """An office on PostgreSQL, and the processes that work at it."""

    home: Path
    url: str
    running: list[Started] = field(default_factory=list)

    def run(self, *args: str) -> Started:
        process = start(["--workspace", str(self.home), *args], os.environ | QUIET | {"PANTAU_DATABASE_URL": self.url})
        self.running.append(process)
        return process

    def worker(self, *args: str) -> Started:
        return self.run("--log-json", "worker", "--concurrency", "2", *args)

    def said(self, *args: str) -> tuple[int, str, str]:
        process = self.run(*args)
        out, said = process.communicate(timeout=PATIENCE)
        assert process.returncode is not None
        return process.returncode, out, said

    def one(self, query: sa.Select[Any]) -> Any:
        database = open_database(self.url)
        try:
            with database.read() as session:
                return session.execute(query).scalar()
        finally:
            database.dispose()

    def wait_for(self, query: sa.Select[Any], least: int = 1) -> None:
        until = time.monotonic() + PATIENCE
        while (self.one(query) or 0) < least:
            assert time.monotonic() < until, query
            time.sleep(0.2)

    def stored(self) -> tuple[dict[str, Counter[str]], list[str]]:
        database: Database = open_database(self.url)
        try:
            with database.read() as session:
                problems = [str(problem) for problem in verify.verify(session)]
            return contents(database), problems
        finally:
            database.dispose()


MADE = sa.select(sa.func.count()).select_from(target_run)
PLANNED = sa.select(sa.func.count()).select_from(planned_visit).where(IS_VISIT)
ENDED = sa.select(sa.func.count()).select_from(scan_run).where(scan_run.c.finished_at.is_not(None))


@dataclass
class Story:
    """A night of a single machine, and the same one shared by workers that were disturbed."""

    alone: dict[str, Counter[str]]
    alone_summary: dict[str, Any]
    shared: Site
    refused: tuple[int, str, str]
    stopped: tuple[int | None, str]


@pytest.fixture(scope="module")
def story(postgres_server: PostgresServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    folder, names = tmp_path_factory.mktemp("pekerja"), [postgres_server.create()]
    office = folder / "office"
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("PANTAU_DATABASE_URL", postgres_server.url(names[0]))
        make_workspace(office)
        Office(office, HeldClock()).register(office / "peragaan")
    sites = []
    for number in range(2):
        home = folder / f"site{number}"
        shutil.copytree(office, home)
        names.append(postgres_server.create(template=names[0]))
        sites.append(Site(home, postgres_server.url(names[-1])))
    alone, shared = sites
    code, out, said = alone.said("scan", "--json")
    assert code == 0, said
    try:
        refused, stopped = disturbed_night(shared)
        yield Story(alone.stored()[0], json.loads(out), shared, refused, stopped)
    finally:
        for process in shared.running:
            process.kill()
            process.communicate()
        for name in names:
            postgres_server.drop(name)


def disturbed_night(site: Site) -> tuple[tuple[int, str, str], tuple[int | None, str]]:
    """One worker is killed, one frozen, one told to stop in the middle; a fourth comes late, the frozen one wakes."""
    assert site.said("worker", "--night")[0] == 0
    killed = site.worker()
    site.wait_for(MADE, 2)
    killed.kill()
    killed.communicate()
    refused = site.said("scan", "--json")
    told, frozen = site.worker(), site.worker()
    site.wait_for(MADE, 8)
    frozen.send_signal(signal.SIGSTOP)
    told.send_signal(signal.SIGTERM)
    _, said = told.communicate(timeout=PATIENCE)
    late = site.worker("--once")
    site.wait_for(MADE, 20)
    frozen.send_signal(signal.SIGCONT)
    site.wait_for(ENDED)
    late.communicate(timeout=PATIENCE)
    frozen.send_signal(signal.SIGTERM)
    frozen.communicate(timeout=PATIENCE)
    return refused, (told.returncode, said)


def test_the_disturbed_night_stores_what_one_machine_stores(story: Story) -> None:
    rows, problems = story.shared.stored()
    assert differences(story.alone, rows) == {}
    assert problems == []


def test_every_visit_is_made_once_and_the_night_ends_once(story: Story) -> None:
    assert story.shared.one(ENDED) == 1
    assert story.shared.one(MADE) == story.shared.one(PLANNED) == len(story.alone_summary["targets"])


def test_the_shared_night_says_what_one_machine_says(story: Story) -> None:
    summary = story.shared.one(sa.select(scan_run.c.summary))
    same = ("ok", "targets", "cases", "judged", "observations", "rules", "ruleset", "suppressed")
    assert {name: summary[name] for name in same} == {name: story.alone_summary[name] for name in same}


def test_a_scan_by_hand_is_refused_while_workers_share_a_night(story: Story) -> None:
    code, out, said = story.refused
    assert (code, out) == (3, "")
    assert "dikerjakan bersama oleh para pekerja" in said


def test_a_worker_that_is_told_to_stop_hands_its_work_back(story: Story) -> None:
    code, said = story.stopped
    assert code == 0
    assert "worker stopped" in said
    assert "Traceback" not in said


def test_no_line_of_a_worker_names_an_account(story: Story) -> None:
    accounts = {target["target"] for target in story.alone_summary["targets"]}
    assert not [name for name in accounts if name in story.stopped[1]]


def test_the_night_stands_among_the_runs_of_jobs(story: Story) -> None:
    assert story.shared.one(sa.select(job_run.c.state).where(job_run.c.job == "nightly")) == "ok"


def test_acts_are_found(story: Story) -> None:
    assert story.shared.one(sa.select(sa.func.count()).select_from(interaction)) > 10
