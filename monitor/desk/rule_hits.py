"""Hits of one rule as reviewers look at them to judge the rule: within their places, and audited."""

from __future__ import annotations

from datetime import datetime

from db import audit
from db.connect import Database
from db.rule_hits import RuleHit, hits_of_rule
from monitor.desk.access import scope_of
from monitor.domain import UserRow


def look_at_hits(database: Database, rule_id: str, user: UserRow, now: datetime, limit: int) -> list[RuleHit]:
    """Return the newest hits of a rule on people whom the user sees, nobody's for others; whose is audited."""
    scope = scope_of(user)
    if not scope:
        return []
    with database.write() as session:
        found = hits_of_rule(session, rule_id, scope, limit)
        if found:
            detail = {"people": sorted({hit.person_id for hit in found})}
            subject = f"rule:{rule_id}"
            audit.record(session, actor=user.name, action="rule_hits_viewed", subject=subject, detail=detail, now=now)
    return found
