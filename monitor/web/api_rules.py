"""Rules, suppressions and contests as JSON."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path

from db import candidate_pages
from db.candidate_pages import ContestDetail, WatchedAccount
from monitor.domain import UserRow
from monitor.errors import RefusedError, UsageError
from monitor.review.precision import Precision
from monitor.web import api_models as models
from monitor.web.api_base import MOST, AfterNumber, Limit, Text, clean
from monitor.web.frame import ApiUserDep, FrameDep
from monitor.web.menu import KEEPERS
from monitor.web.rules_access import room_of
from monitor.web.rules_desk import Listed, listed
from monitor.web.suppression_page import state_of, visible_suppressions

routes = APIRouter()
Number = Annotated[int, Path(ge=1, le=MOST)]
RuleId = Annotated[str, Path(pattern=r"^[a-z0-9-]{1,80}$")]


@routes.get("/rules", tags=["rules"], summary="All rules with their precision", response_model=models.RuleList)
def list_rules(frame: FrameDep, user: ApiUserDep) -> dict[str, Any]:
    """Return every rule with the status in force, its precision and its current hits."""
    return {"rules": [_rule(row) for row in listed(frame, room_of(frame, user))]}


@routes.get("/rules/{rule_id}", tags=["rules"], summary="One rule", response_model=models.Rule)
def rule(frame: FrameDep, user: ApiUserDep, rule_id: RuleId) -> dict[str, Any]:
    """Return one rule."""
    for row in listed(frame, room_of(frame, user)):
        if row.sheet.rule_id == rule_id:
            return _rule(row)
    raise UsageError(f"Aturan {rule_id} tidak ada", "lihat /api/rules")


@routes.get(
    "/suppressions", tags=["rules"], summary="Suppressions that you may see", response_model=models.SuppressionList
)
def list_suppressions(frame: FrameDep, user: ApiUserDep) -> dict[str, Any]:
    """Return the suppressions about nobody in particular and about people of your places."""
    room_of(frame, user)
    rows, hidden = visible_suppressions(frame, user)
    now = frame.deps.clock()
    told = [
        {
            "id": row.id,
            "state": state_of(row, now),
            "rule": row.scope.rule_id,
            "person": row.person or None,
            "account": row.account or None,
            "pair": row.pair or None,
            "jurisdiction": row.scope.jurisdiction,
            "reason": row.reason,
            "proposed_by": row.proposer,
            "approved_by": row.approver or None,
            "expires_at": row.expires_at,
            "hiding": row.hiding,
            "hidden": row.hidden,
        }
        for row in rows
    ]
    return {"suppressions": told, "elsewhere": hidden}


@routes.get(
    "/contests", tags=["candidates"], summary="Contests that concern your places", response_model=models.ContestList
)
def list_contests(
    frame: FrameDep, user: ApiUserDep, text: Text = "", after: AfterNumber = None, limit: Limit = 50
) -> dict[str, Any]:
    """Return one page of contests, in the order in which they entered the register."""
    regions = _regions(user)
    with frame.deps.database.read() as session:
        found = candidate_pages.list_contests(session, regions, text=clean(text), after=after, limit=limit)
    names = ("id", "name", "region", "office", "regime", "pairs", "accounts", "unconfirmed")
    rows = [{name: getattr(row, name) for name in names} for row in found.rows]
    return {"contests": rows, "next": found.after}


@routes.get(
    "/contests/{number}",
    tags=["candidates"],
    summary="One contest with its pairs and accounts",
    response_model=models.ContestDetail,
)
def contest(frame: FrameDep, user: ApiUserDep, number: Number) -> dict[str, Any]:
    """Return one contest with what the newest visits to its accounts saw."""
    with frame.deps.database.read() as session:
        detail = candidate_pages.contest_detail(session, number, _regions(user))
    if detail is None:
        raise UsageError(f"Kontes {number} tidak ada dalam wilayah Anda", "lihat /api/contests")
    return _contest(detail)


def _contest(detail: ContestDetail) -> dict[str, Any]:
    given = detail.contest
    return {
        "id": given.id,
        "name": given.name,
        "region": given.region,
        "office": given.office,
        "regime": given.regime,
        "stages": [{"kind": stage.kind, "starts": stage.starts} for stage in given.stages],
        "pairs": [
            {
                "number": pair.number,
                "label": pair.label,
                "people": [person.official_name for person in pair.people],
                "aliases": pair.aliases,
                "slogans": pair.slogans,
                "hashtags": pair.hashtags,
                "accounts": [_account(entry) for entry in detail.accounts.get(pair.id, ())],
            }
            for pair in given.candidates
        ],
    }


def _account(entry: WatchedAccount) -> dict[str, Any]:
    return {
        "platform": entry.ref.platform,
        "account": entry.ref.user_id,
        "handle": entry.ref.handle,
        "kind": entry.kind.value,
        "confirmed": not entry.waits,
        "visited_at": entry.visit.at if entry.visit else None,
        "outcome": entry.visit.outcome if entry.visit else None,
        "coverage": dict(entry.visit.coverage) if entry.visit else {},
    }


def _rule(row: Listed) -> dict[str, Any]:
    sheet = row.sheet
    return {
        "id": sheet.rule_id,
        "version": sheet.version,
        "title": sheet.title,
        "status": sheet.status,
        "file_status": sheet.file_status,
        "level": sheet.level,
        "own": sheet.own,
        "pattern": sheet.pattern,
        "acts": sheet.acts,
        "law": [
            {"law": one.law, "status": one.status.value, "row": one.row, "doubtful": one.doubtful} for one in sheet.law
        ],
        "false_positives": sheet.false_positives,
        "precision": _precision(row.precision) if row.precision else None,
        "hits_30_days": row.hits.hits,
        "waiting": row.waiting.status if row.waiting else None,
    }


def _precision(row: Precision) -> dict[str, Any]:
    return {
        "right": row.right,
        "wrong": row.wrong,
        "unsure": row.unsure,
        "precision": row.share,
        "low": row.low,
        "high": row.high,
        "advice": row.advice,
    }


def _regions(user: UserRow) -> tuple[str, ...]:
    regions = user.regions(*KEEPERS) if user.active else ()
    if not regions:
        raise RefusedError("Kontes terbuka bagi pengawas, koordinator dan admin", "minta token dengan peran itu")
    return regions
