"""Times as forms write them: day and month in full, in the office's zone, and what is not exact said so."""

from __future__ import annotations

from datetime import datetime, time, timedelta
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
    return f"{day_words(moment, zone)}, pukul {local:%H.%M} {_zone_words(local)}"


def end_words(due: datetime, zone: ZoneInfo) -> str:
    """Return until when a limit runs: a midnight is written as 24.00 of the day that it ends."""
    local = due.astimezone(zone)
    if local.time() != time():
        return moment_words(due, zone)
    return f"{day_words(local - timedelta(days=1), zone)}, pukul 24.00 {_zone_words(local)}"


def act_words(act: ActTime, zone: ZoneInfo) -> str:
    """Return an exact time, or between which two moments an act without one lies."""
    if act.occurred_at is not None:
        return moment_words(act.occurred_at, zone)
    if act.lo is None:
        return f"paling lambat {moment_words(act.latest, zone)}"
    return f"antara {moment_words(act.lo, zone)} dan {moment_words(act.latest, zone)}"


def _zone_words(local: datetime) -> str:
    hours, rest = divmod(int((local.utcoffset() or timedelta()).total_seconds()), 3600)
    named = _ZONES.get(hours) if not rest else None
    return named or f"UTC{local:%z}"
