"""What the quality and balance of review are measured on: decisions, second looks, and what came in for each pair."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from db.connect import Session
from db.places import inside
from db.standing import STANDING
from db.tables import app_user, candidate, case_hit, contest, review_case, review_event, rule_hit, second_review
from monitor.domain import CandidateBrief, CaseState, EventKind
from monitor.domain.oversight import DecisionFact, PairLoad, SecondLook


def first_decisions(session: Session, regions: tuple[str, ...], since: datetime) -> list[DecisionFact]:
    """Return the decisions since a time by which cases of these regions left their first look, in order."""
    undoing = review_event.alias("undoing")
    undone = sa.exists().where(undoing.c.undoes_id == review_event.c.id)
    query = (
        sa.select(
            review_event.c.case_id, review_event.c.user_id, review_event.c.to_state, review_event.c.at,
            review_case.c.candidate_id, review_case.c.created_at, review_case.c.first_opened_at,
            app_user.c.display_name, undone.label("undone"),
        )
        .join(review_case, review_case.c.id == review_event.c.case_id)
        .join(app_user, app_user.c.id == review_event.c.user_id)
        .where(
            review_event.c.kind == EventKind.DECIDED,
            review_event.c.from_state == CaseState.DITINJAU,
            review_event.c.at >= since,
            inside(review_case.c.jurisdiction, regions),
        )
        .order_by(review_event.c.id)
    )  # fmt: skip
    return [_decision(row) for row in session.execute(query)]


def second_looks(session: Session, regions: tuple[str, ...], since: datetime) -> list[SecondLook]:
    """Return the answers that second persons gave since a time, in order.

    Those to decisions that were taken back are left out, and so are answers that were taken back themselves.
    """
    query = (
        sa.select(second_review)
        .join(review_case, review_case.c.id == second_review.c.case_id)
        .where(
            second_review.c.approved_at >= since,
            second_review.c.decided_state.is_not(None),
            ~_taken_back(),
            inside(review_case.c.jurisdiction, regions),
        )
        .order_by(second_review.c.id)
    )
    return [
        SecondLook(row.case_id, row.kind == "blind", row.proposed_state, row.decided_state)
        for row in session.execute(query)
    ]


def pair_loads(session: Session, regions: tuple[str, ...], since: datetime) -> list[PairLoad]:
    """Return for each pair what came in since a time, pairs of one contest together."""
    here = inside(review_case.c.jurisdiction, regions)
    acts = (
        sa.select(review_case.c.candidate_id, sa.func.count(sa.distinct(rule_hit.c.interaction_id)).label("acts"))
        .join(case_hit, case_hit.c.case_id == review_case.c.id)
        .join(rule_hit, rule_hit.c.id == case_hit.c.hit_id)
        .where(here, STANDING, case_hit.c.joined_at >= since)
        .group_by(review_case.c.candidate_id)
        .subquery()
    )
    cases = (
        sa.select(review_case.c.candidate_id, sa.func.count().label("cases"))
        .where(here, review_case.c.created_at >= since)
        .group_by(review_case.c.candidate_id)
        .subquery()
    )
    query = (
        sa.select(candidate.c.id, candidate.c.contest_id, contest.c.name, candidate.c.number, candidate.c.label,
                  acts.c.acts, cases.c.cases)
        .join(contest, contest.c.id == candidate.c.contest_id)
        .join(acts, acts.c.candidate_id == candidate.c.id, isouter=True)
        .join(cases, cases.c.candidate_id == candidate.c.id, isouter=True)
        .where(sa.or_(acts.c.acts > 0, cases.c.cases > 0))
        .order_by(contest.c.name, candidate.c.number, candidate.c.id)
    )  # fmt: skip
    return [
        PairLoad(CandidateBrief(row.id, row.contest_id, row.name, row.number, row.label), row.acts or 0, row.cases or 0)
        for row in session.execute(query)
    ]


def _taken_back() -> sa.ColumnElement[bool]:
    """Whether an undo took back the decision that a blind look repeats, or the answer of a second person."""
    made, undoing = review_event.alias("made"), review_event.alias("undoing")
    answer = sa.and_(
        second_review.c.kind == "four_eyes",
        made.c.kind == EventKind.DECIDED,
        made.c.user_id == second_review.c.approved_by,
        made.c.to_state == second_review.c.decided_state,
        made.c.at == second_review.c.approved_at,
    )
    return sa.exists().where(
        made.c.case_id == second_review.c.case_id,
        undoing.c.undoes_id == made.c.id,
        sa.or_(made.c.id == second_review.c.event_id, answer),
    )


def _decision(row: Any) -> DecisionFact:
    return DecisionFact(
        case_id=row.case_id,
        candidate_id=row.candidate_id,
        user_id=row.user_id,
        user_name=row.display_name,
        to_state=row.to_state,
        at=row.at,
        opened_at=row.created_at,
        read_at=row.first_opened_at,
        undone=bool(row.undone),
    )
