"""An account that two people had after each other is read once, and its acts fall to whoever had it then."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pytest

from db import cases, verify
from db.connect import Database
from monitor.assembly import roster_doors
from monitor.domain import CaseFilter
from monitor.roster.files import RosterKind
from monitor.roster.importer import ImportOptions, import_file
from tests.scan.offices import Office
from tests.scan.written_bluesky import WrittenBluesky


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    return sqlite_database


def hand_on(office: Office, folder: Path) -> None:
    """Give the first person's account to the second from the sixteenth of October on."""
    first, second = list(csv.DictReader((folder / "akun.csv").open()))[:2]
    rows = [first | {"berlaku_sampai": "2026-10-15"}, first | {"nip": second["nip"], "berlaku_mulai": "2026-10-16"}]
    path = folder / "serah-terima.csv"
    with path.open("w") as file:
        writer = csv.DictWriter(file, list(first))
        writer.writeheader()
        writer.writerows(rows)
    with office.space() as space:
        assert import_file(RosterKind.AKUN, path, roster_doors(space, ""), ImportOptions()).ok


def hits_of(office: Office) -> Counter[str]:
    with office.space() as space, space.database.read() as session:
        assert verify.verify(session) == []
        rows = cases.list_cases(session, CaseFilter(limit=None)).rows
    return Counter(
        {name: sum(len(r.hits) for r in rows if r.person.name == name) for name in {r.person.name for r in rows}}
    )


def test_later_acts_go_to_the_later_owner_and_none_is_lost(
    office: Office, network: WrittenBluesky, tmp_path: Path
) -> None:
    office.scan(network)
    before = hits_of(office)
    hand_on(office, tmp_path / "office-register")
    summary = office.scan(network)
    after = hits_of(office)
    assert after.total() == before.total()
    assert after["PEGAWAI CONTOH SATU"] < before["PEGAWAI CONTOH SATU"]
    assert summary.judged.evaluated > 0
    targets = [(t.source, t.direction, t.target) for t in summary.targets]
    assert len(targets) == len(set(targets))
