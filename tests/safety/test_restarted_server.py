"""PostgreSQL that goes away and comes back: mid-night and mid-decision, nothing is lost and nothing is done twice."""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa

from db import locks, schema
from db.connect import Database, open_database
from db.events import history
from db.tables import scan_issue, scan_run
from db.verify import verify
from monitor import desk
from monitor.domain import CaseState, DecisionCommand
from monitor.errors import DatabaseError
from monitor.jobs.waiting import await_server
from monitor.vault import Vault
from tests import casebook
from tests.casebook import NOW
from tests.peers.warm import Started
from tests.safety.server import Server, own_server
from tests.safety.trials import LONG, Offices, Trial, at_work

pytestmark = pytest.mark.slow

BEGUN = sa.select(scan_run.c.id).limit(1)
TOLD = sa.select(scan_issue.c.id).where(scan_issue.c.kind == "database_restarted")


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with own_server() as started:
        schema.upgrade(started.make("kosong"))
        yield started


@pytest.fixture
def database(server: Server) -> Iterator[Database]:
    opened = open_database(server.make(f"uji{time.monotonic_ns()}", "kosong"))
    yield opened
    opened.dispose()


def found(trial: Trial, wanted: sa.Select[int]) -> bool:
    with trial.database() as database, database.read() as session:
        return session.execute(wanted).first() is not None


@pytest.mark.parametrize(("how", "moment"), [("fast", 0.1), ("immediate", 0.6)])
def test_a_night_whose_server_is_restarted_is_told_and_stores_act_by_act_what_an_undisturbed_one_does(
    offices: Offices, server: Server, tmp_path: Path, how: str, moment: float
) -> None:
    backup, home = tmp_path / "cadangan", tmp_path / "kantor"
    source = offices.trial()
    assert source.run("backup", str(backup)).code == 0  # the same office and keys, on PostgreSQL
    trial = Trial(home, server.make(f"malam_{how}"))
    back = trial.run("restore", str(backup), "--identity", str(source.home / "data/keys/cadangan.key"))
    assert back.code == 0, back.told
    night = trial.start("scan", "--json")
    assert at_work(night, home)
    while night.poll() is None and not found(trial, BEGUN):
        time.sleep(0.01)
    time.sleep(moment)
    server.run("restart", "-m", how)
    out, said = night.communicate(timeout=LONG)
    assert "Traceback" not in said
    assert night.returncode in {0, 1}
    if night.returncode == 1:
        assert out == ""
        assert "Sambungan ke basis data terputus" in said or "tidak dapat dihubungi" in said, said
    trial.finish()
    assert found(trial, TOLD)
    trial.assert_same(offices.undisturbed)


def test_a_decision_that_the_restart_cut_off_is_not_made_and_can_be_made_again(
    server: Server, database: Database, vault: Vault
) -> None:
    book = casebook.open_book(database, vault)
    case_id = casebook.comment_case(database, book)
    command = DecisionCommand(case_id, CaseState.DITINJAU, "mulai_tinjau", book.rina)
    at_commit = sa.event.listens_for(database.engine, "commit", once=True)
    at_commit(lambda _connection: server.run("restart", "-m", "fast"))
    with pytest.raises(DatabaseError, match="terputus") as said:
        desk.decide(database, command, NOW)
    assert "tetap utuh" in said.value.mend
    assert desk.decide(database, command, NOW).version == 2
    with database.read() as session:
        assert len(history(session, case_id)) == 2
        assert verify(session) == []


def test_a_server_that_is_away_or_knows_no_such_database_says_so_in_words(server: Server) -> None:
    unknown = open_database(server.url("tidak_ada"))
    with pytest.raises(DatabaseError, match=r"menolak sambungan.*tidak_ada"), unknown.read():
        pass
    server.run("stop", "-m", "fast")
    with pytest.raises(DatabaseError, match="tidak dapat dihubungi"), unknown.read():
        pass
    server.run("start")
    unknown.dispose()


@contextmanager
def stopped(server: Server) -> Iterator[None]:
    server.run("stop", "-m", "fast")
    yield
    server.run("start")


@contextmanager
def crowded(server: Server) -> Iterator[None]:
    """Let every connection of the server be taken inside the block."""
    most = 20
    server.run("restart", "-m", "fast", "-o", f"-c max_connections={most} -c superuser_reserved_connections=0")
    with ExitStack() as taken:
        for _ in range(most):
            taken.enter_context(psycopg.connect(server.url("postgres").replace("+psycopg", "")))
        yield


@pytest.fixture
def usual(server: Server) -> Iterator[None]:
    """Bring the server back as it was before the test."""
    yield
    server.run("restart", "-m", "fast")


@pytest.mark.usefixtures("usual")
@pytest.mark.parametrize("away", [stopped, crowded], ids=lambda away: away.__name__)
def test_a_worker_that_starts_before_its_server_has_a_connection_for_it_waits(
    server: Server, offices: Offices, tmp_path: Path, away: Callable[[Server], AbstractContextManager[None]]
) -> None:
    home = tmp_path / "kantor"
    trial = Trial(home, server.make(f"pekerja_{away.__name__}"))
    backup, source = tmp_path / "cadangan", offices.trial()
    assert source.run("backup", str(backup)).code == 0
    back = trial.run("restore", str(backup), "--identity", str(source.home / "data/keys/cadangan.key"))
    assert back.code == 0, back.told
    with away(server):
        worker = begun_in_vain(trial, "worker", "--once")
    _, said = worker.communicate(timeout=LONG)
    assert (worker.returncode, said.count("menunggu sampai ia menjawab")) == (0, 1), said


def test_a_workspace_is_prepared_once_its_server_is_up(server: Server, tmp_path: Path) -> None:
    trial = Trial(tmp_path / "kantor", server.make("disiapkan"))
    with stopped(server):
        preparing = begun_in_vain(trial, "init", str(trial.home), "--wait")
    preparing.communicate(timeout=LONG)
    assert preparing.returncode == 0
    assert trial.run("verify").code == 0


def begun_in_vain(trial: Trial, *command: str) -> Started:
    """Return a command that waits for its server."""
    worker = trial.start(*command)
    until, words = time.monotonic() + LONG, worker.said / "err"
    while not words.exists() or "menunggu sampai ia menjawab" not in words.read_text(encoding="utf-8"):
        assert worker.poll() is None
        assert time.monotonic() < until
        time.sleep(0.05)
    return worker


@pytest.mark.usefixtures("usual")
def test_a_server_whose_connections_are_all_taken_is_told_of_and_asked_again(server: Server) -> None:
    told: list[str] = []
    with ExitStack() as all_taken:
        all_taken.enter_context(crowded(server))
        await_server(server.url("postgres"), lambda _: all_taken.close(), told.append)
    assert told == ["Peladen basis data tidak punya sambungan tersisa; menunggu sampai ia menjawab"]


def test_a_server_that_is_shutting_down_is_waited_for_until_it_is_up_again(server: Server) -> None:
    told: list[str] = []
    last = psycopg.connect(server.url("postgres").replace("+psycopg", ""))
    server.call("pg_ctl", "-D", str(server.data), "-m", "smart", "-W", "stop")

    def come_back(_seconds: float) -> None:
        last.close()
        while (server.data / "postmaster.pid").exists():
            time.sleep(0.02)
        server.run("start")

    with pytest.raises(psycopg.OperationalError, match="the database system is shutting down"):
        psycopg.connect(server.url("postgres").replace("+psycopg", ""))
    await_server(server.url("postgres"), come_back, told.append)
    assert told == ["Peladen basis data tidak dapat dihubungi; menunggu sampai ia menjawab"]


@pytest.mark.usefixtures("usual")
def test_a_line_to_another_machine_that_swallows_what_is_sent_is_given_up_in_time(server: Server) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server.run("restart", "-m", "fast", "-o", f"-h 127.0.0.1 -p {port}")
    opened = open_database(f"postgresql+psycopg://postgres@127.0.0.1:{port}/postgres")
    with opened.read() as session:
        driver: Any = session.connection.driver_connection
        line = socket.socket(fileno=os.dup(driver.fileno()))
        with line:
            assert line.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT) == 90_000
    opened.dispose()


def test_what_was_done_under_a_lock_that_the_restart_freed_stands(server: Server, database: Database) -> None:
    with locks.hold(database, "contoh"):
        server.run("restart", "-m", "fast")
    assert not locks.is_held(database, "contoh")
    with locks.hold(database, "contoh"):
        assert locks.is_held(database, "contoh")
