"""Turns: taking a case or the next one, keeping it while the page is open, passing it over, giving it back."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from monitor import desk
from monitor.domain import NoteKind
from monitor.errors import ConflictError, RefusedError
from monitor.web.case import NOTE_LIMIT, again, see_case
from monitor.web.case_view import Back
from monitor.web.frame import CaseId, FieldsDep, FrameDep, VisitorDep, WriterDep, page, see
from monitor.web.tokens import whole_number

routes = APIRouter(prefix="/informasi-awal")


@routes.get("/habis")
def nothing_left(request: Request, _visitor: VisitorDep) -> HTMLResponse:
    """Say that nothing waits, with what may be the reason."""
    return page(request, "case_none.html", section="antrean")


@routes.post("/berikutnya")
def take_next(frame: FrameDep, visitor: WriterDep) -> RedirectResponse:
    """Take the most urgent case that nobody holds; whoever holds one already is led back to it."""
    database, now = frame.deps.database, frame.deps.clock()
    held = desk.held_case(database, visitor.user, now)
    if held is not None:
        return see_case(held.case_id, "pegang")
    held = desk.claim_next(database, visitor.user, now)
    return see("/informasi-awal/habis") if held is None else see_case(held.case_id, "ambil")


@routes.post("/{case_id}/ambil")
def take(request: Request, frame: FrameDep, visitor: WriterDep, case_id: CaseId) -> Response:
    """Take this case under review; another one that the user held goes back."""
    try:
        desk.claim(frame.deps.database, case_id, visitor.user, frame.deps.clock(), only=True)
    except (ConflictError, RefusedError) as error:
        return again(request, frame, visitor, case_id, Back(error))
    return see_case(case_id, "ambil")


@routes.post("/{case_id}/giliran")
def keep(frame: FrameDep, visitor: WriterDep, fields: FieldsDep, case_id: CaseId) -> JSONResponse:
    """Prolong the turn of an open page; 409 says that it ended."""
    fence = whole_number(fields.get("giliran", "")) or 0
    try:
        lease = desk.renew(frame.deps.database, case_id, visitor.user, fence, frame.deps.clock())
    except ConflictError as error:
        return JSONResponse({"pesan": f"{error.message}. Muat ulang halaman untuk mengambilnya lagi."}, status_code=409)
    return JSONResponse({"sampai": lease.expires_at.isoformat()})


@routes.post("/{case_id}/lepas")
def give_back(frame: FrameDep, visitor: WriterDep, case_id: CaseId) -> RedirectResponse:
    """Give the case back to the queue undecided."""
    desk.release(frame.deps.database, case_id, visitor.user, frame.deps.clock())
    return see_case(case_id, "lepas")


@routes.post("/{case_id}/lewati")
def skip(frame: FrameDep, visitor: WriterDep, fields: FieldsDep, case_id: CaseId) -> RedirectResponse:
    """Pass the case over for a while and take the next one; what was written stays with the case as a note."""
    database, now = frame.deps.database, frame.deps.clock()
    said = fields.get("catatan", "").strip()[:NOTE_LIMIT]
    if said:
        desk.note(database, case_id, visitor.user, said, NoteKind.CATATAN, now)
    desk.skip(database, case_id, visitor.user, now)
    held = desk.claim_next(database, visitor.user, now)
    return see("/informasi-awal/habis") if held is None else see_case(held.case_id, "lewat")
