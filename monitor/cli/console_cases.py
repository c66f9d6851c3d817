"""What the console asks of the scan for one case: whether its texts are still online."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock

from monitor.assembly import night
from monitor.errors import ConflictError
from monitor.scan.liveness import recheck
from monitor.sealing import seal
from monitor.web.deps import Asked
from monitor.workspace import Workspace

MOST = 6
"""Texts asked after at one press; an officer waits for the answer."""


def rechecking(space: Workspace) -> Callable[[int], Asked]:
    """Return how the platforms are asked after the texts of a case; one question at a time, so that pace is kept."""
    busy = Lock()

    def ask(case_id: int) -> Asked:
        if not busy.acquire(blocking=False):
            raise ConflictError("Pemeriksaan lain sedang berjalan", "tunggu sebentar, lalu coba lagi")
        try:
            with night(space) as parts:
                done = recheck(parts, everything=True, most=MOST, case_id=case_id)
            if done.changes:
                seal(space.database, space.evidence, case_id, space.clock())
        finally:
            busy.release()
        unasked = tuple(f"{name}: {count} teks tidak dapat ditanyakan" for name, count in sorted(done.unasked.items()))
        return Asked(sum(done.states.values()), unasked + tuple(issue.detail for issue in done.issues))

    return ask
