"""`pantau privacy` as officers and schedules call it: counts, exit codes, holds, and a copy that lies closed."""

from __future__ import annotations

import json
from pathlib import Path

from db.connect import open_database
from db.tables import asn, legal_hold
from monitor.vault import Vault
from tests.cli.terminal import PASSWORD, pantau


def test_a_day_after_the_night_nothing_is_due(home: Path) -> None:
    counted = pantau(home, "privacy", "purge", "--dry-run", "--sure", "--json")
    assert counted.exit_code == 0, counted.output
    assert json.loads(counted.stdout)["purged"].keys() <= {"audit_detail"}


def test_a_hold_is_laid_listed_and_ended_by_two(home: Path) -> None:
    asked = ("--case", "1", "--reason", "surat 12", "--as", "bayu", "--json")
    laid = pantau(home, "privacy", "hold", "add", *asked, typed=PASSWORD)
    assert json.loads(laid.stdout)["case"] == 1, laid.output
    ending = ("1", "--reason", "selesai", "--as", "bayu", "--json")
    wanted = pantau(home, "privacy", "hold", "release", *ending, typed=PASSWORD)
    assert json.loads(wanted.stdout)["released_at"] is None
    read = ("1", "--request", json.loads(wanted.stdout)["request"], "--as")
    assert pantau(home, "privacy", "hold", "approve", *read, "bayu", typed=PASSWORD).exit_code == 3
    listed = pantau(home, "privacy", "hold", "list", "--as", "bayu", typed=PASSWORD)
    assert "diminta" in listed.stdout
    assert read[2] in listed.stdout
    pantau(home, "privacy", "hold", "refuse", "1", "--as", "bayu", typed=PASSWORD)
    again = json.loads(pantau(home, "privacy", "hold", "release", *ending, typed=PASSWORD).stdout)["request"]
    pantau(home, "users", "add", "dipo", "--role", "dpo", "--jurisdiction", "99", typed=PASSWORD)
    stale = pantau(home, "privacy", "hold", "approve", *read, "dipo", typed=PASSWORD)
    assert (stale.exit_code, "bukan lagi yang Anda baca" in " ".join(stale.output.split())) == (1, True)
    agreed = ("1", "--request", again, "--as", "dipo", "--json")
    ended = pantau(home, "privacy", "hold", "approve", *agreed, typed=PASSWORD)
    assert json.loads(ended.stdout)["release_reason"] == "selesai", ended.output
    ended_by_one_as_it_once_was(home)
    listed = pantau(home, "privacy", "hold", "list", "--as", "bayu", typed=PASSWORD)
    assert "dipo" in listed.stdout.casefold()
    assert ", dipo" not in listed.stdout.casefold()


def test_a_reviewer_may_neither_hold_nor_list_holds(home: Path) -> None:
    refused = pantau(home, "privacy", "hold", "add", "--case", "1", "--reason", "x", "--as", "rina", typed=PASSWORD)
    assert refused.exit_code == 3
    assert pantau(home, "privacy", "hold", "list", "--as", "rina", typed=PASSWORD).exit_code == 3


def test_a_copy_is_written_for_its_owner_alone(home: Path, tmp_path: Path) -> None:
    added = pantau(home, "users", "add", "dipo", "--role", "dpo", "--jurisdiction", "99", typed=PASSWORD)
    assert added.exit_code == 0, added.output
    number = registered(home)
    asked = ("--output", str(tmp_path / "salinan"), "--reason", "surat 12", "--as", "dipo", "--json")
    made = pantau(home, "privacy", "subject-export", *asked, typed=f"{PASSWORD}\n{number}")
    assert made.exit_code == 0, made.output
    files = {path.name: oct(path.stat().st_mode & 0o777) for path in (tmp_path / "salinan").iterdir()}
    assert files == {"data-pribadi.json": "0o600", "data-pribadi.html": "0o600"}
    assert number not in made.output


def ended_by_one_as_it_once_was(home: Path) -> None:
    """Take from an ended hold who asked for its end, as those have it that ended before two were needed."""
    database = open_database(f"sqlite:///{home / 'data' / 'pantau.db'}")
    with database.write() as session:
        session.execute(legal_hold.update().values(release_asked_by=None, release_asked_at=None))
    database.dispose()


def registered(home: Path) -> str:
    """Return the number of somebody in the register."""
    database, vault = open_database(f"sqlite:///{home / 'data' / 'pantau.db'}"), Vault.load(home / "data" / "keys")
    with database.read() as session:
        sealed = session.execute(asn.select().limit(1)).one().identifier_sealed
    database.dispose()
    return vault.unseal(sealed).decode()
