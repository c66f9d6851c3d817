"""The report on paper: A4 with charts and native text, set by typst, the same bytes for the same report."""

from __future__ import annotations

import json
import re
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any

from monitor.reports.as_json import content_hash
from monitor.reports.charts import Chart, chart_of
from monitor.reports.html import shown_columns
from monitor.reports.model import CODE, Column, ColumnKind, Section, WeeklyReport
from monitor.reports.words import cell_text, known_until, number, period, report_title, whose, zone_name

_TEMPLATE = Path(__file__).parent / "templates" / "weekly.typ"
MOST_ROWS = 300
"""Rows of one table on paper: typst needs 2.5 GB for 20,000, and nobody reads them there."""
_CARDS = 8
_UPRIGHT_POINTS = 493
_LYING_POINTS = 740
_DIGEST_LETTERS = 51.0  # of the usual type take the room of a hash in its own
_SIZES = (8.5, 7.4, 6.9)
_LETTER = 0.5  # of the size of the type, on average
_COLUMN_POINTS = 7


def write_pdf(report: WeeklyReport, path: Path) -> None:
    """Write the PDF."""
    path.write_bytes(render_pdf(report))


def render_pdf(report: WeeklyReport) -> bytes:
    """Return the report as PDF/A-2a; no font of the machine is used, so that it looks alike everywhere."""
    import typst  # 40 MB of typesetter, only for whoever prints

    told = json.dumps(_page(report), ensure_ascii=False)
    made = typst.compile(
        _TEMPLATE, root=_TEMPLATE.parent, format="pdf", font_paths=_fonts(), sys_inputs={"report": told},
        pdf_standards="a-2a",
    )  # fmt: skip
    assert isinstance(made, bytes)  # one document, not pages
    return made


@cache
def _fonts() -> Any:
    import typst  # as above

    return typst.Fonts(include_system_fonts=False)


def _page(report: WeeklyReport) -> dict[str, Any]:
    """Return everything that the template prints, ready as text."""
    return {
        "title": report_title(report),
        "week": report.week,
        "period": period(report.week, report.first_day, report.last_day),
        "place": whose(report),
        "date": [report.last_day.year, report.last_day.month, report.last_day.day],
        "foot": {
            "as_of": f"{known_until(report)} · waktu {zone_name(report.timezone)}",
            "hash": content_hash(report),
        },
        "cards": [card for section in report.sections if section.key == "summary" for card in _cards(section)],
        "limits": list(report.limits),
        "count": len(report.sections),
        "parts": [
            {"wide": wide, "sections": list(group)}
            for wide, group in groupby(map(_section, report.sections), key=lambda one: one["wide"])
        ],
        "method": [[name, text, _is_digest(text)] for name, text in report.method],
    }


def _cards(section: Section) -> list[dict[str, str]]:
    """Return the first measures of the summary as figures to read from afar."""
    name = next(at for at, c in enumerate(section.columns) if c.kind is ColumnKind.TEXT and c.title != CODE)
    first, *others = [at for at, c in enumerate(section.columns) if c.kind is not ColumnKind.TEXT]
    columns = section.columns
    return [
        {
            "name": str(row[name]),
            "week": cell_text(row[first], columns[first].kind),
            "rest": " · ".join(
                f"{columns[at].title.lower()} {cell_text(row[at], columns[at].kind)}"
                for at in others[:1]
                if row[at] is not None
            ),
        }
        for row in section.rows[:_CARDS]
    ]


def _section(section: Section) -> dict[str, Any]:
    columns = shown_columns(section)
    kept = section.rows[:MOST_ROWS]
    rows = [[cell_text(row[at], column.kind) for at, column in columns] for row in kept]
    digests = [bool(rows) and all(_is_digest(row[at]) for row in rows) for at in range(len(columns))]
    widths = [_width(column, [row[at] for row in rows]) for at, (_, column) in enumerate(columns)]
    asked = [_DIGEST_LETTERS if digest else width for width, digest in zip(widths, digests, strict=True)]
    size, wide = _fit(asked)
    left = len(section.rows) - len(kept)
    return {
        "title": section.title,
        "note": section.note,
        "head": [column.title for _, column in columns],
        "right": [column.kind is not ColumnKind.TEXT for _, column in columns],
        "widths": [0 if digest else width for width, digest in zip(widths, digests, strict=True)],
        "size": size,
        "wide": bool(rows) and wide,
        "rows": rows,
        "silence": section.silence,
        "digests": digests,
        "total": [cell_text(section.total[at], column.kind) for at, column in columns] if section.total else [],
        "chart": _drawn(chart_of(section)),
        "more": f"Masih ada {number(left)} baris lagi; bacalah pada lembar kerja (XLSX)." if left else "",
    }


def _fit(widths: list[float]) -> tuple[float, bool]:
    """Return the size of the type, and whether the page must lie on its side."""
    for points, wide in ((_UPRIGHT_POINTS, False), (_LYING_POINTS, True)):
        for size in _SIZES:
            if sum(widths) * size * _LETTER + len(widths) * _COLUMN_POINTS <= points:
                return size, wide
    return _SIZES[-1], True


def _is_digest(text: str) -> bool:
    return re.fullmatch(r"[0-9a-f]{64}", text) is not None


def _width(column: Column, cells: list[str]) -> float:
    """Return how much of the line a column asks for, in letters."""
    word = max((len(part) for part in column.title.split()), default=0)
    longest = max((len(cell) for cell in cells), default=0)
    if column.kind is not ColumnKind.TEXT:
        return float(max(word + 1, longest, 4))
    return float(max(word, min(longest, 34), 6) + 1)


def _drawn(chart: Chart | None) -> dict[str, Any] | None:
    if chart is None:
        return None
    more = f"{number(chart.left_out)} baris lain ada pada tabel." if chart.left_out else ""
    rows = [
        {"name": bar.name, "lengths": [round(one, 4) for one in bar.lengths], "said": list(bar.said)}
        for bar in chart.bars
    ]
    return {"keys": list(chart.series), "rows": rows, "more": more}
