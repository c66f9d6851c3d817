"""Handing out the evidence of a case as one file, made for each download and gone before it is sent."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import BinaryIO

from fastapi import APIRouter, Request
from fastapi.responses import Response, StreamingResponse

from monitor.errors import PantauError, UsageError
from monitor.evidence.store import EvidenceStore
from monitor.web.case import again
from monitor.web.case_view import Back
from monitor.web.deps import BundleWriter
from monitor.web.frame import CaseId, FieldsDep, Frame, FrameDep, WriterDep
from monitor.web.fresh import fresh_form

routes = APIRouter(prefix="/informasi-awal")

REASON_LIMIT = 500
_CHUNK = 1 << 18


@routes.post("/{case_id}/paket")
def download(request: Request, frame: FrameDep, visitor: WriterDep, fields: FieldsDep, case_id: CaseId) -> Response:
    """Write a bundle of the case, record it and send it; raw answers want a reason and fresh proof of who asks.

    Its name on disk is gone before the first byte leaves, so that no broken download leaves anything behind.
    """
    raw = fields.get("mentah", "") == "1"
    reason = fields.get("alasan", "").strip()[:REASON_LIMIT]
    if raw:
        visitor = fresh_form(request, frame, visitor, fields)
    write, store = _room(frame)
    try:
        with store.scratch() as folder:
            path = write(case_id, visitor.user, reason if raw else None, folder)
            file = path.open("rb")
    except PantauError as error:
        return again(request, frame, visitor, case_id, Back(error))
    size = os.fstat(file.fileno()).st_size
    heads = {"Content-Disposition": f'attachment; filename="{path.name}"', "Content-Length": str(size)}
    return StreamingResponse(_pieces(file), media_type="application/zip", headers=heads)


def _room(frame: Frame) -> tuple[BundleWriter, EvidenceStore]:
    """Return what writes bundles, and the store below which they lie while they are written."""
    if frame.deps.bundle is None or frame.deps.evidence is None:
        raise UsageError("Paket bukti belum disiapkan pada pemasangan ini", "jalankan konsol dengan `pantau serve`")
    return frame.deps.bundle, frame.deps.evidence


def _pieces(file: BinaryIO) -> Iterator[bytes]:
    with file:
        while piece := file.read(_CHUNK):
            yield piece
