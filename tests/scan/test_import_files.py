"""Captures by officers go through the command line into the same rows as what the night reads, and leave no secret."""

from __future__ import annotations

import gzip
import json
import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from typer.testing import CliRunner, Result

from db import cases
from db.connect import Database, open_database
from db.tables import account, capture, interaction
from monitor import installation
from monitor.cli.main import app
from monitor.domain import CaseFilter
from tests.peers.registers import write_registers
from tests.peers.world import World, make_world
from tests.scan.offices import REGISTERS
from tests.scan.rows import contents, differences
from tests.scrapers.captured_items import line, tiktok_comment, tweet, x_id, x_user

WORLD: World = make_world(5, datetime(2024, 10, 5, tzinfo=UTC))
CONFIG = '[agency]\nname = "Bawaslu Kabupaten Contoh"\njurisdiction = "99.01"\n'
CANDIDATE = x_user("7001", "busi_contoh")
ASN = x_user("7101", "asn01_contoh")
STRANGER = x_user("66601234567", "tetangga_rekaan")
BELOW = {
    "in_reply_to_status_id_str": x_id(1),
    "in_reply_to_user_id_str": "7001",
    "in_reply_to_screen_name": "busi_contoh",
    "conversation_id_str": x_id(1),
}
POST = tweet(1, "Contoh Bangkit! #BusiMenang", core=CANDIDATE)
COMMENT = tweet(2, "Semoga sukses.", core=ASN, **BELOW)
STRANGERS_COMMENT = tweet(3, "Setuju @asn01_contoh", core=STRANGER, **BELOW)
OWN_POST = tweet(4, "Saya dukung penuh BUDI CONTOH dan SITI TELADAN. Menangkan!", core=ASN)
FROM_CANDIDATE = [POST, COMMENT, STRANGERS_COMMENT]


@pytest.fixture(scope="module")
def registered(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Path:
    """A workspace whose register knows X accounts by handle, as officers write them."""
    folder = tmp_path_factory.mktemp("imports")
    home = folder / "office"
    (home / "data").mkdir(parents=True)
    shutil.copyfile(sqlite_template, home / "data" / "pantau.db")
    (home / "pantau.toml").write_text(CONFIG, encoding="utf-8")
    installation.create(home)
    write_registers(folder / "register", WORLD, "x", {a.key: f"{a.key}_contoh" for a in WORLD.actors})
    for kind, name in REGISTERS:
        done = pantau(home, "roster", "import", kind.value, str(folder / "register" / name))
        assert done.exit_code == 0, done.output
    return home


@pytest.fixture
def home(registered: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(registered, tmp_path / "office"))


def pantau(home: Path, *arguments: str) -> Result:
    return CliRunner().invoke(app, ["--workspace", str(home), *arguments], env={"COLUMNS": "200"})


def captured(folder: Path, items: list[dict[str, Any]], name: str = "tangkapan.ndjson") -> Path:
    path = folder / name
    path.write_bytes(b"".join(line(item, "x.com") for item in items))
    return path


def take(home: Path, *arguments: str | Path) -> dict[str, Any]:
    done = pantau(home, "import", *map(str, arguments), "--json")
    assert done.exit_code == 0, done.output
    summary: dict[str, Any] = json.loads(done.stdout)
    return summary


def database_of(home: Path) -> Database:
    return open_database(f"sqlite:///{home / 'data' / 'pantau.db'}")


def acts(home: Path) -> set[tuple[str, str]]:
    joined = sa.select(account.c.platform_user_id, interaction.c.act).join(
        interaction, interaction.c.actor_account_id == account.c.id
    )
    with database_of(home).read() as session:
        return {(row.platform_user_id, row.act.value) for row in session.execute(joined)}


def found_cases(home: Path) -> list[tuple[str, int]]:
    with database_of(home).read() as session:
        rows = cases.list_cases(session, CaseFilter(limit=None)).rows
    return [(row.person.name, row.candidate.number) for row in rows]


def test_a_capture_of_a_candidates_thread_gives_the_comment_of_the_civil_servant(home: Path, tmp_path: Path) -> None:
    summary = take(home, captured(tmp_path, FROM_CANDIDATE))
    assert acts(home) == {("7101", "comment")}
    assert found_cases(home) == [("PEGAWAI CONTOH SATU", 1)]
    (file,) = summary["files"]
    assert (file["lines"], file["interactions"], file["bystanders_discarded"]) == (3, 1, 1)


def test_a_capture_of_a_civil_servants_profile_gives_the_own_post(home: Path, tmp_path: Path) -> None:
    take(home, captured(tmp_path, [OWN_POST]))
    assert acts(home) == {("7101", "post")}
    assert found_cases(home) == [("PEGAWAI CONTOH SATU", 1)]


def test_the_comment_is_a_hit_whichever_of_two_files_comes_first(home: Path, registered: Path, tmp_path: Path) -> None:
    other = Path(shutil.copytree(registered, tmp_path / "other"))
    thread, comment = captured(tmp_path, [POST], "a.ndjson"), captured(tmp_path, [COMMENT], "b.ndjson")
    for office, files in ((home, (thread, comment)), (other, (comment, thread))):
        for file in files:
            take(office, file)
    assert found_cases(home) == found_cases(other) == [("PEGAWAI CONTOH SATU", 1)]


def test_a_trial_run_counts_the_same_and_writes_nothing(home: Path, tmp_path: Path) -> None:
    file = captured(tmp_path, FROM_CANDIDATE)
    before = contents(database_of(home), frozenset())
    tried = take(home, file, "--dry-run")
    assert differences(before, contents(database_of(home), frozenset())) == {}
    assert [p for p in (home / "data" / "evidence").rglob("*") if p.is_file()] == []
    done = take(home, file)
    kept = ("lines", "taken", "items", "interactions", "bystanders_discarded")
    assert [tried["files"][0][name] for name in kept] == [done["files"][0][name] for name in kept]


def test_nothing_is_imported_without_the_disk_of_earlier_evidence(home: Path, tmp_path: Path) -> None:
    take(home, captured(tmp_path, FROM_CANDIDATE))
    folder = home / "data" / "evidence"
    shutil.rmtree(folder)
    folder.mkdir()
    done = pantau(home, "import", str(captured(tmp_path, [OWN_POST], "lain.ndjson")))
    assert (done.exit_code, list(folder.iterdir())) == (1, [])
    assert f"Folder bukti {folder} kosong, padahal" in done.output


def test_importing_again_changes_no_row(home: Path, tmp_path: Path) -> None:
    file = captured(tmp_path, [*FROM_CANDIDATE, OWN_POST])
    take(home, file)
    before = contents(database_of(home))
    again = take(home, file)
    assert differences(before, contents(database_of(home))) == {}
    assert again["files"][0]["new"] == {"items": 0, "versions": 0, "interactions": 0, "captures": 0}
    assert again["judged"]["evaluated"] == 0


def test_halves_of_a_file_give_the_same_as_the_whole(home: Path, registered: Path, tmp_path: Path) -> None:
    items = [*FROM_CANDIDATE, OWN_POST]
    other = Path(shutil.copytree(registered, tmp_path / "other"))
    take(home, captured(tmp_path, items))
    for name, part in (("2.ndjson", items[2:]), ("1.ndjson", items[:2])):
        take(other, captured(tmp_path, part, name))
    assert acts(home) == acts(other)
    assert found_cases(home) == found_cases(other)


SECRETS = (b"RAHASIA", b"msToken", b"X-Bogus")


def test_session_secrets_are_nowhere_on_disk_not_even_in_what_is_sealed(home: Path, tmp_path: Path) -> None:
    take(home, captured(tmp_path, FROM_CANDIDATE))
    leaks = [p.name for p in home.rglob("*") if p.is_file() and any(s in p.read_bytes() for s in SECRETS)]
    assert leaks == []
    assert [digest for digest, body in opened(home) if any(secret in body for secret in SECRETS)] == []


def opened(home: Path) -> list[tuple[str, bytes]]:
    from monitor.workspace import workspace

    with workspace(home) as space, space.database.read() as session:
        digests = session.execute(sa.select(capture.c.sha256)).scalars().all()
        assert digests
        return [(digest, space.evidence.get(digest)) for digest in digests]


def test_a_stranger_in_a_capture_is_in_no_file_of_the_workspace(home: Path, tmp_path: Path) -> None:
    done = pantau(home, "import", str(captured(tmp_path, FROM_CANDIDATE)), "--json")
    names = (b"tetangga_rekaan", b"66601234567")
    assert [p.name for p in home.rglob("*") if p.is_file() and any(n in p.read_bytes() for n in names)] == []
    assert "tetangga_rekaan" not in done.output


def test_the_collector_is_recorded_with_the_evidence(home: Path, tmp_path: Path) -> None:
    take(home, captured(tmp_path, FROM_CANDIDATE), "--collector", "rina")
    with database_of(home).read() as session:
        assert set(session.execute(sa.select(capture.c.collector)).scalars()) == {"rina"}


def test_a_broken_line_is_named_and_the_others_are_taken(home: Path, tmp_path: Path) -> None:
    path = captured(tmp_path, FROM_CANDIDATE)
    path.write_bytes(path.read_bytes() + b'{"nav_index": "1", \n')
    done = pantau(home, "import", str(path), "--as", "zeeschuimer")
    assert done.exit_code == 1
    assert "baris 4" in done.stderr
    assert acts(home) == {("7101", "comment")}


def test_a_platform_without_registered_accounts_leaves_only_counts(home: Path, tmp_path: Path) -> None:
    path = tmp_path / "tiktok.ndjson"
    path.write_bytes(line(tiktok_comment(), "tiktok-comments"))
    summary = take(home, path)
    assert (summary["files"][0]["interactions"], summary["files"][0]["bystanders_discarded"]) == (0, 1)
    assert acts(home) == set()


def test_a_file_of_no_known_format_is_refused_before_anything_is_written(home: Path, tmp_path: Path) -> None:
    path = tmp_path / "catatan.txt"
    path.write_text("sekadar catatan", encoding="utf-8")
    done = pantau(home, "import", str(path))
    assert done.exit_code == 1
    assert "tidak dikenali" in done.stderr
    assert pantau(home, "import", str(tmp_path / "tidak-ada.ndjson")).exit_code == 1


def test_of_several_files_one_that_fails_is_named_and_the_others_are_taken(home: Path, tmp_path: Path) -> None:
    good, bad = captured(tmp_path, FROM_CANDIDATE), tmp_path / "catatan.txt"
    bad.write_bytes(gzip.compress(b"x"))
    done = pantau(home, "import", str(bad), str(good))
    assert done.exit_code == 1
    assert "catatan.txt: isi berkas tidak dikenali" in done.stderr
    assert acts(home) == {("7101", "comment")}


def test_a_source_that_the_office_switched_off_is_not_imported(home: Path, tmp_path: Path) -> None:
    (home / "pantau.toml").write_text(CONFIG + "\n[sources.x]\nenabled = false\n", encoding="utf-8")
    done = pantau(home, "import", str(captured(tmp_path, FROM_CANDIDATE)))
    assert done.exit_code == 3
    assert "dimatikan" in done.stderr
    assert acts(home) == set()
