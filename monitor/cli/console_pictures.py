"""Pictures of the pages of a case that are asked for from the console, and taken beside it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import partial

from monitor.assembly import lens_of, night
from monitor.domain import PictureTrip
from monitor.errors import ConflictError, PantauError
from monitor.evidence.camera import camera
from monitor.labels import label
from monitor.scan.pictures import Pictured, take_pictures
from monitor.web.deps import CameraRoom
from monitor.workspace import Workspace

MOST = 6
"""Pages photographed at one press."""


def camera_room(space: Workspace) -> CameraRoom:
    """Return what photographs the pages of a case, and how that stands."""

    def take(case_id: int) -> str:
        with night(space) as parts:
            opens = partial(camera, lens_of(space.settings))
            return told(take_pictures(parts, opens, everything=True, most=MOST, case_id=case_id))

    trips = Trips(take, space.clock)
    return CameraRoom(trips.start, trips.trip)


def told(done: Pictured) -> str:
    """Return what came of taking pictures, in sentences."""
    states = ", ".join(f"{count} {label(state)}" for state, count in sorted(done.states.items()))
    said = [f"Halaman yang dipotret: {states}." if states else "Tidak ada halaman yang dipotret."]
    said += [f"{name}: {count} unggahan tidak dapat dipotret." for name, count in sorted(done.unasked.items())]
    if done.later:
        said.append(f"{done.later} unggahan lain belum dipotret; muat ulang halaman ini, lalu ambil gambar lagi.")
    return " ".join(said + [f"{issue.source}: {issue.detail.rstrip('.')}." for issue in done.issues])


class Trips:
    """Pictures taken beside the console, one case at a time; how the newest of each case stands is kept in memory."""

    def __init__(self, take: Callable[[int], str], clock: Callable[[], datetime]) -> None:
        """Take what photographs a case and says what came of it."""
        self._take = take
        self._clock = clock
        self._lock = threading.Lock()
        self._trips: dict[int, PictureTrip] = {}

    def start(self, case_id: int, by: str) -> None:
        """Begin with a case; ConflictError while another one is photographed."""
        with self._lock:
            if any(trip.running for trip in self._trips.values()):
                raise ConflictError("Gambar lain sedang diambil", "tunggu sebentar, lalu coba lagi")
            self._trips[case_id] = PictureTrip(case_id, by, self._clock())
        threading.Thread(target=self._work, args=(case_id,), name=f"picture-{case_id}", daemon=True).start()

    def trip(self, case_id: int) -> PictureTrip | None:
        """Return how the newest pictures of a case stand, None where none were asked for since the console began."""
        return self._trips.get(case_id)

    def _work(self, case_id: int) -> None:
        said = "Gambar tidak dapat diambil karena kesalahan di program."
        try:
            said = self._take(case_id)
        except PantauError as problem:  # the seam of a thread: nobody else hears of it
            said = f"Gambar tidak dapat diambil: {problem}."
        finally:
            with self._lock:
                self._trips[case_id] = replace(self._trips[case_id], finished_at=self._clock(), said=said)
