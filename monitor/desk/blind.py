"""Blind second looks: a sampled first decision is judged again by a reviewer who is not told what was decided."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime

from db import audit, blind, cases
from db.blind import BlindReview
from db.connect import Database, Session
from monitor.desk.access import facts_for, must_hold
from monitor.domain import CaseDetail, CaseState, DecisionCommand, Reason, Role, UserRow
from monitor.errors import ConflictError, RefusedError, UsageError
from monitor.review import machine

ANSWERS: dict[CaseState, tuple[Reason, ...]] = {
    state: machine.STEPS[CaseState.DITINJAU, state].reasons for state in blind.SAMPLED
}
"""What the second reviewer may answer, and for which reasons."""


@dataclass(frozen=True, slots=True)
class BlindAnswer:
    """What the second reviewer says; `state` is None where they chose nothing."""

    review: int
    state: CaseState | None
    reason: str


def sampled(case_id: int, event: int, share: float) -> bool:
    """Whether a decision is among the share that is looked at again; the same decision always gives the same answer."""
    digest = hashlib.sha256(f"{case_id}:{event}".encode()).digest()
    return int.from_bytes(digest[:8]) < share * 2**64


def sample(session: Session, command: DecisionCommand, event: int, share: float, now: datetime) -> None:
    """Offer a decision that was just written for a second look, if it is a first one and among the share."""
    if command.to not in blind.SAMPLED or not sampled(command.case_id, event, share):
        return
    if blind.is_first(session, command.case_id, event):
        blind.offer(session, command.case_id, event, command.user.id, command.to, now)


def list_waiting(database: Database, user: UserRow, *, after: int = 0, limit: int = 50) -> tuple[BlindReview, ...]:
    """Return the looks that this user may take, the oldest first."""
    with database.read() as session:
        return blind.waiting(session, user, _places(user), after=after, limit=limit)


def list_differing(
    database: Database, user: UserRow, *, before: int | None = None, limit: int = 50
) -> tuple[BlindReview, ...]:
    """Return the looks whose answers differ, for those who approve in these places; nobody else is told."""
    places = user.regions(*machine.APPROVERS) if user.active else ()
    with database.read() as session:
        return blind.differing(session, places, before=before, limit=limit)


def kept_back(session: Session, user: UserRow) -> tuple[int, ...]:
    """Return the cases that no list shows a reviewer, who may be asked to judge their decision blind.

    Approvers are shown all, because they must see what waits for them.
    """
    if Role.PENGAWAS not in user.roles or Role.KOORDINATOR in user.roles:
        return ()
    return blind.kept_from(session, user.id)


def keep_back(detail: CaseDetail, numbers: tuple[int, ...]) -> CaseDetail:
    """Return a case without how these other cases stand: whoever reads it may still be asked to judge them blind."""
    others = tuple(replace(one, case_state=None) if one.case_id in numbers else one for one in detail.other_hits)
    links = tuple(replace(one, state=None) if one.case_id in numbers else one for one in detail.links)
    return replace(detail, other_hits=others, links=links, kept_back=numbers)


def look_blind(database: Database, review: int, user: UserRow, now: datetime) -> tuple[BlindReview, CaseDetail]:
    """Return a case without anything that tells what was decided, and the look it belongs to; the view is audited."""
    with database.write() as session:
        look = _open_to(session, review, user, now)
        detail = cases.case_detail(session, look.case_id, now)
        seen = {"review": look.id, "person": look.person_id}
        subject = f"case:{look.case_id}"
        audit.record(session, actor=user.name, action="case_viewed_blind", subject=subject, detail=seen, now=now)
        return look, untold(detail)


def answer(database: Database, given: BlindAnswer, user: UserRow, now: datetime) -> BlindReview:
    """Take a second answer and return the look with both; the case itself stays where it is."""
    state = given.state
    if state is None or given.reason not in {reason.value for reason in ANSWERS.get(state, ())}:
        raise UsageError("Jawaban belum lengkap", "pilih satu jawaban beserta alasannya")
    with database.write() as session:
        look = _open_to(session, given.review, user, now)
        if not blind.answer(session, look.id, user.id, state, given.reason, now):
            raise ConflictError("Pemeriksaan kedua ini baru saja dijawab orang lain", "ambil yang lain")
        detail = {"review": look.id, "agrees": state is look.first_state}
        subject = f"case:{look.case_id}"
        audit.record(session, actor=user.name, action="blind_answered", subject=subject, detail=detail, now=now)
        answered = blind.one(session, look.id)
        assert answered is not None  # it was answered in this transaction
        return answered


def untold(detail: CaseDetail) -> CaseDetail:
    """Return a case without state, history, notes, proposer and what became of others like it."""
    row = replace(detail.row, state=CaseState.DITINJAU, lease=None)
    facts = replace(detail.facts, state=CaseState.DITINJAU, proposer_id=None, last=None, lease=None)
    others = tuple(replace(other, case_state=None) for other in detail.other_hits)
    return replace(detail, row=row, facts=facts, events=(), links=(), proposer="", other_hits=others)


def _open_to(session: Session, review: int, user: UserRow, now: datetime) -> BlindReview:
    look = blind.one(session, review)
    if look is None:
        raise UsageError(f"Pemeriksaan kedua {review} tidak ada dalam wilayah Anda", "lihat daftarnya")
    facts = facts_for(session, look.case_id, user, now)
    must_hold(user, look.jurisdiction, *machine.REVIEWERS)
    machine.check_free(facts, user)
    if look.second_user is not None:
        raise ConflictError("Pemeriksaan kedua ini sudah dijawab", "ambil yang lain")
    if look.first_user == user.id:
        raise RefusedError("Keputusan pertama dibuat oleh Anda sendiri", "pemeriksa kedua harus orang lain")
    if blind.peeked(session, look.id, user.id):
        raise RefusedError(
            "Anda sudah membuka informasi awal ini sejak diputus, jadi keputusannya tidak lagi tersembunyi bagi Anda",
            "serahkan kepada petugas lain",
        )
    return look


def _places(user: UserRow) -> tuple[str, ...]:
    return user.regions(*machine.REVIEWERS) if user.active else ()
