"""The report as a spreadsheet: one sheet a table, a native chart, the same bytes for the same report."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime, time
from math import ceil
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import xlsxwriter

from monitor.reports.as_json import content_hash
from monitor.reports.bulk import Laid, LongSheet, Progress, lay, splice
from monitor.reports.charts import names_at, place_of
from monitor.reports.model import Cell, Column, ColumnKind, Section, WeeklyReport
from monitor.reports.words import UNKNOWN, known_until, report_title

# 421 is Excel's number of the Indonesian language: month names and separators follow it.
_FORMATS = {
    ColumnKind.TEXT: "@",
    ColumnKind.COUNT: "[$-421]#,##0",
    ColumnKind.NUMBER: "[$-421]#,##0.0",
    ColumnKind.PERCENT: "[$-421]0.0%",
}
_DATE = "[$-421]d mmmm yyyy"
OPTIONS = {
    "constant_memory": True,
    # Past 65,530 links XlsxWriter drops the address and the rest of the row; and no text of ours is a formula.
    "strings_to_urls": False,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "default_date_format": _DATE,
}
"""How every book is written."""
_WIDEST = 60
_HEAD = {"bold": True, "bg_color": "#DDE5EE", "bottom": 1, "text_wrap": True}
_A4 = 9
_LINE = 14.0
_UPRIGHT = 95  # letters that fit across an upright page
_SHORT = 30
_BESIDES = 6  # rows that leave room for a chart on the same page
_PAGE_PIXELS = 560
_LONGEST_NAME = 31
_PAINTS = ("#1D4468", "#CFDBE6", "#7F9AB3")  # dark, pale and between: told apart in black and white too
_HEAD_ROWS = 3
_BAD_IN_SHEET_NAMES = re.compile(r"[\[\]:*?/\\]")


def write_xlsx(
    report: WeeklyReport, path: Path, details: LongSheet | None = None, progress: Progress | None = None
) -> None:
    """Write the report, with the rows it rests on as its last sheet; memory does not grow with them."""
    with TemporaryDirectory() as folder:
        book = Path(folder) / "buku.xlsx"
        splice(book, path, _book(report, book, details), progress)


def _book(report: WeeklyReport, path: Path, details: LongSheet | None) -> Laid:
    book = xlsxwriter.Workbook(str(path), {**OPTIONS, "tmpdir": str(path.parent)})
    book.set_properties({
        "title": f"{report_title(report)} {report.week}",
        "subject": "Indikasi dan informasi awal",
        "author": "pantau",
        "created": datetime.combine(report.last_day, time()),
    })  # fmt: skip
    styles, digest = book_styles(book), content_hash(report)
    _cover(book, styles, report, digest)
    names = sheet_names(report.sections, details.title if details is not None else "")
    for section, name in zip(report.sections, names, strict=True):
        _sheet(book, styles, section, name)
    _method(book, styles, report)
    laid = lay(book, styles, details) if details is not None else {}
    for sheet in book.worksheets():
        sheet.set_paper(_A4)
        named = sheet.get_name().replace("&", "&&")
        sheet.set_footer(f"&L&8{known_until(report)} · {digest}\n{named}&R&8Halaman &P dari &N")
    book.close()
    return laid


def sheet_names(sections: Iterable[Section], details: str = "") -> list[str]:
    """Return a name for the sheet of every section: what Excel takes, none twice, none that of the details."""
    names: list[str] = []
    taken = {"laporan", "cara kerja", details.lower()}
    for section in sections:
        base = _BAD_IN_SHEET_NAMES.sub(" ", section.title).strip("'")[:_LONGEST_NAME] or section.key[:_LONGEST_NAME]
        name, number = base, 1
        while name.lower() in taken:
            number += 1
            name = f"{base[: _LONGEST_NAME - 4]} ({number})"
        taken.add(name.lower())
        names.append(name)
    return names


def book_styles(book: Any) -> dict[str, Any]:
    """Return the looks of cells by name: those of every column kind, of times, heads, titles, notes and sums."""
    base = {"font_name": "Arial", "font_size": 10, "valign": "top"}
    codes = {kind.value: {"num_format": code} for kind, code in _FORMATS.items()}
    codes["aside"] = {"num_format": "@", "align": "right"}
    heavy = {"bold": True, "top": 1}
    styles = {name: book.add_format({**base, **code}) for name, code in codes.items()}
    styles |= {f"sum_{name}": book.add_format({**base, **code, **heavy}) for name, code in codes.items()}
    return styles | {
        "time": book.add_format({**base, "num_format": "[$-421]dd/mm/yyyy hh:mm", "align": "left"}),
        "wrap": book.add_format({**base, "text_wrap": True}),
        "title": book.add_format({**base, "bold": True, "font_size": 14}),
        "note": book.add_format({**base, "italic": True, "font_color": "#555555"}),
        "head": book.add_format({**base, **_HEAD}),
        "head_number": book.add_format({**base, **_HEAD, "align": "right"}),
        "date": book.add_format({**base, "num_format": _DATE, "align": "left"}),
    }  # fmt: skip


def _cover(book: Any, styles: dict[str, Any], report: WeeklyReport, digest: str) -> None:
    sheet = book.add_worksheet("Laporan")
    sheet.set_column(0, 0, 40)
    sheet.set_column(1, 1, 70)
    sheet.write_string(0, 0, report_title(report), styles["title"])
    sheet.write_string(1, 0, "Indikasi dan informasi awal", styles["note"])
    sheet.write_string(2, 0, report.agency, styles["wrap"])
    sheet.write_string(3, 0, "Pekan", styles["wrap"])
    sheet.write_string(3, 1, report.week, styles["wrap"])
    for row, (name, day) in enumerate(
        (("Hari pertama", report.first_day), ("Hari terakhir", report.last_day)), start=4
    ):
        sheet.write_string(row, 0, name, styles["wrap"])
        sheet.write_datetime(row, 1, day, styles["date"])
    sheet.write_string(6, 0, "Wilayah", styles["wrap"])
    sheet.write_string(6, 1, report.jurisdiction or "seluruh wilayah", styles["wrap"])
    sheet.write_string(7, 0, "Sidik jari isi (SHA-256 JSON)", styles["wrap"])
    sheet.write_string(7, 1, digest, styles["wrap"])
    sheet.write_string(9, 0, "Yang tidak dikatakan angka-angka ini", styles["head"])
    sheet.write_string(9, 1, "", styles["head"])
    for row, limit in enumerate(report.limits, start=10):
        sheet.set_row(row, _LINE * ceil(len(limit) / 72))
        sheet.write_string(row, 1, limit, styles["wrap"])
    sheet.fit_to_pages(1, 0)


def _sheet(book: Any, styles: dict[str, Any], section: Section, name: str) -> None:
    sheet = book.add_worksheet(name)
    widths = [_width(section, at, column) for at, column in enumerate(section.columns)]
    for at, width in enumerate(widths):
        sheet.set_column(at, at, width)
    sheet.write_string(0, 0, section.title, styles["title"])
    sheet.write_string(1, 0, section.note, styles["note"])
    head = _HEAD_ROWS - 1
    lines = (ceil(len(column.title) * 1.2 / width) for column, width in zip(section.columns, widths, strict=True))
    sheet.set_row(head, _LINE * max(lines, default=1))
    for at, column in enumerate(section.columns):
        sheet.write_string(head, at, column.title, styles["head" if column.kind is ColumnKind.TEXT else "head_number"])
    for row, cells in enumerate((*section.rows, *((section.total,) if section.total else ())), start=_HEAD_ROWS):
        look = "sum_" if row - _HEAD_ROWS == len(section.rows) else ""
        for at, (value, column) in enumerate(zip(cells, section.columns, strict=True)):
            _write(sheet, (row, at), value, styles, (look, column))
    sheet.freeze_panes(_HEAD_ROWS, 0)
    if section.rows:
        sheet.autofilter(head, 0, head + len(section.rows), len(section.columns) - 1)
        if section.chart:
            _chart(book, sheet, section, name)
    if sum(widths) > _UPRIGHT:
        sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(head)


def _write(
    sheet: Any, place: tuple[int, int], value: Cell, styles: dict[str, Any], kind_of: tuple[str, Column]
) -> None:
    row, at = place
    look, column = kind_of
    if value is None or isinstance(value, str):
        aside = "text" if column.kind is ColumnKind.TEXT else "aside"
        sheet.write_string(row, at, UNKNOWN if value is None else value, styles[look + aside])
    else:
        kind = column.kind
        if kind is not ColumnKind.PERCENT:
            kind = ColumnKind.COUNT if isinstance(value, int) else ColumnKind.NUMBER
        sheet.write_number(row, at, value, styles[look + kind.value])


def _chart(book: Any, sheet: Any, section: Section, name: str) -> None:
    """Draw the named columns below a short table, where a printed page has room, or beside a long one."""
    last = _HEAD_ROWS + len(section.rows) - 1
    first_name, last_name = _categories(section)
    chart = book.add_chart({"type": "bar"})
    for key, paint in zip(section.chart, _PAINTS, strict=False):
        at = place_of(section, key)
        chart.add_series({
            "name": [name, _HEAD_ROWS - 1, at],
            "categories": [name, _HEAD_ROWS, first_name, last, last_name],
            "values": [name, _HEAD_ROWS, at, last, at],
            "fill": {"color": paint},
            "border": {"color": _PAINTS[0], "width": 0.75},
            "data_labels": {"value": True, "font": {"size": 8}, "num_format": _FORMATS[section.columns[at].kind]},
            "gap": 60,
        })  # fmt: skip
    chart.set_title({"name": section.title, "name_font": {"size": 12, "color": _PAINTS[0]}, "overlay": False})
    chart.set_y_axis({"reverse": True, "num_font": {"size": 9}, "line": {"color": "#5A6775"}})
    grid = {"visible": True, "line": {"color": "#D5DCE4"}}
    chart.set_x_axis({"num_format": "#,##0", "min": 0, "major_gridlines": grid, "num_font": {"size": 8}})
    chart.set_legend({"position": "bottom"} if len(section.chart) > 1 else {"none": True})
    chart.set_size({"width": 720, "height": min(140 + 40 * len(section.rows), _PAGE_PIXELS)})
    below = len(section.rows) <= _SHORT
    place = (last + 3, 0) if below else (_HEAD_ROWS - 1, len(section.columns) + 1)
    if below and len(section.rows) > _BESIDES:
        sheet.set_h_pagebreaks([place[0]])
    if not below:
        sheet.print_area(0, 0, last + 1, len(section.columns) - 1)
    sheet.insert_chart(*place, chart, {"description": section.title})


def _categories(section: Section) -> tuple[int, int]:
    """Return from where to where the columns stand that name the bars: the last text, or all where it repeats."""
    texts = names_at(section) or [0]
    alone = len({row[texts[-1]] for row in section.rows}) == len(section.rows)
    joined = texts == list(range(texts[0], texts[-1] + 1))
    return (texts[0] if joined and not alone else texts[-1]), texts[-1]


def _width(section: Section, at: int, column: Column) -> float:
    if column.kind is not ColumnKind.TEXT:
        return 14
    longest = max((len(str(row[at])) for row in section.rows[:500]), default=0)
    return float(min(_WIDEST, max(12, len(column.title), longest) + 2))


def _method(book: Any, styles: dict[str, Any], report: WeeklyReport) -> None:
    sheet = book.add_worksheet("Cara kerja")
    sheet.set_column(0, 0, 40)
    sheet.set_column(1, 1, 90)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.write_string(0, 0, "Cara kerja dan sidik jari", styles["title"])
    for row, (name, text) in enumerate(report.method, start=2):
        sheet.set_row(row, _LINE * max(1, ceil(len(text) / 92)))
        sheet.write_string(row, 0, name, styles["wrap"])
        sheet.write_string(row, 1, text, styles["wrap"])
