"""What the office hears of jobs of the queue that are refused or fail at last."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from db import job_runs, runs
from db.connect import Database
from monitor import installation
from monitor.domain import Job, JobState
from monitor.errors import DatabaseError, RefusedError
from monitor.jobs import errands, late, queue, workers
from monitor.jobs.flight import flight
from monitor.jobs.queue import Order
from monitor.jobs.station import Station
from monitor.scan.parts import Parts
from monitor.scan.plan import ScanOrder
from monitor.scan.shift import HostRests
from monitor.scan.spread import asked_as_json
from monitor.workspace import Workspace, workspace

TRIES = 2
JOBS = ("nightly", "recheck", "weekly", "digest", "retention", "verify", "backup")


@pytest.fixture
def station(postgres_database: Database, tmp_path: Path) -> Iterator[Station]:
    home, off = tmp_path / "kantor", "\n".join(f'{job} = ""' for job in JOBS)
    home.mkdir()
    text = f'database_url = "{postgres_database.url}"\n[schedule]\n{off}\nrevisit = {{}}\n[workers]\ntries = {TRIES}\n'
    (home / "pantau.toml").write_text(text, encoding="utf-8")
    installation.create(home)
    with workspace(home) as space:
        queue.lay_queue(space.database)
        opened = Station(space, threading.Event())
        yield opened
        opened.close()


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[Workspace]:
    found: list[Workspace] = []
    monkeypatch.setattr(errands, "tell_night", found.append)
    return found


def tries_waiting(station: Station) -> list[Any]:
    waiting = "select (args->'order'->>'tries')::int from antrean.procrastinate_jobs where status = 'todo'"
    with station.space.database.read() as session:
        return list(session.execute(sa.text(waiting)).scalars())


def kinds_waiting(station: Station) -> list[Any]:
    waiting = "select args->'order'->>'kind' from antrean.procrastinate_jobs where status = 'todo'"
    with station.space.database.read() as session:
        return list(session.execute(sa.text(waiting)).scalars())


def test_a_night_that_was_asked_for_by_hand_is_tried_again_while_its_job_is_under_way(station: Station) -> None:
    space, order = station.space, queue.begin_order("{}")
    with flight(space.settings, space.database, Job.NIGHTLY):
        errands.carry_out(station, order)
        assert tries_waiting(station) == [1]
        with pytest.raises(RefusedError):
            errands.carry_out(station, replace(order, tries=TRIES - 1))
    with space.database.read() as session:
        assert {run.state for run in job_runs.history(session)} == {JobState.REFUSED}


def test_a_visit_to_a_host_that_rests_waits_for_it_without_a_try_counted(
    station: Station, monkeypatch: pytest.MonkeyPatch
) -> None:
    def rests(given: Station, order: Order) -> None:
        raise HostRests(150)

    monkeypatch.setitem(errands.KINDS, "visit", rests)
    errands.carry_out(station, Order("visit", "visit|1|contoh", {"run": 1}, "wilayah-99", "contoh#0"))
    waiting = "select (args->'order'->>'tries')::int, scheduled_at from antrean.procrastinate_jobs"
    with station.space.database.read() as session:
        [(tries, at)] = session.execute(sa.text(waiting))
    assert tries == 0
    assert 100 < (at - datetime.now(UTC)).total_seconds() <= 150


def test_a_night_of_the_schedule_that_is_refused_is_left_to_the_schedule(station: Station) -> None:
    space = station.space
    with flight(space.settings, space.database, Job.NIGHTLY):
        errands.carry_out(station, queue.begin_order("{}", space.clock()))
    assert tries_waiting(station) == []


def test_a_night_that_cannot_be_ended_is_told_once_nobody_tries_any_more(
    station: Station, told: list[Workspace], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(parts: Parts, run_id: int) -> None:
        raise DatabaseError("Cakram penuh", "kosongkan")

    monkeypatch.setattr(errands, "end_shared", fails)
    with station.space.database.write() as session:
        run = runs.open_run(session, "q", station.space.clock(), timedelta(hours=1)).id
    errands.carry_out(station, queue.end_order(run))
    assert told == []
    with pytest.raises(DatabaseError):
        errands.carry_out(station, replace(queue.end_order(run), tries=TRIES - 1))
    assert len(told) == 1


def test_a_night_that_cannot_be_begun_is_told(
    station: Station, told: list[Workspace], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*given: object) -> None:
        raise DatabaseError("Cakram penuh", "kosongkan")

    monkeypatch.setattr(errands, "begin_shared", fails)
    errands.carry_out(station, queue.begin_order("{}", station.space.clock()))
    assert len(told) == 1


def test_a_shared_night_tells_of_a_line_of_the_schedule_that_it_cannot_read(station: Station) -> None:
    config = station.space.settings.home / "pantau.toml"
    config.write_text(config.read_text().replace('digest = ""', 'digest = "tiap pagi"'), encoding="utf-8")
    errands.carry_out(station, queue.begin_order(asked_as_json(ScanOrder())))
    with station.space.database.read() as session:
        found = {issue.kind: issue.detail for issue in runs.run_issues(session, 1)}
    assert found["schedule_unreadable"] == "schedule.digest: Jadwal «tiap pagi» bukan baris cron"


def test_a_night_without_a_visit_comes_to_its_end_and_is_told(station: Station, told: list[Workspace]) -> None:
    asked = asked_as_json(ScanOrder())
    errands.carry_out(station, queue.begin_order(asked))
    assert kinds_waiting(station) == ["night_end"]
    errands.carry_out(station, queue.end_order(1))
    with station.space.database.read() as session:
        [night] = runs.last_runs(session, 5)
    assert night.finished_at is not None
    assert len(told) == 1


def test_while_a_worker_lives_no_machine_begins_the_night_for_itself(station: Station) -> None:
    space = station.space
    always = space.settings.schedule.model_copy(update={"nightly": "* * * * *", "digest": "* * * * *"})
    settings = space.settings.model_copy(update={"schedule": always})
    alone = set(late.to_do_here(settings, space.database, space.clock()))
    with space.database.write() as session:
        session.execute(sa.text("insert into antrean.procrastinate_workers default values"))
    beside = set(late.to_do_here(settings, space.database, space.clock()))
    assert alone == {Job.NIGHTLY, Job.DIGEST, Job.VERIFY}  # the last is the check with which a schedule begins
    assert beside == {Job.DIGEST, Job.VERIFY}
    assert Job.NIGHTLY in late.to_do(settings, space.database, space.clock())


def test_asking_for_a_night_says_what_will_become_of_it(station: Station) -> None:
    first, again = (workers.ask_for_night(station.space) for _ in range(2))
    assert (first.fresh, first.open_night, first.workers) == (True, None, 0)
    assert not again.fresh
