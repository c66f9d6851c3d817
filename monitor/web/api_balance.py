"""Balance and quality as JSON: shares with their intervals, agreement, times, precision of rules."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from monitor.domain import CaseState
from monitor.domain.cases import CandidateBrief
from monitor.review.balance import PairBalance, Quality, ReviewerBalance, Share, Times
from monitor.review.precision import Precision
from monitor.web import balance
from monitor.web.frame import ApiUserDep, FrameDep

routes = APIRouter()


class ShareTold(BaseModel):
    """A counted share; `low` and `high` bound its 95 % interval, `value` is null where nothing was counted."""

    part: int
    whole: int
    value: float | None
    low: float
    high: float


class PairTold(BaseModel):
    """What came in for a pair and what became of it; `odd` says set aside unlike the others, beyond chance."""

    contest: str
    number: int
    label: str
    acts: int
    cases: int
    set_aside: ShareTold
    proposed: ShareTold
    odd: bool


class ReviewerTold(BaseModel):
    """How one reviewer decided; `hours` is the median from first opening to decision."""

    id: int
    name: str
    decided: int
    undone: int
    set_aside: ShareTold
    proposed: ShareTold
    hours: float | None
    odd: bool | None = Field(description="null in one's own row where the others' are not told.")


class AgreementTold(BaseModel):
    """Second looks that did not know the first; `kappa` is Cohen's, null where chance alone explains everything."""

    pairs: int
    same: int
    observed: float | None
    kappa: float | None
    low: float | None
    high: float | None


class AnswersTold(BaseModel):
    """How often a first answer met a second one."""

    first: CaseState
    second: CaseState
    count: int


class TimesTold(BaseModel):
    """Hours between two moments: how many spans, the median, and what nine of ten stay below."""

    spans: int
    median: float | None
    most: float | None


class QualityTold(BaseModel):
    """How steady review is: agreement, what the second person sent back, what was taken back, and how long it takes."""

    agreement: AgreementTold
    answers: list[AnswersTold]
    returned: ShareTold
    undone: ShareTold
    to_open: TimesTold
    to_decide: TimesTold


class RuleTold(BaseModel):
    """How often reviewers called a rule right, of all time."""

    rule: str
    version: int
    right: int
    wrong: int
    unsure: int
    share: float | None
    low: float
    high: float
    advice: str


class Balance(BaseModel):
    """Pairs, reviewers, quality and rules over the last `days`."""

    days: int
    named: bool = Field(description="Whether other reviewers are told too; else your own row alone.")
    pairs: list[PairTold]
    reviewers: list[ReviewerTold]
    quality: QualityTold
    rules: list[RuleTold]


@routes.get("/balance", tags=["reports"], summary="Balance and quality of review", response_model=Balance)
def read_balance(
    frame: FrameDep,
    user: ApiUserDep,
    days: Annotated[int, Query(ge=1, le=366, description="How far back.")] = balance.USUAL_PERIOD,
) -> dict[str, Any]:
    """Return what was decided in your places, with intervals; the look is recorded.

    Reviewers, coordinators, analysts and auditors; coordinators and auditors see all reviewers, others themselves.
    """
    told = balance.figures(frame, user, days)
    return {
        "days": days,
        "named": told["named"],
        "pairs": [_pair(row) for row in told["pairs"]],
        "reviewers": [_reviewer(row, named=told["named"]) for row in told["reviewers"]],
        "quality": _quality(told["quality"]),
        "rules": [_rule(row) for row in told["rules"]],
    }


def _pair(row: PairBalance) -> dict[str, Any]:
    pair: CandidateBrief = row.pair
    return {
        "contest": pair.contest, "number": pair.number, "label": pair.label, "acts": row.acts, "cases": row.cases,
        "set_aside": _share(row.set_aside), "proposed": _share(row.proposed), "odd": row.odd,
    }  # fmt: skip


def _reviewer(row: ReviewerBalance, *, named: bool) -> dict[str, Any]:
    return {
        "id": row.user_id, "name": row.name, "decided": row.decided, "undone": row.undone,
        "set_aside": _share(row.set_aside), "proposed": _share(row.proposed), "hours": row.hours,
        "odd": row.odd if named else None,
    }  # fmt: skip


def _quality(found: Quality) -> dict[str, Any]:
    blind = found.blind
    names = ("pairs", "same", "observed", "kappa", "low", "high")
    return {
        "agreement": {name: getattr(blind, name) for name in names},
        "answers": [{"first": one, "second": two, "count": count} for one, two, count in found.answers],
        "returned": _share(found.returned),
        "undone": _share(found.undone),
        "to_open": _times(found.to_open),
        "to_decide": _times(found.to_decide),
    }


def _rule(row: Precision) -> dict[str, Any]:
    names = ("version", "right", "wrong", "unsure", "share", "low", "high")
    return {"rule": row.rule_id, "advice": row.advice.value} | {name: getattr(row, name) for name in names}


def _share(share: Share) -> dict[str, Any]:
    return {name: getattr(share, name) for name in ("part", "whole", "value", "low", "high")}


def _times(times: Times) -> dict[str, Any]:
    return {"spans": times.spans, "median": times.median, "most": times.most}
