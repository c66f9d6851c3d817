"""Dates and times as officers write them."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            ("januari", "jan"), ("februari", "feb", "pebruari"), ("maret", "mar"), ("april", "apr"), ("mei",),
            ("juni", "jun"), ("juli", "jul"), ("agustus", "agu", "ags", "agt"), ("september", "sep", "sept"),
            ("oktober", "okt"), ("november", "nov", "nopember"), ("desember", "des"),
        ),
        start=1,
    )
    for name in names
}  # fmt: skip
DATE_HINT = "tulis seperti 2024-09-25 atau 25-09-2024"
TIME_HINT = 'tulis seperti "2024-09-25T00:00:00+07:00"'


def read_date(text: str) -> date:
    """Return the date in ISO, day-month-year or Indonesian words; ValueError when it is none of them."""
    iso = re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]00:00(?::00)?)?", text)
    if iso:
        return date(int(iso[1]), int(iso[2]), int(iso[3]))
    local = re.fullmatch(r"(\d{1,2})[-/. ](\d{1,2}|[A-Za-z]+)[-/. ](\d{4})", text)
    if not local:
        raise ValueError(text)
    month = int(local[2]) if local[2].isdigit() else _MONTHS.get(local[2].casefold(), 0)
    return date(int(local[3]), month, int(local[1]))


def read_moment(text: str) -> datetime:
    """Return a time in UTC; ValueError with an Indonesian reason when it is none or names no zone."""
    written = re.sub(r"\s+(?=[+\-]\d{2}:?\d{2}$)", "", text.strip())
    try:
        moment = datetime.fromisoformat(written)
    except ValueError:
        raise ValueError(f"'{text}' bukan waktu") from None
    if moment.tzinfo is None:
        raise ValueError(f"waktu '{text}' tidak menyebut zona")
    try:
        return moment.astimezone(UTC)
    except OverflowError:  # the first and the last day of the calendar have no UTC
        raise ValueError(f"'{text}' bukan waktu") from None
