"""The second look: sampled decisions judged again by somebody who is not told what was decided."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from monitor import desk
from monitor.desk.blind import ANSWERS
from monitor.domain import CaseState
from monitor.errors import UsageError
from monitor.web.answers import mended
from monitor.web.case_view import around, read_choice
from monitor.web.frame import CaseId, FieldsDep, Frame, FrameDep, Visitor, VisitorDep, WriterDep, page, see
from monitor.web.tokens import member, whole_number

routes = APIRouter(prefix="/pemeriksaan-kedua")

PAGE = 50
_SAID = {
    "sama": "Jawaban tersimpan. Jawaban Anda sama dengan keputusan pertama.",
    "beda": "Jawaban tersimpan. Jawaban Anda berbeda dari keputusan pertama; koordinator melihat keduanya.",
}


@routes.get("")
def list_looks(
    request: Request, frame: FrameDep, visitor: VisitorDep, kabar: str = "", sesudah: str = "", sebelum: str = ""
) -> HTMLResponse:
    """List the looks that wait for this user and, for coordinators, those whose answers differ."""
    database, user = frame.deps.database, visitor.user
    waiting = desk.list_waiting(database, user, after=whole_number(sesudah) or 0, limit=PAGE + 1)
    differing = desk.list_differing(database, user, before=whole_number(sebelum), limit=PAGE + 1)
    return page(
        request,
        "blind_list.html",
        section="kedua",
        waiting=waiting[:PAGE],
        more=waiting[PAGE - 1].id if len(waiting) > PAGE else None,
        differing=differing[:PAGE],
        older=differing[PAGE - 1].id if len(differing) > PAGE else None,
        said=_SAID.get(kabar, ""),
    )


@routes.get("/{review}")
def show(request: Request, frame: FrameDep, visitor: VisitorDep, review: CaseId) -> HTMLResponse:
    """Show a case without what was decided about it."""
    return _show(request, frame, visitor, review)


@routes.post("/{review}")
def answer(request: Request, frame: FrameDep, visitor: WriterDep, fields: FieldsDep, review: CaseId) -> Response:
    """Take the second answer; the case itself stays where it is."""
    to, reason = read_choice(fields.get("putusan", ""))
    given = desk.BlindAnswer(review, member(CaseState, to), reason)
    try:
        look = desk.answer_blind(frame.deps.database, given, visitor.user, frame.deps.clock())
    except UsageError as error:
        return _show(request, frame, visitor, review, mended(error))
    return see(f"/pemeriksaan-kedua?kabar={'sama' if look.agrees else 'beda'}")


def _show(request: Request, frame: Frame, visitor: Visitor, review: int, problem: str = "") -> HTMLResponse:
    look, detail = desk.look_blind(frame.deps.database, review, visitor.user, frame.deps.clock())
    with frame.deps.database.read() as session:
        beside = around(session, detail, visitor.user)
    return page(
        request,
        "blind_case.html",
        status=422 if problem else 200,
        section="kedua",
        look=look,
        detail=detail,
        around=beside,
        answers=ANSWERS,
        problem=problem,
        blind=look,
        reviews=False,
        can_recheck=False,
    )
