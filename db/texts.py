"""Texts and their versions."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from db.account_rows import account_rows
from db.connect import Session
from db.dirty import mark_texts
from db.merge import clean, greatest, least, merged
from db.recirculated import later_twins
from db.tables import interaction, item, item_text, item_version
from db.upsert import chunks, insert_missing, rows_by, update_rows
from monitor.domain import AccountRef, ItemKind, ItemRecord

ItemKey = tuple[str, str]
ItemIds = dict[ItemKey, int]
Seen = Mapping[str, tuple[datetime, datetime]]

_KINDS = [ItemKind.COMMENT, ItemKind.QUOTE, ItemKind.POST]
_AUTHORS = {
    "author_account_id": "author",
    "parent_account_id": "parent_author",
    "root_account_id": "root_author",
    "quoted_account_id": "quoted_author",
}


def _kind(first: ItemKind, second: ItemKind) -> ItemKind:
    """One item is one thing: a reply is a comment, else a quote is a quote, else it is a post."""
    return min(first, second, key=_KINDS.index)


_MERGE = {
    "kind": _kind,
    "url": least,
    "published_at": least,
    "published_lo": greatest,
    "published_hi": least,
    "parent_id": least,
    "root_id": least,
    "quoted_id": least,
    **dict.fromkeys(_AUTHORS, least),
    "like_count": greatest,
    "share_count": greatest,
    "comment_count": greatest,
}
_COUNTS = ("like_count", "share_count", "comment_count")


def store_items(session: Session, records: Iterable[ItemRecord], seen: Seen) -> tuple[int, int, ItemIds]:
    """Write texts; return how many texts and versions were added, and the rows by platform and canonical id."""
    items = versions = 0
    ids: ItemIds = {}
    for part in chunks(records):
        made, found, changed = _store_rows(session, part)
        added = _store_versions(session, part, found, seen)
        items += made
        versions += len(added)
        ids |= found
        by_id = {row_id: key for key, row_id in found.items()}
        mark_texts(session, changed | {by_id[row_id][1] for row_id in added})
        touched = added | {row_id for row_id, key in by_id.items() if key[1] in changed}
        mark_texts(session, later_twins(session, touched))
    return items, versions, ids


def _store_rows(session: Session, records: list[ItemRecord]) -> tuple[int, ItemIds, set[str]]:
    """Write the rows; return how many are new, all ids, and the canonical ids of those that changed."""
    accounts = account_rows(session, _authors(records))
    wanted: dict[ItemKey, dict[str, Any]] = {}
    for record in records:
        row = _row(record, accounts)
        key = (record.platform, row["platform_item_id"])
        wanted[key] = merged(wanted[key], row, _MERGE) if key in wanted else row
    added = insert_missing(session, item, wanted.values(), ["platform", "platform_item_id"])
    ids: ItemIds = {}
    changed: list[dict[str, Any]] = []
    judged: set[str] = set()
    for held in rows_by(session, (item,), item.c.platform_item_id, [key[1] for key in wanted]):
        key = (held.platform, held.platform_item_id)
        if key not in wanted:
            continue
        ids[key] = held.id
        old = {name: getattr(held, name) for name in _MERGE}
        new = merged(old, wanted[key], _MERGE)
        if new != old:
            changed.append({"id": held.id, **new})
            if any(new[name] != old[name] for name in new if name not in _COUNTS):
                judged.add(key[1])
    update_rows(session, item, changed)
    if added:
        _adopt(session, ids)
    return added, ids, judged


def _adopt(session: Session, ids: ItemIds) -> None:
    """Let acts that were seen before the text they published point to it."""
    for part in chunks(ids):
        where = interaction.c.own_item_key.in_([key[1] for key in part]) & interaction.c.own_item_id.is_(None)
        own = (item.c.platform == interaction.c.platform) & (item.c.platform_item_id == interaction.c.own_item_key)
        found = sa.select(item.c.id).where(own).scalar_subquery()
        session.execute(sa.update(interaction).where(where).values(own_item_id=found))


def _store_versions(session: Session, records: list[ItemRecord], ids: ItemIds, seen: Seen) -> set[int]:
    """Write versions and their payload; return the ids of texts that have a new version."""
    payloads: dict[tuple[int, str], dict[str, Any]] = {}
    versions: dict[tuple[int, str], dict[str, Any]] = {}
    for record in records:
        payload = _payload(record)
        item_id = ids[record.platform, clean(record.item_id)]
        edited = record.edited_at.isoformat() if record.edited_at else ""
        said = json.dumps([payload[n] for n in ("text", "links", "hashtags", "alt_texts")] + [edited])
        key = (item_id, hashlib.sha256(said.encode()).hexdigest())
        first, last = seen.get(record.item_id, (None, None))
        payload |= {"seen_first_at": first, "seen_last_at": last}
        payloads[key] = merged(payloads[key], payload, _SEEN) if key in payloads else payload
        versions[key] = {"item_id": item_id, "content_hash": key[1], "edited_at": record.edited_at}
    columns = (item_version.c.id, item_version.c.item_id, item_version.c.content_hash)
    known = {(r.item_id, r.content_hash) for r in rows_by(session, columns, item_version.c.item_id, ids.values())}
    insert_missing(session, item_version, versions.values(), ["item_id", "content_hash"])
    rows = {
        row.id: payloads[row.item_id, row.content_hash]
        for row in rows_by(session, columns, item_version.c.item_id, ids.values())
        if (row.item_id, row.content_hash) in payloads
    }
    _store_payloads(session, rows)
    return {item_id for item_id, digest in versions if (item_id, digest) not in known}


_SEEN = {"seen_first_at": least, "seen_last_at": greatest}


def _store_payloads(session: Session, rows: dict[int, dict[str, Any]]) -> None:
    """Write payloads; one that was purged is not filled again."""
    made = [{"version_id": version, **payload, "purged_at": None} for version, payload in rows.items()]
    insert_missing(session, item_text, made, ["version_id"])
    columns = (item_text.c.version_id, item_text.c.seen_first_at, item_text.c.seen_last_at)
    changed = []
    for row in rows_by(session, columns, item_text.c.version_id, rows):
        old = {name: getattr(row, name) for name in _SEEN}
        new = merged(old, rows[row.version_id], _SEEN)
        if new != old:
            changed.append({"version_id": row.version_id, **new})
    update_rows(session, item_text, changed, key="version_id")


def _authors(records: Iterable[ItemRecord]) -> Iterable[AccountRef]:
    for record in records:
        refs = (getattr(record, field) for field in _AUTHORS.values())
        yield from (ref for ref in refs if ref is not None)


def _row(record: ItemRecord, accounts: dict[tuple[str, str], int]) -> dict[str, Any]:
    exact = record.published.occurred_at
    row: dict[str, Any] = {
        "platform": record.platform,
        "platform_item_id": clean(record.item_id),
        "kind": record.kind,
        "url": clean(record.url),
        "published_at": exact,
        "published_lo": record.published.lo,
        "published_hi": record.published.hi,
        "parent_id": clean(record.parent_id) if record.parent_id else None,
        "root_id": clean(record.root_id) if record.root_id else None,
        "quoted_id": clean(record.quoted_id) if record.quoted_id else None,
        **{name: getattr(record, name) for name in _COUNTS},
    }
    for column, field in _AUTHORS.items():
        ref: AccountRef | None = getattr(record, field)
        row[column] = accounts.get((ref.platform, ref.user_id)) if ref is not None else None
    return row


def _payload(record: ItemRecord) -> dict[str, Any]:
    return {
        "text": clean(record.text),
        "links": [clean(link) for link in record.links],
        "hashtags": [clean(tag) for tag in record.hashtags],
        "alt_texts": [clean(text) for text in record.alt_texts],
        "mentioned": sorted({mention.user_id for mention in record.mentions}),
        "lang": record.lang[:35] if record.lang else None,
    }
