"""Pytest plugin: how many workers a run has, and where it keeps its files for as long as it needs them."""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import tempfile
import time
from collections.abc import Generator, Iterator
from contextlib import suppress
from itertools import count
from pathlib import Path

import pytest

from monitor.evidence.places import discard_unclaimed

ROOMY = 4 * 2**30
"""What a run keeps at a time, databases and browsers included, stays far below that many bytes."""

MEMORY = Path("/dev/shm")
FRESH = 60.0
"""Seconds in which a run that has just made its folder comes to claim it."""

_PASSED: pytest.StashKey[bool] = pytest.StashKey()
_NUMBERS = count(1)


@pytest.hookimpl(tryfirst=True)
def pytest_configure() -> None:
    """Let all that is temporary be made where that takes least time; what is started does so too."""
    os.environ["TMPDIR"] = str(quick_folder())
    tempfile.tempdir = None  # it is found anew
    remove_left_folders(Path(tempfile.gettempdir()))


def quick_folder() -> Path:
    """Return the folder that `TMPDIR` names, else memory where the machine has enough of it, else the usual one."""
    if "TMPDIR" not in os.environ and os.access(MEMORY, os.W_OK) and _room() >= ROOMY:
        return MEMORY
    return Path(tempfile.gettempdir())


def remove_left_folders(place: Path) -> None:
    """Remove what runs left behind that were killed; pytest itself would wait three days for them."""
    for lock in place.glob("pytest-of-*/pytest-*/.lock"):
        with suppress(OSError):  # it is being removed, or is somebody else's
            fresh = time.time() - lock.stat().st_mtime < FRESH
            # A number says nothing of processes in another container, and a run of an older form claims nothing.
            if not fresh and not Path("/proc", lock.read_text()).exists():
                discard_unclaimed(lock.parent)


def pytest_sessionstart(session: pytest.Session) -> None:
    """Let others tell that this run lives; the system ends the claim with the process."""
    factory = getattr(session.config, "_tmp_path_factory", None)
    if factory is not None and not hasattr(session.config, "workerinput"):
        claim(factory.getbasetemp())


def claim(folder: Path) -> int:
    """Claim a folder for as long as this process lives, and return the descriptor by which it does."""
    handle = os.open(folder, os.O_RDONLY)
    fcntl.flock(handle, fcntl.LOCK_SH)
    return handle


def _room() -> int:
    """Return for how many bytes of files there is memory: what is allowed, and what no process uses."""
    allowed = os.statvfs(MEMORY)
    unused = re.search(r"^MemAvailable:\s+(\d+) kB", Path("/proc/meminfo").read_text(), re.MULTILINE)
    return min(allowed.f_bavail * allowed.f_frsize, int(unused[1]) * 1024 if unused else 0)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int | None:
    """One worker more than there are processors: tests wait for processes, browsers and servers as often as not."""
    if "PYTEST_XDIST_AUTO_NUM_WORKERS" in os.environ:
        return None
    return len(os.sched_getaffinity(0)) + 1


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Remember whether all went well so far."""
    report = yield
    item.stash[_PASSED] = report.passed and item.stash.get(_PASSED, True)
    return report


@pytest.fixture
def tmp_path(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder for one test, removed when the test passed; no other test of the run has one at the same place.

    pytest's own searches all others for a free name, a fiftieth of a run, and keeps them all for three runs.
    """
    name = re.sub(r"\W", "_", request.node.name)[:30]
    folder = tmp_path_factory.getbasetemp() / f"{name}{next(_NUMBERS)}"
    folder.mkdir(mode=0o700)
    yield folder
    if request.node.stash.get(_PASSED, False):
        shutil.rmtree(folder, ignore_errors=True)
