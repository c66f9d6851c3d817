from __future__ import annotations

import json
import os
import shutil
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from importlib import import_module
from pathlib import Path

import pytest

from db import audit, evidence_files, planned_visits, runs, snapshot
from db.connect import Database, open_database
from monitor.backup import take
from monitor.backup.layout import evidence_names
from monitor.domain import Hindrance, Job
from monitor.errors import EvidenceError
from monitor.jobs import errands
from monitor.last_words import LastWords
from monitor.scan.plan import ScanOrder
from monitor.scan.spread import asked_as_json
from monitor.settings import load_settings
from monitor.workspace import workspace
from tests.cli.terminal import pantau
from tests.conftest import PostgresServer
from tests.peers.warm import start


def rows(url: str) -> dict[str, int]:
    database = open_database(url)
    try:
        with database.read() as session:
            return snapshot.sizes(session)
    finally:
        database.dispose()


def grown(before: dict[str, int], **more: int) -> dict[str, int]:
    return {name: count + more.get(name, 0) for name, count in before.items()}


def made(home: Path, directory: Path, *options: str) -> dict[str, object]:
    done = pantau(home, "backup", str(directory), "--json", *options)
    assert done.exit_code == 0, done.output
    found: dict[str, object] = json.loads(done.stdout)
    return found


def key_of(home: Path, folder: Path) -> Path:
    """The office's key as it lies in its safe."""
    return Path(shutil.copy(home / "data/keys/cadangan.key", folder / "brankas.key"))


def purged(home: Path, body: Path) -> None:
    """Remove a body as retention does: on the record."""
    database = open_database(f"sqlite:///{home / 'data/pantau.db'}")
    with database.write() as session:
        evidence_files.note_purged(session, [body.name], "program", "uji", datetime.now(UTC))
    database.dispose()
    body.unlink()


@pytest.fixture
def backed_up(home: Path, tmp_path: Path) -> Path:
    made(home, tmp_path / "cadangan")
    return tmp_path / "cadangan"


@pytest.fixture
def empty_postgres(postgres_server: PostgresServer) -> Iterator[str]:
    name = postgres_server.create("template0")
    yield postgres_server.url(name)
    postgres_server.drop(name)


def test_a_backup_brought_back_on_another_machine_is_whole(home: Path, backed_up: Path, tmp_path: Path) -> None:
    before = rows(load_settings(home).url)
    done = pantau(tmp_path / "baru", "restore", str(backed_up), "--identity", str(key_of(home, tmp_path)))
    assert done.exit_code == 0, done.output
    there = rows(load_settings(tmp_path / "baru").url)
    # the backup's own row was written after the database was taken; the restore wrote one of its own
    assert there == grown(before, audit_log=0, audit_detail=0)
    assert pantau(tmp_path / "baru", "verify").exit_code == 0


def test_what_failed_to_start_before_a_backup_is_not_told_where_it_is_brought_back(home: Path, tmp_path: Path) -> None:
    LastWords(home / "data").add(Job.NIGHTLY, Hindrance.DISK_FULL, datetime(2026, 11, 20, 18, tzinfo=UTC))
    made(home, tmp_path / "cadangan")
    key, new = str(key_of(home, tmp_path)), tmp_path / "baru"
    done = pantau(new, "restore", str(tmp_path / "cadangan"), "--identity", key)
    assert (done.exit_code, LastWords(new / "data").read()) == (0, ())


def test_an_office_moves_from_sqlite_to_postgresql_and_back(
    home: Path, backed_up: Path, tmp_path: Path, empty_postgres: str
) -> None:
    text = (home / "pantau.toml").read_text(encoding="utf-8")
    on_postgres, back = tmp_path / "baru", tmp_path / "kembali"
    for folder, settings in ((on_postgres, f'database_url = "{empty_postgres}"\n{text}'), (back, text)):
        folder.mkdir()
        (folder / "pantau.toml").write_text(settings, encoding="utf-8")
    key = str(key_of(home, tmp_path))
    done = pantau(on_postgres, "restore", str(backed_up), "--identity", key)
    assert done.exit_code == 0, done.output
    assert rows(empty_postgres) == rows(load_settings(home).url)
    made(on_postgres, tmp_path / "kedua")  # writes an audit row: new rows are numbered behind the restored ones
    done = pantau(back, "restore", str(tmp_path / "kedua"), "--identity", key)
    assert done.exit_code == 0, done.output
    assert rows(load_settings(back).url) == rows(empty_postgres)


@pytest.mark.parametrize("name", [".", "data", "data/keys", "data/keys/cadangan", "data/evidence/cadangan", "aturan"])
def test_a_folder_of_what_is_backed_up_takes_no_backups(home: Path, name: str) -> None:
    before = sorted(home.rglob("*"))
    done = pantau(home, "backup", str(home / name))
    assert done.exit_code == 2
    assert "bagian dari yang dicadangkan" in done.stderr
    assert sorted(home.rglob("*")) == before


def test_a_folder_of_its_own_in_the_workspace_takes_backups(home: Path) -> None:
    assert made(home, home / "data" / "cadangan")["problems"] == []


def test_nothing_in_a_backup_can_be_read_without_the_key(home: Path, backed_up: Path) -> None:
    assert b"CONTOH" in (home / "data/pantau.db").read_bytes()
    for path in backed_up.rglob("*"):
        assert not path.is_file() or b"CONTOH" not in path.read_bytes(), path


def test_a_key_that_does_not_open_the_backup_is_said(home: Path, backed_up: Path, tmp_path: Path) -> None:
    other = tmp_path / "lain"
    assert pantau(other, "init", str(other)).exit_code == 0
    made(other, tmp_path / "cadangan-lain")
    done = pantau(tmp_path / "baru", "restore", str(backed_up), "--identity", str(other / "data/keys/cadangan.key"))
    assert done.exit_code != 0
    assert "tidak terbuka dengan kunci ini" in done.output
    assert not (tmp_path / "baru/data/pantau.db").exists()


def test_over_a_broken_database_the_backup_asks_for_it_to_be_put_aside(home: Path, backed_up: Path) -> None:
    file = home / "data" / "pantau.db"
    file.write_bytes(bytes(range(256)) * 64)
    done = pantau(home, "restore", str(backed_up))
    assert done.exit_code == 1
    assert f"`mkdir -p {home / 'rusak'} && mv {file}* {home / 'rusak'}`" in done.output
    (home / "rusak").mkdir()
    for path in file.parent.glob("pantau.db*"):
        path.rename(home / "rusak" / path.name)
    assert pantau(home, "restore", str(backed_up)).exit_code == 0


def test_a_broken_database_that_was_put_aside_is_no_part_of_a_backup_and_stays(home: Path, tmp_path: Path) -> None:
    aside = home / "rusak" / "pantau.db"
    aside.parent.mkdir()
    aside.write_bytes(b"rusak")
    made(home, tmp_path / "cadangan")
    other = tmp_path / "baru"
    key = str(home / "data/keys/cadangan.key")
    assert pantau(other, "restore", str(tmp_path / "cadangan"), "--identity", key).exit_code == 0
    assert not (other / "rusak").exists()
    assert aside.read_bytes() == b"rusak"


def test_what_lies_beside_what_was_restored_is_told(home: Path, backed_up: Path) -> None:
    for path in (home / "data").glob("pantau.db*"):
        path.unlink()
    rule, body = home / "aturan" / "dari-dahulu.yml", home / "data" / "evidence" / "ab" / ("ab" * 32)
    for path in (rule, body):
        path.parent.mkdir(exist_ok=True)
        path.write_text("sisa")
    done = pantau(home, "restore", str(backed_up))
    assert done.exit_code == 0, done.output
    assert "aturan/dari-dahulu.yml tidak ada dalam cadangan dan dibiarkan" in done.output
    assert "1 berkas bukti tidak disebut cadangan dan dibiarkan; lihat `pantau evidence verify`" in done.output


def test_what_is_restored_into_a_new_folder_is_closed_to_others(home: Path, backed_up: Path, tmp_path: Path) -> None:
    key = key_of(home, tmp_path)
    usual = os.umask(0o022)
    try:
        done = pantau(tmp_path / "baru", "restore", str(backed_up), "--identity", str(key))
    finally:
        os.umask(usual)
    assert done.exit_code == 0, done.output
    open_to_others = [name for name in ("data", "data/evidence", "data/keys", "roster")
                      if (tmp_path / "baru" / name).stat().st_mode & 0o077]  # fmt: skip
    assert open_to_others == []


def test_workers_go_on_with_a_night_that_was_open_when_the_backup_was_taken(home: Path, tmp_path: Path) -> None:
    with workspace(home) as space, space.database.write() as session:
        run = runs.open_run(session, ScanOrder().query, space.clock(), timedelta(hours=12)).id
        planned_visits.plan(session, run, (), asked_as_json(ScanOrder(), marked=True), space.clock())
    made(home, tmp_path / "cadangan")
    key = str(key_of(home, tmp_path))
    assert pantau(tmp_path / "baru", "restore", str(tmp_path / "cadangan"), "--identity", key).exit_code == 0
    with workspace(tmp_path / "baru") as space:
        errands.ensure_equipped(space)


def test_locks_of_processes_are_no_part_of_a_backup(home: Path, tmp_path: Path) -> None:
    lock = home / "data" / "pemindaian.lock"
    lock.write_text("4711", encoding="utf-8")
    made(home, tmp_path / "cadangan")
    lock.write_text("4712", encoding="utf-8")
    for path in (home / "data").glob("pantau.db*"):
        path.unlink()
    done = pantau(home, "restore", str(tmp_path / "cadangan"))
    assert done.exit_code == 0
    assert ".lock" not in done.output
    assert lock.read_text(encoding="utf-8") == "4712"


def test_a_workspace_with_data_is_never_written_over(home: Path, backed_up: Path) -> None:
    before = (home / "pantau.toml").read_bytes()
    done = pantau(home, "restore", str(backed_up))
    assert done.exit_code == 3
    assert "sudah berisi data" in done.output
    assert (home / "pantau.toml").read_bytes() == before


@pytest.mark.parametrize("name", ["cadangan.age", "isi.json"])
def test_a_changed_backup_is_refused(home: Path, backed_up: Path, tmp_path: Path, name: str) -> None:
    (path,) = backed_up.glob(f"*/{name}")
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(bytes(data))
    done = pantau(tmp_path / "baru", "restore", str(backed_up), "--identity", str(key_of(home, tmp_path)))
    assert done.exit_code != 0
    assert not (tmp_path / "baru/data/pantau.db").exists()


@pytest.mark.parametrize("line", ["5 ../rahasia", "5 /etc/passwd", "5 aa/../../rahasia", "5 ..", "lima aa/b", "5 "])
def test_a_list_of_evidence_leads_nowhere_else(tmp_path: Path, line: str) -> None:
    (tmp_path / "bukti.txt").write_text(f"3 aa/aab\n4 warc/run-000001.warc.gz.sealed\n{line}\n", encoding="utf-8")
    found = evidence_names(tmp_path)
    assert [next(found), next(found)] == [("aa/aab", 3), ("warc/run-000001.warc.gz.sealed", 4)]
    with pytest.raises(EvidenceError, match=r"Baris 3 .* berubah"):
        next(found)


def test_lost_evidence_is_named_and_a_second_try_goes_on(home: Path, backed_up: Path, tmp_path: Path) -> None:
    key = str(key_of(home, tmp_path))
    body = next(path for path in sorted((backed_up / "bukti").glob("??/*")))
    kept = body.read_bytes()
    body.unlink()
    done = pantau(tmp_path / "baru", "restore", str(backed_up), "--identity", key)
    assert done.exit_code != 0
    assert body.name in done.output
    body.write_bytes(kept)
    assert pantau(tmp_path / "baru", "restore", str(backed_up), "--identity", key).exit_code == 0


def a_second_later() -> None:
    """Backups are named by the second in which they were taken."""
    time.sleep(1.1)


def test_a_second_backup_copies_no_evidence_again(home: Path, backed_up: Path) -> None:
    a_second_later()
    assert made(home, backed_up)["new_evidence"] == 0


def test_an_archive_written_anew_is_copied_again_and_older_backups_stay_of_use(
    home: Path, backed_up: Path, tmp_path: Path
) -> None:
    (archive,) = (home / "data/evidence/warc").iterdir()
    copied = backed_up / "bukti/warc" / archive.name
    kept = archive.read_bytes()
    for number, anew in enumerate((kept[:99] + bytes([kept[99] ^ 1]) + kept[100:], kept + b"x")):
        archive.write_bytes(anew)
        a_second_later()
        assert made(home, backed_up)["new_evidence"] == 1
        assert copied.read_bytes() == anew
        first = min(path.name for path in backed_up.glob("20*"))
        done = pantau(tmp_path / f"baru{number}", "restore", str(backed_up), "--at", first,
                      "--identity", str(key_of(home, tmp_path)))  # fmt: skip
        assert done.exit_code == 0, done.output


def test_old_backups_go_with_the_evidence_that_only_they_name(home: Path, backed_up: Path) -> None:
    (body, *_) = sorted((home / "data/evidence").glob("??/*"))
    purged(home, body)
    for _ in range(2):
        a_second_later()
        pantau(home, "backup", str(backed_up), "--keep", "2")
    assert len(list(backed_up.glob("2*"))) == 2
    assert not (backed_up / "bukti" / body.parent.name / body.name).exists()


def test_a_backup_that_a_wrong_clock_dated_ahead_costs_no_fresh_one(home: Path, backed_up: Path) -> None:
    (first,) = backed_up.glob("2*")
    first.rename(first.with_name("2099-01-01T000000Z"))
    taken = made(home, backed_up, "--keep", "1")
    assert [str(folder) for folder in backed_up.glob("2*")] == [taken["folder"]]


def test_a_backup_of_damaged_data_is_kept_and_says_so(home: Path, tmp_path: Path) -> None:
    (body, *_) = sorted((home / "data/evidence").glob("??/*"))
    body.unlink()
    done = pantau(home, "backup", str(tmp_path / "cadangan"))
    assert done.exit_code == 1
    assert body.name in done.output
    assert list((tmp_path / "cadangan").glob("*/isi.json"))


def test_what_a_killed_backup_left_is_cleared_and_nothing_half_counts(home: Path, tmp_path: Path) -> None:
    directory = tmp_path / "cadangan"
    for pause in (0.3, 0.6, 0.9):
        run = start(["--workspace", str(home), "backup", str(directory)], os.environ)
        time.sleep(pause)
        run.kill()
        run.communicate()
    for folder in directory.glob("2*"):
        shutil.rmtree(folder)  # one may have been finished before it was killed
    assert made(home, directory)["problems"] == []
    assert not list(directory.glob(".2*"))
    assert not list((home / "data").glob(".cadangan-*"))


def test_work_goes_on_while_a_backup_is_taken(home: Path, tmp_path: Path) -> None:
    database = open_database(load_settings(home).url)
    stop = threading.Event()
    writer = threading.Thread(target=written, args=(database, stop))
    writer.start()
    try:
        taken = made(home, tmp_path / "cadangan")
    finally:
        stop.set()
        writer.join()
        database.dispose()
    assert taken["problems"] == []
    done = pantau(tmp_path / "baru", "restore", str(tmp_path / "cadangan"), "--identity", str(key_of(home, tmp_path)))
    assert done.exit_code == 0, done.output


def written(database: Database, stop: threading.Event) -> None:
    while not stop.is_set():
        with database.write() as session:
            audit.record(session, actor="contoh", action="contoh", subject="contoh:1", detail={}, now=datetime.now(UTC))
        stop.wait(0.002)


@pytest.mark.parametrize(("named", "older"), [("data/kantor.db", False), ("kantor.db", False), ("kantor.db", True)])
def test_a_database_file_of_another_name_comes_back_once(
    home: Path, tmp_path: Path, named: str, older: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if older:  # backups of before held the file itself beside its snapshot
        import_module("monitor.backup.restore")  # which leaves the file out: it must not be first to meet the patch
        monkeypatch.setattr(take, "database_files", lambda _: set())
    monkeypatch.chdir(tmp_path)  # the file is named from the workspace wherever one stands
    (home / "data" / "pantau.db").rename(home / named)
    config = home / "pantau.toml"
    config.write_text(f'database_url = "sqlite:///{named}"\n{config.read_text()}')
    before = rows(load_settings(home).url)
    made(home, tmp_path / "cadangan")
    done = pantau(tmp_path / "baru", "restore", str(tmp_path / "cadangan"), "--identity", str(key_of(home, tmp_path)))
    assert done.exit_code == 0, done.output
    assert rows(load_settings(tmp_path / "baru").url) == grown(before, audit_log=1, audit_detail=1)
    assert (tmp_path / "baru" / named).is_file()
