"""Rules, law rows, and what judging one interaction gives."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from monitor.domain.acts import AccountKind, AccountRef, Act, ActTime
from monitor.domain.contests import CandidateStatus, StageKind
from monitor.domain.people import AttributionStatus, Employment


class Tier(StrEnum):
    """How sure a mention is; only `kuat` and `sedang` are acted on."""

    KUAT = "kuat"
    SEDANG = "sedang"
    LEMAH = "lemah"
    PENDUKUNG = "pendukung"

    @property
    def rank(self) -> int:
        """3 for the strongest, 0 for the weakest."""
        return {"kuat": 3, "sedang": 2, "lemah": 1, "pendukung": 0}[self.value]


class MentionKind(StrEnum):
    """By what evidence a text names a pair."""

    ACCOUNT = "account"
    NAME = "name"
    ALIAS = "alias"
    SLOGAN = "slogan"
    HASHTAG = "hashtag"
    MISSPELLING = "misspelling"
    NUMBER = "number"
    EMOJI = "emoji"
    INHERITED = "inherited"


class Level(StrEnum):
    """The order of attention a rule asks for; never guilt."""

    RENDAH = "rendah"
    MENENGAH = "menengah"
    TINGGI = "tinggi"


class Stance(StrEnum):
    """How a text seems to speak of a pair: a hint for the reviewer, never a ground for an outcome."""

    DUKUNGAN = "dukungan"
    CELAAN = "celaan"
    NETRAL = "netral"


class RuleStatus(StrEnum):
    """The life of a rule."""

    DRAFT = "draft"
    SHADOW = "shadow"
    ACTIVE = "active"
    RETIRED = "retired"


class JudgementOutcome(StrEnum):
    """What judging one interaction gave; counted as one unit in this order of precedence."""

    HIT = "hit"
    ERROR = "error"
    NOT_EVALUABLE = "not_evaluable"
    MISS = "miss"


@dataclass(frozen=True, slots=True)
class Mention:
    """A pair named in a text; `start` and `end` are offsets in the original text, in characters."""

    candidate_id: int
    kind: MentionKind
    tier: Tier
    start: int
    end: int
    text: str
    alias: str
    field: str = "text"


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a text that a condition rests on; `field` is e.g. `own.text` or `target.text`."""

    field: str
    start: int
    end: int
    text: str
    alias: str = ""


BIO_ENDINGS = ("#bio", "/app.bsky.actor.profile/self")
"""Canonical ids of profile texts end so: the actor's address with a mark, or the profile record of Bluesky."""


@dataclass(frozen=True, slots=True)
class Content:
    """A text as judged: the act's own, its target's or the thread root's, with its author's place in the register.

    `mentioned` are the stable ids of registered accounts that it tags. `seen_before` is the earliest time at which the
    same words were published elsewhere before, None when they were not, or the search is not worth it.
    """

    item_id: str
    url: str
    text: str
    author_kind: AccountKind | None = None
    author_candidates: tuple[int, ...] = ()
    author_handle: str | None = None
    links: tuple[str, ...] = ()
    hashtags: tuple[str, ...] = ()
    alt_texts: tuple[str, ...] = ()
    published_at: datetime | None = None
    mentioned: tuple[str, ...] = ()
    seen_before: datetime | None = None

    @property
    def bio(self) -> bool:
        """Whether the text is what an account says of itself on its profile, not a post."""
        return self.item_id.endswith(BIO_ENDINGS)


@dataclass(frozen=True, slots=True)
class InteractionView:
    """One stored interaction with all that judging it needs.

    `owner_sure` is False when the account may have been somebody else's at the time of the act. `person_note` is the
    register's own remark about the person.
    """

    id: int
    key: str
    platform: str
    act: Act
    time: ActTime
    actor: AccountRef
    person_id: int
    employment: Employment
    jurisdiction: str
    attribution: AttributionStatus
    target_id: str
    own: Content | None = None
    target: Content | None = None
    root: Content | None = None
    owner_sure: bool = True
    person_note: str = ""


@dataclass(frozen=True, slots=True)
class TraceNode:
    """One condition of a rule as it was evaluated, with the conditions below it."""

    name: str
    passed: bool | None
    detail: str = ""
    children: tuple[TraceNode, ...] = ()


@dataclass(frozen=True, slots=True)
class Hit:
    """One rule met by one interaction for one pair.

    `level` is the level after raising, and `raised` says in Indonesian what raised it, or warns beside it.
    `stance` is None where no text tells it; it and its spans are hints that nothing is decided by.
    """

    rule_id: str
    rule_version: int
    mode: RuleStatus
    level: Level
    candidate_id: int
    contest_id: int
    law: str
    law_row: str
    law_rank: int
    stage: StageKind
    stage_straddled: bool
    candidate_status: CandidateStatus
    tier: Tier
    explanation: str
    spans: tuple[Span, ...] = ()
    counter_signals: tuple[str, ...] = ()
    trace: TraceNode | None = None
    stance: Stance | None = None
    stance_spans: tuple[Span, ...] = ()
    raised: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NearMiss:
    """A rule that came close, or could not be decided, with the reason."""

    rule_id: str
    rule_version: int
    candidate_id: int | None
    reason: str
    trace: TraceNode | None = None


@dataclass(frozen=True, slots=True)
class Judgement:
    """What one ruleset says of one interaction; hits may be active or shadow.

    `like` is the same object for judgements that differ in nothing but the act and the explanations of their hits.
    """

    interaction_id: int
    outcome: JudgementOutcome
    hits: tuple[Hit, ...] = ()
    near_misses: tuple[NearMiss, ...] = ()
    not_evaluable: tuple[NearMiss, ...] = ()
    errors: tuple[str, ...] = ()
    like: object | None = field(default=None, compare=False, repr=False)
