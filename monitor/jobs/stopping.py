"""Being told to stop: SIGTERM ends a piece of work as Ctrl-C does, so that it is left in good order."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


@contextmanager
def stops_in_order() -> Iterator[None]:
    """Let SIGTERM raise KeyboardInterrupt inside the block; only for the main thread."""
    before = signal.signal(signal.SIGTERM, _interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _interrupt(number: int, frame: FrameType | None) -> None:
    del number, frame
    raise KeyboardInterrupt
