from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import Result

from tests.cli.terminal import PASSWORD, pantau

SECRET = "AIzaContoh-rahasia-0123456789"
ADD = ("sources", "credential", "add")
REST = ("--purpose", "komentar akun kampanye", "--expires", "2027-02-28", "--as")


def add(home: Path, name: str = "bayu", typed: str = SECRET, slot: str = "api_key", *more: str) -> Result:
    return pantau(home, *ADD, "youtube", slot, *REST, name, *more, typed=f"{PASSWORD}\n{typed}")


def listed(home: Path) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads(pantau(home, "sources", "credential", "list", "--json").stdout)
    return rows


def test_a_key_is_entered_listed_without_its_secret_and_taken_back(home: Path) -> None:
    done = add(home)
    assert (done.exit_code, SECRET in done.output) == (0, False)
    (row,) = listed(home)
    assert (row["slot"], row["state"], row["purpose"]) == ("api_key", "berlaku", "komentar akun kampanye")
    assert SECRET not in pantau(home, "sources", "credential", "list").output + json.dumps(row)
    gone = pantau(home, "sources", "credential", "revoke", str(row["id"]), "--as", "bayu", typed=PASSWORD)
    assert gone.exit_code == 0, gone.output
    assert listed(home)[0]["state"] == "dicabut"
    assert pantau(home, "verify").exit_code == 0


def test_only_keepers_enter_keys(home: Path) -> None:
    assert add(home, "rina").exit_code == 3
    assert listed(home) == []


def test_a_secret_is_read_from_a_file_that_nobody_else_can_read(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "kunci.txt"
    file.write_text(f"{SECRET}\n")
    file.chmod(0o644)
    refused = add(home, "bayu", "", "api_key", "--file", str(file))
    assert (refused.exit_code, "chmod 600" in refused.output) == (2, True)
    file.chmod(0o600)
    assert add(home, "bayu", "", "api_key", "--file", str(file)).exit_code == 0


@pytest.mark.parametrize(
    ("source", "slot", "said"),
    [
        ("youtube", "kunci", "api_key"),
        ("tidakada", "api_key", "tidak dikenal"),
        ("bluesky", "app", "tidak memerlukan kunci"),
        ("x", "owner", "owner:ID"),
        ("x", "owner:77", "tidak ada dalam daftar"),
    ],
)
def test_a_slot_that_does_not_exist_is_refused_with_those_that_do(
    home: Path, source: str, slot: str, said: str
) -> None:
    done = pantau(home, *ADD, source, slot, *REST, "bayu", typed=f"{PASSWORD}\n{SECRET}")
    assert (done.exit_code, said in done.output) == (2, True), done.output


def test_a_secret_that_cannot_be_one_is_refused_unshown(home: Path) -> None:
    done = add(home, typed="salah tempel kalimat")
    assert (done.exit_code, "salah tempel" in done.output) == (2, False)


def test_an_end_in_the_past_is_refused(home: Path) -> None:
    rest = ("--purpose", "x", "--expires", "2020-01-01", "--as", "bayu")
    assert pantau(home, *ADD, "youtube", "api_key", *rest, typed=f"{PASSWORD}\n{SECRET}").exit_code == 2


def test_the_budget_says_what_is_spent_and_left(home: Path) -> None:
    told = pantau(home, "sources", "budget", "--json")
    assert told.exit_code == 0, told.output
    (bluesky,) = json.loads(told.stdout)
    assert bluesky["source"] == "bluesky"
    assert bluesky["requests"]["left"] == bluesky["requests"]["cap"] - bluesky["requests"]["spent"]
    assert "permintaan hari ini" in pantau(home, "sources", "budget", "bluesky").output


def test_a_budget_of_an_unknown_source_is_a_wrong_use(home: Path) -> None:
    assert pantau(home, "sources", "budget", "tidakada").exit_code == 2
