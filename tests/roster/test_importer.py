from __future__ import annotations

import json
import stat
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest

from monitor.roster.files import RosterKind
from monitor.roster.importer import BatchFile, Doors, ImportOptions, import_file

HEADER = ["nip", "nama", "jenis", "instansi", "jabatan", "wilayah"]
NOW = datetime(2024, 9, 25, 1, 2, 3, tzinfo=UTC)


@dataclass
class Counted:
    new: int = 0
    changed: int = 0
    same: int = 0


@dataclass
class Shelf:
    """A store that remembers by identifier, as the database does."""

    rows: dict[str, object] = field(default_factory=dict)
    batches: list[BatchFile] = field(default_factory=list)
    broken: bool = False

    def store(self, batch: BatchFile, values: Iterable[object]) -> Counted:
        counted = Counted()
        for value in values:
            if self.broken:
                raise RuntimeError("contoh gangguan")
            before = self.rows.get(value.identifier)
            name = "new" if before is None else "same" if before == value else "changed"
            setattr(counted, name, getattr(counted, name) + 1)
            self.rows[value.identifier] = value
        self.batches.append(batch)
        return counted

    def doors(self, roster_dir: Path) -> Doors:
        return Doors(
            store_people=self.store,
            store_accounts=self.store,
            store_contest=lambda batch, contest: Counted(new=1),
            known=None,
            seal=lambda data: b"sealed:" + data[::-1],
            roster_dir=roster_dir,
            clock=lambda: NOW,
        )


def person(serial: int, name: str = "AGUS CONTOH") -> list[str]:
    return [f"198001012005011{serial:03d}", name, "pns", "Dinas Contoh", "Analis", "99.01"]


@pytest.fixture
def shelf() -> Shelf:
    return Shelf()


@pytest.fixture
def roster_dir(tmp_path: Path) -> Path:
    return tmp_path / "roster"


def test_a_good_file_is_stored_and_its_sealed_copy_kept(csv_file, shelf, roster_dir):
    path = csv_file([HEADER, person(1), person(2)])
    report = import_file(RosterKind.ASN, path, shelf.doors(roster_dir), ImportOptions())
    (copy,) = roster_dir.iterdir()
    assert (report.ok, report.stored, report.new, report.rows) == (True, True, 2, 2)
    assert copy.name == f"20240925T010203Z-{report.sha256[:12]}-asn.csv.sealed"
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert path.read_bytes() not in copy.read_bytes()
    assert shelf.batches == [BatchFile(RosterKind.ASN, "asn.csv", report.sha256, copy.name)]


def test_importing_again_changes_nothing_and_keeps_one_copy(csv_file, shelf, roster_dir):
    path = csv_file([HEADER, person(1)])
    import_file(RosterKind.ASN, path, shelf.doors(roster_dir), ImportOptions())
    again = import_file(RosterKind.ASN, path, shelf.doors(roster_dir), ImportOptions())
    assert (again.new, again.changed, again.same) == (0, 0, 1)
    assert len(list(roster_dir.iterdir())) == 1


def test_a_dry_run_stores_and_keeps_nothing(csv_file, shelf, roster_dir):
    report = import_file(
        RosterKind.ASN, csv_file([HEADER, person(1)]), shelf.doors(roster_dir), ImportOptions(dry_run=True)
    )
    assert (report.ok, report.stored, report.rows) == (True, False, 1)
    assert not roster_dir.exists()
    assert shelf.batches == []


def test_one_bad_row_keeps_the_whole_file_out(csv_file, shelf, roster_dir):
    path = csv_file([HEADER, person(1), ["x", *person(2)[1:]]])
    report = import_file(RosterKind.ASN, path, shelf.doors(roster_dir), ImportOptions())
    assert (report.ok, report.stored) == (False, False)
    assert [(problem.row, problem.column) for problem in report.problems] == [(3, "nip")]
    assert shelf.rows == {}
    assert not roster_dir.exists()


def test_bad_rows_can_be_left_out_and_are_listed(csv_file, shelf, roster_dir):
    path = csv_file([HEADER, person(1), ["x", *person(2)[1:]]])
    report = import_file(RosterKind.ASN, path, shelf.doors(roster_dir), ImportOptions(skip_bad_rows=True))
    assert (report.stored, report.new, report.left_out, report.ok) == (True, 1, 1, False)


def test_a_file_with_a_missing_column_cannot_be_taken_in_part(csv_file, shelf, roster_dir):
    path = csv_file([HEADER[:3], person(1)[:3]])
    report = import_file(RosterKind.ASN, path, shelf.doors(roster_dir), ImportOptions(skip_bad_rows=True))
    assert not report.stored


def test_a_failing_store_leaves_no_copy(csv_file, shelf, roster_dir):
    shelf.broken = True
    with pytest.raises(RuntimeError):
        import_file(RosterKind.ASN, csv_file([HEADER, person(1)]), shelf.doors(roster_dir), ImportOptions())
    assert list(roster_dir.iterdir()) == []


def test_progress_counts_up_to_the_rows(csv_file, shelf, roster_dir):
    seen: list[tuple[int, int]] = []
    path = csv_file([HEADER, person(1), person(2)])
    import_file(
        RosterKind.ASN, path, shelf.doors(roster_dir), ImportOptions(), lambda n, total: seen.append((n, total))
    )
    assert seen == [(1, 2), (2, 2)]


def test_accounts_and_contests_go_through_their_own_doors(csv_file, text_file, shelf, roster_dir):
    accounts = csv_file(
        [["nip", "platform", "akun", "status"], [person(1)[0], "x", "@aguscontoh", "diusulkan"]], name="akun.csv"
    )
    contest = text_file("kontes.yml", "contest: x\n")
    assert import_file(RosterKind.AKUN, accounts, shelf.doors(roster_dir), ImportOptions()).new == 1
    assert not import_file(RosterKind.KONTES, contest, shelf.doors(roster_dir), ImportOptions()).ok


def test_the_report_is_json(csv_file, shelf, roster_dir):
    path = csv_file([HEADER, ["x", *person(1)[1:]]])
    report = json.loads(
        json.dumps(import_file(RosterKind.ASN, path, shelf.doors(roster_dir), ImportOptions()).as_json())
    )
    assert report["kind"] == "asn"
    assert report["problems"][0]["row"] == 2


def test_an_odd_file_name_cannot_leave_the_folder(tmp_path, csv_file, shelf, roster_dir):
    path = csv_file([HEADER, person(1)]).rename(tmp_path / "..; data asn (1).csv")
    import_file(RosterKind.ASN, path, shelf.doors(roster_dir), ImportOptions())
    (copy,) = roster_dir.iterdir()
    assert copy.name.endswith("-data_asn_1_.csv.sealed")
