"""Changes seen between visits: written once, never altered, and what they mean for acts and texts now."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from db.connect import Found, Session
from db.tables import capture, interaction, interaction_capture, item, item_capture, observation
from db.upsert import insert_missing, rows_by, update_rows
from monitor.domain import Change, ChangeKind

_COLUMNS = (
    "kind", "platform", "item_id", "seen_at", "interaction_id", "before_capture_id", "capture_id", "detail",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Noted:
    """A change with the subject it is of (an act's key, else a canonical id) and what tells it from others of its kind.

    The three of subject, kind and `mark` are its key, so that the same change told twice is one row.
    """

    change: Change
    subject: str
    mark: str

    @property
    def key(self) -> str:
        """The idempotency key."""
        return self.change.key(self.subject, self.mark)


def record(session: Session, found: Iterable[Noted]) -> int:
    """Write changes that are not written yet; return how many were new."""
    rows = {noted.key: _row(noted) for noted in found}
    return insert_missing(session, observation, rows.values(), ["key"])


def of_texts(session: Session, platform: str, item_ids: Collection[str]) -> dict[str, tuple[Change, ...]]:
    """Return what was seen of these texts, in the order in which it was seen, runs of one kind once."""
    where = (observation.c.platform == platform, observation.c.interaction_id.is_(None))
    found: dict[str, list[Found]] = {}
    for row in rows_by(session, (observation,), observation.c.platform_item_id, item_ids, *where):
        found.setdefault(row.platform_item_id, []).append(row)
    return {item_id: _story(rows) for item_id, rows in found.items()}


def of_acts(session: Session, interaction_ids: Collection[int]) -> dict[int, tuple[Change, ...]]:
    """Return what was seen of these acts and of the texts they published or are on, in the order of the sightings."""
    acts = list(rows_by(session, _ACT, interaction.c.id, interaction_ids))
    found: dict[int, list[Found]] = {}
    for row in rows_by(session, (observation,), observation.c.interaction_id, interaction_ids):
        found.setdefault(row.interaction_id, []).append(row)
    texts = {key for act in acts for key in (act.target_id, act.own_item_key) if key}
    where = observation.c.interaction_id.is_(None)
    of_text: dict[tuple[str, str], list[Found]] = {}
    for row in rows_by(session, (observation,), observation.c.platform_item_id, texts, where):
        of_text.setdefault((row.platform, row.platform_item_id), []).append(row)
    story: dict[int, tuple[Change, ...]] = {}
    for act in acts:
        keys = sorted({act.target_id, act.own_item_key or ""})
        parts = [_story(found.get(act.id, ())), *(_story(of_text.get((act.platform, key), ())) for key in keys)]
        story[act.id] = tuple(sorted((change for part in parts for change in part), key=lambda c: c.seen_at))
    return {number: changes for number, changes in story.items() if changes}


_ACT = (interaction.c.id, interaction.c.platform, interaction.c.target_id, interaction.c.own_item_key)


def mark_acts(session: Session, seen: Iterable[tuple[int, datetime | None]]) -> int:
    """Set since when acts are not seen any more, None for those that are; return how many changed."""
    return update_rows(session, interaction, [{"id": number, "withdrawn_seen_at": at} for number, at in seen])


def mark_published(session: Session, platform: str, item_id: str, at: datetime | None) -> None:
    """Do the same for the act that published a text."""
    where = (interaction.c.platform == platform) & (interaction.c.own_item_key == item_id)
    differs = interaction.c.withdrawn_seen_at.is_distinct_from(at)
    session.execute(sa.update(interaction).where(where, differs).values(withdrawn_seen_at=at))


def last_capture_of_act(session: Session, interaction_id: int) -> int | None:
    """Return the newest kept answer that shows an act."""
    join = capture.join(interaction_capture, interaction_capture.c.capture_id == capture.c.id)
    return _newest(session, join, interaction_capture.c.interaction_id == interaction_id)


def capture_of_listing(session: Session, interaction_id: int, started: datetime, finished: datetime) -> int | None:
    """Return a kept answer of the listing that lacked an act: one that shows another act of its target or actor."""
    act = sa.alias(interaction)
    near = (act.c.target_id == interaction.c.target_id) | (act.c.actor_account_id == interaction.c.actor_account_id)
    query = (
        sa.select(sa.func.min(capture.c.id))
        .select_from(act)
        .join(interaction, near & (act.c.act == interaction.c.act) & (act.c.platform == interaction.c.platform))
        .join(interaction_capture, interaction_capture.c.interaction_id == interaction.c.id)
        .join(capture, capture.c.id == interaction_capture.c.capture_id)
        .where(act.c.id == interaction_id, capture.c.fetched_at >= started, capture.c.fetched_at <= finished)
    )
    return session.execute(query).scalar()


def last_capture_of_text(session: Session, platform: str, item_id: str, before: datetime | None = None) -> int | None:
    """Return the newest kept answer that holds a text, of those fetched before a time when one is given."""
    join = capture.join(item_capture, item_capture.c.capture_id == capture.c.id).join(
        item, item.c.id == item_capture.c.item_id
    )
    where = [item.c.platform == platform, item.c.platform_item_id == item_id]
    if before is not None:
        where.append(capture.c.fetched_at < before)
    return _newest(session, join, *where)


def counts_since(session: Session, first_id: int) -> dict[ChangeKind, int]:
    """Return how many changes of each kind were written after a row number."""
    query = sa.select(observation.c.kind, sa.func.count()).where(observation.c.id > first_id)
    found = {ChangeKind(kind): number for kind, number in session.execute(query.group_by(observation.c.kind))}
    return {kind: found[kind] for kind in ChangeKind if kind in found}


def last_number(session: Session) -> int:
    """Return the number of the newest row, 0 when there is none."""
    return int(session.execute(sa.select(sa.func.max(observation.c.id))).scalar() or 0)


def _newest(session: Session, join: sa.FromClause, *where: Any) -> int | None:
    query = sa.select(capture.c.id).select_from(join).where(*where)
    return session.execute(query.order_by(capture.c.fetched_at.desc(), capture.c.id.desc()).limit(1)).scalar()


def _story(rows: Iterable[Found]) -> tuple[Change, ...]:
    """Return changes in order; of several in a row that say the same of presence the first stands."""
    told: list[Change] = []
    away: ChangeKind | None = None
    for row in sorted(rows, key=lambda row: (row.seen_at, row.id)):
        change = _change(row)
        if change.kind.away and away is change.kind:
            continue
        if change.kind is ChangeKind.BACK and away is None:
            continue
        if change.kind.away or change.kind is ChangeKind.BACK:
            away = change.kind if change.kind.away else None
        told.append(change)
    return tuple(told)


def _change(row: Found) -> Change:
    return Change(
        kind=ChangeKind(row.kind),
        platform=row.platform,
        item_id=row.platform_item_id,
        seen_at=row.seen_at,
        interaction_id=row.interaction_id,
        before_capture_id=row.before_capture_id,
        capture_id=row.capture_id,
        detail=row.detail,
    )


def _row(noted: Noted) -> dict[str, Any]:
    values = {name: getattr(noted.change, name) for name in _COLUMNS}
    values["platform_item_id"] = values.pop("item_id")
    return {"key": noted.key, **values, "kind": noted.change.kind.value}
