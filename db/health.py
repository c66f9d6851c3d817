"""How well each source is seen, read from what the nights recorded."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from db import canaries
from db.connect import Found, Session
from db.tables import item_look, scan_issue, scan_run, target_coverage, target_run
from db.visit_facts import GOOD
from monitor.domain import (
    Act,
    CanaryRun,
    Completeness,
    Direction,
    NightOfSource,
    OpenIssue,
    Outcome,
    SourceHealth,
    TargetHealth,
)

NIGHTS = 14
_LOOKS = 50_000  # the newest looks of all sources together of which completeness is reckoned
_DRIFT = "drift"


def source_health(session: Session, source: str | None = None) -> tuple[SourceHealth, ...]:
    """Return every source that was ever visited, or one, in the order of the alphabet."""
    worked = last_worked(session)
    found = canaries.latest(session)
    names = sorted({*worked, *_visited(session), *(canary.source for canary in found)})
    complete = completeness(session)
    return tuple(
        _health(session, name, worked.get(name), complete.get(name, ()), found)
        for name in names
        if source in (None, name)
    )


def target_health(session: Session, source: str) -> tuple[TargetHealth, ...]:
    """Return every target of a source: candidates first, then by id."""
    runs = newest_runs(session, source)
    rows = _visits(session, source, runs)
    by_target: dict[tuple[Direction, str], list[Found]] = defaultdict(list)
    for row in rows:
        by_target[row.direction, row.target].append(row)
    seen = coverage_of_visits(session, [visits[0].id for visits in by_target.values()])
    worked = _targets_worked(session, source)
    return tuple(
        TargetHealth(
            source=source,
            direction=direction,
            target=target,
            last_worked_at=worked.get((direction, target)),
            outcomes=tuple(row.outcome for row in visits),
            coverage=tuple(sorted(seen.get(visits[0].id, ()), key=lambda pair: list(Act).index(pair[0]))),
            seconds=_seconds(visits[:1]),
        )
        for (direction, target), visits in sorted(
            by_target.items(), key=lambda one: (one[0][0] is not Direction.CANDIDATE, one[0][1])
        )
    )


def _health(
    session: Session,
    source: str,
    worked: datetime | None,
    complete: tuple[Completeness, ...],
    found: Iterable[CanaryRun],
) -> SourceHealth:
    runs = newest_runs(session, source)
    by_run: dict[int, list[Found]] = defaultdict(list)
    for row in _visits(session, source, runs):
        by_run[row.run_id].append(row)
    newest = by_run[runs[0].id] if runs else []
    issues = _issues(session, source, runs[0].id) if runs else []
    return SourceHealth(
        source=source,
        last_worked_at=worked,
        nights=tuple(_night(run, by_run[run.id]) for run in runs),
        completeness=complete,
        issues=_counted(issues),
        drift=tuple(dict.fromkeys(issue.detail for issue in issues if issue.kind == _DRIFT)),
        canaries=tuple(canary for canary in found if canary.source == source),
        suspicious_empty=sum(row.outcome is Outcome.SUSPICIOUS_EMPTY for row in newest),
    )


def _visited(session: Session) -> set[str]:
    return set(session.execute(sa.select(target_run.c.source).distinct()).scalars())


def last_worked(session: Session) -> dict[str, datetime]:
    """Return by source when a visit to it last ended well."""
    latest = sa.func.max(target_run.c.finished_at).label("at")
    where = target_run.c.outcome.in_(GOOD)
    rows = session.execute(sa.select(target_run.c.source, latest).where(where).group_by(target_run.c.source))
    return {row.source: row.at for row in rows}


def _targets_worked(session: Session, source: str) -> dict[tuple[Direction, str], datetime]:
    latest = sa.func.max(target_run.c.finished_at).label("at")
    columns = (target_run.c.direction, target_run.c.target)
    where = (target_run.c.source == source, target_run.c.outcome.in_(GOOD))
    rows = session.execute(sa.select(*columns, latest).where(*where).group_by(*columns))
    return {(row.direction, row.target): row.at for row in rows}


def newest_runs(session: Session, source: str) -> list[Found]:
    """Return the newest nights that visited a source, newest first."""
    visited = sa.select(target_run.c.run_id).where(target_run.c.source == source).distinct()
    query = sa.select(scan_run.c.id, scan_run.c.started_at).where(scan_run.c.id.in_(visited))
    return list(session.execute(query.order_by(scan_run.c.id.desc()).limit(NIGHTS)))


def _visits(session: Session, source: str, runs: list[Found]) -> list[Found]:
    ids = [run.id for run in runs]
    where = (target_run.c.source == source, target_run.c.run_id.in_(ids))
    return list(session.execute(sa.select(target_run).where(*where).order_by(target_run.c.id.desc())))


def coverage_of_visits(session: Session, visits: list[int]) -> dict[int, list[Any]]:
    """Return by visit what it saw of each verb."""
    seen: dict[int, list[Any]] = defaultdict(list)
    query = sa.select(target_coverage).where(target_coverage.c.target_run_id.in_(visits))
    for row in session.execute(query):
        seen[row.target_run_id].append((row.act, row.coverage))
    return seen


def _night(run: Found, visits: list[Found]) -> NightOfSource:
    outcomes = Counter(row.outcome for row in visits)
    told = tuple((outcome, outcomes[outcome]) for outcome in Outcome if outcomes[outcome])
    return NightOfSource(run.id, run.started_at, told, _seconds(visits))


def _seconds(visits: list[Found]) -> float | None:
    starts = [row.started_at for row in visits if row.started_at is not None]
    ends = [row.finished_at for row in visits if row.finished_at is not None]
    return (max(ends) - min(starts)).total_seconds() if starts and ends else None


def _issues(session: Session, source: str, run_id: int) -> list[Found]:
    where = (scan_issue.c.source == source, scan_issue.c.run_id == run_id)
    return list(session.execute(sa.select(scan_issue).where(*where).order_by(scan_issue.c.id)))


def _counted(issues: list[Found]) -> tuple[OpenIssue, ...]:
    by_kind: dict[tuple[str, bool], list[Found]] = defaultdict(list)
    for issue in issues:
        by_kind[issue.kind, issue.needs_person].append(issue)
    return tuple(
        OpenIssue(kind, len(found), needs_person, found[0].detail)
        for (kind, needs_person), found in sorted(by_kind.items(), key=lambda one: (not one[0][1], one[0][0]))
    )


def completeness(session: Session) -> dict[str, tuple[Completeness, ...]]:
    """Return by source what the newest look at each listing collected of what was reported."""
    newest = sa.select(item_look).order_by(item_look.c.id.desc()).limit(_LOOKS).subquery()
    last = (
        sa.select(sa.func.max(newest.c.id).label("id"))
        .where(newest.c.reported.is_not(None))
        .group_by(newest.c.platform, newest.c.platform_item_id, newest.c.verb)
        .subquery()
    )
    fewer = sa.case((item_look.c.collected < item_look.c.reported, item_look.c.collected), else_=item_look.c.reported)
    columns = (item_look.c.platform, item_look.c.verb)
    sums = (sa.func.sum(fewer).label("collected"), sa.func.sum(item_look.c.reported).label("reported"))
    query = sa.select(*columns, *sums).join(last, last.c.id == item_look.c.id).group_by(*columns)
    found: dict[str, list[Completeness]] = defaultdict(list)
    for row in session.execute(query):
        found[row.platform].append(Completeness(row.verb, int(row.collected), int(row.reported)))
    order = list(Act)
    return {name: tuple(sorted(parts, key=lambda part: order.index(part.verb))) for name, parts in found.items()}
