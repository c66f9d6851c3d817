"""Looks for the office's own known posts."""

from __future__ import annotations

import sqlalchemy as sa

from db.connect import Session
from db.tables import canary_run
from db.upsert import insert_one
from monitor.domain import CanaryRun


def record(session: Session, run: CanaryRun) -> None:
    """Record one look."""
    values = {"source": run.source, "canary": run.canary[:128], "looked_at": run.looked_at}
    insert_one(session, canary_run, **values, found=run.found, detail=run.detail)


def latest(session: Session) -> tuple[CanaryRun, ...]:
    """Return the newest look for every canary, by source and name."""
    newest = sa.select(sa.func.max(canary_run.c.id)).group_by(canary_run.c.source, canary_run.c.canary)
    chosen = sa.select(canary_run).where(canary_run.c.id.in_(newest))
    rows = session.execute(chosen.order_by(canary_run.c.source, canary_run.c.canary))
    return tuple(CanaryRun(r.source, r.canary, r.looked_at, r.found, r.detail) for r in rows)
