"""What /api answers, as schemas: every operation names one, and tests hold the answers to them.

Times are ISO 8601 with their zone, days are plain dates, enum members are their tokens.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from pydantic import BaseModel, Field, PlainSerializer, WithJsonSchema

from monitor.domain import (
    Act,
    Advice,
    AttributionStatus,
    CaseState,
    Coverage,
    Employment,
    Level,
    Office,
    Outcome,
    Regime,
    RuleStatus,
    StageKind,
    Stance,
    Tier,
    WhyHere,
)

Moment = Annotated[
    datetime,
    PlainSerializer(datetime.isoformat, return_type=str),
    WithJsonSchema({"type": "string", "format": "date-time"}, mode="serialization"),
]
"""A time as the command line prints it too: ISO 8601 with +00:00."""


class Error(BaseModel):
    """Why a request was not served."""

    error: str = Field(description="Indonesian, fit for an officer.")
    mend: str = Field(description="What to do about it; may be empty.")


class Asn(BaseModel):
    """A watched person as lists show them."""

    name: str
    nip_masked: str
    employment: Employment
    agency: str
    jurisdiction: str = Field(description="Dotted region code; empty when unknown.")


class Pair(BaseModel):
    """A pair of a contest."""

    contest: str
    number: int
    label: str


class CaseHit(BaseModel):
    """One standing hit of a case."""

    rule: str
    act: Act
    platform: str
    account: str = Field(description="The platform's stable id.")
    url: str
    occurred_at: Moment | None = Field(description="null where only a bracket is known.")
    between: list[Moment | None] | None = Field(description="The bracket (after, until]; null for exact times.")
    tier: Tier
    mode: RuleStatus
    stance: Stance | None
    active: bool


class Case(BaseModel):
    """One informasi awal; it is not yet a finding."""

    id: int
    status: CaseState
    priority: float
    due_at: Moment | None
    asn: Asn
    candidate: Pair
    law: str
    law_row: str
    stage: StageKind
    why_here: WhyHere
    queue: str | None = Field(description="Region of its queue; null is `tanpa antrean`.")
    version: int = Field(description="The number that a decision must name.")
    stance: Stance | None
    hits: list[CaseHit]


class CaseDetail(Case):
    """One informasi awal with everything that its page shows."""

    detail: dict[str, Any] = Field(description="Accounts, texts, spans, traces, law, events, links: as the page shows.")


class CaseList(BaseModel):
    """One page of cases."""

    cases: list[Case]
    next: str | None = Field(description="Pass it as `after` for the following page; null on the last.")


class PersonLine(Asn):
    """A watched person with how many cases there are."""

    id: int
    position: str
    open_cases: int
    cases: int


class PersonList(BaseModel):
    """One page of people, by name."""

    people: list[PersonLine]
    next: int | None


class PersonAccount(BaseModel):
    """An account that is said to be a person's."""

    platform: str
    account: str
    handle: str | None
    status: AttributionStatus
    handles: list[str]


class PersonDetail(Asn):
    """All of one person's items: accounts, cases by state, standing acts."""

    id: int
    position: str
    accounts: list[PersonAccount]
    states: dict[CaseState, int]
    acts: list[dict[str, Any]]


class Attribution(BaseModel):
    """What is said of one account and one person, and by whom."""

    id: int
    status: AttributionStatus
    platform: str
    account: str
    handle: str | None
    asn: Asn
    method: str
    evidence: str
    link: str | None
    capture_sha256: str | None
    valid_from: date | None
    valid_to: date | None
    proposed_by: str
    proposed_at: Moment
    answered_by: str | None
    answered_at: Moment | None
    ended_by: str | None
    ended_at: Moment | None
    reason: str | None
    batch: int | None
    batch_confirmed: bool | None = Field(description="null unless an imported file called the account verified.")
    waiting_cases: int


class AttributionList(BaseModel):
    """One page of attributions."""

    attributions: list[Attribution]
    next: int | None


class AttributionDetail(Attribution):
    """One attribution with the cases that rest on it and what to compare."""

    cases: list[int]
    same_account: list[Attribution]
    same_person: list[Attribution]
    elsewhere: int = Field(description="Further people, outside your places, to whom the account was ever linked.")


class Precision(BaseModel):
    """How often a rule was right by the verdicts of reviewers; `low` and `high` hold it with 95 %."""

    right: int
    wrong: int
    unsure: int
    precision: float | None
    low: float
    high: float
    advice: Advice


class RuleLaw(BaseModel):
    """The row of law that a rule names."""

    law: str
    status: str
    row: str
    doubtful: bool


class Rule(BaseModel):
    """One rule with its status, precision over all places, and current hits of the last 30 days."""

    id: str
    version: int
    title: str
    status: RuleStatus
    file_status: RuleStatus | None
    level: Level | None
    own: bool
    pattern: bool
    acts: list[Act]
    law: list[RuleLaw]
    false_positives: list[str]
    precision: Precision | None
    hits_30_days: int
    waiting: RuleStatus | None = Field(description="A status that waits for a second person.")


class RuleList(BaseModel):
    """All rules; there is one page only."""

    rules: list[Rule]


class Suppression(BaseModel):
    """Hits that two people agreed not to show for a time."""

    id: int
    state: str = Field(description="proposed, active, expired or ended.")
    rule: str | None
    person: str | None
    account: str | None
    pair: str | None
    jurisdiction: str | None
    reason: str
    proposed_by: str
    approved_by: str | None
    expires_at: Moment
    hiding: int
    hidden: int


class SuppressionList(BaseModel):
    """The suppressions that you may see; `elsewhere` counts those about other people."""

    suppressions: list[Suppression]
    elsewhere: int


class Contest(BaseModel):
    """A contest that concerns your places."""

    id: int
    name: str
    region: str
    office: Office
    regime: Regime
    pairs: int
    accounts: int
    unconfirmed: int


class ContestList(BaseModel):
    """One page of contests."""

    contests: list[Contest]
    next: int | None


class WatchedAccount(BaseModel):
    """An account of a pair and what its newest visit saw."""

    platform: str
    account: str
    handle: str | None
    kind: str
    confirmed: bool = Field(description="False while a private person's account waits for a second person.")
    visited_at: Moment | None
    outcome: Outcome | None
    coverage: dict[Act, Coverage]


class ContestPair(BaseModel):
    """A pair with the words and accounts by which it is known."""

    number: int
    label: str
    people: list[str]
    aliases: list[str]
    slogans: list[str]
    hashtags: list[str]
    accounts: list[WatchedAccount]


class ContestStage(BaseModel):
    """A stage, from its start until the next one starts."""

    kind: StageKind
    starts: Moment


class ContestDetail(BaseModel):
    """One contest."""

    id: int
    name: str
    region: str
    office: Office
    regime: Regime
    stages: list[ContestStage]
    pairs: list[ContestPair]
