from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

TESTS = """
import pytest


@pytest.mark.parametrize("number", range(8))
@pytest.mark.xdist_group("together")
def test_together(number):
    assert number >= 0


@pytest.mark.parametrize("number", range(8))
def test_alone(number):
    assert number >= 0
"""


def test_what_shares_a_costly_fixture_runs_in_one_worker(tmp_path: Path) -> None:
    (tmp_path / "test_two.py").write_text(TESTS, encoding="utf-8")
    options = ["-v", "-p", "no:cacheprovider", "--numprocesses", "2", "--dist", "loadgroup"]
    command = [sys.executable, "-m", "pytest", *options, "--no-loadscope-reorder", str(tmp_path)]
    said = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True).stdout
    workers = re.findall(r"\[(gw\d)\].*test_together\[\d\]@together", said)
    assert len(workers) == 8
    assert len(set(workers)) == 1
