"""The same lists and details as JSON, read-only; documented by /api/openapi.json."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query

from db import cases
from monitor import desk
from monitor.domain import CaseState
from monitor.web.asked import Asked, cursor, read_cursor
from monitor.web.frame import ApiUserDep, CaseId, FrameDep
from monitor.web.shapes import case_json, detail_json

routes = APIRouter(tags=["cases"])


@routes.get("/cases", summary="Cases within the user's places")
def list_cases(
    frame: FrameDep,
    user: ApiUserDep,
    status: Annotated[CaseState | None, Query(description="Only this state; without it, all open ones")] = None,
    after: Annotated[str, Query(description="`next` of the page before", max_length=80)] = "",
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> dict[str, Any]:
    """Return one page of cases and, under `next`, where the following one starts."""
    asked = Asked(states=(status,) if status else (), after=read_cursor(after))
    with frame.deps.database.read() as session:
        page = cases.list_cases(session, asked.case_filter(desk.scope_of(user), limit), frame.deps.clock())
    return {"cases": [case_json(row) for row in page.rows], "next": cursor(page.after) if page.after else None}


@routes.get("/cases/{case_id}", summary="One case with everything its page shows")
def case_detail(frame: FrameDep, user: ApiUserDep, case_id: CaseId) -> dict[str, Any]:
    """Return one case; that it was looked at is recorded."""
    return detail_json(desk.look_at(frame.deps.database, case_id, user, frame.deps.clock()))
