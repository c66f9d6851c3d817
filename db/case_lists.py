"""Lists of cases: filtered, paged by key, with their hits and leases loaded together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import datetime
from functools import cache, lru_cache
from typing import Any

import sqlalchemy as sa

from db import leases, search
from db.among import among
from db.case_filters import ANY_TIME, OPEN, SOON, at_most, conditions, times, within
from db.connect import Session
from db.contents import act_time, chunked
from db.tables import account, asn, candidate, case_hit, contest, interaction, item, lease, review_case, rule_hit
from monitor.domain import (
    AfterKey,
    CandidateBrief,
    CaseFilter,
    CaseOrder,
    CasePage,
    CaseRow,
    CaseTallies,
    HitBrief,
    LeaseRow,
    PersonBrief,
    RuleStatus,
)
from monitor.vault import Vault

_ALWAYS = ("id", "priority", "due_at")
"""Columns that `chosen` gives anyway."""


def list_cases(session: Session, wanted: CaseFilter, now: datetime | None = None) -> CasePage:
    """Return one page of cases and where the next one starts; `now` says which leases still run.

    The page is found on the cases alone, by an index, and only then filled with people, pairs and hits.
    """
    return list_with_hits(session, wanted, now)[0]


def list_with_hits(session: Session, wanted: CaseFilter, now: datetime | None) -> tuple[CasePage, list[Any]]:
    """Return one page of cases as `list_cases` does, and the rows of their hits, standing or not, as `hit_rows`."""
    keys = _page(session, wanted, now)
    more = wanted.limit is not None and len(keys) > wanted.limit
    keys = keys[: wanted.limit] if more else keys
    found: dict[int, Any] = {}
    for ids in chunked([key.id for key in keys]):
        found |= {row.id: row for row in session.execute(_named_cases(session.dialect.name), {"ids": ids})}
    hits = hit_rows(session, list(found))
    rows = _filled(session, [found[key.id] for key in keys], hits, now)
    return CasePage(tuple(rows), keys[-1] if more else None), hits


def _filled(session: Session, found: Collection[Any], rows: Iterable[Any], now: datetime | None) -> list[CaseRow]:
    numbers = [row.id for row in found]
    hits: dict[int, list[HitBrief]] = defaultdict(list)
    for row in rows:
        if stands(row):
            hits[row.case_id].append(hit_brief(row))
    held: dict[int, LeaseRow] = {}
    for ids in chunked(numbers if now is not None else ()):
        assert now is not None  # the loop runs only then
        held |= leases.current(session, ids, now)
    return [case_row(row, tuple(hits[row.id]), held.get(row.id)) for row in found]


def one_case(session: Session, case_id: int) -> Any | None:
    """Return the row of one case with its person and pair."""
    return session.execute(_one_case(), {"of_case": case_id}).first()


@cache
def _one_case() -> sa.Select[Any]:
    return _cases().where(review_case.c.id == sa.bindparam("of_case"))


def hit_rows(session: Session, case_ids: Collection[int]) -> list[Any]:
    """Return rows of `hits_query` with `case_id` and what the hit rests on, in the order in which they were found."""
    rows: list[Any] = []
    for ids in chunked(case_ids):
        rows += session.execute(_hits_of_cases(session.dialect.name), {"ids": ids})
    return rows


@cache
def _hits_of_cases(dialect: str) -> sa.Select[Any]:
    return (
        hits_query()
        .join(case_hit, case_hit.c.hit_id == rule_hit.c.id)
        .add_columns(
            case_hit.c.case_id, rule_hit.c.explanation, rule_hit.c.spans, rule_hit.c.stance_spans,
            interaction.c.own_item_key, interaction.c.target_author_account_id,
        )
        .where(among(dialect, case_hit.c.case_id))
        .order_by(rule_hit.c.id)
    )  # fmt: skip


def stands(row: Any) -> bool:
    """Whether the hit of a row stands, as `STANDING` says it to the database."""
    return bool(row.active) and row.mode is RuleStatus.ACTIVE


@cache
def hits_query() -> sa.Select[Any]:
    """Select hits with their act, its account, and the address of the act's own text or else of its target's."""
    own, target = item.alias("own"), item.alias("target")
    return (
        sa.select(
            rule_hit.c.id, rule_hit.c.rule_id, rule_hit.c.tier, rule_hit.c.level, rule_hit.c.mode, rule_hit.c.active,
            rule_hit.c.stance, rule_hit.c.interaction_id, rule_hit.c.candidate_id, rule_hit.c.law, rule_hit.c.law_row,
            rule_hit.c.stage,
            interaction.c.act, interaction.c.platform, interaction.c.target_id, interaction.c.occurred_at,
            interaction.c.bracket_lo, interaction.c.bracket_hi, account.c.platform_user_id, account.c.handle,
            sa.func.coalesce(own.c.url, target.c.url, interaction.c.target_id).label("url"),
        )
        .select_from(rule_hit)
        .join(interaction, interaction.c.id == rule_hit.c.interaction_id)
        .join(account, account.c.id == interaction.c.actor_account_id)
        .join(own, own.c.id == interaction.c.own_item_id, isouter=True)
        .join(
            target,
            sa.and_(target.c.platform == interaction.c.platform, target.c.platform_item_id == interaction.c.target_id),
            isouter=True,
        )
    )  # fmt: skip


def hit_brief(row: Any) -> HitBrief:
    """Return a row of `hits_query` as a list shows it."""
    return HitBrief(
        id=row.id,
        rule=row.rule_id,
        act=row.act,
        platform=row.platform,
        account=row.platform_user_id,
        handle=row.handle,
        url=row.url,
        time=act_time(row),
        tier=row.tier,
        level=row.level,
        mode=row.mode,
        active=stands(row),
        stance=row.stance,
    )


def identifier_of(session: Session, vault: Vault, asn_id: int) -> str:
    """Return the full identifier of a watched person; whoever calls this audits it."""
    sealed = session.execute(sa.select(asn.c.identifier_sealed).where(asn.c.id == asn_id)).scalar_one()
    return vault.unseal(sealed).decode()


def tallies(session: Session, scope: tuple[str, ...] | None, now: datetime) -> CaseTallies:
    """Return how many cases stand where, within the places that somebody may see."""
    seen = within(scope)
    by_state = session.execute(
        sa.select(review_case.c.state, sa.func.count()).where(seen).group_by(review_case.c.state)
    )
    running = sa.select(lease.c.case_id).where(lease.c.expires_at > now)
    return CaseTallies(
        by_state=dict(by_state.all()),
        unqueued=_count(session, seen, review_case.c.queue.is_(None), OPEN),
        overdue=_count(session, seen, review_case.c.due_at < now),  # only open cases have a due date
        due_soon=_count(session, seen, review_case.c.due_at.between(now, now + SOON)),
        leased=_count(session, seen, review_case.c.id.in_(running)),
    )


def _count(session: Session, *where: sa.ColumnElement[bool]) -> int:
    query = sa.select(sa.func.count()).select_from(review_case).where(*where)
    return int(session.execute(query).scalar_one())


@cache
def _named_cases(dialect: str) -> sa.Select[Any]:
    return _cases().where(among(dialect, review_case.c.id))


@cache
def _cases() -> sa.Select[Any]:
    return (
        sa.select(
            review_case, asn.c.identifier_kind, asn.c.identifier_masked, asn.c.name.label("person_name"),
            asn.c.employment, asn.c.agency, asn.c.position, asn.c.note.label("person_note"),
            asn.c.jurisdiction.label("person_jurisdiction"), candidate.c.number, candidate.c.label,
            contest.c.name.label("contest_name"), contest.c.region.label("contest_region"),
            contest.c.office.label("contest_office"),
        )
        .join(asn, asn.c.id == review_case.c.asn_id)
        .join(candidate, candidate.c.id == review_case.c.candidate_id)
        .join(contest, contest.c.id == review_case.c.contest_id)
    )  # fmt: skip


def case_row(row: Any, hits: tuple[HitBrief, ...], held: LeaseRow | None) -> CaseRow:
    """Return a row of `one_case` as a list shows it, with its standing hits and its running lease."""
    return CaseRow(
        id=row.id,
        state=row.state,
        priority=row.priority,
        due_at=row.due_at,
        person=PersonBrief(
            id=row.asn_id,
            name=row.person_name,
            identifier_kind=row.identifier_kind,
            identifier_masked=row.identifier_masked,
            employment=row.employment,
            agency=row.agency,
            position=row.position,
            jurisdiction=row.person_jurisdiction,
            note=row.person_note,
        ),
        candidate=CandidateBrief(row.candidate_id, row.contest_id, row.contest_name, row.number, row.label),
        law=row.law,
        law_row=row.law_row,
        stage=row.stage,
        hits=hits,
        why_here=row.why,
        queue=row.queue,
        version=row.version,
        opened_at=row.created_at,
        changed_at=row.changed_at,
        lease=held,
    )


def chosen(dialect: str, wanted: CaseFilter, now: datetime | None, *extra: Any) -> sa.Select[Any]:
    """Select number, priority, deadline and rank of the cases of a filter, and `extra` columns, in no order.

    A search is cut off inside: ordering all that fits a common word would read the whole index.
    """
    asked = search.wanted(wanted.text)
    where = conditions(wanted, now)
    columns = (review_case.c.id, review_case.c.priority, review_case.c.due_at, *extra)
    if not asked and asked.number is None:
        nothing = sa.false() if wanted.text.strip() else sa.true()
        return sa.select(*columns, sa.literal(0.0).label("rank")).where(*where, nothing)
    hit = search.matches(dialect, asked)
    capped = (
        sa.select(*columns, hit.c.rank)
        .join(hit, hit.c.case_id == review_case.c.id)
        .where(*where)
        .limit(at_most(search.CAP))
        .cte()
        .prefix_with("MATERIALIZED", dialect="postgresql")
    )
    return sa.select(*capped.c)


def only(dialect: str, wanted: CaseFilter, now: datetime | None, *columns: sa.ColumnElement[Any]) -> sa.Select[Any]:
    """Select these columns of the cases of a filter, so that an index alone can answer; a search gives more of them."""
    if not wanted.text.strip():
        return chosen(dialect, wanted, now).with_only_columns(*columns)
    return chosen(dialect, wanted, now, *(column for column in columns if column.key not in _ALWAYS))


def _page(session: Session, wanted: CaseFilter, now: datetime | None) -> list[AfterKey]:
    """Return the sort keys of one page and of the row after it."""
    limit = None if wanted.limit is None else wanted.limit + 1
    if wanted.after is not None and isinstance(wanted.after.value, str) != (wanted.order is CaseOrder.DUE):
        wanted = replace(wanted, after=None)  # the place in a list of another order is no place in this one
    if wanted.order is CaseOrder.DUE:
        return _by_due(session, wanted, now, limit)
    if wanted.order in (CaseOrder.NEWEST, CaseOrder.OLDEST):
        return _by_number(session, chosen(session.dialect.name, wanted, now), wanted, limit)
    name, query = _by_value(session.dialect.name, wanted, timed=now is not None)
    return [AfterKey(getattr(row, name), row.id) for row in session.execute(_cut(query, limit), times(now))]


@lru_cache(maxsize=128)
def _by_value(dialect: str, wanted: CaseFilter, *, timed: bool) -> tuple[str, sa.Select[Any]]:
    """Return the column that a list is in the order of, and the keys from where its page starts."""
    query = chosen(dialect, wanted, ANY_TIME if timed else None)
    name, down = ("rank", False) if wanted.order is CaseOrder.MATCH else ("priority", True)
    value, number, after = query.selected_columns[name], query.selected_columns["id"], wanted.after
    if after is not None:
        past = float(after.value)
        beyond = value < past if down else value > past
        query = query.where(value <= past if down else value >= past, sa.or_(beyond, number > after.id))
    return name, query.order_by(value.desc() if down else value, number)


def _cut(query: sa.Select[Any], limit: int | None) -> sa.Select[Any]:
    return query if limit is None else query.limit(at_most(limit))


def _by_number(session: Session, query: sa.Select[Any], wanted: CaseFilter, limit: int | None) -> list[AfterKey]:
    number, after, down = query.selected_columns["id"], wanted.after, wanted.order is CaseOrder.NEWEST
    if after is not None:
        query = query.where(number < after.id if down else number > after.id)
    rows = session.execute(_cut(query.order_by(number.desc() if down else number), limit))
    return [AfterKey(row.priority, row.id) for row in rows]


def _by_due(session: Session, wanted: CaseFilter, now: datetime | None, limit: int | None) -> list[AfterKey]:
    """Return the keys of cases by deadline, those without one last; two readings, each along an index.

    Only open cases have a deadline: asked for open ones besides, SQLite would go by their states and sort them.
    """
    keys: list[AfterKey] = []
    after = wanted.after
    if after is None or after.value != "":
        query = chosen(session.dialect.name, replace(wanted, open_only=False), now)
        due, number = query.selected_columns["due_at"], query.selected_columns["id"]
        dated = query.where(due.is_not(None))
        if after is not None:
            past = datetime.fromisoformat(str(after.value))
            dated = dated.where(due >= past, sa.or_(due > past, number > after.id))
        rows = session.execute(_cut(dated.order_by(due, number), limit))
        keys = [AfterKey(row.due_at.isoformat(), row.id) for row in rows]
        after = None
    if limit is None or len(keys) < limit:
        query = chosen(session.dialect.name, wanted, now)
        due, number = query.selected_columns["due_at"], query.selected_columns["id"]
        rest = query.where(due.is_(None))
        if after is not None:
            rest = rest.where(number > after.id)
        left = None if limit is None else limit - len(keys)
        keys += [AfterKey("", row.id) for row in session.execute(_cut(rest.order_by(number), left))]
    return keys
