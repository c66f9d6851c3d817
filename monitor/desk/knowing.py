"""When a violation became known: an officer says so with a ground, and the legal clock runs from there."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, tzinfo

from db import audit, cases
from db.connect import Database
from monitor.desk.access import facts_for, must_hold
from monitor.desk.taking import next_event
from monitor.domain import CaseFilter, EventKind, NoteKind, UserRow
from monitor.errors import UsageError
from monitor.review import machine


@dataclass(frozen=True, slots=True)
class Known:
    """When a case became known, on what ground, and in which zone its days are counted."""

    at: datetime
    ground: str
    zone: tzinfo


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
