"""One night as its summary tells it: what was seen, what was not, and what stands around it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from monitor.domain.acts import Act
from monitor.domain.storing import CaseCounts, Issue, JudgedCounts
from monitor.domain.visits import Coverage, Outcome


@dataclass(frozen=True, slots=True)
class SourceSeen:
    """What a night saw of one source: visits by outcome, for each verb targets by coverage, and what that took.

    `waiting` counts targets that caps left for another night. Of those not read tonight `never` were never read at all,
    and of the others the one that waits longest was last read at `longest_unseen`.
    """

    name: str
    targets: int
    read: int
    outcomes: tuple[tuple[Outcome, int], ...]
    coverage: tuple[tuple[Act, tuple[tuple[Coverage, int], ...]], ...]
    requests: int
    items: int
    acts: int
    bystanders: int
    seconds: float | None
    waiting: int = 0
    never: int = 0
    longest_unseen: datetime | None = None


@dataclass(frozen=True, slots=True)
class PairSeen:
    """How many of a pair's accounts a night visited, and how many of them it read."""

    contest: str
    number: int | None
    label: str
    accounts: int
    read: int


@dataclass(frozen=True, slots=True)
class RegionSeen:
    """How many accounts of a region's people a night visited, and how many of them it read."""

    region: str
    accounts: int
    read: int


@dataclass(frozen=True, slots=True)
class JobTrouble:
    """Runs of one job since the night before that went alike and not well; `last_at` is that of the newest.

    `mended` says that the job has ended well since.
    """

    job: str
    state: str
    count: int
    last_at: datetime
    detail: str
    mended: bool = False


@dataclass(frozen=True, slots=True)
class NightFacts:
    """A night as the database knows it; `finished_at` and `judged` are None while it is unfinished.

    `before` is when the night before of the same question began, `until` when that ended; `unfinished` are the times at
    which nights between began that nobody ended. `late` is by how much its job began after it was due; `undelivered`
    counts messages that nobody took. `moved_at` is when its newest visit ended; `shared` says that workers share it,
    and `unstaffed` by province how many of its visits no living worker takes (the empty one: none lives at all).
    """

    run: int
    started_at: datetime
    finished_at: datetime | None
    resumed_at: datetime | None
    ok: bool
    sources: tuple[SourceSeen, ...]
    pairs: tuple[PairSeen, ...]
    regions: tuple[RegionSeen, ...]
    issues: tuple[Issue, ...]
    judged: JudgedCounts | None = None
    cases: CaseCounts | None = None
    changes: Mapping[str, int] = field(default_factory=dict)
    before: datetime | None = None
    until: datetime | None = None
    unfinished: tuple[datetime, ...] = ()
    late: timedelta = timedelta()
    jobs: tuple[JobTrouble, ...] = ()
    undelivered: int = 0
    moved_at: datetime | None = None
    shared: bool = False
    unstaffed: tuple[tuple[str, int], ...] = ()

    @property
    def sums_agree(self) -> bool:
        """Whether evaluated = hits + misses + not evaluable + errors; an unfinished night has no sums."""
        j = self.judged
        return j is None or j.evaluated == j.hits + j.misses + j.not_evaluable + j.errors
