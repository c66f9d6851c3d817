"""How well each source is seen: what the health page and `pantau sources health` show."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from monitor.domain.acts import Act, Direction
from monitor.domain.review import SourceMode
from monitor.domain.spending import BudgetLine
from monitor.domain.visits import Coverage, Outcome
from monitor.domain.watching import CanaryRun


@dataclass(frozen=True, slots=True)
class NightOfSource:
    """One night's visits to a source: how many ended how, and how long they took together, from first to last."""

    run: int
    started_at: datetime
    outcomes: tuple[tuple[Outcome, int], ...]
    seconds: float | None = None


@dataclass(frozen=True, slots=True)
class Completeness:
    """What the newest looks of one verb collected of the totals that the platform reported."""

    verb: Act
    collected: int
    reported: int

    @property
    def share(self) -> float | None:
        """Collected over reported, at most 1; None where nothing was reported."""
        return min(self.collected / self.reported, 1.0) if self.reported else None


@dataclass(frozen=True, slots=True)
class OpenIssue:
    """Issues of one kind in a source's newest night, counted; `detail` is of one of them."""

    kind: str
    count: int
    needs_person: bool
    detail: str


@dataclass(frozen=True, slots=True)
class TargetHealth:
    """One target: when it last went well, its outcomes (newest first) and what the newest visit saw of each verb."""

    source: str
    direction: Direction
    target: str
    last_worked_at: datetime | None
    outcomes: tuple[Outcome, ...]
    coverage: tuple[tuple[Act, Coverage], ...] = ()
    seconds: float | None = None


@dataclass(frozen=True, slots=True)
class SourceHealth:
    """One source over its newest nights, newest first; `suspicious_empty` counts targets that went silent in the last.

    `drift` tells what has changed in the shape of its answers. A source is `blind` when it did not show a canary.
    """

    source: str
    last_worked_at: datetime | None
    nights: tuple[NightOfSource, ...]
    completeness: tuple[Completeness, ...]
    issues: tuple[OpenIssue, ...]
    drift: tuple[str, ...]
    canaries: tuple[CanaryRun, ...]
    suspicious_empty: int

    @property
    def blind(self) -> bool:
        """Whether the newest look for one of its canaries did not find it."""
        return any(not canary.found for canary in self.canaries)

    @property
    def well(self) -> bool:
        """Whether nobody needs to look at the source."""
        return not (self.blind or self.drift or self.suspicious_empty or any(i.needs_person for i in self.issues))


@dataclass(frozen=True, slots=True)
class SourceStanding:
    """One source as the settings have it: by which door, on what basis, and what is spent of its caps."""

    source: str
    title: str
    enabled: bool
    mode: SourceMode
    legal_basis: str
    spending: tuple[BudgetLine, ...]
