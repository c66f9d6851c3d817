"""Which kept texts a platform's terms want refreshed: those that its API gave and that no later answer showed again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from db.connect import Session
from db.tables import capture, item, item_capture, item_text, item_version


@dataclass(frozen=True, slots=True)
class Stale:
    """One text whose payload is kept, and when the platform last showed it to the program."""

    item_id: str
    seen_last_at: datetime


def stale_texts(session: Session, platform: str, before: datetime, most: int | None = None) -> list[Stale]:
    """Return the texts that were last seen before a time, the oldest first.

    Texts that only an officer's file brought are not among them: the terms are those of the API.
    """
    seen = sa.func.max(item_text.c.seen_last_at, type_=item_text.c.seen_last_at.type)
    by_program = (
        sa.select(item_capture.c.item_id)
        .join(capture, capture.c.id == item_capture.c.capture_id)
        .where(capture.c.source == platform, capture.c.collector == "")
    )
    statement = (
        sa.select(item.c.platform_item_id, seen.label("seen"))
        .join(item_version, item_version.c.item_id == item.c.id)
        .join(item_text, item_text.c.version_id == item_version.c.id)
        .where(item.c.platform == platform, item_text.c.purged_at.is_(None), item.c.id.in_(by_program))
        .group_by(item.c.id, item.c.platform_item_id)
        .having(seen < before)
        .order_by(seen, item.c.platform_item_id)
        .limit(most)
    )
    return [Stale(row.platform_item_id, row.seen) for row in session.execute(statement)]
