"""Work that outlasts a request: a few threads that the console owns, and a sign of life for all that they hold."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as StillWorking
from contextlib import suppress
from dataclasses import dataclass, field
from traceback import format_tb

import structlog

from monitor.errors import DatabaseError

_BEAT_SECONDS = 10.0


@dataclass(slots=True)
class Background:
    """Runs checks two at a time and imports one by one; nothing runs before it is asked for.

    `beat` is called every few seconds for every number that waits or is worked on, from a thread that ends when there
    is none.
    """

    beat: Callable[[int], None]
    every: float = _BEAT_SECONDS
    _checks: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(2, "unggah-periksa"))
    _imports: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1, "unggah-masuk"))
    _held: dict[int, Future[None]] = field(default_factory=dict)
    _told: dict[int, tuple[str, int]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _idle: threading.Event = field(default_factory=threading.Event)
    _beating: bool = False

    def check(self, number: int, work: Callable[[], None]) -> None:
        """Queue a dry run."""
        self._submit(self._checks, number, work)

    def take(self, number: int, work: Callable[[], None]) -> None:
        """Queue an import."""
        self._submit(self._imports, number, work)

    def wait(self, number: int, seconds: float) -> None:
        """Wait a moment for work that may be short."""
        future = self._held.get(number)
        if future is not None:
            with suppress(StillWorking):
                future.exception(seconds)

    def tell(self, number: int, phase: str, done: int) -> None:
        """Note how far a work is: steps add up within a phase."""
        with self._lock:
            name, before = self._told.get(number, ("", 0))
            self._told[number] = (phase, 0) if phase else (name, before + done)

    def progress(self, number: int) -> tuple[str, int]:
        """Return the phase of a work and its steps so far."""
        return self._told.get(number, ("", 0))

    def close(self) -> None:
        """Take nothing new; what runs is finished by its thread, what waits is shown as stopped later."""
        self._checks.shutdown(wait=False, cancel_futures=True)
        self._imports.shutdown(wait=False, cancel_futures=True)
        self._idle.set()

    def _submit(self, pool: ThreadPoolExecutor, number: int, work: Callable[[], None]) -> None:
        with self._lock:
            if number in self._held:
                return
            self._held[number] = pool.submit(self._run, number, work)
            if not self._beating:
                self._beating = True
                self._idle.clear()
                threading.Thread(target=self._beat, name="unggah-tanda", daemon=True).start()

    def _run(self, number: int, work: Callable[[], None]) -> None:
        try:
            work()
        except Exception as error:  # noqa: BLE001 - the seam to the thread: told in the upload's row, logged without values
            frames = "".join(format_tb(error.__traceback__))  # what an error says may quote the file
            structlog.get_logger().error("upload_work_failed", upload=number, kind=type(error).__name__, frames=frames)
        finally:
            with self._lock:
                self._held.pop(number, None)
                self._told.pop(number, None)
                if not self._held:
                    self._idle.set()

    def _beat(self) -> None:
        while True:
            self._idle.wait(self.every)
            with self._lock:
                held = tuple(self._held)
                if not held:
                    self._beating = False
                    return
                self._idle.clear()
            for number in held:
                with suppress(DatabaseError):  # a busy database: the next beat comes soon
                    self.beat(number)
