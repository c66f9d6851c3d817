"""The report as a spreadsheet: one sheet a table, a native chart, the same bytes for the same report."""

from __future__ import annotations

import re
from datetime import datetime, time
from pathlib import Path
from typing import Any

import xlsxwriter

from monitor.reports.model import Cell, Column, ColumnKind, Section, WeeklyReport
from monitor.reports.words import UNKNOWN

# 421 is Excel's number of the Indonesian language: month names and separators follow it.
_FORMATS = {
    ColumnKind.TEXT: "@",
    ColumnKind.COUNT: "[$-421]#,##0",
    ColumnKind.NUMBER: "[$-421]#,##0.0",
    ColumnKind.PERCENT: "[$-421]0.0%",
}
_DATE = "[$-421]d mmmm yyyy"
_OPTIONS = {
    "constant_memory": True,
    # Past 65,530 links XlsxWriter drops the address and the rest of the row; and no text of ours is a formula.
    "strings_to_urls": False,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "default_date_format": _DATE,
}
_WIDEST = 60
_HEAD_ROWS = 3
_BAD_IN_SHEET_NAMES = re.compile(r"[\[\]:*?/\\]")


def write_xlsx(report: WeeklyReport, path: Path) -> None:
    """Write the report; rows go to disk as they come, so memory does not grow with them."""
    book = xlsxwriter.Workbook(str(path), _OPTIONS)
    book.set_properties({
        "title": f"Laporan mingguan {report.week}",
        "subject": "Indikasi dan informasi awal",
        "author": "pantau",
        "created": datetime.combine(report.last_day, time()),
    })  # fmt: skip
    styles = _styles(book)
    _cover(book, styles, report)
    for section in report.sections:
        _sheet(book, styles, section)
    _method(book, styles, report)
    book.close()


def _styles(book: Any) -> dict[str, Any]:
    base = {"font_name": "Arial", "font_size": 10, "valign": "top"}
    styles = {kind.value: book.add_format({**base, "num_format": code}) for kind, code in _FORMATS.items()}
    return styles | {
        "wrap": book.add_format({**base, "text_wrap": True}),
        "title": book.add_format({**base, "bold": True, "font_size": 14}),
        "note": book.add_format({**base, "italic": True, "font_color": "#555555"}),
        "head": book.add_format({
            **base, "bold": True, "bg_color": "#DDE5EE", "bottom": 1, "text_wrap": True,
        }),
        "date": book.add_format({**base, "num_format": _DATE, "align": "left"}),
    }  # fmt: skip


def _cover(book: Any, styles: dict[str, Any], report: WeeklyReport) -> None:
    sheet = book.add_worksheet("Laporan")
    sheet.set_column(0, 0, 28)
    sheet.set_column(1, 1, 70)
    sheet.write_string(0, 0, "Laporan mingguan pengawasan netralitas", styles["title"])
    sheet.write_string(1, 0, "Indikasi dan informasi awal", styles["note"])
    sheet.write_string(3, 0, "Pekan", styles["wrap"])
    sheet.write_string(3, 1, report.week, styles["wrap"])
    for row, (name, day) in enumerate(
        (("Hari pertama", report.first_day), ("Hari terakhir", report.last_day)), start=4
    ):
        sheet.write_string(row, 0, name, styles["wrap"])
        sheet.write_datetime(row, 1, day, styles["date"])
    sheet.write_string(6, 0, "Wilayah", styles["wrap"])
    sheet.write_string(6, 1, report.jurisdiction or "seluruh wilayah", styles["wrap"])
    sheet.write_string(8, 0, "Yang tidak dikatakan angka-angka ini", styles["head"])
    sheet.write_string(8, 1, "", styles["head"])
    for row, limit in enumerate(report.limits, start=9):
        sheet.write_string(row, 1, limit, styles["wrap"])


def _sheet(book: Any, styles: dict[str, Any], section: Section) -> None:
    name = _BAD_IN_SHEET_NAMES.sub(" ", section.title)[:31]
    sheet = book.add_worksheet(name)
    for at, column in enumerate(section.columns):
        sheet.set_column(at, at, _width(section, at, column))
    sheet.write_string(0, 0, section.title, styles["title"])
    sheet.write_string(1, 0, section.note, styles["note"])
    head = _HEAD_ROWS - 1
    for at, column in enumerate(section.columns):
        sheet.write_string(head, at, column.title, styles["head"])
    for row, cells in enumerate(section.rows, start=_HEAD_ROWS):
        for at, (value, column) in enumerate(zip(cells, section.columns, strict=True)):
            _write(sheet, (row, at), value, styles, column)
    sheet.freeze_panes(_HEAD_ROWS, 0)
    if section.rows:
        sheet.autofilter(head, 0, head + len(section.rows), len(section.columns) - 1)
        if section.chart:
            _chart(book, sheet, section, name)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(head)
    sheet.set_footer("&L" + name + "&RHalaman &P dari &N")


def _write(sheet: Any, place: tuple[int, int], value: Cell, styles: dict[str, Any], column: Column) -> None:
    row, at = place
    if value is None:
        sheet.write_string(row, at, UNKNOWN, styles["text"])
    elif isinstance(value, str):
        sheet.write_string(row, at, value, styles["text"])
    else:
        kind = column.kind
        if kind is ColumnKind.NUMBER and isinstance(value, int):
            kind = ColumnKind.COUNT
        sheet.write_number(row, at, value, styles[kind.value])


def _chart(book: Any, sheet: Any, section: Section, name: str) -> None:
    """Draw the named columns over the last text column."""
    texts = [at for at, column in enumerate(section.columns) if column.kind is ColumnKind.TEXT]
    last = _HEAD_ROWS + len(section.rows) - 1
    chart = book.add_chart({"type": "bar"})
    for key in section.chart:
        at = next(at for at, column in enumerate(section.columns) if column.key == key)
        chart.add_series({
            "name": [name, _HEAD_ROWS - 1, at],
            "categories": [name, _HEAD_ROWS, texts[-1], last, texts[-1]],
            "values": [name, _HEAD_ROWS, at, last, at],
        })  # fmt: skip
    chart.set_title({"name": section.title, "name_font": {"size": 11}})
    chart.set_y_axis({"reverse": True})
    chart.set_x_axis({"num_format": "#,##0", "min": 0})
    chart.set_legend({"position": "bottom"})
    chart.set_size({"width": 640, "height": 140 + 34 * min(len(section.rows), 20)})
    sheet.insert_chart(_HEAD_ROWS - 1, len(section.columns) + 1, chart)


def _width(section: Section, at: int, column: Column) -> float:
    if column.kind is not ColumnKind.TEXT:
        return 14
    longest = max((len(str(row[at])) for row in section.rows[:500]), default=0)
    return float(min(_WIDEST, max(12, len(column.title), longest) + 2))


def _method(book: Any, styles: dict[str, Any], report: WeeklyReport) -> None:
    sheet = book.add_worksheet("Cara kerja")
    sheet.set_column(0, 0, 40)
    sheet.set_column(1, 1, 90)
    sheet.write_string(0, 0, "Cara kerja dan sidik jari", styles["title"])
    for row, (name, text) in enumerate(report.method, start=2):
        sheet.write_string(row, 0, name, styles["wrap"])
        sheet.write_string(row, 1, text, styles["wrap"])
