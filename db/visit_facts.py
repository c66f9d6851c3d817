"""What earlier nights say about each target: when it was last seen, and what a visit costs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime, timedelta
from statistics import median_high

import sqlalchemy as sa

from db.connect import Session
from db.runs import TargetKey
from db.tables import account, asn, attribution, scan_run, target_run
from monitor.domain import Outcome, VisitFact

GOOD = (Outcome.OK, Outcome.PARTIAL, Outcome.EMPTY_CONFIRMED)
_NIGHTS = 5  # visits of which the median counts
_REMEMBERED = timedelta(days=60)  # older nights cost nothing to ask: who was not seen since is first anyway


def visit_facts(session: Session, now: datetime) -> Mapping[TargetKey, VisitFact]:
    """Return by target when a visit last ended well and last began, and what one takes, from two months of nights."""
    first = sa.select(sa.func.min(scan_run.c.id)).where(scan_run.c.started_at >= now - _REMEMBERED).scalar_subquery()
    columns = (target_run.c.source, target_run.c.direction, target_run.c.target, target_run.c.requests)
    tried = sa.or_(target_run.c.outcome.in_(GOOD), target_run.c.requests > 0)
    query = sa.select(*columns, target_run.c.outcome, target_run.c.finished_at).order_by(target_run.c.id)
    last: dict[TargetKey, datetime] = {}
    good: dict[TargetKey, datetime] = {}
    taken: dict[TargetKey, list[int]] = defaultdict(list)
    for row in session.execute(query.where(target_run.c.run_id >= first, tried)):
        key = (row.source, row.direction.value, row.target)
        last[key] = row.finished_at
        if row.outcome in GOOD:
            good[key] = row.finished_at
            taken[key].append(row.requests)
    return {key: VisitFact(good.get(key), _usual(taken.get(key, [])), at) for key, at in last.items()}


def _usual(requests: list[int]) -> int | None:
    return median_high(requests[-_NIGHTS:]) if requests else None


def jurisdictions(session: Session) -> dict[int, str]:
    """Return by account row the jurisdiction of the person whose account it is."""
    columns = (attribution.c.account_id, asn.c.jurisdiction)
    joined = attribution.join(asn, asn.c.id == attribution.c.asn_id).join(
        account, account.c.id == attribution.c.account_id
    )
    return {row.account_id: row.jurisdiction for row in session.execute(sa.select(*columns).select_from(joined))}
