"""Screenshots and web archives that officers brought with a find, by the answer that a case rests on."""

from __future__ import annotations

from collections.abc import Collection

import sqlalchemy as sa

from db.connect import Session
from db.tables import capture, manual_find

ARCHIVE = "arsip-web"
"""The endpoint of the kept file that is a web archive; `monitor.evidence.archives` says what one is."""


def screenshots_of(session: Session, capture_ids: Collection[int]) -> dict[int, int]:
    """Return the number of the find whose screenshot goes with each of these kept answers."""
    return _brought(session, capture_ids, archives=False)


def archives_of(session: Session, capture_ids: Collection[int]) -> dict[int, int]:
    """Return the number of the find whose web archive goes with each of these kept answers."""
    return _brought(session, capture_ids, archives=True)


def _brought(session: Session, capture_ids: Collection[int], *, archives: bool) -> dict[int, int]:
    if not capture_ids:
        return {}
    archived = sa.exists().where(capture.c.sha256 == manual_find.c.screenshot, capture.c.endpoint == ARCHIVE)
    query = sa.select(manual_find.c.capture_id, manual_find.c.id).where(
        manual_find.c.capture_id.in_(capture_ids),
        manual_find.c.screenshot.is_not(None),
        archived if archives else ~archived,
    )
    return {row.capture_id: row.id for row in session.execute(query.order_by(manual_find.c.id))}
