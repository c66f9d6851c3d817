"""What a reader of captured files must give: one `Captured` for every line, whatever the line holds."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from monitor.domain import ActRecord, ItemRecord
from scrapers.contract import ItemIssue

UNKNOWN_FIELDS = "unknown_fields"  # the kind of the issue whose detail lists field paths, joined by ", "


@dataclass(frozen=True, slots=True)
class Mapped:
    """What a platform's mapper read in one raw item; never raised, whatever the item holds.

    `skipped` is the reason, in Indonesian, why nothing is taken from the item; None when it was taken.
    `unknown_fields` are paths that the mapper neither reads nor ignores by name.
    """

    items: tuple[ItemRecord, ...] = ()
    acts: tuple[ActRecord, ...] = ()
    issues: tuple[ItemIssue, ...] = ()
    unknown_fields: tuple[str, ...] = ()
    skipped: str | None = None


Mapper = Callable[[Mapping[str, Any], datetime], Mapped]  # the raw item, and when it was captured


@dataclass(frozen=True, slots=True)
class Captured:
    """One line or record of a captured file: what it says, and the cleaned bytes to keep.

    `line` counts from 1. `acts` hold everything somebody did that the line shows, publishing the items included.
    `raw` is without session parameters and without the collector's identity, empty where the line could not be
    decoded. `collected_at` is when the collector's browser saw the item; for a line that does not say, and whose
    items are therefore not taken, it is the time of the line before (of the file, for the first). `source` is the
    platform, empty when unknown; `mapper` is "platform/version". A field that no mapper knows is named once a file, in
    an issue of kind UNKNOWN_FIELDS. `skipped` is the reason, in Indonesian, why the line
    gives no record.
    """

    line: int
    items: tuple[ItemRecord, ...]
    acts: tuple[ActRecord, ...]
    raw: bytes
    collected_at: datetime
    source: str
    mapper: str
    issues: tuple[ItemIssue, ...] = ()
    skipped: str | None = None


class Reader(Protocol):
    """One capture or export format."""

    @property
    def name(self) -> str:
        """The token that `pantau import --as` takes."""
        ...

    def sniff(self, head: bytes) -> bool:
        """Whether a file that begins with `head` (up to 64 KB, possibly cut inside a line) has this format."""
        ...

    def read(self, path: Path) -> Iterator[Captured]:
        """Read a file as a stream; a broken line is an issue of that line and the rest stands.

        Raises ImportFormatError only when the file as a whole cannot be read.
        """
        ...
