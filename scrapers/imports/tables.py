"""Rows of CSV and XLSX files that tools wrote: encoding and separator found out, read as a stream, never as a whole."""

from __future__ import annotations

import codecs
import csv
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path
from typing import TextIO

from monitor.errors import ImportFormatError, plainly
from scrapers.imports.sheets import is_xlsx, sheet_head, sheet_rows

MAX_FIELD = 1 << 20  # letters in one cell; an unclosed quote swallows no more than that
MAX_COLUMNS = 1_000
_MAX_LINE = 8 << 20  # letters
_HEADER_WITHIN = 20  # exporters put the address and the date of the export above the header
_SEPARATORS = (",", ";", "\t", "|")
_CHUNK = 1 << 20
_HEAD = 1 << 16
_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0"

Cells = tuple[str, ...]
Score = Callable[[Cells], int]
"""Says how many columns of a row a reader knows, so that titles above the header are told from it."""
RawRow = tuple[int, Cells, tuple[str, ...]]
"""Row number as a spreadsheet shows it, the cells, and what is wrong with some of them."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row below the header. `problem` is the reason, in Indonesian, why it cannot be read; `faults` are lesser."""

    number: int
    cells: Mapping[str, str]
    problem: str | None = None
    faults: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """The columns of a file, the rows above them, remarks on the file as a whole, and its rows, to be read once."""

    columns: Cells
    above: tuple[Cells, ...]
    remarks: tuple[str, ...]
    rows: Iterator[Row]


def open_table(path: Path, score: Score | None = None) -> Table:
    """Open a CSV or XLSX file; ImportFormatError when it is neither or has no header."""
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD)
        remarks: list[str] = []
        if head.startswith(_OLE):
            raise ImportFormatError(
                f"{path.name}: berkas Excel lama (.xls) tidak dapat dibaca", "simpan ulang sebagai .xlsx atau .csv"
            )
        raw = sheet_rows(path, remarks) if head.startswith(_ZIP) else _csv_rows(path, remarks)
        first = list(islice(raw, _HEADER_WITHIN))
    except OSError as error:
        raise ImportFormatError(f"{path.name}: berkas tidak dapat dibaca ({plainly(error)})") from error
    at = header_at([cells for _, cells, _ in first], score)
    if at is None:
        raise ImportFormatError(f"{path.name}: judul kolom tidak ditemukan", "periksa apakah berkas ini tabel")
    names = _names(first[at][1])
    if len(names) > MAX_COLUMNS:
        raise ImportFormatError(f"{path.name}: lebih dari {MAX_COLUMNS} kolom", "hapus kolom yang tidak perlu")
    above = tuple(cells for _, cells, _ in first[:at])
    below: Iterator[RawRow] = chain(first[at + 1 :], raw)
    if head.startswith(_ZIP):  # spreadsheets leave out empty cells at the end of a row
        below = ((number, cells + ("",) * (len(names) - len(cells)), faults) for number, cells, faults in below)
    return Table(names, above, tuple(remarks), _rows(names, below))


def head_rows(head: bytes, path: Path) -> tuple[Cells, ...]:
    """Return the first rows of a table that begins with `head`, none where it is no table; never raises."""
    if head.startswith(_ZIP):
        return sheet_head(path, _HEADER_WITHIN) if is_xlsx(path) else ()
    encoding = _head_encoding(head)
    if encoding is None:
        return ()
    text = _below_declaration(head.decode(encoding, "replace").lstrip("\ufeff"))[1]
    try:
        reader = csv.reader(text.splitlines(keepends=True), delimiter=_separator(text))
        return tuple(tuple(row) for row in islice((row for row in reader if any(row)), _HEADER_WITHIN))
    except csv.Error:
        return ()


def head_of(path: Path) -> bytes:
    """Return how a file begins, nothing where it cannot be read."""
    try:
        with path.open("rb") as file:
            return file.read(_HEAD)
    except OSError:
        return b""


def file_rows(path: Path) -> tuple[Cells, ...]:
    """Return the first rows of a table, none where it is no table; never raises."""
    return head_rows(head_of(path), path)


def header_of(rows: Sequence[Cells], score: Score | None = None) -> Cells:
    """Return the header among the first rows of a table, empty where there is none."""
    at = header_at(rows, score)
    return _names(rows[at]) if at is not None else ()


def header_at(rows: Sequence[Cells], score: Score | None = None) -> int | None:
    """Return which of the first rows is the header: the one with most known columns, else the first of two cells."""
    scores = [score(_names(row)) for row in rows] if score else []
    if any(scores):
        return scores.index(max(scores))
    return next((at for at, row in enumerate(rows) if sum(bool(cell.strip()) for cell in row) > 1), None)


def _rows(names: Cells, raw: Iterable[RawRow]) -> Iterator[Row]:
    """Yield the rows with their cells by column; one behind, since only the last one may have been cut off."""
    held: RawRow | None = None
    for one in raw:
        if held is not None:
            yield _row(names, held, last=False)
        held = one
    if held is not None:
        yield _row(names, held, last=True)


def _row(names: Cells, raw: RawRow, *, last: bool) -> Row:
    number, cells, faults = raw
    problem = None
    if not cells:
        problem = faults[0] if faults else "baris kosong"
    elif len(cells) > len(names) and any(cells[len(names) :]):
        problem = "lebih banyak sel daripada judul kolom"
    elif last and len(cells) < len(names):
        problem = "baris terakhir terpotong; baris lain tetap diambil"
    return Row(number, {name: cell for name, cell in zip(names, cells, strict=False) if name}, problem, faults)


def _names(header: Cells) -> Cells:
    """Return the columns' names, trimmed; a name that is missing or was there already gets the column's place."""
    names: list[str] = []
    for at, cell in enumerate(header):
        name = " ".join(cell.replace("\ufeff", "").split())
        names.append(f"{name} ({at + 1})" if name and name in names else name)
    while names and not names[-1]:
        names.pop()
    return tuple(name or f"kolom {at}" for at, name in enumerate(names, 1))


def _csv_rows(path: Path, remarks: list[str]) -> Iterator[RawRow]:
    encoding, remark = _encoding(path)
    remarks += [remark] if remark else []
    with path.open(encoding=encoding, errors="replace", newline="") as file:
        declared, rest = _below_declaration(file.read(_HEAD).lstrip("\ufeff"))
        separator = declared or _separator(rest)
    return _parsed(path, encoding, separator)


def _parsed(path: Path, encoding: str, separator: str) -> Iterator[RawRow]:
    """Yield every row that is not empty; where csv cannot go on, that row is a fault and the next line a new row."""
    csv.field_size_limit(MAX_FIELD)
    with path.open(encoding=encoding, errors="replace", newline="") as file:
        reader = csv.reader(_lines(file), delimiter=separator)
        number = 0
        while True:
            number += 1
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                long = "field larger" in str(error)
                yield number, (), ("isi sel terlalu panjang" if long else "susunan CSV rusak pada baris ini",)
                continue
            if number == 1 and len(cells) < 3 and "".join(cells).lstrip("\ufeff").lower().startswith("sep="):
                continue
            if any(cells):
                yield number, tuple([cell.replace("\0", "\ufffd") for cell in cells]), ()


def _lines(file: TextIO) -> Iterator[str]:
    """Yield the lines of a file; one that is longer than any row comes in pieces, each a broken row of its own."""
    while line := file.readline(_MAX_LINE):
        yield line


def _below_declaration(text: str) -> tuple[str | None, str]:
    """Return the separator that Excel's `sep=` line declares, and the text below that line."""
    first, _, rest = text.partition("\n")
    line = first.strip('\r"')
    return (line[4], rest) if line.lower().startswith("sep=") and len(line) == 5 else (None, text)


def _separator(text: str) -> str:
    """Return the separator that takes the first lines apart most."""
    lines = [line for line in text.splitlines() if line.strip()][:3]

    def worth(separator: str) -> int:
        try:
            return max((len(row) for row in csv.reader(lines, delimiter=separator)), default=0)
        except csv.Error:
            return 0

    return max(_SEPARATORS, key=worth)


def _head_encoding(head: bytes) -> str | None:
    """Return how the beginning of a file is encoded, None where it is no text."""
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if wide := _wide(head):
        return wide
    if b"\0\0" in head or head.count(b"\0") > len(head) // 100:
        return None
    return "utf-8-sig"


def _wide(head: bytes) -> str | None:
    """Return the kind of UTF-16 that a file without its mark is in, None where it is in none."""
    odd, even = head[1:2000:2], head[0:2000:2]
    if len(odd) > 8 and odd.count(0) > len(odd) * 0.7:
        return "utf-16-le"
    return "utf-16-be" if len(even) > 8 and even.count(0) > len(even) * 0.7 else None


def _encoding(path: Path) -> tuple[str, str | None]:
    """Return the encoding of a file, and what is to be said of it.

    Bytes that are no UTF-8 make it Windows-1252, unless letters in UTF-8 came before them: then single bytes are
    broken, or the end is cut off.
    """
    decoder = codecs.getincrementaldecoder("utf-8")()
    seen_utf8 = False
    with path.open("rb") as file:
        found = _head_encoding(file.read(_HEAD))
        if found is None:
            raise ImportFormatError(f"{path.name}: isi berkas bukan teks", "pilih berkas CSV atau XLSX")
        if found != "utf-8-sig":
            return found, None
        file.seek(0)
        while piece := file.read(_CHUNK):
            try:
                text = decoder.decode(piece)
            except UnicodeDecodeError as error:
                seen_utf8 = seen_utf8 or not piece[: error.start].removeprefix(codecs.BOM_UTF8).isascii()
                if seen_utf8:
                    return found, "ada bita yang bukan UTF-8; huruf yang rusak diganti tanda \ufffd"
                return "cp1252", "berkas bukan UTF-8; dibaca sebagai Windows-1252"
            seen_utf8 = seen_utf8 or not text.lstrip("\ufeff").isascii()
    return found, None
