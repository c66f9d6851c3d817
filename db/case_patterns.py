"""The repeated patterns that a case is part of, with their acts and where each of those is held."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from db.connect import Session
from db.contents import act_time, chunked
from db.tables import case_hit, interaction, item, pattern, review_case, rule_hit, ruleset
from monitor.domain import CasePattern, PatternAct


def case_patterns(
    session: Session, asn_id: int, candidate_id: int, interaction_ids: Collection[int]
) -> tuple[CasePattern, ...]:
    """Return the standing patterns of a person for a pair that any of these acts belongs to, earliest first."""
    query = (
        sa.select(pattern, ruleset.c.detail)
        .join(ruleset, ruleset.c.id == pattern.c.ruleset_id)
        .where(pattern.c.active, pattern.c.asn_id == asn_id, pattern.c.candidate_id == candidate_id)
        .order_by(pattern.c.first_at, pattern.c.rule_id, pattern.c.rule_version)
    )
    rows = [row for row in session.execute(query) if not set(interaction_ids).isdisjoint(row.members)]
    acts = _acts(session, asn_id, candidate_id, {number for row in rows for number in row.members})
    return tuple(
        CasePattern(
            rule=row.rule_id,
            rule_version=row.rule_version,
            title=_title(row.detail, row.rule_id),
            level=row.level,
            first_at=row.first_at,
            last_at=row.last_at,
            within=timedelta(seconds=row.within_seconds),
            weight=row.weight,
            acts=tuple(acts[number] for number in row.members if number in acts),
        )
        for row in rows
    )


def _acts(session: Session, asn_id: int, candidate_id: int, numbers: Collection[int]) -> dict[int, PatternAct]:
    if not numbers:
        return {}
    own, target = item.alias("own"), item.alias("target")
    cases = (
        sa.select(rule_hit.c.interaction_id, sa.func.max(case_hit.c.case_id).label("case_id"))
        .join(case_hit, case_hit.c.hit_id == rule_hit.c.id)
        .join(review_case, review_case.c.id == case_hit.c.case_id)
        .where(review_case.c.asn_id == asn_id, review_case.c.candidate_id == candidate_id, rule_hit.c.active)
        .group_by(rule_hit.c.interaction_id)
        .subquery()
    )
    here = sa.and_(target.c.platform == interaction.c.platform, target.c.platform_item_id == interaction.c.target_id)
    query = (
        sa.select(
            interaction.c.id, interaction.c.act, interaction.c.platform, interaction.c.occurred_at,
            interaction.c.bracket_lo, interaction.c.bracket_hi, cases.c.case_id,
            sa.func.coalesce(own.c.url, target.c.url, interaction.c.target_id).label("url"),
        )
        .join(cases, cases.c.interaction_id == interaction.c.id, isouter=True)
        .join(own, own.c.id == interaction.c.own_item_id, isouter=True)
        .join(target, here, isouter=True)
    )  # fmt: skip
    found = {}
    for ids in chunked(sorted(numbers)):
        for row in session.execute(query.where(interaction.c.id.in_(ids))):
            found[row.id] = PatternAct(row.id, row.act, row.platform, act_time(row), row.url, row.case_id)
    return found


def _title(detail: Mapping[str, Any] | None, rule_id: str) -> str:
    told = ((detail or {}).get("rules") or {}).get(rule_id)
    return str(told.get("title") or rule_id) if isinstance(told, dict) else rule_id
