"""Reading of captured JSON by mappers: tolerant of every wrong type, strict in naming what was not understood."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

import msgspec

from scrapers import pick
from scrapers.contract import ItemIssue

_LONGEST_ID = 20  # platform ids are positive 64-bit numbers
_EARLIEST = datetime(2004, 1, 1, tzinfo=UTC).timestamp()  # older than each platform read here
_MOST_LISTED = 5000  # entries read of one list; no platform gives a text that many mentions or comments in one answer
_CLOCK_SLACK = timedelta(days=1)
_NOTHING: Mapping[str, Any] = {}
_T = TypeVar("_T")


@dataclass(slots=True)
class Notes:
    """What a mapper could not read in one item: gathered while it reads, handed out at the end."""

    found: list[ItemIssue] = field(default_factory=list)
    unread: dict[str, None] = field(default_factory=dict)

    def issue(self, kind: str, detail: str, pointer: str = "") -> None:
        """Note one thing that a person may have to look at."""
        self.found.append(ItemIssue(kind, detail, pointer))

    @property
    def issues(self) -> tuple[ItemIssue, ...]:
        """The issues in the order in which they were met, each once."""
        return tuple(dict.fromkeys(self.found))

    @property
    def unknown_fields(self) -> tuple[str, ...]:
        """The paths that the mapper neither reads nor ignores by name."""
        return tuple(self.unread)


class Node(msgspec.Struct, gc=False):  # a large import makes tens of millions: a dataclass takes four times as long
    """One JSON object with its path. A missing field reads as empty; one of a wrong type does too, and is noted."""

    data: Mapping[str, Any]
    path: str
    notes: Notes

    def __bool__(self) -> bool:
        return bool(self.data)

    def at(self, key: str) -> str:
        """Return the path of a field."""
        return f"{self.path}.{key}" if self.path else key

    def known(self, names: frozenset[str]) -> Node:
        """Note every field that is not among `names`, and return the node."""
        if not self.data.keys() <= names:
            for key in self.data:
                if key not in names:
                    self.notes.unread[self.at(_printable(key))] = None
        return self

    def node(self, *keys: str) -> Node:
        """Return the object below `keys`, an empty one where there is none."""
        data, path = self.data, self.path
        for key in keys:
            value = data.get(key)
            if value is None:
                data = _NOTHING
            elif isinstance(value, dict):
                data = value
            else:
                Node(data, path, self.notes).wrong_type(key)
                data = _NOTHING
            path = f"{path}.{key}" if path else key
        return Node(data, path, self.notes)

    def nodes(self, key: str) -> tuple[Node, ...]:
        """Return the objects of a list."""
        value = self.data.get(key)
        if not value and (value is None or isinstance(value, list)):
            return ()
        if not isinstance(value, list):
            self.wrong_type(key)
            return ()
        path, notes = f"{self.path}.{key}[]" if self.path else f"{key}[]", self.notes
        found = [Node(entry, path, notes) for entry in value[:_MOST_LISTED] if isinstance(entry, dict)]
        if len(found) < len(value):
            self.wrong_type(key)
        return tuple(found)

    def text(self, key: str) -> str:
        """Return a text, empty where there is none; what no database takes becomes U+FFFD."""
        value = self.data.get(key)
        if isinstance(value, str):
            return value if value.isascii() and "\0" not in value else pick.clean(value)
        if value is not None:
            self.wrong_type(key)
        return ""

    def texts(self, key: str) -> tuple[str, ...]:
        """Return the texts of a list."""
        value = self.data.get(key)
        if value is None:
            return ()
        if not isinstance(value, list):
            self.wrong_type(key)
            return ()
        return tuple(pick.clean(entry) for entry in value[:_MOST_LISTED] if isinstance(entry, str))

    def id(self, *keys: str) -> str | None:
        """Return the first of `keys` that holds a numeric id, as text; 0 and "" are none."""
        for key in keys:
            value = self.data.get(key)
            if value is None or value in ("", "0", 0):
                continue
            text = value if isinstance(value, str) else str(value) if type(value) is int else ""
            if text.isascii() and text.isdigit() and text[0] != "0" and len(text) <= _LONGEST_ID:
                return text
            self.wrong_type(key)
        return None

    def count(self, key: str) -> int | None:
        """Return a count, None where the platform does not say or says something negative."""
        value = self.data.get(key)
        if type(value) is int and 0 <= value < 2**63:
            return value
        if value is None or isinstance(value, bool):
            return None
        if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 19:
            return int(value)
        if isinstance(value, int) and value < 2**63:
            return value if value >= 0 else None
        self.wrong_type(key)
        return None

    def flag(self, key: str) -> bool:
        """Whether a field is true; numbers other than 0 count as true, since some answers print flags so."""
        value = self.data.get(key)
        return value is True or (isinstance(value, int) and value != 0)

    def moment(self, *keys: str) -> datetime | None:
        """Return the first of `keys` that holds plausible Unix seconds (or milliseconds), as a UTC time."""
        for key in keys:
            seconds = self.count(key)
            if not seconds:
                continue
            moment = unix_time(seconds)
            if moment is not None:
                return moment
            self.wrong_type(key)
        return None

    def wrong_type(self, key: str) -> None:
        """Note that a field does not hold what it should."""
        self.notes.issue("field_type", f"isi bidang {self.at(_printable(key))} tidak seperti biasanya", self.at(key))


def unix_time(number: float) -> datetime | None:
    """Return Unix seconds or milliseconds as a UTC time, None when it lies before 2004 or after 2100."""
    seconds = number / 1000 if number > 100_000_000_000 else number
    if not _EARLIEST <= seconds <= 4_102_444_800:
        return None
    return datetime.fromtimestamp(seconds, UTC)


def check_clock(notes: Notes, said: datetime, from_id: datetime | None, pointer: str) -> None:
    """Note when the time that an item states and the one its id encodes are more than a day apart.

    The stated time stands: scheduled posts get their id before they are published.
    """
    if from_id is not None and abs(said - from_id) > _CLOCK_SLACK:
        notes.issue(
            "time_mismatch",
            f"waktu yang tertulis ({said:%Y-%m-%d %H:%M} UTC) berbeda lebih dari sehari dari waktu pada id "
            f"({from_id:%Y-%m-%d %H:%M} UTC)",
            pointer,
        )


def distinct(values: list[_T]) -> tuple[_T, ...]:
    """Return values in order, each once."""
    return tuple(dict.fromkeys(values)) if values else ()


def _printable(key: str) -> str:
    return "".join(c if c.isprintable() and c != "," else "?" for c in key)[:80]
