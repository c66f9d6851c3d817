"""What the rules desk counts: standing hits by rule, and where they lie."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from db.connect import Session
from db.tables import case_hit, hit_verdict, rule_hit


@dataclass(frozen=True, slots=True)
class RuleHits:
    """Hits of one rule that the current judgement gives, since a time: all, and what became of them."""

    hits: int = 0
    in_cases: int = 0
    suppressed: int = 0
    judged: int = 0


def hits_since(session: Session, since: datetime) -> dict[str, RuleHits]:
    """Return by rule the current hits first given since a time, shadow hits included."""
    judged = sa.exists().where(hit_verdict.c.hit_id == rule_hit.c.id)
    held = sa.exists().where(case_hit.c.hit_id == rule_hit.c.id)
    query = (
        sa.select(
            rule_hit.c.rule_id,
            sa.func.count().label("hits"),
            sa.func.sum(sa.case((held, 1), else_=0)).label("in_cases"),
            sa.func.sum(sa.case((rule_hit.c.suppression_id.is_not(None), 1), else_=0)).label("suppressed"),
            sa.func.sum(sa.case((judged, 1), else_=0)).label("judged"),
        )
        .where(rule_hit.c.active, rule_hit.c.first_judged_at >= since)
        .group_by(rule_hit.c.rule_id)
    )
    counts: dict[str, RuleHits] = defaultdict(RuleHits)
    for row in session.execute(query):
        counts[row.rule_id] = RuleHits(row.hits, int(row.in_cases), int(row.suppressed), int(row.judged))
    return counts
