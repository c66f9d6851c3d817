"""A disk that fills up: whatever was being written ends in plain words, and with room again nothing is lost."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from fastapi.testclient import TestClient

from db.connect import Database
from db.tables import import_file, interaction, upload
from monitor.backup.layout import backups
from monitor.web.app import create_app
from tests.cli.terminal import pantau
from tests.safety.trials import Offices, Trial, disk
from tests.web import bringing
from tests.web.browsing import sign_in, submit, words

pytestmark = pytest.mark.slow

KB = 1024
PLENTY = 1 << 30
NEWCOMER = "197101011996012999,PEGAWAI CONTOH BARU,pns,Dinas Contoh,Pelaksana,99.01,"


@pytest.mark.parametrize(("folder", "room"), [("data/evidence", 48 * KB), ("data", 300 * KB), ("data", 1500 * KB)])
def test_a_night_on_a_full_disk_is_finished_by_the_next_one(
    offices: Offices, trial: Trial, folder: str, room: int
) -> None:
    with disk(trial.home / folder, room) as small:
        trial.run("scan", "--json").assert_plain(1, "cakram")
        small.holds(PLENTY)
        trial.assert_nothing_half_written()
        trial.finish()
        trial.assert_same(offices.undisturbed)


def test_a_night_that_a_full_disk_kept_from_beginning_is_told_by_the_next_one(trial: Trial) -> None:
    with disk(trial.home / "data", 4 * KB) as small:
        trial.run("schedule", "once", "nightly").assert_plain(1)
        small.holds(PLENTY)
        trial.run("schedule", "once", "nightly")
        told = json.loads(trial.run("night", "--json").out)
    (found,) = [fault for fault in told["faults"] if fault["kind"] == "start_failed"]
    assert "pemindaian malam (" in found["words"]


def write_no_line() -> None:
    os.dup2(os.open("/dev/full", os.O_WRONLY), 2)


def test_a_night_whose_log_is_full_goes_on_and_says_so(offices: Offices, trial: Trial) -> None:
    done = trial.run("--log-json", "scan", "--json", before=write_no_line)
    assert "log_lost" in {issue["kind"] for issue in json.loads(done.out)["issues"]}
    trial.assert_same(offices.undisturbed)


def print_nothing() -> None:
    os.dup2(os.open("/dev/full", os.O_WRONLY), 1)


def test_a_night_whose_printed_summary_finds_no_room_is_done_and_says_so(
    trial: Trial,
) -> None:
    done = trial.run("scan", before=print_nothing)
    done.assert_plain(1, "keluaran perintah ini tidak dapat ditulis: cakram penuh", "pantau night")
    assert json.loads(trial.run("night", "--json").out)["finished"]


def test_a_backup_onto_a_full_disk_says_that_it_is_the_backup_that_has_no_room(
    after_a_night: Offices, tmp_path: Path
) -> None:
    trial, goal = after_a_night.trial(), tmp_path / "cadangan"
    goal.mkdir()
    with disk(goal, 64 * KB) as small:
        trial.run("backup", str(goal)).assert_plain(1, f"Cadangan bukti tidak dapat disimpan di {goal}", "cakram penuh")
        small.holds(PLENTY)
        assert trial.run("backup", str(goal)).code == 0


def test_a_report_on_a_full_disk_leaves_nothing_half_written(after_a_night: Offices) -> None:
    trial = after_a_night.trial()
    report = ("report", "weekly", "--format", "xlsx,pdf,html,csv,json")
    with disk(trial.home / "data" / "reports", 8 * KB) as small:
        trial.run(*report).assert_plain(1, "cakram penuh")
        trial.assert_nothing_half_written()
        small.holds(PLENTY)
        done = trial.run(*report, "--json")
        assert done.code == 0, done.told
        assert all(Path(file["path"]).stat().st_size for file in json.loads(done.out)["files"])


def test_a_backup_to_a_full_disk_counts_for_nothing_and_harms_no_older_one(
    after_a_night: Offices, tmp_path: Path
) -> None:
    trial, goal = after_a_night.trial(), tmp_path / "cadangan"
    with disk(goal, PLENTY) as small:
        assert trial.run("backup", str(goal)).code == 0
        kept = backups(goal)
        small.holds(small.used() + 60 * KB)
        trial.later(minutes=1)
        trial.run("backup", str(goal), "--keep", "1").assert_plain(1)
        assert backups(goal) == kept
        assert not list(goal.glob(".2*"))
        small.holds(PLENTY)
        restored = trial.run("restore", str(goal))
        restored.assert_plain(3, "sudah berisi data")  # the office itself is untouched
        other = Trial(tmp_path / "baru", f"sqlite:///{tmp_path / 'baru' / 'data' / 'pantau.db'}")
        back = other.run("restore", str(goal), "--identity", str(trial.home / "data/keys/cadangan.key"))
        assert back.code == 0, back.told


def test_a_backup_without_room_beside_the_data_says_so_and_clears_up(after_a_night: Offices, tmp_path: Path) -> None:
    trial = after_a_night.trial()
    with disk(trial.home / "data", 200 * KB) as small:
        trial.run("backup", str(tmp_path / "cadangan")).assert_plain(1)
        assert not list((trial.home / "data").glob(".cadangan-*"))
        assert backups(tmp_path / "cadangan") == []
        small.holds(PLENTY)
        assert trial.run("backup", str(tmp_path / "cadangan")).code == 0


def test_an_import_of_a_register_on_a_full_disk_is_all_or_nothing(after_a_night: Offices, tmp_path: Path) -> None:
    trial, source = after_a_night.trial(), tmp_path / "asn.csv"
    head = (trial.home / "peragaan" / "asn.csv").read_text(encoding="utf-8").splitlines()[0]
    source.write_text(f"{head}\n{NEWCOMER}\n", encoding="utf-8")
    before = trial.rows()
    with disk(trial.home / "roster", 0) as small:
        trial.run("roster", "import", "asn", str(source)).assert_plain(1, "cakram penuh")
        assert trial.rows() == before
        trial.assert_nothing_half_written()
        small.holds(PLENTY)
        assert trial.run("roster", "import", "asn", str(source)).code == 0
    assert trial.rows()["asn"].total() == before["asn"].total() + 1


@pytest.fixture
def console(tmp_path: Path, sqlite_database: Database, password_hash: str) -> Iterator[TestClient]:
    """A browser of an officer at a console that takes files."""
    office = bringing.office_with_register(tmp_path / "kantor", sqlite_database)
    bringing.add_users(sqlite_database, password_hash)
    with bringing.console_deps(office) as deps:
        client = TestClient(create_app(deps), base_url="http://localhost:8000", follow_redirects=False)
        sign_in(client, "rina")
        yield client
        client.app.state.background.close()  # type: ignore[attr-defined]  # FastAPI's own
        client.close()


def stored(database: Database) -> tuple[int, int, int]:
    with database.read() as session:
        return tuple(  # type: ignore[return-value]  # three tables
            session.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()
            for table in (upload, import_file, interaction)
        )


def test_an_upload_to_a_full_disk_is_told_and_leaves_nothing(
    console: TestClient, sqlite_database: Database, tmp_path: Path
) -> None:
    folder = tmp_path / "kantor" / "data" / "uploads"
    with disk(folder, 0) as small:
        answer = bringing.send(console, bringing.CAPTURE)
        assert answer.status_code >= 400
        assert "cakram penuh" in words(answer).lower()
        assert (stored(sqlite_database), list(folder.iterdir())) == ((0, 0, 0), [])
        small.holds(PLENTY)
        path = bringing.send(console, bringing.CAPTURE).headers["location"]
        submit(console, bringing.settled(console, path), f"{path}/masukkan")
        bringing.settled(console, path)
        assert stored(sqlite_database) == (1, 1, 1)


def test_an_import_without_room_for_evidence_is_told_and_can_be_repeated(
    console: TestClient, sqlite_database: Database, tmp_path: Path
) -> None:
    home, file = tmp_path / "kantor", tmp_path / "tangkapan.ndjson"
    file.write_bytes(bringing.CAPTURE)
    with disk(home / "data" / "evidence", 0) as small:
        done = pantau(home, "import", str(file), "--collector", "rina")
        assert done.exit_code == 1
        assert "cakram penuh" in done.output
        small.holds(PLENTY)
        for _ in range(2):
            assert pantau(home, "import", str(file), "--collector", "rina").exit_code == 0
    assert stored(sqlite_database)[2] == 1
