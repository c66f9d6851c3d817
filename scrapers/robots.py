"""What a host's robots.txt lets this program read (RFC 9309)."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from protego import Protego

from scrapers.wire import Answer

AGENT = "pantau"
MAX_BYTES = 512 * 1024
_KEPT = timedelta(hours=24)


class _Parsed(Protocol):
    def can_fetch(self, url: str, user_agent: str) -> bool: ...

    def crawl_delay(self, user_agent: str) -> float | None: ...


@dataclass(frozen=True, slots=True)
class Rules:
    """One host's rules; None means that it has none."""

    parsed: _Parsed | None = None

    def allows(self, url: str) -> bool:
        """Whether this program may read the URL."""
        return self.parsed is None or bool(self.parsed.can_fetch(url, AGENT))

    @property
    def delay(self) -> float:
        """The seconds between requests that the host asks for, at most a minute; 0 when it does not say."""
        asked = self.parsed.crawl_delay(AGENT) if self.parsed is not None else None
        return min(max(float(asked or 0), 0.0), 60.0)


def parse(answer: Answer) -> Rules:
    """Read the answer to a request for robots.txt: 4xx, an empty body or an HTML page mean that all is allowed."""
    text = answer.body.decode("utf-8", "replace").lstrip("\ufeff \t\r\n")
    if answer.status != 200 or not text or text.startswith("<"):
        return Rules()
    return Rules(Protego.parse(text))


class RobotsCache:
    """The rules of every host asked so far, kept for a day."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._kept: dict[str, tuple[datetime, Rules]] = {}

    def rules(self, origin: str, ask: Callable[[], Answer]) -> Rules:
        """Return the host's rules, asking for them when they are not known; what `ask` raises goes through."""
        with self._lock:
            known = self._kept.get(origin)
        if known is not None and self._clock() - known[0] < _KEPT:
            return known[1]
        rules = parse(ask())
        with self._lock:
            self._kept[origin] = (self._clock(), rules)
        return rules
