"""Pictures of the pages of a case: readable copies, sealed ones for a written reason, an officer's own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Path, Request
from fastapi.responses import Response
from starlette.concurrency import run_in_threadpool

from monitor import desk
from monitor.desk.case_pictures import (
    OwnPicture,
    PictureRoom,
    ask_pictures,
    bring_picture,
    may_bring_picture,
    must_review,
    open_picture,
    readable_copy,
)
from monitor.desk.pictures import LARGEST, picture_of
from monitor.errors import ConflictError, RefusedError, UsageError
from monitor.web.case import again, see_case
from monitor.web.case_view import Back
from monitor.web.deps import CameraRoom, WebDeps
from monitor.web.frame import CaseId, Fields, FieldsDep, Frame, FrameDep, Visitor, VisitorDep, WriterDep, page, see
from monitor.web.incoming import FormReader, Sink, own_token, read_form
from monitor.web.tokens import whole_number

routes = APIRouter(prefix="/informasi-awal")

SENDING = "/informasi-awal/gambar"
FORM_BYTES = LARGEST + 128 * 1024
_FIELD = "berkas"

PictureId = Annotated[int, Path(ge=1, le=2**31 - 1)]


def large_forms(deps: WebDeps) -> Mapping[str, int]:
    """Return the path whose forms may be larger than others: its handler checks who sends first."""
    return {SENDING: FORM_BYTES} if deps.pictures is not None else {}


@routes.post("/gambar")
async def bring(request: Request, frame: FrameDep, visitor: VisitorDep) -> Response:
    """Keep an officer's own screenshot of a text of a case."""
    must_review(visitor.user)
    kept = bytearray()
    fields: Fields = {}
    problem: UsageError | None = None
    try:
        await read_form(request, FormReader(own_token(frame, visitor), lambda name, _: _into(kept, name), fields))
    except UsageError as error:
        problem = error
    case_id = whole_number(fields.get("kasus", ""))
    if case_id is None:
        raise problem or UsageError("Informasi awalnya tidak disebut", "buka halamannya, lalu kirim dari sana")
    return await run_in_threadpool(_bring, request, (frame, visitor, case_id), fields, problem or bytes(kept))


@routes.post("/{case_id}/potret")
def photograph(request: Request, frame: FrameDep, visitor: WriterDep, case_id: CaseId) -> Response:
    """Begin to photograph the pages of a case; who asked is audited."""
    deps = frame.deps
    try:
        ask_pictures(deps.database, case_id, visitor.user, deps.clock(), _camera(deps).start)
    except (UsageError, RefusedError, ConflictError) as error:
        return again(request, frame, visitor, case_id, Back(error))
    return see_case(case_id, "potret")


@routes.get("/{case_id}/potret")
def show_trip(request: Request, frame: FrameDep, visitor: VisitorDep, case_id: CaseId) -> Response:
    """Show how far the pictures of a case are, for the page that waits for them; nobody is shown.

    Whoever comes here from the sign-in, the session having ended while they waited, is led to the case.
    """
    desk.standing_of(frame.deps.database, case_id, visitor.user, frame.deps.clock())
    if "hx-request" not in request.headers:
        return see(f"/informasi-awal/{case_id}")
    trip = frame.deps.camera.trip(case_id) if frame.deps.camera is not None else None
    return page(request, "_case_trip.html", case_id=case_id, trip=trip)


@routes.get("/{case_id}/gambar/{number}")
def show_copy(frame: FrameDep, visitor: VisitorDep, case_id: CaseId, number: PictureId) -> Response:
    """Give the readable copy of a picture."""
    deps = frame.deps
    data = readable_copy(deps.database, room_of(deps), case_id, number, visitor.user, deps.clock())
    return Response(data, media_type="image/png")


@routes.post("/{case_id}/gambar/{number}/asli")
def open_raw(
    request: Request, frame: FrameDep, visitor: WriterDep, fields: FieldsDep, case_id: CaseId, number: PictureId
) -> Response:
    """Give a picture as it was taken, for a written reason."""
    deps, reason = frame.deps, fields.get("alasan", "")[:500]
    try:
        row, data = open_picture(deps.database, room_of(deps), (case_id, number), reason, visitor.user, deps.clock())
    except (UsageError, RefusedError) as error:
        return again(request, frame, visitor, case_id, Back(error))
    seen = picture_of(data)
    heads = {
        "Content-Disposition": f'attachment; filename="gambar-{row.id}.{seen.ending}"',
        "Cache-Control": "no-store",
    }
    return Response(data, media_type=seen.media_type, headers=heads)


def _camera(deps: WebDeps) -> CameraRoom:
    if deps.camera is None:
        raise UsageError("Konsol ini tidak terhubung ke peramban pemotret", "unggah tangkapan layar sendiri")
    return deps.camera


def room_of(deps: WebDeps) -> PictureRoom:
    """Return where pictures lie; UsageError where this console was started without it."""
    if deps.pictures is None:
        raise UsageError("Konsol ini dijalankan tanpa gudang bukti", "jalankan dengan `pantau serve` pada ruang kerja")
    return deps.pictures


def _bring(
    request: Request, place: tuple[Frame, Visitor, int], fields: Fields, brought: bytes | UsageError
) -> Response:
    frame, visitor, case_id = place
    deps, now = frame.deps, frame.deps.clock()
    try:
        may_bring_picture(deps.database, case_id, visitor.user, now)
        own = _chosen(case_id, fields, brought)
        bring_picture(deps.database, room_of(deps), own, visitor.user, now)
    except (UsageError, RefusedError) as error:
        return again(request, frame, visitor, case_id, Back(error))
    return see_case(case_id, "gambar")


def _chosen(case_id: int, fields: Fields, brought: bytes | UsageError) -> OwnPicture:
    item_row = whole_number(fields.get("unggahan", ""))
    if isinstance(brought, UsageError):
        raise brought
    if not brought or item_row is None:
        raise UsageError("Berkas atau unggahannya belum dipilih", "pilih keduanya, lalu kirim lagi")
    return OwnPicture(case_id, item_row, brought)


def _into(kept: bytearray, name: str) -> Sink:
    def sink(data: bytes) -> None:
        if name != _FIELD or len(kept) + len(data) > LARGEST:
            raise UsageError("Tangkapan layar lebih dari 20 MB", "perkecil gambarnya, lalu kirim lagi")
        kept.extend(data)

    return sink
