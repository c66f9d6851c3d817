"""Times as YouTube's pages show them: "2 years ago", "3 minggu yang lalu (diedit)", "Oct 1, 2024", "1 Okt 2024"."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from monitor.domain import ActTime

_RELATIVE = re.compile(
    r"(\d{1,4})\s*(second|minute|hour|day|week|month|year|detik|menit|jam|hari|minggu|bulan|tahun)s?\b", re.IGNORECASE
)
# How long one unit is at least and at most: the page rounds down.
_SPANS = {
    "second": (1, 1), "detik": (1, 1), "minute": (60, 60), "menit": (60, 60), "hour": (3600, 3600), "jam": (3600, 3600),
    "day": (86400, 86400), "hari": (86400, 86400), "week": (604800, 604800), "minggu": (604800, 604800),
    "month": (2419200, 2678400), "bulan": (2419200, 2678400),
    "year": (31536000, 31622400), "tahun": (31536000, 31622400),
}  # fmt: skip
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan",
            "feb peb",
            "mar",
            "apr",
            "may mei",
            "jun",
            "jul",
            "aug agu agt",
            "sep",
            "oct okt",
            "nov nop",
            "dec des",
        ),
        1,
    )
    for name in names.split()
}
_ENGLISH = re.compile(r"\b([A-Z][a-z]{2})[a-z]*\.? (\d{1,2}), (\d{4})\b")
_INDONESIAN = re.compile(r"\b(\d{1,2}) ([A-Z][a-z]{2})[a-z]*\.? (\d{4})\b")
_WIDEST = timedelta(hours=14)  # a day without zone begins so much earlier in the east


def relative(text: str, seen_at: datetime) -> ActTime:
    """Return the bracket that a relative time leaves; without one, anything before the page was seen."""
    found = _RELATIVE.search(text)
    if found is None:
        return ActTime(hi=seen_at)
    least, most = _SPANS[found[2].lower()]
    number = int(found[1])
    try:
        return ActTime(
            lo=seen_at - timedelta(seconds=(number + 1) * most), hi=seen_at - timedelta(seconds=number * least)
        )
    except OverflowError:
        return ActTime(hi=seen_at)


def day(text: str, seen_at: datetime) -> ActTime:
    """Return a stated time, exact where it has a clock and a zone, else the bracket of its day."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return _of_day(text, seen_at)
    if moment.tzinfo is not None:
        return ActTime(occurred_at=moment.astimezone(UTC))
    return _bracket(moment.replace(tzinfo=UTC), seen_at)


def _of_day(text: str, seen_at: datetime) -> ActTime:
    english, indonesian = _ENGLISH.search(text), _INDONESIAN.search(text)
    parts = (english[3], english[1], english[2]) if english else None
    parts = (indonesian[3], indonesian[2], indonesian[1]) if indonesian and parts is None else parts
    month = _MONTHS.get(parts[1].lower()) if parts else None
    if parts is None or month is None:
        return relative(text, seen_at)
    try:
        return _bracket(datetime(int(parts[0]), month, int(parts[2]), tzinfo=UTC), seen_at)
    except ValueError:
        return ActTime(hi=seen_at)


def _bracket(start: datetime, seen_at: datetime) -> ActTime:
    try:
        lo, hi = start - _WIDEST, start + timedelta(days=1) + _WIDEST
    except OverflowError:
        return ActTime(hi=seen_at)
    return ActTime(lo=lo, hi=min(hi, seen_at)) if lo < seen_at else ActTime(hi=seen_at)
