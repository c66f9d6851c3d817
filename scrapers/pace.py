"""One request at a time per host, each no sooner than the host's delay after the start of the one before."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

_ROUNDS = 5  # a sleep may end early; a clock that stands still must not hold the night


@dataclass(slots=True)
class _Lane:
    lock: threading.Lock = field(default_factory=threading.Lock)
    next_start: datetime | None = None
    delay: float = 0.0
    closed_until: datetime | None = None


class Pacer:
    """The slots of every host; safe to share between threads.

    A slot is start to start: the next request may begin `delay` after the last one began, however long that took.
    """

    def __init__(self, clock: Callable[[], datetime], sleep: Callable[[float], None]) -> None:
        self._clock = clock
        self._sleep = sleep
        self._guard = threading.Lock()
        self._lanes: dict[str, _Lane] = {}

    def closed_until(self, host: str) -> datetime | None:
        """Return until when the host asked to be left alone; None when it may be asked."""
        lane = self._lane(host)
        until = lane.closed_until
        return until if until is not None and until > self._clock() else None

    def close(self, host: str, until: datetime) -> None:
        """Leave the host alone until then; an earlier time never shortens a later one."""
        lane = self._lane(host)
        with self._guard:
            if lane.closed_until is None or lane.closed_until < until:
                lane.closed_until = until

    @contextmanager
    def turn(self, host: str, delay: float) -> Iterator[None]:
        """Hold the host for one request, from its slot on."""
        lane = self._lane(host)
        with lane.lock:
            self._await(lane)
            lane.delay = delay
            lane.next_start = self._clock() + timedelta(seconds=delay)
            yield

    def _await(self, lane: _Lane) -> None:
        for _ in range(_ROUNDS):
            if lane.next_start is None:
                return
            left = (lane.next_start - self._clock()).total_seconds()
            if left <= 0:
                return
            if left > lane.delay:  # the clock was set back
                lane.next_start = self._clock() + timedelta(seconds=lane.delay)
                left = lane.delay
            self._sleep(left)

    def _lane(self, host: str) -> _Lane:
        with self._guard:
            return self._lanes.setdefault(host, _Lane())
