"""Times as forms write them: day and month in full, in the office's zone, and what is not exact said so."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from monitor.domain import ActTime
from monitor.reports.words import long_date

_DAYS = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")
_ZONES = {7: "WIB", 8: "WITA", 9: "WIT"}


def day_words(moment: datetime, zone: ZoneInfo) -> str:
    """Return e.g. "Sabtu, 2 November 2024"."""
    local = moment.astimezone(zone)
    return f"{_DAYS[local.weekday()]}, {long_date(local.date())}"


def moment_words(moment: datetime, zone: ZoneInfo) -> str:
    """Return e.g. "Sabtu, 2 November 2024, pukul 19.32 WIB"."""
    local = moment.astimezone(zone)
    hours, rest = divmod(int((local.utcoffset() or timedelta()).total_seconds()), 3600)
    named = _ZONES.get(hours) if not rest else None
    return f"{day_words(moment, zone)}, pukul {local:%H.%M} {named or f'UTC{local:%z}'}"


def act_words(time: ActTime, zone: ZoneInfo) -> str:
    """Return an exact time, or between which two moments an act without one lies."""
    if time.occurred_at is not None:
        return moment_words(time.occurred_at, zone)
    if time.lo is None:
        return f"paling lambat {moment_words(time.latest, zone)}"
    return f"antara {moment_words(time.lo, zone)} dan {moment_words(time.latest, zone)}"
