"""Candidates and accounts: contests with their stages, pairs, words and accounts, and how well those are seen."""

from __future__ import annotations

from typing import Annotated, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Path, Request
from fastapi.responses import HTMLResponse, Response

from db import candidate_pages
from db.candidate_pages import ContestDetail, WatchedAccount
from monitor import desk
from monitor.domain import Role, StageKind, UserRow
from monitor.errors import ConflictError, PantauError, RefusedError, UsageError
from monitor.web.answers import mended
from monitor.web.frame import FieldsDep, Frame, FrameDep, Visitor, VisitorDep, WriterDep, frame_of, page, see
from monitor.web.menu import KEEPERS
from monitor.web.tokens import whole_number

routes = APIRouter(prefix="/kandidat")

Number = Annotated[int, Path(ge=1, le=2**31 - 1)]
_CONFIRMERS: Final = frozenset({Role.KOORDINATOR, Role.ADMIN})
_SAID: Final = {"konfirmasi": "Impor dikonfirmasi; akunnya dibaca sejak malam berikutnya."}


@routes.get("")
def show_list(
    request: Request, frame: FrameDep, visitor: VisitorDep, cari: str = "", sesudah: str = ""
) -> HTMLResponse:
    """Show the contests that concern the user's places."""
    regions = _regions(visitor.user)
    text = " ".join(cari.replace("\x00", "").split())[:100]
    after = whole_number(sesudah)
    with frame.deps.database.read() as session:
        found = candidate_pages.list_contests(session, regions, text=text, after=after)
    words = {"cari": text, "sesudah": str(found.after or "")}
    query = urlencode({name: value for name, value in words.items() if value})
    return page(
        request,
        "candidates.html",
        section="kandidat",
        found=found,
        text=text,
        first=after is None,
        next_url=f"/kandidat?{query}" if found.after else "",
    )


@routes.get("/{number}")
def show(request: Request, visitor: VisitorDep, number: Number, periksa: str = "", kabar: str = "") -> HTMLResponse:
    """Show one contest; with `periksa` also what in its register may be taken for somebody else."""
    return _page(request, visitor, number, checks=periksa == "ya", said=_SAID.get(kabar, ""))


@routes.post("/{number}/konfirmasi")
def confirm(request: Request, frame: FrameDep, visitor: WriterDep, fields: FieldsDep, number: Number) -> Response:
    """Confirm, as the second person, the import that brought accounts of this contest."""
    detail = _detail(frame, visitor.user, number)
    batch = whole_number(fields.get("impor", ""))
    if batch is None or batch not in {entry.batch_id for entry in _waiting(detail)}:
        raise UsageError("Impor itu tidak menunggu konfirmasi di kontes ini", "muat ulang halamannya")
    try:
        desk.confirm_batch(frame.deps.database, batch, visitor.user, frame.deps.clock())
    except (RefusedError, ConflictError) as error:
        return _page(request, visitor, number, error=error)
    return see(f"/kandidat/{number}?kabar=konfirmasi")


def _page(
    request: Request,
    visitor: Visitor,
    number: int,
    *,
    checks: bool = False,
    said: str = "",
    error: PantauError | None = None,
) -> HTMLResponse:
    frame = frame_of(request)
    detail = _detail(frame, visitor.user, number)
    now, warn = frame.deps.clock(), frame.deps.contest_warnings
    stages = [stage for stage in detail.contest.stages if stage.starts <= now]
    waiting = {entry.batch_id: entry for entry in _waiting(detail)}
    return page(
        request,
        "contest.html",
        status=200 if error is None else 403 if isinstance(error, RefusedError) else 409,
        section="kandidat",
        detail=detail,
        contest=detail.contest,
        stage_now=stages[-1].kind if stages else None,
        stages=tuple(StageKind),
        waiting=tuple(waiting.values()),
        may_confirm=bool(visitor.user.roles & _CONFIRMERS),
        can_check=warn is not None,
        warnings=warn(number) if checks and warn is not None else None,
        said=said,
        problem=mended(error) if error else "",
    )


def _detail(frame: Frame, user: UserRow, number: int) -> ContestDetail:
    with frame.deps.database.read() as session:
        detail = candidate_pages.contest_detail(session, number, _regions(user))
    if detail is None:
        raise UsageError(f"Kontes {number} tidak ada dalam wilayah Anda", "lihat daftar Kandidat & akun")
    return detail


def _waiting(detail: ContestDetail) -> list[WatchedAccount]:
    return [entry for accounts in detail.accounts.values() for entry in accounts if entry.waits]


def _regions(user: UserRow) -> tuple[str, ...]:
    """Return the regions whose contests the user keeps; RefusedError for whoever keeps none."""
    regions = user.regions(*KEEPERS) if user.active else ()
    if not regions:
        raise RefusedError(
            "Halaman ini untuk pengawas, koordinator dan admin", "mintalah admin memberi peran yang sesuai"
        )
    return regions
