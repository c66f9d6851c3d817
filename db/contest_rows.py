"""Writing what stands below a contest."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from db import search
from db.connect import Found, Session
from db.dirty import mark_accounts
from db.tables import (
    alias,
    candidate,
    candidate_account,
    candidate_person,
    candidate_status,
    neutral_account,
    register_change,
    roster_batch,
    stage,
)
from db.upsert import insert_all, insert_one
from monitor.domain import AliasCondition, Candidate, CandidateAccount, Stage, WordKind

AccountIds = dict[tuple[str, str], int]
Import = tuple[int, datetime]
"""Number of the import and its time."""

_WORDS = {"aliases": "alias", "slogans": "slogan", "hashtags": "hashtag", "parties": "party"}


def write_stages(session: Session, contest_id: int, stages: Iterable[Stage]) -> None:
    """Replace the stages of a contest."""
    session.execute(sa.delete(stage).where(stage.c.contest_id == contest_id))
    insert_all(session, stage, [{"contest_id": contest_id, "kind": s.kind, "starts_at": s.starts} for s in stages])


def write_candidates(
    session: Session, contest_id: int, pairs: Iterable[Candidate], ids: AccountIds, batch: Import
) -> None:
    """Write the pairs by number; those no longer named are marked removed."""
    where = candidate.c.contest_id == contest_id
    rows = session.execute(sa.select(candidate.c.number, candidate.c.id, candidate.c.label).where(where)).all()
    known, labels = {row.number: row.id for row in rows}, {row.id: row.label for row in rows}
    named = {pair.number: pair for pair in pairs}
    for number in sorted(named):
        row = {"label": named[number].label, "removed_at": None}
        if number in known:
            session.execute(sa.update(candidate).where(candidate.c.id == known[number]).values(**row))
        else:
            known[number] = insert_one(session, candidate, contest_id=contest_id, number=number, **row)
        _write_pair(session, known[number], named[number])
        _write_accounts(session, known[number], named[number].accounts, ids, batch)
    gone = [row_id for number, row_id in known.items() if number not in named]
    missing = candidate.c.id.in_(gone) & candidate.c.removed_at.is_(None)
    session.execute(sa.update(candidate).where(missing).values(removed_at=batch[1]))
    renamed = (known[number] for number, pair in named.items() if labels.get(known[number], pair.label) != pair.label)
    search.forget_pairs(session, renamed)


def write_neutral(session: Session, contest_id: int, entries: Iterable[CandidateAccount], ids: AccountIds) -> None:
    """Replace the neutral bodies that a contest's register names."""
    session.execute(sa.delete(neutral_account).where(neutral_account.c.contest_id == contest_id))
    rows = {
        ids[entry.account.platform, entry.account.user_id]: {"kind": entry.kind, "position": position}
        for position, entry in enumerate(entries)
    }
    insert_all(session, neutral_account, [{"contest_id": contest_id, "account_id": a, **r} for a, r in rows.items()])
    mark_accounts(session, rows)


def candidate_words(rows: Iterable[Found]) -> dict[str, Any]:
    """Return the words of one pair as the fields of a Candidate, in the register's order."""
    words = list(rows)
    bound = (
        AliasCondition(WordKind(w.kind), w.text, tuple(w.requires), tuple(w.excludes))
        for w in words
        if w.requires or w.excludes
    )
    named = {field: tuple(w.text for w in words if w.kind == kind) for field, kind in _WORDS.items()}
    return {**named, "conditions": tuple(dict.fromkeys(bound))}


def _write_pair(session: Session, candidate_id: int, pair: Candidate) -> None:
    for table in (alias, candidate_status, candidate_person):
        session.execute(sa.delete(table).where(table.c.candidate_id == candidate_id))
    words: list[dict[str, Any]] = []
    for person in pair.people:
        row = {"candidate_id": candidate_id, "role": person.role, "official_name": person.official_name}
        person_id = insert_one(session, candidate_person, **row)
        words += [{"kind": "short_name", "text": text, "candidate_person_id": person_id} for text in person.short_names]
    for field, kind in _WORDS.items():
        words += [{"kind": kind, "text": text, "candidate_person_id": None} for text in getattr(pair, field)]
    conditions = {(c.kind.value, c.text): c for c in pair.conditions}
    for word in words:
        condition = conditions.get((word["kind"], word["text"]))
        word["requires"] = list(condition.requires) if condition else []
        word["excludes"] = list(condition.excludes) if condition else []
    rows = [{"candidate_id": candidate_id, "position": position, **word} for position, word in enumerate(words)]
    insert_all(session, alias, rows)
    steps = enumerate(pair.status)
    statuses = [{"position": n, "status": step.status, "starts_at": step.starts} for n, step in steps]
    insert_all(session, candidate_status, [{"candidate_id": candidate_id, **row} for row in statuses])


def _write_accounts(
    session: Session, candidate_id: int, entries: Iterable[CandidateAccount], ids: AccountIds, batch: Import
) -> None:
    """Write a pair's accounts; a confirmation stands only while kind and ground stay as they were confirmed."""
    where = candidate_account.c.candidate_id == candidate_id
    known = {row.account_id: row for row in session.execute(sa.select(candidate_account).where(where))}
    named = {
        ids[entry.account.platform, entry.account.user_id]: (entry, position) for position, entry in enumerate(entries)
    }
    gone = sorted(known.keys() - named.keys())
    session.execute(sa.delete(candidate_account).where(where, candidate_account.c.account_id.in_(gone)))
    user = session.execute(sa.select(roster_batch.c.imported_by).where(roster_batch.c.id == batch[0])).scalar_one()
    changes = [(account_id, "removed") for account_id in gone]
    for account_id, (entry, position) in named.items():
        row = {"kind": entry.kind, "ground": entry.ground, "position": position}
        old = known.get(account_id)
        unconfirmed = {"batch_id": batch[0], "proposed_by": user, "confirmed_by": None, "confirmed_at": None}
        if old is None:
            key = {"candidate_id": candidate_id, "account_id": account_id}
            session.execute(candidate_account.insert().values(**key, **row, **unconfirmed))
            changes.append((account_id, "added"))
            continue
        altered = (old.kind, old.ground) != (entry.kind, entry.ground)
        mine = where & (candidate_account.c.account_id == account_id)
        session.execute(sa.update(candidate_account).where(mine).values(**row, **(unconfirmed if altered else {})))
        changes += [(account_id, "changed")] if altered else []
    _note_changes(session, candidate_id, changes, batch[1])


def _note_changes(session: Session, candidate_id: int, changes: list[tuple[int, str]], now: datetime) -> None:
    fixed = {"kind": "candidate_account", "candidate_id": candidate_id, "created_at": now}
    insert_all(session, register_change, [{"account_id": a, "reason": reason, **fixed} for a, reason in changes])
    mark_accounts(session, [account_id for account_id, _ in changes])
