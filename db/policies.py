"""By what right each source was read."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from db import audit
from db.connect import Session
from db.tables import source_policy
from db.upsert import insert_one


@dataclass(frozen=True, slots=True)
class PolicyRecord:
    """One recorded policy of a source; `changed` names what differs from the record before it."""

    noted_at: datetime
    legal_basis: str
    permission_ref: str
    approved_by: str
    approved_at: str
    mode: str
    changed: tuple[str, ...] = ()


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


def records(session: Session, source: str, limit: int = 5) -> tuple[PolicyRecord, ...]:
    """Return the newest recorded policies of a source, newest first."""
    columns = (source_policy.c.policy, source_policy.c.noted_at)
    query = sa.select(*columns).where(source_policy.c.source == source).order_by(source_policy.c.id.desc())
    rows = session.execute(query.limit(limit + 1)).all()
    read = [(json.loads(row.policy), row.noted_at) for row in rows]
    older = [told for told, _ in read[1:]] + [None] * (len(read) <= limit)
    return tuple(_record(told, noted_at, before) for (told, noted_at), before in zip(read, older, strict=False))


def _record(
    told: dict[str, dict[str, object]], noted_at: datetime, before: dict[str, dict[str, object]] | None
) -> PolicyRecord:
    policy, earlier = told["policy"], before["policy"] if before else {}
    changed = [name for name in policy if before and policy[name] != earlier.get(name)]
    if before and told.get("urls") != before.get("urls"):
        changed.append("urls")
    said = {
        name: str(policy.get(name) or "")
        for name in ("legal_basis", "permission_ref", "approved_by", "approved_at", "mode")
    }
    return PolicyRecord(noted_at, **said, changed=tuple(sorted(changed)))
