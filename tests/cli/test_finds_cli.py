"""An officer enters a find on the command line, with a password, and nobody else learns who reported it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from db.connect import Database
from monitor.cli.main import app
from tests.peers.registers import write_registers
from tests.peers.world import make_world
from tests.scan.offices import make_office

CONFIG = '[agency]\nname = "Bawaslu Kabupaten Contoh"\njurisdiction = "99.01"\n'
POST = "https://x.com/asn01_contoh/status/1845000000000000001"
TEXT = "Saya dukung penuh BUDI CONTOH dan SITI TELADAN, menangkan!"


@pytest.fixture
def home(tmp_path: Path, sqlite_database: Database) -> Path:
    office = make_office(tmp_path / "office", sqlite_database, CONFIG)
    world = make_world(5, datetime(2024, 10, 5, tzinfo=UTC))
    write_registers(tmp_path / "register", world, "x", {a.key: f"{a.key}_contoh" for a in world.actors})
    office.register(tmp_path / "register")
    for name, role in (("rina", "pengawas"), ("koko", "koordinator")):
        added = pantau(office.home, "users", "add", name, "--role", role, "--jurisdiction", "99.01")
        assert added.exit_code == 0, added.output
    return office.home


def pantau(home: Path, *arguments: str, words: str = "kata-sandi-contoh-1\n") -> Result:
    return CliRunner().invoke(app, ["--workspace", str(home), *arguments], input=words, env={"COLUMNS": "200"})


def add(home: Path, *more: str) -> Result:
    return pantau(
        home, "finds", "add", "--kind", "laporan", "--act", "post", "--url", POST, "--text", TEXT, "--as", "rina", *more
    )


def test_a_find_is_entered_and_judged(home: Path) -> None:
    done = add(home, "--json")
    assert json.loads(done.stdout)["cases"]["new"] == 1, done.output


def test_a_wrong_password_enters_nothing(home: Path) -> None:
    arguments = ("finds", "add", "--kind", "pengawasan", "--act", "post", "--url", POST, "--text", TEXT, "--as", "rina")
    assert pantau(home, *arguments, words="bukan kata sandinya\n").exit_code != 0


def test_the_list_names_no_reporter(home: Path, tmp_path: Path) -> None:
    (tmp_path / "pelapor.txt").write_text("PELAPOR REKAAN\n0800-0000\n", encoding="utf-8")
    add(home, "--reporter-file", str(tmp_path / "pelapor.txt"))
    assert "PELAPOR" not in pantau(home, "finds", "list", "--as", "rina", "--json").stdout


def test_a_coordinator_opens_the_reporter(home: Path, tmp_path: Path) -> None:
    (tmp_path / "pelapor.txt").write_text("PELAPOR REKAAN\n0800-0000\n", encoding="utf-8")
    add(home, "--reporter-file", str(tmp_path / "pelapor.txt"))
    shown = pantau(home, "finds", "reporter", "1", "--reason", "klarifikasi", "--as", "koko", "--json")
    assert json.loads(shown.stdout)["name"] == "PELAPOR REKAAN"


def test_an_unregistered_account_is_refused_with_exit_3(home: Path) -> None:
    assert add(home, "--account", "tetangga_rekaan").exit_code == 3


def test_a_reporter_of_an_officers_find_is_wrong_use(home: Path, tmp_path: Path) -> None:
    (tmp_path / "pelapor.txt").write_text("PELAPOR REKAAN\n", encoding="utf-8")
    file = str(tmp_path / "pelapor.txt")
    arguments = ("finds", "add", "--kind", "pengawasan", "--act", "post", "--url", POST, "--as", "rina")
    assert pantau(home, *arguments, "--reporter-file", file).exit_code == 2
