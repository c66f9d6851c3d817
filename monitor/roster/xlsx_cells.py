"""Rows of XLSX files, streamed: numbers that lost digits and formulas are faults, never values."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from xml.etree.ElementTree import ParseError

from monitor.roster.csv_cells import Cells
from monitor.roster.files import RosterFile, refused

MAX_UNPACKED = 400 * 1024 * 1024
MAX_STRINGS = 100 * 1024 * 1024
_EXACT_DIGITS = 15
_BROKEN = (
    zipfile.BadZipFile,
    KeyError,
    ValueError,
    TypeError,
    AttributeError,
    ParseError,
    OSError,
    EOFError,
    IndexError,
)


def xlsx_rows(file: RosterFile, max_columns: int, max_rows: int) -> Iterator[Cells]:
    """Yield (row number, texts, faults by column) of the first sheet; RosterError for a broken or swollen file."""
    _check_archive(file)
    try:
        yield from _read(file, max_columns, max_rows)
    except _BROKEN as error:
        # openpyxl has no error of its own for damaged parts: whatever it trips over is the file's fault.
        raise refused(file.name, "berkas XLSX rusak", "buka di Excel atau LibreOffice lalu simpan ulang") from error


def _check_archive(file: RosterFile) -> None:
    """Refuse archives that unpack to far more than a register, and XML that declares entities."""
    try:
        with zipfile.ZipFile(io.BytesIO(file.data)) as archive:
            parts = archive.infolist()
            strings = sum(part.file_size for part in parts if "sharedstrings" in part.filename.lower())
            if sum(part.file_size for part in parts) > MAX_UNPACKED or strings > MAX_STRINGS or len(parts) > 5_000:
                raise refused(file.name, "isi XLSX terlalu besar setelah dibuka", "pecah menjadi beberapa berkas")
            if not any(part.filename.startswith("xl/") for part in parts):
                raise refused(file.name, "berkas ZIP ini bukan XLSX", "simpan sebagai .xlsx atau .csv")
            if any(_declares_entities(archive, part) for part in parts if part.filename.endswith((".xml", ".rels"))):
                raise refused(file.name, "XLSX memuat deklarasi DOCTYPE", "simpan ulang dari Excel atau LibreOffice")
    # zipfile raises RuntimeError for a password and NotImplementedError for a compression that it does not know.
    except (zipfile.BadZipFile, OSError, EOFError, RuntimeError, NotImplementedError) as error:
        raise refused(file.name, "berkas XLSX rusak atau bersandi", "buka lalu simpan ulang tanpa sandi") from error


def _declares_entities(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> bool:
    with archive.open(part) as stream:
        return b"<!DOCTYPE" in stream.read(4_096)


def _read(file: RosterFile, max_columns: int, max_rows: int) -> Iterator[Cells]:
    from openpyxl import load_workbook  # loads slowly, and most registers are CSV or YAML

    book = load_workbook(io.BytesIO(file.data), read_only=True, data_only=False, keep_links=False)
    try:
        sheet = book.worksheets[0]
        sheet.reset_dimensions()
        for number, row in enumerate(sheet.iter_rows(max_row=max_rows), start=1):
            faults: dict[int, tuple[str, str]] = {}
            texts: list[str] = []
            for at, cell in enumerate(row[:max_columns]):
                text, fault = _cell(cell.value, getattr(cell, "data_type", "n"))
                texts.append(text)
                if fault:
                    faults[at] = fault
            # What stands outside the columns a register can have shows as one cell too many.
            texts += [_plain(cell.value) for cell in row[max_columns:] if cell.value is not None][:1]
            yield number, tuple(texts), faults
    finally:
        book.close()


def _cell(value: object, data_type: str) -> tuple[str, tuple[str, str] | None]:
    if data_type == "f":
        return "", ("sel berisi rumus, bukan nilai", "salin lalu tempel sebagai nilai")
    if data_type == "e":
        return "", (f"sel berisi galat Excel {value}", "perbaiki atau kosongkan sel")
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _number(value)
    return _plain(value), None


def _plain(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "ya" if value else "tidak"
        case datetime():
            return value.date().isoformat() if value.time() == time() else value.isoformat()
        case date():
            return value.isoformat()
        case _:
            return re.sub(r"\s+", " ", str(value)).strip()


def _number(value: float) -> tuple[str, tuple[str, str] | None]:
    """Return a number's digits; a fault when Excel cannot have kept all of them."""
    text = str(int(value)) if float(value).is_integer() else repr(value)
    if len(text.lstrip("-").replace(".", "")) > _EXACT_DIGITS or "e" in text:
        shown = f"{value:.2E}".replace(".", ",")
        return text, (
            f"nomor tersimpan sebagai angka ({shown}) sehingga digit terakhirnya hilang",
            "ubah format kolom menjadi Teks, lalu isi ulang nomor dari sumber aslinya",
        )
    return text, None
