"""What the reports count of acts and cases: streams of facts that events tell, never a list of them all."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from db.base import BIG
from db.connect import Session
from db.places import in_region
from db.report_facts import ActFact, CaseFact, CourseFact, MarkFact, Reach, ReferenceFact, StepFact, WorkFact
from db.tables import (
    asn,
    candidate,
    case_hit,
    contest,
    interaction,
    interaction_capture,
    manual_find,
    review_case,
    review_event,
    review_event_note,
    rule_hit,
)
from monitor.domain import CaseState, EventKind

_BRINGS = (EventKind.OPENED, EventKind.HIT_JOINED, EventKind.REOPENED)
_AT_ONCE = 1000
"""Rows held at a time, whatever the number of all."""

_PAPERS = (CaseState.TERDAFTAR, CaseState.TIDAK_DIREGISTRASI, CaseState.DITERUSKAN, CaseState.TINDAK_LANJUT)
"""States whose step asks for a number and a date in its note."""


def acts(session: Session, reach: Reach) -> Iterator[ActFact]:
    """Give every act once, person by person: of its hits the one that came first counts, of these the best ranked."""
    first = _first_of(session, reach, rule_hit.c.interaction_id).subquery()
    query = (
        sa.select(*_case_columns(), interaction.c.id.label("interaction_id"), interaction.c.act, interaction.c.platform,
                  first.c.at)
        .select_from(first)
        .join(interaction, interaction.c.id == first.c.interaction_id)
        .join(review_case, review_case.c.id == first.c.case_id)
        .join(asn, asn.c.id == review_case.c.asn_id)
        .where(first.c.place == 1)
        .order_by(review_case.c.asn_id, interaction.c.id)
    )  # fmt: skip
    for row in _stream(session, query):
        yield ActFact(_case(row), row.interaction_id, row.act, row.platform, row.at)


def acts_by_pair(session: Session, reach: Reach) -> Iterator[MarkFact]:
    """Give every act once for each pair that it is about, with the pair's number of row as mark."""
    first = _first_of(session, reach, rule_hit.c.interaction_id, review_case.c.candidate_id).subquery()
    query = sa.select(first.c.candidate_id, first.c.contest_id, first.c.at).where(first.c.place == 1)
    for row in _stream(session, query):
        yield MarkFact((row.candidate_id,), row.contest_id, row.at)


def hits_by_rule(session: Session, reach: Reach) -> Iterator[MarkFact]:
    """Give every hit in a case, with rule and version as mark."""
    for row in _stream(session, _brought(session, reach)):
        yield MarkFact((row.rule_id, row.rule_version), row.contest_id, row.at)


def noted(session: Session, reach: Reach) -> Iterator[tuple[Any, ...]]:
    """Give every hit in a case, in the order in which it was noted, with what of it never changes and no person.

    Hit, act, case, time, verb, platform, rule, version, law, row, stage, contest, number of the pair, place, office.
    """
    first = _first_of(session, reach, rule_hit.c.id).subquery()
    query = (
        sa.select(rule_hit.c.id, rule_hit.c.interaction_id, first.c.case_id, first.c.at, interaction.c.act,
                  interaction.c.platform, rule_hit.c.rule_id, rule_hit.c.rule_version, review_case.c.law,
                  review_case.c.law_row, review_case.c.stage, contest.c.name, candidate.c.number,
                  review_case.c.jurisdiction, asn.c.employment)
        .select_from(first)
        .join(rule_hit, rule_hit.c.id == first.c.hit_id)
        .join(interaction, interaction.c.id == rule_hit.c.interaction_id)
        .join(review_case, review_case.c.id == first.c.case_id)
        .join(contest, contest.c.id == review_case.c.contest_id)
        .join(candidate, candidate.c.id == review_case.c.candidate_id)
        .join(asn, asn.c.id == review_case.c.asn_id)
        .where(first.c.place == 1)
        .order_by(first.c.event_id, rule_hit.c.id)
    )  # fmt: skip
    return (tuple(row) for row in _stream(session, query))


def noted_count(session: Session, reach: Reach) -> int:
    """Return how many hits `noted` gives."""
    first = _first_of(session, reach, rule_hit.c.id).subquery()
    query = sa.select(sa.func.count()).select_from(first).where(first.c.place == 1)
    return int(session.execute(query).scalar_one())


def courses(session: Session, reach: Reach) -> Iterator[CourseFact]:
    """Give every case with how far it had come, by number."""
    told, found = _told(reach).subquery(), _found()
    last, known = review_event.alias("last"), review_event.alias("known")
    query = (
        sa.select(*_case_columns(), contest.c.regime, last.c.to_state, known.c.detail.label("known"),
                  found.c.find, *(told.c[name] for name in _MOMENTS))
        .select_from(told)
        .join(review_case, review_case.c.id == told.c.case_id)
        .join(asn, asn.c.id == review_case.c.asn_id)
        .join(contest, contest.c.id == review_case.c.contest_id)
        .join(last, last.c.id == told.c.last_event)
        .join(known, known.c.id == told.c.known_event, isouter=True)
        .join(found, found.c.case_id == review_case.c.id, isouter=True)
        .order_by(review_case.c.id)
    )  # fmt: skip
    for row in _stream(session, query):
        moments = {name: getattr(row, name) for name in _MOMENTS}
        said = datetime.fromisoformat(json.loads(row.known)["known_at"]) if row.known else None
        yield CourseFact(_case(row), row.regime, row.to_state, known_at=said, find=row.find or "", **moments)


def steps(session: Session, reach: Reach) -> Iterator[StepFact]:
    """Give every decision that nobody took back, in order; to take a new case under review is none."""
    names = ("id", "case_id", "at", "from_state", "to_state", "reason")
    query = (
        sa.select(*(review_event.c[name] for name in names), review_case.c.contest_id)
        .join(review_case, review_case.c.id == review_event.c.case_id)
        .where(_within(reach), _stands(reach), review_event.c.from_state != CaseState.BARU)
        .order_by(review_event.c.id)
    )
    for row in _stream(session, query):
        yield StepFact(
            row.id, row.case_id, row.contest_id, row.at, row.from_state, row.to_state, row.reason or ""
        )  # fmt: skip


def work(session: Session, reach: Reach, since: datetime) -> Iterator[WorkFact]:
    """Give what people did with cases since a time, person by person in order of time."""
    query = (
        sa.select(review_event.c.user_id, review_event.c.case_id, review_event.c.at)
        .join(review_case, review_case.c.id == review_event.c.case_id)
        .where(_within(reach), review_event.c.user_id.is_not(None), review_event.c.at >= since)
        .order_by(review_event.c.user_id, review_event.c.at, review_event.c.id)
    )
    for row in _stream(session, query):
        yield WorkFact(row.user_id, row.case_id, row.at)


def references(session: Session, reach: Reach, since: datetime) -> Iterator[ReferenceFact]:
    """Give the steps since a time that rest on a paper of the office, in order."""
    found = _found()
    query = (
        sa.select(review_event.c.case_id, review_event.c.at, review_event.c.to_state, found.c.find,
                  review_event_note.c.note)
        .join(review_case, review_case.c.id == review_event.c.case_id)
        .join(found, found.c.case_id == review_case.c.id, isouter=True)
        .join(review_event_note, review_event_note.c.event_id == review_event.c.id, isouter=True)
        .where(_within(reach), _stands(reach), review_event.c.at >= since, review_event.c.to_state.in_(_PAPERS))
        .order_by(review_event.c.id)
    )  # fmt: skip
    for row in _stream(session, query):
        yield ReferenceFact(row.case_id, row.at, row.to_state, row.find or "", row.note or "")


def without_region(session: Session, reach: Reach) -> int:
    """Return how many cases belong to no region, and so to no region's report."""
    told = sa.exists().where(review_event.c.case_id == review_case.c.id, _known(reach))
    query = sa.select(sa.func.count()).select_from(review_case).where(told, review_case.c.jurisdiction == "")
    return int(session.execute(query).scalar_one())


_MOMENTS = (
    "opened_at", "first_opened_at", "decided_at", "registered_at", "forwarded_at", "answered_at", "closed_at",
)  # fmt: skip


def _told(reach: Reach) -> sa.Select[Any]:
    """Return by case what its events add up to."""

    def at(taken: Any, *where: sa.ColumnElement[bool]) -> sa.ColumnElement[datetime]:
        moment: sa.ColumnElement[datetime] = taken(sa.case((sa.and_(*where), review_event.c.at)))
        return moment

    def reached(state: CaseState) -> sa.ColumnElement[datetime]:
        return at(sa.func.max, _stands(reach), review_event.c.to_state == state)

    says_when = review_event.c.detail.contains('"known_at":', autoescape=True)
    first_look = sa.and_(_stands(reach), review_event.c.from_state == CaseState.DITINJAU)
    columns = (
        sa.func.min(review_event.c.at).label("opened_at"),
        at(sa.func.min, review_event.c.kind == EventKind.FIRST_OPENED).label("first_opened_at"),
        at(sa.func.min, first_look).label("decided_at"),
        reached(CaseState.TERDAFTAR).label("registered_at"),
        reached(CaseState.DITERUSKAN).label("forwarded_at"),
        reached(CaseState.TINDAK_LANJUT).label("answered_at"),
        reached(CaseState.DITUTUP).label("closed_at"),
        sa.func.max(review_event.c.id).label("last_event"),
        sa.func.max(sa.case((says_when, review_event.c.id))).label("known_event"),
    )
    return (
        sa.select(review_event.c.case_id, *columns)
        .join(review_case, review_case.c.id == review_event.c.case_id)
        .where(_within(reach))
        .group_by(review_event.c.case_id)
    )


def _first_of(session: Session, reach: Reach, *each: sa.ColumnElement[Any]) -> sa.Select[Any]:
    """Return hits as events brought them to cases, numbered in `place` for each of something; 1 came first."""
    order = (review_event.c.at, rule_hit.c.law_rank, rule_hit.c.id)
    place = sa.func.row_number().over(partition_by=each, order_by=order)
    return _brought(session, reach).add_columns(place.label("place"))


def _brought(session: Session, reach: Reach) -> sa.Select[Any]:
    """Return hits as events brought them to cases; each is in one case, and came to it once."""
    hit = _hit_numbers(session)
    return (
        sa.select(
            rule_hit.c.interaction_id, rule_hit.c.rule_id, rule_hit.c.rule_version, review_event.c.at,
            review_case.c.id.label("case_id"), review_case.c.candidate_id, review_case.c.contest_id,
            rule_hit.c.id.label("hit_id"), review_event.c.id.label("event_id"),
        )
        .select_from(review_event)
        .join(hit, sa.true())
        .join(rule_hit, rule_hit.c.id == sa.cast(hit.c.value, BIG))
        .join(review_case, review_case.c.id == review_event.c.case_id)
        .where(_within(reach), review_event.c.kind.in_(_BRINGS))
    )  # fmt: skip


def _hit_numbers(session: Session) -> sa.TableValuedAlias:
    """Return the hits that an event's detail names, as rows."""
    detail = review_event.c.detail
    if session.dialect.name == "postgresql":
        return sa.func.jsonb_array_elements_text(sa.cast(detail, JSONB)["hits"]).table_valued("value")
    return sa.func.json_each(detail, "$.hits").table_valued("value")


def _found() -> sa.Subquery:
    """Return by case the kind of the find by hand that opened it: there before, and of an act of its first hits."""
    return (
        sa.select(case_hit.c.case_id, sa.func.min(sa.cast(manual_find.c.kind, sa.String)).label("find"))
        .select_from(manual_find)
        .join(interaction_capture, interaction_capture.c.capture_id == manual_find.c.capture_id)
        .join(rule_hit, rule_hit.c.interaction_id == interaction_capture.c.interaction_id)
        .join(case_hit, case_hit.c.hit_id == rule_hit.c.id)
        .join(review_case, review_case.c.id == case_hit.c.case_id)
        .where(case_hit.c.joined_at <= review_case.c.created_at, manual_find.c.received_at <= review_case.c.created_at)
        .group_by(case_hit.c.case_id)
        .subquery()
    )


def _within(reach: Reach) -> sa.ColumnElement[bool]:
    return sa.and_(_known(reach), in_region(review_case.c.jurisdiction, reach.region))


def _known(reach: Reach) -> sa.ColumnElement[bool]:
    return sa.and_(review_event.c.id <= reach.as_of.event, review_event.c.at < reach.ends)


def _stands(reach: Reach) -> sa.ColumnElement[bool]:
    """Whether an event is a decision that nobody took back before the end."""
    undoing = review_event.alias("undoing")
    back = sa.select(undoing.c.undoes_id).where(
        undoing.c.undoes_id.is_not(None), undoing.c.id <= reach.as_of.event, undoing.c.at < reach.ends
    )
    return sa.and_(review_event.c.kind == EventKind.DECIDED, review_event.c.id.not_in(back))


def _case_columns() -> tuple[sa.ColumnElement[Any], ...]:
    names = ("id", "asn_id", "jurisdiction", "contest_id", "candidate_id", "law", "law_row", "stage")
    return (*(review_case.c[name] for name in names), asn.c.employment, asn.c.position)


def _case(row: Any) -> CaseFact:
    return CaseFact(
        row.id, row.asn_id, row.employment, row.jurisdiction, row.contest_id, row.candidate_id, row.law, row.law_row,
        row.stage, row.position,
    )  # fmt: skip


def _stream(session: Session, query: sa.Select[Any]) -> Iterator[Any]:
    return iter(session.execute(query, execution_options={"yield_per": _AT_ONCE}))
