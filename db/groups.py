"""The queue by person, pair or rule: groups with what is in them, paged by key."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from db.case_filters import Place
from db.case_lists import chosen, only
from db.connect import Session
from db.contents import chunked
from db.tables import asn, candidate, contest, review_case
from monitor.domain import CaseFilter


class GroupKind(StrEnum):
    """By what a queue is grouped; the tokens stand in addresses."""

    PERSON = "orang"
    PAIR = "pasangan"
    RULE = "aturan"


@dataclass(frozen=True, slots=True)
class Group:
    """Cases that belong together: how many, the highest order of attention among them, the nearest deadline."""

    key: str
    cases: int
    priority: float
    due_at: datetime | None = None
    name: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class GroupPage:
    """One page of groups; `after` starts the next one and is None on the last."""

    groups: tuple[Group, ...]
    after: tuple[float, str] | None = None


def list_groups(
    session: Session, kind: GroupKind, wanted: CaseFilter, now: datetime, after: tuple[float, str] | None = None,
    limit: int = 30,
) -> GroupPage:  # fmt: skip
    """Return one page of groups, the one with the most urgent case first."""
    if kind is GroupKind.RULE:
        rows = _rules(session, wanted, now)
        past = [group for group in rows if after is None or (-group.priority, group.key) > (-after[0], after[1])]
        found = past[: limit + 1]
    else:
        found = _numbered(session, kind, wanted, now, after, limit + 1)
    shown = found[:limit]
    last = shown[-1] if len(found) > limit else None
    return GroupPage(tuple(_named(session, kind, shown)), (last.priority, last.key) if last else None)


def one_group(session: Session, kind: GroupKind, key: str, wanted: CaseFilter, now: datetime) -> Group | None:
    """Return a single group of the filter, None when nothing of it is there."""
    narrowed = narrow(wanted, kind, key)
    if narrowed is None:
        return None
    cases = chosen(session.dialect.name, replace(narrowed, after=None), now).subquery()
    query = sa.select(sa.func.count(), sa.func.max(cases.c.priority), sa.func.min(cases.c.due_at, type_=_DUE))
    count, priority, due = session.execute(query.select_from(cases)).one()
    return _named(session, kind, [Group(key, count, priority, due)])[0] if count else None


def narrow(wanted: CaseFilter, kind: GroupKind, key: str) -> CaseFilter | None:
    """Return the filter for one group only; None for a key that cannot be one."""
    if kind is GroupKind.RULE:
        return replace(wanted, rule_id=key) if key else None
    if not _is_number(key):
        return None
    if kind is GroupKind.PERSON:
        return replace(wanted, person_id=int(key))
    return replace(wanted, candidate_id=int(key))


_DUE = review_case.c.due_at.type


def _is_number(key: str) -> bool:
    return key.isascii() and key.isdigit() and len(key) < 10


def _numbered(
    session: Session, kind: GroupKind, wanted: CaseFilter, now: datetime, after: tuple[float, str] | None, limit: int
) -> list[Group]:
    column = review_case.c.asn_id if kind is GroupKind.PERSON else review_case.c.candidate_id
    every = replace(wanted, after=None)
    cases = chosen(session.dialect.name, every, now, column.label("number")).subquery()
    top = sa.func.max(cases.c.priority)
    query = (
        sa.select(cases.c.number, sa.func.count(), top, sa.func.min(cases.c.due_at, type_=_DUE))
        .group_by(cases.c.number)
        .order_by(top.desc(), cases.c.number)
        .limit(limit)
    )
    if after is not None and _is_number(after[1]):
        query = query.having(sa.or_(top < after[0], sa.and_(top == after[0], cases.c.number > int(after[1]))))
    return [Group(str(number), count, priority, due) for number, count, priority, due in session.execute(query)]


def _rules(session: Session, wanted: CaseFilter, now: datetime) -> list[Group]:
    """Count by which rules hit together, which are few, and only then by each; deadlines are left to the cases."""
    held = (review_case.c.facets, review_case.c.priority)
    cases = only(session.dialect.name, replace(wanted, after=None), now, *held).subquery()
    together = _rules_of(cases.c.facets).label("together")
    query = sa.select(together, sa.func.count(), sa.func.max(cases.c.priority)).group_by(together)
    counts: dict[str, int] = defaultdict(int)
    tops: dict[str, float] = defaultdict(float)
    for rules, count, priority in session.execute(query):
        for token in rules.split("|"):
            if token[:2] == "r:":
                counts[token] += count
                tops[token] = max(tops[token], priority)
    groups = [Group(token[2:], count, tops[token]) for token, count in counts.items()]
    return sorted(groups, key=lambda group: (-group.priority, group.key))


def _rules_of(facets: sa.ColumnElement[str]) -> sa.ColumnElement[str]:
    """Select the rules in the facets of a case, which stand in order of their letters: after `p`, before `s` and `t`.

    Facets without a stance give their tier with it.
    """
    first, behind = Place(facets, "|r:"), Place(facets + "|s:", "|s:")
    return sa.func.substr(facets, first, behind - first)


def _named(session: Session, kind: GroupKind, groups: Iterable[Group]) -> list[Group]:
    found = list(groups)
    if kind is GroupKind.RULE:
        return [replace(group, name=group.key) for group in found]
    names: dict[str, tuple[str, str]] = {}
    for ids in chunked(int(group.key) for group in found):
        for row in session.execute(_names(kind, ids)):
            names[str(row.id)] = (row.name, row.note)
    return [replace(group, name=names[group.key][0], note=names[group.key][1]) for group in found if group.key in names]


def _names(kind: GroupKind, ids: list[int]) -> sa.Select[Any]:
    if kind is GroupKind.PERSON:
        return sa.select(asn.c.id, asn.c.name, asn.c.agency.label("note")).where(asn.c.id.in_(ids))
    number = sa.cast(candidate.c.number, sa.String)
    return (
        sa.select(candidate.c.id, (number + ". " + candidate.c.label).label("name"), contest.c.name.label("note"))
        .join(contest, contest.c.id == candidate.c.contest_id)
        .where(candidate.c.id.in_(ids))
    )
