"""What officers captured is read again too: record by record, with the reader that took it."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from db.connect import open_database
from monitor import installation
from tests.cli.terminal import pantau
from tests.peers.registers import write_registers
from tests.peers.world import make_world
from tests.scan.offices import REGISTERS
from tests.scan.rows import contents, differences
from tests.scrapers.captured_items import line, tweet, x_user

CONFIG = '[agency]\nname = "Bawaslu Kabupaten Contoh"\njurisdiction = "99.01"\n'
WORLD = make_world(5, datetime(2024, 10, 5, tzinfo=UTC))
POST = tweet(1, "Contoh Bangkit! #BusiMenang", core=x_user("7001", "busi_contoh"))
OWN_POST = tweet(4, "Saya dukung penuh BUDI CONTOH dan SITI TELADAN.", core=x_user("7101", "asn01_contoh"))
LATER = tweet(5, "Saya juga dukung BUDI CONTOH.", core=x_user("7102", "asn02_contoh"))


@pytest.fixture
def home(tmp_path: Path, sqlite_template: Path) -> Path:
    home = tmp_path / "office"
    (home / "data").mkdir(parents=True)
    shutil.copyfile(sqlite_template, home / "data" / "pantau.db")
    (home / "pantau.toml").write_text(CONFIG, encoding="utf-8")
    installation.create(home)
    write_registers(tmp_path / "register", WORLD, "x", {a.key: f"{a.key}_contoh" for a in WORLD.actors})
    accounts = tmp_path / "register" / "akun.csv"
    rows = accounts.read_text(encoding="utf-8").splitlines(keepends=True)
    accounts.write_text("".join(row for row in rows if "asn02_contoh" not in row), encoding="utf-8")
    for kind, name in REGISTERS:
        assert pantau(home, "roster", "import", kind.value, str(tmp_path / "register" / name)).exit_code == 0
    accounts.write_text(rows[0] + next(row for row in rows if "asn02_contoh" in row), encoding="utf-8")
    captured = tmp_path / "tangkapan.ndjson"
    captured.write_bytes(b"".join(line(item, "twitter.com") for item in (POST, OWN_POST, LATER)))
    done = pantau(home, "import", str(captured), "--collector", "rina")
    assert done.exit_code in (0, 1), done.output
    return home


def remapped(home: Path, *more: str) -> dict[str, Any]:
    done = pantau(home, "sources", "remap", "x", "--json", *more)
    told: dict[str, Any] = json.loads(done.output)
    return told


def held(home: Path) -> Any:
    database = open_database(f"sqlite:///{home / 'data' / 'pantau.db'}")
    found = contents(database)
    database.dispose()
    return found


def test_captured_records_are_read_again_and_nothing_changes(home: Path) -> None:
    before = held(home)
    told = remapped(home)
    assert (told["ok"], told["unread"]) == (True, {}), told
    assert told["answers"] > 0
    assert differences(before, held(home)) == {}


def test_somebody_registered_after_the_import_is_not_looked_for_in_it(home: Path, tmp_path: Path) -> None:
    more = pantau(home, "roster", "import", "akun", str(tmp_path / "register" / "akun.csv"))
    assert more.exit_code == 0, more.output
    told = remapped(home)
    assert told["interactions"]["new"] == []


def test_no_record_is_left_lying_unsealed(home: Path) -> None:
    remapped(home)
    assert not list((home / "data" / "evidence").glob(".baca-ulang-*"))
