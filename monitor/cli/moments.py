"""Times as people type them after an option."""

from __future__ import annotations

from datetime import UTC, datetime

from monitor.errors import UsageError
from monitor.workspace import Workspace


def moment_of(space: Workspace, text: str | None, option: str = "--since") -> datetime | None:
    """Return a typed time in UTC, None when nothing was typed; one without a zone is in the office's."""
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=space.settings.agency.zone)
        return moment.astimezone(UTC)
    except (ValueError, OverflowError) as error:  # the first and the last day of the calendar have no UTC
        raise UsageError(
            f"{option} {text} bukan waktu", "tulis seperti 2026-10-01 atau 2026-10-01T00:00+07:00"
        ) from error
