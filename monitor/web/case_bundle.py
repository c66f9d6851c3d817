"""Handing out the evidence of a case as one file, made for each download and gone afterwards."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from fastapi import APIRouter, Request
from fastapi.responses import FileResponse, Response
from starlette.background import BackgroundTask

from monitor.errors import PantauError, UsageError
from monitor.web.case import again
from monitor.web.case_view import Back
from monitor.web.deps import BundleWriter
from monitor.web.frame import CaseId, FieldsDep, Frame, FrameDep, WriterDep
from monitor.web.fresh import fresh_form

routes = APIRouter(prefix="/informasi-awal")

REASON_LIMIT = 500


@routes.post("/{case_id}/paket")
def download(request: Request, frame: FrameDep, visitor: WriterDep, fields: FieldsDep, case_id: CaseId) -> Response:
    """Write a bundle of the case, record it and send it; raw answers want a reason and fresh proof of who asks."""
    raw = fields.get("mentah", "") == "1"
    reason = fields.get("alasan", "").strip()[:REASON_LIMIT]
    if raw:
        visitor = fresh_form(request, frame, visitor, fields)
    folder = Path(tempfile.mkdtemp(prefix="paket-"))
    try:
        path = _writer(frame)(case_id, visitor.user, reason if raw else None, folder)
    except PantauError as error:
        _clear(folder)
        return again(request, frame, visitor, case_id, Back(error))
    except BaseException:
        _clear(folder)
        raise
    clear = BackgroundTask(_clear, folder)
    return FileResponse(path, media_type="application/zip", filename=path.name, background=clear)


def _writer(frame: Frame) -> BundleWriter:
    if frame.deps.bundle is None:
        raise UsageError("Paket bukti belum disiapkan pada pemasangan ini", "jalankan konsol dengan `pantau serve`")
    return frame.deps.bundle


def _clear(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
