"""Screenshots and web archives that officers brought with a find, by the answer that a case rests on."""

from __future__ import annotations

from collections.abc import Collection

import sqlalchemy as sa

from db.connect import Session
from db.tables import capture, manual_find

ARCHIVE = "arsip-web"
"""The endpoint of the kept file that is a web archive; `monitor.evidence.archives` says what one is."""


def brought_with(session: Session, capture_ids: Collection[int]) -> tuple[dict[int, int], dict[int, int]]:
    """Return the numbers of the finds whose screenshot, and of those whose web archive, go with these kept answers."""
    if not capture_ids:
        return {}, {}
    archived = sa.exists().where(capture.c.sha256 == manual_find.c.screenshot, capture.c.endpoint == ARCHIVE)
    query = sa.select(manual_find.c.capture_id, manual_find.c.id, archived.label("archived")).where(
        manual_find.c.capture_id.in_(capture_ids), manual_find.c.screenshot.is_not(None)
    )
    pictures: dict[int, int] = {}
    archives: dict[int, int] = {}
    for row in session.execute(query.order_by(manual_find.c.id)):
        (archives if row.archived else pictures)[row.capture_id] = row.id
    return pictures, archives
