"""Screenshots that officers brought with a find, by the answer that a case rests on."""

from __future__ import annotations

from collections.abc import Collection

import sqlalchemy as sa

from db.connect import Session
from db.tables import manual_find


def screenshots_of(session: Session, capture_ids: Collection[int]) -> dict[int, int]:
    """Return the number of the find whose screenshot goes with each of these kept answers."""
    if not capture_ids:
        return {}
    query = sa.select(manual_find.c.capture_id, manual_find.c.id).where(
        manual_find.c.capture_id.in_(capture_ids), manual_find.c.screenshot.is_not(None)
    )
    return {row.capture_id: row.id for row in session.execute(query.order_by(manual_find.c.id))}
