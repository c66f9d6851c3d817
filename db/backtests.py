"""Trials of rules on stored acts: what is known of acts already, and the figures once they are there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from statistics import median
from typing import Any

import sqlalchemy as sa

from db.connect import Session
from db.contents import chunked
from db.tables import candidate, case_hit, contest, hit_verdict, review_case, review_event, rule_backtest, rule_hit
from db.upsert import insert_one, rows_by
from monitor.domain import Backtest, CandidateBrief, CaseState, EventKind, RuleFile, RuleStatus, Verdict

_EVENTS = 20_000
"""So many of the newest decisions tell how long a case takes."""

_AWAY = timedelta(hours=4)
"""A pause this long between two steps of one reviewer is no work on the case."""


@dataclass(frozen=True, slots=True)
class KnownAct:
    """What is known of one act for one pair: the rules that hit it now, its case's state, verdicts of reviewers.

    `rules` hold those in force only, `tried` those in shadow.
    """

    rules: frozenset[str] = frozenset()
    tried: frozenset[str] = frozenset()
    state: CaseState | None = None
    verdicts: tuple[Verdict, ...] = ()


@dataclass(slots=True)
class _Gathering:
    rules: set[str] = field(default_factory=set)
    tried: set[str] = field(default_factory=set)
    state: CaseState | None = None
    verdicts: dict[tuple[int, int], Verdict] = field(default_factory=dict)


def known_acts(session: Session, interaction_ids: Collection[int]) -> dict[tuple[int, int], KnownAct]:
    """Return what is known of these acts by act and pair; what no rule ever hit is left out."""
    found: dict[tuple[int, int], _Gathering] = defaultdict(_Gathering)
    for ids in chunked(sorted(set(interaction_ids))):
        query = (
            sa.select(rule_hit.c.interaction_id, rule_hit.c.candidate_id, rule_hit.c.rule_id, rule_hit.c.mode,
                      rule_hit.c.active, review_case.c.state)
            .join(case_hit, case_hit.c.hit_id == rule_hit.c.id, isouter=True)
            .join(review_case, review_case.c.id == case_hit.c.case_id, isouter=True)
            .where(rule_hit.c.interaction_id.in_(ids))
            .order_by(rule_hit.c.id)
        )  # fmt: skip
        for row in session.execute(query):
            act = found[row.interaction_id, row.candidate_id]
            if row.active:
                (act.rules if row.mode is RuleStatus.ACTIVE else act.tried).add(row.rule_id)
            act.state = row.state or act.state
        said = (
            sa.select(rule_hit.c.interaction_id, rule_hit.c.candidate_id, hit_verdict)
            .join(rule_hit, rule_hit.c.id == hit_verdict.c.hit_id)
            .where(rule_hit.c.interaction_id.in_(ids))
            .order_by(hit_verdict.c.id)
        )
        for row in session.execute(said):
            found[row.interaction_id, row.candidate_id].verdicts[row.hit_id, row.user_id] = Verdict(row.verdict)
    return {
        key: KnownAct(frozenset(act.rules), frozenset(act.tried), act.state, tuple(act.verdicts.values()))
        for key, act in found.items()
    }


def pair_names(session: Session, candidate_ids: Collection[int]) -> dict[int, CandidateBrief]:
    """Return pairs with their contests by number."""
    columns = (candidate.c.id, candidate.c.contest_id, candidate.c.number, candidate.c.label)
    pairs = list(rows_by(session, columns, candidate.c.id, candidate_ids))
    contests = {pair.contest_id for pair in pairs}
    names = {row.id: row.name for row in rows_by(session, (contest.c.id, contest.c.name), contest.c.id, contests)}
    return {p.id: CandidateBrief(p.id, p.contest_id, names[p.contest_id], p.number, p.label) for p in pairs}


def minutes_per_case(session: Session, least: int) -> float | None:
    """Return the median minutes from taking a case up to the next decision by the same person.

    None while fewer than `least` decisions tell it; those after a pause of hours do not.
    """
    decided = review_event.c.kind == EventKind.DECIDED
    newest = (
        sa.select(review_event.c.id)
        .where(decided, review_event.c.user_id.is_not(None))
        .order_by(review_event.c.id.desc())
        .limit(_EVENTS)
        .subquery()
    )
    query = (
        sa.select(review_event.c.case_id, review_event.c.user_id, review_event.c.to_state, review_event.c.at)
        .join(newest, newest.c.id == review_event.c.id)
        .order_by(review_event.c.case_id, review_event.c.case_version)
    )
    took: list[float] = []
    taken: dict[int, tuple[int, datetime]] = {}
    for row in session.execute(query):
        begun = taken.pop(row.case_id, None)
        if row.to_state is CaseState.DITINJAU:
            taken[row.case_id] = (row.user_id, row.at)
        elif begun is not None and begun[0] == row.user_id and timedelta() <= row.at - begun[1] < _AWAY:
            took.append((row.at - begun[1]).total_seconds() / 60)
    return float(median(took)) if len(took) >= least else None


def store_backtest(session: Session, trial: Backtest, ruleset_hash: str) -> int:
    """Store one trial (its `id` plays no part) and return its number; trials are never changed."""
    return insert_one(
        session,
        rule_backtest,
        rule_id=trial.rule_id,
        rule_version=trial.version,
        content_hash=trial.content_hash,
        ruleset_hash=ruleset_hash,
        ran_at=trial.ran_at,
        ran_by=trial.ran_by,
        figures=dict(trial.figures),
        passed=trial.passed,
    )


def last_backtest(session: Session, rule: RuleFile) -> Backtest | None:
    """Return the newest trial of exactly this content that looked at all stored acts, passed or not."""
    query = (
        sa.select(rule_backtest)
        .where(
            rule_backtest.c.rule_id == rule.rule_id,
            rule_backtest.c.rule_version == rule.version,
            rule_backtest.c.content_hash == rule.content_hash,
        )
        .order_by(rule_backtest.c.id.desc())
    )
    for row in session.execute(query):
        if not row.figures.get("since"):
            return _backtest(row)
    return None


def _backtest(row: Any) -> Backtest:
    return Backtest(
        row.id, row.rule_id, row.rule_version, row.content_hash, row.ran_at, row.ran_by, row.figures, row.passed
    )
