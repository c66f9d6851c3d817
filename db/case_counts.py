"""How many cases stand in each state of a list; counting ends where only that there are more is said."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from typing import Any

import sqlalchemy as sa

from db.case_filters import ANY_TIME, at_most, times
from db.case_lists import only
from db.connect import Session
from db.tables import review_case
from monitor.domain import CaseFilter, CaseState

MOST_COUNTED = 1000
"""Where counts of lists stop: beyond it, only that there are more is said."""


def state_counts(session: Session, wanted: CaseFilter, now: datetime) -> dict[CaseState, int]:
    """Return how many cases of a filter stand in each state, whatever states the filter names.

    Each state is counted to `MOST_COUNTED`; a search, which ends at its own cap, is counted whole.
    """
    query = _state_counting(session.dialect.name, replace(wanted, after=None))
    most = None if wanted.text.strip() else MOST_COUNTED
    return {state: min(n, most or n) for state, n in session.execute(query, times(now)) if n}


@lru_cache(maxsize=128)
def _state_counting(dialect: str, wanted: CaseFilter) -> sa.Select[Any]:
    every = replace(wanted, states=(), open_only=False)
    if _bare(wanted):
        return _counting_to_most(dialect, every)
    # Not the state itself: its index would be chosen, and each case looked up; the list's index holds all columns.
    state = sa.func.coalesce(review_case.c.state, review_case.c.state).label("state")
    cases = only(dialect, every, ANY_TIME, state).subquery()
    return sa.select(cases.c.state, sa.func.count()).group_by(cases.c.state)


def _bare(wanted: CaseFilter) -> bool:
    """Whether the indexes that begin with the state answer a filter alone."""
    bare = replace(
        CaseFilter(), states=wanted.states, open_only=wanted.open_only, scope=wanted.scope, act=wanted.act,
        platform=wanted.platform, rule_id=wanted.rule_id, tier=wanted.tier, stance=wanted.stance,
        without=wanted.without,
    )  # fmt: skip
    return replace(wanted, after=None, order=bare.order, limit=bare.limit) == bare


def _counting_to_most(dialect: str, wanted: CaseFilter) -> sa.Select[Any]:
    """Count the cases of each state along its index, and no further than is said."""
    kind = review_case.c.state.type
    states = (sa.select(sa.literal_column(f"'{state.value}'", kind).label("state")) for state in CaseState)
    each = sa.union_all(*states).subquery("each")
    of_state = only(dialect, wanted, ANY_TIME, review_case.c.id).where(review_case.c.state == each.c.state)
    counted = of_state.limit(at_most(MOST_COUNTED)).correlate(each).subquery()
    return sa.select(each.c.state, sa.select(sa.func.count()).select_from(counted).scalar_subquery())
