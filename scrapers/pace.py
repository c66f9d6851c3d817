"""One call at a time per host, each no sooner than the host's pause after the one before left.

The pause is the policy's pace or the host's own wish, whichever is longer. It grows while a host labours: a failing or
refusing answer adds half a second and doubles that each time, good answers take a fifth of it back, and a host that
needs much longer than it used to is left alone as long again. Where only a little of an allowance is left, it is spread
over the time until more is granted.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from scrapers.limits import Allowance

_ROUNDS = 5  # a sleep may end early; a clock that stands still must not hold the night
_FIRST_REST = 0.5  # seconds added after the first failing answer
_LONGEST_REST = 8.0  # a host that is down is asked about every target in a night: the rests must not fill it
_LONGEST_PAUSE = 60.0
_RECOVERS = 0.8  # what a good answer leaves of the rest
_FORGOTTEN = 0.05
_LABOURS = 0.5  # seconds for an answer from which on a host may labour
_LATELY, _USUALLY = 0.3, 0.03  # of the latest answer in the running means of times


class Pacing(Protocol):
    """What a fetcher needs of whoever keeps the pace of hosts."""

    def closed_until(self, host: str) -> datetime | None:
        """Return until when the host asked to be left alone; None when it may be asked."""
        ...

    def close(self, host: str, until: datetime) -> None:
        """Leave the host alone until then."""
        ...

    def note(self, host: str, *, well: bool, left: Allowance | None = None) -> None:
        """Take in how an answer went, and what it said of the host's allowance."""
        ...

    def turn(self, host: str, delay: float, longest: float = _LONGEST_PAUSE) -> AbstractContextManager[None]:
        """Hold the host for one call; inside the block it may turn out to be closed by now."""
        ...

    def leaves(self, host: str) -> None:
        """Count the host's pause from now on: inside a turn, just before its call is sent."""
        ...


@dataclass(slots=True)
class _Lane:
    lock: threading.Lock = field(default_factory=threading.Lock)
    last_start: datetime | None = None
    next_start: datetime | None = None
    pause: float = 0.0
    closed_until: datetime | None = None
    rest: float = 0.0
    takes: float | None = None
    usual: float = 0.0
    spread: Allowance | None = None


class Pacer:
    """The slots of every host; safe to share between threads.

    A slot is start to start: the next call may begin a pause after the last one began, however long that took. What a
    turn does before its call leaves (names looked up, costs booked) takes longer one time than another, so a call that
    says when it leaves counts from there.
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

    def note(self, host: str, *, well: bool, left: Allowance | None = None) -> None:
        """Take in how an answer went, and what it said of the host's allowance; None when it said nothing."""
        lane = self._lane(host)
        with self._guard:
            if well:
                lane.rest = lane.rest * _RECOVERS if lane.rest > _FORGOTTEN else 0.0
            else:
                lane.rest = min(max(lane.rest * 2, _FIRST_REST), _LONGEST_REST)
            lane.spread = left

    @contextmanager
    def turn(self, host: str, delay: float, longest: float = _LONGEST_PAUSE) -> Iterator[None]:
        """Hold the host for one call, from its slot on; no pause of ours is longer than `longest`, but for `delay`."""
        lane = self._lane(host)
        with lane.lock:
            self._pause(lane, longest)
            self._await(lane)
            lane.last_start = started = self._clock()
            lane.next_start = started + timedelta(seconds=delay)
            lane.pause = delay
            try:
                yield
            finally:
                _note_time(lane, max((self._clock() - started).total_seconds(), 0.0))

    def leaves(self, host: str) -> None:
        """Count the host's pause from now on."""
        lane = self._lane(host)
        lane.last_start = now = self._clock()
        lane.next_start = now + timedelta(seconds=lane.pause)

    def _pause(self, lane: _Lane, longest: float) -> None:
        """Set when the next call may begin, from what is known of the host by now."""
        if lane.last_start is None:
            return
        lately = lane.takes or 0.0
        labours = 2 * lately if lately >= _LABOURS and lately > 2 * lane.usual else 0.0
        wanted = max(lane.pause + lane.rest, labours, self._spread(lane))
        lane.pause = max(lane.pause, min(wanted, longest))
        lane.next_start = lane.last_start + timedelta(seconds=lane.pause)

    def _spread(self, lane: _Lane) -> float:
        """Return the seconds between calls that make what is left last until more is granted."""
        told = lane.spread
        if told is None or not told.few or told.left <= 0:
            return 0.0
        return max((told.until - self._clock()).total_seconds(), 0.0) / told.left

    def _await(self, lane: _Lane) -> None:
        for _ in range(_ROUNDS):
            if lane.next_start is None:
                return
            left = (lane.next_start - self._clock()).total_seconds()
            if left <= 0:
                return
            if left > lane.pause:  # the clock was set back
                lane.next_start = self._clock() + timedelta(seconds=lane.pause)
                left = lane.pause
            self._sleep(left)

    def _lane(self, host: str) -> _Lane:
        with self._guard:
            return self._lanes.setdefault(host, _Lane())


def _note_time(lane: _Lane, took: float) -> None:
    if lane.takes is None:
        lane.takes = lane.usual = took
    else:
        lane.takes += _LATELY * (took - lane.takes)
        lane.usual += _USUALLY * (took - lane.usual)
