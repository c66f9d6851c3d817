"""Visits that no living worker takes are told with their province: to the office, to doctors and to watchdogs."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa
from typer.testing import CliRunner

from db import planned_visits, queue_tables, runs
from db.connect import Database
from db.planned_visits import PlannedVisit
from db.shards import SIGN, signs, unstaffed
from monitor import installation
from monitor.cli.console_health import health
from monitor.cli.main import app
from monitor.desk.night_mail import messages
from monitor.desk.night_summary import NightTold, as_text, last_night
from monitor.desk.notices import Office
from monitor.doctor import data
from monitor.domain import Direction, Outcome, TargetResult
from monitor.jobs import errands, queue
from monitor.jobs.station import Station
from monitor.scan.plan import ScanOrder
from monitor.scan.spread import asked_as_json
from monitor.workspace import Workspace, workspace
from tests.jobs.offices import HOUR, MINUTE, Clock

QUIET = "\n".join(f'{job} = ""' for job in ("nightly", "recheck", "weekly", "digest", "retention", "verify", "backup"))


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def space(postgres_database: Database, tmp_path: Path, clock: Clock) -> Iterator[Workspace]:
    """A shared night is open: two visits in province 33, one in 35, one that belongs to none."""
    home = tmp_path / "kantor"
    home.mkdir()
    text = f'database_url = "{postgres_database.url}"\n[schedule]\n{QUIET}\nrevisit = {{}}\n'
    (home / "pantau.toml").write_text(text, encoding="utf-8")
    installation.create(home)
    with workspace(home) as opened:
        queue.lay_queue(opened.database)
        with opened.database.write() as session:
            run = runs.open_run(session, ScanOrder().query, clock(), timedelta(hours=12)).id
            visits = [
                PlannedVisit("bluesky", Direction.SUBJECT, str(number), None, shard, f"bluesky#{shard}#0")
                for number, shard in enumerate(("33", "33", "35", ""))
            ]
            planned_visits.plan(session, run, visits, asked_as_json(ScanOrder()), clock())
        yield replace(opened, clock=clock)


@contextmanager
def workers(space: Workspace, *duties: tuple[str, ...], older: int = 0) -> Iterator[None]:
    """Let workers live inside the block, each with its provinces; `older` ones do not say which they take."""
    url = queue_tables.address(space.database)
    with ExitStack() as living:
        for number, shards in enumerate(duties):
            line = living.enter_context(psycopg.connect(url, autocommit=True))
            for sign in signs(number, shards):
                line.execute(SIGN, sign)
        with space.database.write() as session:
            for _ in range(len(duties) + older):
                session.execute(sa.text("insert into antrean.procrastinate_workers default values"))
        yield
        with space.database.write() as session:
            session.execute(sa.text("delete from antrean.procrastinate_workers"))


def left(space: Workspace) -> dict[str, int]:
    with space.database.read() as session:
        return dict(unstaffed(session, space.clock()))


def told(space: Workspace) -> NightTold:
    with space.database.read() as session:
        found = last_night(session, space.settings.agency.zone, space.clock())
    assert found is not None
    return found


def test_visits_of_a_province_without_a_worker_are_left(space: Workspace) -> None:
    with workers(space, ("33",), ("33", "36")):
        assert left(space) == {"35": 1}


@pytest.mark.parametrize("duties", [[()], [("33",), ("35",)], [("33",), ()]])
def test_nothing_is_left_where_workers_cover_all(space: Workspace, duties: list[tuple[str, ...]]) -> None:
    with workers(space, *duties):
        assert left(space) == {}


def test_while_a_worker_lives_that_says_nothing_nothing_is_said_to_be_left(space: Workspace) -> None:
    with workers(space, ("33",), older=1):
        assert left(space) == {}


def visited(target: str, at: datetime) -> TargetResult:
    return TargetResult("bluesky", Direction.SUBJECT, target, Outcome.OK, (), started_at=at, finished_at=at)


def visits_wait(space: Workspace, lane: str = "bluesky#0") -> None:
    """Put the visits of the open night into the queue, each in a lane of its own but for the one of this name."""
    with space.database.write() as session:
        planned = planned_visits.left(session, 1)
        queue.put(session, [queue.visit_order(1, replace(one, lane=lane)) for one in planned])


def test_beside_a_worker_that_says_nothing_a_province_is_left_once_nobody_visits_it_for_an_hour(
    space: Workspace, clock: Clock
) -> None:
    visits_wait(space)
    with workers(space, ("33",), older=1):
        assert left(space) == {}
        clock.now += HOUR
        assert left(space) == {"35": 1}


def test_a_province_that_was_visited_within_the_hour_may_be_a_silent_workers(space: Workspace, clock: Clock) -> None:
    visits_wait(space)
    clock.now += HOUR
    with space.database.write() as session:
        runs.record_target(session, 1, visited("0", clock()))
    with workers(space, ("35",), older=1):
        assert left(space) == {}
        clock.now += HOUR
        assert left(space) == {"33": 1}


def test_a_province_whose_lane_is_taken_waits_for_that_lane_and_not_for_a_worker(
    space: Workspace, clock: Clock
) -> None:
    visits_wait(space)
    clock.now += HOUR
    with space.database.write() as session, queue_tables.driver_of(session) as driver:
        driver.execute("update procrastinate_jobs set status = 'doing' where id = 1")
    with workers(space, ("33",), older=1):
        assert left(space) == {}


def test_without_any_worker_all_is_left_once_one_machine_may_not_be_at_it_either(
    space: Workspace, clock: Clock
) -> None:
    assert left(space) == {}
    clock.now += HOUR
    assert left(space) == {"": 1, "33": 2, "35": 1}


def test_a_night_that_came_to_its_end_leaves_nothing(space: Workspace, clock: Clock) -> None:
    with space.database.write() as session:
        runs.finish_run(session, 1, "{}", True, clock())
    with workers(space, ("33",)):
        assert left(space) == {}


def test_a_worker_signs_for_its_provinces_as_long_as_it_is_connected(space: Workspace) -> None:
    async def connected() -> dict[str, int]:
        async with queue.app_of(space.database, 4, ["33"]).open_async():
            return await asyncio.to_thread(left, space)

    with workers(space, older=1):
        assert asyncio.run(connected()) == {"35": 1}
        assert left(space) == {}


def test_the_summary_names_the_province_and_the_command(space: Workspace) -> None:
    with workers(space, ("33",)):
        found = told(space)
    text = as_text(found, "Bawaslu Contoh")
    assert found.headline == "Pemindaian sedang berjalan. Perlu diperiksa: 1 hal."
    assert "1 kunjungan (provinsi 35) tidak diambil pekerja mana pun" in text
    assert "jalankan `pantau worker --shard 35`" in text


def test_the_doctor_the_watchdog_and_the_queue_name_the_province(space: Workspace) -> None:
    with workers(space, ("33",)):
        (check,) = data.workers(space.database, space.clock)
        known = health(space)
        state = CliRunner().invoke(app, ["--workspace", str(space.settings.home), "worker", "--status"]).output
    assert (check.name, check.well) == ("pekerja provinsi 35", False)
    assert (known["ok"], known["unstaffed"]) == (False, ["35"])
    assert "1 kunjungan (provinsi 35) tidak diambil pekerja mana pun" in known["why"]
    assert "Provinsi 35: 1 kunjungan menunggu, dan tidak ada pekerja yang hidup untuk itu." in state


def test_a_province_that_waits_for_long_is_mailed_once_and_stays_on_record(
    space: Workspace, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    mailed: list[Workspace] = []
    monkeypatch.setattr(errands, "tell_night", mailed.append)
    station = Station(space, threading.Event())
    with workers(space, ("33",)):
        for _ in range(5):
            errands.tend(station)
            clock.now += 10 * MINUTE
    assert len(mailed) == 1
    with workers(space, ("33",), ("35",)):
        errands.tend(station)
        found = told(space)
    assert [(fault.words, fault.needs_person) for fault in found.faults if fault.kind == "no_worker"] == [
        ("lama tidak ada pekerja untuk sebagian kunjungan: provinsi 35", False)
    ]


def test_the_mail_of_a_night_that_waits_for_a_worker_is_not_that_of_its_end(space: Workspace) -> None:
    office = Office("Bawaslu Contoh", space.settings.agency.zone, "https://pantau.contoh.example", mail=True)
    with workers(space, ("33",)):
        (mail,) = messages(office, told(space), ["kepala@contoh.example"], always=False)
    assert mail.key.startswith("malam/1/menunggu/")
    assert messages(office, told(space), ["kepala@contoh.example"], always=True) == []


def test_a_province_that_is_none_is_refused(tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["--workspace", str(tmp_path), "worker", "--shard", "335"])
    assert (done.exit_code, "«335» bukan kode provinsi" in done.output) == (2, True)
