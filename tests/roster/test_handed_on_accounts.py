"""An account that one person had first and another later."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from db import accounts
from db.connect import Database
from monitor import installation
from monitor.assembly import roster_doors
from monitor.errors import ConfigError, ConflictError
from monitor.roster.files import RosterKind
from monitor.roster.importer import ImportOptions, ImportReport, import_file
from monitor.workspace import workspace

PEOPLE = """nip,nama,jenis,instansi,jabatan,wilayah
197803152005011003,ANI CONTOH,pns,Dinas Contoh,Staf,99.01
198001012006041002,DEDI CONTOH,pns,Dinas Contoh,Staf,99.01
"""
HEAD = "nip,platform,akun,status,cara,bukti,berlaku_mulai,berlaku_sampai\n"
ANI = "197803152005011003,bluesky,did:plc:cccccccccccccccccccccccc,terverifikasi,pernyataan,BA-1,{},{}\n"
DEDI = ANI.replace("197803152005011003", "198001012006041002")


@pytest.fixture
def home(tmp_path: Path, database: Database) -> Path:
    (tmp_path / "office").mkdir()
    (tmp_path / "office" / "pantau.toml").write_text(
        f'database_url = "{database.url}"\n[agency]\nname = "Kantor Contoh"\n', encoding="utf-8"
    )
    installation.create(tmp_path / "office")
    bring(tmp_path / "office", RosterKind.ASN, PEOPLE)
    return tmp_path / "office"


def bring(home: Path, kind: RosterKind, text: str) -> ImportReport:
    path = home.parent / "masuk.csv"
    path.write_text(text, encoding="utf-8")
    with workspace(home) as space:
        return import_file(kind, path, roster_doors(space, ""), ImportOptions())


def owners(home: Path) -> list[tuple[datetime | None, datetime | None]]:
    with workspace(home) as space, space.database.read() as session:
        return [(a.valid_from, a.valid_to) for a in accounts.load_register(session)]


def test_one_file_may_hand_an_account_on(home: Path) -> None:
    text = HEAD + ANI.format("", "2024-09-30") + DEDI.format("2024-10-01", "")
    assert bring(home, RosterKind.AKUN, text).ok
    change = datetime(2024, 9, 30, 17, tzinfo=UTC)
    assert set(owners(home)) == {(None, change), (change, None)}


def test_a_later_file_may_end_one_time_and_begin_the_other(home: Path) -> None:
    bring(home, RosterKind.AKUN, HEAD + ANI.format("", ""))
    report = bring(home, RosterKind.AKUN, HEAD + ANI.format("", "2024-09-30") + DEDI.format("2024-10-01", ""))
    assert (report.ok, report.new, report.changed) == (True, 1, 1)


def test_times_that_meet_are_refused_and_nothing_is_written(home: Path) -> None:
    bring(home, RosterKind.AKUN, HEAD + ANI.format("", ""))
    with pytest.raises(ConflictError, match="pada masa yang sama"):
        bring(home, RosterKind.AKUN, HEAD + DEDI.format("2024-10-01", ""))
    assert owners(home) == [(None, None)]


def test_two_owners_without_dates_are_named_row_by_row(home: Path) -> None:
    report = bring(home, RosterKind.AKUN, HEAD + ANI.format("", "") + DEDI.format("", ""))
    assert [problem.row for problem in report.problems] == [2, 3]


def test_a_workspace_with_another_key_does_not_open(home: Path) -> None:
    (home / "data" / "keys" / "utama.key").unlink()
    installation.create(home)
    with pytest.raises(ConfigError, match="bukan kunci yang mengunci"):
        bring(home, RosterKind.ASN, PEOPLE)
