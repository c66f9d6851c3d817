"""What the quality and balance of review are measured on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from monitor.domain.cases import CandidateBrief
from monitor.domain.review import CaseState


@dataclass(frozen=True, slots=True)
class DecisionFact:
    """The decision that ended a first look at a case.

    `opened_at` is when the case was made, `read_at` when a person first opened it; `undone` says that its maker took
    it back.
    """

    case_id: int
    candidate_id: int
    user_id: int
    user_name: str
    to_state: CaseState
    at: datetime
    opened_at: datetime
    read_at: datetime | None
    undone: bool = False


@dataclass(frozen=True, slots=True)
class SecondLook:
    """What a second person answered to a decision; `blind` says that they did not know it."""

    case_id: int
    blind: bool
    first: CaseState
    second: CaseState


@dataclass(frozen=True, slots=True)
class PairLoad:
    """What came in for one pair: acts under standing hits, each counted once, and cases."""

    pair: CandidateBrief
    acts: int
    cases: int
