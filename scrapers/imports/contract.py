"""What a reader of captured files must give: one `Captured` for every line, whatever the line holds."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Literal, Protocol, runtime_checkable

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


@dataclass(frozen=True, slots=True)
class SavedPage:
    """One page or answer out of a saved file or a web archive: its address, its bytes, and when it was captured."""

    url: str
    body: bytes
    content_type: str
    captured_at: datetime


PageMapper = Callable[[SavedPage], tuple[Mapped, ...]]  # never raises; one Mapped for every item that the page holds


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """What a person answered that a file does not say itself.

    `date_order` is "dmy" or "mdy"; `timezone` is an IANA name for times without a zone; `captured_at` is for files
    that do not say when they were made; `url` is the address of a saved page that has lost it; `mapping` names, for a
    table of unknown shape, the column of each field; `platform` is what such a table is of. `supplier` and `basis`
    say who sold or gave a data set and on what ground it may be used.
    """

    date_order: Literal["dmy", "mdy"] | None = None
    timezone: str | None = None
    captured_at: datetime | None = None
    url: str | None = None
    platform: str | None = None
    mapping: Mapping[str, str] | None = None
    supplier: str = ""
    basis: str = ""


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

    def sniff(self, head: bytes, path: Path) -> bool:
        """Whether a file has this format, by its content.

        `head` is how it begins (up to 64 KB, possibly cut inside a line); `path` is for formats that must be opened,
        such as archives. Never raises.
        """
        ...

    def read(self, path: Path, options: ReadOptions) -> Iterator[Captured]:
        """Read a file as a stream; a broken line is an issue of that line and the rest stands.

        Raises ImportQuestion when the file does not say something that only a person can, and ImportFormatError when
        the file as a whole cannot be read; both before anything is yielded.
        """
        ...


@runtime_checkable
class NamesTool(Protocol):
    """A reader whose files say which tool made them."""

    def tool_of(self, path: Path) -> str:
        """Return the tool and its version, empty where a file does not say; never raises."""
        ...


def tool_of(reader: Reader, path: Path) -> str:
    """Return which tool made a file, empty where its reader cannot tell."""
    return reader.tool_of(path) if isinstance(reader, NamesTool) else ""


def platforms_of(reader: Reader) -> set[str]:
    """Return the platforms that a reader names itself; others are named by the platforms' manifests."""
    return set(getattr(reader, "platforms", ()))
