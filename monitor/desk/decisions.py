"""Decisions on cases: each is one appended event, checked by the state machine and audited with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from db import audit, cases, leases, manifests
from db.connect import Database, Session
from monitor.desk import blind
from monitor.desk.access import facts_for, must_hold
from monitor.desk.taking import next_event, take
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
from monitor.errors import ConflictError, RefusedError, UsageError
from monitor.review import machine
from monitor.sealing import Keeping, seal

RESTING = (CaseState.DIUSULKAN, CaseState.DISETUJUI)
"""Decisions that name the manifest of the evidence they rest on; it is made just before them."""

_ANSWERS = (CaseState.DISETUJUI, CaseState.DIKEMBALIKAN)


@dataclass(frozen=True, slots=True)
class Manner:
    """How a decision is taken beside what it says.

    `start`: a new case is first taken under review, so that its page may offer what follows. `blind_share`: which share
    of first decisions is looked at a second time, blind. `store` keeps the manifest that a decision rests on; without
    it a decision names the newest there is.
    """

    start: bool = False
    blind_share: float = 0.0
    store: Keeping | None = None


def decide(database: Database, command: DecisionCommand, now: datetime, manner: Manner = Manner()) -> CaseRow:
    """Take one step with a case, as `step` does, and return it as it stands then."""
    step(database, command, now, manner)
    with database.read() as session:  # nobody waits behind the chains while it is read
        return _row(session, command.case_id, now)


def step(database: Database, command: DecisionCommand, now: datetime, manner: Manner = Manner()) -> CaseState:
    """Take one step with a case and return the state in which it was found.

    Raises what `machine.check` raises: UsageError, RefusedError or ConflictError; then nothing has changed.
    EvidenceError when the manifest that the decision rests on cannot be kept.
    """
    _seal(database, command, now, manner)
    with database.write() as session:
        facts = facts_for(session, command.case_id, command.user, now, lock=True)
        found = facts.state
        if manner.start and _starts(facts, command):
            facts, command = _started(session, facts, command, now)
        taken = machine.check(facts, command)
        if not leases.settle(session, facts.case_id, command.user.id, facts.fence, now):
            raise machine.taken_since(facts.case_id)
        event = next_event(facts, command.user, EventKind.DECIDED, command.to, now)
        said = manifests.bound(session, command.case_id) if command.to in RESTING else {}
        draft = replace(event, reason=command.reason, note=command.note.strip(), detail=said)
        (number,) = cases.record(session, [draft])
        _second_look(session, facts, command, now)
        blind.sample(session, command, number, manner.blind_share, now)
        detail = {"from": taken.start.value, "to": taken.to.value, "reason": command.reason, **said}
        _audit(session, command.user, "case_decided", command.case_id, detail, now)
    return found


def undo(database: Database, case_id: int, user: UserRow, now: datetime, *, version: int | None = None) -> CaseRow:
    """Take the user's own last decision back by a new event, while nothing came after it."""
    with database.write() as session:
        facts = facts_for(session, case_id, user, now, lock=True)
        machine.check_holder(facts, user)
        _check_version(facts, version)
        last = machine.check_undo(facts, user)
        must_hold(user, facts.jurisdiction, *machine.REVIEWERS)
        _check_alone(session, case_id, last.from_state)
        why = cases.why_before(session, case_id, last.seq)
        leases.release(session, case_id, user.id, now)
        event = next_event(facts, user, EventKind.UNDONE, last.from_state, now)
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
        machine.check_free(facts, user)
        event = next_event(facts, user, EventKind.NOTED, facts.state, now)
        cases.record(session, [replace(event, note=text.strip(), note_kind=kind)])
        _audit(session, user, "case_noted", case_id, {"kind": kind.value}, now)
        return _row(session, case_id, now)


def _seal(database: Database, command: DecisionCommand, now: datetime, manner: Manner) -> None:
    """Make the manifest that a decision is to name, before its transaction: a file takes longer than a row."""
    if manner.store is None or command.to not in RESTING:
        return
    with database.read() as session:
        facts_for(session, command.case_id, command.user, now)
    seal(database, manner.store, command.case_id, now, command.user.name)


def _starts(facts: CaseFacts, command: DecisionCommand) -> bool:
    """Whether the step leaves the state that a new case comes to when it is taken."""
    return (
        facts.state is CaseState.BARU
        and (facts.state, command.to) not in machine.STEPS
        and (CaseState.DITINJAU, command.to) in machine.STEPS
    )


def _started(
    session: Session, facts: CaseFacts, command: DecisionCommand, now: datetime
) -> tuple[CaseFacts, DecisionCommand]:
    """Take a new case under review and return it, and the command, as they stand then."""
    machine.check_fresh(facts, command)
    take(session, facts, command.user, now)
    after = facts_for(session, facts.case_id, command.user, now)
    return after, replace(command, version=after.version, fence=after.fence)


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


def _check_alone(session: Session, case_id: int, to: CaseState) -> None:
    """Raise RefusedError when a case would go back before registration beside the one that follows it."""
    other = cases.live_twin(session, case_id) if to.before_registration else None
    if other is not None:
        raise RefusedError(
            f"Informasi awal {other} sudah dibuka sebagai kelanjutannya",
            f"keputusan ini tidak dapat dibatalkan lagi; teruskan pada informasi awal {other}",
        )


def _row(session: Session, case_id: int, now: datetime) -> CaseRow:
    return cases.list_cases(session, CaseFilter(ids=(case_id,)), now).rows[0]


def _audit(
    session: Session, user: UserRow, action: str, case_id: int, detail: Mapping[str, object], now: datetime
) -> None:
    audit.record(session, actor=user.name, action=action, subject=f"case:{case_id}", detail=detail, now=now)
