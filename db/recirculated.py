"""The same words published elsewhere before: old material that comes back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime

import sqlalchemy as sa

from db.connect import Session
from db.contents import Text, chunked
from db.tables import item, item_text, item_version

_SHORTEST = 15  # characters; shorter texts are the same by chance

Key = tuple[str, str]


def earlier_sightings(session: Session, texts: Iterable[Text]) -> dict[Key, datetime]:
    """Return, for texts whose words another text bore before them, the earliest time of any such text."""
    asked: dict[str, list[Text]] = defaultdict(list)
    for text in texts:
        if text.digest and len((text.text or "").strip()) >= _SHORTEST:
            asked[text.digest].append(text)
    found: dict[Key, datetime] = {}
    # The earliest of all texts of these words is enough, whichever is asked about: none is earlier than itself.
    first = sa.func.min(_moment(item)).label("first")
    for part in chunked(sorted(asked)):
        query = (
            sa.select(item_version.c.content_hash, first)
            .join(item, item.c.id == item_version.c.item_id)
            .where(item_version.c.content_hash.in_(part), _moment(item).is_not(None))
            .group_by(item_version.c.content_hash)
        )
        for row in session.execute(query):
            for text in asked[row.content_hash]:
                if text.published is None or row.first < text.published.latest:
                    found[text.platform, text.key] = row.first
    return found


def later_twins(session: Session, item_ids: Collection[int]) -> set[str]:
    """Return the canonical ids of texts that bore the words of one of these after it."""
    mine, other = item_version.alias("mine"), item_version.alias("other")
    first, later = item.alias("first"), item.alias("later")
    found: set[str] = set()
    for part in chunked(sorted(item_ids)):
        query = (
            sa.select(later.c.platform_item_id)
            .join(other, other.c.item_id == later.c.id)
            .join(mine, sa.and_(mine.c.content_hash == other.c.content_hash, mine.c.item_id != other.c.item_id))
            .join(item_text, item_text.c.version_id == mine.c.id)
            .join(first, first.c.id == mine.c.item_id)
            .where(mine.c.item_id.in_(part), sa.func.length(item_text.c.text) >= _SHORTEST)
            .where(_moment(later) > _moment(first))
        )
        found.update(session.execute(query).scalars())
    return found


def _moment(table: sa.FromClause) -> sa.ColumnElement[datetime]:
    return sa.func.coalesce(table.c.published_at, table.c.published_hi)
