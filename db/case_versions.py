"""The versions of texts that were edited, for showing what changed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from db.connect import Session
from db.tables import item, item_text, item_version


@dataclass(frozen=True, slots=True)
class TextVersion:
    """One version of a text; `text` is None once purged, the times are unknown where None."""

    text: str | None
    edited_at: datetime | None
    seen_first_at: datetime | None
    seen_last_at: datetime | None


def versions_of(session: Session, keys: Collection[tuple[str, str]]) -> dict[tuple[str, str], tuple[TextVersion, ...]]:
    """Return the versions of texts by platform and canonical id, the current one last; only of those that have two."""
    names = {name for _, name in keys}
    query = (
        sa.select(item.c.platform, item.c.platform_item_id, item_version.c.edited_at, item_version.c.id, item_text)
        .join(item_version, item_version.c.item_id == item.c.id)
        .join(item_text, item_text.c.version_id == item_version.c.id, isouter=True)
        .where(item.c.platform_item_id.in_(names))
    )
    found: dict[tuple[str, str], list[sa.Row[tuple[object, ...]]]] = defaultdict(list)
    for row in session.execute(query) if names else ():
        if (row.platform, row.platform_item_id) in keys:
            found[row.platform, row.platform_item_id].append(row)
    return {key: tuple(_version(row) for row in sorted(rows, key=_age)) for key, rows in found.items() if len(rows) > 1}


def _age(row: sa.Row[tuple[object, ...]]) -> tuple[float, float, int]:
    """Order as the page of a case does: by the platform's time of the edit, then by when it was last seen."""
    edited, seen = row.edited_at, row.seen_last_at
    return (edited.timestamp() if edited else 0.0, seen.timestamp() if seen else 0.0, row.id)


def _version(row: sa.Row[tuple[object, ...]]) -> TextVersion:
    return TextVersion(row.text, row.edited_at, row.seen_first_at, row.seen_last_at)
