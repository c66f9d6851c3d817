"""What rule sets say of acts: what waits to be judged, what was said, and which hits stand."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from db import search
from db.chain import canonical, text_hash
from db.connect import Session
from db.contents import chunked
from db.tables import (
    attribution,
    interaction,
    judgement,
    law_profile,
    purged_act,
    rule_hit,
    rule_version,
    ruleset,
    ruleset_rule,
)
from db.views import best_owner, build_views, one_owner, owned
from monitor.domain import (
    Hit,
    InteractionView,
    JudgedCounts,
    Judgement,
    JudgementOutcome,
    LawProfile,
    NearMiss,
    RuleStatus,
    TraceNode,
)

_HIT_KEY = ("interaction_id", "asn_id", "rule_id", "rule_version", "candidate_id", "law", "law_row", "stage")


def store_ruleset(
    session: Session,
    ruleset_hash: str,
    detail_json: str,
    rules: Iterable[tuple[str, int, str, str]],
    laws: Iterable[LawProfile],
    now: datetime,
) -> int:
    """Store a rule set once, with its rules (id, version, status, content hash) and law profiles; return its number.

    `detail_json` may carry `{"rules": {id: {"title": …, "false_positives": […]}}}`, which case pages show.
    """
    known = ruleset_number(session, ruleset_hash)
    if known is not None:
        return known
    values = {"hash": ruleset_hash, "detail": json.loads(detail_json), "created_at": now}
    number = int(session.execute(sa.insert(ruleset).values(values).returning(ruleset.c.id)).scalar_one())
    held = [
        {
            "ruleset_id": number,
            "rule_version_id": _rule_version(session, rule_id, version, content_hash, now),
            "status": RuleStatus(status),
        }
        for rule_id, version, status, content_hash in sorted(rules)
    ]
    if held:
        session.execute(sa.insert(ruleset_rule), held)
    profiles = [
        {"ruleset_id": number, "profile": law.id, "title": law.title, "content": json.loads(_json(asdict(law)))}
        for law in sorted(laws, key=lambda profile: profile.id)
    ]
    if profiles:
        session.execute(sa.insert(law_profile), profiles)
    return number


def ruleset_number(session: Session, ruleset_hash: str) -> int | None:
    """Return the number of a stored rule set, None when it never judged."""
    known = session.execute(sa.select(ruleset.c.id).where(ruleset.c.hash == ruleset_hash)).scalar()
    return int(known) if known is not None else None


def pending(session: Session, ruleset_id: int, limit: int) -> list[InteractionView]:
    """Return acts that were never judged, were judged by another rule set, or changed since; oldest first.

    Acts that cannot lie in the time in which the account was its owner's, or whose owner is no longer known, do not
    wait; where they may lie outside it, the view says so.
    """
    query = _waiting(session, ruleset_id).order_by(interaction.c.id, *best_owner(session)).limit(limit * 2)
    return build_views(session, list(one_owner(session.execute(query)).values())[:limit])


def count_pending(session: Session, ruleset_id: int) -> int:
    """Return how many acts wait to be judged by the rule set."""
    waiting = _waiting(session, ruleset_id).with_only_columns(interaction.c.id).distinct().subquery()
    return int(session.execute(sa.select(sa.func.count()).select_from(waiting)).scalar_one())


def store_judgements(session: Session, judgements: Sequence[Judgement], ruleset_id: int, now: datetime) -> None:
    """Store what one rule set says; it supersedes what stood before, and hits no longer given become inactive.

    Storing the same judgement again changes nothing but the mark that the act waits.
    """
    for part in chunked(judgements, 200):
        ids = [judged.interaction_id for judged in part]
        numbers = _store_outcomes(session, part, ruleset_id, now)
        _store_hits(session, part, numbers, now)
        session.execute(sa.update(interaction).where(interaction.c.id.in_(ids)).values(dirty=False))


def judged_counts(session: Session, ruleset_id: int) -> JudgedCounts:
    """Return how the standing judgements of a rule set fell."""
    query = (
        sa.select(judgement.c.outcome, sa.func.count())
        .where(judgement.c.current, judgement.c.ruleset_id == ruleset_id)
        .group_by(judgement.c.outcome)
    )
    counts: dict[JudgementOutcome, int] = dict(session.execute(query).all())
    return JudgedCounts(
        evaluated=sum(counts.values()),
        hits=counts.get(JudgementOutcome.HIT, 0),
        misses=counts.get(JudgementOutcome.MISS, 0),
        not_evaluable=counts.get(JudgementOutcome.NOT_EVALUABLE, 0),
        errors=counts.get(JudgementOutcome.ERROR, 0),
    )


def rule_counts(session: Session, ruleset_id: int) -> dict[str, int]:
    """Return how many standing hits each rule of a rule set gave, shadow hits included."""
    query = (
        sa.select(rule_hit.c.rule_id, sa.func.count())
        .join(judgement, judgement.c.id == rule_hit.c.judgement_id)
        .where(rule_hit.c.active, judgement.c.ruleset_id == ruleset_id)
        .group_by(rule_hit.c.rule_id)
        .order_by(rule_hit.c.rule_id)
    )
    return dict(session.execute(query).all())


def _rule_version(session: Session, rule_id: str, version: int, content_hash: str, now: datetime) -> int:
    wanted = (
        rule_version.c.rule_id == rule_id,
        rule_version.c.version == version,
        rule_version.c.content_hash == content_hash,
    )
    known = session.execute(sa.select(rule_version.c.id).where(*wanted)).scalar()
    if known is not None:
        return int(known)
    values = {"rule_id": rule_id, "version": version, "content_hash": content_hash, "first_used_at": now}
    return int(session.execute(sa.insert(rule_version).values(values).returning(rule_version.c.id)).scalar_one())


def withdraw_strays(session: Session, now: datetime) -> int:
    """End the hits on acts that are no longer their person's: the account was redated, rejected or another's.

    Returns how many. What was said of those acts stays in history and stands no more.
    """
    same = (interaction.c.id == rule_hit.c.interaction_id, attribution.c.asn_id == rule_hit.c.asn_id)
    mine = owned(session).where(*same)
    strays = sa.select(rule_hit.c.id, rule_hit.c.interaction_id).where(
        rule_hit.c.active, ~mine.with_only_columns(interaction.c.id).correlate(rule_hit).exists()
    )
    rows = session.execute(strays).all()
    for part in chunked(rows):
        ids, acts = [row.id for row in part], [row.interaction_id for row in part]
        session.execute(sa.update(rule_hit).where(rule_hit.c.id.in_(ids)).values(active=False, changed_at=now))
        session.execute(sa.update(judgement).where(judgement.c.interaction_id.in_(acts)).values(current=False))
        search.forget_hits(session, ids)
    return len(rows)


def _waiting(session: Session, ruleset_id: int) -> sa.Select[Any]:
    judged = sa.exists().where(
        judgement.c.interaction_id == interaction.c.id, judgement.c.current, judgement.c.ruleset_id == ruleset_id
    )
    # Nobody can judge anew what has no words left; what was said of it stands.
    emptied = sa.exists().where(purged_act.c.interaction_id == interaction.c.id)
    return owned(session).where(sa.or_(interaction.c.dirty, ~judged), ~emptied)


def _store_outcomes(
    session: Session, judgements: Sequence[Judgement], ruleset_id: int, now: datetime
) -> dict[int, int]:
    """Write the judgements of some acts and return their numbers by act."""
    ids = [judged.interaction_id for judged in judgements]
    # A judgement is made of plain frozen values only, so its repr says all that it says, and quickly.
    hashes = {judged.interaction_id: text_hash(repr(judged)) for judged in judgements}
    query = sa.select(
        judgement.c.id, judgement.c.interaction_id, judgement.c.ruleset_id, judgement.c.result_hash, judgement.c.current
    ).where(judgement.c.interaction_id.in_(ids))
    same: dict[int, Any] = {}
    outdated: list[int] = []
    for row in session.execute(query):
        if row.ruleset_id == ruleset_id and row.result_hash == hashes[row.interaction_id]:
            same[row.interaction_id] = row
        elif row.current:
            outdated.append(row.id)
    if outdated:
        session.execute(sa.update(judgement).where(judgement.c.id.in_(outdated)).values(current=False))
    back = [row.id for row in same.values() if not row.current]
    if back:
        session.execute(sa.update(judgement).where(judgement.c.id.in_(back)).values(current=True))
    new = [
        {
            "interaction_id": judged.interaction_id,
            "ruleset_id": ruleset_id,
            "result_hash": hashes[judged.interaction_id],
            "outcome": judged.outcome,
            "current": True,
            "near_misses": _reasons(judged.near_misses),
            "not_evaluable": _reasons(judged.not_evaluable),
            "errors": list(judged.errors) or None,
            "judged_at": now,
        }
        for judged in judgements
        if judged.interaction_id not in same
    ]
    numbers = {interaction_id: row.id for interaction_id, row in same.items()}
    if new:
        session.execute(sa.insert(judgement), new)
        fresh = sa.select(judgement.c.interaction_id, judgement.c.id).where(
            judgement.c.interaction_id.in_([row["interaction_id"] for row in new]), judgement.c.current
        )
        numbers |= dict(session.execute(fresh).all())
    return numbers


def _store_hits(session: Session, judgements: Sequence[Judgement], numbers: Mapping[int, int], now: datetime) -> None:
    ids = [judged.interaction_id for judged in judgements]
    owners: dict[int, int] = {}
    for act in session.execute(owned(session).where(interaction.c.id.in_(ids)).order_by(*best_owner(session))):
        owners.setdefault(act.id, act.asn_id)
    stored: dict[tuple[Any, ...], Any] = {
        tuple(getattr(row, name) for name in _HIT_KEY): row
        for row in session.execute(
            sa.select(
                rule_hit.c.id,
                rule_hit.c.active,
                rule_hit.c.judgement_id,
                rule_hit.c.changed_at,
                *(rule_hit.c[name] for name in _HIT_KEY),
            )
            .where(rule_hit.c.interaction_id.in_(ids))
            .with_for_update()
        )
    }
    given: dict[tuple[Any, ...], dict[str, Any]] = {}
    for judged in judgements:
        for hit in judged.hits:
            if judged.interaction_id not in owners:
                continue
            row = _hit_row(hit, judged.interaction_id, owners[judged.interaction_id], numbers[judged.interaction_id])
            given[tuple(row[name] for name in _HIT_KEY)] = row
    new = [row | {"first_judged_at": now, "changed_at": now} for key, row in given.items() if key not in stored]
    if new:
        session.execute(sa.insert(rule_hit), new)
    changed = [
        row | {"hit_number": old.id, "changed_at": old.changed_at if old.active else now}
        for key, row in given.items()
        if (old := stored.get(key)) is not None and (not old.active or old.judgement_id != row["judgement_id"])
    ]
    if changed:
        # Named apart from the column, which an UPDATE would otherwise set.
        session.execute(sa.update(rule_hit).where(rule_hit.c.id == sa.bindparam("hit_number")), changed)
    gone = [row.id for key, row in stored.items() if row.active and key not in given]
    if gone:
        session.execute(sa.update(rule_hit).where(rule_hit.c.id.in_(gone)).values(active=False, changed_at=now))
    search.forget_hits(session, [*(row["hit_number"] for row in changed), *gone])


def _hit_row(hit: Hit, interaction_id: int, asn_id: int, judgement_id: int) -> dict[str, Any]:
    return {
        "interaction_id": interaction_id,
        "judgement_id": judgement_id,
        "asn_id": asn_id,
        "rule_id": hit.rule_id,
        "rule_version": hit.rule_version,
        "mode": hit.mode,
        "level": hit.level,
        "candidate_id": hit.candidate_id,
        "contest_id": hit.contest_id,
        "law": hit.law,
        "law_row": hit.law_row,
        "law_rank": hit.law_rank,
        "stage": hit.stage,
        "stage_straddled": hit.stage_straddled,
        "candidate_status": hit.candidate_status,
        "tier": hit.tier,
        "explanation": hit.explanation,
        "spans": [asdict(span) for span in hit.spans],
        "counter_signals": list(hit.counter_signals),
        "trace": _told(hit.trace) if hit.trace is not None else None,
        "raised": list(hit.raised),
        "stance": hit.stance,
        "stance_spans": [asdict(span) for span in hit.stance_spans],
        "active": True,
    }


def _reasons(misses: Iterable[NearMiss]) -> list[dict[str, Any]] | None:
    return [
        {
            "rule_id": miss.rule_id,
            "rule_version": miss.rule_version,
            "candidate_id": miss.candidate_id,
            "reason": miss.reason,
            "trace": _told(miss.trace) if miss.trace is not None else None,
        }
        for miss in misses
    ] or None


def _told(node: TraceNode) -> dict[str, Any]:
    """Return a trace as `asdict` does, which copies so deeply that it took a sixth of judging."""
    children = tuple(_told(child) for child in node.children)
    return {"name": node.name, "passed": node.passed, "detail": node.detail, "children": children}


def _json(value: object) -> str:
    return canonical(json.loads(json.dumps(value, default=str)))
