"""How single accounts of a source were seen, a page at a time; accounts of watched people only of one's own places."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from db.connect import Found, Session
from db.health import coverage_of_visits, newest_runs
from db.places import in_region
from db.tables import account, asn, attribution, candidate, candidate_account, target_run
from db.visit_facts import GOOD
from monitor.domain import Act, AttributionStatus, Coverage, Direction, Outcome

_LIVE = (AttributionStatus.PROPOSED, AttributionStatus.VERIFIED)


@dataclass(frozen=True, slots=True)
class TargetRow:
    """One account that is read: its outcomes, newest first, and what the newest visit saw of each verb.

    `pairs` are labels of the candidates whose side it stands on; accounts of watched people have none.
    """

    id: int
    name: str
    pairs: tuple[str, ...]
    last_worked_at: datetime | None
    outcomes: tuple[Outcome, ...]
    coverage: tuple[tuple[Act, Coverage], ...]


@dataclass(frozen=True, slots=True)
class TargetPage:
    """Some accounts by number; `after` continues behind them and is None at the end."""

    rows: tuple[TargetRow, ...]
    after: int | None


def campaign_targets(session: Session, source: str, after: int = 0, limit: int = 50) -> TargetPage:
    """Return accounts of the candidates' side and neutral ones that were visited."""
    return _page(session, source, Direction.CANDIDATE, _visited(source, Direction.CANDIDATE), (after, limit))


def watched_targets(
    session: Session, source: str, scope: tuple[str, ...] | None, after: int = 0, limit: int = 50
) -> TargetPage:
    """Return visited accounts of watched people of some regions (None: everywhere); no region, no account."""
    owned = sa.select(attribution.c.id).join(asn, asn.c.id == attribution.c.asn_id)
    owned = owned.where(attribution.c.account_id == account.c.id, attribution.c.status.in_(_LIVE))
    if scope is not None:
        owned = owned.where(sa.or_(sa.false(), *(in_region(asn.c.jurisdiction, region) for region in scope)))
    query = _visited(source, Direction.SUBJECT).where(owned.exists())
    return _page(session, source, Direction.SUBJECT, query, (after, limit))


def _visited(source: str, direction: Direction) -> sa.Select[tuple[int, str, str | None]]:
    visits = sa.select(target_run.c.id).where(
        target_run.c.source == source,
        target_run.c.target == account.c.platform_user_id,
        target_run.c.direction == direction,
    )
    columns = (account.c.id, account.c.platform_user_id, account.c.handle)
    return sa.select(*columns).where(account.c.platform == source, visits.exists())


def _page(
    session: Session,
    source: str,
    direction: Direction,
    query: sa.Select[tuple[int, str, str | None]],
    cut: tuple[int, int],
) -> TargetPage:
    after, limit = cut
    found = list(session.execute(query.where(account.c.id > after).order_by(account.c.id).limit(limit + 1)))
    shown, more = found[:limit], len(found) > limit
    visits = _visits(session, source, direction, [row.platform_user_id for row in shown])
    seen = coverage_of_visits(session, [rows[0].id for rows in visits.values()])
    pairs = _pairs(session, [row.id for row in shown])
    rows = tuple(_row(row, visits.get(row.platform_user_id, []), seen, pairs[row.id]) for row in shown)
    return TargetPage(rows, shown[-1].id if more else None)


def _visits(session: Session, source: str, direction: Direction, targets: Sequence[str]) -> dict[str, list[Found]]:
    """Return by target the visits of the newest nights, newest first."""
    runs = [run.id for run in newest_runs(session, source)]
    where = (
        target_run.c.source == source,
        target_run.c.direction == direction,
        target_run.c.target.in_(targets),
        target_run.c.run_id.in_(runs),
    )
    visits: dict[str, list[Found]] = defaultdict(list)
    for row in session.execute(sa.select(target_run).where(*where).order_by(target_run.c.id.desc())):
        visits[row.target].append(row)
    return visits


def _pairs(session: Session, accounts: Sequence[int]) -> dict[int, tuple[str, ...]]:
    query = (
        sa.select(candidate_account.c.account_id, candidate.c.number, candidate.c.label)
        .join(candidate, candidate.c.id == candidate_account.c.candidate_id)
        .where(candidate_account.c.account_id.in_(accounts))
        .order_by(candidate.c.number)
    )
    pairs: dict[int, tuple[str, ...]] = defaultdict(tuple)
    for row in session.execute(query):
        pairs[row.account_id] += (f"{row.number}. {row.label}",)
    return pairs


def _row(
    row: Found, visits: list[Found], seen: dict[int, list[tuple[Act, Coverage]]], pairs: tuple[str, ...]
) -> TargetRow:
    order = list(Act)
    return TargetRow(
        id=row.id,
        name=row.handle or row.platform_user_id,
        pairs=pairs,
        last_worked_at=next((visit.finished_at for visit in visits if visit.outcome in GOOD), None),
        outcomes=tuple(visit.outcome for visit in visits),
        coverage=tuple(sorted(seen.get(visits[0].id, ()) if visits else (), key=lambda pair: order.index(pair[0]))),
    )
