"""What reports count: facts as of one review event, coverage of the nights, and rules in force."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime

import sqlalchemy as sa

from db.chain import canonical, text_hash
from db.connect import Session
from db.places import in_region
from db.report_facts import (
    AsOf,
    CandidateFact,
    ContestFact,
    CoverageFact,
    HourFact,
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
    review_event,
    rule_version,
    ruleset,
    ruleset_rule,
    scan_issue,
    scan_run,
    stage,
    target_coverage,
    target_run,
)
from monitor.domain import Coverage, Direction, JudgementOutcome, Outcome, StageKind


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


def judged_outcomes(
    session: Session, region: str, week: tuple[datetime, datetime], as_of: AsOf
) -> dict[JudgementOutcome, int]:
    """Return how the acts first judged in a week were judged last, up to the as-of."""
    each = (
        sa.select(sa.func.min(judgement.c.id).label("first"), sa.func.max(judgement.c.id).label("last"))
        .join(interaction, interaction.c.id == judgement.c.interaction_id)
        .where(judgement.c.id <= as_of.judgement, _of_region(region))
        .group_by(judgement.c.interaction_id)
        .subquery()
    )
    first = judgement.alias("first_judgement")
    query = (
        sa.select(judgement.c.outcome, sa.func.count())
        .join(each, each.c.last == judgement.c.id)
        .join(first, first.c.id == each.c.first)
        .where(_within(first.c.judged_at, week))
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


def hour_facts(session: Session, week: tuple[datetime, datetime], as_of: AsOf) -> tuple[HourFact, ...]:
    """Return by source, verb and hour (UTC) what visits of a week looked for and saw whole, for all regions together.

    A visit counts in the hour of its first request, one without a request in that of its night.
    """
    moment = sa.func.coalesce(target_run.c.started_at, scan_run.c.started_at)
    hour = (
        sa.func.to_char(sa.func.timezone("UTC", moment), "YYYY-MM-DD HH24")
        if session.dialect.name == "postgresql"
        else sa.func.strftime("%Y-%m-%d %H", moment)
    )
    seen = sa.func.sum(sa.case((target_coverage.c.coverage == Coverage.OBSERVED, 1), else_=0))
    key = (target_run.c.source, target_coverage.c.act, hour.label("hour"))
    query = (
        sa.select(*key, sa.func.count(), seen)
        .join(target_coverage, target_coverage.c.target_run_id == target_run.c.id)
        .join(scan_run, scan_run.c.id == target_run.c.run_id)
        .where(_night(week, as_of))
        .group_by(*key)
    )
    return tuple(
        HourFact(source, act, datetime.strptime(text, "%Y-%m-%d %H").replace(tzinfo=UTC), int(looks), int(observed))
        for source, act, text, looks, observed in session.execute(query)
    )


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
    """Return the pairs of the contests that concern a region and had begun, with how much of each was watched."""
    begun = sa.exists().where(stage.c.contest_id == contest.c.id, stage.c.starts_at < week[1])
    good = [outcome for outcome in Outcome if outcome.good]
    visited = (
        sa.select(
            candidate_account.c.candidate_id,
            sa.func.count().label("visits"),
            sa.func.sum(sa.case((target_run.c.outcome.in_(good), 1), else_=0)).label("good"),
        )
        .join(account, account.c.id == candidate_account.c.account_id)
        .join(
            target_run,
            sa.and_(target_run.c.source == account.c.platform, target_run.c.target == account.c.platform_user_id),
        )
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
    rows = [tuple(row) for row in session.execute(query.where(begun))]
    return tuple(CandidateFact(*row[:7]) for row in rows if _concerns(row[7], region))


def contest_facts(session: Session, region: str, before: datetime) -> tuple[ContestFact, ...]:
    """Return the contests that concern a region and had begun before a time, by name, with their stages until then."""
    stages: dict[int, list[tuple[StageKind, datetime]]] = defaultdict(list)
    begun = sa.select(stage).where(stage.c.starts_at < before).order_by(stage.c.starts_at)
    for row in session.execute(begun):
        stages[row.contest_id].append((row.kind, row.starts_at))
    rows = session.execute(sa.select(contest).order_by(contest.c.name, contest.c.id))
    return tuple(
        ContestFact(row.id, row.name, row.region, row.office.value, tuple(stages[row.id]))
        for row in rows
        if stages.get(row.id) and _concerns(row.region, region)
    )


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
    query = sa.select(law_profile).where(law_profile.c.ruleset_id == number).order_by(law_profile.c.profile)
    laws = session.execute(query).all()
    return RulesetFact(
        hash=str(session.execute(sa.select(ruleset.c.hash).where(ruleset.c.id == number)).scalar_one()),
        rules=tuple(RuleFact(*row) for row in session.execute(rules)),
        laws=tuple((row.profile, row.title, text_hash(canonical(row.content))) for row in laws),
        profiles={row.profile: row.content for row in laws},
    )


def _concerns(contest_region: str, region: str) -> bool:
    """Whether a contest is held in the region, in a part of it, or in a place that contains it."""
    wider = not contest_region or region == contest_region or region.startswith(contest_region + ".")
    return not region or wider or contest_region.startswith(region + ".")


def _within(moment: sa.Column[datetime], week: tuple[datetime, datetime]) -> sa.ColumnElement[bool]:
    return sa.and_(moment >= week[0], moment < week[1])


def _night(week: tuple[datetime, datetime], as_of: AsOf) -> sa.ColumnElement[bool]:
    """Whether a night began in a week and had ended when the last known one did; one taken up later is not known."""
    newest = sa.select(scan_run.c.finished_at).where(scan_run.c.id == as_of.run).scalar_subquery()
    known = sa.and_(scan_run.c.id <= as_of.run, scan_run.c.finished_at <= newest)
    return sa.and_(known, _within(scan_run.c.started_at, week))


def _of_region(region: str) -> sa.ColumnElement[bool]:
    if not region:
        return sa.true()
    return (
        sa.exists()
        .where(attribution.c.account_id == interaction.c.actor_account_id)
        .where(asn.c.id == attribution.c.asn_id, in_region(asn.c.jurisdiction, region))
    )
