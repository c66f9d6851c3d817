"""What the visits that one process makes share, and how it is told to stop."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from monitor.scan.breaker import Breaker


class Stopped(BaseException):
    """The process is told to stop: work ends after the answer in hand and waits for whoever comes next.

    No failure, so no `except Exception` may take it for one.
    """


class HostRests(Exception):
    """A host that did not answer is left alone for so many `seconds`; what was wanted of it waits."""

    def __init__(self, seconds: float) -> None:
        super().__init__(seconds)
        self.seconds = seconds


@dataclass(frozen=True, slots=True)
class Shift:
    """One process at work; once `stop` is set, nothing more is asked."""

    breaker: Breaker = field(default_factory=Breaker)
    stop: threading.Event = field(default_factory=threading.Event)

    def check(self) -> None:
        """Raise Stopped once the process is told to stop."""
        if self.stop.is_set():
            raise Stopped

    def check_host(self, host: str) -> None:
        """Raise HostRests once a host is left alone for a time: what a visit still wants of it can wait, too."""
        if self.breaker.rest and self.breaker.rests(host):
            raise HostRests(self.breaker.rest)


def sleeper(stop: threading.Event) -> Callable[[float], None]:
    """Return a sleep that is broken off by Stopped."""

    def sleep(seconds: float) -> None:
        if stop.wait(max(seconds, 0)):
            raise Stopped

    return sleep
