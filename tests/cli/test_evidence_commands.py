"""Evidence on the command line: checked with every place named, a night's archive opened for a reason only."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path

import sqlalchemy as sa

from db.connect import open_database
from db.tables import audit_detail, audit_log
from monitor.evidence.store import EvidenceStore, name_of
from monitor.vault import Vault
from tests.cli.terminal import PASSWORD, pantau

REASON = ("--reason", "permintaan ahli")


def opening(home: Path, output: Path, *more: str, name: str = "bayu") -> tuple[int, str]:
    done = pantau(home, "evidence", "warc", "1", "--output", str(output), "--json", "--as", name, *more, typed=PASSWORD)
    return done.exit_code, done.output


def test_evidence_as_a_night_left_it_is_whole(home: Path) -> None:
    done = pantau(home, "evidence", "verify", "--json")
    told = json.loads(done.stdout)
    assert (done.exit_code, told["ok"], told["problems"], told["warcs"]) == (0, True, [], 1)


def test_every_changed_place_is_named_and_the_exit_code_says_so(home: Path) -> None:
    files = [path for path in (home / "data" / "evidence").rglob("*") if path.is_file()][:2]
    for path in files:
        path.write_bytes(path.read_bytes()[:-1] + bytes([path.read_bytes()[-1] ^ 1]))
    done = pantau(home, "evidence", "verify")
    assert done.exit_code == 1
    assert all(path.name in done.stderr for path in files), done.output


def test_an_opened_archive_has_the_hash_that_was_written_down(home: Path, tmp_path: Path) -> None:
    output = tmp_path / "malam.warc.gz"
    code, said = opening(home, output, *REASON)
    assert code == 0, said
    told = json.loads(said[said.index("{") :])
    assert hashlib.sha256(output.read_bytes()).hexdigest() == told["sha256"]
    assert output.stat().st_mode & 0o077 == 0


def test_who_opened_an_archive_and_why_is_written_down(home: Path, tmp_path: Path) -> None:
    opening(home, tmp_path / "malam.warc.gz", *REASON)
    database = open_database(f"sqlite:///{home / 'data' / 'pantau.db'}")
    with database.read() as session:
        query = sa.select(audit_log.c.actor, audit_log.c.subject, audit_detail.c.detail).join(audit_detail)
        row = session.execute(query.where(audit_log.c.action == "warc_opened")).one()
    database.dispose()
    assert (row.actor, row.subject, json.loads(row.detail)["reason"]) == ("bayu", "run:1", "permintaan ahli")


def test_an_archive_is_opened_by_coordinators_only(home: Path, tmp_path: Path) -> None:
    code, _ = opening(home, tmp_path / "malam.warc.gz", *REASON, name="rina")
    assert (code, list(tmp_path.glob("malam*"))) == (3, [])


def test_an_archive_is_not_opened_without_a_reason(home: Path, tmp_path: Path) -> None:
    code, said = opening(home, tmp_path / "malam.warc.gz", "--reason", " ")
    assert (code, "beralasan" in said) == (2, True)


def test_no_file_is_overwritten(home: Path, tmp_path: Path) -> None:
    output = tmp_path / "malam.warc.gz"
    output.write_text("penting")
    assert (opening(home, output, *REASON)[0], output.read_text()) == (2, "penting")


def test_a_damaged_archive_is_not_handed_out(home: Path, tmp_path: Path) -> None:
    sealed = next((home / "data" / "evidence" / "warc").iterdir())
    sealed.write_bytes(sealed.read_bytes()[:-1] + bytes([sealed.read_bytes()[-1] ^ 1]))
    code, said = opening(home, tmp_path / "malam.warc.gz", *REASON)
    assert (code, "rusak" in said, list(tmp_path.glob("*malam*"))) == (1, True, [])


def test_files_without_a_row_are_counted_and_removed_on_a_coordinator_s_word(home: Path) -> None:
    root = home / "data" / "evidence"
    store = EvidenceStore(root, Vault.load(home / "data" / "keys"))
    stray = root / name_of(store.put(b"sisa malam"))
    os.utime(stray, (0, 0))
    counted = json.loads(pantau(home, "evidence", "sweep", "--json").stdout)
    assert (counted["files"], counted["applied"], stray.exists()) == (1, False, True)
    asked = ("evidence", "sweep", "--apply", "--as")
    assert pantau(home, *asked, "rina", *REASON, typed=PASSWORD).exit_code == 3
    done = pantau(home, *asked, "bayu", *REASON, typed=PASSWORD)
    assert (done.exit_code, stray.exists()) == (0, False), done.output
    assert pantau(home, "evidence", "verify").exit_code == 0


def test_nobody_removes_evidence_without_a_name(home: Path) -> None:
    assert pantau(home, "evidence", "sweep", "--apply").exit_code == 2
