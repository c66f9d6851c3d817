"""How long data is kept, what a purge removed, and what holds data back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256


@dataclass(frozen=True, slots=True)
class KeepingTerms:
    """How many days data is kept: answers and texts by source, the rest by kind.

    `sources` holds the shorter of an office's policy and a platform's terms; sources that nobody named are kept
    `other_source_days`. `limited` are the sources whose platform sets a limit of its own.
    """

    sources: Mapping[str, int] = field(default_factory=dict)
    other_source_days: int = 365
    limited: frozenset[str] = frozenset()
    closed_case_days: int = 365
    note_days: int = 1825
    reporter_days: int = 365
    brought_days: int = 365
    audit_days: int = 1825
    register_copy_days: int = 730
    message_days: int = 90

    def days_of(self, source: str) -> int:
        """Return how many days answers and texts of a source are kept."""
        return self.sources.get(source, self.other_source_days)


@dataclass(frozen=True, slots=True)
class Purged:
    """What a purge removed, or would remove: how many rows or files by kind, and bytes of the files' rows.

    `kept` counts what has outlived its time and stays: because a case, a hold, a form or a bundle rests on it.
    `unfinished` are files whose removal is recorded and did not succeed; the next purge tries again. `postponed`:
    a night or an import kept the purge from files.
    """

    counts: Mapping[str, int] = field(default_factory=dict)
    size: int = 0
    kept: Mapping[str, int] = field(default_factory=dict)
    unfinished: int = 0
    problem: str = ""
    postponed: bool = False

    @property
    def total(self) -> int:
        """How many rows and files in all."""
        return sum(self.counts.values())


@dataclass(frozen=True, slots=True)
class Hold:
    """Why the data of a person, or of a case, is not purged; either `person_id` or `case_id` is None.

    It is in force until `released_at`; who asked that it end (`asked_id`, 0 while nobody did) may not end it.
    """

    id: int
    person_id: int | None
    case_id: int | None
    subject: str
    jurisdiction: str
    reason: str
    held_by: str
    held_at: datetime
    released_by: str = ""
    released_at: datetime | None = None
    release_reason: str = ""
    asked_id: int = 0
    asked_by: str = ""
    asked_at: datetime | None = None

    @property
    def asked(self) -> bool:
        """Whether its end was asked for and waits for a second person."""
        return self.asked_at is not None and self.released_at is None

    @property
    def request(self) -> str:
        """What an approval names, so that it is of the request that was read; empty while its end is not asked for."""
        if self.asked_at is None:
            return ""
        words = (self.id, self.reason, self.asked_id, self.asked_at.timestamp(), self.release_reason)
        return sha256(repr(words).encode()).hexdigest()[:12]


NOTICE_WITHIN = timedelta(hours=72)
"""Written notice within 3 x 24 hours (UU 27/2022, Pasal 46 ayat (1))."""


@dataclass(frozen=True, slots=True)
class Incident:
    """A failure of the protection of personal data and how far its written notices are.

    `jurisdiction` is the region of those whose data it was; empty for the office's own.
    """

    id: int
    known_at: datetime
    what: str
    how: str
    remedy: str
    noted_by: str
    noted_at: datetime
    subjects_told_at: datetime | None = None
    agency_told_at: datetime | None = None
    closed_at: datetime | None = None
    jurisdiction: str = ""

    @property
    def due_at(self) -> datetime:
        """Until when both notices must be written."""
        return self.known_at + NOTICE_WITHIN

    @property
    def told(self) -> bool:
        """Whether both notices were written."""
        return self.subjects_told_at is not None and self.agency_told_at is not None

    def late(self, now: datetime) -> bool:
        """Whether a notice is missing although its time is over."""
        return not self.told and now > self.due_at
