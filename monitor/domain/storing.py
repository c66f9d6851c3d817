"""What one visit hands to the database: filtered records, the evidence they rest on, and the looks taken."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from monitor.domain.acts import Act, ActRecord, Direction, ItemRecord
from monitor.domain.visits import Coverage, EndKind, Outcome


@dataclass(frozen=True, slots=True)
class Capture:
    """One raw answer that was kept, sealed, because a registered act is in it.

    `sha256` is of the body as received. Unique by (source, url, sha256); the earliest `fetched_at` stands. `request` is
    the call that it answered as JSON text, so that a later mapper can read it again; empty for captured files.
    """

    source: str
    endpoint: str
    url: str
    final_url: str
    status: int
    headers: tuple[tuple[str, str], ...]
    sha256: str
    size: int
    fetched_at: datetime
    mapper: str
    collector: str = ""
    request: str = ""


@dataclass(frozen=True, slots=True)
class Sighting:
    """One registered act as seen in one answer. `account_id` is the actor's row; `seen_at` is when the answer came."""

    record: ActRecord
    account_id: int
    seen_at: datetime
    capture: Capture | None = None


@dataclass(frozen=True, slots=True)
class Look:
    """One complete or broken-off listing of one verb of one item, or of one verb of an account's own record.

    `started_at` and `finished_at` are the times of the first and last answer. `collected` counts every actor listed,
    `registered` those in the register; bystanders are the difference and are nowhere else. Of an own record `item_id`
    is the account's stable id and `since` says how far back it was read, None for all of it.
    """

    platform: str
    item_id: str
    verb: Act
    started_at: datetime
    finished_at: datetime
    end: EndKind
    reported: int | None
    collected: int
    registered: int
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class StoreBatch:
    """What is written in one transaction. Authors and mentions of items are registered accounts or None.

    `item_captures` say in which kept answer an item was read (item id, capture).
    """

    items: tuple[ItemRecord, ...] = ()
    sightings: tuple[Sighting, ...] = ()
    looks: tuple[Look, ...] = ()
    item_captures: tuple[tuple[str, Capture], ...] = ()


@dataclass(frozen=True, slots=True)
class StoreCounts:
    """How many rows a batch added."""

    items: int = 0
    versions: int = 0
    interactions: int = 0
    captures: int = 0

    def __add__(self, other: StoreCounts) -> StoreCounts:
        return StoreCounts(
            self.items + other.items,
            self.versions + other.versions,
            self.interactions + other.interactions,
            self.captures + other.captures,
        )


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """Where a visit to one target stood: the open requests and running sums, as JSON text.

    `query` is the hash of what was asked; a checkpoint of another query is not resumed.
    """

    source: str
    direction: Direction
    target: str
    query: str
    mapper: str
    frontier: str
    sums: str
    saved_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Issue:
    """Something a person should know about a run."""

    source: str
    kind: str
    detail: str
    target: str = ""
    needs_person: bool = True


@dataclass(frozen=True, slots=True)
class TargetResult:
    """How the visit to one target went; the shape of a target in the run's summary."""

    source: str
    direction: Direction
    target: str
    outcome: Outcome
    coverage: tuple[tuple[Act, Coverage], ...]
    requests: int = 0
    items: int = 0
    interactions: int = 0
    bystanders_discarded: int = 0
    started_at: datetime | None = None
    finished_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class JudgedCounts:
    """evaluated = hits + misses + not_evaluable + errors, or the run fails."""

    evaluated: int = 0
    hits: int = 0
    misses: int = 0
    not_evaluable: int = 0
    errors: int = 0


@dataclass(frozen=True, slots=True)
class CaseCounts:
    """What grouping the hits of a run did to cases; `hidden` went under suppressions, `back` came out of ended ones."""

    new: int = 0
    joined: int = 0
    reopened: int = 0
    unqueued: int = 0
    hidden: int = 0
    back: int = 0
