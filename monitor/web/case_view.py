"""The page of one informasi awal put together: the case, what stands around it, and what this user may do with it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from fastapi import Request
from fastapi.responses import HTMLResponse

from db import blind, case_past, case_pictures, case_versions, legal_clocks, liveness, recusals, verdicts
from db.blind import BlindReview
from db.case_past import Past
from db.case_versions import TextVersion
from db.connect import Session
from db.recusals import Recusal
from monitor import desk
from monitor.desk import recusal
from monitor.domain import (
    CaseDetail,
    CaseFacts,
    CaseState,
    ContentDetail,
    LiveCheck,
    NoteKind,
    UserRow,
    VerdictRow,
)
from monitor.domain.clocks import FURTHER
from monitor.errors import PantauError, RefusedError
from monitor.limit_words import LIMIT_WORDS
from monitor.review import machine
from monitor.web.answers import mended
from monitor.web.case_chain import chain_of
from monitor.web.case_forms_view import forms_shown
from monitor.web.case_pictures_view import band
from monitor.web.frame import Visitor, frame_of, page
from monitor.web.steps import Offer, offers

NOTE_KINDS = (NoteKind.CATATAN, NoteKind.KONTEKS, NoteKind.KLARIFIKASI)


@dataclass(frozen=True, slots=True)
class Typed:
    """What a person had filled in when a form came back."""

    to: str = ""
    reason: str = ""
    note: str = ""
    note_kind: str = ""


@dataclass(frozen=True, slots=True)
class UndoBar:
    """The decision that the user took last, on this case or the one before it, and may take back."""

    case_id: int
    version: int
    seq: int
    to: CaseState


@dataclass(frozen=True, slots=True)
class Back:
    """What a page that comes back after a form says: the error or the news, what was typed, and what can be undone."""

    error: PantauError | None = None
    typed: Typed = Typed()
    said: str = ""
    undo: UndoBar | None = None

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


@dataclass(frozen=True, slots=True)
class Around:
    """What stands around a case: verdicts by hit, versions and live checks by text, finds with files by answer."""

    verdicts: dict[int, tuple[VerdictRow, ...]]
    versions: dict[tuple[str, str], tuple[TextVersion, ...]]
    live: dict[tuple[str, str], LiveCheck]
    pictures: dict[int, int]
    archives: dict[int, int]
    past: Past
    ties: tuple[Recusal, ...]
    looks: tuple[BlindReview, ...]


def around(session: Session, detail: CaseDetail, user: UserRow) -> Around:
    """Return what stands around a case, as this user may see it."""
    texts = {(text.platform, text.item_id): text for text in _texts(detail)}
    answers = {kept.id for hit in detail.hits for kept in hit.captures}
    pictures, archives = case_pictures.brought_with(session, answers)
    edited = {key for key, text in texts.items() if text.versions > 1}
    return Around(
        verdicts=verdicts.verdicts_of(session, [hit.brief.id for hit in detail.hits]),
        versions=case_versions.versions_of(session, edited),
        live={key: checks[-1] for key, checks in liveness.checks_of(session, texts.keys()).items()},
        pictures=pictures,
        archives=archives,
        past=case_past.past_of(session, detail.row, desk.scope_of(user), without=detail.kept_back),
        ties=recusals.of_person(session, detail.row.person.id),
        looks=blind.of_case(session, detail.id),
    )


def case_page(request: Request, visitor: Visitor, detail: CaseDetail, back: Back) -> HTMLResponse:
    """Return the page of a case for its reviewer."""
    frame = frame_of(request)
    with frame.deps.database.read() as session:
        beside = around(session, detail, visitor.user)
        pictured = band(session, detail)
        chain = chain_of(session, detail.id)
        limits = legal_clocks.further_of(session, [detail.id], frame.deps.clock()).get(detail.id, ())
        forms = forms_shown(session, detail) if frame.deps.forms is not None else ()
    user, facts = visitor.user, standing(detail.facts)
    offered, closed = offered_to(facts, user)
    place = detail.row.person.jurisdiction
    lease = detail.facts.lease
    return page(
        request,
        "case.html",
        status=back.status,
        section="antrean",
        detail=detail,
        around=beside,
        chain=chain,
        limits=limits,
        limit_words={name: LIMIT_WORDS[name] for name in FURTHER},
        forms=forms,
        can_bundle=frame.deps.bundle is not None,
        offers=offered,
        closed=closed,
        said=back.said,
        problem=back.problem,
        typed=back.typed,
        undo=back.undo or own_undo(detail.facts, user),
        mine=lease is not None and lease.user_id == user.id,
        reviews=any(user.has(role, place) for role in machine.REVIEWERS),
        approves=any(user.has(role, place) for role in machine.APPROVERS),
        tied=tied(detail.facts, user),
        tie_reasons=recusal.REASONS,
        note_kinds=NOTE_KINDS,
        verdict_reasons=desk.VERDICT_REASONS,
        can_recheck=frame.deps.recheck is not None,
        blind=None,
        pictured=pictured,
        picture_room=frame.deps.pictures is not None,
        camera=frame.deps.camera,
    )


def standing(facts: CaseFacts) -> CaseFacts:
    """Return the facts by which steps are offered: a new case offers what follows once it is taken."""
    if facts.state is not CaseState.BARU:
        return facts
    return replace(facts, state=CaseState.DITINJAU)


def own_undo(facts: CaseFacts, user: UserRow) -> UndoBar | None:
    """Return what the user may take back on this case; starting a review is no decision to speak of."""
    last = facts.last
    if last is None or last.user_id != user.id or (last.from_state, last.to_state) == _START:
        return None
    return UndoBar(facts.case_id, facts.version, last.seq, last.to_state)


_START = (CaseState.BARU, CaseState.DITINJAU)


def tied(facts: CaseFacts, user: UserRow) -> str:
    """Return why the user decides nothing about this person, empty when nothing ties them."""
    try:
        machine.check_free(facts, user)
    except RefusedError as error:
        return mended(error)
    return ""


def offered_to(facts: CaseFacts, user: UserRow) -> tuple[tuple[Offer, ...], tuple[tuple[str, str], ...]]:
    """Return the steps to offer; when none is open to the user, none, and why: once, or for each by its name."""
    offered = offers(facts, user)
    blocked = {offer.blocked for offer in offered}
    if "" in blocked:
        return offered, ()
    if len(blocked) <= 1:
        return (), (("", next(iter(blocked), "Status ini tidak mempunyai langkah lanjutan.")),)
    return (), tuple((offer.verb, offer.blocked) for offer in offered)


def read_choice(chosen: str) -> tuple[str, str]:
    """Return state and reason of a button that says both, as `dikesampingkan.ganda`."""
    to, _, reason = chosen.partition(".")
    return to, reason


def _texts(detail: CaseDetail) -> list[ContentDetail]:
    return [text for hit in detail.hits for text in (hit.own, hit.target, hit.root) if text is not None]
