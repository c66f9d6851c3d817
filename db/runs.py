"""Nights as they are recorded: opened or taken up again, target by target, with their issues."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from db.connect import Found, Session
from db.tables import scan_issue, scan_run, target_coverage, target_run
from db.upsert import insert_all, insert_one, upsert
from monitor.domain import Act, Coverage, Issue, TargetResult

TargetKey = tuple[str, str, str]
"""Source, direction and target."""


@dataclass(frozen=True, slots=True)
class RunHandle:
    """An open night; `done` are the targets that an interrupted one had finished already."""

    id: int
    began: datetime
    resumed: bool = False
    done: frozenset[TargetKey] = frozenset()


@dataclass(frozen=True, slots=True)
class RunRow:
    """A night in a list; `summary` is what was printed, None while unfinished."""

    id: int
    started_at: datetime
    finished_at: datetime | None
    resumed_at: datetime | None
    ok: bool | None
    summary: dict[str, Any] | None


def open_run(session: Session, query_hash: str, now: datetime, resume_after: timedelta) -> RunHandle:
    """Take up the newest night of the same question if it is unfinished, else begin one.

    One that began `resume_after` ago or earlier is not taken up, nor one that a newer night has overtaken.
    """
    newest = sa.select(scan_run).where(scan_run.c.query_hash == query_hash).order_by(scan_run.c.id.desc()).limit(1)
    row = session.execute(newest).one_or_none()
    if row is None or row.finished_at is not None or now - row.started_at >= resume_after:
        new = {"query_hash": query_hash, "started_at": now, "database_since": _server_since(session)}
        return RunHandle(insert_one(session, scan_run, **new), now)
    session.execute(sa.update(scan_run).where(scan_run.c.id == row.id).values(resumed_at=now))
    columns = (target_run.c.source, target_run.c.direction, target_run.c.target)
    done = session.execute(sa.select(*columns).where(target_run.c.run_id == row.id))
    return RunHandle(
        row.id, row.started_at, resumed=True, done=frozenset((r.source, r.direction.value, r.target) for r in done)
    )


def note_restart(session: Session, run_id: int) -> bool:
    """Whether the database's server was started anew since the night began or since this was last asked."""
    since = _server_since(session)
    if since is None:
        return False
    other = sa.and_(scan_run.c.id == run_id, scan_run.c.database_since != since)
    return session.execute(sa.update(scan_run).where(other).values(database_since=since)).rowcount > 0


def _server_since(session: Session) -> datetime | None:
    """Return since when the server is up, by its own clock; None where the database is a file."""
    if session.dialect.name != "postgresql":
        return None
    return session.execute(sa.text("SELECT pg_postmaster_start_time()")).scalar()


def finish_run(session: Session, run_id: int, summary_json: str, ok: bool, now: datetime) -> None:
    """Close a night with its printed summary."""
    values = {"finished_at": now, "ok": ok, "summary": json.loads(summary_json)}
    session.execute(sa.update(scan_run).where(scan_run.c.id == run_id).values(**values))


def record_target(session: Session, run_id: int, result: TargetResult) -> None:
    """Record how the visit to one target went; a second record of the same visit replaces the first."""
    key = {"run_id": run_id, "source": result.source, "direction": result.direction, "target": result.target}
    row = {
        "outcome": result.outcome,
        "requests": result.requests,
        "items": result.items,
        "interactions": result.interactions,
        "bystanders_discarded": result.bystanders_discarded,
        "started_at": result.started_at,
        "finished_at": result.finished_at,
    }
    upsert(session, target_run, [key | row], list(key), list(row))
    where = sa.and_(*(target_run.c[name] == value for name, value in key.items()))
    visit = session.execute(sa.select(target_run.c.id).where(where)).scalar_one()
    session.execute(sa.delete(target_coverage).where(target_coverage.c.target_run_id == visit))
    seen = [
        {"target_run_id": visit, "act": act, "coverage": coverage} for act, coverage in dict(result.coverage).items()
    ]
    insert_all(session, target_coverage, seen)


def add_issues(session: Session, run_id: int, issues: Iterable[Issue]) -> None:
    """Add issues to a night; one that it has already is not added again."""
    known = set(run_issues(session, run_id))
    new = [issue for issue in dict.fromkeys(issues) if issue not in known]
    names = ("source", "kind", "target", "detail", "needs_person")
    insert_all(session, scan_issue, [{"run_id": run_id, **{n: getattr(issue, n) for n in names}} for issue in new])


def last_runs(session: Session, limit: int) -> tuple[RunRow, ...]:
    """Return the newest nights, newest first."""
    rows = session.execute(sa.select(scan_run).order_by(scan_run.c.id.desc()).limit(limit))
    return tuple(RunRow(r.id, r.started_at, r.finished_at, r.resumed_at, r.ok, r.summary) for r in rows)


def run_targets(session: Session, run_id: int) -> tuple[TargetResult, ...]:
    """Return the visits of a night in the order in which they ended."""
    visits = session.execute(sa.select(target_run).where(target_run.c.run_id == run_id).order_by(target_run.c.id)).all()
    seen: dict[int, list[tuple[Act, Coverage]]] = defaultdict(list)
    join = target_coverage.join(target_run, target_run.c.id == target_coverage.c.target_run_id)
    statement = sa.select(target_coverage).select_from(join).where(target_run.c.run_id == run_id)
    for row in session.execute(statement):
        seen[row.target_run_id].append((row.act, row.coverage))
    return tuple(_result(row, seen[row.id]) for row in visits)


def run_issues(session: Session, run_id: int) -> tuple[Issue, ...]:
    """Return the issues of a night in the order in which they came."""
    rows = session.execute(sa.select(scan_issue).where(scan_issue.c.run_id == run_id).order_by(scan_issue.c.id))
    return tuple(Issue(r.source, r.kind, r.detail, r.target, needs_person=r.needs_person) for r in rows)


def _result(row: Found, seen: list[tuple[Act, Coverage]]) -> TargetResult:
    order = list(Act)
    return TargetResult(
        source=row.source,
        direction=row.direction,
        target=row.target,
        outcome=row.outcome,
        coverage=tuple(sorted(seen, key=lambda pair: order.index(pair[0]))),
        requests=row.requests,
        items=row.items,
        interactions=row.interactions,
        bystanders_discarded=row.bystanders_discarded,
        started_at=row.started_at,
        finished_at=row.finished_at,
    )
