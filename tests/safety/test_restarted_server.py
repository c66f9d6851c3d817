"""PostgreSQL that goes away and comes back: mid-night and mid-decision, nothing is lost and nothing is done twice."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

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
from monitor.vault import Vault
from tests import casebook
from tests.casebook import NOW
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


def test_a_worker_that_starts_before_its_server_waits_for_it(server: Server, offices: Offices, tmp_path: Path) -> None:
    home = tmp_path / "kantor"
    trial = Trial(home, server.make("pekerja_dini"))
    backup, source = tmp_path / "cadangan", offices.trial()
    assert source.run("backup", str(backup)).code == 0
    back = trial.run("restore", str(backup), "--identity", str(source.home / "data/keys/cadangan.key"))
    assert back.code == 0, back.told
    server.run("stop", "-m", "fast")
    worker = trial.start("worker", "--once")
    until, words = time.monotonic() + LONG, worker.said / "err"
    while not words.exists() or "menunggu sampai ia menjawab" not in words.read_text(encoding="utf-8"):
        assert worker.poll() is None
        assert time.monotonic() < until
        time.sleep(0.05)
    server.run("start")
    _, said = worker.communicate(timeout=LONG)
    assert (worker.returncode, said.count("menunggu sampai ia menjawab")) == (0, 1), said


def test_what_was_done_under_a_lock_that_the_restart_freed_stands(server: Server, database: Database) -> None:
    with locks.hold(database, "contoh"):
        server.run("restart", "-m", "fast")
    assert not locks.is_held(database, "contoh")
    with locks.hold(database, "contoh"):
        assert locks.is_held(database, "contoh")
