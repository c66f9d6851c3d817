"""Taking a case under review: one lease, and for a new case the event that says so, in the caller's transaction."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from db import audit, cases, leases, skips
from db.connect import Session
from db.events import EventDraft
from monitor.desk.access import must_hold
from monitor.domain import CaseFacts, CaseState, EventKind, LeaseRow, Reason, UserRow
from monitor.review import machine


def take(session: Session, facts: CaseFacts, user: UserRow, now: datetime) -> LeaseRow:
    """Take a case for a user and return the lease; a new case becomes `ditinjau`.

    ConflictError while somebody else holds it, RefusedError for who may not decide it.
    """
    must_hold(user, facts.jurisdiction, *machine.REVIEWERS)
    machine.check_free(facts, user)
    held = leases.claim(session, facts.case_id, user.id, now)
    if facts.state is CaseState.BARU:
        event = next_event(facts, user, EventKind.DECIDED, CaseState.DITINJAU, now)
        cases.record(session, [replace(event, reason=Reason.MULAI_TINJAU.value)])
    skips.unskip(session, facts.case_id, user.id)
    subject = f"case:{facts.case_id}"
    detail = {"fence": held.fence}
    audit.record(session, actor=user.name, action="case_claimed", subject=subject, detail=detail, now=now)
    return held


def next_event(facts: CaseFacts, user: UserRow, kind: EventKind, to: CaseState, now: datetime) -> EventDraft:
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
