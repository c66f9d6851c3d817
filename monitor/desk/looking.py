"""Looking at cases and taking them: every view of a person is audited, and one person at a time holds a case."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from db import audit, cases, leases
from db.connect import Database, Session
from db.events import EventDraft
from monitor.desk.access import facts_for, must_hold, scope_of
from monitor.domain import (
    CaseDetail,
    CaseFacts,
    CaseFilter,
    CaseRow,
    CaseState,
    EventKind,
    LeaseRow,
    Reason,
    UserRow,
)
from monitor.errors import ConflictError
from monitor.review import machine
from monitor.vault import Vault

__all__ = ["claim", "claim_next", "look_at", "release", "renew", "reveal_identifier", "scope_of"]

_TRIES = 20


def look_at(database: Database, case_id: int, user: UserRow, now: datetime) -> CaseDetail:
    """Return a case as the user sees it; the view is audited, and the first reviewer's starts the case's clock."""
    with database.write() as session:
        facts = facts_for(session, case_id, user, now, lock=True)
        detail = cases.case_detail(session, case_id, now)
        reviews = any(user.has(role, facts.jurisdiction) for role in machine.REVIEWERS)
        if detail.first_opened_at is None and reviews:
            cases.record(session, [_event(facts, user, EventKind.FIRST_OPENED, facts.state, now)])
            detail = cases.case_detail(session, case_id, now)
        subject = f"case:{case_id}"
        seen = {"person": detail.row.person.id}
        audit.record(session, actor=user.name, action="case_viewed", subject=subject, detail=seen, now=now)
        return detail


def reveal_identifier(database: Database, vault: Vault, case_id: int, user: UserRow, now: datetime) -> str:
    """Return the full identifier of a case's person, for a form that needs it; who asked is audited."""
    with database.write() as session:
        facts = facts_for(session, case_id, user, now)
        must_hold(user, facts.jurisdiction, *machine.REVIEWERS)
        person = cases.list_cases(session, CaseFilter(ids=(case_id,)), now).rows[0].person
        subject = f"asn:{person.id}"
        detail = {"case": case_id}
        audit.record(session, actor=user.name, action="identifier_revealed", subject=subject, detail=detail, now=now)
        return cases.identifier_of(session, vault, person.id)


def claim(database: Database, case_id: int, user: UserRow, now: datetime) -> LeaseRow:
    """Take a case for review; a new one becomes `ditinjau`. ConflictError while somebody else holds it."""
    with database.write() as session:
        facts = facts_for(session, case_id, user, now, lock=True)
        must_hold(user, facts.jurisdiction, *machine.REVIEWERS)
        return _take(session, facts, user, now)


def claim_next(database: Database, user: UserRow, now: datetime, wanted: CaseFilter | None = None) -> CaseRow | None:
    """Take the most urgent open case that nobody holds and return it; None when nothing waits."""
    regions = user.regions(*machine.REVIEWERS)
    base = wanted if wanted is not None and wanted.states else CaseFilter(states=_WAITING)
    after = None
    for _ in range(_TRIES):
        with database.write() as session:
            page = cases.list_cases(session, replace(base, scope=regions, limit=_TRIES, after=after), now)
            for row in page.rows:
                if row.lease is not None or row.queue is None:
                    continue
                facts = facts_for(session, row.id, user, now, lock=True)
                try:
                    _take(session, facts, user, now)
                except ConflictError:
                    continue
                return cases.list_cases(session, CaseFilter(ids=(row.id,)), now).rows[0]
        if page.after is None:
            return None
        after = page.after
    return None


def renew(database: Database, case_id: int, user: UserRow, fence: int, now: datetime) -> LeaseRow:
    """Prolong a lease that still runs; ConflictError when it ended or went to somebody else."""
    with database.write() as session:
        return leases.renew(session, case_id, user.id, fence, now)


def release(database: Database, case_id: int, user: UserRow, now: datetime) -> bool:
    """Give a case back; False when the user does not hold it."""
    with database.write() as session:
        return leases.release(session, case_id, user.id, now)


_WAITING = (CaseState.BARU, CaseState.DITINJAU, CaseState.DIKEMBALIKAN)


def _take(session: Session, facts: CaseFacts, user: UserRow, now: datetime) -> LeaseRow:
    held = leases.claim(session, facts.case_id, user.id, now)
    if facts.state is CaseState.BARU:
        event = _event(facts, user, EventKind.DECIDED, CaseState.DITINJAU, now)
        cases.record(session, [replace(event, reason=Reason.MULAI_TINJAU.value)])
    detail = {"fence": held.fence}
    subject = f"case:{facts.case_id}"
    audit.record(session, actor=user.name, action="case_claimed", subject=subject, detail=detail, now=now)
    return held


def _event(facts: CaseFacts, user: UserRow, kind: EventKind, to: CaseState, now: datetime) -> EventDraft:
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
