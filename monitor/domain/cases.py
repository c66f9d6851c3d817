"""Cases as lists and pages show them; database, desk, command line and web share these."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from monitor.domain.acts import AccountKind, AccountRef, Act, ActTime
from monitor.domain.casework import CaseFacts, LeaseRow, Priority
from monitor.domain.changes import Change
from monitor.domain.clocks import RunningClock
from monitor.domain.contests import CandidateStatus, Office, StageKind
from monitor.domain.judging import Level, RuleStatus, Span, Stance, Tier, TraceNode
from monitor.domain.law import LawRow
from monitor.domain.patterns import CasePattern
from monitor.domain.people import AttributionStatus, Employment, IdentifierKind
from monitor.domain.review import CaseState, EventKind, NoteKind, WhyHere


class CaseOrder(StrEnum):
    """In which order a queue is listed."""

    PRIORITY = "priority"
    NEWEST = "newest"
    OLDEST = "oldest"
    DUE = "due"
    MATCH = "match"


class DueWindow(StrEnum):
    """Which deadlines a list is about."""

    SOON = "soon"
    OVERDUE = "overdue"


class Caveat(StrEnum):
    """What a reviewer must know is not certain about a case or a hit."""

    ACCOUNT_PROPOSED = "account_proposed"
    BATCH_UNCONFIRMED = "batch_unconfirmed"
    ONLY_LIKES = "only_likes"
    TIME_BRACKET = "time_bracket"
    STAGE_STRADDLED = "stage_straddled"
    TARGET_NOT_KEPT = "target_not_kept"
    NO_CAPTURE = "no_capture"
    WITHDRAWN = "withdrawn"
    EDITED = "edited"
    RULE_NO_LONGER_HITS = "rule_no_longer_hits"
    CONTESTED_ROW = "contested_row"
    NO_QUEUE = "no_queue"


@dataclass(frozen=True, slots=True)
class AfterKey:
    """Where the next page of a list starts: the sort value and id of the last row shown."""

    value: float | str
    id: int


@dataclass(frozen=True, slots=True)
class CaseFilter:
    """Which cases to list. Empty tuples and None mean no limit of that kind.

    `jurisdictions` are regions; each covers all below it. `scope` is the same, for what the user may see at all: None
    is everything (the system itself), an empty tuple is nothing. `unqueued` lists the queue "tanpa antrean". Act,
    platform, rule, tier and stance are those of standing hits; `since` and `until` bound when the case was opened,
    half-open. The order MATCH needs a `text`. `without` leaves out single cases, such as those that the reader is
    to judge without knowing how they were decided.
    """

    states: tuple[CaseState, ...] = ()
    open_only: bool = False
    jurisdictions: tuple[str, ...] = ()
    scope: tuple[str, ...] | None = None
    unqueued: bool = False
    person_id: int | None = None
    candidate_id: int | None = None
    contest_id: int | None = None
    law_row: str = ""
    stage: StageKind | None = None
    platform: str = ""
    act: Act | None = None
    text: str = ""
    ids: tuple[int, ...] = ()
    leased_by: int | None = None
    after: AfterKey | None = None
    order: CaseOrder = CaseOrder.PRIORITY
    limit: int | None = 50
    rule_id: str = ""
    why: WhyHere | None = None
    due: DueWindow | None = None
    tier: Tier | None = None
    stance: Stance | None = None
    since: datetime | None = None
    until: datetime | None = None
    without: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class PersonBrief:
    """The watched person as a list shows them."""

    id: int
    name: str
    identifier_kind: IdentifierKind
    identifier_masked: str
    employment: Employment
    agency: str
    position: str
    jurisdiction: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class CandidateBrief:
    """The pair as a list shows it."""

    id: int
    contest_id: int
    contest: str
    number: int
    label: str


@dataclass(frozen=True, slots=True)
class HitBrief:
    """One hit as a list shows it; `account` is the stable id, `url` the public page of the act or its target."""

    id: int
    rule: str
    act: Act
    platform: str
    account: str
    handle: str | None
    url: str
    time: ActTime
    tier: Tier
    level: Level
    mode: RuleStatus
    active: bool = True
    stance: Stance | None = None


@dataclass(frozen=True, slots=True)
class CaseRow:
    """One informasi awal in a list. `version` is the number that a decision must name."""

    id: int
    state: CaseState
    priority: float
    due_at: datetime | None
    person: PersonBrief
    candidate: CandidateBrief
    law: str
    law_row: str
    stage: StageKind
    hits: tuple[HitBrief, ...]
    why_here: WhyHere
    queue: str | None
    version: int
    opened_at: datetime
    changed_at: datetime
    lease: LeaseRow | None = None

    @property
    def act_count(self) -> int:
        """How many acts its standing hits rest on; several rules may hit one act."""
        return len({(hit.act, hit.platform, hit.account, hit.url, hit.time) for hit in self.hits if hit.active})


@dataclass(frozen=True, slots=True)
class CasePage:
    """One page of a list; `after` starts the next one and is None on the last."""

    rows: tuple[CaseRow, ...]
    after: AfterKey | None = None


@dataclass(frozen=True, slots=True)
class HandleSeen:
    """A handle that an account bore, and between which looks."""

    handle: str
    first_seen: datetime
    last_seen: datetime


@dataclass(frozen=True, slots=True)
class CaseAccount:
    """An account of the person that hits of the case rest on, and how it came to be theirs.

    `proposer` and `verifier` are user names, or the name of the imported file. `batch_confirmed` is None when the
    attribution was not imported as verified.
    """

    id: int
    ref: AccountRef
    attribution: AttributionStatus
    method: str = ""
    evidence: str = ""
    proposer: str = ""
    verifier: str = ""
    batch_id: int | None = None
    batch_confirmed: bool | None = None
    valid_from: datetime | date | None = None
    valid_to: datetime | date | None = None
    handles: tuple[HandleSeen, ...] = ()


@dataclass(frozen=True, slots=True)
class CandidateDetail:
    """The pair with the region of its contest and the statuses it went through."""

    brief: CandidateBrief
    region: str
    office: Office
    people: tuple[str, ...] = ()
    parties: tuple[str, ...] = ()
    statuses: tuple[tuple[CandidateStatus, datetime | None], ...] = ()


@dataclass(frozen=True, slots=True)
class ContentDetail:
    """A text that a hit rests on. Author fields are None for an account that is not in the register."""

    item_id: str
    url: str
    text: str
    platform: str
    author: AccountRef | None = None
    author_kind: AccountKind | None = None
    author_candidates: tuple[CandidateBrief, ...] = ()
    hashtags: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    alt_texts: tuple[str, ...] = ()
    published: ActTime | None = None
    versions: int = 1
    kept: bool = True


@dataclass(frozen=True, slots=True)
class CaptureBrief:
    """A sealed raw answer that shows an act."""

    id: int
    sha256: str
    fetched_at: datetime
    url: str
    source: str
    size: int = 0
    mapper: str = ""
    collector: str = ""
    purged: bool = False


@dataclass(frozen=True, slots=True)
class CaseHit:
    """One hit with everything a person needs to judge it.

    `spans` name their text by field: `own.text`, `target.text` or `root.text`; so do `stance_spans`, the words of a
    mere hint, whose alias is the side they take.
    """

    brief: HitBrief
    interaction_id: int
    rule_version: int
    rule_title: str
    law: str
    law_row: LawRow | None
    stage: StageKind
    stage_straddled: bool
    candidate_status: CandidateStatus
    explanation: str
    own: ContentDetail | None = None
    target: ContentDetail | None = None
    root: ContentDetail | None = None
    spans: tuple[Span, ...] = ()
    stance_spans: tuple[Span, ...] = ()
    counter_signals: tuple[str, ...] = ()
    raised: tuple[str, ...] = ()
    false_positives: tuple[str, ...] = ()
    trace: TraceNode | None = None
    captures: tuple[CaptureBrief, ...] = ()
    first_seen_at: datetime | None = None
    withdrawn_seen_at: datetime | None = None
    changes: tuple[Change, ...] = ()
    caveats: tuple[Caveat, ...] = ()


@dataclass(frozen=True, slots=True)
class OtherHit:
    """A hit of the same person in another case, or in none, so that no act is counted twice."""

    brief: HitBrief
    candidate: CandidateBrief
    law: str
    law_row: str
    stage: StageKind
    case_id: int | None
    case_state: CaseState | None
    same_act: bool = False


@dataclass(frozen=True, slots=True)
class EventRow:
    """One line of a case's history. `note` is empty once purged; `undone` is set when a later event took it back."""

    seq: int
    kind: EventKind
    at: datetime
    user_id: int | None
    user_name: str
    from_state: CaseState | None = None
    to_state: CaseState | None = None
    reason: str = ""
    note: str = ""
    note_kind: NoteKind | None = None
    note_purged: bool = False
    undone: bool = False


@dataclass(frozen=True, slots=True)
class CaseLink:
    """Another case that this one hangs together with: it shares an act, or follows a registered one.

    `state` is None where the reader must not know it.
    """

    case_id: int
    state: CaseState | None
    kind: str
    candidate: CandidateBrief
    law_row: str
    stage: StageKind


@dataclass(frozen=True, slots=True)
class CaseDetail:
    """One informasi awal with all that a reviewer must see before deciding.

    `kept_back` are other cases whose decision the reader may still be asked to judge without knowing it.
    """

    row: CaseRow
    accounts: tuple[CaseAccount, ...]
    candidate: CandidateDetail
    law_title: str
    law_row: LawRow | None
    hits: tuple[CaseHit, ...]
    events: tuple[EventRow, ...]
    facts: CaseFacts
    caveats: tuple[Caveat, ...] = ()
    other_hits: tuple[OtherHit, ...] = ()
    links: tuple[CaseLink, ...] = ()
    priority: Priority | None = None
    first_seen_at: datetime | None = None
    first_opened_at: datetime | None = None
    known_at: datetime | None = None
    clock: RunningClock | None = None
    proposer: str = ""
    addressees: tuple[str, ...] = ()
    addressee_doubtful: bool = False
    patterns: tuple[CasePattern, ...] = ()
    kept_back: tuple[int, ...] = ()

    @property
    def id(self) -> int:
        """The number of the case."""
        return self.row.id

    @property
    def notes(self) -> tuple[EventRow, ...]:
        """The notes that people wrote, klarifikasi records among them."""
        return tuple(event for event in self.events if event.kind is EventKind.NOTED)


@dataclass(frozen=True, slots=True)
class CaseTallies:
    """How many cases stand where, for the front page; `due_soon` are due within 24 hours."""

    by_state: dict[CaseState, int] = field(default_factory=dict)
    unqueued: int = 0
    overdue: int = 0
    due_soon: int = 0
    leased: int = 0

    @property
    def open(self) -> int:
        """How many cases somebody still has work with."""
        return sum(count for state, count in self.by_state.items() if state.open)
