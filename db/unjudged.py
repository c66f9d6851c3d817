"""Acts that stand as not evaluable: they open no case, so that they have a list of their own."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from db.connect import Session
from db.contents import act_time
from db.tables import account, asn, attribution, candidate, contest, interaction, item, judgement
from db.upsert import rows_by
from db.views import within
from monitor.domain import Act, ActTime, AttributionStatus, JudgementOutcome

_LIVE = (AttributionStatus.PROPOSED, AttributionStatus.VERIFIED)
_OWNED = (
    judgement.join(interaction, interaction.c.id == judgement.c.interaction_id)
    .join(account, account.c.id == interaction.c.actor_account_id)
    .join(attribution, attribution.c.account_id == account.c.id)
    .join(asn, asn.c.id == attribution.c.asn_id)
)
_CURRENT = sa.text("judgement.current")
"""As the index over these judgements has it: SQLite takes `current = 1` for something else and reads them all."""


@dataclass(frozen=True, slots=True)
class NotEvaluable:
    """One act that rules could not decide, with the reasons; a person decides what to make of it."""

    interaction_id: int
    person: str
    identifier_masked: str
    agency: str
    jurisdiction: str
    act: Act
    platform: str
    account: str
    handle: str | None
    url: str
    time: ActTime
    pairs: tuple[str, ...]
    reasons: tuple[str, ...]


def list_not_evaluable(session: Session, scope: tuple[str, ...] | None, limit: int | None) -> tuple[NotEvaluable, ...]:
    """Return these acts within some regions (None: everywhere), the latest first."""
    query = _standing(scope).order_by(sa.desc("happened_at"), interaction.c.id, attribution.c.id)
    rows: dict[int, Any] = {}
    for row in session.execute(query if limit is None else query.limit(limit * 2)):
        rows.setdefault(row.id, row)
    kept = list(rows.values())[:limit]
    ids = {miss["candidate_id"] for row in kept for miss in row.not_evaluable or () if miss["candidate_id"]}
    labels = _labels(session, ids)
    return tuple(_entry(row, labels) for row in kept)


def count_not_evaluable(session: Session, scope: tuple[str, ...] | None) -> int:
    """Return how many such acts there are within some regions."""
    acts = sa.select(interaction.c.id).select_from(_OWNED).where(*_stands(scope)).distinct().subquery()
    return int(session.execute(sa.select(sa.func.count()).select_from(acts)).scalar_one())


def _standing(scope: tuple[str, ...] | None) -> sa.Select[Any]:
    own, target = item.alias("own"), item.alias("target")
    acted_on = (target.c.platform == interaction.c.platform) & (target.c.platform_item_id == interaction.c.target_id)
    return (
        sa.select(
            interaction.c.id, interaction.c.act, interaction.c.platform, interaction.c.occurred_at,
            interaction.c.bracket_lo, interaction.c.bracket_hi, judgement.c.not_evaluable, asn.c.name,
            asn.c.identifier_masked, asn.c.agency, asn.c.jurisdiction, account.c.platform_user_id, account.c.handle,
            sa.func.coalesce(own.c.url, target.c.url, interaction.c.target_id).label("url"),
            sa.func.coalesce(interaction.c.occurred_at, interaction.c.bracket_hi).label("happened_at"),
        )
        .select_from(_OWNED)
        .join(own, own.c.id == interaction.c.own_item_id, isouter=True)
        .join(target, acted_on, isouter=True)
        .where(*_stands(scope))
    )  # fmt: skip


def _stands(scope: tuple[str, ...] | None) -> tuple[sa.ColumnElement[bool] | sa.TextClause, ...]:
    undecided = judgement.c.outcome == JudgementOutcome.NOT_EVALUABLE
    return _CURRENT, undecided, attribution.c.status.in_(_LIVE), within(scope)


def _labels(session: Session, ids: Collection[int]) -> dict[int, str]:
    columns = (candidate.c.id, candidate.c.number, candidate.c.label, candidate.c.contest_id)
    pairs = list(rows_by(session, columns, candidate.c.id, ids))
    names = {
        row.id: row.name
        for row in rows_by(session, (contest.c.id, contest.c.name), contest.c.id, {pair.contest_id for pair in pairs})
    }
    return {pair.id: f"{pair.number}. {pair.label} ({names[pair.contest_id]})" for pair in pairs}


def _entry(row: Any, labels: dict[int, str]) -> NotEvaluable:
    misses = row.not_evaluable or ()
    pairs = dict.fromkeys(labels.get(miss["candidate_id"], "") for miss in misses)
    return NotEvaluable(
        interaction_id=row.id,
        person=row.name,
        identifier_masked=row.identifier_masked,
        agency=row.agency,
        jurisdiction=row.jurisdiction,
        act=row.act,
        platform=row.platform,
        account=row.platform_user_id,
        handle=row.handle,
        url=row.url,
        time=act_time(row),
        pairs=tuple(pair for pair in pairs if pair),
        reasons=tuple(dict.fromkeys(miss["reason"] for miss in misses)),
    )
