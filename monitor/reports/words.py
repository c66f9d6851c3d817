"""Numbers and dates as Indonesian text."""

from __future__ import annotations

from datetime import date

from monitor.reports.model import Cell, ColumnKind, WeeklyReport

_MONTHS = (
    "Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September", "Oktober", "November",
    "Desember",
)  # fmt: skip
UNKNOWN = "–"


def long_date(day: date) -> str:
    """Return a date as in letters: 25 September 2024."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def number(value: float, decimals: int = 0) -> str:
    """Return a number with points between thousands and a decimal comma."""
    return f"{value:,.{decimals}f}".translate(str.maketrans(",.", ".,"))


def cell_text(value: Cell, kind: ColumnKind) -> str:
    """Return a cell as people read it; what is not known is a dash, never a zero."""
    if value is None:
        return UNKNOWN
    if isinstance(value, str):
        return value
    if kind is ColumnKind.PERCENT:
        return f"{number(value * 100, 1)} %"
    return number(value, 1 if isinstance(value, float) else 0)


def period(week: str, first: date, last: date) -> str:
    """Return a week as letters name it: Pekan 40 (30 September sampai 6 Oktober 2024)."""
    begins = long_date(first)
    for kept in (f" {_MONTHS[last.month - 1]} {last.year}", f" {last.year}"):
        if begins.endswith(kept):
            begins = begins.removesuffix(kept)
            break
    return f"Pekan {int(week[-2:])} ({begins} sampai {long_date(last)})"


def zone_name(key: str) -> str:
    """Return a time zone as people call it."""
    return {"Asia/Jakarta": "WIB", "Asia/Pontianak": "WIB", "Asia/Makassar": "WITA", "Asia/Jayapura": "WIT"}.get(
        key, key
    )


def known_until(report: WeeklyReport) -> str:
    """Return how far a report looks; a public one does not say, since two such numbers tell what came between them."""
    return "Sampai akhir pekan" if report.public else f"Sampai catatan peristiwa nomor {number(report.as_of)}"


def report_title(report: WeeklyReport) -> str:
    """Return what a report is called on its first page."""
    return f"Laporan mingguan pengawasan netralitas{' (versi publik)' if report.public else ''}"


def whose(report: WeeklyReport) -> str:
    """Return whose report it is and of which place."""
    place = f"wilayah {report.jurisdiction}" if report.jurisdiction else "seluruh wilayah"
    return f"{report.agency}, {place}" if report.agency else place
