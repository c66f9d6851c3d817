"""A SQLite file with a broken page: named by `verify`, told by every command, never written on, brought back whole."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from db.pages import damaged
from monitor.backup.layout import backups
from tests.safety.trials import Offices, Trial

pytestmark = pytest.mark.slow

COMMANDS = (("scan", "--json"), ("report", "weekly", "--format", "json"), ("queue", "list"))
HEAD = "sqlite_schema"


def file_of(trial: Trial) -> Path:
    return trial.home / "data" / "pantau.db"


def break_page(path: Path, table: str) -> None:
    """Overwrite the first page of a table, as a failing disk does."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        size = connection.execute("PRAGMA page_size").fetchone()[0]
        asked = "SELECT rootpage FROM sqlite_master WHERE name = ?"
        number = 1 if table == HEAD else connection.execute(asked, (table,)).fetchone()[0]
    with path.open("r+b") as file:
        file.seek((number - 1) * size)
        file.write(b"\xa5" * size)


@pytest.mark.parametrize("table", ["interaction", "review_case", "alembic_version", HEAD])
def test_a_broken_page_is_named_told_and_never_written_on(after_a_night: Offices, table: str) -> None:
    trial = after_a_night.trial()
    path = file_of(trial)
    break_page(path, table)
    broken = path.read_bytes()
    checked = trial.run("verify", "--json")
    checked.assert_plain(1, "rusak", "docs/cadangan.md")
    problems = json.loads(checked.out)["problems"]
    assert {problem["invariant"] for problem in problems} == {"halaman"}
    assert table == HEAD or any(f"tabel {table}" in problem["detail"] for problem in problems)
    for command in COMMANDS:
        said = trial.run(*command)
        assert "Traceback" not in said.told
        if said.code:
            said.assert_plain(1, "rusak", "cadangan")
    assert table != HEAD or path.read_bytes() == broken


def test_a_broken_office_is_brought_back_from_its_backup_and_takes_up_its_nights(
    after_a_night: Offices, tmp_path: Path
) -> None:
    trial, goal = after_a_night.trial(), tmp_path / "cadangan"
    assert trial.run("backup", str(goal)).code == 0
    kept = backups(goal)
    break_page(file_of(trial), "interaction")
    trial.later(minutes=1)
    trial.run("backup", str(goal), "--keep", "1").assert_plain(1, "pantau: ")
    assert backups(goal) == kept
    for path in file_of(trial).parent.glob("pantau.db*"):
        path.rename(path.with_name(f"rusak-{path.name}"))
    back = trial.run("restore", str(goal))
    assert back.code == 0, back.told
    trial.finish()
    trial.assert_same(after_a_night.undisturbed)


def test_a_sound_file_has_no_damage(after_a_night: Offices) -> None:
    trial = after_a_night.trial()
    assert damaged(trial.url) == []


def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    (tmp_path / "pantau.db").write_bytes(b"bukan basis data " * 500)
    assert damaged(f"sqlite:///{tmp_path / 'pantau.db'}") == ["file is not a database"]
