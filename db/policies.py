"""By what right each source was read."""

from __future__ import annotations

import hashlib
from datetime import datetime

import sqlalchemy as sa

from db import audit
from db.connect import Session
from db.tables import source_policy
from db.upsert import insert_one


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
