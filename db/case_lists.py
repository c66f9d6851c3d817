"""Lists of cases: filtered, paged by key, with their hits and leases loaded together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from db import leases
from db.connect import Session
from db.contents import act_time, chunked
from db.standing import STANDING
from db.tables import account, asn, candidate, case_hit, contest, interaction, item, lease, review_case, rule_hit
from monitor.domain import (
    AfterKey,
    CandidateBrief,
    CaseFilter,
    CaseOrder,
    CasePage,
    CaseRow,
    CaseState,
    CaseTallies,
    HitBrief,
    LeaseRow,
    PersonBrief,
    RuleStatus,
)
from monitor.vault import Vault

OPEN = tuple(state for state in CaseState if state.open)


def list_cases(session: Session, wanted: CaseFilter, now: datetime | None = None) -> CasePage:
    """Return one page of cases and where the next one starts; `now` says which leases still run."""
    query = _ordered(_filtered(_cases(), wanted, now), wanted)
    if wanted.limit is not None:
        query = query.limit(wanted.limit + 1)
    found = session.execute(query).all()
    more = wanted.limit is not None and len(found) > wanted.limit
    rows = case_rows(session, found[: wanted.limit] if more else found, now)
    after = AfterKey(rows[-1].priority, rows[-1].id) if more else None
    return CasePage(tuple(rows), after)


def case_rows(session: Session, found: Collection[Any], now: datetime | None) -> list[CaseRow]:
    """Return rows of `_cases` as list rows, with standing hits and running leases."""
    numbers = [row.id for row in found]
    hits: dict[int, list[HitBrief]] = defaultdict(list)
    for case_id, hit in case_hits(session, numbers):
        if hit.active:
            hits[case_id].append(hit)
    held: dict[int, LeaseRow] = {}
    for ids in chunked(numbers if now is not None else ()):
        assert now is not None  # the loop runs only then
        held |= leases.current(session, ids, now)
    return [_case_row(row, tuple(hits[row.id]), held.get(row.id)) for row in found]


def one_case(session: Session, case_id: int) -> Any | None:
    """Return the row of one case with its person and pair."""
    return session.execute(_cases().where(review_case.c.id == case_id)).first()


def case_hits(session: Session, case_ids: Collection[int]) -> list[tuple[int, HitBrief]]:
    """Return the hits of these cases, standing or not, in the order in which they were found."""
    briefs: list[tuple[int, HitBrief]] = []
    for ids in chunked(case_ids):
        query = hits_query().join(case_hit, case_hit.c.hit_id == rule_hit.c.id).add_columns(case_hit.c.case_id)
        found = session.execute(query.where(case_hit.c.case_id.in_(ids)).order_by(rule_hit.c.id))
        briefs.extend((row.case_id, hit_brief(row)) for row in found)
    return briefs


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
        active=row.active and row.mode is RuleStatus.ACTIVE,
        stance=row.stance,
    )


def identifier_of(session: Session, vault: Vault, asn_id: int) -> str:
    """Return the full identifier of a watched person; whoever calls this audits it."""
    sealed = session.execute(sa.select(asn.c.identifier_sealed).where(asn.c.id == asn_id)).scalar_one()
    return vault.unseal(sealed).decode()


def tallies(session: Session, scope: tuple[str, ...] | None, now: datetime) -> CaseTallies:
    """Return how many cases stand where, within the places that somebody may see."""
    seen = _within(scope)
    by_state = session.execute(
        sa.select(review_case.c.state, sa.func.count()).where(seen).group_by(review_case.c.state)
    )
    running = sa.select(lease.c.case_id).where(lease.c.expires_at > now)
    return CaseTallies(
        by_state=dict(by_state.all()),
        unqueued=_count(session, seen, review_case.c.queue.is_(None), review_case.c.state.in_(OPEN)),
        overdue=_count(session, seen, review_case.c.due_at < now, review_case.c.state.in_(OPEN)),
        due_soon=_count(
            session,
            seen,
            review_case.c.due_at.between(now, now + timedelta(hours=24)),
            review_case.c.state.in_(OPEN),
        ),
        leased=_count(session, seen, review_case.c.id.in_(running)),
    )


def _count(session: Session, *where: sa.ColumnElement[bool]) -> int:
    query = sa.select(sa.func.count()).select_from(review_case).where(*where)
    return int(session.execute(query).scalar_one())


def _cases() -> sa.Select[Any]:
    return (
        sa.select(
            review_case, asn.c.identifier_kind, asn.c.identifier_masked, asn.c.name.label("person_name"),
            asn.c.employment, asn.c.agency, asn.c.position, asn.c.note.label("person_note"),
            asn.c.jurisdiction.label("person_jurisdiction"), candidate.c.number, candidate.c.label,
            contest.c.name.label("contest_name"),
        )
        .join(asn, asn.c.id == review_case.c.asn_id)
        .join(candidate, candidate.c.id == review_case.c.candidate_id)
        .join(contest, contest.c.id == review_case.c.contest_id)
    )  # fmt: skip


def _case_row(row: Any, hits: tuple[HitBrief, ...], held: LeaseRow | None) -> CaseRow:
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


def _region(column: sa.ColumnElement[str], code: str) -> sa.ColumnElement[bool]:
    """Whether a place is this region or lies in it; the empty region is the whole country."""
    if not code:
        return sa.true()
    return sa.or_(column == code, column.startswith(code + ".", autoescape=True))


def _within(scope: tuple[str, ...] | None) -> sa.ColumnElement[bool]:
    """Whether somebody may see a case: in one of their places, or in none yet ("tanpa antrean")."""
    if scope is None:
        return sa.true()
    if not scope:
        return sa.false()
    return sa.or_(review_case.c.queue.is_(None), *(_region(review_case.c.jurisdiction, code) for code in scope))


def _filtered(query: sa.Select[Any], wanted: CaseFilter, now: datetime | None) -> sa.Select[Any]:
    where: list[sa.ColumnElement[bool]] = [_within(wanted.scope)]
    if wanted.states:
        where.append(review_case.c.state.in_(wanted.states))
    if wanted.open_only:
        where.append(review_case.c.state.in_(OPEN))
    if wanted.jurisdictions:
        where.append(sa.or_(*(_region(review_case.c.jurisdiction, code) for code in wanted.jurisdictions)))
    if wanted.unqueued:
        where.append(review_case.c.queue.is_(None))
    if wanted.ids:
        where.append(review_case.c.id.in_(wanted.ids))
    exact = (
        (review_case.c.asn_id, wanted.person_id),
        (review_case.c.candidate_id, wanted.candidate_id),
        (review_case.c.contest_id, wanted.contest_id),
        (review_case.c.law_row, wanted.law_row or None),
        (review_case.c.stage, wanted.stage),
    )
    where += [column == value for column, value in exact if value is not None]
    if wanted.text.strip():
        where.append(_said(wanted.text.strip()))
    if wanted.platform or wanted.act is not None:
        where.append(_acted(wanted))
    if wanted.leased_by is not None and now is not None:
        held = sa.select(lease.c.case_id).where(lease.c.user_id == wanted.leased_by, lease.c.expires_at > now)
        where.append(review_case.c.id.in_(held))
    return query.where(*where)


def _said(text: str) -> sa.ColumnElement[bool]:
    """Whether a case's number, person, agency, post, pair or account fits the words."""
    words = [
        column.icontains(text, autoescape=True)
        for column in (asn.c.name, asn.c.agency, asn.c.position, candidate.c.label)
    ]
    handles = (
        sa.select(rule_hit.c.asn_id)
        .join(interaction, interaction.c.id == rule_hit.c.interaction_id)
        .join(account, account.c.id == interaction.c.actor_account_id)
        .where(account.c.handle.icontains(text.lstrip("@"), autoescape=True))
    )
    words.append(review_case.c.asn_id.in_(handles))
    if text.isascii() and text.isdigit() and len(text) < 10:
        words.append(review_case.c.id == int(text))
    return sa.or_(*words)


def _acted(wanted: CaseFilter) -> sa.ColumnElement[bool]:
    held = (
        sa.select(case_hit.c.case_id)
        .join(rule_hit, rule_hit.c.id == case_hit.c.hit_id)
        .join(interaction, interaction.c.id == rule_hit.c.interaction_id)
        .where(STANDING)
    )
    if wanted.platform:
        held = held.where(interaction.c.platform == wanted.platform)
    if wanted.act is not None:
        held = held.where(interaction.c.act == wanted.act)
    return review_case.c.id.in_(held)


def _ordered(query: sa.Select[Any], wanted: CaseFilter) -> sa.Select[Any]:
    number, priority, after = review_case.c.id, review_case.c.priority, wanted.after
    if wanted.order is CaseOrder.NEWEST:
        return query.where(number < after.id if after else sa.true()).order_by(number.desc())
    if wanted.order is CaseOrder.OLDEST:
        return query.where(number > after.id if after else sa.true()).order_by(number)
    if after is not None:
        value = float(after.value)
        query = query.where(sa.or_(priority < value, sa.and_(priority == value, number > after.id)))
    return query.order_by(priority.desc(), number)
