"""Suppressions: hits that two people agreed not to show for a time; they stay stored, marked and counted."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from db.connect import Session
from db.contents import chunked
from db.standing import STANDING
from db.tables import (
    account,
    app_user,
    asn,
    attribution,
    candidate,
    case_hit,
    contest,
    interaction,
    review_case,
    rule_hit,
    suppression,
)
from db.upsert import insert_one
from monitor.domain import AttributionStatus, Suppression, SuppressionScope

_LIVE = (AttributionStatus.PROPOSED, AttributionStatus.VERIFIED)


def propose(
    session: Session, scope: SuppressionScope, reason: str, expires_at: datetime, user_id: int, now: datetime
) -> int:
    """Write a proposal down and return its number; until somebody else approves it, it hides nothing."""
    return insert_one(
        session,
        suppression,
        rule_id=scope.rule_id,
        asn_id=scope.person_id,
        account_id=scope.account_id,
        candidate_id=scope.candidate_id,
        jurisdiction=scope.jurisdiction,
        reason=reason,
        proposed_by=user_id,
        proposed_at=now,
        expires_at=expires_at,
        hidden=0,
    )


def approve(session: Session, number: int, user_id: int, now: datetime) -> bool:
    """Let it hide from the next night on; False when approved or ended already, IntegrityError for its proposer."""
    done = session.execute(
        sa.update(suppression)
        .where(suppression.c.id == number, suppression.c.approved_by.is_(None), suppression.c.ended_at.is_(None))
        .values(approved_by=user_id, approved_at=now)
    )
    return bool(done.rowcount)


def end(session: Session, number: int, user_id: int | None, now: datetime) -> bool:
    """End it for good; what it hides comes back at the next night. False when it has ended already."""
    done = session.execute(
        sa.update(suppression)
        .where(suppression.c.id == number, suppression.c.ended_at.is_(None))
        .values(ended_by=user_id, ended_at=now)
    )
    return bool(done.rowcount)


def list_suppressions(session: Session, numbers: Collection[int] | None = None) -> list[Suppression]:
    """Return suppressions, oldest first, with what they hide."""
    proposer, approver, ender = (app_user.alias(name) for name in ("proposer", "approver", "ender"))
    hiding = (
        sa.select(sa.func.count())
        .where(rule_hit.c.suppression_id == suppression.c.id, rule_hit.c.active)
        .correlate(suppression)
        .scalar_subquery()
    )
    query = (
        sa.select(
            suppression, proposer.c.name.label("proposer"), approver.c.name.label("approver"),
            ender.c.name.label("ender"), asn.c.name.label("person"), asn.c.jurisdiction.label("place"),
            account.c.platform, account.c.handle, account.c.platform_user_id, candidate.c.number, candidate.c.label,
            contest.c.name.label("contest"), hiding.label("hiding"),
        )
        .join(proposer, proposer.c.id == suppression.c.proposed_by)
        .join(approver, approver.c.id == suppression.c.approved_by, isouter=True)
        .join(ender, ender.c.id == suppression.c.ended_by, isouter=True)
        .join(asn, asn.c.id == suppression.c.asn_id, isouter=True)
        .join(account, account.c.id == suppression.c.account_id, isouter=True)
        .join(candidate, candidate.c.id == suppression.c.candidate_id, isouter=True)
        .join(contest, contest.c.id == candidate.c.contest_id, isouter=True)
        .order_by(suppression.c.id)
    )  # fmt: skip
    if numbers is not None:
        query = query.where(suppression.c.id.in_(numbers))
    return [_suppression(row) for row in session.execute(query)]


def matching(session: Session, scope: SuppressionScope) -> int:
    """Return how many standing active hits fit a scope now, whether cases hold them or not."""
    query = _hits(scope).with_only_columns(rule_hit.c.id).where(STANDING)
    return int(session.execute(sa.select(sa.func.count()).select_from(query.subquery())).scalar_one())


def bring_up_to_date(session: Session, now: datetime) -> tuple[int, int]:
    """End what expired, show again what nothing hides any more, hide what is to be hidden; return (hidden, back).

    A hit that a case holds is never hidden. One that ended stays ended, even when a clock is set back afterwards.
    """
    session.execute(
        sa.update(suppression)
        .where(suppression.c.ended_at.is_(None), suppression.c.expires_at <= now)
        .values(ended_at=now)
    )
    running = [s for s in list_suppressions(session) if s.approved_at is not None and s.ended_at is None]
    back = session.execute(
        sa.update(rule_hit)
        .where(rule_hit.c.suppression_id.is_not(None), rule_hit.c.suppression_id.not_in([s.id for s in running]))
        .values(suppression_id=None)
    ).rowcount
    hidden = sum(_hide(session, one) for one in running)
    return hidden, int(back)


def _hide(session: Session, one: Suppression) -> int:
    """Mark the hits that a running suppression hides and that nothing holds or hides yet."""
    held = sa.exists().where(case_hit.c.hit_id == rule_hit.c.id)
    query = (
        _hits(one.scope).with_only_columns(rule_hit.c.id).where(STANDING, rule_hit.c.suppression_id.is_(None), ~held)
    )
    ids = list(session.execute(query).scalars())
    for part in chunked(ids):
        session.execute(sa.update(rule_hit).where(rule_hit.c.id.in_(part)).values(suppression_id=one.id))
    if ids:
        session.execute(
            sa.update(suppression).where(suppression.c.id == one.id).values(hidden=suppression.c.hidden + len(ids))
        )
    return len(ids)


def _hits(scope: SuppressionScope) -> sa.Select[Any]:
    """Select the hits of a scope."""
    query = (
        sa.select(rule_hit)
        .join(interaction, interaction.c.id == rule_hit.c.interaction_id)
        .join(asn, asn.c.id == rule_hit.c.asn_id)
    )
    exact = (
        (rule_hit.c.rule_id, scope.rule_id),
        (rule_hit.c.asn_id, scope.person_id),
        (interaction.c.actor_account_id, scope.account_id),
        (rule_hit.c.candidate_id, scope.candidate_id),
    )
    query = query.where(*(column == value for column, value in exact if value is not None))
    if scope.jurisdiction is not None:
        place = asn.c.jurisdiction
        below = place.startswith(scope.jurisdiction + ".", autoescape=True)
        query = query.where(sa.or_(place == scope.jurisdiction, below))
    return query


def account_owner(session: Session, platform: str, name: str) -> tuple[int, int] | None:
    """Return (account, person) of a watched account by stable id or handle; None when it is no person's."""
    bare = name.removeprefix("@").lower()
    query = (
        sa.select(account.c.id, attribution.c.asn_id)
        .join(attribution, attribution.c.account_id == account.c.id)
        .where(
            account.c.platform == platform,
            attribution.c.status.in_(_LIVE),
            sa.or_(account.c.platform_user_id == name, sa.func.lower(account.c.handle) == bare),
        )
        .order_by(sa.case((attribution.c.status == AttributionStatus.VERIFIED, 0), else_=1), attribution.c.id)
    )
    row = session.execute(query.limit(1)).first()
    return (row.id, row.asn_id) if row is not None else None


def person_place(session: Session, person_id: int) -> str | None:
    """Return the place of a watched person, None when there is no such person."""
    place: str | None = session.execute(sa.select(asn.c.jurisdiction).where(asn.c.id == person_id)).scalar()
    return place


def person_of_case(session: Session, case_id: int) -> int | None:
    """Return the person of a case, None when there is no such case."""
    return session.execute(sa.select(review_case.c.asn_id).where(review_case.c.id == case_id)).scalar()


def pair_exists(session: Session, candidate_id: int) -> bool:
    """Whether a pair has this number."""
    return session.execute(sa.select(candidate.c.id).where(candidate.c.id == candidate_id)).first() is not None


def _suppression(row: Any) -> Suppression:
    made = Suppression(
        id=row.id,
        scope=SuppressionScope(row.rule_id, row.asn_id, row.account_id, row.candidate_id, row.jurisdiction),
        reason=row.reason,
        proposer_id=row.proposed_by,
        proposer=row.proposer,
        proposed_at=row.proposed_at,
        expires_at=row.expires_at,
        approver=row.approver or "",
        approved_at=row.approved_at,
        ended_by=row.ender or "",
        ended_at=row.ended_at,
        hidden=row.hidden,
        hiding=row.hiding,
        person=row.person or "",
        person_jurisdiction=row.place or "",
    )
    if row.account_id is not None:
        made = replace(made, account=f"{row.platform}: {row.handle or row.platform_user_id}")
    if row.candidate_id is not None:
        made = replace(made, pair=f"{row.number}. {row.label} ({row.contest})")
    return made
