"""Looking at cases and taking them: every view of a person is audited, and one person at a time holds a case."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from db import audit, cases, leases, next_cases
from db.connect import Database, Session
from monitor.desk.access import facts_for, must_hold, scope_of
from monitor.desk.blind import keep_back, kept_back
from monitor.desk.taking import next_event, take
from monitor.domain import CaseDetail, CaseFacts, CaseFilter, CaseState, EventKind, LeaseRow, UserRow
from monitor.review import machine
from monitor.vault import Vault

__all__ = [
    "claim",
    "claim_next",
    "held_case",
    "look_at",
    "release",
    "renew",
    "reveal_identifier",
    "scope_of",
    "standing_of",
]

WAITING = (CaseState.BARU, CaseState.DITINJAU, CaseState.DIKEMBALIKAN)
"""Where a case waits for the first decision of a reviewer."""

_TRIES = 20


def look_at(database: Database, case_id: int, user: UserRow, now: datetime) -> CaseDetail:
    """Return a case as the user sees it; the view is audited, and the first reviewer's starts the case's clock.

    The view is written down before anything is shown, and by itself: whoever writes next to the chains of events and
    audit waits for no page to be put together.
    """
    with database.write() as session:
        facts = facts_for(session, case_id, user, now, lock=True)
        reviews = any(user.has(role, facts.jurisdiction) for role in machine.REVIEWERS)
        if facts.first_opened_at is None and reviews:
            cases.record(session, [next_event(facts, user, EventKind.FIRST_OPENED, facts.state, now)])
        if facts.lease is not None and facts.lease.user_id == user.id:
            facts = replace(facts, lease=leases.renew(session, case_id, user.id, facts.fence, now))
        subject = f"case:{case_id}"
        audit.record(
            session, actor=user.name, action="case_viewed", subject=subject, detail={"person": facts.person_id}, now=now
        )
    with database.read() as session:
        detail = cases.case_detail(session, case_id, now, facts)
        return keep_back(detail, kept_back(session, user))


def standing_of(database: Database, case_id: int, user: UserRow, now: datetime) -> CaseFacts:
    """Return what the state machine knows of a case that the user may see; nobody is shown, so nothing is audited."""
    with database.read() as session:
        return facts_for(session, case_id, user, now)


def reveal_identifier(database: Database, vault: Vault, case_id: int, user: UserRow, now: datetime) -> str:
    """Return the full identifier of a case's person, for a form that needs it; who asked is audited.

    RefusedError for who is no reviewer there, or is tied to the person.
    """
    with database.write() as session:
        facts = facts_for(session, case_id, user, now)
        must_hold(user, facts.jurisdiction, *machine.REVIEWERS)
        machine.check_free(facts, user)
        person = cases.list_cases(session, CaseFilter(ids=(case_id,)), now).rows[0].person
        subject = f"asn:{person.id}"
        detail = {"case": case_id}
        audit.record(session, actor=user.name, action="identifier_revealed", subject=subject, detail=detail, now=now)
        return cases.identifier_of(session, vault, person.id)


def claim(database: Database, case_id: int, user: UserRow, now: datetime, *, only: bool = False) -> LeaseRow:
    """Take a case for review; a new one becomes `ditinjau`. ConflictError while somebody else holds it.

    With `only` the user's other cases go back.
    """
    with database.write() as session:
        facts = facts_for(session, case_id, user, now, lock=True)
        held = take(session, facts, user, now)
        if only:
            leases.release_others(session, user.id, case_id, now)
        return held


def claim_next(database: Database, user: UserRow, now: datetime, wanted: CaseFilter | None = None) -> LeaseRow | None:
    """Take the most urgent open case that nobody holds and return the turn at it; None when nothing waits.

    Passed over are cases that the user skipped a while ago, and people they are tied to. `wanted` names other states
    than those that wait for a first decision.
    """
    regions = user.regions(*machine.REVIEWERS) if user.active else ()
    states = wanted.states if wanted is not None and wanted.states else WAITING
    with database.write() as session:
        return _take_first(session, user, regions, states, now)


def _take_first(
    session: Session, user: UserRow, regions: Sequence[str], states: Sequence[CaseState], now: datetime
) -> LeaseRow | None:
    for case_id in next_cases.free_cases(session, user, regions, states, now, _TRIES):
        if not next_cases.lock_free(session, case_id):
            continue
        facts = facts_for(session, case_id, user, now)
        if facts.lease is not None or facts.state not in states:
            continue
        if facts.state is CaseState.DIUSULKAN and facts.proposer_id == user.id:
            continue
        if machine.is_tied(facts, user):
            continue
        return take(session, facts, user, now)
    return None


def held_case(database: Database, user: UserRow, now: datetime) -> LeaseRow | None:
    """Return what the user is reviewing just now."""
    with database.read() as session:
        return leases.held_by(session, user.id, now)


def renew(database: Database, case_id: int, user: UserRow, fence: int, now: datetime) -> LeaseRow:
    """Prolong a lease that still runs; ConflictError when it ended or went to somebody else."""
    with database.write() as session:
        return leases.renew(session, case_id, user.id, fence, now)


def release(database: Database, case_id: int, user: UserRow, now: datetime) -> bool:
    """Give a case back; False when the user does not hold it."""
    with database.write() as session:
        return leases.release(session, case_id, user.id, now)
