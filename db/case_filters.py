"""Which cases a list is about: conditions on `review_case` alone, so that indexes can serve them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from db.places import in_region
from db.tables import lease, review_case
from monitor.domain import CaseFilter, CaseState, DueWindow

SOON = timedelta(hours=24)
ANY_TIME = datetime.min.replace(tzinfo=UTC)
"""Stands for the moment in a statement that is kept; whoever asks it gives `times`."""

_NOW, _SOON = "now", "soon"


def times(now: datetime | None) -> dict[str, datetime]:
    """Return the moments that a kept statement of these conditions is asked with."""
    return {} if now is None else {_NOW: now, _SOON: now + SOON}


def _moment(name: str, value: datetime) -> sa.BindParameter[datetime]:
    """Return a moment under its name, so that a statement that is kept can be asked again at another time."""
    return sa.bindparam(name, value, type_=review_case.c.due_at.type)


def at_most(number: int) -> sa.ColumnElement[int]:
    """Return a limit that is written out: PostgreSQL keeps no plan for a statement that may end anywhere."""
    return sa.literal_column(str(int(number)), sa.Integer)


def states_in(states: tuple[CaseState, ...]) -> sa.ColumnElement[bool]:
    """Whether a case is in one of these states; written out, so that an index over some states is seen to fit."""
    named = sa.bindparam(None, list(states), type_=review_case.c.state.type, expanding=True, literal_execute=True)
    return review_case.c.state.in_(named)


class Place(FunctionElement[int]):
    """From which character on a text stands in another, 0 where nowhere; faster than LIKE, and to the letter."""

    name = "place"
    type = sa.Integer()
    inherit_cache = True


@compiles(Place, "postgresql")
def _strpos(element: Place, compiler: Any, **given: Any) -> str:
    return f"strpos({compiler.process(element.clauses, **given)})"


@compiles(Place, "sqlite")
def _instr(element: Place, compiler: Any, **given: Any) -> str:
    return f"instr({compiler.process(element.clauses, **given)})"


OPEN_STATES = tuple(state for state in CaseState if state.open)
OPEN = states_in(OPEN_STATES)
"""Whether somebody still has work with a case."""


def within(scope: tuple[str, ...] | None) -> sa.ColumnElement[bool]:
    """Whether somebody may see a case: in one of their places, or in none yet ("tanpa antrean")."""
    if scope is None or "" in scope:
        return sa.true()
    if not scope:
        return sa.false()
    return sa.or_(review_case.c.queue.is_(None), *(in_region(review_case.c.jurisdiction, code) for code in scope))


def conditions(wanted: CaseFilter, now: datetime | None) -> list[sa.ColumnElement[bool]]:
    """Return all conditions of a filter but its text and where its page starts."""
    where = [within(wanted.scope)]
    if wanted.states:
        where.append(states_in(wanted.states))
    if wanted.open_only and wanted.due is None:  # only open cases have a due date, and its index serves alone
        where.append(OPEN)
    if wanted.jurisdictions:
        where.append(sa.or_(*(in_region(review_case.c.jurisdiction, code) for code in wanted.jurisdictions)))
    if wanted.unqueued:
        where.append(review_case.c.queue.is_(None))
    if wanted.without:
        where.append(review_case.c.id.not_in(wanted.without))
    if wanted.ids:
        where.append(review_case.c.id.in_(wanted.ids))
    where += [column == value for column, value in _exact(wanted) if value is not None]
    where += [Place(review_case.c.facets, f"|{facet}|") > 0 for facet in _facets(wanted)]
    return where + _times(wanted, now) + _held(wanted, now)


def _exact(wanted: CaseFilter) -> tuple[tuple[sa.ColumnElement[Any], Any], ...]:
    return (
        (review_case.c.asn_id, wanted.person_id),
        (review_case.c.candidate_id, wanted.candidate_id),
        (review_case.c.contest_id, wanted.contest_id),
        (review_case.c.law_row, wanted.law_row or None),
        (review_case.c.stage, wanted.stage),
        (review_case.c.why, wanted.why),
    )


def _facets(wanted: CaseFilter) -> list[str]:
    """Return what hits must be, first what fewest are: a case that fails there is read no further."""
    given = (
        ("r", wanted.rule_id),
        ("s", wanted.stance.value if wanted.stance else ""),
        ("a", wanted.act.value if wanted.act else ""),
        ("p", wanted.platform),
        ("t", wanted.tier.value if wanted.tier else ""),
    )
    return [f"{kind}:{value}" for kind, value in given if value]


def _times(wanted: CaseFilter, now: datetime | None) -> list[sa.ColumnElement[bool]]:
    where: list[sa.ColumnElement[bool]] = []
    if wanted.since is not None:
        where.append(review_case.c.created_at >= wanted.since)
    if wanted.until is not None:
        where.append(review_case.c.created_at < wanted.until)
    if wanted.due is DueWindow.OVERDUE and now is not None:
        where.append(review_case.c.due_at < _moment(_NOW, now))
    if wanted.due is DueWindow.SOON and now is not None:
        where.append(review_case.c.due_at.between(_moment(_NOW, now), _moment(_SOON, now + SOON)))
    return where


def _held(wanted: CaseFilter, now: datetime | None) -> list[sa.ColumnElement[bool]]:
    if wanted.leased_by is None or now is None:
        return []
    running = lease.c.expires_at > _moment(_NOW, now)
    held = sa.select(lease.c.case_id).where(lease.c.user_id == wanted.leased_by, running)
    return [review_case.c.id.in_(held)]
