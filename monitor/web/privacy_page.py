"""The privacy page: holds, what is due to be purged, what was purged, and the clock of a failure of protection."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from typing import Annotated, Final

from fastapi import APIRouter, Path, Request
from fastapi.responses import HTMLResponse, Response

from db import holds as stored
from monitor.desk.access import must_hold
from monitor.domain import Role, UserRow
from monitor.domain.keeping import Purged
from monitor.errors import ConflictError, PantauError, RefusedError, UsageError
from monitor.privacy import holds, incidents
from monitor.privacy.holds import HOLDERS, HoldWish
from monitor.privacy.incidents import NOTERS, Dated, IncidentTold
from monitor.privacy.words import KINDS
from monitor.web.answers import mended
from monitor.web.deps import PrivacyRoom
from monitor.web.frame import Fields, FieldsDep, Frame, FrameDep, Visitor, VisitorDep, WriterDep, page, see
from monitor.web.moments import read_moment
from monitor.web.tokens import whole_number

routes = APIRouter(prefix="/privasi")

Number = Annotated[int, Path(ge=1, le=2**31 - 1)]
_SAID: Final = {
    "ditahan": "Penahanan berlaku; datanya tidak dihapus sampai dilepas.",
    "diminta": "Pelepasan diminta; penahanan tetap berlaku sampai orang kedua menyetujui.",
    "tetap": "Penahanan tetap berlaku.",
    "dilepas": "Penahanan dilepas; yang masa simpannya berakhir dan tidak ditahan lain dihapus kemudian.",
    "insiden": "Insiden tercatat; waktu 3 x 24 jam berjalan sejak diketahui.",
    "langkah": "Langkah itu tercatat.",
}


@dataclass(frozen=True, slots=True)
class _Told:
    """What the page says beside what is stored: news, what is due, what was refused and what was typed."""

    said: str = ""
    due: Purged | None = None
    error: PantauError | None = None
    typed: Fields = field(default_factory=dict)


@routes.get("")
def show(request: Request, frame: FrameDep, visitor: VisitorDep, kabar: str = "") -> HTMLResponse:
    """Show the page; that holds were listed is recorded."""
    return _page(request, frame, visitor, _Told(said=_SAID.get(kabar, "")))


@routes.post("/hitung")
def count(request: Request, frame: FrameDep, visitor: WriterDep) -> HTMLResponse:
    """Count what a purge would remove now; nothing is removed."""
    room = _room(frame)
    must_hold(visitor.user, room.place, *HOLDERS)
    return _page(request, frame, visitor, _Told(due=room.due()))


@routes.post("/penahanan")
def hold(request: Request, frame: FrameDep, visitor: WriterDep, fields: FieldsDep) -> Response:
    """Hold a person's data, or a case."""
    _must_enter(frame, visitor.user)
    wish = HoldWish(whole_number(fields.get("orang", "")), whole_number(fields.get("perkara", "")),
                    fields.get("dasar", ""))  # fmt: skip
    try:
        holds.add_hold(frame.deps.database, wish, visitor.user, frame.deps.clock())
    except UsageError as error:
        return _page(request, frame, visitor, _Told(error=error, typed=fields))
    return see("/privasi?kabar=ditahan")


@routes.post("/penahanan/{number}/minta")
def ask_release(request: Request, frame: FrameDep, visitor: WriterDep, fields: FieldsDep, number: Number) -> Response:
    """Ask that a hold end."""
    _must_enter(frame, visitor.user)
    try:
        holds.ask_release(frame.deps.database, number, fields.get("alasan", ""), visitor.user, frame.deps.clock())
    except UsageError as error:
        return _page(request, frame, visitor, _Told(error=error))
    return see("/privasi?kabar=diminta")


@routes.post("/penahanan/{number}/setujui")
def approve_release(
    request: Request, frame: FrameDep, visitor: WriterDep, fields: FieldsDep, number: Number
) -> Response:
    """End a hold whose end another asked for, by the request that the sender read."""
    _must_enter(frame, visitor.user)
    read = fields.get("permintaan", "")
    try:
        holds.approve_release(frame.deps.database, number, read, visitor.user, frame.deps.clock())
    except (UsageError, ConflictError) as error:
        return _page(request, frame, visitor, _Told(error=error))
    return see("/privasi?kabar=dilepas")


@routes.post("/penahanan/{number}/tolak")
def refuse_release(request: Request, frame: FrameDep, visitor: WriterDep, number: Number) -> Response:
    """Let a hold stay whose end was asked for."""
    _must_enter(frame, visitor.user)
    try:
        holds.refuse_release(frame.deps.database, number, visitor.user, frame.deps.clock())
    except UsageError as error:
        return _page(request, frame, visitor, _Told(error=error))
    return see("/privasi?kabar=tetap")


@routes.post("/insiden")
def note(request: Request, frame: FrameDep, visitor: WriterDep, fields: FieldsDep) -> Response:
    """Note a failure of protection."""
    place, deps = _room(frame).place, frame.deps
    _must_enter(frame, visitor.user)
    try:
        at = _moment(fields.get("waktu", ""), deps.zone)
        told = IncidentTold(at, fields.get("data", ""), fields.get("bagaimana", ""), fields.get("upaya", ""),
                            fields.get("wilayah", "").strip())  # fmt: skip
        incidents.note_incident(deps.database, told, visitor.user, deps.clock(), place=place)
    except (UsageError, RefusedError) as error:
        return _page(request, frame, visitor, _Told(error=error, typed=fields))
    return see("/privasi?kabar=insiden")


@routes.post("/insiden/{number}/langkah")
def step(request: Request, frame: FrameDep, visitor: WriterDep, fields: FieldsDep, number: Number) -> Response:
    """Date a written notice, or the end of an incident."""
    place, deps = _room(frame).place, frame.deps
    _must_enter(frame, visitor.user)
    try:
        dated = Dated(number, fields.get("langkah", ""), _moment(fields.get("waktu", ""), deps.zone))
        incidents.date_step(deps.database, dated, visitor.user, deps.clock(), place=place)
    except UsageError as error:
        return _page(request, frame, visitor, _Told(error=error))
    return see("/privasi?kabar=langkah")


def _page(request: Request, frame: Frame, visitor: Visitor, told: _Told) -> HTMLResponse:
    _must_enter(frame, visitor.user)
    user, deps, place = visitor.user, frame.deps, _room(frame).place
    with deps.database.read() as session:
        months = stored.purged_by_month(session)
    noted = incidents.list_incidents(deps.database, user, place=place)
    return page(
        request,
        "privacy.html",
        status=_status(told.error),
        section="privasi",
        said=told.said,
        problem=mended(told.error) if told.error is not None else "",
        typed=told.typed,
        holds=holds.list_holds(deps.database, user, deps.clock()) if user.roles & set(HOLDERS) else None,
        due=told.due,
        may_count=any(user.has(role, place) for role in HOLDERS),
        months=months,
        words=KINDS,
        incidents=noted,
        datable={row.id for row in noted if user.has(Role.DPO, row.jurisdiction or place)},
        own_place="" if any(user.has(role, place) for role in NOTERS) else user.regions(*NOTERS)[0],
    )


def _status(error: PantauError | None) -> int:
    for kind, status in ((RefusedError, 403), (ConflictError, 409), (PantauError, 422)):
        if isinstance(error, kind):
            return status
    return 200


def _room(frame: Frame) -> PrivacyRoom:
    if frame.deps.privacy is None:
        raise RefusedError("Halaman privasi tidak tersedia di konsol ini", "jalankan konsol dengan `pantau serve`")
    return frame.deps.privacy


def _must_enter(frame: Frame, user: UserRow) -> None:
    _room(frame)
    if not (user.active and user.roles & {*HOLDERS, *NOTERS}):
        raise RefusedError("Halaman ini tidak untuk peran Anda", "mintalah admin memberi peran yang sesuai")


def _moment(text: str, zone: tzinfo) -> datetime:
    """Read a time as a form field gives it, in the office's zone."""
    read = read_moment(text, zone)
    if read is None:
        raise UsageError("Waktunya tidak terbaca", "isi tanggal dan jam")
    return read
