"""`pantau queue export`: what the queue holds, as a file, on the record."""

from __future__ import annotations

import csv
import json
from pathlib import Path

from db import audit
from monitor.workspace import workspace
from tests.cli.terminal import pantau


def listed(home: Path) -> list[dict[str, object]]:
    found: list[dict[str, object]] = json.loads(pantau(home, "queue", "list", "--json").stdout)
    return found


def test_a_table_holds_every_open_case_once_with_its_number_masked(home: Path, tmp_path: Path) -> None:
    path = tmp_path / "antrean.csv"
    done = pantau(home, "queue", "export", "--output", str(path), "--json")
    with path.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert done.exit_code == 0
    assert json.loads(done.stdout)["rows"] == len(rows) > 0
    assert [int(row["nomor"]) for row in rows] == [one["id"] for one in listed(home)]
    assert all("*" in row["pengenal_tersamar"] for row in rows)


def test_a_file_for_programs_holds_what_the_list_prints(home: Path, tmp_path: Path) -> None:
    path = tmp_path / "antrean.json"
    assert pantau(home, "queue", "export", "--output", str(path)).exit_code == 0
    assert json.loads(path.read_text(encoding="utf-8")) == listed(home)


def test_only_the_states_asked_for_are_written(home: Path, tmp_path: Path) -> None:
    path = tmp_path / "antrean.csv"
    assert pantau(home, "queue", "export", "--status", "ditutup", "--output", str(path)).exit_code == 0
    assert len(path.read_text(encoding="utf-8").splitlines()) == 1


def test_every_export_is_in_the_audit_log(home: Path) -> None:
    done = json.loads(pantau(home, "queue", "export", "--json").stdout)
    with workspace(home) as space, space.database.read() as session:
        [row] = audit.tail(session, 1)
    assert row.action == "queue_exported"
    assert done["sha256"] in str(row.detail)


def test_a_file_that_is_there_is_written_over_only_when_told_so(home: Path, tmp_path: Path) -> None:
    path = tmp_path / "antrean.csv"
    path.write_text("catatan", encoding="utf-8")
    assert pantau(home, "queue", "export", "--output", str(path)).exit_code == 2
    assert path.read_text(encoding="utf-8") == "catatan"
    assert pantau(home, "queue", "export", "--output", str(path), "--force").exit_code == 0


def test_a_kind_of_file_that_it_does_not_write_is_wrong_use(home: Path, tmp_path: Path) -> None:
    done = pantau(home, "queue", "export", "--output", str(tmp_path / "antrean.pdf"))
    assert (done.exit_code, "bukan .csv atau .json" in done.stderr) == (2, True)
