"""The live display of a long command; silent when nobody watches."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn

from monitor.scan.progress import Progress as ScanProgress
from monitor.scan.progress import Silent


class Bars:
    """One bar for each phase, fed from several threads."""

    def __init__(self, display: Progress) -> None:
        self._display = display
        self._task: TaskID | None = None
        self._lock = threading.Lock()

    def phase(self, name: str, total: int) -> None:
        """Begin a bar."""
        with self._lock:
            self._task = self._display.add_task(name, total=total or None, note="")

    def step(self, done: int, note: str = "") -> None:
        """Move the bar on."""
        with self._lock:
            if self._task is not None:
                self._display.update(self._task, advance=done, note=note)


@contextmanager
def live(*, quiet: bool) -> Iterator[ScanProgress]:
    """Draw bars on stderr while the block runs, when stderr is a terminal and nobody asked for quiet."""
    if quiet or not sys.stderr.isatty():
        yield Silent()
        return
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.fields[note]}"),
    )
    with Progress(*columns, console=Console(stderr=True)) as display:
        yield Bars(display)
