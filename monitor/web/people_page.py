"""People: finding one within the user's places, and all of one person's items on one page."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Path, Request
from fastapi.responses import HTMLResponse

from db import case_evidence, person_pages
from monitor import desk
from monitor.desk.persons import look_at_person
from monitor.domain import CaseFilter, CaseOrder, CaseState
from monitor.web.frame import FrameDep, VisitorDep, page
from monitor.web.tokens import whole_number

routes = APIRouter(prefix="/orang")

PersonId = Annotated[int, Path(ge=1, le=2**31 - 1)]
_CASES = 50


@routes.get("")
def find(request: Request, frame: FrameDep, visitor: VisitorDep, cari: str = "", sesudah: str = "") -> HTMLResponse:
    """Show people who have a case or an account, by name."""
    typed = " ".join(cari.replace("\x00", "").split())[:100]
    number = whole_number(sesudah)
    scope = desk.scope_of(visitor.user)
    with frame.deps.database.read() as session:
        last = person_pages.place_in_list(session, scope, number)
        found = person_pages.find_people(session, scope, typed, last)
    # The place in the list is told by a number: a name of somebody watched does not belong into an address.
    more = {"cari": typed} if typed else {}
    return page(
        request,
        "people.html",
        section="orang",
        found=found,
        typed=typed,
        first=last is None,
        first_url="/orang" + (f"?{urlencode(more)}" if more else ""),
        next_url=f"/orang?{urlencode(more | {'sesudah': str(found.after[1])})}" if found.after else "",
    )


@routes.get("/{asn_id}")
def show(request: Request, frame: FrameDep, visitor: VisitorDep, asn_id: PersonId) -> HTMLResponse:
    """Show all of one person's items; that they were looked at is recorded."""
    now = frame.deps.clock()
    detail = look_at_person(frame.deps.database, asn_id, visitor.user, now)
    wanted = CaseFilter(person_id=asn_id, scope=desk.scope_of(visitor.user), order=CaseOrder.NEWEST, limit=_CASES)
    with frame.deps.database.read() as session:
        found, shown = case_evidence.listed(session, wanted, now)
    return page(
        request,
        "person.html",
        section="orang",
        detail=detail,
        states=tuple(CaseState),
        rows=found.rows,
        more=found.after is not None,
        shown={number: acts[0] for number, acts in shown.items()},
    )
