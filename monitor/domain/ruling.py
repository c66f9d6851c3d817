"""The life of a rule: trials, orders by two people, suppressions, verdicts on hits and what they advise."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from monitor.domain.judging import RuleStatus


class Verdict(StrEnum):
    """What a reviewer says of one hit: whether the rule was right, not whether the person did wrong."""

    TEPAT = "tepat"
    KELIRU = "keliru"
    RAGU = "ragu"


class VerdictReason(StrEnum):
    """Why a reviewer says so."""

    SESUAI = "sesuai"
    BUKAN_CALON = "bukan_calon"
    SALAH_PASANGAN = "salah_pasangan"
    KEDINASAN = "kedinasan"
    BERITA = "berita"
    KUTIPAN = "kutipan"
    SALAH_BARIS = "salah_baris"
    BUKAN_PERBUATAN = "bukan_perbuatan"
    TIDAK_JELAS = "tidak_jelas"
    LAINNYA = "lainnya"


class Advice(StrEnum):
    """What the verdicts on a rule's hits advise to do with it; people decide."""

    PERTAHANKAN = "pertahankan"
    SETEL = "setel"
    HENTIKAN = "hentikan"
    BELUM_CUKUP = "belum_cukup"


@dataclass(frozen=True, slots=True)
class RuleFile:
    """Which content of a rule is meant; `max_per_1000` is its own budget, None where it names none."""

    rule_id: str
    version: int
    content_hash: str
    max_per_1000: int | None = None


@dataclass(frozen=True, slots=True)
class RuleOrder:
    """What two people want a rule's status to be; without an approver it holds nothing.

    `content_hash` is of the rule's file as it was looked at, None for an order that any content of the rule meets.
    """

    id: int
    rule_id: str
    version: int
    content_hash: str | None
    status: RuleStatus
    reason: str
    proposer_id: int
    proposer: str
    proposed_at: datetime
    approver: str = ""
    approved_at: datetime | None = None
    backtest_id: int | None = None


@dataclass(frozen=True, slots=True)
class Backtest:
    """One trial of a rule on stored acts, as it was stored; `figures` is what the command prints."""

    id: int
    rule_id: str
    version: int
    content_hash: str
    ran_at: datetime
    ran_by: str
    figures: Mapping[str, Any]
    passed: bool


@dataclass(frozen=True, slots=True)
class SuppressionScope:
    """Which hits are meant: all conditions that are not None must fit. The place includes all below it."""

    rule_id: str | None = None
    person_id: int | None = None
    account_id: int | None = None
    candidate_id: int | None = None
    jurisdiction: str | None = None


@dataclass(frozen=True, slots=True)
class Suppression:
    """Hits that two people agreed not to show for a time.

    `hidden` counts the hits it hid in all, `hiding` those it hides now. `person`, `account` and `pair` are how people
    read the scope.
    """

    id: int
    scope: SuppressionScope
    reason: str
    proposer_id: int
    proposer: str
    proposed_at: datetime
    expires_at: datetime
    approver: str = ""
    approved_at: datetime | None = None
    ended_by: str = ""
    ended_at: datetime | None = None
    hidden: int = 0
    hiding: int = 0
    person: str = ""
    person_jurisdiction: str = ""
    account: str = ""
    pair: str = ""


@dataclass(frozen=True, slots=True)
class JudgedHit:
    """A hit as a verdict needs it: its rule, whose place it is, and the case that holds it."""

    id: int
    rule_id: str
    version: int
    jurisdiction: str
    case_id: int | None


@dataclass(frozen=True, slots=True)
class VerdictRow:
    """One verdict of one reviewer."""

    hit_id: int
    user_id: int
    user: str
    verdict: Verdict
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class VerdictCount:
    """How the hits of one version of a rule in one place were judged; each hit counts once."""

    rule_id: str
    version: int
    jurisdiction: str
    right: int = 0
    wrong: int = 0
    unsure: int = 0


@dataclass(frozen=True, slots=True)
class RuleTally:
    """What one rule gave among the acts that a run judged; `not_evaluable` are acts it could not decide."""

    rule_id: str
    version: int
    mode: RuleStatus
    hits: int = 0
    not_evaluable: int = 0
