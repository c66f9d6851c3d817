"""The public version of the weekly report: sums alone, and none from which a small number can be worked out.

Only the week is published, never what came since a stage began: two such numbers a week apart would give away the week
between them. For the same reason it does not say up to which record it looks. Of tables that are made of each other
(law rows and kinds of office, periods and stages) one is published, so that all tables hang together by their common
sum alone, and each can be made safe for itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from monitor.errors import UsageError
from monitor.reports.model import HIDDEN, Cell, Column, ColumnKind, Section, WeeklyReport

SMALLEST: Final = 5
"""Counts of people, their acts or their cases below this are kept back; zero says nothing of anybody."""

_POSSIBLE = 4
"""A number that is kept back must remain at least one of so many, for whoever knows the sums and the rule."""

_SUMS = ("acts", "cases", "people", "decisions")
_PROGRAM = ("nights", "good_nights")
_ACT_TABLES = ("by_act", "by_platform", "by_region", "by_level", "by_stage")
_CASE_TABLES = ("registration", "by_find")
_SAID = ("Pekan", "Wilayah", "Indikasi", "Informasi awal")
"""What the public version says of how it was made, with the hashes of rules and laws: nothing that goes on counting."""
_HASHES = "Sidik jari "
_OPEN = ("coverage", "coverage_by_hour", "blind_spans", "visits", "rules", "laws")
_NOTE = f"Tanda {HIDDEN} berarti disembunyikan untuk melindungi orang."
_WITHHELD = "Tabel ini tidak ditampilkan: jumlahnya terlalu kecil, atau isinya dapat dihitung dari jumlah lain."
_LIMITS = (
    "Angka ini adalah indikasi dan informasi awal dari unggahan publik, belum merupakan hasil penanganan.",
    f"Versi publik: jumlah di bawah {SMALLEST} disembunyikan, dan bila perlu jumlah lain, agar tidak dapat dihitung.",
    "Versi publik hanya memuat pekan ini; jumlah kumulatif tidak diterbitkan, karena selisihnya membuka angka kecil.",
    "Perbuatan yang tidak terpantau tidak tampak di sini; angka nol dibaca bersama tabel cakupan, bukan sendirian.",
    "Perbedaan antarwilayah dan antarplatform dapat berasal dari perbedaan pengamatan.",
    "Indikasi dan informasi awal dihitung menurut waktu dicatat oleh program, bukan waktu perbuatan.",
)


def check_ended(last: date, now: datetime, zone: ZoneInfo) -> None:
    """Raise UsageError for a week that still runs: two versions of it would tell what came between them."""
    if now.astimezone(zone).date() <= last:
        raise UsageError("Versi publik hanya untuk pekan yang sudah selesai", "pilih pekan sebelumnya")


def public_report(report: WeeklyReport) -> WeeklyReport:
    """Return what of a report may be published: no person, no pair, no case, and no small number."""
    sums = {str(row[0]): row[2] for row in report.section("summary").rows}
    return replace(
        report,
        sections=(
            _summary(report, sums),
            *(_table(report.section(key), "week", sums["cases"]) for key in _CASE_TABLES),
            _decisions(report.section("decisions"), sums["decisions"]),
            *(_table(report.section(key), "acts_week", sums["acts"]) for key in _ACT_TABLES),
            *(report.section(key) for key in _OPEN),
        ),
        method=tuple(one for one in report.method if one[0] in _SAID or one[0].startswith(_HASHES)),
        limits=_LIMITS,
        public=True,
    )


def kept_back(values: Sequence[int]) -> frozenset[int] | None:
    """Return which parts of a published sum are kept back, by position; None where the table cannot be made safe.

    First those from 1 to SMALLEST - 1, then further ones, the smallest first and equal ones together, until for whoever
    knows the sum, the other parts and this rule `_POSSIBLE` values remain for each of them.
    """
    hidden = {at for at, value in enumerate(values) if 0 < value < SMALLEST}
    while hidden and not _safe(values, hidden):
        shown = [value for at, value in enumerate(values) if value and at not in hidden]
        if not shown:
            return None
        hidden |= {at for at, value in enumerate(values) if value == min(shown)}
    return frozenset(hidden)


def possible(values: Sequence[int], hidden: frozenset[int] | set[int]) -> dict[int, tuple[int, int]]:
    """Return the least and the most that each hidden part can be, for whoever knows the sum, the rest and the rule."""
    left = sum(values[at] for at in hidden)
    shown = min((value for at, value in enumerate(values) if at not in hidden and value >= SMALLEST), default=left)
    least = {at: 1 if values[at] < SMALLEST else SMALLEST for at in hidden}
    most = {at: SMALLEST - 1 if values[at] < SMALLEST else shown for at in hidden}
    lows, highs = sum(least.values()), sum(most.values())
    return {at: (max(least[at], left - (highs - most[at])), min(most[at], left - (lows - least[at]))) for at in hidden}


def _safe(values: Sequence[int], hidden: set[int]) -> bool:
    return all(most - least + 1 >= _POSSIBLE for least, most in possible(values, hidden).values())


def _small(value: Cell) -> Cell:
    return HIDDEN if isinstance(value, int) and 0 < value < SMALLEST else value


def _summary(report: WeeklyReport, sums: dict[str, Cell]) -> Section:
    whole = report.section("summary")
    rows = tuple(
        (key, words, _small(sums[str(key)]) if key in _SUMS else sums[str(key)])
        for key, words, *_ in whole.rows
        if key in (*_SUMS, *_PROGRAM)
    )
    return replace(whole, columns=whole.columns[:3], rows=rows, note=f"{whole.note} {_NOTE}")


def _table(section: Section, column: str, total: Cell) -> Section:
    """Return a table with its names and one column of counts, made safe."""
    at = next(at for at, one in enumerate(section.columns) if one.key == column)
    named = [at for at, one in enumerate(section.columns) if one.kind is ColumnKind.TEXT]
    found = [(tuple(row[name] for name in named), _count(row[at])) for row in section.rows]
    columns = (*(section.columns[name] for name in named), section.columns[at])
    return _published(section, columns, found, _count(total))


def _decisions(section: Section, total: Cell) -> Section:
    """Return decisions by where they led, without reasons."""
    found: dict[Cell, int] = {}
    for state, _, week, *_ in section.rows:
        found[state] = found.get(state, 0) + _count(week)
    columns = (section.columns[0], section.columns[2])
    return _published(section, columns, [((state,), count) for state, count in found.items()], _count(total))


def _published(
    section: Section, columns: tuple[Column, ...], found: list[tuple[tuple[Cell, ...], int]], total: int
) -> Section:
    counted = [(names, count) for names, count in found if count]
    hidden = kept_back([count for _, count in counted]) if not 0 < total < SMALLEST else None
    if hidden is None:
        return Section(section.key, section.title, columns, (), _WITHHELD, silence="")
    rows = tuple((*names, HIDDEN if at in hidden else count) for at, (names, count) in enumerate(counted))
    sums: tuple[Cell, ...] = ("Jumlah", *[""] * (len(columns) - 2), total)
    chart = () if hidden else (columns[-1].key,)
    return Section(section.key, section.title, columns, rows, _NOTE if hidden else "", chart, sums)


def _count(value: Cell) -> int:
    return value if isinstance(value, int) else 0
