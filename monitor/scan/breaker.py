"""Hosts that do not answer: left alone after several failures in a row, and tried once more when all else is done."""

from __future__ import annotations

from dataclasses import dataclass, field

from monitor.errors import NetworkFailure, SourceError

IN_A_ROW = 3
"""Failures to connect after which a host rests."""


@dataclass(slots=True)
class _Host:
    failures: int = 0
    resting: bool = False
    dead: bool = False


@dataclass(slots=True)
class Breaker:
    """What a night knows of its hosts; each is told of by its own worker only.

    A host is tried until it failed so many times in a row, then rests until nothing else is to be done. The one try
    after that either brings it back or lets all that is left be given up without further tries.
    """

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
        if known.resting:
            known.resting, known.dead = False, True
            return True
        known.resting = known.failures >= IN_A_ROW
        return False

    def rests(self, host: str) -> bool:
        """Whether a host waits for its one more try."""
        known = self._hosts.get(host)
        return known is not None and known.resting

    def is_dead(self, host: str) -> bool:
        """Whether a host was given up for this night."""
        known = self._hosts.get(host)
        return known is not None and known.dead


def given_up(host: str, url: str) -> NetworkFailure:
    """Return the failure of a request that is not made any more."""
    return NetworkFailure(f"Peladen {host} tidak dapat dihubungi malam ini", url=url)
