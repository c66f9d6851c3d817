"""Balance and quality: whether rules or reviewers lean, how far reviewers agree, how long it takes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from db import audit, oversight
from db.connect import Session
from db.verdicts import verdict_counts
from monitor.domain import Role, UserRow, VerdictCount, region_covers
from monitor.errors import RefusedError
from monitor.review import balance
from monitor.review.precision import Bars, precisions
from monitor.web.frame import Frame, FrameDep, VisitorDep, page
from monitor.web.tokens import whole_number

routes = APIRouter(prefix="/keseimbangan")

READERS = (Role.PENGAWAS, Role.KOORDINATOR, Role.ANALIS, Role.AUDITOR)
SEES_NAMES = (Role.KOORDINATOR, Role.AUDITOR)
"""Roles that see how other reviewers decided; everybody sees their own row."""

PERIODS = (30, 90, 365)
USUAL_PERIOD = 90


@routes.get("")
def show(request: Request, frame: FrameDep, visitor: VisitorDep, hari: str = "") -> HTMLResponse:
    """Show what was decided in the last days, within the reader's places."""
    asked = whole_number(hari)
    days = asked if asked in PERIODS else USUAL_PERIOD
    told = figures(frame, visitor.user, days)
    return page(
        request, "balance.html", section="keseimbangan", days=days, periods=PERIODS, least=balance.LEAST, **told
    )


def figures(frame: Frame, user: UserRow, days: int) -> Mapping[str, Any]:
    """Return what was decided in the last days, within the user's places; that they looked is recorded.

    RefusedError for roles that are not READERS. `named` says whether other reviewers' rows are told.
    """
    regions, now = user.regions(*READERS) if user.active else (), frame.deps.clock()
    if not regions:
        raise RefusedError("Halaman ini tidak untuk peran Anda", "mintalah admin memberi peran yang sesuai")
    with frame.deps.database.write() as session:
        told = _tables(session, user, regions, now - timedelta(days=days), frame.deps.bars)
        audit.record(session, actor=user.name, action="balance_viewed", subject="", detail={"days": days}, now=now)
    return told


def _tables(
    session: Session, user: UserRow, regions: tuple[str, ...], since: datetime, bars: Bars
) -> Mapping[str, Any]:
    decisions = oversight.first_decisions(session, regions, since)
    loads = oversight.pair_loads(session, regions, since)
    named = bool(user.roles & set(SEES_NAMES))
    reviewers = balance.by_reviewer(decisions)
    return {
        "pairs": balance.by_pair(loads, decisions),
        "reviewers": reviewers if named else tuple(row for row in reviewers if row.user_id == user.id),
        "named": named,
        "lopsided": balance.lopsided(loads, decisions) if named else (),
        "quality": balance.quality(decisions, oversight.second_looks(session, regions, since)),
        "rules": [row for row in precisions(_verdicts(session, regions), bars) if row.jurisdiction is None],
        "bars": bars,
    }


def _verdicts(session: Session, regions: tuple[str, ...]) -> list[VerdictCount]:
    """Return the verdicts of all regions, none twice where one region lies in another."""
    outer = [r for r in regions if not any(o != r and region_covers(o, r) for o in regions)]
    return [count for region in outer for count in verdict_counts(session, region=region)]
