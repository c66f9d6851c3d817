"""Times as officers read them: in the office's own zone, in words, with what is not known said so."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo

from monitor.domain import ActTime

_DAYS = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "Mei", "Jun", "Jul", "Agu", "Sep", "Okt", "Nov", "Des")
_ZONES = {7: "WIB", 8: "WITA", 9: "WIT"}


def zone_label(moment: datetime) -> str:
    """Return WIB, WITA or WIT for an aware local time, else its offset from UTC."""
    offset = moment.utcoffset() or timedelta()
    hours, rest = divmod(int(offset.total_seconds()), 3600)
    if rest == 0 and hours in _ZONES:
        return _ZONES[hours]
    return f"UTC{offset.total_seconds() / 3600:+g}" if offset else "UTC"


def full(moment: datetime, zone: ZoneInfo | tzinfo, *, seconds: bool = False) -> str:
    """Return e.g. "Sabtu, 2 Nov 2024, 19.32 WIB"."""
    local = moment.astimezone(zone)
    clock = f"{local:%H.%M.%S}" if seconds else f"{local:%H.%M}"
    return f"{_DAYS[local.weekday()]}, {_date(local)}, {clock} {zone_label(local)}"


def short(moment: datetime, zone: ZoneInfo | tzinfo) -> str:
    """Return e.g. "2 Nov 2024, 19.32 WIB"."""
    local = moment.astimezone(zone)
    return f"{_date(local)}, {local:%H.%M} {zone_label(local)}"


def ends(due: datetime, zone: ZoneInfo | tzinfo) -> str:
    """Return until when a limit runs, e.g. "2 Nov 2024, 24.00 WIB": a midnight belongs to the day that it ends."""
    local = due.astimezone(zone)
    if local.time() != time():
        return short(due, zone)
    return f"{_date(local - timedelta(days=1))}, 24.00 {zone_label(local)}"


def iso_day(text: str) -> str:
    """Return a day that is written 2024-11-02 as "2 Nov 2024"; any other text as it is."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return text
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def act_time(act: ActTime, zone: ZoneInfo | tzinfo) -> str:
    """Return an exact time, or the bracket in words: "antara … dan …" or "paling lambat …"."""
    if act.occurred_at is not None:
        return full(act.occurred_at, zone)
    if act.lo is None:
        return f"paling lambat {short(act.latest, zone)}"
    return f"antara {short(act.lo, zone)} dan {short(act.latest, zone)}"


def ago(moment: datetime, now: datetime) -> str:
    """Return how long ago something was, in the largest whole unit."""
    return "baru saja" if now - moment < timedelta(minutes=1) else f"{_span(now - moment)} lalu"


def until(due: datetime, now: datetime) -> str:
    """Return what is left until a due time, or by how much it has passed."""
    return f"sisa {_span(due - now)}" if due > now else f"lewat {_span(now - due)}"


def _span(length: timedelta) -> str:
    minutes = int(length.total_seconds() // 60)
    if minutes < 60:
        return f"{max(minutes, 1)} menit"
    if minutes < 48 * 60:
        return f"{minutes // 60} jam"
    return f"{minutes // (24 * 60)} hari"


def _date(local: datetime) -> str:
    return f"{local.day} {_MONTHS[local.month - 1]} {local.year}"


def span(length: timedelta) -> str:
    """Return e.g. "7 hari" or "12 jam"."""
    hours = round(length.total_seconds() / 3600)
    return f"{hours // 24} hari" if hours % 24 == 0 else f"{hours} jam"
