"""Rows of XLSX files, streamed: formulas and numbers that lost digits are named and left empty."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime
from functools import lru_cache
from itertools import islice
from pathlib import Path

from monitor.errors import ImportFormatError

_MAX_UNPACKED = 4 << 30
_MAX_STRINGS = 1 << 30
_MAX_WHOLE = 64 << 20  # styles, lists of parts and the like, which are read whole
_MAX_ROW_BYTES = 32 << 20
_MAX_ROWS = 1_048_576  # what Excel has; a row may claim any number
_MAX_CELLS = 1_001
_MAX_WIDE = 200  # rows with more cells than that: somebody may have coloured a few to their end
_RATIO = 250  # unpacked bytes for each packed one; a real sheet has some tens
_SMALL = 1 << 20
_PROLOG = 1 << 16
_MAX_PARTS = 5_000
_EXACT_DIGITS = 15
_CHUNK = 1 << 20
_HIDDEN = re.compile(rb'<row\b[^>]{0,400}\bhidden="(?:1|true)"')
_BROKEN = (
    zipfile.BadZipFile, zlib.error, KeyError, ValueError, TypeError, AttributeError, SyntaxError, OSError, EOFError,
    IndexError, RuntimeError, NotImplementedError,
)  # fmt: skip


def is_xlsx(path: Path) -> bool:
    """Whether a ZIP file is a spreadsheet; never raises."""
    try:
        with zipfile.ZipFile(path) as archive:
            return any(name.startswith("xl/") for name in archive.namelist()[:_MAX_PARTS])
    except _BROKEN:
        return False


def sheet_head(path: Path, rows: int) -> tuple[tuple[str, ...], ...]:
    """Return the first rows that are not empty, none where the file cannot be read; never raises."""
    try:
        seen = path.stat()
    except OSError:
        return ()
    return _head(path, rows, seen.st_size, seen.st_mtime_ns)


@lru_cache(maxsize=4)  # each format looks at the same file in turn
def _head(path: Path, rows: int, size: int, changed: int) -> tuple[tuple[str, ...], ...]:
    del size, changed
    try:
        return tuple(cells for _, cells, _ in islice(sheet_rows(path, []), rows))
    except ImportFormatError:
        return ()


def sheet_rows(path: Path, remarks: list[str]) -> Iterator[tuple[int, tuple[str, ...], tuple[str, ...]]]:
    """Yield (row number, texts, faults) of the first sheet; ImportFormatError for a broken or swollen file.

    What is to be said of the file as a whole is added to `remarks` with the first row.
    """
    try:
        sheet = _check(path)
        remarks += _hidden_rows(path, sheet)
        yield from _read(path, remarks)
    except _BROKEN as error:
        # openpyxl has no error of its own for damaged parts: whatever it trips over is the file's fault
        raise ImportFormatError(
            f"{path.name}: berkas XLSX rusak atau bersandi", "buka di Excel atau LibreOffice lalu simpan ulang"
        ) from error


def _check(path: Path) -> str | None:
    """Refuse archives that unpack to far more than a table, and XML that declares entities; return the first sheet."""
    with zipfile.ZipFile(path) as archive:
        parts = archive.infolist()
        strings = sum(part.file_size for part in parts if "sharedstrings" in part.filename.lower())
        too_large = sum(part.file_size for part in parts) > _MAX_UNPACKED or strings > _MAX_STRINGS
        if too_large or len(parts) > _MAX_PARTS or any(_is_swollen(part) for part in parts):
            raise ImportFormatError(f"{path.name}: isi XLSX terlalu besar setelah dibuka", "simpan sebagai .csv")
        for part in parts:
            if part.filename.endswith((".xml", ".rels")):
                with archive.open(part) as stream:
                    if b"<!DOCTYPE" in stream.read(_PROLOG).replace(b"\0", b""):  # UTF-16 as well
                        why = f"{path.name}: XLSX memuat deklarasi DOCTYPE"
                        raise ImportFormatError(why, "simpan ulang dari Excel")
        sheets = sorted(p.filename for p in parts if re.fullmatch(r"xl/worksheets/sheet\d+\.xml", p.filename))
        return sheets[0] if sheets else None


def _is_swollen(part: zipfile.ZipInfo) -> bool:
    """Whether a part is a bomb: packed far too well, or read whole and too large for that."""
    name = part.filename.lower()
    whole = name.endswith((".xml", ".rels")) and not name.startswith("xl/worksheets/") and "sharedstrings" not in name
    return part.file_size > _SMALL and (
        part.file_size > _RATIO * max(part.compress_size, 1) or (whole and part.file_size > _MAX_WHOLE)
    )


def _hidden_rows(path: Path, sheet: str | None) -> list[str]:
    """Say how many rows somebody hid: a reader that streams does not see which."""
    if sheet is None:
        return []
    hidden, rest = 0, b""
    with zipfile.ZipFile(path) as archive, archive.open(sheet) as stream:
        while piece := stream.read(_CHUNK):
            data = rest + piece
            cut = data.rfind(b"<row")
            whole, rest = (data[:cut], data[cut:]) if cut >= 0 else (b"", data)
            hidden += len(_HIDDEN.findall(whole))
            if len(rest) > _MAX_ROW_BYTES:
                raise ImportFormatError(f"{path.name}: satu baris XLSX terlalu besar", "simpan sebagai .csv")
    hidden += len(_HIDDEN.findall(rest))
    return [f"{hidden} baris tersembunyi ikut dibaca"] if hidden else []


def _read(path: Path, remarks: list[str]) -> Iterator[tuple[int, tuple[str, ...], tuple[str, ...]]]:
    from openpyxl import load_workbook  # loads slowly, and most tables are CSV

    book = load_workbook(path, read_only=True, data_only=False, keep_links=False)
    try:
        if len(book.worksheets) > 1:
            remarks.append(f"hanya lembar pertama yang dibaca; ada {len(book.worksheets)} lembar")
        sheet = book.worksheets[0]
        sheet.reset_dimensions()
        wide = 0
        for number, row in enumerate(sheet.iter_rows(max_row=_MAX_ROWS), start=1):
            read = [_cell(cell.value, getattr(cell, "data_type", "n")) for cell in row[:_MAX_CELLS]]
            wide += len(row) > _MAX_CELLS
            if wide > _MAX_WIDE:
                raise ImportFormatError(f"{path.name}: baris XLSX terlalu lebar", "hapus kolom yang tidak perlu")
            if any(text or fault for text, fault in read):
                faults = tuple(f"kolom {at + 1}: {fault}" for at, (_, fault) in enumerate(read) if fault)
                if any(cell.value is not None for cell in row[_MAX_CELLS:]):
                    faults += (f"hanya {_MAX_CELLS} sel pertama yang dibaca",)
                yield number, tuple(text for text, _ in read), faults
    finally:
        book.close()


def _cell(value: object, data_type: str) -> tuple[str, str]:
    """Return the text of a cell and what is wrong with it; a doubtful value is left empty."""
    if data_type == "f":
        return "", "sel berisi rumus, bukan nilai"
    if data_type == "e":
        return "", "sel berisi galat Excel"
    if isinstance(value, bool):
        return ("true" if value else "false"), ""
    if isinstance(value, int | float):
        return _number(value)
    if isinstance(value, datetime | date):
        return value.isoformat(), ""
    return ("" if value is None else str(value).replace("\0", "\ufffd")), ""


def _number(value: float) -> tuple[str, str]:
    text = str(int(value)) if float(value).is_integer() else repr(value)
    if len(text.lstrip("-").replace(".", "")) > _EXACT_DIGITS or "e" in text:
        if isinstance(value, int) or float(value).is_integer():
            return "", "nomor tersimpan sebagai angka sehingga digit terakhirnya hilang"
        return text[:20], ""
    return text, ""
