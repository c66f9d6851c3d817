"""Passing a case over: it goes back to the queue, and taking the next one leaves it out for a while."""

from __future__ import annotations

from datetime import datetime

from db import audit, leases, skips
from db.connect import Database
from monitor.desk.access import facts_for, must_hold
from monitor.domain import UserRow
from monitor.review import machine


def skip(database: Database, case_id: int, user: UserRow, now: datetime) -> None:
    """Pass a case over for the user and give it back; others find it in the queue as before."""
    with database.write() as session:
        facts = facts_for(session, case_id, user, now)
        must_hold(user, facts.jurisdiction, *machine.REVIEWERS)
        skips.skip(session, case_id, user.id, now)
        leases.release(session, case_id, user.id, now)
        subject = f"case:{case_id}"
        audit.record(session, actor=user.name, action="case_skipped", subject=subject, detail={}, now=now)


def may_recheck(database: Database, case_id: int, user: UserRow, now: datetime) -> None:
    """Note that a reviewer asks the platforms after the texts of a case; RefusedError for who is none there."""
    with database.write() as session:
        facts = facts_for(session, case_id, user, now)
        must_hold(user, facts.jurisdiction, *machine.REVIEWERS)
        subject = f"case:{case_id}"
        audit.record(session, actor=user.name, action="case_rechecked", subject=subject, detail={}, now=now)
