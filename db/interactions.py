"""Registered acts as they were seen."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from db.account_rows import account_rows
from db.captures import Captures
from db.connect import Session
from db.merge import clean, greatest, least, merged
from db.one_act import unite
from db.settling import plausible, published_times, seen_before
from db.tables import interaction, item
from db.upsert import chunks, insert_missing, rows_by, update_rows
from monitor.domain import Sighting

_MERGE = {
    "target_author_account_id": least,
    "own_item_id": least,
    "occurred_at": least,
    "given_lo": greatest,
    "given_hi": least,
    "seen_first_at": least,
    "seen_last_at": greatest,
}
_JUDGED = ("target_author_account_id", "own_item_id", "occurred_at")
"""What judging rests on here; brackets follow when times are settled."""


def store_sightings(session: Session, sightings: Iterable[Sighting], kept: Captures) -> int:
    """Write acts and which answers show them; return how many acts are new. Times are settled afterwards."""
    return sum(_store_part(session, part, kept) for part in chunks(sightings))


def _store_part(session: Session, sightings: list[Sighting], kept: Captures) -> int:
    authors = account_rows(session, [s.record.target_author for s in sightings if s.record.target_author])
    own_keys = [clean(s.record.own_item_id) for s in sightings if s.record.own_item_id]
    owned = (item.c.id, item.c.platform, item.c.platform_item_id)
    own = {(r.platform, r.platform_item_id): r.id for r in rows_by(session, owned, item.c.platform_item_id, own_keys)}
    published = published_times(session, (clean(s.record.target_id) for s in sightings))
    wanted: dict[str, dict[str, Any]] = {}
    for sighting in sightings:
        row = _row(sighting, authors, own)
        row["occurred_at"] = plausible(row["occurred_at"], published.get((row["platform"], row["target_id"])))
        earlier = wanted.get(row["key"])
        wanted[row["key"]] = merged(earlier, row, _MERGE) if earlier else row
    known_as = unite(session, wanted)
    added = insert_missing(session, interaction, [row | _first_times(row) for row in wanted.values()], ["key"])
    ids: dict[str, int] = {}
    changed: list[dict[str, Any]] = []
    columns = (interaction.c.id, interaction.c.key, interaction.c.dirty, *(interaction.c[name] for name in _MERGE))
    for held in rows_by(session, columns, interaction.c.key, wanted):
        ids[held.key] = held.id
        old = {name: getattr(held, name) for name in _MERGE}
        new = merged(old, wanted[held.key], _MERGE)
        if held.occurred_at is None and seen_before(new["occurred_at"], new["given_hi"]):
            new["occurred_at"] = None  # settled so already
        if new != old:
            judged = held.dirty or any(new[name] != old[name] for name in _JUDGED)
            changed.append({"id": held.id, **new, "dirty": judged})
    update_rows(session, interaction, changed)
    shown = [
        (ids[known_as.get(s.record.key, s.record.key)], s.capture, s.record.pointer)
        for s in sightings
        if s.capture is not None
    ]
    kept.link_acts(session, shown)
    return added


def _row(sighting: Sighting, authors: dict[tuple[str, str], int], own: dict[tuple[str, str], int]) -> dict[str, Any]:
    record, time = sighting.record, sighting.record.time
    author = record.target_author
    own_key = clean(record.own_item_id) if record.own_item_id else None
    return {
        "key": record.key,
        "platform": record.platform,
        "actor_account_id": sighting.account_id,
        "act": record.act,
        "target_id": clean(record.target_id),
        "target_author_account_id": authors.get((author.platform, author.user_id)) if author else None,
        "own_item_key": own_key,
        "own_item_id": own.get((record.platform, own_key)) if own_key else None,
        "occurred_at": time.occurred_at,
        "given_lo": time.lo,
        "given_hi": time.hi,
        "seen_first_at": sighting.seen_at,
        "seen_last_at": sighting.seen_at,
        "dirty": True,
    }


def _first_times(row: dict[str, Any]) -> dict[str, Any]:
    """Return a bracket for a row that is about to be inserted; settling narrows it."""
    if row["occurred_at"] is not None:
        return {"bracket_lo": None, "bracket_hi": None}
    return {"bracket_lo": None, "bracket_hi": least(row["given_hi"], row["seen_first_at"])}
