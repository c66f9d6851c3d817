from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import Result

from db import attributions
from db.connect import open_database
from monitor.domain import AttributionStatus
from monitor.domain.attributions import Attribution, AttributionFilter
from tests.cli.terminal import PASSWORD, pantau


def as_user(home: Path, name: str, *arguments: str) -> Result:
    return pantau(home, "attribution", *arguments, "--as", name, typed=PASSWORD)


def stored(home: Path, status: AttributionStatus = AttributionStatus.VERIFIED) -> tuple[Attribution, ...]:
    database = open_database(f"sqlite:///{home / 'data' / 'pantau.db'}")
    with database.read() as session:
        rows = attributions.list_attributions(session, AttributionFilter(status=status)).rows
    database.dispose()
    return rows


def case_number(home: Path) -> str:
    return str(json.loads(pantau(home, "queue", "list", "--json").stdout)[0]["id"])


def proposed(home: Path, name: str = "rina", **changes: str) -> Result:
    options = {"platform": "x", "account": "@akun_kedua", "method": "laman resmi", "evidence": "tercantum"} | changes
    words = [word for key, value in options.items() for word in (f"--{key}", value)]
    return as_user(home, name, "propose", *words, "--person-of", case_number(home), "--json")


def told(result: Result) -> dict[str, Any]:
    assert result.exit_code == 0, result.output
    row: dict[str, Any] = json.loads(result.stdout)
    return row


def test_one_proposes_and_another_verifies(home: Path) -> None:
    row = told(proposed(home))
    assert (row["status"], row["proposed_by"], row["handle"]) == ("proposed", "rina", "akun_kedua")
    (listed,) = json.loads(pantau(home, "attribution", "list", "--platform", "x", "--json").stdout)
    assert listed["id"] == row["id"]
    assert as_user(home, "rina", "verify", str(row["id"])).exit_code == 3
    done = told(as_user(home, "bayu", "verify", str(row["id"]), "--json"))
    assert (done["status"], done["answered_by"]) == ("verified", "bayu")


def test_a_rejection_names_its_reason(home: Path) -> None:
    row = told(proposed(home))
    done = told(as_user(home, "bayu", "reject", str(row["id"]), "--reason", "akun tiruan", "--json"))
    assert (done["status"], done["reason"]) == ("rejected", "akun tiruan")


def test_revoking_what_cases_rest_on_asks_to_be_sure(home: Path) -> None:
    row = next(row for row in stored(home) if row.waiting)
    refused = as_user(home, "rina", "revoke", str(row.id), "--reason", "keliru")
    assert refused.exit_code == 1
    assert "bersandar pada kaitan ini" in refused.stderr
    assert as_user(home, "rina", "revoke", str(row.id), "--reason", "keliru", "--yes").exit_code == 1
    assert row.id in {one.id for one in stored(home, AttributionStatus.REVOKED)}


def test_other_days_wait_for_somebody_else(home: Path) -> None:
    row = stored(home)[0]
    result = as_user(home, "rina", "redate", str(row.id), "--from", "2024-01-31", "--reason", "mutasi", "--json")
    assert (told(result)["status"], told(result)["valid_from"]) == ("proposed", "2024-01-31")


def test_a_person_is_named_by_a_number_that_stands_in_no_argument(home: Path) -> None:
    nip = pantau(
        home, "attribution", "propose", "--platform", "x", "--account", "@akun_ketiga", "--method", "a",
        "--evidence", "b", "--as", "rina", typed=f"{PASSWORD}\n000000000000000000",
    )  # fmt: skip
    assert nip.exit_code == 2
    assert "Tidak ada orang dengan nomor itu" in nip.stderr


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"platform": "entah"}, "tidak dikenal"),
        ({"account": "bukan akun!"}, "akun"),
        ({"from": "kemarin"}, "tidak terbaca"),
    ],
)
def test_what_cannot_be_read_is_wrong_use(home: Path, changes: dict[str, str], words: str) -> None:
    result = proposed(home, **changes)
    assert result.exit_code == 2
    assert words in result.stderr
