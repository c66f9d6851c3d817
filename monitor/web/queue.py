"""The queue: a list whose filters stand in the URL, so that it can be kept, sent and gone back to."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from starlette.responses import Response

from db import case_evidence, unjudged
from monitor import desk
from monitor.web.asked import Asked, read_asked
from monitor.web.frame import Frame, FrameDep, Visitor, VisitorDep, page, see
from monitor.web.groups_page import Form, grouped
from monitor.web.queue_frame import around, wish
from monitor.web.tabs import default_url

routes = APIRouter()

_UNJUDGED_SHOWN = 200


@routes.get("/antrean")
def show(request: Request, frame: FrameDep, visitor: VisitorDep, kabar: str = "") -> Response:
    """Show one page of the queue, within the places of the user; grouped when the address says so."""
    if not request.query_params:
        first = default_url(frame.deps.database, visitor.user)
        if first:
            return see(first)
    asked = read_asked(request.query_params)
    if asked.group is not None:
        return grouped(request, frame, visitor, asked, Form(kabar=kabar))
    return _listed(request, frame, visitor, asked, kabar)


@routes.get("/tidak-dapat-dinilai")
def show_unjudged(request: Request, frame: FrameDep, visitor: VisitorDep) -> HTMLResponse:
    """Show the acts that rules could not decide, within the places of the user."""
    scope = desk.scope_of(visitor.user)
    with frame.deps.database.read() as session:
        rows = unjudged.list_not_evaluable(session, scope, _UNJUDGED_SHOWN)
        total = unjudged.count_not_evaluable(session, scope)
    return page(request, "unjudged.html", section="antrean", rows=rows, total=total)


def _listed(request: Request, frame: Frame, visitor: Visitor, asked: Asked, kabar: str) -> HTMLResponse:
    with frame.deps.database.read() as session:
        wanted = wish(session, frame, visitor, asked)
        found, shown = case_evidence.listed(session, wanted, frame.deps.clock())
        frame_of_list = around(session, frame, visitor, asked, wanted, kabar)
    return page(
        request,
        "queue.html",
        page=found,
        shown={number: acts[0] for number, acts in shown.items()},
        filtered=asked.filtered,
        first=asked.after is None,
        first_url=asked.url(),
        next_url=asked.url(found.after) if found.after else "",
        **frame_of_list,
    )
