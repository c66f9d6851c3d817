"""What a visit brought, written so that order and repetition do not matter."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from db.accounts import note_handles
from db.captures import Captures, store_captures
from db.connect import Session
from db.interactions import store_sightings
from db.settling import settle_times
from db.tables import account, interaction, item, item_look
from db.texts import ItemIds, store_items
from db.upsert import insert_missing, rows_by
from monitor.domain import Act, Look, StoreBatch, StoreCounts

__all__ = ["missing_texts", "settle_times", "settled_with", "store_batch"]


def store_batch(session: Session, batch: StoreBatch, now: datetime, run: int | None = None) -> StoreCounts:
    """Write a batch, received by the night `run` if by one, and return how many rows it added.

    The same batches in any order, in parts or twice leave the same rows, `now` apart, which nothing here keeps. Acts
    are marked to be judged when anything that judging rests on is new.
    """
    del now  # no row of this family tells when the program wrote it: replay could not repeat that
    kept, captures = store_captures(session, _captures_of(batch), run)
    items, versions, ids = store_items(session, batch.items, _seen(batch))
    _link_items(session, batch, kept, ids)
    acts = store_sightings(session, batch.sightings, kept)
    note_handles(session, [*_actor_handles(batch), *_author_handles(session, batch)])
    _store_looks(session, batch.looks)
    settle_times(session, settled_with(batch))
    return StoreCounts(items=items, versions=versions, interactions=acts, captures=captures)


def settled_with(batch: StoreBatch) -> set[str]:
    """Return the targets all of whose acts get their times when a batch is stored; acts in it get theirs anyway."""
    return {i.item_id for i in batch.items} | {look.item_id for look in batch.looks}


def missing_texts(session: Session, platform: str, seen_since: datetime) -> list[str]:
    """Return the canonical ids of posts whose text is not stored although acts on them were seen since then, in order.

    Only likes and shares count: they say nothing by themselves.
    """
    text = sa.exists().where(item.c.platform == platform, item.c.platform_item_id == interaction.c.target_id)
    found = (
        sa.select(interaction.c.target_id)
        .distinct()
        .where(
            interaction.c.platform == platform,
            interaction.c.act.in_((Act.LIKE, Act.SHARE)),
            interaction.c.seen_last_at >= seen_since,
            ~text,
        )
    )
    return sorted(session.execute(found).scalars())


def _captures_of(batch: StoreBatch) -> Iterable[Any]:
    yield from (sighting.capture for sighting in batch.sightings if sighting.capture is not None)
    yield from (capture for _, capture in batch.item_captures)


def _seen(batch: StoreBatch) -> dict[str, tuple[datetime, datetime]]:
    """Return the first and last time each text was seen: when the kept answers came that hold it."""
    seen: dict[str, tuple[datetime, datetime]] = {}
    for item_id, capture in batch.item_captures:
        at = capture.fetched_at
        first, last = seen.get(item_id, (at, at))
        seen[item_id] = (min(first, at), max(last, at))
    return seen


def _link_items(session: Session, batch: StoreBatch, kept: Captures, ids: ItemIds) -> None:
    pointers = {record.item_id: record.pointer for record in batch.items}
    platforms = {record.item_id: record.platform for record in batch.items}
    kept.link_items(
        session,
        [
            (ids[platforms[item_id], item_id], capture, pointers[item_id])
            for item_id, capture in batch.item_captures
            if item_id in platforms
        ],
    )


def _author_handles(session: Session, batch: StoreBatch) -> Iterable[tuple[int, str, datetime]]:
    """Yield under which handles the authors of kept texts were seen, where a kept answer says when."""
    seen = _seen(batch)
    authors = {
        (i.platform, i.author.user_id): (i.author.handle.removeprefix("@"), seen[i.item_id])
        for i in batch.items
        if i.author is not None and i.author.handle and i.item_id in seen
    }
    columns = (account.c.id, account.c.platform, account.c.platform_user_id)
    for row in rows_by(session, columns, account.c.platform_user_id, {user_id for _, user_id in authors}):
        handle, moments = authors.get((row.platform, row.platform_user_id), ("", ()))
        for at in moments:
            yield row.id, handle, at


def _actor_handles(batch: StoreBatch) -> Iterable[tuple[int, str, datetime]]:
    for sighting in batch.sightings:
        handle = sighting.record.actor.handle
        if handle:
            yield sighting.account_id, handle.removeprefix("@"), sighting.seen_at


def _store_looks(session: Session, looks: Iterable[Look]) -> None:
    rows = [
        {
            "platform": look.platform,
            "platform_item_id": look.item_id,
            "verb": look.verb,
            "started_at": look.started_at,
            "finished_at": look.finished_at,
            "end_kind": look.end,
            "reported": look.reported,
            "collected": look.collected,
            "registered": look.registered,
            "since": look.since,
        }
        for look in looks
    ]
    key = ["platform", "platform_item_id", "verb", "started_at", "finished_at"]
    insert_missing(session, item_look, rows, key)
