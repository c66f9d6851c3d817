"""What the nights remember of sources over time: shapes of answers, canaries, listings that are read again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from monitor.domain.acts import Act


@dataclass(frozen=True, slots=True)
class ShapeDay:
    """What the answers of one endpoint were made of on one day (UTC).

    `source` is a platform, or a capture format with the platform as its endpoint. `pages` and `items` count answers and
    the entries in them, `sampled` the answers whose fields were counted. `fills` says how often each path was seen with
    which type ("feed[].post.author.did:str"); objects are counted as well ("feed[].post:dict"), so a fill rate is a
    path's count over that of the object around it. It never holds a value.
    """

    source: str
    endpoint: str
    day: date
    pages: int
    items: int
    sampled: int
    signature: str
    fills: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class CanaryRun:
    """One look for a canary: a post of the office's own that a source must show when it is not blind."""

    source: str
    canary: str
    looked_at: datetime
    found: bool
    detail: str = ""


@dataclass(frozen=True, slots=True)
class WatchedListing:
    """One listing (`verb` of a post of `account_id`) and when it is to be read again; `due_at` None rests.

    `step` counts the waits since the total last moved; `reported` is the total at the last look. `last_listed_at` None
    means that no look has ended yet.
    """

    platform: str
    item_id: str
    verb: Act
    account_id: int
    first_seen_at: datetime
    published_at: datetime | None = None
    last_listed_at: datetime | None = None
    due_at: datetime | None = None
    step: int = 0
    reported: int | None = None


@dataclass(frozen=True, slots=True)
class VisitFact:
    """What is known of the visits to a target: when one last went well, and how many requests one takes (median).

    `last_tried_at` is when one was last begun that asked anything, however it ended.
    """

    last_good_at: datetime | None = None
    requests: int | None = None
    last_tried_at: datetime | None = None
