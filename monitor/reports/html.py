"""The report as one printable page that needs nothing else."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from monitor.domain import Coverage
from monitor.reports.as_json import content_hash
from monitor.reports.model import CODE, Cell, Column, ColumnKind, Section, WeeklyReport
from monitor.reports.words import cell_text, known_until, long_date, report_title, whose

_TEMPLATES = Path(__file__).parent / "templates"


def render_html(report: WeeklyReport) -> str:
    """Return the page; everything in it is escaped, and no address is asked for when it opens."""
    return (
        _environment()
        .get_template("weekly.html")
        .render(
            report=report,
            judul=report_title(report),
            milik=whose(report),
            sampai=known_until(report),
            sidik=content_hash(report),
            bars=bars_of_section,
            shown=shown_columns,
        )
    )


def write_html(report: WeeklyReport, path: Path) -> None:
    """Write the page."""
    path.write_text(render_html(report), encoding="utf-8", newline="\n")


@cache
def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["tanggal"] = long_date
    made.globals.update(isi=cell_text)
    return made


def shown_columns(section: Section) -> list[tuple[int, Column]]:
    """Return the columns of the page and where they stand: none for machines, and no kind of gap that nobody met."""
    kinds = {kind.value for kind in Coverage} - {Coverage.OBSERVED.value}
    return [
        (at, column)
        for at, column in enumerate(section.columns)
        if column.title != CODE and (column.key not in kinds or any(row[at] for row in section.rows))
    ]


def bars_of_section(section: Section) -> list[tuple[str, str, float]]:
    """Return name, number and share of the longest bar of the first charted column; one bar alone says nothing."""
    if not section.chart or len(section.rows) < 2:
        return []
    at = next(at for at, column in enumerate(section.columns) if column.key == section.chart[0])
    named = [i for i, column in enumerate(section.columns) if column.kind is ColumnKind.TEXT and column.title != CODE]
    values = [
        (" · ".join(dict.fromkeys(str(row[i]) for i in named)), _value(row[at])) for row in section.rows[:20] if row[at]
    ]
    longest = max((value for _, value in values), default=0)
    return [
        (name, cell_text(int(value), section.columns[at].kind), value / longest) for name, value in values if longest
    ]


def _value(cell: Cell) -> float:
    return float(cell) if isinstance(cell, int | float) else 0.0
