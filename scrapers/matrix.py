"""What is seen of each platform behind which door: one table, from which the command and the page are both written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from monitor.domain import Act, Coverage, Direction, SourceMode
from scrapers.manifest import Capability, Manifest, to_json

VERBS = (Act.POST, Act.SHARE, Act.LIKE, Act.COMMENT, Act.FOLLOW, Act.TAG)
_CAPTURED = (SourceMode.IMPORT,)


@dataclass(frozen=True, slots=True)
class Cell:
    """How much of one verb is seen in one direction behind one door; `coverage` is what a visit records of it.

    A verb of which the manifest says nothing is `unread`: the program does not look.
    """

    direction: Direction
    door: SourceMode
    verb: Act
    level: str
    reason: str
    coverage: Coverage
    endpoints: tuple[str, ...]


def cells(manifest: Manifest) -> tuple[Cell, ...]:
    """Return the platform's part of the matrix: every direction that it has, by door, with every verb."""
    directions = [d for d in Direction if any(c.direction is d for c in manifest.capability)]
    return tuple(
        _cell(direction, door, verb, manifest.capability_of(direction, verb, door))
        for direction in directions
        for door in doors(manifest, direction)
        for verb in VERBS
    )


def doors(manifest: Manifest, direction: Direction) -> tuple[SourceMode, ...]:
    """Return the doors of a direction: captured files for imports, else those by which the platform is read live."""
    if direction is Direction.IMPORT:
        return _CAPTURED
    return tuple(mode for mode in manifest.modes if mode is not SourceMode.IMPORT)


def matrix(manifests: Mapping[str, Manifest], live: Iterable[str]) -> list[dict[str, Any]]:
    """Return every platform with its part of the matrix as plain JSON values, by name."""
    readable = frozenset(live)
    return [
        {
            **to_json(manifest),
            "live": name in readable,
            "liveness": bool(manifest.oembed),
            "matrix": [{**asdict(cell), "endpoints": list(cell.endpoints)} for cell in cells(manifest)],
        }
        for name, manifest in sorted(manifests.items())
    ]


def _cell(direction: Direction, door: SourceMode, verb: Act, said: Capability | None) -> Cell:
    if said is None:
        return Cell(direction, door, verb, "unread", "", Coverage.NOT_ATTEMPTED, ())
    coverage = {"full": Coverage.OBSERVED, "partial": Coverage.PARTIAL}.get(said.level, said.coverage)
    return Cell(direction, door, verb, said.level, said.reason, coverage, said.endpoints)
