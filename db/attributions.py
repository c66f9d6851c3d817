"""Attributions as the desk reads them: lists paged by key, one with all around it, and the cases that rest on it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any

import sqlalchemy as sa

from db.connect import Session
from db.contents import chunked
from db.standing import STANDING
from db.tables import (
    account,
    account_handle,
    asn,
    attribution,
    candidate,
    capture,
    case_hit,
    interaction,
    review_case,
    roster_batch,
    rule_hit,
)
from db.views import within
from monitor.domain import AccountRef, AttributionStatus, CaseState, HandleSeen, PersonBrief
from monitor.domain.attributions import (
    Attribution,
    AttributionFilter,
    AttributionPage,
    AttributionTallies,
    RestingCase,
    Whose,
)

_OPEN = tuple(state for state in CaseState if state.open)
_PERSON = (
    asn.c.name, asn.c.identifier_kind, asn.c.identifier_masked, asn.c.employment, asn.c.agency, asn.c.position,
    asn.c.jurisdiction, asn.c.note,
)  # fmt: skip


def list_attributions(session: Session, wanted: AttributionFilter) -> AttributionPage:
    """Return one page of attributions with the number of open cases that rest on each."""
    forward = wanted.status is AttributionStatus.PROPOSED
    query = _rows().where(*_filtered(wanted))
    if wanted.after is not None:
        query = query.where(attribution.c.id > wanted.after if forward else attribution.c.id < wanted.after)
    query = query.order_by(attribution.c.id if forward else attribution.c.id.desc())
    if wanted.limit is not None:
        query = query.limit(wanted.limit + 1)
    found = session.execute(query).all()
    more = wanted.limit is not None and len(found) > wanted.limit
    rows = _told(session, found[: wanted.limit] if more else found)
    return AttributionPage(rows, rows[-1].id if more else None)


def attribution_of(session: Session, number: int, scope: tuple[str, ...] | None = None) -> Attribution | None:
    """Return one attribution, None when there is none of that number within the places."""
    found = session.execute(_rows().where(attribution.c.id == number, within(scope))).all()
    return next(iter(_told(session, found)), None)


def tallies(session: Session, scope: tuple[str, ...] | None, user: str) -> AttributionTallies:
    """Return how many attributions stand where within the places, and how many of the waiting ones are the user's."""
    joined = attribution.join(asn, asn.c.id == attribution.c.asn_id)
    counts = sa.select(attribution.c.status, sa.func.count()).select_from(joined).where(within(scope))
    by_status = {row[0]: int(row[1]) for row in session.execute(counts.group_by(attribution.c.status))}
    waits = (within(scope), attribution.c.status == AttributionStatus.PROPOSED)
    mine = sa.select(sa.func.count()).select_from(joined).where(*waits, attribution.c.proposed_by == user)
    oldest = sa.select(attribution.c.proposed_at).select_from(joined).where(*waits).order_by(attribution.c.id).limit(1)
    return AttributionTallies(by_status, int(session.execute(mine).scalar_one()), session.execute(oldest).scalar())


def linked(
    session: Session, scope: tuple[str, ...] | None, *, account_id: int | None = None, person_id: int | None = None
) -> tuple[Attribution, ...]:
    """Return all attributions of an account, or of a person, within the places, newest first."""
    where = attribution.c.account_id == account_id if account_id is not None else attribution.c.asn_id == person_id
    return _told(session, session.execute(_rows().where(where, within(scope)).order_by(attribution.c.id.desc())).all())


def owners_elsewhere(session: Session, account_id: int, scope: tuple[str, ...] | None) -> int:
    """Return to how many people outside the places the account was ever linked."""
    joined = attribution.join(asn, asn.c.id == attribution.c.asn_id)
    count = sa.select(sa.func.count(attribution.c.asn_id.distinct())).select_from(joined)
    return int(session.execute(count.where(attribution.c.account_id == account_id, ~within(scope))).scalar_one())


def handles_of(session: Session, account_id: int) -> tuple[HandleSeen, ...]:
    """Return the handles that an account bore, the first seen first."""
    query = sa.select(account_handle).where(account_handle.c.account_id == account_id)
    rows = session.execute(query.order_by(account_handle.c.first_seen_at, account_handle.c.handle))
    return tuple(HandleSeen(row.handle, row.first_seen_at, row.last_seen_at) for row in rows)


def resting_cases(session: Session, account_id: int, person_id: int) -> tuple[RestingCase, ...]:
    """Return the open cases of a person that hold standing hits of the account, oldest first."""
    query = (
        sa.select(
            review_case.c.id, review_case.c.state, review_case.c.version, review_case.c.law_row, candidate.c.number,
            candidate.c.label,
        )
        .join(candidate, candidate.c.id == review_case.c.candidate_id)
        .where(review_case.c.id.in_(_resting().with_only_columns(case_hit.c.case_id).where(
            interaction.c.actor_account_id == account_id, rule_hit.c.asn_id == person_id
        )), review_case.c.state.in_(_OPEN))
        .order_by(review_case.c.id)
    )  # fmt: skip
    return tuple(RestingCase(r.id, r.state, r.version, r.number, r.label, r.law_row) for r in session.execute(query))


def person_brief(session: Session, person_id: int, scope: tuple[str, ...] | None) -> PersonBrief | None:
    """Return one watched person within the places, None when there is none."""
    query = sa.select(asn.c.id.label("asn_id"), *_PERSON).where(asn.c.id == person_id, within(scope))
    row = session.execute(query).first()
    return _person(row) if row is not None else None


def people_near(session: Session, region: str, scope: tuple[str, ...] | None, limit: int) -> list[PersonBrief]:
    """Return people of exactly this place within the places, by name, at most so many."""
    query = sa.select(asn.c.id.label("asn_id"), *_PERSON).where(asn.c.jurisdiction == region, within(scope))
    return [_person(row) for row in session.execute(query.order_by(asn.c.name, asn.c.id).limit(limit))]


def find_people(session: Session, text: str, scope: tuple[str, ...] | None, limit: int) -> list[PersonBrief]:
    """Return people within the places whose name or agency holds every word of a text, by name."""
    words = [_says(asn.c.name, word) | _says(asn.c.agency, word) for word in text.split()]
    query = sa.select(asn.c.id.label("asn_id"), *_PERSON).where(within(scope), *words)
    return [_person(row) for row in session.execute(query.order_by(asn.c.name, asn.c.id).limit(limit))]


def capture_kept(session: Session, sha256: str) -> bool:
    """Whether a kept answer or file has this hash."""
    return session.execute(sa.select(capture.c.id).where(capture.c.sha256 == sha256).limit(1)).first() is not None


def platforms(session: Session) -> tuple[str, ...]:
    """Return the platforms of which accounts are in the register."""
    return tuple(session.execute(sa.select(account.c.platform).distinct().order_by(account.c.platform)).scalars())


def _rows() -> sa.Select[Any]:
    return (
        sa.select(
            attribution, *_PERSON, account.c.platform, account.c.platform_user_id, account.c.handle,
            roster_batch.c.confirmed_by.label("batch_confirmed_by"),
        )
        .join(asn, asn.c.id == attribution.c.asn_id)
        .join(account, account.c.id == attribution.c.account_id)
        .join(roster_batch, roster_batch.c.id == attribution.c.batch_id, isouter=True)
    )  # fmt: skip


def _filtered(wanted: AttributionFilter) -> Iterable[sa.ColumnElement[bool]]:
    yield within(wanted.scope)
    yield attribution.c.status == wanted.status
    if wanted.whose is Whose.MINE:
        yield attribution.c.proposed_by == wanted.user
    elif wanted.whose is Whose.OTHERS:
        yield attribution.c.proposed_by != wanted.user
    if wanted.platform:
        yield account.c.platform == wanted.platform
    if wanted.region:
        below = asn.c.jurisdiction.startswith(wanted.region + ".", autoescape=True)
        yield sa.or_(asn.c.jurisdiction == wanted.region, below)
    for word in wanted.text.split():
        yield sa.or_(*(_says(column, word) for column in (asn.c.name, asn.c.agency, account.c.handle)))


def _says(column: sa.ColumnElement[Any], word: str) -> sa.ColumnElement[bool]:
    return sa.func.lower(column).contains(word.lower(), autoescape=True)


def _told(session: Session, found: Collection[Any]) -> tuple[Attribution, ...]:
    waiting = _waiting(session, {(row.account_id, row.asn_id) for row in found})
    return tuple(_attribution(row, waiting.get((row.account_id, row.asn_id), 0)) for row in found)


def _resting() -> sa.Select[Any]:
    return (
        sa.select(case_hit.c.case_id)
        .join(rule_hit, rule_hit.c.id == case_hit.c.hit_id)
        .join(interaction, interaction.c.id == rule_hit.c.interaction_id)
        .where(STANDING)
    )


def _waiting(session: Session, pairs: set[tuple[int, int]]) -> dict[tuple[int, int], int]:
    """Return how many open cases rest on each account and person."""
    cases: dict[tuple[int, int], set[int]] = defaultdict(set)
    for people in chunked(sorted({person for _, person in pairs})):
        query = (
            sa.select(interaction.c.actor_account_id, rule_hit.c.asn_id, case_hit.c.case_id)
            .select_from(review_case)
            .join(case_hit, case_hit.c.case_id == review_case.c.id)
            .join(rule_hit, rule_hit.c.id == case_hit.c.hit_id)
            .join(interaction, interaction.c.id == rule_hit.c.interaction_id)
            .where(STANDING, review_case.c.asn_id.in_(people), review_case.c.state.in_(_OPEN))
            .distinct()
        )
        for row in session.execute(query):
            cases[row.actor_account_id, row.asn_id].add(row.case_id)
    return {pair: len(cases[pair]) for pair in pairs if pair in cases}


def _attribution(row: Any, waiting: int) -> Attribution:
    imported = row.batch_id is not None and row.verified_by is None and row.status is AttributionStatus.VERIFIED
    return Attribution(
        id=row.id,
        status=row.status,
        account_id=row.account_id,
        account=AccountRef(row.platform, row.platform_user_id, row.handle),
        person=_person(row),
        method=row.method,
        evidence=row.evidence,
        proposed_by=row.proposed_by,
        proposed_at=row.proposed_at,
        link=row.link or "",
        capture_sha256=row.capture_sha256 or "",
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        verified_by=row.verified_by or "",
        verified_at=row.verified_at,
        reason=row.reason or "",
        ended_by=row.ended_by or "",
        ended_at=row.ended_at,
        batch_id=row.batch_id,
        batch_confirmed=row.batch_confirmed_by is not None if imported else None,
        waiting=waiting,
    )


def _person(row: Any) -> PersonBrief:
    return PersonBrief(
        id=row.asn_id,
        name=row.name,
        identifier_kind=row.identifier_kind,
        identifier_masked=row.identifier_masked,
        employment=row.employment,
        agency=row.agency,
        position=row.position,
        jurisdiction=row.jurisdiction,
        note=row.note,
    )
