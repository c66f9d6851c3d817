"""The queue of many machines: what waits there, what is tried again, what is left for others, what is lost."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import pytest
import sqlalchemy as sa
from procrastinate import PsycopgConnector

from db import queue_tables, runs
from db.connect import Database
from db.planned_visits import PlannedVisit
from monitor import installation
from monitor.domain import Direction
from monitor.errors import ConfigError, DatabaseError
from monitor.jobs import errands, queue
from monitor.jobs.queue import Order
from monitor.jobs.station import OtherVersion, Station
from monitor.scan.shift import Stopped
from monitor.workspace import Workspace, workspace

ORDER = Order("visit", "visit|1|contoh", {"run": 1, "key": ["bluesky", "subject", "contoh"]}, "wilayah-99", "contoh#0")


@pytest.fixture
def station(postgres_database: Database, tmp_path: Path) -> Iterator[Station]:
    home = tmp_path / "office"
    home.mkdir()
    off = "\n".join(
        f'{job} = ""' for job in ("nightly", "recheck", "weekly", "digest", "retention", "verify", "backup")
    )
    text = f'database_url = "{postgres_database.url}"\n[schedule]\n{off}\nrevisit = {{}}\n[workers]\ntries = 3\n'
    (home / "pantau.toml").write_text(text, encoding="utf-8")
    installation.create(home)
    with workspace(home) as space:
        queue.lay_queue(space.database)
        with space.database.write() as session:
            assert runs.open_run(session, "0" * 64, space.clock(), timedelta(hours=12)).id == ORDER.args["run"]
        opened = Station(space, threading.Event())
        yield opened
        opened.close()


def put(station: Station, *orders: Order) -> int:
    with station.space.database.write() as session:
        return queue.put(session, orders)


def waiting(station: Station) -> list[Any]:
    jobs = sa.text("select queue_name, lock, args, scheduled_at from antrean.procrastinate_jobs where status = 'todo'")
    with station.space.database.read() as session:
        return list(session.execute(jobs))


def doing(monkeypatch: pytest.MonkeyPatch, work: Callable[[Station, Order], None]) -> None:
    monkeypatch.setitem(errands.KINDS, "visit", work)


def failing(error: BaseException) -> Callable[[Station, Order], None]:
    def work(station: Station, order: Order) -> None:
        raise error

    return work


def test_of_one_name_only_one_job_waits(station: Station) -> None:
    assert [put(station, ORDER), put(station, ORDER, replace(ORDER, name="lain"))] == [1, 1]


def test_two_processes_that_put_one_job_at_once_put_one(station: Station) -> None:
    ready, counts = threading.Barrier(4), []

    def race() -> None:
        ready.wait()
        counts.append(put(station, ORDER))

    threads = [threading.Thread(target=race) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(counts) == [0, 0, 0, 1]


def test_a_job_lies_in_its_queue_under_its_lock_as_it_was_written(station: Station) -> None:
    put(station, ORDER)
    [(name, lock, args, _)] = waiting(station)
    assert (name, lock) == (ORDER.queue, ORDER.lock)
    assert Order.read(args["order"], name) == ORDER


def test_what_is_put_in_a_transaction_that_fails_is_not_there(station: Station) -> None:
    with station.space.database.trial() as session:
        assert queue.put(session, [ORDER]) == 1
    assert waiting(station) == []


def test_the_tables_are_laid_once(station: Station) -> None:
    put(station, ORDER)
    queue.lay_queue(station.space.database)
    assert len(waiting(station)) == 1


def test_the_tables_of_another_version_are_laid_anew(station: Station) -> None:
    put(station, ORDER)
    with station.space.database.write() as session:
        session.execute(sa.text("comment on schema antrean is 'procrastinate 1.0'"))
    queue.lay_queue(station.space.database)
    assert waiting(station) == []


def test_while_workers_of_another_version_live_nothing_is_laid(station: Station) -> None:
    with station.space.database.write() as session:
        session.execute(sa.text("comment on schema antrean is 'procrastinate 1.0'"))
        session.execute(sa.text("insert into antrean.procrastinate_workers default values"))
    with pytest.raises(DatabaseError, match="pekerja lama masih bekerja"):
        queue.lay_queue(station.space.database)


def test_a_worker_that_freezes_while_it_takes_a_job_keeps_nobody_from_jobs_of_the_same_lane(station: Station) -> None:
    put(station, ORDER, replace(ORDER, name="visit|1|lain"))
    taking = "update procrastinate_jobs set status = 'doing' where id = (select min(id) from procrastinate_jobs)"

    async def frozen() -> list[str]:
        async with queue.app_of(station.space.database, 4).open_async() as app:
            pool = cast("PsycopgConnector", app.connector).pool
            async with pool.connection() as mine:
                await mine.execute(taking)
                # what follows such a statement comes only when the process wakes
                return await asyncio.to_thread(stands)

    def stands() -> list[str]:
        with station.space.database.read() as session:
            jobs = sa.text("select status::text from antrean.procrastinate_jobs order by id")
            return list(session.execute(jobs).scalars())

    assert asyncio.run(frozen()) == ["doing", "todo"]


def test_sqlite_has_no_queue(sqlite_database: Database) -> None:
    with pytest.raises(ConfigError, match="PostgreSQL"):
        queue.lay_queue(sqlite_database)


def test_a_kind_that_is_not_known_is_left_for_others(station: Station) -> None:
    errands.carry_out(station, replace(ORDER, kind="dari_masa_depan"))
    [(_, _, args, at)] = waiting(station)
    assert (args["order"]["kind"], args["order"]["tries"]) == ("dari_masa_depan", 0)
    assert at > datetime.now(UTC)


def test_arguments_of_a_newer_form_are_left_for_others(station: Station) -> None:
    errands.carry_out(station, replace(ORDER, form=queue.FORM + 1))
    assert [args["order"]["form"] for _, _, args, _ in waiting(station)] == [queue.FORM + 1]


def test_a_stopped_job_goes_back_without_a_try_counted(station: Station, monkeypatch: pytest.MonkeyPatch) -> None:
    doing(monkeypatch, failing(Stopped()))
    errands.carry_out(station, ORDER)
    [(_, _, args, at)] = waiting(station)
    assert (args["order"]["tries"], at) == (0, None)


def test_a_failing_job_comes_again_later_and_later(station: Station, monkeypatch: pytest.MonkeyPatch) -> None:
    doing(monkeypatch, failing(ValueError("contoh")))
    waits = []
    for tries in range(2):
        errands.carry_out(station, replace(ORDER, name=f"n{tries}", tries=tries))
        waits += [at - datetime.now(UTC) for _, _, args, at in waiting(station) if args["order"]["name"] == f"n{tries}"]
    assert [round(wait.total_seconds(), -1) for wait in waits] == [30, 60]


def test_the_beginning_of_a_night_remembers_why_it_is_tried_again(
    station: Station, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(errands.KINDS, "night_begin", failing(DatabaseError("Cakram penuh", "beri ruang")))
    errands.carry_out(station, queue.begin_order("{}"))
    [(_, _, args, _)] = waiting(station)
    assert "Cakram penuh" in Order.read(args["order"], queue.NIGHT).why


def test_a_job_that_failed_often_enough_is_dead_unless_it_is_a_visit(station: Station) -> None:
    with pytest.raises(KeyError):
        errands.carry_out(station, Order("night_end", "end", {}, tries=2))
    assert waiting(station) == []


def test_a_visit_that_failed_often_enough_is_given_up(station: Station, monkeypatch: pytest.MonkeyPatch) -> None:
    given_up = []
    monkeypatch.setattr(errands, "give_up", lambda parts, run_id, key, why: given_up.append((run_id, key)))
    doing(monkeypatch, failing(ValueError("contoh")))
    errands.carry_out(station, replace(ORDER, tries=2))
    assert given_up == [(1, ("bluesky", "subject", "contoh"))]


def test_a_night_that_ended_untold_is_told_by_whoever_comes_next(
    station: Station, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[Workspace] = []
    monkeypatch.setattr(errands, "tell_night", told.append)
    with station.space.database.write() as session:
        runs.finish_run(session, 1, "{}", True, station.space.clock())
    errands.carry_out(station, queue.end_order(1))
    assert len(told) == 1


def test_a_job_of_a_lost_worker_comes_again_with_a_try_counted(station: Station) -> None:
    errands.revive(station, ORDER)
    assert [args["order"]["tries"] for _, _, args, _ in waiting(station)] == [1]


def test_a_database_of_another_version_ends_the_worker_and_hands_its_job_back(station: Station) -> None:
    with station.space.database.write() as session:
        session.execute(sa.text("update alembic_version set version_num = 'masa_depan'"))
    with pytest.raises(OtherVersion):
        errands.carry_out(station, ORDER)
    assert len(waiting(station)) == 1


def test_workers_of_a_province_also_take_what_belongs_to_nobody() -> None:
    assert queue.queues_of(["33"]) == ["malam", "kerja", "wilayah-", "wilayah-33"]
    assert queue.queues_of([]) is None


def test_a_visit_lies_with_the_workers_of_its_province() -> None:
    visit = PlannedVisit("bluesky", Direction.SUBJECT, "did:plc:contoh", None, "33", "bluesky#33#1")
    order = queue.visit_order(7, visit)
    assert (order.queue, order.lock) == ("wilayah-33", "bluesky#33#1")
    assert order.name.startswith(queue.visit_prefix(7))


def test_the_state_tells_jobs_by_kind_and_living_workers(station: Station) -> None:
    put(station, ORDER)
    with station.space.database.read() as session:
        state = queue_tables.state(session)
    assert (state.jobs, state.workers) == ({("visit", "todo"): 1}, 0)


def test_where_no_queue_was_laid_there_is_nothing(postgres_database: Database) -> None:
    with postgres_database.read() as session:
        assert queue_tables.state(session) == queue_tables.QueueState({}, 0)
