"""Conflicts of interest: a reviewer says what ties them to a person, and from then on decides nothing about them."""

from __future__ import annotations

from datetime import datetime

from db import audit, cases, leases, recusals
from db.connect import Database, Session
from db.recusals import Recusal
from monitor.desk.access import facts_for, must_hold
from monitor.domain import CaseFilter, PersonBrief, UserRow
from monitor.errors import RefusedError, UsageError
from monitor.review import machine

REASONS: dict[str, str] = {
    "keluarga": "keluarga atau hubungan pribadi",
    "instansi": "rekan atau bekas rekan seinstansi",
    "lainnya": "kepentingan lain",
}
"""What may tie a reviewer to a person, in words."""


def declare_tie(database: Database, case_id: int, user: UserRow, reason: str, now: datetime) -> None:
    """Write down that the user is tied to the person of a case; the case goes back to the queue."""
    if reason not in REASONS:
        raise UsageError("Hubungan belum dipilih", "pilih salah satu: " + ", ".join(REASONS.values()))
    with database.write() as session:
        facts = facts_for(session, case_id, user, now, lock=True)
        must_hold(user, facts.jurisdiction, *machine.REVIEWERS)
        person = _person(session, case_id)
        leases.release(session, case_id, user.id, now)
        if recusals.declare(session, user.id, person, reason, user.name, now):
            detail = {"user": user.id, "reason": reason}
            subject = f"asn:{person}"
            audit.record(session, actor=user.name, action="tie_declared", subject=subject, detail=detail, now=now)


def end_tie(database: Database, case_id: int, number: int, user: UserRow, now: datetime) -> None:
    """End a tie as a coordinator; nobody ends their own."""
    with database.write() as session:
        facts = facts_for(session, case_id, user, now)
        must_hold(user, facts.jurisdiction, *machine.APPROVERS)
        person = _person(session, case_id)
        tie = next((t for t in recusals.of_person(session, person) if t.id == number), None)
        if tie is None:
            raise UsageError("Catatan hubungan ini tidak ada atau sudah berakhir", "muat ulang halaman")
        if tie.user_id == user.id:
            raise RefusedError("Catatan hubungan Anda sendiri diakhiri oleh koordinator lain", "hubungi rekan Anda")
        recusals.end(session, number, now)
        detail = {"user": tie.user_id}
        audit.record(session, actor=user.name, action="tie_ended", subject=f"asn:{person}", detail=detail, now=now)


def must_be_free(session: Session, user: UserRow, person: PersonBrief) -> None:
    """Raise RefusedError when the user is tied to a person: by a tie that was declared, or by their own agency."""
    if user.id in recusals.tied_users(session, person.id):
        raise RefusedError("Anda terkait dengan orang ini", "serahkan kepada petugas lain")
    own = user.agency.strip().casefold()
    if own and own == person.agency.strip().casefold():
        raise RefusedError(
            "Anda berasal dari instansi yang sama dengan orang ini", "serahkan kepada petugas dari instansi lain"
        )


def ties_of(database: Database, person_id: int) -> tuple[Recusal, ...]:
    """Return who is tied to a person."""
    with database.read() as session:
        return recusals.of_person(session, person_id)


def _person(session: Session, case_id: int) -> int:
    return cases.list_cases(session, CaseFilter(ids=(case_id,))).rows[0].person.id
