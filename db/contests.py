"""Contests in and out: stages, pairs, people, words and accounts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from db import search
from db.account_rows import account_rows
from db.connect import Found, Session
from db.contest_rows import AccountIds, candidate_words, write_candidates, write_neutral, write_stages
from db.tables import (
    account,
    alias,
    candidate,
    candidate_account,
    candidate_person,
    candidate_status,
    contest,
    election,
    neutral_account,
    register_change,
    stage,
)
from db.upsert import insert_missing, insert_one
from monitor.domain import (
    AccountRef,
    Candidate,
    CandidateAccount,
    CandidatePerson,
    CandidateRole,
    Contest,
    Stage,
    StatusFrom,
)

__all__ = ["load_contest", "load_contests", "store_contest"]

Rows = dict[int, list[Found]]


def store_contest(session: Session, given: Contest, batch: int, now: datetime) -> tuple[int, str]:
    """Write one contest; return its row id and "new", "changed" or "same".

    A contest is the same one by name, region and office; a pair by its number. A pair that is no longer named keeps
    its row and its cases, and is left out of `load_contests`.
    """
    ids = account_rows(session, _refs(given), now)
    where = (contest.c.name == given.name) & (contest.c.region == given.region) & (contest.c.office == given.office)
    found = session.execute(sa.select(contest.c.id).where(where)).scalar()
    if found is not None:
        (stored,) = _load(session, found)
        if _stated(stored, account_rows(session, _refs(stored))) == _stated(given, ids):
            return int(found), "same"
    row = {"election_id": _election(session, given), "regime": given.regime, "law": given.law, "batch_id": batch}
    if found is None:
        key = {"name": given.name, "region": given.region, "office": given.office, "created_at": now}
        contest_id = insert_one(session, contest, **key, **row, changed_at=now)
    else:
        contest_id = int(found)
        session.execute(sa.update(contest).where(contest.c.id == contest_id).values(**row, changed_at=now))
    write_stages(session, contest_id, given.stages)
    write_candidates(session, contest_id, given.candidates, ids, (batch, now))
    write_neutral(session, contest_id, given.neutral_accounts, ids)
    verdict = "new" if found is None else "changed"
    change = {"kind": "contest", "reason": "added" if found is None else "changed", "contest_id": contest_id}
    session.execute(register_change.insert().values(**change, created_at=now))
    search.refresh(session, now)
    return contest_id, verdict


def load_contests(session: Session) -> tuple[Contest, ...]:
    """Return all contests with their ids, by region, office and name: an order that no import changes."""
    return _load(session, None)


def load_contest(session: Session, contest_id: int) -> Contest | None:
    """Return one contest with its ids, None when there is none of that number."""
    return next(iter(_load(session, contest_id)), None)


def _load(session: Session, contest_id: int | None) -> tuple[Contest, ...]:
    statement = sa.select(contest).order_by(contest.c.region, contest.c.office, contest.c.name)
    if contest_id is not None:
        statement = statement.where(contest.c.id == contest_id)
    rows = sorted(session.execute(statement), key=lambda r: (r.region, r.office.value, r.name))
    ids = [row.id for row in rows]
    stages = _children(session, stage, "contest_id", ids, stage.c.starts_at)
    pairs = _children(session, candidate, "contest_id", ids, candidate.c.number)
    neutral = _accounts(session, neutral_account, "contest_id", ids)
    standing = {key: [row for row in group if row.removed_at is None] for key, group in pairs.items()}
    candidates = _candidates(session, [row for group in standing.values() for row in group])
    return tuple(
        Contest(
            name=row.name,
            region=row.region,
            office=row.office,
            regime=row.regime,
            stages=tuple(Stage(s.kind, s.starts_at) for s in stages[row.id]),
            candidates=tuple(candidates[pair.id] for pair in standing.get(row.id, ())),
            law=row.law,
            neutral_accounts=tuple(CandidateAccount(_ref(a), a.kind) for a in neutral[row.id]),
            id=row.id,
        )
        for row in rows
    )


def _candidates(session: Session, pairs: list[Found]) -> dict[int, Candidate]:
    ids = [row.id for row in pairs]
    people = _children(session, candidate_person, "candidate_id", ids, candidate_person.c.id)
    statuses = _children(session, candidate_status, "candidate_id", ids, candidate_status.c.position)
    words = _children(session, alias, "candidate_id", ids, alias.c.position)
    accounts = _accounts(session, candidate_account, "candidate_id", ids)
    return {
        pair.id: Candidate(
            number=pair.number,
            people=_people(people[pair.id], words[pair.id]),
            status=tuple(StatusFrom(s.status, s.starts_at) for s in statuses[pair.id]),
            **candidate_words(words[pair.id]),
            accounts=tuple(CandidateAccount(_ref(a), a.kind, a.ground) for a in accounts[pair.id]),
            id=pair.id,
        )
        for pair in pairs
    }


def _people(rows: list[Found], words: list[Found]) -> tuple[CandidatePerson, ...]:
    order = list(CandidateRole)
    return tuple(
        CandidatePerson(row.role, row.official_name, tuple(w.text for w in words if w.candidate_person_id == row.id))
        for row in sorted(rows, key=lambda row: order.index(row.role))
    )


def _children(session: Session, table: sa.Table, parent: str, ids: list[int], order: sa.Column[Any]) -> Rows:
    grouped: Rows = defaultdict(list)
    for start in range(0, len(ids), 2_000):
        part = table.c[parent].in_(ids[start : start + 2_000])
        for row in session.execute(sa.select(table).where(part).order_by(order)):
            grouped[getattr(row, parent)].append(row)
    return grouped


def _accounts(session: Session, table: sa.Table, parent: str, ids: list[int]) -> Rows:
    grouped: Rows = defaultdict(list)
    columns = (table, account.c.platform, account.c.platform_user_id, account.c.handle)
    for start in range(0, len(ids), 2_000):
        statement = sa.select(*columns).join(account, account.c.id == table.c.account_id)
        part = statement.where(table.c[parent].in_(ids[start : start + 2_000]))
        for row in session.execute(part.order_by(table.c.position, table.c.account_id)):
            grouped[getattr(row, parent)].append(row)
    return grouped


def _refs(given: Contest) -> list[AccountRef]:
    named = [entry.account for pair in given.candidates for entry in pair.accounts]
    return [*named, *(entry.account for entry in given.neutral_accounts)]


def _stated(given: Contest, ids: AccountIds) -> tuple[object, ...]:
    """Return what a register file states, in a form that does not depend on ids, order or how accounts are written."""

    def rows(entries: Iterable[CandidateAccount]) -> list[tuple[object, ...]]:
        unique = {ids[e.account.platform, e.account.user_id]: e for e in entries}
        return [(key, entry.kind, entry.ground) for key, entry in unique.items()]

    pairs = [
        (replace(p, id=0, accounts=(), conditions=()), rows(p.accounts), frozenset(p.conditions))
        for p in sorted(given.candidates, key=lambda p: p.number)
    ]
    return (given.regime, given.law, given.stages, pairs, rows(given.neutral_accounts))


def _election(session: Session, given: Contest) -> int:
    """Return the election: its year is that of the last stage, when the vote is counted."""
    year = given.stages[-1].starts.year if given.stages else 0
    insert_missing(session, election, [{"regime": given.regime, "year": year}], ["regime", "year"])
    where = (election.c.regime == given.regime) & (election.c.year == year)
    return int(session.execute(sa.select(election.c.id).where(where)).scalar_one())


def _ref(row: Found) -> AccountRef:
    return AccountRef(row.platform, row.platform_user_id, row.handle)
