"""Finds by hand: what officers came upon and what citizens reported, about registered people only."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from typing import Annotated, Final

from fastapi import APIRouter, Path, Request
from fastapi.responses import HTMLResponse, Response
from starlette.concurrency import run_in_threadpool

from monitor import desk
from monitor.desk.finds import ENTERERS, REVEALERS, screenshot
from monitor.desk.pictures import picture_of
from monitor.domain import Act, Find, FindKind, Reporter
from monitor.errors import PantauError, RefusedError, UsageError
from monitor.evidence.archives import is_web_archive
from monitor.web.answers import mended
from monitor.web.frame import Fields, FieldsDep, Frame, FrameDep, RowNumber, Visitor, VisitorDep, page, see
from monitor.web.fresh import FreshDep
from monitor.web.incoming import FormReader, Sink, own_token, read_form
from monitor.web.moments import read_moment
from monitor.web.tokens import member, whole_number
from monitor.web.uploads import FIND_BYTES, doors_of

routes = APIRouter(prefix="/unggah/catatan")

FindId = Annotated[int, Path(ge=1, le=2**31 - 1)]
_LIST = 25
_ACTS = (Act.POST, Act.COMMENT, Act.LIKE, Act.SHARE)
_LONGEST: Final = {"teks": 100_000, "keterangan": 4_000, "alasan": 500}


@dataclass(frozen=True, slots=True)
class Entry:
    """What the page shows beside the finds: what happened, where the list goes on, what was typed, what is wrong."""

    said: str = ""
    before: int | None = None
    typed: Fields = field(default_factory=dict)
    problem: str = ""


@routes.get("")
def show(
    request: Request,
    frame: FrameDep,
    visitor: VisitorDep,
    kabar: str = "",
    nomor: str = "",
    sebelum: RowNumber = None,
) -> HTMLResponse:
    """Show the form for a find and the finds of the user's places."""
    return _page(request, frame, visitor, Entry(_said(kabar, whole_number(nomor)), sebelum))


@routes.post("")
async def enter(request: Request, frame: FrameDep, visitor: VisitorDep) -> Response:
    """Keep a find; one about somebody who is not in the register is refused and leaves nothing."""
    _must_enter(visitor)
    kept = bytearray()
    fields: Fields = {}
    try:
        reader = FormReader(own_token(frame, visitor), lambda name, _: _into(kept, name), fields)
        await read_form(request, reader)
        return await run_in_threadpool(_enter, frame, visitor, fields, bytes(kept))
    except (UsageError, RefusedError) as error:
        status = 403 if isinstance(error, RefusedError) else 400
        return await run_in_threadpool(_again, request, frame, visitor, fields, error, status)


@routes.get("/{number}/layar")
def see_screenshot(frame: FrameDep, visitor: VisitorDep, number: FindId) -> Response:
    """Give the screenshot or web archive of a find as a file; that it was opened is audited."""
    data = screenshot(frame.deps.database, doors_of(frame.deps).kept, number, visitor.user, frame.deps.clock())
    kind, ending = _kind_of(data)
    heads = {"Content-Disposition": f'attachment; filename="catatan-{number}.{ending}"'}
    return Response(data, media_type=kind, headers=heads)


@routes.post("/{number}/pelapor")
def reveal(request: Request, frame: FrameDep, visitor: FreshDep, fields: FieldsDep, number: FindId) -> HTMLResponse:
    """Show who reported a find, for a written reason; who asked and why is audited."""
    reason = fields.get("alasan", "")[: _LONGEST["alasan"]]
    if not reason.strip():
        raise RefusedError("Pembukaan identitas pelapor harus beralasan", "tulis alasannya, lalu kirim lagi")
    found = desk.reveal_reporter(
        frame.deps.database, frame.deps.vault, number, reason, visitor.user, frame.deps.clock()
    )
    return page(request, "find_reporter.html", section="unggah", number=number, reporter=found)


def _page(request: Request, frame: Frame, visitor: Visitor, entry: Entry, status: int = 200) -> HTMLResponse:
    deps, before = frame.deps, entry.before
    rows = desk.list_finds(deps.database, visitor.user, deps.clock(), before=before, limit=_LIST + 1)
    return page(
        request,
        "finds.html",
        status=status,
        section="unggah",
        rows=rows[:_LIST],
        older=rows[_LIST - 1].id if len(rows) > _LIST else None,
        first=before is None,
        typed=entry.typed,
        problem=entry.problem,
        said=entry.said,
        acts=_ACTS,
        kinds=tuple(FindKind),
        may_enter=visitor.user.active and any(role in visitor.user.roles for role in ENTERERS),
        may_reveal=visitor.user.active and any(role in visitor.user.roles for role in REVEALERS),
        limit=FIND_BYTES,
        now_local=deps.clock().astimezone(deps.zone).strftime("%Y-%m-%dT%H:%M"),
    )


def _again(
    request: Request, frame: Frame, visitor: Visitor, fields: Fields, error: PantauError, status: int
) -> HTMLResponse:
    """Show the form with what was typed and why it was not taken; a file must be chosen again."""
    return _page(request, frame, visitor, Entry(typed=fields, problem=mended(error)), status)


def _enter(frame: Frame, visitor: Visitor, fields: Fields, shot: bytes) -> Response:
    find = _find(fields, shot, frame.deps.zone, frame.deps.clock())
    done = doors_of(frame.deps).enter_find(visitor.user, find)
    word = ("baru" if done.certain else "tanpa-id") if done.new else "sama"
    return see(f"/unggah/catatan?kabar={word}&nomor={done.id}")


def _find(fields: Fields, shot: bytes, zone: tzinfo, now: datetime) -> Find:
    kind, act = member(FindKind, fields.get("jenis", "")), member(Act, fields.get("tindakan", ""))
    if kind is None or act not in _ACTS:
        raise UsageError("Jenis catatan atau tindakannya belum dipilih", "pilih keduanya")
    if shot and not is_web_archive(shot):
        picture_of(shot)
    if any(len(fields.get(name, "")) > most for name, most in _LONGEST.items()):
        raise UsageError("Teks atau keterangan terlalu panjang", "salin hanya teks unggahan atau komentar itu")
    return Find(
        kind=kind,
        act=act,
        account=fields.get("akun", "").strip()[:200],
        url=fields.get("alamat", "").strip()[:1000],
        text=fields.get("teks", ""),
        on_url=fields.get("alamat_induk", "").strip()[:1000],
        seen_at=_moment(fields.get("dilihat", ""), zone) or now,
        acted_at=_moment(fields.get("dilakukan", ""), zone),
        screenshot=shot or None,
        note=fields.get("keterangan", "").strip(),
        reporter=_reporter(kind, fields),
    )


def _kind_of(data: bytes) -> tuple[str, str]:
    """Return the media type and ending under which a file beside a find is given."""
    if is_web_archive(data):
        return "application/wacz", "wacz"
    try:
        picture = picture_of(data)
    except UsageError:  # entered on the command line, which takes PDF as well
        return "application/octet-stream", "bin"
    return picture.media_type, picture.ending


def _reporter(kind: FindKind, fields: Fields) -> Reporter | None:
    name, contact = fields.get("pelapor", "").strip()[:200], fields.get("kontak", "").strip()[:200]
    if not name and not contact:
        return None
    if kind is not FindKind.LAPORAN:
        raise UsageError("Pelapor hanya dicatat untuk laporan warga", "pilih jenis Laporan, atau kosongkan pelapornya")
    return Reporter(name, contact, wants_anonymity=fields.get("rahasia") == "ya")


def _moment(text: str, zone: tzinfo) -> datetime | None:
    if not text.strip():
        return None
    moment = read_moment(text, zone)
    if moment is None:
        raise UsageError("Waktu tidak terbaca", "tulis seperti 2024-10-20T10:15")
    return moment.astimezone(UTC)


def _into(kept: bytearray, name: str) -> Sink:
    def sink(data: bytes) -> None:
        if name != "layar" or len(kept) + len(data) > FIND_BYTES:
            raise UsageError("Lampiran lebih dari 20 MB", "perkecil berkasnya, lalu kirim lagi")
        kept.extend(data)

    return sink


def _must_enter(visitor: Visitor) -> None:
    if not (visitor.user.active and any(role in visitor.user.roles for role in ENTERERS)):
        raise RefusedError("Anda tidak berwenang mencatat", "mintalah admin memberi peran pengawas atau koordinator")


def _said(word: str, number: int | None) -> str:
    told = f"Catatan {number} " if number else "Catatan "
    return {
        "baru": told + "disimpan dan sudah dinilai.",
        "tanpa-id": told + "disimpan. Alamatnya tanpa id tetap; bila pemindaian juga menemukannya, tindakan itu dapat "
        "tercatat dua kali.",
        "sama": told + "sudah ada; tidak ada yang berubah.",
    }.get(word, "")
