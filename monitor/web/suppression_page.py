"""Suppressions: which hits two people agreed not to show, why and until when."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Annotated, Final

from fastapi import APIRouter, Path, Request
from fastapi.responses import HTMLResponse, Response

from db import contests, suppressions
from monitor import desk
from monitor.desk.access import facts_for
from monitor.desk.ruling import must_hold_at
from monitor.desk.suppressing import APPROVERS, PROPOSERS
from monitor.domain import Suppression, SuppressionScope, UserRow, region_covers
from monitor.errors import ConflictError, PantauError, RefusedError, UsageError
from monitor.web.answers import mended
from monitor.web.deps import RuleRoom
from monitor.web.frame import Fields, FieldsDep, Frame, FrameDep, Visitor, VisitorDep, WriterDep, frame_of, page, see
from monitor.web.moments import midnight, read_day
from monitor.web.rules_access import room_of
from monitor.web.tokens import whole_number

routes = APIRouter(prefix="/aturan/penangguhan")

Number = Annotated[int, Path(ge=1, le=2**31 - 1)]
PATH: Final = "/aturan/penangguhan"
_SAID: Final = {
    "usul": "Penangguhan diusulkan; tidak menyembunyikan apa pun sebelum orang kedua menyetujui.",
    "setuju": "Penangguhan disetujui; berlaku mulai malam berikutnya.",
    "akhir": "Penangguhan berakhir; indikasinya kembali malam berikutnya.",
}


@routes.get("")
def show_list(request: Request, frame: FrameDep, visitor: VisitorDep, kabar: str = "") -> HTMLResponse:
    """Show the suppressions about people whom the user may see, and those about nobody in particular."""
    room_of(frame, visitor.user)
    return _page(request, frame, visitor, said=_SAID.get(kabar, ""))


@routes.post("")
def propose(request: Request, frame: FrameDep, visitor: WriterDep, fields: FieldsDep) -> Response:
    """Propose a suppression."""
    room = room_of(frame, visitor.user)

    def step() -> None:
        wish = _wish(frame, room, visitor.user, fields)
        desk.propose_suppression(frame.deps.database, wish, visitor.user, frame.deps.clock())

    return _step(request, visitor, "usul", step, fields)


@routes.post("/{number}/setujui")
def approve(request: Request, frame: FrameDep, visitor: WriterDep, number: Number) -> Response:
    """Approve a suppression as its second person."""
    room = room_of(frame, visitor.user)
    _must_see(frame, visitor.user, number)
    return _step(
        request, visitor, "setuju",
        lambda: desk.approve_suppression(
            frame.deps.database, number, visitor.user, frame.deps.clock(), place=room.place
        ),
    )  # fmt: skip


@routes.post("/{number}/akhiri")
def end(request: Request, frame: FrameDep, visitor: WriterDep, fields: FieldsDep, number: Number) -> Response:
    """End a suppression, or refuse its proposal."""
    room = room_of(frame, visitor.user)
    _must_see(frame, visitor.user, number)
    reason = fields.get("alasan", "")
    return _step(
        request, visitor, "akhir",
        lambda: desk.end_suppression(
            frame.deps.database, number, reason, visitor.user, frame.deps.clock(), place=room.place
        ),
    )  # fmt: skip


def visible_suppressions(frame: Frame, user: UserRow) -> tuple[list[Suppression], int]:
    """Return the suppressions that a user may read, and how many concern people whom they may not see."""
    with frame.deps.database.read() as session:
        rows = suppressions.list_suppressions(session)
    seen = [row for row in rows if row.scope.person_id is None or _sees(user, row.person_jurisdiction)]
    return seen, len(rows) - len(seen)


def state_of(row: Suppression, now: datetime) -> str:
    """Return `proposed`, `active`, `expired` or `ended`."""
    if row.ended_at is not None and row.ended_at < row.expires_at:
        return "ended"
    if row.expires_at <= now:
        return "expired"
    return "active" if row.approved_at is not None else "proposed"


def _sees(user: UserRow, place: str) -> bool:
    scope = desk.scope_of(user)
    return bool(scope) and (not place or any(region_covers(region, place) for region in scope))


def _must_see(frame: Frame, user: UserRow, number: int) -> None:
    if all(row.id != number for row in visible_suppressions(frame, user)[0]):
        raise UsageError(f"Penangguhan {number} tidak ada", "lihat daftarnya di Meja aturan")


def _step(
    request: Request, visitor: Visitor, news: str, step: Callable[[], object], typed: Fields | None = None
) -> Response:
    try:
        step()
    except (UsageError, RefusedError, ConflictError) as error:
        return _page(request, frame_of(request), visitor, error=error, typed=typed or {})
    return see(f"{PATH}?kabar={news}")


def _page(
    request: Request,
    frame: Frame,
    visitor: Visitor,
    *,
    said: str = "",
    error: PantauError | None = None,
    typed: Fields | None = None,
) -> HTMLResponse:
    room, user, now = room_of(frame, visitor.user), visitor.user, frame.deps.clock()
    rows, hidden = visible_suppressions(frame, user)
    with frame.deps.database.read() as session:
        known = contests.load_contests(session)
    return page(
        request,
        "suppressions.html",
        status=200 if error is None else 403 if isinstance(error, RefusedError) else 422,
        section="aturan",
        rows=_ordered(rows, now),
        hidden=hidden,
        contests=known,
        sheets=room.shelf(),
        longest=room.longest,
        latest=(now.astimezone(frame.deps.zone) + room.longest - timedelta(days=1)).date(),
        may_propose=bool(user.roles & set(PROPOSERS)),
        may_approve=bool(user.roles & set(APPROVERS)),
        typed=typed if typed is not None else dict(request.query_params),
        said=said,
        problem=mended(error) if error else "",
    )


def _ordered(rows: Sequence[Suppression], now: datetime) -> list[tuple[str, Suppression]]:
    """Return the suppressions with their states: waiting ones first, then running ones, then the newest of the rest."""
    order = ("proposed", "active", "expired", "ended")
    told = [(state_of(row, now), row) for row in rows]
    return sorted(told, key=lambda one: (order.index(one[0]), -one[1].id))


def _wish(frame: Frame, room: RuleRoom, user: UserRow, fields: Fields) -> desk.SuppressionWish:
    must_hold_at(user, room.place, PROPOSERS)
    rule = fields.get("aturan", "") or None
    if rule is not None and all(sheet.rule_id != rule for sheet in room.shelf()):
        raise UsageError(f"Aturan {rule} tidak ada", "pilih dari daftar")
    until = _until(fields.get("sampai", ""), frame)
    scope = SuppressionScope(
        rule_id=rule,
        person_id=_person(frame, user, fields.get("perkara", "").strip()),
        candidate_id=whole_number(fields.get("pasangan", "")),
        jurisdiction=fields.get("wilayah", "").strip() or None,
    )
    return desk.SuppressionWish(scope, fields.get("alasan", ""), until, room.longest, room.place)


def _until(text: str, frame: Frame) -> datetime:
    """Return the end of a day in the office's zone."""
    until = midnight(read_day(text), frame.deps.zone, days=1)
    if until is None:
        raise UsageError("Batas waktu penangguhan belum diisi", "pilih tanggalnya; setiap penangguhan berakhir")
    return until


def _person(frame: Frame, user: UserRow, case: str) -> int | None:
    """Return the person of a case that the user sees; None where no case is named."""
    if not case:
        return None
    number = whole_number(case)
    if number is None:
        raise UsageError("Nomor informasi awal tidak terbaca", "tulis nomornya saja")
    with frame.deps.database.read() as session:
        facts_for(session, number, user, frame.deps.clock())
        return suppressions.person_of_case(session, number)
