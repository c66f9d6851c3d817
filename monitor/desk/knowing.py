"""When a violation became known, and when further limits began: said with a ground, and the legal clocks follow."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, tzinfo

from db import audit, cases
from db.connect import Database
from monitor.desk.access import facts_for, must_hold
from monitor.desk.taking import next_event
from monitor.domain import CaseFilter, EventKind, NoteKind, UserRow
from monitor.domain.clocks import FURTHER
from monitor.errors import UsageError
from monitor.limit_words import LIMIT_WORDS
from monitor.review import machine


@dataclass(frozen=True, slots=True)
class Known:
    """When a case became known, on what ground, and in which zone its days are counted."""

    at: datetime
    ground: str
    zone: tzinfo


@dataclass(frozen=True, slots=True)
class Began:
    """When a further limit of a case began, None where it runs no more; on what ground, and in which zone to say it."""

    name: str
    at: datetime | None
    ground: str
    zone: tzinfo


def set_limit(database: Database, case_id: int, user: UserRow, began: Began, now: datetime) -> None:
    """Say when a further limit began, or that it ended, as a note in the case's history; its deadline follows."""
    if began.name not in FURTHER:
        raise UsageError("Jangka waktu itu tidak dikenal", "pilih salah satu dari daftar")
    if not began.ground.strip():
        raise UsageError("Dasar penetapan masih kosong", "tulis surat atau keterangan yang menjadi dasarnya")
    if began.at is not None and began.at > now:
        raise UsageError("Awal jangka waktu ada di masa depan", "isi waktu yang sudah lewat")
    with database.write() as session:
        facts = facts_for(session, case_id, user, now, lock=True)
        must_hold(user, facts.jurisdiction, *machine.REVIEWERS)
        machine.check_free(facts, user)
        when = f"dimulai {began.at.astimezone(began.zone):%d-%m-%Y %H.%M}" if began.at is not None else "berakhir"
        said = f"Jangka waktu {LIMIT_WORDS[began.name]} {when}: {began.ground.strip()}"
        event = next_event(facts, user, EventKind.NOTED, facts.state, now)
        told = {"clock": began.name, "starts_at": began.at}
        cases.record(session, [replace(event, note=said, note_kind=NoteKind.CATATAN, detail=told)])
        subject = f"case:{case_id}"
        audit.record(session, actor=user.name, action="case_limit_set", subject=subject, detail=told, now=now)


def set_known(database: Database, case_id: int, user: UserRow, known: Known, now: datetime) -> datetime | None:
    """Set when a case became known, as a note in its history, and return its deadline; None where no law sets one."""
    if not known.ground.strip():
        raise UsageError("Dasar penetapan masih kosong", "tulis dari mana dan dari siapa hal ini diketahui")
    if known.at > now:
        raise UsageError("Waktu diketahui ada di masa depan", "isi waktu yang sudah lewat")
    with database.write() as session:
        facts = facts_for(session, case_id, user, now, lock=True)
        must_hold(user, facts.jurisdiction, *machine.REVIEWERS)
        machine.check_free(facts, user)
        said = f"Diketahui {known.at.astimezone(known.zone):%d-%m-%Y %H.%M}: {known.ground.strip()}"
        event = next_event(facts, user, EventKind.NOTED, facts.state, now)
        told = {"known_at": known.at}
        cases.record(session, [replace(event, note=said, note_kind=NoteKind.CATATAN, detail=told)])
        due = cases.list_cases(session, CaseFilter(ids=(case_id,), open_only=False), now).rows[0].due_at
        detail = told | {"due_at": due}
        subject = f"case:{case_id}"
        audit.record(session, actor=user.name, action="case_known_set", subject=subject, detail=detail, now=now)
        return due
