"""Orders about rules: the status that two people give a rule, in place of the one in its file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from db.connect import Session
from db.tables import app_user, rule_activation, rule_version, ruleset, scan_run
from db.upsert import insert_one
from monitor.domain import RuleFile, RuleOrder, RuleStatus


@dataclass(frozen=True, slots=True)
class Proposal:
    """What one person proposes for a rule: the status, why, and the trial it rests on."""

    rule: RuleFile
    status: RuleStatus
    reason: str
    backtest_id: int | None = None


def propose(session: Session, order: Proposal, user_id: int, now: datetime) -> int:
    """Write a proposal down and return its number; until somebody else approves it, it holds nothing."""
    return insert_one(
        session,
        rule_activation,
        rule_id=order.rule.rule_id,
        rule_version=order.rule.version,
        content_hash=order.rule.content_hash or None,
        status=order.status,
        reason=order.reason,
        proposed_by=user_id,
        proposed_at=now,
        backtest_id=order.backtest_id,
    )


def approve(session: Session, order_id: int, user_id: int, now: datetime, backtest_id: int | None = None) -> bool:
    """Make a proposal hold; False when it is approved or taken back already. IntegrityError for its proposer."""
    done = session.execute(
        sa.update(rule_activation)
        .where(
            rule_activation.c.id == order_id,
            rule_activation.c.approved_by.is_(None),
            rule_activation.c.ended_at.is_(None),
        )
        .values(approved_by=user_id, approved_at=now, backtest_id=backtest_id)
    )
    return bool(done.rowcount)


def end(session: Session, rule_id: str, user_id: int, now: datetime) -> bool:
    """Take back what is proposed for a rule, overtaken proposals included; False when nothing waited."""
    done = session.execute(
        sa.update(rule_activation)
        .where(
            rule_activation.c.rule_id == rule_id,
            rule_activation.c.approved_by.is_(None),
            rule_activation.c.ended_at.is_(None),
        )
        .values(ended_by=user_id, ended_at=now)
    )
    return bool(done.rowcount)


def standing(session: Session) -> dict[str, RuleOrder]:
    """Return the order that holds for each rule: the one that was proposed last among the approved."""
    # By number and not by time: a clock that was set back brings no old order back.
    query = _orders().where(rule_activation.c.approved_by.is_not(None)).order_by(rule_activation.c.id)
    return {row.rule_id: _order(row) for row in session.execute(query)}


def waiting(session: Session, rule_id: str | None = None) -> list[RuleOrder]:
    """Return the proposals that wait for a second person, oldest first.

    One that was overtaken by a later order for its rule, proposed or approved, waits no more.
    """
    later = rule_activation.alias("later")
    overtaken = sa.exists().where(
        later.c.rule_id == rule_activation.c.rule_id, later.c.id > rule_activation.c.id, later.c.ended_at.is_(None)
    )
    query = _orders().where(rule_activation.c.approved_by.is_(None), rule_activation.c.ended_at.is_(None), ~overtaken)
    if rule_id is not None:
        query = query.where(rule_activation.c.rule_id == rule_id)
    return [_order(row) for row in session.execute(query.order_by(rule_activation.c.id))]


def known_rule(session: Session, rule_id: str) -> RuleFile | None:
    """Return the newest version of a rule that ever judged, else the one that an order holds for; None without both.

    Pattern rules give no hits and so are among the orders only.
    """
    query = sa.select(rule_version).where(rule_version.c.rule_id == rule_id).order_by(rule_version.c.id.desc())
    row = session.execute(query.limit(1)).first()
    if row is not None:
        return RuleFile(row.rule_id, row.version, row.content_hash)
    order = standing(session).get(rule_id)
    return RuleFile(order.rule_id, order.version, order.content_hash or "") if order is not None else None


def last_detail(session: Session) -> Mapping[str, Any] | None:
    """Return the detail of the rule set that judged last, as `store_ruleset` was given it; None before the first.

    It is the one of the last finished night, or a newer one that an import brought since.
    """
    runs = sa.select(scan_run).where(scan_run.c.finished_at.is_not(None)).order_by(scan_run.c.id.desc())
    night = session.execute(runs.limit(1)).first()
    newest = session.execute(sa.select(ruleset).order_by(ruleset.c.id.desc()).limit(1)).first()
    if newest is None:
        return None
    used = (night.summary or {}).get("ruleset") if night is not None else None
    if night is not None and used and newest.created_at <= night.finished_at:
        detail: Mapping[str, Any] | None = session.execute(
            sa.select(ruleset.c.detail).where(ruleset.c.hash == used)
        ).scalar()
        return detail if detail is not None else newest.detail
    found: Mapping[str, Any] = newest.detail
    return found


def _orders() -> sa.Select[Any]:
    proposer, approver = app_user.alias("proposer"), app_user.alias("approver")
    return (
        sa.select(rule_activation, proposer.c.name.label("proposer"), approver.c.name.label("approver"))
        .join(proposer, proposer.c.id == rule_activation.c.proposed_by)
        .join(approver, approver.c.id == rule_activation.c.approved_by, isouter=True)
    )


def _order(row: Any) -> RuleOrder:
    return RuleOrder(
        id=row.id,
        rule_id=row.rule_id,
        version=row.rule_version,
        content_hash=row.content_hash,
        status=row.status,
        reason=row.reason,
        proposer_id=row.proposed_by,
        proposer=row.proposer,
        proposed_at=row.proposed_at,
        approver=row.approver or "",
        approved_at=row.approved_at,
        backtest_id=row.backtest_id,
    )
