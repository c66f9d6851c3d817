"""Decisions on cases: each is one appended event, checked by the state machine and audited with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from db import audit, cases, leases
from db.connect import Database, Session
from db.events import EventDraft
from monitor.desk.access import facts_for, must_hold
from monitor.domain import (
    CaseFacts,
    CaseFilter,
    CaseRow,
    CaseState,
    DecisionCommand,
    EventKind,
    NoteKind,
    UserRow,
)
from monitor.errors import ConflictError, UsageError
from monitor.review import machine

_ANSWERS = (CaseState.DISETUJUI, CaseState.DIKEMBALIKAN)


def decide(database: Database, command: DecisionCommand, now: datetime) -> CaseRow:
    """Take one step with a case and return it as it stands then.

    Raises what `machine.check` raises: UsageError, RefusedError or ConflictError; then nothing has changed.
    """
    with database.write() as session:
        facts = facts_for(session, command.case_id, command.user, now, lock=True)
        step = machine.check(facts, command)
        event = _next(facts, command.user, EventKind.DECIDED, command.to, now)
        cases.record(session, [replace(event, reason=command.reason, note=command.note.strip())])
        _second_look(session, facts, command, now)
        leases.release(session, command.case_id, command.user.id, now)
        detail = {"from": step.start.value, "to": step.to.value, "reason": command.reason}
        _audit(session, command.user, "case_decided", command.case_id, detail, now)
        return _row(session, command.case_id, now)


def undo(database: Database, case_id: int, user: UserRow, now: datetime, *, version: int | None = None) -> CaseRow:
    """Take the user's own last decision back by a new event, while nothing came after it."""
    with database.write() as session:
        facts = facts_for(session, case_id, user, now, lock=True)
        _check_version(facts, version)
        last = machine.check_undo(facts, user)
        must_hold(user, facts.jurisdiction, *machine.REVIEWERS)
        why = cases.why_before(session, case_id, last.seq)
        event = _next(facts, user, EventKind.UNDONE, last.from_state, now)
        cases.record(session, [replace(event, undoes=last.seq, detail={"why": why.value})])
        if last.to_state in _ANSWERS and facts.proposer_id is not None:
            # The answer is gone, the proposal stands again.
            cases.note_proposal(session, case_id, facts.proposer_id, now)
        detail = {"from": last.to_state.value, "to": last.from_state.value, "event": last.seq}
        _audit(session, user, "case_undone", case_id, detail, now)
        return _row(session, case_id, now)


def note(database: Database, case_id: int, user: UserRow, text: str, kind: NoteKind, now: datetime) -> CaseRow:
    """Add a note, a context note or a klarifikasi record to a case without moving it."""
    if not text.strip():
        raise UsageError("Catatan masih kosong", "tulis isinya")
    with database.write() as session:
        facts = facts_for(session, case_id, user, now, lock=True)
        must_hold(user, facts.jurisdiction, *machine.REVIEWERS)
        event = _next(facts, user, EventKind.NOTED, facts.state, now)
        cases.record(session, [replace(event, note=text.strip(), note_kind=kind)])
        _audit(session, user, "case_noted", case_id, {"kind": kind.value}, now)
        return _row(session, case_id, now)


def _next(facts: CaseFacts, user: UserRow, kind: EventKind, to: CaseState, now: datetime) -> EventDraft:
    """Return the case's next event, to be filled in."""
    return EventDraft(
        case_id=facts.case_id,
        version=facts.version + 1,
        kind=kind,
        to_state=to,
        at=now,
        actor=user.name,
        from_state=facts.state,
        user_id=user.id,
    )


def _second_look(session: Session, facts: CaseFacts, command: DecisionCommand, now: datetime) -> None:
    if command.to is CaseState.DIUSULKAN:
        cases.note_proposal(session, facts.case_id, command.user.id, now)
    elif command.to in _ANSWERS:
        cases.note_second_look(session, facts.case_id, command.user.id, command.to, command.reason, now)


def _check_version(facts: CaseFacts, version: int | None) -> None:
    if version is not None and version != facts.version:
        raise ConflictError(
            f"Informasi awal {facts.case_id} sudah berubah sejak Anda membukanya", "muat ulang, lalu periksa lagi"
        )


def _row(session: Session, case_id: int, now: datetime) -> CaseRow:
    return cases.list_cases(session, CaseFilter(ids=(case_id,)), now).rows[0]


def _audit(
    session: Session, user: UserRow, action: str, case_id: int, detail: Mapping[str, object], now: datetime
) -> None:
    audit.record(session, actor=user.name, action=action, subject=f"case:{case_id}", detail=detail, now=now)
