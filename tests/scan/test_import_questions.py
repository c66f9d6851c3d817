"""What an import asks, lists, notes and leaves behind when it is stopped."""

from __future__ import annotations

import getpass
import json
import shutil
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from typer.testing import CliRunner, Result

from db.connect import Database, open_database
from db.tables import account, capture, import_file, interaction, item
from monitor import installation
from monitor.cli.main import app
from monitor.errors import ConfigError
from monitor.scan import imports
from monitor.scan.mappings import load_mapping
from tests.peers.registers import write_registers
from tests.peers.world import World, make_world
from tests.scan.offices import REGISTERS
from tests.scan.rows import contents, differences
from tests.scrapers.table_samples import as_csv, written

CONFIG = """
[agency]
name = "Bawaslu Kabupaten Contoh"
jurisdiction = "99.01"

[sources.whatsapp]
enabled = true
mode = "import"
legal_basis = "UU 7/2017"
approved_by = "Kordiv"
approved_at = 2024-10-01
"""
WORLD: World = make_world(5, datetime(2024, 10, 5, tzinfo=UTC))
CHAT = (
    "26/09/24 08.01 - +62 812-3456-7890: Saya dukung penuh BUDI CONTOH dan SITI TELADAN\n"
    "26/09/24 08.02 - +62 811-1111-1111: Setuju\n"
    "26/09/24 08.03 - Pak Tetangga: Setuju juga\n"
)


@pytest.fixture(scope="module")
def registered(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Path:
    """A workspace whose register knows Instagram accounts by handle, and one civil servant by a telephone number."""
    folder = tmp_path_factory.mktemp("asked")
    home = folder / "office"
    (home / "data").mkdir(parents=True)
    shutil.copyfile(sqlite_template, home / "data" / "pantau.db")
    (home / "pantau.toml").write_text(CONFIG, encoding="utf-8")
    installation.create(home)
    write_registers(folder / "register", WORLD, "instagram", {a.key: f"{a.key}.contoh" for a in WORLD.actors})
    accounts = (folder / "register" / "akun.csv").read_text(encoding="utf-8")
    first = accounts.splitlines()[1].split(",")
    header = accounts.splitlines()[0].split(",")
    first[header.index("platform")], first[header.index("akun")] = "WhatsApp", "0812-3456-7890"
    (folder / "register" / "akun.csv").write_text(accounts.rstrip("\n") + "\n" + ",".join(first) + "\n", "utf-8")
    for kind, name in REGISTERS:
        done = pantau(home, "roster", "import", kind.value, str(folder / "register" / name))
        assert done.exit_code == 0, done.output
    return home


@pytest.fixture
def home(registered: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(registered, tmp_path / "office"))


def pantau(home: Path, *arguments: str | Path) -> Result:
    return CliRunner().invoke(app, ["--workspace", str(home), *map(str, arguments)], env={"COLUMNS": "200"})


def database_of(home: Path) -> Database:
    return open_database(f"sqlite:///{home / 'data' / 'pantau.db'}")


def rows(home: Path, table: sa.Table) -> list[Any]:
    with database_of(home).read() as session:
        return list(session.execute(sa.select(table)))


def posts(folder: Path, *handles: str, name: str = "4cat.csv") -> Path:
    columns = "id url body author_id author media_type num_likes num_comments unix_timestamp parent_id"
    made = [
        {"id": f"C4xSample_{n}", "body": "Halo", "author": handle, "unix_timestamp": 1727744400 + n}
        for n, handle in enumerate(handles)
    ]
    path = folder / name
    path.write_text(as_csv(columns, *made), encoding="utf-8")
    return path


def test_a_table_of_unknown_columns_is_answered_with_a_mapping_to_save(home: Path, tmp_path: Path) -> None:
    path = written(tmp_path, "tabel.csv")
    asked = pantau(home, "import", path, "--dry-run")
    assert asked.exit_code == 2
    toml = asked.stderr.partition("--mapping NAMA:\n")[2]
    (home / "pemetaan").mkdir()
    (home / "pemetaan" / "kantor.toml").write_text('platform = "instagram"\n' + toml, encoding="utf-8")
    done = pantau(home, "import", path, "--mapping", "kantor", "--collector", "rina", "--json")
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["files"][0]["taken"] == 1


def test_a_mapping_that_is_not_there_names_those_that_are(home: Path, tmp_path: Path) -> None:
    (home / "pemetaan").mkdir()
    (home / "pemetaan" / "kantor.toml").write_text("[kolom]\n", encoding="utf-8")
    done = pantau(home, "import", written(tmp_path, "tabel.csv"), "--mapping", "lain")
    assert (done.exit_code, "yang ada: kantor" in done.stderr) == (2, True)


def test_a_mapping_that_is_no_toml_is_told_with_its_line_in_indonesian(home: Path) -> None:
    file = home / "pemetaan" / "rusak.toml"
    file.parent.mkdir(exist_ok=True)
    file.write_text("[kolom]\nteks = = 1\n", encoding="utf-8")
    with pytest.raises(ConfigError, match="baris 2, kolom 8: tidak terbaca sebagai TOML — periksa tanda kutip"):
        load_mapping(home, "rusak")


def test_a_mapping_of_columns_that_the_file_lacks_is_refused(home: Path, tmp_path: Path) -> None:
    mapping = tmp_path / "salah.toml"
    mapping.write_text('platform = "instagram"\n[kolom]\nakun = "Tidak Ada"\n', encoding="utf-8")
    done = pantau(home, "import", written(tmp_path, "tabel.csv"), "--mapping", mapping)
    assert (done.exit_code, "kolom tidak ada dalam berkas: Tidak Ada" in done.stderr) == (2, True)


@pytest.mark.parametrize(
    ("name", "option"), [("apify-tiktok.jsonl", "--supplier"), ("minet-instagram-comments.csv", "--url")]
)
def test_a_question_ends_with_two_and_names_the_option_that_answers_it(
    home: Path, tmp_path: Path, name: str, option: str
) -> None:
    path = written(tmp_path, name)
    path.write_text(path.read_text(encoding="utf-8").replace("post_url", "asal"), encoding="utf-8")
    done = pantau(home, "import", path)
    assert (done.exit_code, option in done.stderr) == (2, True)


def test_several_files_of_which_one_asks_back_are_taken_but_for_that(home: Path, tmp_path: Path) -> None:
    done = pantau(home, "import", written(tmp_path, "apify-tiktok.jsonl"), posts(tmp_path, "asn01.contoh"), "--json")
    assert done.exit_code == 1
    summary = json.loads(done.stdout)
    assert [file["file"] for file in summary["files"]] == ["4cat.csv"]
    assert [failure["file"] for failure in summary["failures"]] == ["apify-tiktok.jsonl"]


def test_a_collector_who_is_not_named_is_whoever_uses_the_machine_and_is_said(home: Path, tmp_path: Path) -> None:
    done = pantau(home, "import", posts(tmp_path, "asn01.contoh"))
    assert f"dicatat sebagai {getpass.getuser()}" in done.stdout
    assert {row.collector for row in rows(home, capture)} == {getpass.getuser()}


def test_an_import_is_noted_with_who_what_and_when(home: Path, tmp_path: Path) -> None:
    path = posts(tmp_path, "asn01.contoh", "tetangga.rekaan")
    captured = ("--captured-at", "2024-10-02T08:00:00+07:00")
    pantau(home, "import", path, "--collector", "rina", *captured)
    (row,) = json.loads(pantau(home, "import", "--list", "--json").stdout)
    assert (row["file"], row["format"], row["tool"], row["collector"]) == (
        "4cat.csv", "fourcat_csv", "4cat/instagram", "rina",
    )  # fmt: skip
    assert (row["lines"], row["taken"], row["skipped"], row["captured_from"]) == (2, 2, 0, "2024-10-02T01:00:00+00:00")
    assert "4cat.csv" in pantau(home, "import", "--list").stdout


def test_importing_the_same_file_again_is_noted_once(home: Path, tmp_path: Path) -> None:
    path = posts(tmp_path, "asn01.contoh")
    for _ in range(2):
        assert pantau(home, "import", path, "--collector", "rina").exit_code == 0
    assert len(rows(home, import_file)) == 1


def test_a_trial_run_is_not_noted(home: Path, tmp_path: Path) -> None:
    pantau(home, "import", posts(tmp_path, "asn01.contoh"), "--dry-run")
    assert rows(home, import_file) == []


def test_the_formats_are_listed_without_a_workspace(tmp_path: Path) -> None:
    done = pantau(tmp_path / "kosong", "import", "--formats", "--json")
    known = {row["format"]: row for row in json.loads(done.stdout)}
    assert {"zeeschuimer", "fourcat_csv", "whatsapp", "table"} <= known.keys()
    assert all(row["title"] != name for name, row in known.items())
    assert "tiktok" in known["fourcat_csv"]["platforms"]


def test_a_folder_and_a_zip_give_the_files_in_them(home: Path, tmp_path: Path) -> None:
    folder = tmp_path / "tangkapan"
    folder.mkdir()
    posts(folder, "asn01.contoh", name="satu.csv")
    other = posts(tmp_path, "asn02.contoh", name="dua.csv")
    with zipfile.ZipFile(folder / "bersama.zip", "w") as archive:
        archive.write(other, "di dalam/dua.csv")
        archive.writestr("foto.jpg", b"\xff\xd8\xff")
    done = pantau(home, "import", folder, "--collector", "rina", "--json")
    assert [file["file"] for file in json.loads(done.stdout)["files"]] == [
        "bersama.zip/di dalam/dua.csv", "satu.csv",
    ]  # fmt: skip
    assert len(rows(home, interaction)) == 2


def test_an_import_that_was_stopped_is_ended_by_importing_again(
    home: Path, registered: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = posts(tmp_path, *["asn01.contoh"] * 6)
    whole = Path(shutil.copytree(registered, tmp_path / "whole"))
    monkeypatch.setattr(imports, "_BATCH", 2)
    assert pantau(whole, "import", path, "--collector", "rina").exit_code == 0

    def stopped(lines: Any) -> Iterator[Any]:
        yield from list(groups(lines))[:1]
        raise KeyboardInterrupt

    groups = imports._groups
    with monkeypatch.context() as patch:
        patch.setattr(imports, "_groups", stopped)
        assert pantau(home, "import", path, "--collector", "rina").exit_code == 1
    assert (len(rows(home, interaction)), rows(home, import_file)) == (2, [])
    assert pantau(home, "import", path, "--collector", "rina").exit_code == 0
    left_out = frozenset({"import_file", "audit_log", "audit_detail", "alembic_version"})
    once, again = contents(database_of(whole), left_out), contents(database_of(home), left_out)
    assert {name: rows for name, rows in differences(once, again).items() if name in ("interaction", "item")} == {}
    assert len(rows(home, import_file)) == 1


def test_a_chat_is_refused_without_a_policy_that_says_on_what_ground(home: Path, tmp_path: Path) -> None:
    (home / "pantau.toml").write_text(CONFIG.partition("[sources.whatsapp]")[0], encoding="utf-8")
    path = tmp_path / "Chat WhatsApp dengan Grup Contoh.txt"
    path.write_text(CHAT, encoding="utf-8")
    done = pantau(home, "import", path)
    assert (done.exit_code, "whatsapp" in done.stderr) == (3, True)
    assert rows(home, item) == []


def test_a_chat_gives_the_registered_persons_message_and_no_number_to_any_row(home: Path, tmp_path: Path) -> None:
    path = tmp_path / "Chat WhatsApp dengan Grup Contoh.txt"
    path.write_text(CHAT, encoding="utf-8")
    done = pantau(home, "import", path, "--collector", "rina", "--json")
    assert done.exit_code == 0, done.output
    (file,) = json.loads(done.stdout)["files"]
    assert (file["interactions"], file["bystanders_discarded"]) == (1, 2)
    known = [row for row in rows(home, account) if row.platform == "whatsapp"]
    assert [row.platform_user_id.startswith("nomor:") for row in known] == [True]
    numbers = (b"81234567890", b"812-3456-7890", b"811-1111-1111", b"81111111111", b"Tetangga")
    assert [p.name for p in home.rglob("*") if p.is_file() and any(n in p.read_bytes() for n in numbers)] == []


def test_a_number_in_a_file_s_name_goes_to_no_row(home: Path, tmp_path: Path) -> None:
    path = tmp_path / "WhatsApp Chat with +62 811-1111-1111.txt"
    path.write_text(CHAT, encoding="utf-8")
    assert "811-1111" not in pantau(home, "import", path, "--collector", "rina").stdout
    assert [row.name for row in rows(home, import_file)] == ["WhatsApp Chat with [nomor].txt"]
