"""Tables from CSV and XLSX as officers save them: known columns as strings, everything doubtful named by row."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from monitor.errors import RowProblem
from monitor.roster.csv_cells import csv_rows
from monitor.roster.files import RosterFile, did_you_mean, refused
from monitor.roster.xlsx_cells import xlsx_rows

MAX_COLUMNS = 200
MAX_ROWS = 1_048_576
MAX_CELL = 4_000
_HEADER_WITHIN = 20
_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0"


@dataclass(frozen=True, slots=True)
class Column:
    """A column that a register knows, with the other words officers use for it."""

    name: str
    synonyms: tuple[str, ...] = ()
    required: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One row with text; `number` is what a spreadsheet shows (the header of a plain file is row 1)."""

    number: int
    cells: Mapping[str, str]

    def get(self, column: str) -> str:
        """Return the trimmed text of a column, empty when the cell or the column is missing."""
        return self.cells.get(column, "")


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of a file; `columns` are the known ones that it has."""

    columns: frozenset[str]
    rows: tuple[Row, ...]
    problems: tuple[RowProblem, ...] = ()
    warnings: tuple[RowProblem, ...] = ()


@dataclass(frozen=True, slots=True)
class RawRow:
    """One row as a reader gives it: texts, and cell problems by column position."""

    number: int
    cells: tuple[str, ...]
    faults: Mapping[int, tuple[str, str]] = field(default_factory=dict)


def read_table(file: RosterFile, columns: Sequence[Column]) -> Table:
    """Return the table in a CSV or XLSX file; RosterError when it is neither or has no header."""
    warnings: list[RowProblem] = []
    raw = _open(file, columns, warnings)
    header, below = _find_header(file.name, raw, columns)
    problems, places = _map_header(file.name, header, columns, warnings)
    rows: list[Row] = []
    for row in below:
        if row.number > MAX_ROWS:
            raise refused(
                file.name, f"lebih dari {MAX_ROWS:,} baris".replace(",", "."), "pecah menjadi beberapa berkas"
            )
        if not any(row.cells) and not row.faults:
            continue
        cells = {name: _clean(row.cells, at) for name, at in places.items()}
        problems.extend(_cell_problems(file.name, row, cells, places, len(header.cells)))
        rows.append(Row(row.number, cells))
    if not rows and not problems:
        raise refused(file.name, "tidak ada baris data di bawah judul kolom")
    return Table(frozenset(places), tuple(rows), tuple(problems), tuple(warnings))


def header_key(text: str) -> str:
    """Return a header as it is compared: lower case, single spaces, no stars, brackets or separators."""
    plain = re.sub(r"\(.*?\)|[*:]", " ", text.casefold())
    return " ".join(re.sub(r"[_\-./]+", " ", plain).split())


def _open(file: RosterFile, columns: Sequence[Column], warnings: list[RowProblem]) -> Iterator[RawRow]:
    if file.data.startswith(_ZIP):
        cells = xlsx_rows(file, MAX_COLUMNS + 1, MAX_ROWS + 1)
    elif file.data.startswith(_OLE):
        raise refused(file.name, "berkas Excel lama (.xls) tidak dapat dibaca", "simpan ulang sebagai .xlsx atau .csv")
    else:
        known = frozenset(header_key(word) for column in columns for word in (column.name, *column.synonyms))
        cells = csv_rows(file, lambda header: sum(header_key(cell) in known for cell in header), warnings)
    return (RawRow(number, texts, faults) for number, texts, faults in cells)


def _find_header(file: str, rows: Iterator[RawRow], columns: Sequence[Column]) -> tuple[RawRow, Iterator[RawRow]]:
    """Return the header row, which titles may precede, and the rows below it."""
    known = frozenset(header_key(word) for column in columns for word in (column.name, *column.synonyms))
    seen: list[RawRow] = []
    best, best_score = -1, 0
    for row in rows:
        seen.append(row)
        score = sum(header_key(cell) in known for cell in row.cells)
        if score > best_score:
            best, best_score = len(seen) - 1, score
        if len(seen) >= _HEADER_WITHIN or score >= 3:
            break
    if best < 0:
        names = ", ".join(column.name for column in columns)
        first = next((cell for row in seen for cell in row.cells if cell), "")
        hint = did_you_mean(header_key(first), known)
        raise refused(
            file, "judul kolom tidak ditemukan", "; ".join(filter(None, (f"kolom yang dikenal: {names}", hint)))
        )
    if len(seen[best].cells) > MAX_COLUMNS:
        raise refused(file, f"lebih dari {MAX_COLUMNS} kolom", "hapus kolom yang tidak perlu")
    return seen[best], _chain(seen[best + 1 :], rows)


def _chain(first: Iterable[RawRow], rest: Iterable[RawRow]) -> Iterator[RawRow]:
    yield from first
    yield from rest


def _map_header(
    file: str, header: RawRow, columns: Sequence[Column], warnings: list[RowProblem]
) -> tuple[list[RowProblem], dict[str, int]]:
    words = {header_key(word): column.name for column in columns for word in (column.name, *column.synonyms)}
    places: dict[str, int] = {}
    unknown: list[str] = []
    problems: list[RowProblem] = []
    for at, title in enumerate(header.cells):
        name = words.get(header_key(title))
        if name is None:
            unknown += [title] if title else []
        elif name in places:
            other = header.cells[places[name]]
            problems.append(
                RowProblem(file, None, title, f"dua kolom untuk '{name}': '{other}' dan '{title}'", "sisakan satu")
            )
        else:
            places[name] = at
    missing = [column for column in columns if column.required and column.name not in places]
    for column in missing:
        hint = _nearest_unknown(column, unknown)
        problems.append(
            RowProblem(file, None, column.name, f"kolom '{column.name}' tidak ada", hint or "tambahkan kolom itu")
        )
    for title in unknown:
        hint = did_you_mean(header_key(title), words)
        warnings.append(RowProblem(file, header.number, title, f"kolom '{title}' tidak dikenal dan diabaikan", hint))
    return problems, places


def _nearest_unknown(column: Column, unknown: Sequence[str]) -> str:
    for word in (column.name, *column.synonyms):
        hint = did_you_mean(header_key(word), [header_key(title) for title in unknown])
        if hint:
            return f"{hint}: ganti judulnya menjadi '{column.name}'"
    return ""


def _cell_problems(
    file: str, row: RawRow, cells: Mapping[str, str], places: Mapping[str, int], width: int
) -> Iterator[RowProblem]:
    if any(row.cells[width:]):
        mend = "periksa pemisah atau tanda kutip pada baris ini"
        yield RowProblem(file, row.number, "", "lebih banyak sel daripada judul kolom", mend)
    for name, text in cells.items():
        if places[name] in row.faults:
            yield RowProblem(file, row.number, name, *row.faults[places[name]])
        elif len(text) > MAX_CELL:
            yield RowProblem(file, row.number, name, f"isi sel lebih dari {MAX_CELL} huruf", "persingkat isinya")
        elif text.startswith("="):
            yield RowProblem(file, row.number, name, "sel berisi rumus, bukan nilai", "salin lalu tempel sebagai nilai")


def _clean(cells: Sequence[str], at: int) -> str:
    """Return the text that a person sees: no wrapping that spreadsheets need to keep digits as text."""
    text = " ".join(cells[at].split()) if at < len(cells) else ""
    if text.startswith('="') and text.endswith('"') and text.count('"') == 2:
        return text[2:-1].strip()
    if text.startswith("'") and text[1:2].isdigit():
        return text[1:]
    return text
