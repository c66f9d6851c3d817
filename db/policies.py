"""By what right and how much each source was read."""

from __future__ import annotations

import hashlib
from datetime import date, datetime

import sqlalchemy as sa

from db import audit
from db.connect import Session
from db.tables import budget_ledger, source_policy
from db.upsert import insert_missing, insert_one


def note_policy(session: Session, source: str, policy_json: str, now: datetime) -> bool:
    """Record and audit the policy under which a source is about to be read; return whether it differs from the last."""
    digest = hashlib.sha256(policy_json.encode()).hexdigest()
    if latest(session, source) == digest:
        return False
    insert_one(session, source_policy, source=source, policy_hash=digest, policy=policy_json, noted_at=now)
    detail = {"policy_hash": digest}
    audit.record(session, actor="program", action="policy_noted", subject=f"source:{source}", detail=detail, now=now)
    return True


def latest(session: Session, source: str) -> str | None:
    """Return the hash of the policy under which a source was last read; None when it never was."""
    hashes = sa.select(source_policy.c.policy_hash).where(source_policy.c.source == source)
    return session.execute(hashes.order_by(source_policy.c.id.desc()).limit(1)).scalar()


def spend(session: Session, source: str, day: date, requests: int) -> int:
    """Add requests to a source's day; return the day's total."""
    insert_missing(session, budget_ledger, [{"source": source, "day": day, "requests": 0}], ["source", "day"])
    total = budget_ledger.c.requests + requests
    session.execute(sa.update(budget_ledger).where(_on(source, day)).values(requests=total))
    return spent(session, source, day)


def spent(session: Session, source: str, day: date) -> int:
    """Return how many requests a source's day has seen."""
    return int(session.execute(sa.select(budget_ledger.c.requests).where(_on(source, day))).scalar() or 0)


def _on(source: str, day: date) -> sa.ColumnElement[bool]:
    return sa.and_(budget_ledger.c.source == source, budget_ledger.c.day == day)
