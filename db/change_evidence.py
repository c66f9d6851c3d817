"""The answers on which observed changes rest: the one that last showed the old state, the first that shows the new."""

from __future__ import annotations

from collections.abc import Iterable

from db.connect import Session
from db.tables import capture
from db.upsert import rows_by
from monitor.domain import CaptureBrief, Change


def evidence_of(session: Session, changes: Iterable[Change]) -> dict[int, CaptureBrief]:
    """Return the kept answers that changes name, by their number."""
    numbers = {
        number for change in changes for number in (change.before_capture_id, change.capture_id) if number is not None
    }
    return {
        row.id: CaptureBrief(
            row.id, row.sha256, row.fetched_at, row.url, row.source, row.size, row.mapper, row.collector or ""
        )
        for row in rows_by(session, (capture,), capture.c.id, numbers)
    }
