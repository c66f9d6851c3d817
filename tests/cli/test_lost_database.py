"""A database that is gone is told, and never laid anew in silence beside what the office has kept."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.cli.terminal import pantau

SAID = "Basis data ruang kerja ini kosong atau hilang"


def tables(file: Path) -> list[object]:
    with closing(sqlite3.connect(file)) as connection:
        return connection.execute("select * from sqlite_master").fetchall()


def lose(home: Path, *, leave: bytes | None) -> Path:
    file = home / "data" / "pantau.db"
    for path in file.parent.glob("pantau.db*"):
        path.unlink()
    if leave is not None:
        file.write_bytes(leave)
    return file


@pytest.mark.parametrize("leave", [None, b""])
@pytest.mark.parametrize(
    "command",
    [("scan",), ("schedule", "once", "nightly"), ("schedule", "catch-up"), ("queue", "list"), ("doctor", "--json")],
)
def test_a_database_that_is_gone_or_empty_is_told_by_every_command(
    home: Path, leave: bytes | None, command: tuple[str, ...]
) -> None:
    file = lose(home, leave=leave)
    done = pantau(home, *command)
    assert done.exit_code == 1
    assert SAID in done.output
    assert not file.exists() or tables(file) == []


def test_sealed_copies_of_registers_tell_too_that_a_database_is_gone(home: Path) -> None:
    shutil.rmtree(home / "data" / "evidence")
    (home / "roster" / "20261120T000000Z-abc-asn.csv.sealed").touch()
    lose(home, leave=None)
    assert SAID in pantau(home, "queue", "list").output


def test_an_office_begins_anew_only_when_it_says_so(home: Path) -> None:
    file = lose(home, leave=None)
    refused = pantau(home, "init", str(home))
    assert refused.exit_code == 1
    assert f"{SAID}" in refused.output
    assert "`pantau init DIR --empty`" in refused.output
    assert not file.exists()
    assert pantau(home, "init", str(home), "--empty").exit_code == 0
    assert pantau(home, "queue", "list").exit_code == 0


def test_an_office_that_kept_only_its_key_is_warned_that_its_database_is_new(tmp_path: Path) -> None:
    first = pantau(tmp_path, "init", str(tmp_path))
    again = pantau(tmp_path, "init", str(tmp_path))
    lose(tmp_path, leave=None)
    anew = pantau(tmp_path, "init", str(tmp_path))
    warned = [one.exit_code == 0 and "padahal kuncinya sudah ada" in one.output for one in (first, again, anew)]
    assert warned == [False, False, True]
