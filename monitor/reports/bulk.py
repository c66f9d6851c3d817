"""Sheets of many rows in a spreadsheet, in constant memory.

XlsxWriter writes everything else of the book; the rows of a long sheet go straight into the file as XML, which is
several times faster than one call a cell. Styles come from one blank row that XlsxWriter wrote for the sheet.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import IO, Any, Final, Protocol
from xml.sax.saxutils import escape
from zipfile import ZipFile
from zoneinfo import ZoneInfo

from xlsxwriter.utility import xl_col_to_name

from monitor.errors import ConfigError
from monitor.reports.tables import entry

MOST_ROWS = 1_000_000
"""Of one sheet; Excel ends at 1,048,576."""
_BATCH = 1_000
_REMEMBERED = 4_000  # texts and times already written; most repeat soon
_MOST_LETTERS = 32_767  # of one cell
_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001 - Excel's day zero has no zone
_DAY = timedelta(days=1)
_BAD_IN_XML: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_DIMENSION = re.compile(rb'(<dimension ref="A1:[A-Z]+)\d+(")')
_TEMPLATE_ROW = re.compile(rb'<row r="(\d+)"[^>]*>((?:<c [^>]*/>)+)</row>\s*</sheetData>')


class Progress(Protocol):
    """Who is told how far a long export is."""

    def phase(self, name: str, total: int) -> None:
        """Begin a table of so many rows."""

    def step(self, done: int, note: str = "") -> None:
        """Move on by so many rows."""


@dataclass(frozen=True, slots=True)
class LongColumn:
    """A column of a long sheet; `form` is text, count or time, `width` is in letters."""

    title: str
    form: str = "text"
    width: int = 14


@dataclass(frozen=True, slots=True)
class LongSheet:
    """A table that comes as a stream of `total` rows; times are shown in `zone`."""

    title: str
    columns: tuple[LongColumn, ...]
    total: int
    rows: Callable[[], Iterable[Sequence[object]]]
    zone: ZoneInfo
    note: str = ""


Laid = dict[str, tuple[LongSheet, int]]
"""Which file in a book awaits how many rows of which sheet."""


def lay(book: Any, styles: dict[str, Any], sheet: LongSheet) -> Laid:
    """Add the sheet, or several when it is longer than one may be; `splice` fills them."""
    laid: Laid = {}
    parts = max(1, -(-sheet.total // MOST_ROWS))
    for part in range(parts):
        title = sheet.title if not part else f"{sheet.title} ({part + 1})"
        made = book.add_worksheet(title[:31])
        rows = min(MOST_ROWS, sheet.total - part * MOST_ROWS)
        made.write_string(0, 0, sheet.title, styles["title"])
        made.write_string(1, 0, sheet.note, styles["note"])
        for at, column in enumerate(sheet.columns):
            made.set_column(at, at, column.width)
            made.write_string(2, at, column.title, styles["head"])
        made.freeze_panes(3, 0)
        made.autofilter(2, 0, 2 + max(rows, 1), len(sheet.columns) - 1)
        made.set_landscape()
        made.set_paper(9)
        made.fit_to_pages(1, 0)
        made.repeat_rows(2)
        made.set_footer("&L" + title + "&RHalaman &P dari &N")
        for at, column in enumerate(sheet.columns):
            made.write_blank(3, at, None, styles[column.form])
        laid[f"xl/worksheets/sheet{len(book.worksheets())}.xml"] = (sheet, rows)
    return laid


def splice(book: Path, target: Path, laid: Laid, progress: Progress | None = None) -> None:
    """Copy a finished book and put the rows of its long sheets in; ConfigError when a stream is not as long as said."""
    streams: dict[int, Iterator[Sequence[object]]] = {}
    with ZipFile(book) as source, ZipFile(target, "w", compresslevel=4) as made:
        for name in source.namelist():
            if name not in laid:
                made.writestr(entry(name), source.read(name))
                continue
            sheet, count = laid[name]
            if id(sheet) not in streams:
                streams[id(sheet)] = iter(sheet.rows())
                if progress is not None:
                    progress.phase(sheet.title, sheet.total)
            info = entry(name)
            with made.open(info, "w", force_zip64=True) as stream:
                _fill(stream, source.read(name), (sheet, count), (streams[id(sheet)], progress))
    for sheet, _ in laid.values():
        if next(streams[id(sheet)], None) is not None:
            raise ConfigError(f"Tabel {sheet.title} berubah selama ditulis", "ulangi perintahnya")


def _fill(
    stream: IO[bytes], skeleton: bytes, of: tuple[LongSheet, int],
    feed: tuple[Iterator[Sequence[object]], Progress | None],
) -> None:  # fmt: skip
    (sheet, total), (rows, progress) = of, feed
    found = _TEMPLATE_ROW.search(skeleton)
    assert found is not None  # `lay` wrote it
    first = int(found[1])
    write = _row_writer(sheet, [int(style) for style in re.findall(rb' s="(\d+)"', found[2])])
    head = skeleton[: found.start()]
    stream.write(_DIMENSION.sub(rb"\g<1>%d\g<2>" % (first + max(total, 1) - 1), head, count=1))
    number = first
    while batch := list(islice(rows, min(_BATCH, first + total - number))):
        stream.write("".join([write(at, row) for at, row in enumerate(batch, start=number)]).encode())
        number += len(batch)
        if progress is not None:
            progress.step(len(batch))
    if number != first + total:
        raise ConfigError(f"Tabel {sheet.title} berubah selama ditulis", "ulangi perintahnya")
    stream.write(b"</sheetData>" + skeleton[found.end() :])


def _row_writer(sheet: LongSheet, styles: list[int]) -> Callable[[int, Sequence[object]], str]:
    """Return what writes one row as XML; one loop with no calls but for new texts, since this is where time goes."""
    heads = [f'<c r="{xl_col_to_name(at)}' for at in range(len(styles))]
    texts = [f'" s="{style}" t="inlineStr"><is>' for style in styles]
    numbers = [f'" s="{style}"><v>' for style in styles]
    zone = sheet.zone

    def write(number: int, row: Sequence[object]) -> str:
        said = str(number)
        cells = [f'<row r="{said}">']
        for value, head, text, figure in zip(row, heads, texts, numbers, strict=True):
            if value is None:
                continue
            if isinstance(value, str):
                cells += (head, said, text, xml_text(value), "</is></c>")
            elif isinstance(value, datetime):
                cells += (head, said, figure, excel_day(value, zone), "</v></c>")
            elif isinstance(value, bool):
                cells += (head, said, text, "<t>ya</t>" if value else "<t>tidak</t>", "</is></c>")
            else:
                cells += (head, said, figure, str(value), "</v></c>")
        cells.append("</row>")
        return "".join(cells)

    return write


@lru_cache(maxsize=_REMEMBERED)
def xml_text(value: str) -> str:
    """Return a text as it stands in a sheet; what XML cannot hold is dropped."""
    kept = escape(_BAD_IN_XML.sub("", value)[:_MOST_LETTERS])
    space = ' xml:space="preserve"' if kept != kept.strip() else ""
    return f"<t{space}>{kept}</t>"


@lru_cache(maxsize=_REMEMBERED)
def excel_day(value: datetime, zone: ZoneInfo) -> str:
    """Return a moment as Excel counts days, by the clock of a zone, to the second."""
    return str(round((value.astimezone(zone).replace(tzinfo=None, microsecond=0) - _EPOCH) / _DAY, 9))
