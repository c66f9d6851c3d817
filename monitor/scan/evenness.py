"""Whether the machine's clock goes evenly through a night: every time that is written rests on it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from monitor.domain import Issue
from monitor.scan.parts import Parts

UNEVEN = "clock"
_MOST = timedelta(minutes=2)  # what setting a clock right little by little may come to in a night


@dataclass(frozen=True, slots=True)
class Evenness:
    """Where the clock stood at a moment, and how far the seconds were that nobody sets; None where none are counted."""

    clock: Callable[[], datetime]
    ticks: Callable[[], float] | None
    began: datetime
    first: float

    @classmethod
    def since_now(cls, parts: Parts) -> Evenness:
        """Begin to watch."""
        return cls(parts.clock, parts.ticks, parts.clock(), parts.ticks() if parts.ticks is not None else 0.0)

    def issues(self) -> list[Issue]:
        """Return an issue when the clock was set since then, or the machine was asleep."""
        if self.ticks is None:
            return []
        jump = self.clock() - self.began - timedelta(seconds=self.ticks() - self.first)
        if abs(jump) <= _MOST:
            return []
        how = "maju" if jump > timedelta() else "mundur"
        detail = f"jam mesin melompat {how} {_words(abs(jump))} di tengah malam ini; periksa penyelarasan waktu mesin"
        return [Issue("", UNEVEN, detail)]


def _words(span: timedelta) -> str:
    minutes = round(span.total_seconds() / 60)
    return f"{minutes} menit" if minutes < 120 else f"{minutes / 60:.0f} jam"
