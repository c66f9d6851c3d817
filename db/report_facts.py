"""The facts that reports are made of, as the database tells them."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from monitor.domain import (
    Act,
    CaseState,
    Coverage,
    Direction,
    Employment,
    Outcome,
    Regime,
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
    position: str


@dataclass(frozen=True, slots=True)
class Reach:
    """What a count may know: cases of a region (empty: all), events up to the as-of and before a moment."""

    region: str
    as_of: AsOf
    ends: datetime


@dataclass(frozen=True, slots=True)
class ActFact:
    """One act, once: in the case, and at the time, in which the program first put a hit of it."""

    case: CaseFact
    interaction_id: int
    act: Act
    platform: str
    at: datetime


@dataclass(frozen=True, slots=True)
class MarkFact:
    """That something counted apart (an act for a pair, a hit of a rule) came at a time; `mark` says for whom."""

    mark: tuple[Hashable, ...]
    contest_id: int
    at: datetime


@dataclass(frozen=True, slots=True)
class CourseFact:
    """How far one case had come at the end of what is known; each time is None while the step has not been taken.

    `decided_at` is when it left its first look. `registered_at` to `closed_at` are of steps that nobody took back.
    `find` is the kind of the hand-entered find that opened it, empty when the program did.
    """

    case: CaseFact
    regime: Regime
    state: CaseState
    opened_at: datetime
    first_opened_at: datetime | None
    decided_at: datetime | None
    known_at: datetime | None
    registered_at: datetime | None
    forwarded_at: datetime | None
    answered_at: datetime | None
    closed_at: datetime | None
    find: str


@dataclass(frozen=True, slots=True)
class StepFact:
    """One decision that nobody took back."""

    event_id: int
    case_id: int
    contest_id: int
    at: datetime
    from_state: CaseState
    to_state: CaseState
    reason: str


@dataclass(frozen=True, slots=True)
class WorkFact:
    """One thing that a person did with a case, in the order of the person's work."""

    user_id: int
    case_id: int
    at: datetime


@dataclass(frozen=True, slots=True)
class ReferenceFact:
    """A step that rests on a paper of the office; `note` is what the officer wrote, empty once purged."""

    case_id: int
    at: datetime
    to_state: CaseState
    find: str
    note: str


@dataclass(frozen=True, slots=True)
class CoverageFact:
    """How many visits of one week ended with one coverage for one verb."""

    source: str
    direction: Direction
    act: Act
    coverage: Coverage
    visits: int


@dataclass(frozen=True, slots=True)
class HourFact:
    """Verbs looked for in one hour (UTC) at one source, and how many of them were seen whole."""

    source: str
    act: Act
    hour: datetime
    looks: int
    observed: int


@dataclass(frozen=True, slots=True)
class ContestFact:
    """A contest with its stages in order of time, as kind and start."""

    contest_id: int
    name: str
    region: str
    office: str
    stages: tuple[tuple[StageKind, datetime], ...]


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
    """The rule set in force at the as-of; `laws` are id, title and content hash of its law profiles, `profiles` whole.

    A profile is stored as JSON: its clocks and addressees are what the report asks it for.
    """

    hash: str
    rules: tuple[RuleFact, ...]
    laws: tuple[tuple[str, str, str], ...]
    profiles: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ReportFile:
    """One written file, for the record."""

    name: str
    sha256: str
