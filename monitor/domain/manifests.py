"""Manifests: what a case rests on at one moment, file by file, so that it can be shown unchanged later."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from monitor.domain.acts import Act

FIRST = "0" * 64
"""What a case's first manifest names as the one before it."""


class FileKind(StrEnum):
    """What a file of a manifest is."""

    ANSWER = "answer"
    """A platform's answer as received."""
    IMPORTED = "imported"
    """One record of a file that an officer captured."""
    ENTERED = "entered"
    """What an officer typed of what they saw."""
    PICTURE = "picture"
    """A picture of the page as taken."""
    READABLE = "readable"
    """The same picture with others masked."""


class CaptureState(StrEnum):
    """How much a file shows of what it was to show."""

    LENGKAP = "lengkap"
    SEBAGIAN = "sebagian"
    LOGIN_WALL = "login_wall"
    HILANG = "hilang"
    GAGAL = "gagal"


class Showing(StrEnum):
    """What a part of a file gave."""

    ACT = "act"
    TEXT = "text"
    BEFORE = "before"
    """The last look before a change."""
    CHANGE = "change"
    """The look that saw a text or an act changed or gone."""


@dataclass(frozen=True, slots=True)
class Shows:
    """Which part of a file gave what: an act by its key or a text by its canonical id, and where it stands in it.

    `pointer` is a JSON pointer or the reader's own word for a place; empty for the whole file. `said` is the kind of
    change.
    """

    what: Showing
    subject: str
    pointer: str = ""
    said: str = ""


@dataclass(frozen=True, slots=True)
class EvidenceFile:
    """One file: its hash and size as received, where and when it came from, who brought it and what read it.

    `collector` is the officer, empty for the program. `tool` is what captured it where that is known (browser, capture
    tool), `mapper` the reader and its version. `status` is 0 where nothing was asked over HTTP.
    """

    sha256: str
    size: int
    kind: FileKind
    source: str
    url: str
    final_url: str
    status: int
    fetched_at: datetime
    collector: str
    tool: str
    mapper: str
    state: CaptureState
    detail: str = ""
    shows: tuple[Shows, ...] = ()


@dataclass(frozen=True, slots=True)
class EvidenceAct:
    """One act that the case holds, as it stands stored; times are UTC, the bracket is half-open (lo, hi]."""

    key: str
    platform: str
    actor: str
    act: Act
    target: str
    own: str
    occurred_at: datetime | None
    bracket_lo: datetime | None
    bracket_hi: datetime | None
    seen_first_at: datetime
    withdrawn_seen_at: datetime | None


@dataclass(frozen=True, slots=True)
class Evidence:
    """Everything that a case rests on, in a fixed order."""

    case_id: int
    acts: tuple[EvidenceAct, ...] = ()
    files: tuple[EvidenceFile, ...] = ()


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a case rested on when it was made: the how manieth it is, and the hash of the file of the one before."""

    evidence: Evidence
    number: int
    previous: str
    made_at: datetime
    tool: str


@dataclass(frozen=True, slots=True)
class Stamp:
    """A time that an authority signed for a manifest's hash; `answer` is its whole RFC 3161 answer (DER)."""

    authority: str
    stamped_at: datetime
    answer: bytes


@dataclass(frozen=True, slots=True)
class ManifestRow:
    """A manifest as the database knows it: `sha256` names its file in the store, `hash` chains the rows."""

    id: int
    case_id: int
    number: int
    sha256: str
    prev_hash: str
    hash: str
    created_at: datetime
    evidence_hash: str
    stamps: tuple[Stamp, ...] = ()
