"""Contests as the candidates page shows them: who runs, by which accounts, and how well those were last seen."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from db.connect import Session
from db.contents import chunked
from db.contests import load_contest
from db.register import TWO_PERSONS
from db.tables import account, candidate, candidate_account, contest, neutral_account, target_coverage, target_run
from monitor.domain import AccountKind, AccountRef, Act, Contest, Coverage, Office, Outcome, Regime

_ACTS = tuple(Act)


@dataclass(frozen=True, slots=True)
class ContestLine:
    """One contest in a list; `unconfirmed` counts accounts that wait for a second person."""

    id: int
    name: str
    region: str
    office: Office
    regime: Regime
    pairs: int
    accounts: int
    unconfirmed: int


@dataclass(frozen=True, slots=True)
class ContestPage:
    """One page of contests; `after` starts the next one and is None on the last."""

    rows: tuple[ContestLine, ...]
    after: int | None = None


@dataclass(frozen=True, slots=True)
class LastVisit:
    """The newest visit to an account and what it saw of each verb."""

    at: datetime | None
    outcome: Outcome
    coverage: tuple[tuple[Act, Coverage], ...]


@dataclass(frozen=True, slots=True)
class WatchedAccount:
    """An account of a pair or a neutral body. `two_persons` ones are not scanned before `confirmed_by` is known."""

    id: int
    ref: AccountRef
    kind: AccountKind
    ground: str = ""
    resolved: bool = True
    batch_id: int | None = None
    proposed_by: str = ""
    confirmed_by: str = ""
    confirmed_at: datetime | None = None
    visit: LastVisit | None = None

    @property
    def two_persons(self) -> bool:
        """Whether two people must stand for it, being a private person's."""
        return self.kind in TWO_PERSONS

    @property
    def waits(self) -> bool:
        """Whether it is not scanned yet because a second person has not confirmed it."""
        return self.two_persons and not self.confirmed_by


@dataclass(frozen=True, slots=True)
class ContestDetail:
    """One contest with the accounts of its pairs by pair, and of its neutral bodies."""

    contest: Contest
    accounts: dict[int, tuple[WatchedAccount, ...]]
    neutral: tuple[WatchedAccount, ...]


def list_contests(
    session: Session, regions: Collection[str], *, text: str = "", after: int | None = None, limit: int = 50
) -> ContestPage:
    """Return one page of the contests that concern some regions: theirs, those below them and those around them."""
    query = sa.select(contest).where(_concerns(regions)).order_by(contest.c.id).limit(limit + 1)
    if after is not None:
        query = query.where(contest.c.id > after)
    for word in text.split():
        query = query.where(
            sa.or_(
                sa.func.lower(contest.c.name).contains(word.lower(), autoescape=True),
                contest.c.region.startswith(word, autoescape=True),
                _named(word),
            )
        )
    found = session.execute(query).all()
    rows = found[:limit]
    counts = _counts(session, [row.id for row in rows])
    lines = tuple(
        ContestLine(row.id, row.name, row.region, row.office, row.regime, *counts.get(row.id, (0, 0, 0)))
        for row in rows
    )
    return ContestPage(lines, lines[-1].id if len(found) > limit else None)


def contest_detail(session: Session, contest_id: int, regions: Collection[str]) -> ContestDetail | None:
    """Return one contest, None when there is none of that number that concerns the regions."""
    seen = session.execute(sa.select(contest.c.id).where(contest.c.id == contest_id, _concerns(regions))).first()
    loaded = load_contest(session, contest_id) if seen is not None else None
    if loaded is None:
        return None
    pairs = _pair_accounts(session, [pair.id for pair in loaded.candidates])
    neutral = session.execute(
        sa.select(neutral_account.c.kind, account)
        .join(account, account.c.id == neutral_account.c.account_id)
        .where(neutral_account.c.contest_id == contest_id)
        .order_by(neutral_account.c.position, account.c.id)
    ).all()
    visits = _visits(session, {_key(row) for row in (*pairs, *neutral)})
    by_pair: dict[int, list[WatchedAccount]] = defaultdict(list)
    for row in pairs:
        by_pair[row.candidate_id].append(_watched(row, visits))
    return ContestDetail(
        loaded,
        {number: tuple(accounts) for number, accounts in by_pair.items()},
        tuple(
            WatchedAccount(
                row.id, _ref(row), row.kind, resolved=row.resolved_at is not None, visit=visits.get(_key(row))
            )
            for row in neutral
        ),
    )


def _concerns(regions: Collection[str]) -> sa.ColumnElement[bool]:
    """Whether a contest's region is one of these, lies in one, or contains one; the empty one is the whole country."""
    if "" in regions:
        return sa.true()
    if not regions:
        return sa.false()
    around = {code.rsplit(".", n)[0] for code in regions for n in range(code.count(".") + 1)}
    below = (contest.c.region.startswith(code + ".", autoescape=True) for code in regions)
    return sa.or_(contest.c.region.in_(around | {""}), *below)


def _named(word: str) -> sa.ColumnElement[bool]:
    label = sa.func.lower(candidate.c.label).contains(word.lower(), autoescape=True)
    return sa.exists().where(candidate.c.contest_id == contest.c.id, label)


def _counts(session: Session, contest_ids: list[int]) -> dict[int, tuple[int, int, int]]:
    """Return by contest how many pairs stand, how many accounts they have, and how many of these wait."""
    waits = sa.and_(candidate_account.c.kind.in_(TWO_PERSONS), candidate_account.c.confirmed_by.is_(None))
    query = (
        sa.select(
            candidate.c.contest_id,
            sa.func.count(candidate.c.id.distinct()).label("pairs"),
            sa.func.count(candidate_account.c.account_id).label("accounts"),
            sa.func.sum(sa.case((waits, 1), else_=0)).label("unconfirmed"),
        )
        .join(candidate_account, candidate_account.c.candidate_id == candidate.c.id, isouter=True)
        .where(candidate.c.contest_id.in_(contest_ids), candidate.c.removed_at.is_(None))
        .group_by(candidate.c.contest_id)
    )
    return {row.contest_id: (row.pairs, row.accounts, int(row.unconfirmed)) for row in session.execute(query)}


def _pair_accounts(session: Session, candidate_ids: list[int]) -> list[Any]:
    columns = (
        candidate_account.c.candidate_id, candidate_account.c.kind, candidate_account.c.ground,
        candidate_account.c.batch_id, candidate_account.c.proposed_by, candidate_account.c.confirmed_by,
        candidate_account.c.confirmed_at, account,
    )  # fmt: skip
    return list(
        session.execute(
            sa.select(*columns)
            .join(account, account.c.id == candidate_account.c.account_id)
            .where(candidate_account.c.candidate_id.in_(candidate_ids))
            .order_by(candidate_account.c.candidate_id, candidate_account.c.position, account.c.id)
        )
    )


def _visits(session: Session, keys: Collection[tuple[str, str]]) -> dict[tuple[str, str], LastVisit]:
    """Return the newest visit to each account, by platform and stable id; sources bear their platform's name."""
    newest: list[int] = []
    for part in chunked(sorted(keys)):
        targets = [target for _, target in part]
        query = sa.select(sa.func.max(target_run.c.id)).where(target_run.c.target.in_(targets))
        newest += session.execute(query.group_by(target_run.c.source, target_run.c.target)).scalars().all()
    found: dict[tuple[str, str], LastVisit] = {}
    for ids in chunked(newest):
        seen: dict[int, list[tuple[Act, Coverage]]] = defaultdict(list)
        for row in session.execute(sa.select(target_coverage).where(target_coverage.c.target_run_id.in_(ids))):
            seen[row.target_run_id].append((row.act, row.coverage))
        for row in session.execute(sa.select(target_run).where(target_run.c.id.in_(ids))):
            coverage = tuple(sorted(seen[row.id], key=lambda pair: _ACTS.index(pair[0])))
            found[row.source, row.target] = LastVisit(row.finished_at, row.outcome, coverage)
    return found


def _watched(row: Any, visits: dict[tuple[str, str], LastVisit]) -> WatchedAccount:
    return WatchedAccount(
        id=row.id,
        ref=_ref(row),
        kind=row.kind,
        ground=row.ground,
        resolved=row.resolved_at is not None,
        batch_id=row.batch_id,
        proposed_by=row.proposed_by,
        confirmed_by=row.confirmed_by or "",
        confirmed_at=row.confirmed_at,
        visit=visits.get(_key(row)),
    )


def _key(row: Any) -> tuple[str, str]:
    return row.platform, row.platform_user_id


def _ref(row: Any) -> AccountRef:
    return AccountRef(row.platform, row.platform_user_id, row.handle)
