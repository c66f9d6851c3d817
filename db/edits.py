"""Texts whose wording changed between two looks."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

import sqlalchemy as sa

from db.connect import Found, Session
from db.tables import capture, item, item_capture, item_text, item_version, run_capture
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

    What only another mapper reads otherwise is no edit, unless the platform names a new time of editing. Wordings stand
    in the order of the platform's times, then of the nights that saw them first: a clock may be set back between two.
    """
    first_seen = (item_text.c.seen_first_at >= since) & (item_text.c.version_id == item_version.c.id)
    touched = sa.select(item_version.c.item_id).distinct().where(first_seen)
    for part in chunks(sorted(session.execute(touched).scalars())):
        kept = _captures(session, part)
        for versions in _versions(session, part).values():
            nights = _Nights(kept[versions[0].item_id], versions)
            for before, now in pairwise(sorted(versions, key=nights.order)):
                if now.seen_first_at >= since and (edit := _edit(before, now, nights)) is not None:
                    yield edit


class _Nights:
    """The kept answers of a text by night and time; by time alone where not every wording was first seen by a night."""

    def __init__(self, kept: list[Found], versions: list[Found]) -> None:
        of_time: dict[datetime, int] = {}
        for row in kept:
            if row.run_id is not None:
                of_time[row.fetched_at] = min(row.run_id, of_time.get(row.fetched_at, row.run_id))
        self._known = of_time if all(row.seen_first_at in of_time for row in versions) else {}
        self._kept = sorted(kept, key=lambda row: (self._place(row.run_id, row.fetched_at), row.id))

    def order(self, version: Found) -> tuple[Any, ...]:
        """Return what the wordings of the text are sorted by."""
        return version.edited_at or _LONG_AGO, self._first(version), version.content_hash

    def parted(self, version: Found) -> tuple[list[Found], list[Found]]:
        """Return the answers before the first that held a wording, and those from it on."""
        first = self._first(version)
        at = bisect_left(self._kept, first, key=lambda row: self._place(row.run_id, row.fetched_at))
        return self._kept[:at], self._kept[at:]

    def _first(self, version: Found) -> tuple[int, datetime]:
        return self._place(self._known.get(version.seen_first_at), version.seen_first_at)

    def _place(self, run_id: int | None, at: datetime) -> tuple[int, datetime]:
        return (run_id or 0) if self._known else 0, at


def _edit(before: Found, now: Found, nights: _Nights) -> Edit | None:
    old, new = nights.parted(now)
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
    """Return the versions of each text; those that nobody saw at a known time are left out."""
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
    return found


def _captures(session: Session, items: list[int]) -> dict[int, list[Found]]:
    """Return the kept answers that show each text, with the first night that received each, None for files."""
    first = sa.func.min(run_capture.c.run_id).label("run_id")
    columns = (item_capture.c.item_id, capture.c.id, capture.c.fetched_at, capture.c.mapper)
    query = (
        sa.select(*columns, first)
        .join(capture, capture.c.id == item_capture.c.capture_id)
        .join(run_capture, run_capture.c.capture_id == capture.c.id, isouter=True)
        .where(item_capture.c.item_id.in_(items))
        .group_by(*columns)
    )
    kept: dict[int, list[Found]] = defaultdict(list)
    for row in session.execute(query):
        kept[row.item_id].append(row)
    return kept
