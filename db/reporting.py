"""What reports count: facts as of one review event, coverage of the nights, and rules in force."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from db.chain import canonical, text_hash
from db.connect import Session
from db.contents import chunked
from db.places import in_region
from db.report_facts import (
    AsOf,
    CandidateFact,
    CaseFact,
    CoverageFact,
    EventFact,
    HitFact,
    RuleFact,
    RulesetFact,
    VisitFact,
)
from db.tables import (
    account,
    asn,
    attribution,
    candidate,
    candidate_account,
    contest,
    hit_verdict,
    interaction,
    judgement,
    jurisdiction,
    law_profile,
    review_case,
    review_event,
    rule_hit,
    rule_version,
    ruleset,
    ruleset_rule,
    scan_issue,
    scan_run,
    stage,
    target_coverage,
    target_run,
)
from monitor.domain import Direction, JudgementOutcome, Outcome


def last_known(session: Session) -> AsOf:
    """Return the as-of of this moment."""

    def newest(column: sa.Column[int], *where: sa.ColumnElement[bool]) -> int:
        return int(session.execute(sa.select(sa.func.max(column)).where(*where)).scalar() or 0)

    return AsOf(
        event=newest(review_event.c.id),
        run=newest(scan_run.c.id, scan_run.c.finished_at.is_not(None)),
        judgement=newest(judgement.c.id),
        verdict=newest(hit_verdict.c.id),
    )


def case_facts(session: Session, region: str, as_of: AsOf) -> tuple[CaseFact, ...]:
    """Return the cases of a region (empty: all) that the as-of knows, by number."""
    told = sa.exists().where(review_event.c.case_id == review_case.c.id, review_event.c.id <= as_of.event)
    query = (
        sa.select(review_case, asn.c.employment)
        .join(asn, asn.c.id == review_case.c.asn_id)
        .where(told, in_region(review_case.c.jurisdiction, region))
        .order_by(review_case.c.id)
    )
    return tuple(
        CaseFact(
            row.id, row.asn_id, row.employment, row.jurisdiction, row.contest_id, row.candidate_id, row.law,
            row.law_row, row.stage,
        )
        for row in session.execute(query)
    )  # fmt: skip


def cases_without_region(session: Session, as_of: AsOf) -> int:
    """Return how many cases belong to no region, and so to no region's report."""
    told = sa.exists().where(review_event.c.case_id == review_case.c.id, review_event.c.id <= as_of.event)
    query = sa.select(sa.func.count()).select_from(review_case).where(told, review_case.c.jurisdiction == "")
    return int(session.execute(query).scalar_one())


def event_facts(session: Session, case_ids: Sequence[int], as_of: AsOf) -> tuple[EventFact, ...]:
    """Return the events of cases up to the as-of, in order."""
    rows: list[Any] = []
    for ids in chunked(case_ids):
        query = sa.select(review_event).where(review_event.c.case_id.in_(ids), review_event.c.id <= as_of.event)
        rows += session.execute(query).all()
    rows.sort(key=lambda row: row.id)
    undone = {row.undoes_id for row in rows if row.undoes_id is not None}
    return tuple(
        EventFact(
            row.id, row.case_id, row.kind, row.at, row.from_state, row.to_state, row.reason or "",
            tuple(int(hit) for hit in json.loads(row.detail).get("hits", ())), row.id in undone,
        )
        for row in rows
    )  # fmt: skip


def hit_facts(session: Session, hit_ids: Iterable[int]) -> dict[int, HitFact]:
    """Return hits by number."""
    facts: dict[int, HitFact] = {}
    for ids in chunked(sorted(set(hit_ids))):
        query = (
            sa.select(
                rule_hit.c.id,
                rule_hit.c.interaction_id,
                interaction.c.act,
                interaction.c.platform,
                rule_hit.c.rule_id,
                rule_hit.c.rule_version,
            )
            .join(interaction, interaction.c.id == rule_hit.c.interaction_id)
            .where(rule_hit.c.id.in_(ids))
        )
        facts |= {row.id: HitFact(*row) for row in session.execute(query)}
    return facts


def judged_outcomes(
    session: Session, region: str, week: tuple[datetime, datetime], as_of: AsOf
) -> dict[JudgementOutcome, int]:
    """Return how the acts first seen in a week were judged last, up to the as-of."""
    last = (
        sa.select(sa.func.max(judgement.c.id).label("id"))
        .join(interaction, interaction.c.id == judgement.c.interaction_id)
        .where(judgement.c.id <= as_of.judgement, _within(interaction.c.seen_first_at, week), _of_region(region))
        .group_by(judgement.c.interaction_id)
        .subquery()
    )
    query = (
        sa.select(judgement.c.outcome, sa.func.count())
        .join(last, last.c.id == judgement.c.id)
        .group_by(judgement.c.outcome)
    )
    return {row[0]: row[1] for row in session.execute(query)}


def coverage_facts(session: Session, week: tuple[datetime, datetime], as_of: AsOf) -> tuple[CoverageFact, ...]:
    """Return what the visits of a week could see, for all regions together."""
    query = (
        sa.select(
            target_run.c.source,
            target_run.c.direction,
            target_coverage.c.act,
            target_coverage.c.coverage,
            sa.func.count(),
        )
        .join(target_coverage, target_coverage.c.target_run_id == target_run.c.id)
        .join(scan_run, scan_run.c.id == target_run.c.run_id)
        .where(_night(week, as_of))
        .group_by(target_run.c.source, target_run.c.direction, target_coverage.c.act, target_coverage.c.coverage)
    )
    return tuple(CoverageFact(*row) for row in session.execute(query))


def visit_facts(session: Session, week: tuple[datetime, datetime], as_of: AsOf) -> tuple[VisitFact, ...]:
    """Return how the visits of a week ended, for all regions together."""
    query = (
        sa.select(
            target_run.c.source,
            target_run.c.outcome,
            sa.func.count(),
            sa.func.sum(target_run.c.requests),
            sa.func.sum(target_run.c.bystanders_discarded),
        )
        .join(scan_run, scan_run.c.id == target_run.c.run_id)
        .where(_night(week, as_of))
        .group_by(target_run.c.source, target_run.c.outcome)
    )
    rows = session.execute(query)
    return tuple(VisitFact(source, outcome, *map(int, numbers)) for source, outcome, *numbers in rows)


def issue_counts(session: Session, week: tuple[datetime, datetime], as_of: AsOf) -> dict[tuple[str, str], int]:
    """Return how many issues the nights of a week wrote, by source and kind."""
    query = (
        sa.select(scan_issue.c.source, scan_issue.c.kind, sa.func.count())
        .join(scan_run, scan_run.c.id == scan_issue.c.run_id)
        .where(_night(week, as_of))
        .group_by(scan_issue.c.source, scan_issue.c.kind)
    )
    return {(source, kind): count for source, kind, count in session.execute(query)}


def nights(session: Session, week: tuple[datetime, datetime], as_of: AsOf) -> tuple[int, int]:
    """Return how many nights began in a week, and how many of them ended well."""
    ended_well = sa.func.coalesce(sa.func.sum(sa.case((scan_run.c.ok.is_(True), 1), else_=0)), 0)
    row = session.execute(sa.select(sa.func.count(), ended_well).select_from(scan_run).where(_night(week, as_of))).one()
    return int(row[0]), int(row[1])


def candidate_facts(
    session: Session, region: str, week: tuple[datetime, datetime], as_of: AsOf
) -> tuple[CandidateFact, ...]:
    """Return the pairs of all contests that concern a region, with how much of each was watched."""
    good = [outcome for outcome in Outcome if outcome.good]
    visited = (
        sa.select(
            candidate_account.c.candidate_id,
            sa.func.count().label("visits"),
            sa.func.sum(sa.case((target_run.c.outcome.in_(good), 1), else_=0)).label("good"),
        )
        .join(account, account.c.id == candidate_account.c.account_id)
        .join(target_run, target_run.c.target == account.c.platform_user_id)
        .join(scan_run, scan_run.c.id == target_run.c.run_id)
        .where(target_run.c.direction == Direction.CANDIDATE, _night(week, as_of))
        .group_by(candidate_account.c.candidate_id)
        .subquery()
    )
    held = (
        sa.select(candidate_account.c.candidate_id, sa.func.count().label("accounts"))
        .group_by(candidate_account.c.candidate_id)
        .subquery()
    )
    query = (
        sa.select(
            candidate.c.id,
            contest.c.name,
            candidate.c.number,
            candidate.c.label,
            sa.func.coalesce(held.c.accounts, 0),
            sa.func.coalesce(visited.c.visits, 0),
            sa.func.coalesce(visited.c.good, 0),
            contest.c.region,
        )
        .join(contest, contest.c.id == candidate.c.contest_id)
        .join(held, held.c.candidate_id == candidate.c.id, isouter=True)
        .join(visited, visited.c.candidate_id == candidate.c.id, isouter=True)
        .order_by(contest.c.name, contest.c.id, candidate.c.number)
    )
    rows = [tuple(row) for row in session.execute(query)]
    return tuple(CandidateFact(*row[:7]) for row in rows if _concerns(row[7], region))


def stage_starts(session: Session, before: datetime) -> dict[int, datetime]:
    """Return for every contest when the stage began that was in force just before a time."""
    query = (
        sa.select(stage.c.contest_id, sa.func.max(stage.c.starts_at))
        .where(stage.c.starts_at < before)
        .group_by(stage.c.contest_id)
    )
    return {row[0]: row[1] for row in session.execute(query)}


def region_names(session: Session) -> dict[str, str]:
    """Return the names of regions by code."""
    return {row.code: row.name for row in session.execute(sa.select(jurisdiction))}


def ruleset_fact(session: Session, as_of: AsOf) -> RulesetFact | None:
    """Return the rule set of the last judgement that the as-of knows, None before the first."""
    number = session.execute(
        sa.select(judgement.c.ruleset_id)
        .where(judgement.c.id <= as_of.judgement)
        .order_by(judgement.c.id.desc())
        .limit(1)
    ).scalar()
    if number is None:
        return None
    rules = (
        sa.select(rule_version.c.rule_id, rule_version.c.version, ruleset_rule.c.status, rule_version.c.content_hash)
        .join(ruleset_rule, ruleset_rule.c.rule_version_id == rule_version.c.id)
        .where(ruleset_rule.c.ruleset_id == number)
        .order_by(rule_version.c.rule_id, rule_version.c.version, rule_version.c.content_hash)
    )
    laws = sa.select(law_profile).where(law_profile.c.ruleset_id == number).order_by(law_profile.c.profile)
    return RulesetFact(
        hash=str(session.execute(sa.select(ruleset.c.hash).where(ruleset.c.id == number)).scalar_one()),
        rules=tuple(RuleFact(*row) for row in session.execute(rules)),
        laws=tuple((row.profile, row.title, text_hash(canonical(row.content))) for row in session.execute(laws)),
    )


def _concerns(contest_region: str, region: str) -> bool:
    """Whether a contest is held in the region, in a part of it, or in a place that contains it."""
    wider = not contest_region or region == contest_region or region.startswith(contest_region + ".")
    return not region or wider or contest_region.startswith(region + ".")


def _within(moment: sa.Column[datetime], week: tuple[datetime, datetime]) -> sa.ColumnElement[bool]:
    return sa.and_(moment >= week[0], moment < week[1])


def _night(week: tuple[datetime, datetime], as_of: AsOf) -> sa.ColumnElement[bool]:
    return sa.and_(scan_run.c.id <= as_of.run, _within(scan_run.c.started_at, week))


def _of_region(region: str) -> sa.ColumnElement[bool]:
    if not region:
        return sa.true()
    return (
        sa.exists()
        .where(attribution.c.account_id == interaction.c.actor_account_id)
        .where(asn.c.id == attribution.c.asn_id, in_region(asn.c.jurisdiction, region))
    )
