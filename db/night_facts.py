"""What a night saw and did not see, summed up from what it recorded; the model of its summary."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from db import notifications, planned_visits, runs
from db.connect import Found, Session
from db.night_jobs import began_late, job_troubles
from db.shards import unstaffed
from db.tables import (
    account,
    asn,
    attribution,
    candidate,
    candidate_account,
    contest,
    scan_run,
    target_coverage,
    target_run,
)
from db.visit_facts import GOOD
from monitor.domain import Act, AttributionStatus, CaseCounts, Coverage, Direction, JudgedCounts, Outcome
from monitor.domain.nights import NightFacts, PairSeen, RegionSeen, SourceSeen

_LIVE = (AttributionStatus.PROPOSED, AttributionStatus.VERIFIED)
_CAPPED = (Outcome.BUDGET_SPENT, Outcome.QUOTA_SPENT)
_READ = sa.func.sum(sa.case((target_run.c.outcome.in_(GOOD), 1), else_=0))


def night_facts(
    session: Session, now: datetime, run_id: int | None = None, query: str | None = None
) -> NightFacts | None:
    """Return the newest night, the newest of one question, or a named one; None when there is none."""
    wanted = [scan_run.c.id == run_id] if run_id is not None else []
    wanted += [scan_run.c.query_hash == query] if query is not None else []
    newest = sa.select(scan_run).where(*wanted).order_by(scan_run.c.id.desc()).limit(1)
    run = session.execute(newest).one_or_none()
    if run is None:
        return None
    before = _before(session, run)
    since = before.started_at if before is not None else run.started_at
    summary, shared = run.summary or {}, planned_visits.is_shared(session, run.id)
    return NightFacts(
        run=run.id,
        started_at=run.started_at,
        finished_at=run.finished_at,
        resumed_at=run.resumed_at,
        ok=bool(run.ok),
        sources=_sources(session, run.id),
        pairs=_pairs(session, run.id),
        regions=_regions(session, run.id),
        issues=runs.run_issues(session, run.id),
        judged=JudgedCounts(**summary["judged"]) if "judged" in summary else None,
        cases=_cases(summary) if "cases" in summary else None,
        changes=summary.get("observations", {}),
        before=before.started_at if before is not None else None,
        until=before.finished_at if before is not None else None,
        unfinished=_unfinished(session, run, before),
        late=began_late(session, run.id, run.started_at),
        jobs=job_troubles(session, since, run.id),
        undelivered=notifications.undelivered(session, now).count,
        moved_at=_moved_at(session, run.id),
        shared=shared,
        unstaffed=unstaffed(session, now) if shared and run.finished_at is None else (),
    )


def _before(session: Session, run: Found) -> Found | None:
    """Return the night before of the same question that was ended."""
    where = (scan_run.c.query_hash == run.query_hash, scan_run.c.id < run.id, scan_run.c.finished_at.is_not(None))
    return session.execute(sa.select(scan_run).where(*where).order_by(scan_run.c.id.desc()).limit(1)).one_or_none()


def _moved_at(session: Session, run_id: int) -> datetime | None:
    newest = sa.func.max(target_run.c.finished_at, type_=target_run.c.finished_at.type)
    return session.execute(sa.select(newest).where(target_run.c.run_id == run_id)).scalar()


def _unfinished(session: Session, run: Found, before: Found | None) -> tuple[datetime, ...]:
    where = (scan_run.c.id < run.id, scan_run.c.id > (before.id if before else 0), scan_run.c.finished_at.is_(None))
    return tuple(session.execute(sa.select(scan_run.c.started_at).where(*where).order_by(scan_run.c.id)).scalars())


def _sources(session: Session, run_id: int) -> tuple[SourceSeen, ...]:
    total, mine = sa.func.sum, target_run.c.run_id == run_id
    query = sa.select(
        target_run.c.source, target_run.c.outcome, sa.func.count().label("targets"),
        total(target_run.c.requests).label("requests"), total(target_run.c["items"]).label("texts"),
        total(target_run.c.interactions).label("acts"), total(target_run.c.bystanders_discarded).label("bystanders"),
        sa.func.min(target_run.c.started_at, type_=target_run.c.started_at.type).label("first"),
        sa.func.max(target_run.c.finished_at, type_=target_run.c.finished_at.type).label("last"),
    ).where(mine)  # fmt: skip
    by_source: dict[str, list[Found]] = defaultdict(list)
    for row in session.execute(query.group_by(target_run.c.source, target_run.c.outcome)):
        by_source[row.source].append(row)
    seen, unread = _coverage(session, run_id), _unread(session, run_id)
    return tuple(_source(name, by_source[name], seen.get(name, {}), unread[name]) for name in sorted(by_source))


def _source(
    name: str, rows: Sequence[Found], seen: Mapping[Act, Mapping[Coverage, int]], unread: list[datetime | None]
) -> SourceSeen:
    counts = {row.outcome: int(row.targets) for row in rows}
    asked = [row for row in rows if row.requests]
    known = [at for at in unread if at is not None]
    return SourceSeen(
        name=name,
        targets=sum(counts.values()),
        read=sum(counts.get(outcome, 0) for outcome in GOOD),
        outcomes=tuple((outcome, counts[outcome]) for outcome in Outcome if outcome in counts),
        coverage=tuple(
            (act, tuple((c, seen[act][c]) for c in Coverage if c in seen[act])) for act in Act if act in seen
        ),
        requests=sum(int(row.requests) for row in rows),
        items=sum(int(row.texts) for row in rows),
        acts=sum(int(row.acts) for row in rows),
        bystanders=sum(int(row.bystanders) for row in rows),
        seconds=(max(r.last for r in asked) - min(r.first for r in asked)).total_seconds() if asked else None,
        waiting=sum(counts.get(outcome, 0) for outcome in _CAPPED),
        never=len(unread) - len(known),
        longest_unseen=min(known, default=None),
    )


def _coverage(session: Session, run_id: int) -> dict[str, dict[Act, dict[Coverage, int]]]:
    columns = (target_run.c.source, target_coverage.c.act, target_coverage.c.coverage)
    query = sa.select(*columns, sa.func.count().label("targets")).join(
        target_run, target_run.c.id == target_coverage.c.target_run_id
    )
    found: dict[str, dict[Act, dict[Coverage, int]]] = defaultdict(lambda: defaultdict(dict))
    for row in session.execute(query.where(target_run.c.run_id == run_id).group_by(*columns)):
        found[row.source][row.act][row.coverage] = row.targets
    return found


def _unread(session: Session, run_id: int) -> dict[str, list[datetime | None]]:
    """Return by source when each target that the night did not read was last read, None for never."""
    earlier = target_run.alias("earlier")
    same = sa.and_(
        earlier.c.source == target_run.c.source,
        earlier.c.target == target_run.c.target,
        earlier.c.direction == target_run.c.direction,
        earlier.c.outcome.in_(GOOD),
    )
    last = sa.func.max(earlier.c.finished_at, type_=earlier.c.finished_at.type).label("last")
    where = (target_run.c.run_id == run_id, target_run.c.outcome.not_in(GOOD))
    query = sa.select(target_run.c.source, target_run.c.id, last).join(earlier, same, isouter=True).where(*where)
    found: dict[str, list[datetime | None]] = defaultdict(list)
    for row in session.execute(query.group_by(target_run.c.source, target_run.c.id)):
        found[row.source].append(row.last)
    return found


def _visited(run_id: int, direction: Direction) -> sa.ColumnElement[bool]:
    return sa.and_(
        target_run.c.run_id == run_id,
        target_run.c.direction == direction,
        target_run.c.source == account.c.platform,
        target_run.c.target == account.c.platform_user_id,
    )


def _pairs(session: Session, run_id: int) -> tuple[PairSeen, ...]:
    columns = (contest.c.name, candidate.c.number, candidate.c.label)
    query = (
        sa.select(*columns, sa.func.count().label("accounts"), _READ.label("read"))
        .select_from(candidate)
        .join(contest, contest.c.id == candidate.c.contest_id)
        .join(candidate_account, candidate_account.c.candidate_id == candidate.c.id)
        .join(account, account.c.id == candidate_account.c.account_id)
        .join(target_run, _visited(run_id, Direction.CANDIDATE))
        .where(candidate.c.removed_at.is_(None))
        .group_by(candidate.c.id, *columns)
        .order_by(contest.c.name, candidate.c.number, candidate.c.id)
    )
    return tuple(PairSeen(r.name, r.number, r.label, r.accounts, int(r.read)) for r in session.execute(query))


def _regions(session: Session, run_id: int) -> tuple[RegionSeen, ...]:
    """Count accounts by the place of the people whose they are; nobody is named."""
    query = (
        sa.select(asn.c.jurisdiction, sa.func.count().label("accounts"), _READ.label("read"))
        .select_from(target_run)
        .join(account, _visited(run_id, Direction.SUBJECT))
        .join(attribution, attribution.c.account_id == account.c.id)
        .join(asn, asn.c.id == attribution.c.asn_id)
        .where(attribution.c.status.in_(_LIVE))
        .group_by(asn.c.jurisdiction)
        .order_by(asn.c.jurisdiction)
    )
    return tuple(RegionSeen(row.jurisdiction, row.accounts, int(row.read)) for row in session.execute(query))


def _cases(summary: Mapping[str, Any]) -> CaseCounts:
    hidden = summary.get("suppressed", {})
    return CaseCounts(**summary["cases"], hidden=hidden.get("hidden", 0), back=hidden.get("back", 0))
