"""Texts whose wording changed between two looks."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

import sqlalchemy as sa

from db.connect import Found, Session
from db.tables import capture, item, item_capture, item_text, item_version
from db.upsert import chunks

_LONG_AGO = datetime(1, 1, 1, tzinfo=UTC)
# Names are masked by what the register knew when the text was read, and masks are no edits.
_NAMES = re.compile(r"@\[akun lain\]|@[\w.@:-]+|did:[\w:.%-]+|https?://\S+")


@dataclass(frozen=True, slots=True)
class Edit:
    """A text read in another wording than before, with the kept answers that hold the two."""

    platform: str
    item_id: str
    content_hash: str
    seen_at: datetime
    edited_at: datetime | None
    before_capture_id: int | None
    capture_id: int | None


def edits_since(session: Session, since: datetime) -> Iterator[Edit]:
    """Yield the wordings that were first seen since then and that are not the first ones of their texts.

    What only another mapper reads otherwise is no edit, unless the platform names a new time of editing.
    """
    first_seen = (item_text.c.seen_first_at >= since) & (item_text.c.version_id == item_version.c.id)
    touched = sa.select(item_version.c.item_id).distinct().where(first_seen)
    for part in chunks(sorted(session.execute(touched).scalars())):
        kept = _captures(session, part)
        for versions in _versions(session, part).values():
            for before, now in pairwise(versions):
                if now.seen_first_at >= since and (edit := _edit(before, now, kept[now.item_id])) is not None:
                    yield edit


def _edit(before: Found, now: Found, kept: list[Found]) -> Edit | None:
    old = [row for row in kept if row.fetched_at < now.seen_first_at]
    new = [row for row in kept if row.fetched_at >= now.seen_first_at]
    named = now.edited_at is not None and now.edited_at != before.edited_at
    same_reader = not old or not new or old[-1].mapper == new[0].mapper
    if not named and not (same_reader and _words(before) != _words(now)):
        return None
    return Edit(
        platform=now.platform,
        item_id=now.platform_item_id,
        content_hash=now.content_hash,
        seen_at=now.seen_first_at,
        edited_at=now.edited_at,
        before_capture_id=old[-1].id if old else None,
        capture_id=new[0].id if new else None,
    )


def _words(row: Found) -> tuple[str, ...]:
    """Return the words of a version without names and addresses."""
    return tuple(" ".join(_NAMES.sub(" ", part).split()) for part in (row.text or "", *(row.alt_texts or ())))


def _versions(session: Session, items: list[int]) -> dict[int, list[Found]]:
    """Return the versions of each text in order; those that nobody saw at a known time are left out."""
    columns = (
        item_version.c.item_id, item_version.c.content_hash, item_version.c.edited_at, item_text.c.text,
        item_text.c.alt_texts, item_text.c.seen_first_at, item.c.platform, item.c.platform_item_id,
    )  # fmt: skip
    query = (
        sa.select(*columns)
        .join(item_text, item_text.c.version_id == item_version.c.id)
        .join(item, item.c.id == item_version.c.item_id)
        .where(item_version.c.item_id.in_(items), item_text.c.seen_first_at.is_not(None))
        .where(item_text.c.purged_at.is_(None))
    )
    found: dict[int, list[Found]] = defaultdict(list)
    for row in session.execute(query):
        found[row.item_id].append(row)
    return {number: sorted(rows, key=_order) for number, rows in found.items()}


def _order(row: Found) -> tuple[Any, ...]:
    return row.edited_at or _LONG_AGO, row.seen_first_at, row.content_hash


def _captures(session: Session, items: list[int]) -> dict[int, list[Found]]:
    columns = (item_capture.c.item_id, capture.c.id, capture.c.fetched_at, capture.c.mapper)
    kept: dict[int, list[Found]] = defaultdict(list)
    query = sa.select(*columns).join(capture, capture.c.id == item_capture.c.capture_id)
    for row in session.execute(query.where(item_capture.c.item_id.in_(items))):
        kept[row.item_id].append(row)
    for rows in kept.values():
        rows.sort(key=lambda row: (row.fetched_at, row.id))
    return kept
