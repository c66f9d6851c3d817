"""Hits into cases: what waits for a case, what is there already, and the plan carried out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from db import search
from db.casework import record
from db.connect import Session
from db.contents import chunked
from db.events import EventDraft, fold
from db.standing import STANDING
from db.tables import asn, attribution, case_hit, case_link, interaction, review_case, rule_hit
from db.upkeep import refresh_statistics
from monitor.domain import (
    AttributionStatus,
    CaseCounts,
    CaseKey,
    CaseState,
    EventKind,
    ExistingCase,
    GroupingPlan,
    HeldAct,
    HitForCase,
    JoinCase,
    Priority,
    Signal,
)

_LIVE = (AttributionStatus.PROPOSED, AttributionStatus.VERIFIED)


def ungrouped_hits(session: Session) -> list[HitForCase]:
    """Return every active, unsuppressed hit that is in no case yet, by number."""
    status = (
        sa.select(attribution.c.status)
        .where(
            attribution.c.account_id == interaction.c.actor_account_id,
            attribution.c.asn_id == rule_hit.c.asn_id,
            attribution.c.status.in_(_LIVE),
        )
        .limit(1)
        .scalar_subquery()
    )
    query = (
        sa.select(
            rule_hit,
            interaction.c.act,
            sa.func.coalesce(interaction.c.occurred_at, interaction.c.bracket_hi).label("happened_at"),
            status.label("attribution"),
            asn.c.jurisdiction,
        )
        .join(interaction, interaction.c.id == rule_hit.c.interaction_id)
        .join(asn, asn.c.id == rule_hit.c.asn_id)
        .join(case_hit, case_hit.c.hit_id == rule_hit.c.id, isouter=True)
        .where(
            STANDING,
            rule_hit.c.suppression_id.is_(None),
            case_hit.c.hit_id.is_(None),
        )
        .order_by(rule_hit.c.id)
    )
    return [_hit_for_case(row) for row in session.execute(query)]


def lost_hits(session: Session) -> int:
    """Return how many active, unsuppressed hits are in no case; 0 after every reconciliation."""
    return len(ungrouped_hits(session))


def cases_of(session: Session, person_ids: Collection[int]) -> list[ExistingCase]:
    """Return all cases of these people with the signals of their standing hits."""
    found: list[Any] = []
    signals: dict[int, list[Signal]] = defaultdict(list)
    for ids in chunked(sorted(set(person_ids))):
        found += session.execute(sa.select(review_case).where(review_case.c.asn_id.in_(ids))).all()
        query = (
            sa.select(
                case_hit.c.case_id,
                rule_hit.c.interaction_id,
                interaction.c.act,
                rule_hit.c.level,
                rule_hit.c.tier,
                rule_hit.c.stance,
            )
            .join(rule_hit, rule_hit.c.id == case_hit.c.hit_id)
            .join(interaction, interaction.c.id == rule_hit.c.interaction_id)
            .where(rule_hit.c.asn_id.in_(ids), STANDING)
        )
        for row in session.execute(query):
            signals[row.case_id].append(Signal(row.interaction_id, row.act, row.level, row.tier, row.stance))
    return [ExistingCase(r.id, _key(r), r.contest_id, r.state, tuple(signals[r.id])) for r in found]


def held_acts(session: Session, interaction_ids: Collection[int]) -> list[HeldAct]:
    """Return which of these acts cases already hold."""
    held: list[HeldAct] = []
    for ids in chunked(sorted(set(interaction_ids))):
        query = (
            sa.select(
                case_hit.c.hit_id, case_hit.c.case_id, rule_hit.c.interaction_id, rule_hit.c.candidate_id.label("pair"),
                STANDING.label("stands"), review_case.c.asn_id, review_case.c.candidate_id, review_case.c.law,
                review_case.c.law_row, review_case.c.stage,
            )
            .join(rule_hit, rule_hit.c.id == case_hit.c.hit_id)
            .join(review_case, review_case.c.id == case_hit.c.case_id)
            .where(rule_hit.c.interaction_id.in_(ids))
        )  # fmt: skip
        held += [
            HeldAct(r.hit_id, r.interaction_id, r.pair, r.case_id, _key(r), r.stands) for r in session.execute(query)
        ]
    return held


def apply_grouping(session: Session, plan: GroupingPlan, now: datetime, actor: str) -> CaseCounts:
    """Open, join and reopen cases as planned, each with its event, and bring every queue in line with the register."""
    drafts = _open_cases(session, plan, now, actor)
    drafts += _join_cases(session, plan.joined, now, actor)
    record(session, drafts)
    _set_priorities(session, plan.priorities)
    _link_cases(session, plan.links, now, actor)
    sync_queues(session)
    search.forget_cases(session, [join.case_id for join in plan.joined])
    search.refresh(session, now)
    refresh_statistics(session)
    return CaseCounts(
        new=len(plan.new),
        joined=sum(len(join.hit_ids) for join in plan.joined),
        reopened=sum(join.reopen for join in plan.joined),
        unqueued=count_unqueued(session),
    )


def sync_queues(session: Session) -> None:
    """Move cases to the queue of the place that the register now gives for their person."""
    place = sa.select(asn.c.jurisdiction).where(asn.c.id == review_case.c.asn_id).scalar_subquery()
    session.execute(
        sa.update(review_case)
        .where(review_case.c.jurisdiction != place)
        .values(jurisdiction=place, queue=sa.func.nullif(place, ""))
    )


def count_unqueued(session: Session) -> int:
    """Return how many open cases wait in the queue "tanpa antrean"."""
    states = [state for state in CaseState if state.open]
    query = sa.select(sa.func.count()).where(review_case.c.queue.is_(None), review_case.c.state.in_(states))
    return int(session.execute(query).scalar_one())


def _hit_for_case(row: Any) -> HitForCase:
    return HitForCase(
        hit_id=row.id,
        interaction_id=row.interaction_id,
        person_id=row.asn_id,
        candidate_id=row.candidate_id,
        contest_id=row.contest_id,
        law=row.law,
        law_row=row.law_row,
        law_rank=row.law_rank,
        stage=row.stage,
        rule_id=row.rule_id,
        act=row.act,
        level=row.level,
        tier=row.tier,
        at=row.happened_at,
        attribution=row.attribution or AttributionStatus.PROPOSED,
        jurisdiction=row.jurisdiction,
        mode=row.mode,
        stance=row.stance,
    )


def _key(row: Any) -> CaseKey:
    return CaseKey(row.asn_id, row.candidate_id, row.law, row.law_row, row.stage)


def _priority(priority: Priority) -> dict[str, object]:
    return {"priority": priority.score, "priority_parts": [asdict(part) for part in priority.parts]}


def _hit_facts(session: Session, hit_ids: Iterable[int]) -> dict[int, Any]:
    facts: dict[int, Any] = {}
    for ids in chunked(sorted(hit_ids)):
        query = (
            sa.select(rule_hit.c.id, rule_hit.c.contest_id, rule_hit.c.stage_straddled, interaction.c.seen_first_at)
            .join(interaction, interaction.c.id == rule_hit.c.interaction_id)
            .where(rule_hit.c.id.in_(ids))
        )
        facts |= {row.id: row for row in session.execute(query)}
    return facts


def _open_cases(session: Session, plan: GroupingPlan, now: datetime, actor: str) -> list[EventDraft]:
    if not plan.new:
        return []
    facts = _hit_facts(session, (hit for new in plan.new for hit in new.hit_ids))
    rows = []
    for new in plan.new:
        hits = [facts[number] for number in new.hit_ids]
        first = fold(None, EventDraft(0, 1, EventKind.OPENED, new.state, now, actor, detail={"hits": new.hit_ids}))
        rows.append(
            asdict(first)
            | _priority(new.priority)
            | {
                "asn_id": new.key.person_id, "candidate_id": new.key.candidate_id, "law": new.key.law,
                "law_row": new.key.law_row, "stage": new.key.stage, "contest_id": hits[0].contest_id,
                "stage_straddled": any(hit.stage_straddled for hit in hits),
                "jurisdiction": new.queue or "", "queue": new.queue,
                "first_seen_at": min(hit.seen_first_at for hit in hits), "linked_case_id": new.linked_to,
            }
        )  # fmt: skip
    insert = sa.insert(review_case).returning(review_case.c.id, sort_by_parameter_order=True)
    numbers = [int(number) for number in session.execute(insert, rows).scalars()]
    _hold(session, zip(numbers, (new.hit_ids for new in plan.new), strict=True), now)
    follows = [
        {"first_case_id": new.linked_to, "second_case_id": number, "kind": "follows", "linked_at": now}
        for number, new in zip(numbers, plan.new, strict=True)
        if new.linked_to is not None
    ]
    if follows:
        session.execute(sa.insert(case_link), follows)
    return [
        EventDraft(
            number, 1, EventKind.OPENED, new.state, now, actor,
            detail={"hits": list(new.hit_ids), "key": asdict(new.key), "queue": new.queue, "follows": new.linked_to},
        )
        for number, new in zip(numbers, plan.new, strict=True)
    ]  # fmt: skip


def _join_cases(session: Session, joins: Sequence[JoinCase], now: datetime, actor: str) -> list[EventDraft]:
    if not joins:
        return []
    rows: dict[int, Any] = {}
    for ids in chunked([join.case_id for join in joins]):
        query = sa.select(review_case.c.id, review_case.c.state, review_case.c.version, review_case.c.why)
        locked = query.where(review_case.c.id.in_(ids)).order_by(review_case.c.id).with_for_update()
        rows |= {row.id: row for row in session.execute(locked)}
    _hold(session, ((join.case_id, join.hit_ids) for join in joins), now)
    _set_priorities(session, ((join.case_id, join.priority) for join in joins))
    drafts = []
    for join in joins:
        case = rows[join.case_id]
        drafts.append(
            EventDraft(
                join.case_id,
                case.version + 1,
                EventKind.REOPENED if join.reopen else EventKind.HIT_JOINED,
                CaseState.DITINJAU if join.reopen else case.state,
                now,
                actor,
                from_state=case.state,
                reason="muncul_lagi" if join.reopen else "",
                detail={"hits": list(join.hit_ids)},
            )
        )
    return drafts


def _hold(session: Session, holdings: Iterable[tuple[int, tuple[int, ...]]], now: datetime) -> None:
    rows = [{"hit_id": hit, "case_id": case_id, "joined_at": now} for case_id, hit_ids in holdings for hit in hit_ids]
    if rows:
        session.execute(sa.insert(case_hit), rows)


def _set_priorities(session: Session, priorities: Iterable[tuple[int, Priority]]) -> None:
    rows = [{"case_number": case_id, **_priority(priority)} for case_id, priority in priorities]
    if rows:
        session.execute(sa.update(review_case).where(review_case.c.id == sa.bindparam("case_number")), rows)


def _link_cases(session: Session, links: Sequence[tuple[int, int]], now: datetime, actor: str) -> None:
    hit_ids = {hit for pair in links for hit in pair}
    home: dict[int, int] = {}
    for ids in chunked(sorted(hit_ids)):
        query = sa.select(case_hit.c.hit_id, case_hit.c.case_id).where(case_hit.c.hit_id.in_(ids))
        home |= dict(session.execute(query).all())
    wanted = {(min(home[a], home[b]), max(home[a], home[b])) for a, b in links if home[a] != home[b]}
    known: set[tuple[int, int]] = set()
    for seconds in chunked(sorted({second for _, second in wanted})):
        query = sa.select(case_link.c.first_case_id, case_link.c.second_case_id)
        known |= set(session.execute(query.where(case_link.c.second_case_id.in_(seconds))))
    new = sorted(wanted - known)
    if not new:
        return
    session.execute(
        sa.insert(case_link),
        [{"first_case_id": a, "second_case_id": b, "kind": "same_act", "linked_at": now} for a, b in new],
    )
    cases: dict[int, Any] = {}
    for ids in chunked(sorted({second for _, second in new})):
        cases |= {row.id: row for row in session.execute(sa.select(review_case).where(review_case.c.id.in_(ids)))}
    versions = {number: row.version for number, row in cases.items()}
    drafts = []
    for first, second in new:
        versions[second] += 1
        state = cases[second].state
        detail: Mapping[str, object] = {"with": first}
        drafts.append(
            EventDraft(second, versions[second], EventKind.LINKED, state, now, actor, from_state=state, detail=detail)
        )
    record(session, drafts)
