"""Times as tools and people write them: Unix numbers, ISO 8601, RFC forms, and days before months or after."""

from __future__ import annotations

import re
from datetime import datetime, tzinfo
from email.utils import parsedate_to_datetime
from typing import Literal

from scrapers.imports.nodes import unix_time

DateOrder = Literal["dmy", "mdy"]

_UNIX = re.compile(r"\d{9,17}(?:\.\d{1,9})?", re.ASCII)
_X_FORM = re.compile(r"[A-Z][a-z]{2} ([A-Z][a-z]{2} \d\d) (\d\d:\d\d:\d\d) ([+-]\d{4}) (\d{4})", re.ASCII)
_NUMBERS = re.compile(
    r"(\d{1,4})[./-](\d{1,2})[./-](\d{1,4})"
    r"(?:[,\s]+(\d{1,2})[:.](\d{2})(?:[:.](\d{2}))?(?:\s*([APap])\.?\s*[Mm]\.?)?)?",
    re.ASCII,
)
_NAMED = re.compile(
    r"(?:[A-Za-z]+,?\s+)?(?:(\d{1,2})\s+([A-Za-z]{3,9})\.?|([A-Za-z]{3,9})\.?\s+(\d{1,2})),?\s+(\d{4})"
    r"(?:[,\s]+(?:at |pukul )?(\d{1,2})[:.](\d{2})(?:[:.](\d{2}))?(?:\s*([APap])\.?\s*[Mm]\.?)?)?",
    re.ASCII,
)
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan january januari", "feb february februari", "mar march maret", "apr april", "may mei", "jun june juni",
            "jul july juli", "aug august agu agt agustus", "sep sept september", "oct october okt oktober",
            "nov november nop", "dec december des desember",
        ),
        1,
    )
    for name in names.split()
}  # fmt: skip


class DayOrMonth(ValueError):
    """Both the first and the second number of a date may be the month."""


def read_time(text: str, zone: tzinfo, order: DateOrder | None = None) -> datetime | None:
    """Return a time in UTC or with its own offset, None when it is none; times without a zone are in `zone`.

    Raises DayOrMonth for a date such as 03/04/2024 while `order` is not said. A date without a time of day is none:
    when on that day something happened is not known.
    """
    text = " ".join(text.replace("\u202f", " ").replace("\u200e", "").split())
    if not text or len(text) > 60:
        return None
    if _UNIX.fullmatch(text):
        return unix_time(float(text) / (1000 if float(text) > 1e14 else 1))
    return _zoned(_iso(text) or _mail(text), zone) or _zoned(_numbers(text, order), zone) or _zoned(_named(text), zone)


def _zoned(moment: datetime | None, zone: tzinfo) -> datetime | None:
    if moment is None:
        return None
    aware = moment if moment.tzinfo is not None else moment.replace(tzinfo=zone)
    try:
        return unix_time(aware.timestamp())
    except (OverflowError, ValueError):
        return None


def _iso(text: str) -> datetime | None:
    if len(text) < 16:  # a date alone
        return None
    plain = text.removesuffix(" UTC") + ("+00:00" if text.endswith(" UTC") else "")
    try:
        return datetime.fromisoformat(plain.replace(" +", "+"))
    except ValueError:
        return None


def _mail(text: str) -> datetime | None:
    """Return a time as in letters ("Tue, 01 Oct 2024 01:00:00 GMT") or as in X's answers."""
    if found := _X_FORM.fullmatch(text):
        text = f"{found[1][4:]} {found[1][:3]} {found[4]} {found[2]} {found[3]}"
    elif not re.search(r"(?:GMT|[+-]\d{4})$", text):
        return None
    try:
        return parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError):
        return None


def _numbers(text: str, order: DateOrder | None) -> datetime | None:
    found = _NUMBERS.fullmatch(text)
    if found is None or found[4] is None:
        return None
    first, second, third = int(found[1]), int(found[2]), int(found[3])
    if len(found[1]) == 4:
        year, month, day = first, second, third
    elif first > 12 or second > 12:
        day, month = (first, second) if first > 12 else (second, first)
        year = third
    elif first == second or order is not None:
        day, month = (first, second) if order == "dmy" else (second, first)
        year = third
    else:
        raise DayOrMonth(text)
    return clock(year + 2000 if year < 100 else year, month, day, (found[4], found[5], found[6], found[7]))


def _named(text: str) -> datetime | None:
    found = _NAMED.fullmatch(text)
    if found is None or found[6] is None:
        return None
    month = _MONTHS.get((found[2] or found[3]).lower())
    if month is None:
        return None
    return clock(int(found[5]), month, int(found[1] or found[4]), (found[6], found[7], found[8], found[9]))


def clock(year: int, month: int, day: int, parts: tuple[str, str, str | None, str | None]) -> datetime | None:
    """Return a naive time of (hour, minute, second, A or P), None when there is no such time."""
    hour, half = int(parts[0]), (parts[3] or "").lower()
    if half and hour > 12:
        return None
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    try:
        return datetime(year, month, day, hour, int(parts[1]), int(parts[2] or 0))  # noqa: DTZ001 - the caller zones it
    except ValueError:
        return None
