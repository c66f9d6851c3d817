"""The queue: a list whose filters stand in the URL, so that it can be kept, sent and gone back to."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from db import cases, contests, unjudged
from monitor import desk
from monitor.domain import Act, CaseState
from monitor.web.asked import read_asked
from monitor.web.frame import FrameDep, VisitorDep, page

routes = APIRouter()

_UNJUDGED_SHOWN = 200


@routes.get("/antrean")
def show(request: Request, frame: FrameDep, visitor: VisitorDep) -> HTMLResponse:
    """Show one page of the queue, within the places of the user."""
    asked = read_asked(request.query_params)
    with frame.deps.database.read() as session:
        found = cases.list_cases(session, asked.case_filter(desk.scope_of(visitor.user)), frame.deps.clock())
        known = contests.load_contests(session)
    return page(
        request,
        "queue.html",
        section="antrean",
        asked=asked,
        page=found,
        contests=known,
        states=tuple(CaseState),
        acts=tuple(Act),
        filtered=asked.filtered,
        first=asked.after is None,
        first_url=asked.url(),
        next_url=asked.url(found.after) if found.after else "",
    )


@routes.get("/tidak-dapat-dinilai")
def show_unjudged(request: Request, frame: FrameDep, visitor: VisitorDep) -> HTMLResponse:
    """Show the acts that rules could not decide, within the places of the user."""
    scope = desk.scope_of(visitor.user)
    with frame.deps.database.read() as session:
        rows = unjudged.list_not_evaluable(session, scope, _UNJUDGED_SHOWN)
        total = unjudged.count_not_evaluable(session, scope)
    return page(request, "unjudged.html", section="antrean", rows=rows, total=total)
