"""Blind second looks: sampled first decisions that another reviewer judges without being told what was decided."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

import sqlalchemy as sa

from db import recusals
from db.connect import Session
from db.places import in_region
from db.tables import app_user, audit_log, case_hit, review_case, review_event, rule_hit, second_review
from monitor.domain import CaseState, EventKind, UserRow

SAMPLED = (CaseState.DIKESAMPINGKAN, CaseState.DIUSULKAN)
"""Decisions that may be looked at a second time."""

_MOST_KEPT = 5000


@dataclass(frozen=True, slots=True)
class BlindReview:
    """A blind second look, waiting while `second_state` is None. `event` is the decision that it repeats."""

    id: int
    case_id: int
    event: int
    person_id: int
    jurisdiction: str
    first_user: int
    first_name: str
    first_state: CaseState
    first_reason: str
    first_at: datetime
    second_user: int | None = None
    second_name: str = ""
    second_state: CaseState | None = None
    second_reason: str = ""
    second_at: datetime | None = None

    @property
    def agrees(self) -> bool:
        """Whether both came to the same."""
        return self.second_state is self.first_state


@dataclass(frozen=True, slots=True)
class BlindPair:
    """Two independent answers to one question, with the rules that brought the case, for measuring agreement."""

    first: CaseState
    second: CaseState
    rules: tuple[str, ...]
    jurisdiction: str
    first_at: datetime
    second_at: datetime


def offer(session: Session, case_id: int, event: int, user_id: int, state: CaseState, now: datetime) -> None:
    """Offer a decision for a blind second look."""
    session.execute(
        sa.insert(second_review).values(
            case_id=case_id, kind="blind", proposed_by=user_id, proposed_at=now, proposed_state=state, event_id=event
        )
    )


def is_first(session: Session, case_id: int, event: int) -> bool:
    """Whether a decision is the first of its case that says yes or no, those taken back apart."""
    undone = sa.select(review_event.c.undoes_id).where(
        review_event.c.case_id == case_id, review_event.c.undoes_id.is_not(None)
    )
    earlier = sa.select(review_event.c.id).where(
        review_event.c.case_id == case_id,
        review_event.c.kind == EventKind.DECIDED,
        review_event.c.to_state.in_(SAMPLED),
        review_event.c.id < event,
        review_event.c.id.not_in(undone),
    )
    return session.execute(earlier.limit(1)).first() is None


def waiting(
    session: Session, user: UserRow, scope: Sequence[str], *, after: int = 0, limit: int = 50
) -> tuple[BlindReview, ...]:
    """Return the looks that wait and that this user may take, the oldest first, from after a number.

    Nobody takes a second look at their own decision, at a person they are tied to, or at a case that they opened since
    it was decided.
    """
    if not scope:
        return ()
    query = (
        _looks()
        .where(second_review.c.approved_by.is_(None), second_review.c.proposed_by != user.id)
        .where(sa.or_(*(in_region(review_case.c.jurisdiction, code) for code in scope)))
        .where(second_review.c.id > after, ~_peeked(user.id), recusals.untied(user))
        .order_by(second_review.c.id)
        .limit(limit)
    )
    return tuple(_look(row) for row in session.execute(query))


def kept_from(session: Session, user_id: int) -> tuple[int, ...]:
    """Return the cases whose standing decision a user may still be asked to judge without knowing it, newest first."""
    return tuple(session.execute(_kept(), {"user": user_id}).scalars())


@cache
def _kept() -> sa.Select[Any]:
    user = sa.bindparam("user", type_=second_review.c.proposed_by.type)
    # Not a join: SQLite, with no figures of an empty table, would go through all cases for it.
    stands = sa.exists().where(
        review_case.c.id == second_review.c.case_id, review_case.c.state == second_review.c.proposed_state
    )
    return (
        sa.select(second_review.c.case_id)
        .where(
            second_review.c.kind == "blind", second_review.c.approved_by.is_(None),
            second_review.c.proposed_by != user, stands, ~_peeked(user),
        )
        .order_by(second_review.c.id.desc())
        .limit(_MOST_KEPT)
    )  # fmt: skip


def peeked(session: Session, review: int, user_id: int) -> bool:
    """Whether a user opened the case since the decision, and so knows it."""
    query = sa.select(second_review.c.id).where(second_review.c.id == review, _peeked(user_id))
    return session.execute(query).first() is not None


def one(session: Session, review: int) -> BlindReview | None:
    """Return one look; None where there is none, or its decision was taken back."""
    row = session.execute(_looks().where(second_review.c.id == review)).first()
    return _look(row) if row is not None else None


def of_case(session: Session, case_id: int) -> tuple[BlindReview, ...]:
    """Return the looks at a case that were answered, the oldest first."""
    answered = second_review.c.approved_by.is_not(None)
    query = _looks().where(second_review.c.case_id == case_id, answered).order_by(second_review.c.id)
    return tuple(_look(row) for row in session.execute(query))


def differing(
    session: Session, scope: Sequence[str], *, before: int | None = None, limit: int = 50
) -> tuple[BlindReview, ...]:
    """Return the looks whose two answers differ, the newest first, from before a number."""
    if not scope:
        return ()
    query = (
        _looks()
        .where(second_review.c.decided_state != second_review.c.proposed_state)
        .where(sa.or_(*(in_region(review_case.c.jurisdiction, code) for code in scope)))
        .order_by(second_review.c.id.desc())
        .limit(limit)
    )
    if before is not None:
        query = query.where(second_review.c.id < before)
    return tuple(_look(row) for row in session.execute(query))


def answer(session: Session, review: int, user_id: int, state: CaseState, reason: str, now: datetime) -> bool:
    """Write the second answer down; False when somebody was faster. IntegrityError for whoever decided first."""
    open_ = (second_review.c.id == review) & (second_review.c.kind == "blind") & second_review.c.approved_by.is_(None)
    values = {"approved_by": user_id, "approved_at": now, "decided_state": state, "reason": reason}
    return bool(session.execute(sa.update(second_review).where(open_).values(values)).rowcount)


def blind_pairs(session: Session, scope: Sequence[str] | None, since: datetime | None = None) -> tuple[BlindPair, ...]:
    """Return both answers of every look that was answered since a time, within the places; None is everywhere."""
    query = _looks().where(second_review.c.approved_by.is_not(None)).order_by(second_review.c.id)
    if scope is not None:
        query = query.where(sa.or_(sa.false(), *(in_region(review_case.c.jurisdiction, code) for code in scope)))
    if since is not None:
        query = query.where(second_review.c.approved_at >= since)
    rows = session.execute(query).all()
    rules = _rules(session, {row.case_id for row in rows})
    return tuple(
        BlindPair(
            row.proposed_state, row.decided_state, rules.get(row.case_id, ()), row.jurisdiction, row.proposed_at,
            row.approved_at,
        )
        for row in rows
    )  # fmt: skip


def _rules(session: Session, case_ids: Collection[int]) -> dict[int, tuple[str, ...]]:
    query = (
        sa.select(case_hit.c.case_id, rule_hit.c.rule_id)
        .join(rule_hit, rule_hit.c.id == case_hit.c.hit_id)
        .where(case_hit.c.case_id.in_(case_ids))
        .distinct()
        .order_by(rule_hit.c.rule_id)
    )
    found: dict[int, list[str]] = defaultdict(list)
    for row in session.execute(query) if case_ids else ():
        found[row.case_id].append(row.rule_id)
    return {case_id: tuple(ids) for case_id, ids in found.items()}


@cache
def _looks() -> sa.Select[Any]:
    """Select blind looks whose decision stands."""
    first, second, later = app_user.alias("first"), app_user.alias("second"), review_event.alias("later")
    undone = sa.exists().where(
        later.c.case_id == second_review.c.case_id, later.c.undoes_id == second_review.c.event_id
    )
    return (
        sa.select(
            second_review, review_case.c.asn_id, review_case.c.jurisdiction, first.c.display_name.label("first_name"),
            second.c.display_name.label("second_name"), review_event.c.reason.label("first_reason"),
        )
        .join(review_case, review_case.c.id == second_review.c.case_id)
        .join(review_event, review_event.c.id == second_review.c.event_id)
        .join(first, first.c.id == second_review.c.proposed_by)
        .join(second, second.c.id == second_review.c.approved_by, isouter=True)
        .where(second_review.c.kind == "blind", ~undone)
    )  # fmt: skip


def _peeked(user_id: int | sa.BindParameter[int]) -> sa.ColumnElement[bool]:
    """Whether a user saw a look's case, or all of its person's, or acted on the case, since it was decided."""
    name = sa.select(app_user.c.name).where(app_user.c.id == user_id).scalar_subquery()
    looked_at = review_case.alias("looked_at")
    whose = sa.select(sa.literal("asn:") + sa.cast(looked_at.c.asn_id, sa.String)).where(
        looked_at.c.id == second_review.c.case_id
    )
    person = whose.correlate(second_review).scalar_subquery()
    case = sa.literal("case:") + sa.cast(second_review.c.case_id, sa.String)
    viewed = sa.exists().where(
        audit_log.c.action.in_(("case_viewed", "person_viewed", "group_viewed")),
        audit_log.c.subject.in_((case, person)),
        audit_log.c.actor == name,
        audit_log.c.at >= second_review.c.proposed_at,
    )
    since = review_event.alias("since")
    acted = sa.exists().where(
        since.c.case_id == second_review.c.case_id, since.c.user_id == user_id, since.c.id > second_review.c.event_id
    )
    return sa.or_(viewed, acted)


def _look(row: Any) -> BlindReview:
    return BlindReview(
        id=row.id,
        case_id=row.case_id,
        event=row.event_id,
        person_id=row.asn_id,
        jurisdiction=row.jurisdiction,
        first_user=row.proposed_by,
        first_name=row.first_name,
        first_state=row.proposed_state,
        first_reason=row.first_reason or "",
        first_at=row.proposed_at,
        second_user=row.approved_by,
        second_name=row.second_name or "",
        second_state=row.decided_state,
        second_reason=row.reason or "",
        second_at=row.approved_at,
    )
