"""A machine without memory: the night ends with a word or is killed, and the next one finishes it."""

from __future__ import annotations

import os
import resource
import signal
import time
from functools import partial

import pytest

from tests.safety.trials import LONG, Offices, at_work

pytestmark = pytest.mark.slow

MB = 1 << 20


def grant(more: int) -> None:
    """Let this process take so much more memory than it has, and no thread a great stack."""
    with open("/proc/self/statm", encoding="ascii") as file:  # noqa: PTH123 - no file of a disk
        pages = int(file.read().split()[0])
    most = pages * os.sysconf("SC_PAGE_SIZE") + more
    resource.setrlimit(resource.RLIMIT_AS, (most, most))


@pytest.mark.parametrize("more", [4 * MB, 24 * MB, 96 * MB])
def test_a_night_without_memory_is_finished_by_the_next_one(offices: Offices, more: int) -> None:
    trial = offices.trial()
    ended = trial.run("scan", "--json", before=partial(grant, more))
    assert ended.code in {0, 1} or (ended.code or 0) < 0
    if ended.code == 1:
        ended.assert_plain(1)
    trial.finish()
    trial.assert_same(offices.undisturbed)


def resident(pid: int) -> int:
    with open(f"/proc/{pid}/statm", encoding="ascii") as file:  # noqa: PTH123 - no file of a disk
        return int(file.read().split()[1])


def test_a_night_killed_where_it_holds_most_is_finished_by_the_next_one(offices: Offices) -> None:
    """Kill as the system does when memory runs out: without a word, once the night holds more than it did before."""
    trial = offices.trial()
    process = trial.start("scan", "--json")
    assert at_work(process, trial.home)
    least, until = resident(process.pid), time.monotonic() + LONG
    while process.poll() is None and resident(process.pid) < least + 4 * MB // os.sysconf("SC_PAGE_SIZE"):
        assert time.monotonic() < until
        time.sleep(0.002)
    if process.poll() is None:
        os.kill(process.pid, signal.SIGKILL)
    process.communicate(timeout=LONG)
    trial.finish()
    trial.assert_same(offices.undisturbed)
