"""The facts that reports are made of, as the database tells them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from monitor.domain import (
    Act,
    CaseState,
    Coverage,
    Direction,
    Employment,
    EventKind,
    Outcome,
    RuleStatus,
    StageKind,
)


@dataclass(frozen=True, slots=True)
class AsOf:
    """How far a report looks: the last review event, finished night, judgement and verdict it knows; 0 before one."""

    event: int
    run: int
    judgement: int
    verdict: int = 0


@dataclass(frozen=True, slots=True)
class CaseFact:
    """One informasi awal as far as its events up to the as-of tell."""

    case_id: int
    person_id: int
    employment: Employment
    jurisdiction: str
    contest_id: int
    candidate_id: int
    law: str
    law_row: str
    stage: StageKind


@dataclass(frozen=True, slots=True)
class EventFact:
    """One event of a case; `hit_ids` are the hits that it brought, `undone` whether a later event took it back."""

    event_id: int
    case_id: int
    kind: EventKind
    at: datetime
    from_state: CaseState | None
    to_state: CaseState
    reason: str
    hit_ids: tuple[int, ...]
    undone: bool


@dataclass(frozen=True, slots=True)
class HitFact:
    """One rule hit and the act that it is about."""

    hit_id: int
    interaction_id: int
    act: Act
    platform: str
    rule_id: str
    rule_version: int


@dataclass(frozen=True, slots=True)
class CoverageFact:
    """How many visits of one week ended with one coverage for one verb."""

    source: str
    direction: Direction
    act: Act
    coverage: Coverage
    visits: int


@dataclass(frozen=True, slots=True)
class VisitFact:
    """Visits of one week to one source that ended in one way, with what they cost and dropped."""

    source: str
    outcome: Outcome
    visits: int
    requests: int
    bystanders: int


@dataclass(frozen=True, slots=True)
class CandidateFact:
    """One pair with how much of it was watched in the week: accounts, visits to them, and those that ended well."""

    candidate_id: int
    contest: str
    number: int
    label: str
    accounts: int
    visits: int
    good_visits: int


@dataclass(frozen=True, slots=True)
class RuleFact:
    """One rule of the rule set in force."""

    rule_id: str
    version: int
    status: RuleStatus
    content_hash: str


@dataclass(frozen=True, slots=True)
class RulesetFact:
    """The rule set in force at the as-of; `laws` are id, title and content hash of its law profiles."""

    hash: str
    rules: tuple[RuleFact, ...]
    laws: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class ReportFile:
    """One written file, for the record."""

    name: str
    sha256: str
