"""One informasi awal: reading it, deciding, taking a decision back, notes, verdicts on its hits."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from monitor import desk
from monitor.domain import CaseFilter, CaseState, DecisionCommand, NoteKind, UserRow, Verdict
from monitor.errors import ConflictError, EvidenceError, PantauError, RefusedError, UsageError
from monitor.web.answers import sentence
from monitor.web.case_view import Back, Typed, UndoBar, case_page, own_undo, read_choice
from monitor.web.differing import news_since
from monitor.web.frame import CaseId, FieldsDep, Frame, FrameDep, Visitor, VisitorDep, WriterDep, page, see
from monitor.web.fresh import fresh_form
from monitor.web.tokens import member, whole_number

routes = APIRouter(prefix="/informasi-awal")

NOTE_LIMIT = 5000
HitId = Annotated[int, Path(ge=1, le=2**63 - 1)]
_SAID = {
    "putus": "Keputusan tersimpan.",
    "habis": "Keputusan tersimpan. Tidak ada lagi yang menunggu di wilayah Anda.",
    "batal": "Keputusan dibatalkan.",
    "catat": "Catatan tersimpan.",
    "nilai": "Nilai indikasi tersimpan.",
    "pegang": "Anda masih memegang informasi awal ini. Putuskan, lewati, atau lepaskan dahulu.",
    "lepas": "Informasi awal ini kembali ke antrean.",
    "lewat": "Informasi awal sebelumnya dilewati selama 30 menit; petugas lain tetap menemukannya.",
    "hubungan": "Hubungan Anda dengan orang ini tercatat. Petugas lain yang memutusnya.",
    "hubungan_akhir": "Catatan hubungan itu diakhiri.",
    "diketahui": "Waktu diketahui tersimpan.",
    "jangka": "Jangka waktu tersimpan.",
    "gambar": "Tangkapan layar Anda tersimpan, tersegel.",
    "potret": "Gambar halaman sedang diambil. Hasilnya tampil di bagian Gambar halaman.",
    "daring": "Keadaan unggahan sudah ditanyakan kepada platform.",
    "terbit": "Formulir terbit dan terkunci.",
}


@routes.get("/{case_id}")
def show(
    request: Request, frame: FrameDep, visitor: VisitorDep, case_id: CaseId, kabar: str = "", batal: str = ""
) -> HTMLResponse:
    """Show one case; that it was looked at is recorded, and the turn of whoever holds it begins anew."""
    detail = desk.look_at(frame.deps.database, case_id, visitor.user, frame.deps.clock())
    undo = _undo_of(frame, visitor.user, whole_number(batal))
    lease = detail.facts.lease
    gone = kabar == "pegang" and (lease is None or lease.user_id != visitor.user.id)  # an address one came back to
    return case_page(request, visitor, detail, Back(said="" if gone else _SAID.get(kabar, ""), undo=undo))


@routes.post("/{case_id}/putuskan")
def decide(request: Request, frame: FrameDep, visitor: WriterDep, fields: FieldsDep, case_id: CaseId) -> Response:
    """Take one step and go on to the next case; a stale one comes back with what changed and with what was typed."""
    typed, now = _typed(fields), frame.deps.clock()
    if typed.to == CaseState.DISETUJUI.value:
        visitor = fresh_form(request, frame, visitor, fields)
    try:
        command = _command(case_id, visitor.user, fields, typed)
        manner = desk.Manner(start=True, blind_share=frame.deps.blind_share, store=frame.deps.evidence)
        before = desk.step(frame.deps.database, command, now, manner)
    except ConflictError as error:
        return _conflict(request, frame, visitor, case_id, fields, error)
    except (UsageError, RefusedError, EvidenceError) as error:
        return again(request, frame, visitor, case_id, Back(error, typed))
    return _onward(frame, command, before)


@routes.post("/{case_id}/lanjutkan")
def resume(request: Request, frame: FrameDep, visitor: WriterDep, fields: FieldsDep, case_id: CaseId) -> HTMLResponse:
    """Show the case as it is now with what was typed before a conflict."""
    detail = desk.look_at(frame.deps.database, case_id, visitor.user, frame.deps.clock())
    return case_page(request, visitor, detail, Back(typed=_typed(fields)))


@routes.post("/{case_id}/batalkan")
def undo(request: Request, frame: FrameDep, visitor: WriterDep, fields: FieldsDep, case_id: CaseId) -> Response:
    """Take the user's own last decision back, by a new event, and take the case up again."""
    database, now = frame.deps.database, frame.deps.clock()
    try:
        row = desk.undo(database, case_id, visitor.user, now, version=_shown(fields, "versi"))
    except ConflictError as error:
        return _conflict(request, frame, visitor, case_id, fields, error)
    except (UsageError, RefusedError) as error:
        return again(request, frame, visitor, case_id, Back(error))
    if row.state in (CaseState.DITINJAU, CaseState.DIUSULKAN):
        try:
            desk.claim(database, case_id, visitor.user, now, only=True)
        except PantauError:
            return see_case(case_id, "batal")  # the decision is taken back all the same
    return see_case(case_id, "batal")


@routes.post("/{case_id}/catat")
def note(request: Request, frame: FrameDep, visitor: WriterDep, fields: FieldsDep, case_id: CaseId) -> Response:
    """Add a note without moving the case."""
    typed = _typed(fields)
    kind = member(NoteKind, fields.get("jenis", ""))
    if kind is None or not typed.note:
        empty = UsageError("Catatan masih kosong", "tulis isinya, lalu simpan lagi")
        return again(request, frame, visitor, case_id, Back(empty, typed))
    try:
        desk.note(frame.deps.database, case_id, visitor.user, typed.note, kind, frame.deps.clock())
    except (UsageError, RefusedError) as error:
        return again(request, frame, visitor, case_id, Back(error, typed))
    return see_case(case_id, "catat")


@routes.post("/{case_id}/indikasi/{hit_id}")
def judge_hit(
    request: Request, frame: FrameDep, visitor: WriterDep, fields: FieldsDep, case_id: CaseId, hit_id: HitId
) -> Response:
    """Take a verdict on one hit; the case itself stays where it is."""
    try:
        command = desk.VerdictCommand(hit_id, _verdict(fields), fields.get("alasan", ""), case_id)
        desk.judge_hit(frame.deps.database, command, visitor.user, frame.deps.clock())
    except (UsageError, RefusedError) as error:
        return again(request, frame, visitor, case_id, Back(error))
    return see_case(case_id, "nilai")


def again(request: Request, frame: Frame, visitor: Visitor, case_id: int, back: Back) -> HTMLResponse:
    """Show the case as it is now with what went wrong."""
    detail = desk.look_at(frame.deps.database, case_id, visitor.user, frame.deps.clock())
    return case_page(request, visitor, detail, back)


def see_case(case_id: int, news: str) -> RedirectResponse:
    """Return the answer after a form of a case: look at it, with the news."""
    return see(f"/informasi-awal/{case_id}?kabar={news}")


def _onward(frame: Frame, command: DecisionCommand, before: CaseState) -> RedirectResponse:
    """Return the way to the next case of the same desk, already taken; else back to the one decided."""
    desks = {CaseState.BARU: desk.WAITING, CaseState.DIUSULKAN: (CaseState.DIUSULKAN,)}
    states = desks.get(before, desk.WAITING if before in desk.WAITING else ())
    if not states or command.to is CaseState.DITINJAU:
        return see_case(command.case_id, "putus")
    following = desk.claim_next(frame.deps.database, command.user, frame.deps.clock(), CaseFilter(states=states))
    if following is None:
        return see_case(command.case_id, "habis")
    return see(f"/informasi-awal/{following.case_id}?kabar=putus&batal={command.case_id}")


def _undo_of(frame: Frame, user: UserRow, case_id: int | None) -> UndoBar | None:
    """Return the bar that takes the decision before this page back, None where there is none of the user's."""
    if not case_id:
        return None
    try:
        facts = desk.standing_of(frame.deps.database, case_id, user, frame.deps.clock())
    except UsageError:
        return None
    return own_undo(facts, user)


def _conflict(
    request: Request, frame: Frame, visitor: Visitor, case_id: int, fields: dict[str, str], error: ConflictError
) -> HTMLResponse:
    detail = desk.look_at(frame.deps.database, case_id, visitor.user, frame.deps.clock())
    typed = _typed(fields)
    return page(
        request,
        "conflict.html",
        status=409,
        section="antrean",
        detail=detail,
        typed=typed,
        wanted=member(CaseState, typed.to),
        message=sentence(error.message),
        news=news_since(detail, whole_number(fields.get("dilihat", "")) or 0),
    )


def _verdict(fields: dict[str, str]) -> Verdict:
    verdict = member(Verdict, fields.get("nilai", ""))
    if verdict is None:
        raise UsageError("Nilai indikasi belum dipilih", "pilih benar, salah, atau ragu")
    return verdict


def _command(case_id: int, user: UserRow, fields: dict[str, str], typed: Typed) -> DecisionCommand:
    to = member(CaseState, typed.to)
    if to is None:
        raise UsageError("Langkah belum dipilih", "pilih salah satu langkah, lalu simpan")
    if not typed.reason:
        raise UsageError("Keputusan ini perlu alasan", "pilih alasan di bawah langkah yang Anda maksud")
    version, fence = _shown(fields, "versi"), _shown(fields, "giliran")
    return DecisionCommand(case_id, to, typed.reason, user, note=typed.note, version=version, fence=fence)


def _typed(fields: dict[str, str]) -> Typed:
    """Read a decision: one button that says step and reason together, or the two apart."""
    to, reason = read_choice(fields.get("putusan", ""))
    to = to or fields.get("ke", "")
    reason = reason or fields.get(f"alasan.{to}", fields.get("alasan", ""))
    note = fields.get("catatan", "").strip()[:NOTE_LIMIT]
    return Typed(to=to, reason=reason, note=note, note_kind=fields.get("jenis", ""))


def _shown(fields: dict[str, str], name: str) -> int:
    """Return the version or the turn that the page was shown with, which none may leave out; UsageError."""
    number = whole_number(fields.get(name, ""))
    if number is None:
        raise UsageError("Formulir tidak lengkap", "muat ulang halaman, lalu kirim lagi")
    return number
