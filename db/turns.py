"""Turns of the writers of one process: first come, first served, so that none starves behind a lucky one."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock


class Turns:
    """A lock that goes to whoever has waited longest; the next one is woken at once instead of looking again later."""

    __slots__ = ("_busy", "_guard", "_waiting")

    def __init__(self) -> None:
        self._guard = Lock()
        self._waiting: deque[Lock] = deque()
        self._busy = False

    @contextmanager
    def turn(self, seconds: float) -> Iterator[bool]:
        """Give True once it is the caller's turn, which ends with the block; False when it did not come in time."""
        taken = self._take(seconds)
        try:
            yield taken
        finally:
            if taken:
                self._pass_on()

    def _take(self, seconds: float) -> bool:
        with self._guard:
            if not self._busy:
                self._busy = True
                return True
            mine = Lock()
            mine.acquire()
            self._waiting.append(mine)
        if mine.acquire(timeout=seconds):
            return True
        with self._guard:
            if mine in self._waiting:
                self._waiting.remove(mine)
                return False
        return True  # it was passed on at the last moment

    def _pass_on(self) -> None:
        with self._guard:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._busy = False
