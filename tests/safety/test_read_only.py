"""A disk that can only be read: every command says so in plain words, and nothing is lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.safety.trials import Offices, disk

pytestmark = pytest.mark.slow

COMMANDS = (
    ("scan", "--json"),
    ("verify",),
    ("queue", "list"),
    ("report", "weekly", "--format", "json"),
    ("roster", "import", "asn", "peragaan/asn.csv"),
    ("evidence", "verify"),
)


def test_every_command_says_that_the_disk_can_only_be_read(after_a_night: Offices, tmp_path: Path) -> None:
    trial = after_a_night.trial()
    before = trial.rows()
    with disk(trial.home / "data", 1 << 28) as small:
        small.read_only()
        for command in COMMANDS:
            given = [str(trial.home / part) if part.endswith(".csv") else part for part in command]
            trial.run(*given).assert_plain(1, "cakram")
        trial.run("backup", str(tmp_path / "cadangan")).assert_plain(1)
        small.holds(1 << 28)
        assert trial.rows() == before
        trial.finish()
        trial.assert_same(after_a_night.undisturbed)


def test_evidence_that_can_only_be_read_stops_the_night_and_not_the_reading(offices: Offices) -> None:
    trial = offices.trial()
    with disk(trial.home / "data" / "evidence", 1 << 28) as small:
        small.read_only()
        trial.run("scan", "--json").assert_plain(1, "hanya dapat dibaca")
        assert trial.run("verify").code == 0
        small.holds(1 << 28)
        trial.finish()
        trial.assert_same(offices.undisturbed)
