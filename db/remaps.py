"""What kept answers gave when they were read, so that a later mapper's reading can be held against it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from db.captures import capture_of
from db.connect import Found, Session
from db.tables import (
    attribution,
    candidate_account,
    capture,
    case_hit,
    import_file,
    interaction,
    interaction_capture,
    item,
    item_capture,
    item_version,
    review_case,
    roster_batch,
    rule_hit,
)
from db.upsert import rows_by
from monitor.domain import Capture, CaseState


@dataclass(frozen=True, slots=True)
class KeptAct:
    """An act as stored: its key and when it happened, exactly or between."""

    id: int
    key: str
    occurred_at: datetime | None
    bracket: tuple[datetime | None, datetime | None]


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """A kept answer with the canonical ids of the texts and the acts that were read in it."""

    id: int
    capture: Capture
    items: frozenset[str]
    acts: tuple[KeptAct, ...]


def captures_of(session: Session, source: str, since: datetime | None, after: int, limit: int) -> list[KeptAnswer]:
    """Return the next kept answers of a source in the order of their rows, those fetched since a time only."""
    where = [capture.c.source == source, capture.c.id > after]
    if since is not None:
        where.append(capture.c.fetched_at >= since)
    rows = session.execute(sa.select(capture).where(*where).order_by(capture.c.id).limit(limit)).all()
    ids = [row.id for row in rows]
    texts: dict[int, set[str]] = defaultdict(set)
    shown_texts = item_capture.join(item, item.c.id == item_capture.c.item_id)
    joined = sa.select(item_capture.c.capture_id, item.c.platform_item_id).select_from(shown_texts)
    for text in session.execute(joined.where(item_capture.c.capture_id.in_(ids))):
        texts[text.capture_id].add(text.platform_item_id)
    acts: dict[int, list[KeptAct]] = defaultdict(list)
    columns = (interaction.c.id, interaction.c.key, interaction.c.occurred_at, interaction.c.bracket_lo,
               interaction.c.bracket_hi)  # fmt: skip
    shown = sa.select(interaction_capture.c.capture_id, *columns).join(
        interaction, interaction.c.id == interaction_capture.c.interaction_id
    )
    for act in session.execute(shown.where(interaction_capture.c.capture_id.in_(ids)).order_by(interaction.c.id)):
        acts[act.capture_id].append(_act(act))
    return [KeptAnswer(row.id, capture_of(row), frozenset(texts[row.id]), tuple(acts[row.id])) for row in rows]


def acts_by_key(session: Session, keys: Iterable[str]) -> dict[str, KeptAct]:
    """Return stored acts by key."""
    columns = (interaction.c.id, interaction.c.key, interaction.c.occurred_at, interaction.c.bracket_lo,
               interaction.c.bracket_hi)  # fmt: skip
    return {row.key: _act(row) for row in rows_by(session, columns, interaction.c.key, keys)}


def versions_of(session: Session, platform: str, item_ids: Iterable[str]) -> dict[str, frozenset[str]]:
    """Return the content hashes of stored texts, all their versions."""
    found: dict[str, set[str]] = defaultdict(set)
    named, here = (item.c.id, item.c.platform_item_id), item.c.platform == platform
    ids = {row.id: row.platform_item_id for row in rows_by(session, named, item.c.platform_item_id, item_ids, here)}
    columns = (item_version.c.item_id, item_version.c.content_hash)
    for row in rows_by(session, columns, item_version.c.item_id, ids):
        found[ids[row.item_id]].add(row.content_hash)
    return {item_id: frozenset(hashes) for item_id, hashes in found.items()}


def open_cases_of(session: Session, act_ids: Iterable[int]) -> dict[int, tuple[tuple[int, CaseState], ...]]:
    """Return by act the open cases that hold a hit on it."""
    joined = sa.select(rule_hit.c.interaction_id, review_case.c.id, review_case.c.state).select_from(
        rule_hit.join(case_hit, case_hit.c.hit_id == rule_hit.c.id).join(
            review_case, review_case.c.id == case_hit.c.case_id
        )
    )
    found: dict[int, dict[int, CaseState]] = defaultdict(dict)
    wanted = sorted(set(act_ids))
    for start in range(0, len(wanted), 2000):
        part = wanted[start : start + 2000]
        for row in session.execute(joined.where(rule_hit.c.interaction_id.in_(part))):
            if row.state.open:
                found[row.interaction_id][row.id] = row.state
    return {act: tuple(sorted(cases.items())) for act, cases in found.items()}


def registered_since(session: Session) -> dict[int, datetime]:
    """Return by account row since when the register has it: what was read before could not know it."""
    found: dict[int, datetime] = {}
    for account_id, at in _registrations(session):
        found[account_id] = min(at, found.get(account_id, at))
    return found


def imported_at(session: Session) -> dict[str, datetime]:
    """Return by hash when a captured file was first imported."""
    columns = (import_file.c.sha256, sa.func.min(import_file.c.imported_at).label("at"))
    return {row.sha256: row.at for row in session.execute(sa.select(*columns).group_by(import_file.c.sha256))}


def _registrations(session: Session) -> Iterator[tuple[int, datetime]]:
    for row in session.execute(sa.select(attribution.c.account_id, attribution.c.proposed_at)):
        yield row.account_id, row.proposed_at
    batches = candidate_account.join(roster_batch, roster_batch.c.id == candidate_account.c.batch_id)
    columns = (candidate_account.c.account_id, roster_batch.c.imported_at)
    for row in session.execute(sa.select(*columns).select_from(batches)):
        yield row.account_id, row.imported_at


def _act(row: Found) -> KeptAct:
    return KeptAct(row.id, row.key, row.occurred_at, (row.bracket_lo, row.bracket_hi))
