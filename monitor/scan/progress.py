"""How a night tells whoever watches where it is; the command line draws it, cron ignores it."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """Receives what happens; called from several threads."""

    def phase(self, name: str, total: int) -> None:
        """Begin a phase of so many steps."""
        ...

    def step(self, done: int, note: str = "") -> None:
        """Say how many steps of the phase are done."""
        ...


class Silent:
    """Nobody watches."""

    def phase(self, name: str, total: int) -> None:
        """Ignore."""

    def step(self, done: int, note: str = "") -> None:
        """Ignore."""
