"""What a reviewer asks or states about a case beside deciding it: still online, when known, own ties to the person."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, tzinfo

from fastapi import APIRouter, Request
from fastapi.responses import Response

from monitor import desk
from monitor.errors import ConflictError, PantauError, RefusedError, UsageError
from monitor.web.case import again, see_case
from monitor.web.case_view import Back
from monitor.web.deps import Asked
from monitor.web.frame import CaseId, FieldsDep, FrameDep, WriterDep
from monitor.web.moments import read_moment

routes = APIRouter(prefix="/informasi-awal")


@routes.post("/{case_id}/daring")
def ask_online(request: Request, frame: FrameDep, visitor: WriterDep, case_id: CaseId) -> Response:
    """Ask the platforms whether the texts of a case are still there; the answers stay."""
    deps = frame.deps
    try:
        desk.may_recheck(deps.database, case_id, visitor.user, deps.clock())
        problem = _asked(deps.recheck, case_id)
    except PantauError as error:
        return again(request, frame, visitor, case_id, Back(error))
    if problem is not None:
        return again(request, frame, visitor, case_id, Back(problem))
    return see_case(case_id, "daring")


@routes.post("/{case_id}/diketahui")
def set_known(request: Request, frame: FrameDep, visitor: WriterDep, fields: FieldsDep, case_id: CaseId) -> Response:
    """Set when the case became known; its deadline follows."""
    deps = frame.deps
    try:
        known = desk.Known(_moment(fields.get("waktu", ""), deps.zone), fields.get("sebab", "")[:300], deps.zone)
        desk.set_known(deps.database, case_id, visitor.user, known, deps.clock())
    except (UsageError, RefusedError) as error:
        return again(request, frame, visitor, case_id, Back(error))
    return see_case(case_id, "diketahui")


@routes.post("/{case_id}/hubungan")
def declare_tie(request: Request, frame: FrameDep, visitor: WriterDep, fields: FieldsDep, case_id: CaseId) -> Response:
    """State that the user is tied to the person of a case."""
    try:
        desk.declare_tie(frame.deps.database, case_id, visitor.user, fields.get("jenis", ""), frame.deps.clock())
    except (UsageError, RefusedError) as error:
        return again(request, frame, visitor, case_id, Back(error))
    return see_case(case_id, "hubungan")


@routes.post("/{case_id}/hubungan/{number}/akhiri")
def end_tie(request: Request, frame: FrameDep, visitor: WriterDep, case_id: CaseId, number: CaseId) -> Response:
    """End another user's tie as a coordinator."""
    try:
        desk.end_tie(frame.deps.database, case_id, number, visitor.user, frame.deps.clock())
    except (UsageError, RefusedError, ConflictError) as error:
        return again(request, frame, visitor, case_id, Back(error))
    return see_case(case_id, "hubungan_akhir")


def _asked(recheck: Callable[[int], Asked] | None, case_id: int) -> UsageError | None:
    """Ask, and return what to tell when nothing was answered."""
    if recheck is None:
        return UsageError("Konsol ini tidak terhubung ke pembaca platform", "pemeriksaan ulang berjalan tiap malam")
    asked = recheck(case_id)
    if asked.answered:
        return None
    told = "; ".join(asked.problems) or "tidak ada teks yang dapat ditanyakan"
    return UsageError(f"Platform belum menjawab: {told}", "coba lagi nanti; yang terakhir diketahui tetap tampil")


def _moment(text: str, zone: tzinfo) -> datetime:
    """Read a time as a form field gives it, in the office's zone."""
    read = read_moment(text, zone)
    if read is None:
        raise UsageError("Waktu diketahui tidak terbaca", "isi tanggal dan jam")
    return read
