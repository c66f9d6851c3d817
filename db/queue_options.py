"""What the filters of the queue can choose among: pairs, rules, platforms and places, within what somebody may see."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import sqlalchemy as sa

from db.connect import Session
from db.places import in_region
from db.tables import account, candidate, contest, jurisdiction, ruleset
from monitor.domain import CandidateBrief

MOST = 300
"""Choices that a list still shows; beyond it, grouping and search lead there faster than a list."""

_RULE, _PLATFORM, _REGION, _TOO_MANY = "rule", "platform", "region", "too_many"
_BY_CONTEST = (contest.c.name, contest.c.id, candidate.c.number)


@dataclass(frozen=True, slots=True)
class Options:
    """The choices; `pairs` and `regions` are empty where there are too many, `rules` are ids with their titles."""

    pairs: tuple[CandidateBrief, ...]
    rules: dict[str, str]
    platforms: tuple[str, ...]
    regions: dict[str, str]


def options(session: Session, scope: tuple[str, ...]) -> Options:
    """Return the choices for somebody who may see these places."""
    found: dict[str, dict[str, str]] = {_RULE: {}, _PLATFORM: {}, _REGION: {}, _TOO_MANY: {}}
    for kind, key, words in session.execute(_named(session.dialect.name, scope)):
        found[kind][key] = words or key
    regions = dict(sorted(found[_REGION].items()))
    rules = dict(sorted(found[_RULE].items(), key=lambda pair: pair[1].casefold()))
    return Options(() if found[_TOO_MANY] else _pairs(session), rules, tuple(sorted(found[_PLATFORM])), regions)


@lru_cache(maxsize=128)
def _named(dialect: str, scope: tuple[str, ...]) -> sa.CompoundSelect[Any]:
    """Select what is chosen by name, each with its kind: one statement, since every page of the queue asks it."""
    where = sa.or_(sa.false(), *(in_region(jurisdiction.c.code, code) for code in scope))
    places = sa.select(jurisdiction.c.code.label("key"), jurisdiction.c.name.label("words")).where(where)
    few = ~sa.exists(places.offset(MOST).limit(1).correlate(None))
    nothing = sa.literal("").label("words")
    pairs = sa.select(sa.literal("").label("key"), nothing).where(candidate.c.removed_at.is_(None))
    platforms = _platform_names().add_columns(nothing)
    return sa.union_all(
        _some(_RULE, _rule_titles(dialect)),
        _some(_PLATFORM, platforms),
        _some(_REGION, places.where(few)),
        _some(_TOO_MANY, pairs.offset(MOST).limit(1)),
    )


def _some(kind: str, query: sa.SelectBase) -> sa.Select[Any]:
    found = query.subquery()
    return sa.select(sa.literal(kind).label("kind"), *found.c)


def _rule_titles(dialect: str) -> sa.Select[Any]:
    """Select the titles of the rules of the newest rule set."""
    newest = sa.select(sa.func.max(ruleset.c.id)).scalar_subquery()
    title: sa.ColumnElement[Any]
    if dialect == "postgresql":
        each = sa.func.jsonb_each(ruleset.c.detail.op("->")("rules")).table_valued("key", "value")
        title = each.c.value.op("->>")("title")
    else:
        each = sa.func.json_each(ruleset.c.detail, "$.rules").table_valued("key", "value")
        title = sa.func.json_extract(each.c.value, "$.title")
    query = sa.select(each.c.key, title.label("words")).select_from(ruleset.join(each, sa.true()))
    return query.where(ruleset.c.id == newest)


def pair_named(session: Session, candidate_id: int) -> CandidateBrief | None:
    """Return one pair as a list shows it."""
    row = session.execute(_briefs().where(candidate.c.id == candidate_id)).first()
    return _brief(row) if row else None


def _pairs(session: Session) -> tuple[CandidateBrief, ...]:
    query = _briefs().where(candidate.c.removed_at.is_(None)).order_by(*_BY_CONTEST)
    return tuple(_brief(row) for row in session.execute(query))


def _brief(row: Any) -> CandidateBrief:
    return CandidateBrief(row.id, row.contest_id, row.name, row.number, row.label)


def _briefs() -> sa.Select[Any]:
    columns = (candidate.c.id, candidate.c.contest_id, contest.c.name, candidate.c.number, candidate.c.label)
    return sa.select(*columns).join(contest, contest.c.id == candidate.c.contest_id)


def _platform_names() -> sa.Select[Any]:
    """Select the platforms of registered accounts, each found by one step along the index; the last is none."""
    lowest = sa.func.min(account.c.platform)
    found = sa.select(lowest.label("name")).cte(recursive=True)
    following = sa.select(lowest).where(account.c.platform > found.c.name).scalar_subquery()
    steps = found.union_all(sa.select(following).where(found.c.name.is_not(None)))
    return sa.select(steps.c.name.label("key")).where(steps.c.name.is_not(None))
