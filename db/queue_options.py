"""What the filters of the queue can choose among: pairs, rules, platforms and places, within what somebody may see."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

import sqlalchemy as sa

from db.connect import Session
from db.places import in_region
from db.tables import account, candidate, contest, jurisdiction, ruleset
from monitor.domain import CandidateBrief

MOST = 300
"""Choices that a list still shows; beyond it, grouping and search lead there faster than a list."""


@dataclass(frozen=True, slots=True)
class Options:
    """The choices; `pairs` and `regions` are empty where there are too many, `rules` are ids with their titles."""

    pairs: tuple[CandidateBrief, ...]
    rules: dict[str, str]
    platforms: tuple[str, ...]
    regions: dict[str, str]


def options(session: Session, scope: tuple[str, ...]) -> Options:
    """Return the choices for somebody who may see these places."""
    return Options(_pairs(session), rule_titles(session), _platforms(session), _regions(session, scope))


def rule_titles(session: Session) -> dict[str, str]:
    """Return the titles of the rules of the newest rule set, by id."""
    newest = sa.select(ruleset.c.id).order_by(ruleset.c.id.desc()).limit(1).scalar_subquery()
    if session.dialect.name == "postgresql":
        each = sa.text(
            "SELECT rule.key, rule.value ->> 'title' FROM ruleset, jsonb_each(ruleset.detail -> 'rules') AS rule"
            " WHERE ruleset.id = :newest"
        )
    else:
        each = sa.text(
            "SELECT rule.key, json_extract(rule.value, '$.title') FROM ruleset,"
            " json_each(ruleset.detail, '$.rules') AS rule WHERE ruleset.id = :newest"
        )
    number = session.execute(sa.select(newest)).scalar()
    found = session.execute(each, {"newest": number}).all() if number is not None else ()
    return dict(sorted(((key, title or key) for key, title in found), key=lambda pair: pair[1].casefold()))


def pair_named(session: Session, candidate_id: int) -> CandidateBrief | None:
    """Return one pair as a list shows it."""
    row = session.execute(_briefs().where(candidate.c.id == candidate_id)).first()
    return _brief(row) if row else None


def _pairs(session: Session) -> tuple[CandidateBrief, ...]:
    standing = candidate.c.removed_at.is_(None)
    too_many = sa.select(candidate.c.id).where(standing).offset(MOST).limit(1)
    if session.execute(too_many).first() is not None:  # nothing is sorted that would not be shown
        return ()
    query = _briefs().where(standing).order_by(contest.c.name, contest.c.id, candidate.c.number)
    return tuple(_brief(row) for row in session.execute(query))


def _brief(row: Any) -> CandidateBrief:
    return CandidateBrief(row.id, row.contest_id, row.name, row.number, row.label)


def _briefs() -> sa.Select[Any]:
    columns = (candidate.c.id, candidate.c.contest_id, contest.c.name, candidate.c.number, candidate.c.label)
    return sa.select(*columns).join(contest, contest.c.id == candidate.c.contest_id)


def _platforms(session: Session) -> tuple[str, ...]:
    return tuple(name for name in session.execute(_platform_names()).scalars() if name is not None)


@cache
def _platform_names() -> sa.Select[Any]:
    """Select the platforms of registered accounts, each found by one step along the index."""
    lowest = sa.func.min(account.c.platform)
    found = sa.select(lowest.label("name")).cte(recursive=True)
    following = sa.select(lowest).where(account.c.platform > found.c.name).scalar_subquery()
    steps = found.union_all(sa.select(following).where(found.c.name.is_not(None)))
    return sa.select(steps.c.name)


@lru_cache(maxsize=128)
def _regions_of(scope: tuple[str, ...]) -> sa.Select[Any]:
    where = sa.or_(sa.false(), *(in_region(jurisdiction.c.code, code) for code in scope))
    return sa.select(jurisdiction.c.code, jurisdiction.c.name).where(where)


def _regions(session: Session, scope: tuple[str, ...]) -> dict[str, str]:
    query = _regions_of(scope)
    if session.execute(query.offset(MOST).limit(1)).first() is not None:
        return {}
    return {row.code: row.name for row in session.execute(query.order_by(jurisdiction.c.code))}
