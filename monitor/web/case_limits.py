"""Further limits of a case: which run beside the main one, and the form by which an officer says when one began."""

from __future__ import annotations

from datetime import datetime, tzinfo

from fastapi import APIRouter, Request
from fastapi.responses import Response

from monitor import desk
from monitor.errors import RefusedError, UsageError
from monitor.web.case import again, see_case
from monitor.web.case_view import Back
from monitor.web.frame import CaseId, FieldsDep, FrameDep, WriterDep
from monitor.web.moments import read_moment

routes = APIRouter(prefix="/informasi-awal")


@routes.post("/{case_id}/jangka")
def set_limit(request: Request, frame: FrameDep, visitor: WriterDep, fields: FieldsDep, case_id: CaseId) -> Response:
    """Say when a further limit began, or that it ended."""
    deps = frame.deps
    try:
        ended = fields.get("berakhir", "") == "ya"
        at = None if ended else _moment(fields.get("waktu", ""), deps.zone)
        began = desk.Began(fields.get("jangka", ""), at, fields.get("sebab", "")[:300], deps.zone)
        desk.set_limit(deps.database, case_id, visitor.user, began, deps.clock())
    except (UsageError, RefusedError) as error:
        return again(request, frame, visitor, case_id, Back(error))
    return see_case(case_id, "jangka")


def _moment(text: str, zone: tzinfo) -> datetime:
    """Read a time as a form field gives it, in the office's zone."""
    read = read_moment(text, zone)
    if read is None:
        raise UsageError("Awal jangka waktu tidak terbaca", "isi tanggal dan jam")
    return read
