"""Verdicts of reviewers on single hits, and what they add up to for each rule."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from db.connect import Session
from db.contents import chunked
from db.tables import app_user, asn, case_hit, hit_verdict, rule_hit
from db.upsert import insert_one
from monitor.domain import JudgedHit, Verdict, VerdictCount, VerdictRow


def hit_place(session: Session, hit_id: int) -> JudgedHit | None:
    """Return what a verdict must know of a hit, None when there is no such hit."""
    query = (
        sa.select(rule_hit.c.id, rule_hit.c.rule_id, rule_hit.c.rule_version, asn.c.jurisdiction, case_hit.c.case_id)
        .join(asn, asn.c.id == rule_hit.c.asn_id)
        .join(case_hit, case_hit.c.hit_id == rule_hit.c.id, isouter=True)
        .where(rule_hit.c.id == hit_id)
    )
    row = session.execute(query).first()
    return JudgedHit(row.id, row.rule_id, row.rule_version, row.jurisdiction, row.case_id) if row is not None else None


def add_verdict(session: Session, hit_id: int, user_id: int, verdict: Verdict, reason: str, now: datetime) -> int:
    """Append a verdict and return its number; the latest of each reviewer counts."""
    return insert_one(
        session, hit_verdict, hit_id=hit_id, user_id=user_id, verdict=verdict.value, reason=reason or None, at=now
    )


def verdicts_of(session: Session, hit_ids: Collection[int]) -> dict[int, tuple[VerdictRow, ...]]:
    """Return the latest verdict of each reviewer on these hits, the newest last."""
    latest: dict[tuple[int, int], VerdictRow] = {}
    for ids in chunked(sorted(set(hit_ids))):
        query = (
            sa.select(hit_verdict, app_user.c.name)
            .join(app_user, app_user.c.id == hit_verdict.c.user_id)
            .where(hit_verdict.c.hit_id.in_(ids))
            .order_by(hit_verdict.c.id)
        )
        for row in session.execute(query):
            key = (row.hit_id, row.user_id)
            latest.pop(key, None)  # so that a changed verdict moves to the end
            latest[key] = VerdictRow(row.hit_id, row.user_id, row.name, Verdict(row.verdict), row.reason or "", row.at)
    by_hit: dict[int, list[VerdictRow]] = defaultdict(list)
    for (hit_id, _), said in latest.items():
        by_hit[hit_id].append(said)
    return {hit_id: tuple(rows) for hit_id, rows in by_hit.items()}


def verdict_counts(
    session: Session, *, region: str = "", last: int | None = None, before: datetime | None = None
) -> list[VerdictCount]:
    """Return how hits were judged by rule, version and place of the person; each hit counts once.

    The latest verdict of each reviewer counts; reviewers who differ make a hit unsure. `last` is the last verdict to
    know, `before` leaves out what was said then or later; `region` keeps people of that place and below.
    """
    latest = sa.select(sa.func.max(hit_verdict.c.id)).group_by(hit_verdict.c.hit_id, hit_verdict.c.user_id)
    if last is not None:
        latest = latest.where(hit_verdict.c.id <= last)
    if before is not None:
        latest = latest.where(hit_verdict.c.at < before)
    said = (
        sa.select(
            hit_verdict.c.hit_id,
            sa.func.min(hit_verdict.c.verdict).label("least"),
            sa.func.max(hit_verdict.c.verdict).label("most"),
        )
        .where(hit_verdict.c.id.in_(latest))
        .group_by(hit_verdict.c.hit_id)
        .subquery()
    )
    agreed = sa.case((said.c.least == said.c.most, said.c.most), else_=Verdict.RAGU.value).label("verdict")
    place = asn.c.jurisdiction
    query = (
        sa.select(rule_hit.c.rule_id, rule_hit.c.rule_version, place, agreed, sa.func.count().label("hits"))
        .select_from(said)
        .join(rule_hit, rule_hit.c.id == said.c.hit_id)
        .join(asn, asn.c.id == rule_hit.c.asn_id)
        .group_by(rule_hit.c.rule_id, rule_hit.c.rule_version, place, agreed)
    )
    if region:
        query = query.where(sa.or_(place == region, place.startswith(region + ".", autoescape=True)))
    counts: dict[tuple[str, int, str], dict[str, int]] = defaultdict(dict)
    for row in session.execute(query):
        counts[row.rule_id, row.rule_version, row.jurisdiction][row.verdict] = row.hits
    return [_count(key, said_of) for key, said_of in sorted(counts.items())]


def _count(key: tuple[str, int, str], said: dict[str, Any]) -> VerdictCount:
    return VerdictCount(
        *key,
        right=said.get(Verdict.TEPAT.value, 0),
        wrong=said.get(Verdict.KELIRU.value, 0),
        unsure=said.get(Verdict.RAGU.value, 0),
    )
