"""A backup that is taken while a night runs, each a process of its own, comes back as a whole office."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from tests.safety.trials import LONG, Offices, Trial, at_work

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("moment", [0.05, 0.5])
def test_a_backup_of_a_running_night_restores_to_what_verify_accepts(
    offices: Offices, tmp_path: Path, moment: float
) -> None:
    trial, goal = offices.trial(), tmp_path / "cadangan"
    night = trial.start("scan", "--json")
    assert at_work(night, trial.home)
    time.sleep(moment)
    taken = trial.run("backup", str(goal), "--json")
    assert (taken.code, json.loads(taken.out)["problems"]) == (0, []), taken.told
    night.communicate(timeout=LONG)
    assert night.returncode == 0
    home = tmp_path / "baru"
    other = Trial(home, f"sqlite:///{home / 'data' / 'pantau.db'}")
    back = other.run("restore", str(goal), "--identity", str(trial.home / "data/keys/cadangan.key"))
    assert back.code == 0, back.told
    assert other.run("verify").code == 0
    other.finish()  # the night that the backup caught half-way is taken up where it was
    other.assert_same(offices.undisturbed)
    trial.assert_same(offices.undisturbed)
