"""Taking turns: groups one after the other, in a group its parts, in a part its visits; who waits longest is next."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from heapq import heappop, heappush

from monitor.scan.visit import Visit

Path = tuple[str, str]
"""The contest and pair in whose turn an account stands, or the region and nothing."""

_TONIGHT = datetime.max.replace(tzinfo=UTC)
_Key = tuple[datetime, int]


@dataclass(slots=True)
class _Wheel:
    """Names by when each was last served; `next` is the one that waits longest, names alike in that by their order."""

    last: dict[str, _Key] = field(default_factory=dict)
    heap: list[tuple[_Key, str]] = field(default_factory=list)

    def serve(self, name: str, at: _Key) -> None:
        """Note that a name was served, unless it was later already."""
        if name not in self.last or self.last[name] < at:
            self.last[name] = at
            heappush(self.heap, (at, name))

    def next(self) -> str | None:
        """Return the name that waits longest, None when there is none left."""
        while self.heap and self.last.get(self.heap[0][1]) != self.heap[0][0]:
            heappop(self.heap)
        return self.heap[0][1] if self.heap else None

    def drop(self, name: str) -> None:
        """Forget a name that has nothing left."""
        self.last.pop(name, None)


@dataclass(slots=True)
class Turns:
    """Visits that wait, by the paths in whose turns they stand (`paths`, by the visit's identity)."""

    paths: Mapping[int, tuple[Path, ...]]
    groups: _Wheel = field(default_factory=_Wheel)
    parts: dict[str, _Wheel] = field(default_factory=dict)
    lines: dict[Path, deque[Visit]] = field(default_factory=dict)
    taken: set[int] = field(default_factory=set)

    def add(self, visit: Visit, tried: datetime) -> None:
        """Let a visit wait behind those that were added before; `tried` is when it was last begun."""
        for path in self.paths[id(visit)]:
            self._serve(path, (tried, 0))
            self.lines.setdefault(path, deque()).append(visit)

    def take(self) -> tuple[Path, Visit] | None:
        """Return the next visit with the path whose turn it was, None when all were taken."""
        while (group := self.groups.next()) is not None:
            part = self.parts[group].next()
            if part is None:
                self.groups.drop(group)
                continue
            line = self.lines[group, part]
            while line and id(line[0]) in self.taken:
                line.popleft()
            if not line:
                self.parts[group].drop(part)
                continue
            return (group, part), self._taken(line.popleft())
        return None

    def _taken(self, visit: Visit) -> Visit:
        """Count a visit as the turn of all in whose turns it stood."""
        self.taken.add(id(visit))
        for path in self.paths[id(visit)]:
            self._serve(path, (_TONIGHT, len(self.taken)))
        return visit

    def _serve(self, path: Path, at: _Key) -> None:
        group, part = path
        if group in self.parts and group not in self.groups.last:
            return  # all of it was taken
        self.groups.serve(group, at)
        self.parts.setdefault(group, _Wheel()).serve(part, at)
