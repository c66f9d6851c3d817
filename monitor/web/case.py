"""One informasi awal: reading it, deciding, taking a decision back, adding a note."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Path, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from db import verdicts
from monitor import desk
from monitor.domain import CaseDetail, CaseState, DecisionCommand, NoteKind, UserRow, Verdict, VerdictRow
from monitor.errors import ConflictError, PantauError, RefusedError, UsageError
from monitor.review import machine
from monitor.web.answers import mended, sentence
from monitor.web.frame import CaseId, FieldsDep, Frame, FrameDep, Visitor, VisitorDep, WriterDep, frame_of, page, see
from monitor.web.steps import Offer, offers
from monitor.web.tokens import member, whole_number

routes = APIRouter(prefix="/informasi-awal")

NOTE_LIMIT = 5000
HitId = Annotated[int, Path(ge=1, le=2**63 - 1)]
_SAID = {"putus": "Keputusan tersimpan.", "batal": "Keputusan dibatalkan.", "catat": "Catatan tersimpan.",
         "nilai": "Nilai indikasi tersimpan."}  # fmt: skip
_NOTE_KINDS = (NoteKind.CATATAN, NoteKind.KONTEKS, NoteKind.KLARIFIKASI)


@dataclass(frozen=True, slots=True)
class Typed:
    """What a person had filled in when a form came back."""

    to: str = ""
    reason: str = ""
    note: str = ""
    note_kind: str = ""


@dataclass(frozen=True, slots=True)
class Back:
    """What a page that comes back after a form says: the error or the news, and what was typed."""

    error: PantauError | None = None
    typed: Typed = Typed()
    said: str = ""

    @property
    def problem(self) -> str:
        """What went wrong, as sentences."""
        return mended(self.error) if self.error else ""

    @property
    def status(self) -> int:
        """The status of the answer."""
        if self.error is None:
            return 200
        return 403 if isinstance(self.error, RefusedError) else 422


@routes.get("/{case_id}")
def show(request: Request, frame: FrameDep, visitor: VisitorDep, case_id: CaseId, kabar: str = "") -> HTMLResponse:
    """Show one case; that it was looked at is recorded."""
    detail = desk.look_at(frame.deps.database, case_id, visitor.user, frame.deps.clock())
    return _case_page(request, visitor, detail, Back(said=_SAID.get(kabar, "")))


@routes.post("/{case_id}/putuskan")
def decide(request: Request, frame: FrameDep, visitor: WriterDep, fields: FieldsDep, case_id: CaseId) -> Response:
    """Take one step; a stale one comes back with what changed and with what was typed."""
    typed = _typed(fields)
    try:
        command = _command(case_id, visitor.user, fields, typed)
        desk.decide(frame.deps.database, command, frame.deps.clock())
    except ConflictError as error:
        return _conflict(request, frame, visitor, case_id, fields, error)
    except (UsageError, RefusedError) as error:
        return _again(request, frame, visitor, case_id, Back(error, typed))
    return _see_case(case_id, "putus")


@routes.post("/{case_id}/lanjutkan")
def resume(request: Request, frame: FrameDep, visitor: WriterDep, fields: FieldsDep, case_id: CaseId) -> HTMLResponse:
    """Show the case as it is now with what was typed before a conflict."""
    detail = desk.look_at(frame.deps.database, case_id, visitor.user, frame.deps.clock())
    return _case_page(request, visitor, detail, Back(typed=_typed(fields)))


@routes.post("/{case_id}/batalkan")
def undo(request: Request, frame: FrameDep, visitor: WriterDep, fields: FieldsDep, case_id: CaseId) -> Response:
    """Take the user's own last decision back, by a new event."""
    try:
        desk.undo(frame.deps.database, case_id, visitor.user, frame.deps.clock(), version=_version(fields))
    except ConflictError as error:
        return _conflict(request, frame, visitor, case_id, fields, error)
    except (UsageError, RefusedError) as error:
        return _again(request, frame, visitor, case_id, Back(error))
    return _see_case(case_id, "batal")


@routes.post("/{case_id}/catat")
def note(request: Request, frame: FrameDep, visitor: WriterDep, fields: FieldsDep, case_id: CaseId) -> Response:
    """Add a note without moving the case."""
    typed = _typed(fields)
    kind = member(NoteKind, fields.get("jenis", ""))
    if kind is None or not typed.note:
        empty = UsageError("Catatan masih kosong", "tulis isinya, lalu simpan lagi")
        return _again(request, frame, visitor, case_id, Back(empty, typed))
    try:
        desk.note(frame.deps.database, case_id, visitor.user, typed.note, kind, frame.deps.clock())
    except (UsageError, RefusedError) as error:
        return _again(request, frame, visitor, case_id, Back(error, typed))
    return _see_case(case_id, "catat")


@routes.post("/{case_id}/indikasi/{hit_id}")
def judge_hit(
    request: Request, frame: FrameDep, visitor: WriterDep, fields: FieldsDep, case_id: CaseId, hit_id: HitId
) -> Response:
    """Take a verdict on one hit; the case itself stays where it is."""
    try:
        command = desk.VerdictCommand(hit_id, _verdict(fields), fields.get("alasan", ""), case_id)
        desk.judge_hit(frame.deps.database, command, visitor.user, frame.deps.clock())
    except (UsageError, RefusedError) as error:
        return _again(request, frame, visitor, case_id, Back(error))
    return _see_case(case_id, "nilai")


def _case_page(request: Request, visitor: Visitor, detail: CaseDetail, back: Back) -> HTMLResponse:
    offered, closed = _offered(detail, visitor.user)
    last = detail.facts.last
    return page(
        request,
        "case.html",
        status=back.status,
        section="antrean",
        detail=detail,
        offers=offered,
        closed=closed,
        said=back.said,
        problem=back.problem,
        typed=back.typed,
        undo=last is not None and last.user_id == visitor.user.id,
        may_note=any(visitor.user.has(role, detail.row.person.jurisdiction) for role in machine.REVIEWERS),
        note_kinds=_NOTE_KINDS,
        said_of=_verdicts(request, detail),
        verdict_reasons=desk.VERDICT_REASONS,
    )


def _verdict(fields: dict[str, str]) -> Verdict:
    verdict = member(Verdict, fields.get("nilai", ""))
    if verdict is None:
        raise UsageError("Nilai indikasi belum dipilih", "pilih benar, salah, atau ragu")
    return verdict


def _verdicts(request: Request, detail: CaseDetail) -> dict[int, tuple[VerdictRow, ...]]:
    """Return what reviewers said of the hits of a case, by hit."""
    with frame_of(request).deps.database.read() as session:
        return verdicts.verdicts_of(session, [hit.brief.id for hit in detail.hits])


def _offered(detail: CaseDetail, user: UserRow) -> tuple[tuple[Offer, ...], tuple[tuple[str, str], ...]]:
    """Return the steps to offer; when none is open to the user, none, and why: once, or for each by its name."""
    offered = offers(detail.facts, user)
    blocked = {offer.blocked for offer in offered}
    if "" in blocked:
        return offered, ()
    if len(blocked) <= 1:
        return (), (("", next(iter(blocked), "Status ini tidak mempunyai langkah lanjutan.")),)
    return (), tuple((offer.verb, offer.blocked) for offer in offered)


def _again(request: Request, frame: Frame, visitor: Visitor, case_id: int, back: Back) -> HTMLResponse:
    detail = desk.look_at(frame.deps.database, case_id, visitor.user, frame.deps.clock())
    return _case_page(request, visitor, detail, back)


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
        news=_news(detail, fields.get("dilihat", "")),
    )


def _news(detail: CaseDetail, seen: str) -> tuple[object, ...]:
    last_seen = whole_number(seen) or 0
    return tuple(event for event in detail.events if event.seq > last_seen)


def _command(case_id: int, user: UserRow, fields: dict[str, str], typed: Typed) -> DecisionCommand:
    to = member(CaseState, typed.to)
    if to is None:
        raise UsageError("Langkah belum dipilih", "pilih salah satu langkah, lalu simpan")
    if not typed.reason:
        raise UsageError("Keputusan ini perlu alasan", "pilih alasan di bawah langkah yang Anda maksud")
    return DecisionCommand(case_id, to, typed.reason, user, note=typed.note, version=_version(fields))


def _typed(fields: dict[str, str]) -> Typed:
    to = fields.get("ke", "")
    reason = fields.get(f"alasan.{to}", fields.get("alasan", ""))
    note = fields.get("catatan", "").strip()[:NOTE_LIMIT]
    return Typed(to=to, reason=reason, note=note, note_kind=fields.get("jenis", ""))


def _version(fields: dict[str, str]) -> int:
    version = whole_number(fields.get("versi", ""))
    if version is None:
        raise UsageError("Formulir tidak lengkap", "muat ulang halaman, lalu kirim lagi")
    return version


def _see_case(case_id: int, news: str) -> RedirectResponse:
    return see(f"/informasi-awal/{case_id}?kabar={news}")
