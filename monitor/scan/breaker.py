"""Hosts that do not answer: left alone after several failures in a row, tried again later, and given up at last."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from monitor.errors import NetworkFailure, SourceError

IN_A_ROW = 3
"""Failures to connect after which a host rests."""


@dataclass(slots=True)
class _Host:
    failures: int = 0
    tried: int = 0
    until: float = 0.0
    resting: bool = False
    dead: bool = False


@dataclass(slots=True)
class Breaker:
    """What a process knows of a night's hosts; each is told of by its own worker only.

    A host is tried until it failed so many times in a row, then rests: until nothing else is to be done, or for `rest`
    seconds where others make the rest of the night. A try after that brings it back; the last of so many `tries` lets
    all that is left be given up without further ones.
    """

    rest: float = 0.0
    tries: int = 1
    ticks: Callable[[], float] = time.monotonic
    _hosts: dict[str, _Host] = field(default_factory=dict)

    def answered(self, host: str) -> None:
        """Note that a host is there, whatever it said."""
        self._hosts.pop(host, None)

    def failed(self, host: str, error: SourceError) -> bool:
        """Note what a try came to; True when the host is given up by it."""
        if not isinstance(error, NetworkFailure):
            self.answered(host)
            return False
        known = self._hosts.setdefault(host, _Host())
        known.failures += 1
        known.until = self.ticks() + self.rest
        if known.resting:
            known.tried += 1
            known.dead = known.tried >= self.tries
            known.resting = not known.dead
            return known.dead
        known.resting = known.failures >= IN_A_ROW and not known.dead
        return False

    def rests(self, host: str) -> bool:
        """Whether a host waits for its next try."""
        known = self._hosts.get(host)
        return known is not None and known.resting

    def wait(self, host: str) -> float:
        """Return for how many seconds a host is to be left alone; whoever gets 0 makes the next try alone."""
        known = self._hosts.get(host)
        if known is None or not known.resting:
            return 0.0
        left = max(known.until - self.ticks(), 0.0)
        if not left:
            known.until = self.ticks() + self.rest
        return left

    def is_dead(self, host: str) -> bool:
        """Whether a host was given up for this night."""
        known = self._hosts.get(host)
        return known is not None and known.dead


def given_up(host: str, url: str) -> NetworkFailure:
    """Return the failure of a request that is not made any more."""
    return NetworkFailure(f"Peladen {host} tidak dapat dihubungi malam ini", url=url)
