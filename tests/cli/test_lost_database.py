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
    lose(home, leave=None)
    assert pantau(home, "init", str(home)).exit_code == 0
    assert pantau(home, "queue", "list").exit_code == 0
