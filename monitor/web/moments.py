"""Days and times as forms and addresses give them; what no office can mean, as a year of two digits, is not read."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, tzinfo

FIRST_YEAR, LAST_YEAR = 1990, 2200


def read_day(text: str) -> date | None:
    """Return a day written as 2026-11-22, None for anything else."""
    try:
        day = date.fromisoformat(text.strip())
    except ValueError:
        return None
    return day if FIRST_YEAR <= day.year <= LAST_YEAR else None


def read_moment(text: str, zone: tzinfo) -> datetime | None:
    """Return a time written as 2026-11-22T07:15, in the given zone where it names none; None for anything else."""
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        return None
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=zone)


def midnight(day: date | None, zone: tzinfo, days: int = 0) -> datetime | None:
    """Return when a day begins, or `days` later; for a day beyond what is read, the nearest that is."""
    if day is None:
        return None
    known = min(max(day, date(FIRST_YEAR, 1, 1)), date(LAST_YEAR, 12, 31))
    return datetime.combine(known + timedelta(days=days), time(), zone).astimezone(UTC)
