"""The full number of a watched person, for a form that needs it: shown once, to whoever just proved who they are."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from monitor import desk
from monitor.web.frame import CaseId, FrameDep, page
from monitor.web.fresh import FreshDep

routes = APIRouter(prefix="/informasi-awal")


@routes.post("/{case_id}/identitas")
def reveal(request: Request, frame: FrameDep, visitor: FreshDep, case_id: CaseId) -> HTMLResponse:
    """Show the number and say that this was recorded; to htmx only the words that take the button's place."""
    deps = frame.deps
    number = desk.reveal_identifier(deps.database, deps.vault, case_id, visitor.user, deps.clock())
    template = "_identifier.html" if "hx-request" in request.headers else "identifier.html"
    return page(request, template, section="antrean", case_id=case_id, number=number)
