"""Cases as JSON, read-only, and the door to the other operations of /api; documented by /api/openapi.json."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query

from db import cases
from monitor import desk
from monitor.domain import Act, CaseOrder, CaseState, DueWindow, StageKind, Stance, Tier, WhyHere
from monitor.web import api_balance, api_office, api_people, api_rules
from monitor.web import api_models as models
from monitor.web.api_base import ERRORS, MOST, Region, Text, clean
from monitor.web.asked import Asked, cursor, read_cursor
from monitor.web.frame import ApiUserDep, CaseId, FrameDep
from monitor.web.shapes import case_json, detail_json

routes = APIRouter(responses=ERRORS)
_cases = APIRouter(tags=["cases"])


@dataclass(frozen=True, slots=True)
class What:
    """Which state, why here, and how urgent."""

    status: Annotated[list[CaseState] | None, Query(description="Only these states; without any, all open ones.")] = (
        None
    )
    closed: Annotated[bool, Query(description="Closed cases too, where no state is named.")] = False
    why: Annotated[WhyHere | None, Query(description="Why it waits.")] = None
    due: Annotated[DueWindow | None, Query(description="How near its legal deadline is.")] = None
    unqueued: Annotated[bool, Query(description="Only those of no known place.")] = False
    order: Annotated[CaseOrder, Query(description="`match` needs a `text`.")] = CaseOrder.PRIORITY


@dataclass(frozen=True, slots=True)
class Which:
    """By what the acts are."""

    candidate: Annotated[int | None, Query(ge=1, le=MOST, description="Number of a pair.")] = None
    act: Annotated[Act | None, Query(description="Kind of act.")] = None
    platform: Annotated[str, Query(max_length=32)] = ""
    law_row: Annotated[str, Query(max_length=16, description="Row of the law profile, e.g. B6.")] = ""
    stage: Annotated[StageKind | None, Query(description="Stage at the time of the acts.")] = None
    rule: Annotated[str, Query(max_length=128, description="Id of a rule.")] = ""
    tier: Annotated[Tier | None, Query(description="How sure the mention is.")] = None
    stance: Annotated[Stance | None, Query(description="A mere hint.")] = None


@dataclass(frozen=True, slots=True)
class Where:
    """Where, since when, and by which words."""

    region: Region = ""
    since: Annotated[date | None, Query(description="Opened on this day of the office or later.")] = None
    until: Annotated[date | None, Query(description="Opened on this day of the office or before.")] = None
    text: Text = ""


@dataclass(frozen=True, slots=True)
class Paging:
    """Which page."""

    after: Annotated[str, Query(max_length=80, description="`next` of the page before.")] = ""
    limit: Annotated[int, Query(ge=1, le=200, description="How many at most.")] = 50


@_cases.get("/cases", summary="Cases within your places", response_model=models.CaseList)
def list_cases(
    frame: FrameDep,
    user: ApiUserDep,
    what: Annotated[What, Depends()],
    which: Annotated[Which, Depends()],
    where: Annotated[Where, Depends()],
    page: Annotated[Paging, Depends()],
) -> dict[str, Any]:
    """Return one page of informasi awal and, under `next`, where the following one starts."""
    asked = _asked(what, which, where, page)
    with frame.deps.database.read() as session:
        hidden = desk.kept_back(session, user)
        wanted = asked.case_filter(desk.scope_of(user), page.limit, zone=frame.deps.zone, without=hidden)
        found = cases.list_cases(session, wanted, frame.deps.clock())
    return {"cases": [case_json(row) for row in found.rows], "next": cursor(found.after) if found.after else None}


@_cases.get("/cases/{case_id}", summary="One case with everything its page shows", response_model=models.CaseDetail)
def case_detail(frame: FrameDep, user: ApiUserDep, case_id: CaseId) -> dict[str, Any]:
    """Return one case; that it was looked at is recorded."""
    return detail_json(desk.look_at(frame.deps.database, case_id, user, frame.deps.clock()))


def _asked(what: What, which: Which, where: Where, page: Paging) -> Asked:
    return Asked(
        states=tuple(what.status or ()),
        everything=what.closed,
        candidate=which.candidate,
        act=which.act,
        platform=clean(which.platform),
        law_row=clean(which.law_row),
        stage=which.stage,
        rule=clean(which.rule),
        region=clean(where.region),
        why=what.why,
        due=what.due,
        tier=which.tier,
        stance=which.stance,
        since=where.since,
        until=where.until,
        unqueued=what.unqueued,
        text=clean(where.text),
        order=what.order,
        after=read_cursor(page.after),
    )


for _part in (_cases, api_people.routes, api_rules.routes, api_office.routes, api_balance.routes):
    routes.include_router(_part)
