"""The next cases to take: the most urgent ones that nobody holds, that the user may decide and did not pass over."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from db import recusals, skips
from db.connect import Session
from db.places import in_region
from db.tables import case_skip, lease, review_case, second_review
from monitor.domain import CaseState, UserRow


def free_cases(
    session: Session, user: UserRow, regions: Sequence[str], states: Sequence[CaseState], now: datetime, limit: int
) -> list[int]:
    """Return the numbers of cases that wait for anybody, the most urgent first.

    Cases without a queue wait for their region to become known and are left out.
    """
    if not regions or not states:
        return []
    parts = [_of_state(state, user, regions, now).limit(limit).subquery() for state in states]
    found = sa.union_all(*(sa.select(part.c.id, part.c.priority) for part in parts)).subquery()
    query = sa.select(found.c.id).order_by(found.c.priority.desc(), found.c.id).limit(limit)
    return [int(number) for number in session.execute(query).scalars()]


def lock_free(session: Session, case_id: int) -> bool:
    """Keep others off a case until the end of the transaction; False when somebody is at it this moment.

    SQLite holds its only write lock from the start.
    """
    query = sa.select(review_case.c.id).where(review_case.c.id == case_id)
    return session.execute(query.with_for_update(skip_locked=True)).first() is not None


def _of_state(state: CaseState, user: UserRow, regions: Sequence[str], now: datetime) -> sa.Select[tuple[int, float]]:
    """Select one state by its own index, so that no list of all cases is sorted."""
    case = review_case.c
    held = sa.exists().where(lease.c.case_id == case.id, lease.c.expires_at > now)
    passed = sa.exists().where(
        case_skip.c.user_id == user.id, case_skip.c.case_id == case.id, case_skip.c.skipped_at > now - skips.LENGTH
    )
    query = sa.select(case.id, case.priority).where(
        _not_proposed_by(user) if state is CaseState.DIUSULKAN else sa.true(),
        case.state == state,
        case.queue.is_not(None),
        sa.or_(*(in_region(case.jurisdiction, code) for code in regions)),
        ~held,
        ~passed,
        recusals.untied(user),
    )
    return query.order_by(case.priority.desc(), case.id)


def _not_proposed_by(user: UserRow) -> sa.ColumnElement[bool]:
    """Whether the standing proposal of a case in the query is somebody else's."""
    proposer = (
        sa.select(second_review.c.proposed_by)
        .where(second_review.c.case_id == review_case.c.id, second_review.c.kind == "four_eyes")
        .order_by(second_review.c.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    return sa.func.coalesce(proposer, 0) != user.id
