"""The attribution desk: is this account this person's? One proposes, somebody else answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Path, Request
from fastapi.responses import HTMLResponse, Response

from db import attributions
from monitor import desk
from monitor.desk import attribution as desks
from monitor.domain import AttributionStatus, CaseState, DecisionCommand, Reason
from monitor.domain.attributions import AttributionFilter, AttributionWish, Whose
from monitor.errors import ConflictError, PantauError, RefusedError, UsageError
from monitor.roster.account_forms import PLATFORMS, AccountFault, parse_account
from monitor.web import imports
from monitor.web.answers import mended, sentence
from monitor.web.frame import CaseId, Fields, FieldsDep, Frame, FrameDep, Visitor, VisitorDep, WriterDep, page, see
from monitor.web.moments import read_day
from monitor.web.tokens import member, whole_number

routes = APIRouter(prefix="/atribusi")

Number = Annotated[int, Path(ge=1, le=2**31 - 1)]
PATH: Final = "/atribusi"
_PAGE = 50
_SAID: Final = {
    "usul": "Usul tersimpan. Petugas lain yang menjawabnya.",
    "pasti": "Kaitan akun dipastikan.",
    "tolak": "Kaitan akun ditolak; informasi awal yang bersandar padanya diberi catatan.",
    "cabut": "Kaitan akun dicabut; informasi awal yang bersandar padanya diberi catatan.",
    "masa": "Masa berlaku baru diusulkan dan menunggu orang kedua.",
    "tinjau": "Informasi awal itu dapat ditinjau kembali.",
}


@dataclass(frozen=True, slots=True)
class Listed:
    """What the list was asked for, in the words of its URL."""

    wanted: AttributionFilter

    def url(self, *, after: int | None = None, **changes: str) -> str:
        """Return the address of this list, from its start or after a row; `changes` replace words of it."""
        w = self.wanted
        words = {
            "status": "" if w.status is AttributionStatus.PROPOSED else w.status.value,
            "pengusul": "" if w.whose is Whose.ALL else w.whose.value,
            "platform": w.platform,
            "wilayah": w.region,
            "cari": w.text,
        }
        words |= changes | {"sesudah": str(after or "")}
        query = urlencode({name: value for name, value in words.items() if value})
        return PATH + (f"?{query}" if query else "")

    @property
    def filtered(self) -> bool:
        """Whether anything beside the status narrows the list."""
        w = self.wanted
        return bool(w.whose is not Whose.ALL or w.platform or w.region or w.text)


@routes.get("")
def show_list(request: Request, frame: FrameDep, visitor: VisitorDep, kabar: str = "") -> HTMLResponse:
    """Show the proposals that wait, or another pile, within the user's places."""
    _must_review(visitor)
    listed = Listed(read_filter(request.query_params))
    database, now = frame.deps.database, frame.deps.clock()
    found = desks.list_attributions(database, listed.wanted, visitor.user, now)
    with database.read() as session:
        tallies = attributions.tallies(session, desks.places_of(visitor.user), visitor.user.name)
        waiting = [batch for batch in imports.waiting(session, visitor.user) if batch.kind == "akun"]
    return page(
        request,
        "attributions.html",
        section="atribusi",
        listed=listed,
        found=found,
        tallies=tallies,
        waiting=waiting,
        statuses=tuple(AttributionStatus),
        whose=tuple(Whose),
        platforms=PLATFORMS,
        next_url=listed.url(after=found.after) if found.after else "",
        said=_SAID.get(kabar, ""),
    )


@routes.get("/baru")
def show_form(request: Request, frame: FrameDep, visitor: VisitorDep, orang: str = "", cari: str = "") -> HTMLResponse:
    """Show the form of a proposal for one person, or the search for that person."""
    _must_review(visitor)
    return _form_page(request, frame, visitor, {"orang": orang, "cari": " ".join(cari.split())[:100]})


@routes.post("")
def propose(request: Request, frame: FrameDep, visitor: WriterDep, fields: FieldsDep) -> Response:
    """Take a proposal."""
    try:
        wish = _wish(fields)
        made = desks.propose_attribution(frame.deps.database, frame.deps.vault, wish, visitor.user, frame.deps.clock())
    except (UsageError, RefusedError, ConflictError) as error:
        return _form_page(request, frame, visitor, fields, error)
    return see(f"{PATH}/{made.id}?kabar=usul")


@routes.get("/{number}")
def show(request: Request, frame: FrameDep, visitor: VisitorDep, number: Number, kabar: str = "") -> HTMLResponse:
    """Show one attribution; that it was looked at is recorded."""
    return _page(request, frame, visitor, number, said=_SAID.get(kabar, ""))


@routes.post("/{number}/pastikan")
def verify(request: Request, frame: FrameDep, visitor: WriterDep, fields: FieldsDep, number: Number) -> Response:
    """Verify as the second person."""
    reason = fields.get("alasan", "")
    return _step(
        request, visitor, number, "pasti",
        lambda: desks.verify_attribution(frame.deps.database, number, visitor.user, frame.deps.clock(), reason=reason),
    )  # fmt: skip


@routes.post("/{number}/tolak")
def reject(request: Request, frame: FrameDep, visitor: WriterDep, fields: FieldsDep, number: Number) -> Response:
    """Reject as the second person."""
    reason = fields.get("alasan", "")
    return _step(
        request, visitor, number, "tolak",
        lambda: desks.reject_attribution(frame.deps.database, number, reason, visitor.user, frame.deps.clock()),
    )  # fmt: skip


@routes.post("/{number}/cabut")
def revoke(request: Request, frame: FrameDep, visitor: WriterDep, fields: FieldsDep, number: Number) -> Response:
    """Revoke, knowing how many open cases rest on it."""
    known = whole_number(fields.get("bersandar", "")) or 0
    reason = fields.get("alasan", "")
    return _step(
        request, visitor, number, "cabut",
        lambda: desks.revoke_attribution(
            frame.deps.database, number, reason, visitor.user, frame.deps.clock(), known_cases=known
        ),
    )  # fmt: skip


@routes.post("/{number}/masa")
def redate(request: Request, frame: FrameDep, visitor: WriterDep, fields: FieldsDep, number: Number) -> Response:
    """Propose other days for it."""
    deps, user = frame.deps, visitor.user
    try:
        dates = (_day(fields, "mulai"), _day(fields, "sampai"))
        made = desks.redate_attribution(deps.database, number, dates, fields.get("alasan", ""), user, deps.clock())
    except (UsageError, RefusedError, ConflictError) as error:
        return _page(request, frame, visitor, number, error=error)
    return see(f"{PATH}/{made.id}?kabar=masa")


@routes.post("/{number}/tinjau/{case_id}")
def review_again(
    request: Request, frame: FrameDep, visitor: WriterDep, fields: FieldsDep, number: Number, case_id: CaseId
) -> Response:
    """Take a case that waited for the answer back into review, as its own decision."""
    version = whole_number(fields.get("versi", ""))
    command = DecisionCommand(
        case_id, CaseState.DITINJAU, Reason.ATRIBUSI_DIPASTIKAN.value, visitor.user, version=version
    )
    return _step(
        request, visitor, number, "tinjau",
        lambda: desk.decide(frame.deps.database, command, frame.deps.clock()),
    )  # fmt: skip


def read_filter(words: Mapping[str, str]) -> AttributionFilter:
    """Read the filters from a query string; words that mean nothing are dropped."""
    platform = words.get("platform", "")
    return AttributionFilter(
        status=member(AttributionStatus, words.get("status", "")) or AttributionStatus.PROPOSED,
        whose=member(Whose, words.get("pengusul", "")) or Whose.ALL,
        platform=platform if platform in PLATFORMS else "",
        region="".join(letter for letter in words.get("wilayah", "") if letter in "0123456789.")[:32],
        text=" ".join(words.get("cari", "").replace("\x00", "").split())[:100],
        after=whole_number(words.get("sesudah", "")),
        limit=_PAGE,
    )


def _step(request: Request, visitor: Visitor, number: int, news: str, step: Callable[[], object]) -> Response:
    """Take a step and look at the result, or show the page again with what stood in its way."""
    frame = request.app.state.frame
    try:
        step()
    except (UsageError, RefusedError, ConflictError) as error:
        return _page(request, frame, visitor, number, error=error)
    return see(f"{PATH}/{number}?kabar={news}")


def _page(
    request: Request,
    frame: Frame,
    visitor: Visitor,
    number: int,
    *,
    said: str = "",
    error: PantauError | None = None,
) -> HTMLResponse:
    detail = desks.look_at_attribution(frame.deps.database, number, visitor.user, frame.deps.clock())
    return page(
        request,
        "attribution.html",
        status=_status(error),
        section="atribusi",
        detail=detail,
        mine=detail.row.proposed_by == visitor.user.name,
        to_attribute=CaseState.PERLU_ATRIBUSI,
        said=said,
        problem=mended(error) if error else "",
    )


def _form_page(
    request: Request, frame: Frame, visitor: Visitor, typed: Mapping[str, str], error: PantauError | None = None
) -> HTMLResponse:
    database, user, now = frame.deps.database, visitor.user, frame.deps.clock()
    person_id = whole_number(typed.get("orang", ""))
    search = typed.get("cari", "")
    return page(
        request,
        "attribution_new.html",
        status=_status(error),
        section="atribusi",
        person=desks.person_to_propose(database, person_id, user, now) if person_id else None,
        people=desks.find_people(database, search, user, now) if not person_id else [],
        search=search,
        typed=typed,
        platforms=PLATFORMS,
        problem=mended(error) if error else "",
    )


def _wish(fields: Fields) -> AttributionWish:
    person_id = whole_number(fields.get("orang", ""))
    if person_id is None:
        raise UsageError("Orangnya belum dipilih", "cari dan pilih orangnya lebih dahulu")
    try:
        account = parse_account(fields.get("platform", ""), fields.get("akun", ""))
    except AccountFault as fault:
        raise UsageError(sentence(fault.problem).rstrip("."), fault.mend) from fault
    return AttributionWish(
        person_id,
        account,
        method=fields.get("cara", ""),
        evidence=fields.get("bukti", ""),
        link=fields.get("tautan", ""),
        capture_sha256=fields.get("sidik", ""),
        valid_from=_day(fields, "mulai"),
        valid_to=_day(fields, "sampai"),
    )


def _day(fields: Fields, name: str) -> date | None:
    text = fields.get(name, "").strip()
    if not text:
        return None
    day = read_day(text)
    if day is None:
        raise UsageError("Tanggal tidak terbaca", "tulis seperti 2026-11-22")
    return day


def _status(error: PantauError | None) -> int:
    if error is None:
        return 200
    return 403 if isinstance(error, RefusedError) else 409 if isinstance(error, ConflictError) else 422


def _must_review(visitor: Visitor) -> None:
    if not desks.places_of(visitor.user):
        raise RefusedError("Meja atribusi untuk pengawas dan koordinator", "mintalah admin memberi peran yang sesuai")
