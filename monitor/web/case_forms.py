"""Forms of a case: drafts to download, versions to issue and to open again."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Request
from fastapi.responses import Response
from starlette.concurrency import run_in_threadpool

from monitor.desk.forms import FormFile, FormVersion, FormWish, IssueWish
from monitor.domain import FormKind
from monitor.errors import ConfigError, ConflictError, EvidenceError, RefusedError, UsageError
from monitor.web.case import again, see_case
from monitor.web.case_view import Back
from monitor.web.deps import FormRoom
from monitor.web.frame import CaseId, Fields, FieldsDep, Frame, FrameDep, Visitor, VisitorDep, WriterDep
from monitor.web.fresh import FreshDep
from monitor.web.incoming import FormReader, Sink, own_token, read_form
from monitor.web.tokens import member, whole_number
from monitor.web.uploads import FIND_BYTES as DOCUMENT_BYTES
from monitor.web.uploads import FORM_ISSUE

routes = APIRouter()

Version = Annotated[int, Path(ge=1, le=10_000)]
_WRONG = (UsageError, RefusedError, ConflictError, ConfigError, EvidenceError)


@routes.post("/informasi-awal/{case_id}/formulir/{form}/draf")
def draw(request: Request, frame: FrameDep, visitor: WriterDep, case_id: CaseId, form: FormKind) -> Response:
    """Give the draft of a form without the person's number; of SBT the letter. That it was drawn is audited."""
    try:
        return _sent(_room(frame).draw(FormWish(form, (case_id,), visitor.user)))
    except _WRONG as error:
        return again(request, frame, visitor, case_id, Back(error))


@routes.post("/informasi-awal/{case_id}/formulir/{form}/nomor")
def draw_with_number(request: Request, frame: FrameDep, visitor: FreshDep, case_id: CaseId, form: FormKind) -> Response:
    """Give the letter, or the rows for SBT, with the person's number, to whoever just proved who they are."""
    room, wish = _room(frame), FormWish(form, (case_id,), visitor.user, with_number=True)
    try:
        if not form.may_hold_number:
            raise UsageError("Formulir ini tidak memuat nomor induk", "unduh draf biasa")
        return _sent(room.sheet(wish) if form.holds_number else room.draw(wish))
    except _WRONG as error:
        return again(request, frame, visitor, case_id, Back(error))


@routes.post("/informasi-awal/{case_id}/formulir/{form}/versi/{version}")
def open_version(
    request: Request, frame: FrameDep, visitor: FreshDep, case_id: CaseId, form: FormKind, version: Version
) -> Response:
    """Give an issued document as it was locked, to whoever just proved who they are: it may hold the number."""
    try:
        return _sent(_room(frame).open(FormVersion(case_id, form, version), visitor.user))
    except _WRONG as error:
        return again(request, frame, visitor, case_id, Back(error))


@routes.post("/informasi-awal/{case_id}/formulir/sbt/terbitkan")
def issue_rows(request: Request, frame: FrameDep, visitor: FreshDep, fields: FieldsDep, case_id: CaseId) -> Response:
    """Lock the rows for SBT as they are now; they hold the number, so the user has just proved who they are."""
    wish = IssueWish(FormKind.SBT, case_id, visitor.user, fields.get("alasan", ""), with_number=True)
    return _issue(request, frame, visitor, wish)


@routes.post(FORM_ISSUE)
async def issue(request: Request, frame: FrameDep, visitor: VisitorDep) -> Response:
    """Lock a Word form as its next version: the document that comes along, else the program's draft."""
    kept = bytearray()
    reader = FormReader(own_token(frame, visitor), lambda name, _: _into(kept, name))
    try:
        fields = await read_form(request, reader)
        wish = _wish(fields, bytes(kept), visitor)
    except UsageError as error:
        number = whole_number(reader.fields.get("perkara", ""))
        if number is None or not 0 < number < 2**31:
            raise
        return await run_in_threadpool(again, request, frame, visitor, number, Back(error))
    return await run_in_threadpool(_issue, request, frame, visitor, wish)


def _issue(request: Request, frame: Frame, visitor: Visitor, wish: IssueWish) -> Response:
    try:
        _room(frame).issue(wish)
    except _WRONG as error:
        return again(request, frame, visitor, wish.case_id, Back(error))
    return see_case(wish.case_id, "terbit")


def _wish(fields: Fields, document: bytes, visitor: Visitor) -> IssueWish:
    number, form = whole_number(fields.get("perkara", "")), member(FormKind, fields.get("bentuk", ""))
    if number is None or not 0 < number < 2**31 or form is None or form is FormKind.SBT:
        raise UsageError("Formulir tidak lengkap", "muat ulang halaman, lalu kirim lagi")
    by_hand = fields.get("kosong", "") == "ya"
    return IssueWish(form, number, visitor.user, fields.get("alasan", ""), document or None, by_hand)


def _into(kept: bytearray, name: str) -> Sink:
    def sink(data: bytes) -> None:
        if name != "dokumen" or len(kept) + len(data) > DOCUMENT_BYTES:
            raise UsageError("Dokumen lebih dari 20 MB", "perkecil gambar di dalamnya, lalu kirim lagi")
        kept.extend(data)

    return sink


def _room(frame: Frame) -> FormRoom:
    if frame.deps.forms is None:
        raise UsageError("Formulir belum disiapkan pada pemasangan ini", "jalankan konsol dengan `pantau serve`")
    return frame.deps.forms


def _sent(file: FormFile) -> Response:
    heads = {"Content-Disposition": f'attachment; filename="{file.name}"'}
    return Response(file.data, media_type=file.media_type, headers=heads)
