"""People as the console shows them: who is found, and all that is known of one of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from db import search
from db.case_filters import OPEN
from db.case_lists import hit_brief, hits_query
from db.connect import Session
from db.places import in_region
from db.standing import STANDING
from db.tables import (
    account,
    account_handle,
    app_user,
    asn,
    attribution,
    audit_log,
    candidate,
    case_hit,
    review_case,
    review_event,
    review_event_note,
    rule_hit,
)
from monitor.domain import AccountRef, AttributionStatus, CaseState, EventKind, HitBrief, NoteKind, PersonBrief

PAGE = 30
_ACTS = 100
_NOTES = 50
_VIEWS = 30
_LIVE = (AttributionStatus.PROPOSED, AttributionStatus.VERIFIED)


@dataclass(frozen=True, slots=True)
class FoundPerson:
    """A person in a list, with how many cases are open and how many there ever were."""

    person: PersonBrief
    open_cases: int
    cases: int


@dataclass(frozen=True, slots=True)
class PeoplePage:
    """One page of people by name; `after` starts the next one and is None on the last."""

    people: tuple[FoundPerson, ...]
    after: tuple[str, int] | None = None


@dataclass(frozen=True, slots=True)
class OwnedAccount:
    """An account and how it came to be this person's; `handles` are those it bore, the newest first."""

    ref: AccountRef
    status: AttributionStatus
    method: str
    evidence: str
    proposed_by: str
    verified_by: str
    handles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PersonAct:
    """A standing hit of the person, and the case that holds it."""

    hit: HitBrief
    pair: str
    case_id: int | None
    state: CaseState | None


@dataclass(frozen=True, slots=True)
class PersonNote:
    """A note on one of the person's cases; `text` is None once retention emptied it."""

    case_id: int
    at: datetime
    by: str
    kind: NoteKind
    text: str | None


@dataclass(frozen=True, slots=True)
class PersonView:
    """That somebody looked at the person."""

    at: datetime
    by: str
    what: str


@dataclass(frozen=True, slots=True)
class PersonDetail:
    """All of one person's items that are in the program."""

    person: PersonBrief
    accounts: tuple[OwnedAccount, ...]
    states: dict[CaseState, int]
    acts: tuple[PersonAct, ...]
    notes: tuple[PersonNote, ...]
    views: tuple[PersonView, ...]


def find_people(
    session: Session, scope: tuple[str, ...], typed: str, after: tuple[str, int] | None = None
) -> PeoplePage:
    """Return people of these places who have a case or an account, by name; all of them when nothing was typed."""
    known = sa.or_(
        sa.exists().where(review_case.c.asn_id == asn.c.id),
        sa.exists().where(attribution.c.asn_id == asn.c.id, attribution.c.status.in_(_LIVE)),
    )
    query = sa.select(asn).where(_seen(scope), known)
    asked = search.wanted(typed)
    if typed.strip():
        query = query.where(asn.c.id.in_(_named(session, asked, typed)) if asked else sa.false())
    if after is not None:
        name, number = after
        query = query.where(asn.c.name >= name, sa.or_(asn.c.name > name, asn.c.id > number))
    rows = session.execute(query.order_by(asn.c.name, asn.c.id).limit(PAGE + 1)).all()
    shown = rows[:PAGE]
    counts = _case_counts(session, [row.id for row in shown])
    people = tuple(FoundPerson(_brief(row), *counts.get(row.id, (0, 0))) for row in shown)
    return PeoplePage(people, (shown[-1].name, shown[-1].id) if len(rows) > PAGE else None)


def place_in_list(session: Session, scope: tuple[str, ...], number: int | None) -> tuple[str, int] | None:
    """Return where a list of people goes on after one of these places; None, its start, for anybody else."""
    row = session.execute(sa.select(asn.c.name, asn.c.id).where(asn.c.id == number, _seen(scope))).first()
    return (row.name, row.id) if row else None


def person_row(session: Session, asn_id: int) -> PersonBrief | None:
    """Return a person as lists show them."""
    row = session.execute(sa.select(asn).where(asn.c.id == asn_id)).first()
    return _brief(row) if row else None


def person_detail(session: Session, person: PersonBrief) -> PersonDetail:
    """Return all that the program holds of a person, a fixed number of statements."""
    states = sa.select(review_case.c.state, sa.func.count()).where(review_case.c.asn_id == person.id)
    return PersonDetail(
        person=person,
        accounts=_accounts(session, person.id),
        states=dict(session.execute(states.group_by(review_case.c.state)).all()),
        acts=_acts(session, person.id),
        notes=_notes(session, person.id),
        views=_views(session, person.id),
    )


def _seen(scope: tuple[str, ...]) -> sa.ColumnElement[bool]:
    """Whether a person lies in these places, or in none yet."""
    if not scope:
        return sa.false()
    return sa.or_(asn.c.jurisdiction == "", *(in_region(asn.c.jurisdiction, code) for code in scope))


def _named(session: Session, asked: search.Wanted, typed: str) -> sa.CompoundSelect[Any]:
    """Select the people who are found by the words of their cases, by how their name begins, or by a handle."""
    hit = search.matches(session.dialect.name, asked)
    words = sa.select(review_case.c.asn_id).join(hit, hit.c.case_id == review_case.c.id).limit(search.CAP)
    begins = " ".join(typed.split())
    forms = {begins, begins.upper(), begins.title()}
    names = sa.select(asn.c.id).where(sa.or_(*(_begins(asn.c.name, form) for form in sorted(forms)))).limit(search.CAP)
    handle = typed.strip().lstrip("@").lower()
    bearers = (
        sa.select(attribution.c.asn_id)
        .join(account, account.c.id == attribution.c.account_id)
        .where(account.c.handle_key == handle, attribution.c.status.in_(_LIVE))
        .limit(search.CAP)
    )
    return sa.union(*(sa.select(part.subquery()) for part in (words, names, bearers)))


def _begins(column: sa.ColumnElement[str], text: str) -> sa.ColumnElement[bool]:
    return column.startswith(text, autoescape=True)


def _case_counts(session: Session, ids: list[int]) -> dict[int, tuple[int, int]]:
    still = sa.func.sum(sa.case((OPEN, 1), else_=0))
    query = sa.select(review_case.c.asn_id, still, sa.func.count()).where(review_case.c.asn_id.in_(ids))
    return {number: (int(left), every) for number, left, every in session.execute(query.group_by(review_case.c.asn_id))}


def _brief(row: Any) -> PersonBrief:
    return PersonBrief(
        row.id, row.name, row.identifier_kind, row.identifier_masked, row.employment, row.agency, row.position,
        row.jurisdiction, row.note,
    )  # fmt: skip


def _accounts(session: Session, asn_id: int) -> tuple[OwnedAccount, ...]:
    query = (
        sa.select(attribution, account.c.platform, account.c.platform_user_id, account.c.handle)
        .join(account, account.c.id == attribution.c.account_id)
        .where(attribution.c.asn_id == asn_id)
        .order_by(account.c.platform, account.c.id, attribution.c.id)
    )
    rows = session.execute(query).all()
    seen = (
        sa.select(account_handle.c.account_id, account_handle.c.handle)
        .where(account_handle.c.account_id.in_([row.account_id for row in rows]))
        .order_by(account_handle.c.last_seen_at.desc())
    )
    handles: dict[int, list[str]] = {}
    for number, handle in session.execute(seen):
        handles.setdefault(number, []).append(handle)
    return tuple(
        OwnedAccount(
            AccountRef(row.platform, row.platform_user_id, row.handle), row.status, row.method, row.evidence,
            row.proposed_by, row.verified_by or "", tuple(handles.get(row.account_id, ())),
        )
        for row in rows
    )  # fmt: skip


def _acts(session: Session, asn_id: int) -> tuple[PersonAct, ...]:
    query = (
        hits_query()
        .join(candidate, candidate.c.id == rule_hit.c.candidate_id)
        .join(case_hit, case_hit.c.hit_id == rule_hit.c.id, isouter=True)
        .join(review_case, review_case.c.id == case_hit.c.case_id, isouter=True)
        .add_columns(candidate.c.number, candidate.c.label, case_hit.c.case_id, review_case.c.state)
        .where(rule_hit.c.asn_id == asn_id, STANDING, rule_hit.c.suppression_id.is_(None))
        .order_by(rule_hit.c.id.desc())
        .limit(_ACTS)
    )
    by_act = {(row.interaction_id, row.candidate_id): row for row in reversed(session.execute(query).all())}
    acts = [PersonAct(hit_brief(row), f"{row.number}. {row.label}", row.case_id, row.state) for row in by_act.values()]
    return tuple(sorted(acts, key=lambda act: act.hit.time.latest, reverse=True))


def _notes(session: Session, asn_id: int) -> tuple[PersonNote, ...]:
    query = (
        sa.select(review_event, review_event_note.c.note, app_user.c.display_name)
        .join(review_case, review_case.c.id == review_event.c.case_id)
        .join(review_event_note, review_event_note.c.event_id == review_event.c.id)
        .join(app_user, app_user.c.id == review_event.c.user_id, isouter=True)
        .where(review_case.c.asn_id == asn_id)
        .order_by(review_event.c.id.desc())
        .limit(_NOTES)
    )
    return tuple(
        PersonNote(
            row.case_id, row.at, row.display_name or row.actor,
            row.note_kind if row.kind is EventKind.NOTED and row.note_kind else NoteKind.CATATAN, row.note,
        )
        for row in session.execute(query)
    )  # fmt: skip


def _views(session: Session, asn_id: int) -> tuple[PersonView, ...]:
    """Return who looked at the person, and at their cases, the newest first; several of one day by one user count."""
    mine = sa.select(sa.literal("case:").concat(sa.cast(review_case.c.id, sa.String)))
    subjects = sa.or_(
        audit_log.c.subject == f"asn:{asn_id}", audit_log.c.subject.in_(mine.where(review_case.c.asn_id == asn_id))
    )
    names = sa.select(app_user.c.display_name).where(app_user.c.name == audit_log.c.actor).limit(1).scalar_subquery()
    query = sa.select(audit_log.c.at, audit_log.c.actor, audit_log.c.action, names.label("by")).where(
        subjects, audit_log.c.action.in_(LOOKS)
    )
    rows = session.execute(query.order_by(audit_log.c.id.desc()).limit(_VIEWS)).all()
    return tuple(PersonView(row.at, row.by or row.actor, row.action) for row in rows)


LOOKS = ("case_viewed", "person_viewed", "group_viewed", "identifier_revealed")
"""Actions of the audit log that are looks at a person."""
