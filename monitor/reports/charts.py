"""What a section's chart shows, for every form that draws one."""

from __future__ import annotations

from dataclasses import dataclass

from monitor.reports.model import CODE, Cell, ColumnKind, Section
from monitor.reports.words import cell_text

MOST_BARS = 15
_SERIES = 2


@dataclass(frozen=True, slots=True)
class Bar:
    """One named bar a series: its length as a share of the longest of all, and its number as text."""

    name: str
    lengths: tuple[float, ...]
    said: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """Lying bars of one or two series; `left_out` counts the rows that had no room."""

    series: tuple[str, ...]
    bars: tuple[Bar, ...]
    left_out: int = 0


def chart_of(section: Section) -> Chart | None:
    """Return the chart of a section; None where fewer than two rows have a length, since one bar alone says nothing."""
    at = [place_of(section, key) for key in section.chart[:_SERIES]]
    rows = [row for row in section.rows if any(length(row[i]) for i in at)]
    longest = max((length(row[i]) for row in rows for i in at), default=0.0)
    if len(rows) < 2 or not longest:
        return None
    named = names_at(section)
    bars = tuple(
        Bar(
            name=" · ".join(dict.fromkeys(cell_text(row[i], section.columns[i].kind) for i in named)),
            lengths=tuple(length(row[i]) / longest for i in at),
            said=tuple(cell_text(row[i], section.columns[i].kind) for i in at),
        )
        for row in rows[:MOST_BARS]
    )
    return Chart(tuple(section.columns[i].title for i in at), bars, len(rows) - len(bars))


def place_of(section: Section, key: str) -> int:
    """Return where the column of a key stands."""
    return next(at for at, column in enumerate(section.columns) if column.key == key)


def names_at(section: Section) -> list[int]:
    """Return where the columns stand that name a row to people."""
    return [at for at, c in enumerate(section.columns) if c.kind is ColumnKind.TEXT and c.title != CODE]


def length(cell: Cell) -> float:
    """Return a cell as a length; what is not known has none."""
    return float(cell) if isinstance(cell, int | float) else 0.0
