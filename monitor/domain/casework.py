"""The work on cases: hits in, plan out; facts in, decision out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from monitor.domain.acts import Act
from monitor.domain.contests import StageKind
from monitor.domain.judging import Level, RuleStatus, Stance, Tier
from monitor.domain.people import AttributionStatus
from monitor.domain.review import CaseState
from monitor.domain.users import UserRow


@dataclass(frozen=True, slots=True)
class CaseKey:
    """What makes two hits belong to one case."""

    person_id: int
    candidate_id: int
    law: str
    law_row: str
    stage: StageKind


@dataclass(frozen=True, slots=True)
class HitForCase:
    """One active, unsuppressed hit that is in no case yet."""

    hit_id: int
    interaction_id: int
    person_id: int
    candidate_id: int
    contest_id: int
    law: str
    law_row: str
    law_rank: int
    stage: StageKind
    rule_id: str
    act: Act
    level: Level
    tier: Tier
    at: datetime
    attribution: AttributionStatus
    jurisdiction: str
    mode: RuleStatus = RuleStatus.ACTIVE
    stance: Stance | None = None


@dataclass(frozen=True, slots=True)
class ExistingCase:
    """A case as grouping meets it. `signals` are those of the standing hits it already holds."""

    id: int
    key: CaseKey
    contest_id: int
    state: CaseState
    signals: tuple[Signal, ...] = ()


@dataclass(frozen=True, slots=True)
class HeldAct:
    """An act that a case already holds for a pair; `active` while one of its hits there still stands."""

    hit_id: int
    interaction_id: int
    candidate_id: int
    case_id: int
    key: CaseKey
    active: bool


@dataclass(frozen=True, slots=True)
class Signal:
    """What a hit weighs in the order of attention; nothing else of it does."""

    interaction_id: int
    act: Act
    level: Level
    tier: Tier
    stance: Stance | None = None


@dataclass(frozen=True, slots=True)
class PriorityPart:
    """One named share of a priority, so that the order of the queue can be explained. `value` is its share of 1."""

    name: str
    value: float
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Priority:
    """The order of attention from 0 to 1 with its parts; never a measure of guilt."""

    score: float
    parts: tuple[PriorityPart, ...] = ()


@dataclass(frozen=True, slots=True)
class NewCase:
    """A case to open. `linked_to` names the registered case of the same key that it follows."""

    key: CaseKey
    state: CaseState
    queue: str | None
    hit_ids: tuple[int, ...]
    priority: Priority
    linked_to: int | None = None


@dataclass(frozen=True, slots=True)
class JoinCase:
    """Hits that join a case. `reopen` is set when they bring it back from a closed state."""

    case_id: int
    hit_ids: tuple[int, ...]
    priority: Priority
    reopen: bool = False


@dataclass(frozen=True, slots=True)
class GroupingPlan:
    """What grouping asks the database to do.

    `links` name two hits of one act for different pairs, whose cases are to be linked; `priorities` are those of the
    touched people's other cases.
    """

    new: tuple[NewCase, ...] = ()
    joined: tuple[JoinCase, ...] = ()
    links: tuple[tuple[int, int], ...] = ()
    priorities: tuple[tuple[int, Priority], ...] = ()


@dataclass(frozen=True, slots=True)
class LeaseRow:
    """Who is looking at a case right now. `fence` grows with every claim."""

    case_id: int
    user_id: int
    user_name: str
    fence: int
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class LastDecision:
    """The newest event of a case when it is a decision that may still be undone."""

    seq: int
    user_id: int
    from_state: CaseState
    to_state: CaseState


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """What the state machine must know of a case; nothing else decides.

    `acts` are those of its standing hits. `attributions` are those of the accounts its standing hits rest on. `lease`
    is None unless it still runs; `fence` is the number of the newest claim, 0 before the first. `recused` are the
    users who are tied to the person and decide nothing about them. `first_opened_at` is when a person who decides
    first opened it.
    """

    case_id: int
    state: CaseState
    version: int
    jurisdiction: str
    agency: str = ""
    proposer_id: int | None = None
    acts: frozenset[Act] = frozenset()
    attributions: frozenset[AttributionStatus] = frozenset()
    batches_confirmed: bool = True
    has_context_note: bool = False
    has_klarifikasi: bool = False
    last: LastDecision | None = None
    lease: LeaseRow | None = None
    fence: int = 0
    recused: frozenset[int] = frozenset()
    person_id: int = 0
    first_opened_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class DecisionCommand:
    """A person moves a case. `version` and `fence` are what the person saw; None skips that check (command line)."""

    case_id: int
    to: CaseState
    reason: str
    user: UserRow
    note: str = ""
    version: int | None = None
    fence: int | None = None
