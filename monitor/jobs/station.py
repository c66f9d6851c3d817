"""What one worker process holds: an opened workspace, and the parts of a night for as long as nothing has changed."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from db import schema
from db.stamps import Stamp, stamp
from monitor.assembly import night
from monitor.scan.breaker import Breaker
from monitor.scan.parts import Parts
from monitor.scan.spread import Crew, join
from monitor.settings import CONFIG_NAME
from monitor.workspace import Workspace, workspace

_TRIES = 12  # rests after which a silent host is given up for the night
Marks = tuple[Stamp, tuple[tuple[str, int, int], ...]]


class OtherVersion(Exception):
    """The database is of another version than this program by now; what was in hand is for others."""


@dataclass(slots=True)
class Kit:
    """A workspace with the parts of a night; `users` are the jobs that hold it, closed once it is stale and free."""

    space: Workspace
    parts: Parts
    marks: Marks
    held: ExitStack
    users: int = 0
    stale: bool = False
    crews: dict[int, Crew] = field(default_factory=dict)
    joining: threading.Lock = field(default_factory=threading.Lock)

    def crew(self, run_id: int) -> Crew | None:
        """Return what is needed to work at a shared night, read once for all jobs; None when it has ended."""
        with self.joining:
            if run_id not in self.crews:
                found = join(self.parts, run_id)
                if found is None:
                    return None
                settings = self.space.settings.workers
                breaker = Breaker(settings.rest_seconds, _TRIES)
                self.crews = {run_id: replace(found, breaker=breaker)}
            return self.crews[run_id]


class Station:
    """The kits of one process; safe to share between threads. `stop` ends work after the answer in hand."""

    def __init__(self, space: Workspace, stop: threading.Event) -> None:
        self.space = space
        self.stop = stop
        self._home: Path = space.settings.home
        self.lacking: dict[str, datetime] = {}  # provinces without a worker, as this process saw it, since when
        self._head = schema.head()
        self._guard = threading.Lock()
        self._kit: Kit | None = None

    @contextmanager
    def kit(self) -> Iterator[Kit]:
        """Give the kit as the settings, the register and the rules stand now; OtherVersion when the schema changed."""
        kit = self._taken()
        try:
            yield kit
        finally:
            with self._guard:
                kit.users -= 1
                self._close_when_free(kit)

    def close(self) -> None:
        """Let go of the kit; jobs that hold it keep it until they end."""
        with self._guard:
            if self._kit is not None:
                self._kit.stale = True
                self._close_when_free(self._kit)
                self._kit = None

    def _taken(self) -> Kit:
        marks = self._marks()
        with self._guard:
            if self._kit is not None and self._kit.marks != marks:
                self._kit.stale = True
                self._close_when_free(self._kit)
                self._kit = None
            if self._kit is None:
                self._kit = self._opened(marks)
            self._kit.users += 1
            return self._kit

    def _opened(self, marks: Marks) -> Kit:
        with ExitStack() as opening:
            space = opening.enter_context(workspace(self._home))
            parts = opening.enter_context(night(space, self.stop))
            return Kit(space, parts, marks, opening.pop_all())

    def _marks(self) -> Marks:
        with self.space.database.read() as session:
            if schema.current(session) != self._head:
                raise OtherVersion
            changed = stamp(session)
        files = [self._home / CONFIG_NAME, *sorted(self.space.settings.rules_dir.glob("*"))]
        facts = [(file.name, file.stat()) for file in files if file.is_file()]
        return changed, tuple((name, fact.st_mtime_ns, fact.st_size) for name, fact in facts)

    @staticmethod
    def _close_when_free(kit: Kit) -> None:
        if kit.stale and not kit.users:
            kit.held.close()
