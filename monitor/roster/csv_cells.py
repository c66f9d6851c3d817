"""Rows of CSV files: the encoding and the separator found out, never guessed silently."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator

from monitor.errors import RosterError, RowProblem
from monitor.roster.files import RosterFile, refused

Cells = tuple[int, tuple[str, ...], dict[int, tuple[str, str]]]

_SEPARATORS = (",", ";", "\t", "|")
_LONGEST = 131_072
"""Characters of one cell; the reader's own limit is one for the whole process, and other readers raise it."""

_CONTROL = frozenset(chr(code) for code in range(32)) - frozenset("\t\r\n\f")


def csv_rows(file: RosterFile, score: Callable[[list[str]], int], warnings: list[RowProblem]) -> Iterator[Cells]:
    """Yield (row number, texts, no faults) for every row, blank ones included.

    `score` says how many known headers a row has; the separator under which the first rows score best is taken.
    """
    text = _decode(file, warnings)
    declared, text = _declared_separator(text)
    separator = declared or _best_separator(text, score)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    number = 0
    while True:
        number += 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise _broken(file.name, number, error) from error
        if any(len(cell) > _LONGEST for cell in cells):
            raise _too_long(file.name, number)
        yield number, tuple(cell.strip() for cell in cells), {}


def _decode(file: RosterFile, warnings: list[RowProblem]) -> str:
    data = file.data
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding = "utf-16"
    else:
        encoding = "utf-8-sig"
        if b"\x00" in data:
            raise _not_text(file.name)
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        text = _decode_windows(file, warnings)
    if _CONTROL.intersection(text):
        raise _not_text(file.name)
    return text


def _decode_windows(file: RosterFile, warnings: list[RowProblem]) -> str:
    try:
        text = file.data.decode("cp1252")
    except UnicodeDecodeError as error:
        raise _not_text(file.name) from error
    warnings.append(
        RowProblem(
            file.name, None, "", "berkas bukan UTF-8; dibaca sebagai Windows-1252",
            "periksa huruf beraksen pada nama, atau simpan ulang sebagai 'CSV UTF-8'",
        )
    )  # fmt: skip
    return text


def _not_text(name: str) -> RosterError:
    return refused(name, "isi berkas bukan teks CSV dan bukan XLSX", "simpan ulang sebagai .xlsx atau 'CSV UTF-8'")


def _declared_separator(text: str) -> tuple[str | None, str]:
    """Return the separator that Excel's `sep=` line declares, and the text below that line."""
    first, _, rest = text.partition("\n")
    line = first.strip("\r").strip('"')
    if line.lower().startswith("sep=") and len(line) == 5:
        return line[4], rest
    return None, text


def _best_separator(text: str, score: Callable[[list[str]], int]) -> str:
    head = text[:65_536].splitlines()[:20]

    def worth(separator: str) -> tuple[int, int]:
        rows = [line.split(separator) for line in head]
        cleaned = [[cell.strip().strip('"') for cell in row] for row in rows]
        return max((score(row) for row in cleaned), default=0), sum(len(row) > 1 for row in rows)

    return max(_SEPARATORS, key=worth)


def _broken(name: str, number: int, error: csv.Error) -> RosterError:
    if "field larger" in str(error):
        return _too_long(name, number)
    mend = "periksa tanda kutip pada baris ini atau simpan sebagai .xlsx"
    return RosterError((RowProblem(name, number, "", "susunan CSV rusak", mend),))


def _too_long(name: str, number: int) -> RosterError:
    return RosterError(
        (RowProblem(name, number, "", "isi sel terlalu panjang", "periksa tanda kutip yang tidak ditutup"),)
    )
