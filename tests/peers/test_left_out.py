import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow
ROOT = Path(__file__).resolve().parents[2]
SKIPPED = """
import pytest
from tests.peers.require import leave_out

def test_peer():
    leave_out("Bluesky network", "no npm")

def test_other():
    pytest.skip("no browser")

def test_fine():
    pass
"""
FINE = "def test_fine():\n    pass\n"


def run_pytest(folder: Path, text: str, required: str) -> subprocess.CompletedProcess[str]:
    (folder / "test_inner.py").write_text(text)
    environment = dict(os.environ, PYTHONPATH=str(ROOT), PANTAU_TEST_REQUIRE_ALL=required)
    environment.pop("PYTEST_ADDOPTS", None)
    plugins = ["-p", "tests.peers.fixtures", "-p", "no:randomly", "-p", "no:cacheprovider"]
    command = [sys.executable, "-m", "pytest", *plugins, "--rootdir", str(folder), str(folder)]
    return subprocess.run(command, check=False, cwd=folder, env=environment, capture_output=True, text=True)


@pytest.fixture(scope="module")
def lenient(tmp_path_factory) -> subprocess.CompletedProcess[str]:
    return run_pytest(tmp_path_factory.mktemp("lenient"), SKIPPED, "0")


@pytest.fixture(scope="module")
def strict(tmp_path_factory) -> subprocess.CompletedProcess[str]:
    return run_pytest(tmp_path_factory.mktemp("strict"), SKIPPED, "1")


def test_what_was_left_out_stands_in_the_last_lines(lenient):
    last = "\n".join(lenient.stdout.splitlines()[-4:])
    assert "left out: Bluesky network: no npm" in last
    assert "no browser" in last


def test_leaving_out_is_no_failure_by_default(lenient):
    assert lenient.returncode == 0


def test_helper_fails_where_everything_is_required(strict):
    assert "FAILED test_inner.py::test_peer" in strict.stdout


def test_any_skip_fails_the_run_where_everything_is_required(tmp_path):
    only_skip = run_pytest(tmp_path, "import pytest\ndef test_other():\n    pytest.skip('no browser')\n", "1")
    assert only_skip.returncode == 1


def test_nothing_left_out_says_nothing(tmp_path):
    fine = run_pytest(tmp_path, FINE, "1")
    assert fine.returncode == 0
    assert "left out" not in fine.stdout
