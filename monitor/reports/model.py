"""A report as data: sections of typed columns, which every writer prints alike."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Final

Cell = str | int | float | None
"""None is 'not known', which no writer shows as zero."""

HIDDEN: Final = "*"
"""A number that the public version keeps back; it may stand in a column of any kind."""

CODE = "Kode"
"""The title of columns for machines, which the page leaves out."""


class ColumnKind(StrEnum):
    """How a column is written; NUMBER is a count, or a measure with one decimal."""

    TEXT = "text"
    COUNT = "count"
    NUMBER = "number"
    PERCENT = "percent"


@dataclass(frozen=True, slots=True)
class Column:
    """A column; `key` is its name in JSON, `title` its Indonesian heading."""

    key: str
    title: str
    kind: ColumnKind = ColumnKind.COUNT


@dataclass(frozen=True, slots=True)
class Section:
    """One table of a report; `note` says what its numbers mean.

    `chart` names the columns that deserve a chart, drawn over the last column of text; empty for the others. `total` is
    the row of sums below the table, counted on its own and as wide as a row; empty where rows have no sum. `silence` is
    said on paper and on pages in place of a table without rows.
    """

    key: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str = ""
    chart: tuple[str, ...] = field(default=())
    total: tuple[Cell, ...] = ()
    silence: str = "Tidak ada catatan."


@dataclass(frozen=True, slots=True)
class WeeklyReport:
    """The weekly report; nothing in it depends on when or where it is written. `agency` is whose report it is.

    `first_day` and `last_day` are in the office's zone, both inside the week. `public` says that small numbers are
    kept back and nothing in it is about single people.
    """

    week: str
    first_day: date
    last_day: date
    timezone: str
    jurisdiction: str
    as_of: int
    sections: tuple[Section, ...]
    method: tuple[tuple[str, str], ...]
    limits: tuple[str, ...]
    public: bool = False
    agency: str = ""

    def section(self, key: str) -> Section:
        """Return a section by its key."""
        return next(section for section in self.sections if section.key == key)
