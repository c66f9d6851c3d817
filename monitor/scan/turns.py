"""The slots of hosts, shared by all workers through the database; see `scrapers.pace.Pacing`.

Every process still asks a host one call at a time, and keeps the pause from the moment its last call left. Between
processes the slots decide: one transaction books a call, one more notes its answer where that matters.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from db import host_pace
from db.connect import Database
from scrapers.limits import Allowance

_LOOK_AGAIN = 0.05  # seconds of waiting after which another worker may have been told to stay away
_LONGEST_PAUSE = 60.0


@dataclass(slots=True)
class _Lane:
    lock: threading.Lock = field(default_factory=threading.Lock)
    closed_until: datetime | None = None
    slot: host_pace.Slot | None = None
    left_at: datetime | None = None


class SharedPacer:
    """Keeps a host's pace together with every other worker; safe to share between threads."""

    def __init__(self, database: Database, clock: Callable[[], datetime], sleep: Callable[[float], None]) -> None:
        self._database = database
        self._clock = clock
        self._sleep = sleep
        self._guard = threading.Lock()
        self._lanes: dict[str, _Lane] = {}

    def closed_until(self, host: str) -> datetime | None:
        """Return until when the host is to be left alone, as this process knows; a turn finds out what others know."""
        until = self._lane(host).closed_until
        return until if until is not None and until > self._clock() else None

    def close(self, host: str, until: datetime) -> None:
        """Leave the host alone until then; an earlier time never shortens a later one."""
        seconds = (until - self._clock()).total_seconds()
        with self._database.write() as session:
            host_pace.close(session, host, seconds)
        self._close(self._lane(host), seconds)

    def note(self, host: str, *, well: bool, left: Allowance | None = None) -> None:
        """Take in how an answer went, and what it said of the host's allowance; None when it said nothing."""
        slot = self._lane(host).slot
        if slot is None or (well and left is None and not slot.anxious):
            return
        told = None
        if left is not None:
            told = host_pace.Told(left.left, left.of, (left.until - self._clock()).total_seconds())
        with self._database.write() as session:
            host_pace.note(session, host, slot.number, well=well, told=told)

    @contextmanager
    def turn(self, host: str, delay: float, longest: float = _LONGEST_PAUSE) -> Iterator[None]:
        """Hold the host for one call of this process, from its slot on.

        A host that is to be left alone gives no slot: the block then begins at once and finds it closed.
        """
        lane = self._lane(host)
        with lane.lock:
            slot = self._book(host, delay, longest)
            while slot.closed and slot.wait < _LOOK_AGAIN:  # over before anybody could find it closed
                self._sleep(slot.wait)
                slot = self._book(host, delay, longest)
            lane.slot = None if slot.closed else slot
            if slot.closed:
                self._close(lane, slot.wait)
            elif slot.wait > 0:
                self._sleep(slot.wait)
                self._look_again(lane, host, slot.wait)
            if not slot.closed:
                self._keep_apart(lane, delay)
            yield

    def leaves(self, host: str) -> None:
        """Count the host's pause from now on, for this process."""
        self._lane(host).left_at = self._clock()

    def _keep_apart(self, lane: _Lane, delay: float) -> None:
        """Wait while the slot lies nearer to the last call than the pause, since that one left late in its own slot."""
        if lane.left_at is not None:
            early = delay - (self._clock() - lane.left_at).total_seconds()
            if 0 < early <= delay:  # more than that tells of a clock that was set back
                self._sleep(early)

    def _book(self, host: str, delay: float, longest: float) -> host_pace.Slot:
        with self._database.write() as session:
            return host_pace.book(session, host, delay, longest)

    def _look_again(self, lane: _Lane, host: str, waited: float) -> None:
        if waited < _LOOK_AGAIN:
            return
        with self._database.read() as session:
            seconds = host_pace.closed_for(session, host)
        if seconds > 0:
            self._close(lane, seconds)

    def _close(self, lane: _Lane, seconds: float) -> None:
        until = self._clock() + timedelta(seconds=seconds)
        with self._guard:
            if lane.closed_until is None or lane.closed_until < until:
                lane.closed_until = until

    def _lane(self, host: str) -> _Lane:
        with self._guard:
            return self._lanes.setdefault(host, _Lane())
