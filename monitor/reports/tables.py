"""The tables of a report for programs, one file a table: CSV and Parquet, each set in one zip of unchanging bytes."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from monitor.reports.as_json import content_hash
from monitor.reports.model import HIDDEN, Cell, ColumnKind, Section, WeeklyReport
from monitor.reports.words import known_until, whose

_DAWN = (1980, 1, 1, 0, 0, 0)  # the earliest time a zip can say: when a file was written is no part of it
_UNIX = 3
READ_ME = "BACA-SAYA.txt"
_RISKY = ("=", "+", "-", "@", "\t", "\r")


def write_csv(report: WeeklyReport, path: Path) -> None:
    """Write a zip of CSV files (RFC 4180, UTF-8, decimal points, an empty cell for what is not known)."""
    _zip(report, path, "csv", lambda section: csv_text(section).encode())


def write_parquet(report: WeeklyReport, path: Path) -> None:
    """Write a zip of Parquet files; what is not known or kept back is null."""
    _zip(report, path, "parquet", _parquet)


def csv_text(section: Section) -> str:
    """Return one table without its sums; text that a spreadsheet would take for a formula begins with an apostrophe."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([column.key for column in section.columns])
    writer.writerows([harmless(cell) for cell in row] for row in section.rows)
    return out.getvalue()


def harmless(cell: Cell) -> Cell:
    """Return a cell as CSV may hold it."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_RISKY) else cell


def entry(name: str) -> ZipInfo:
    """Return the head of a file in a zip, the same on every machine at every time."""
    info = ZipInfo(name, _DAWN)
    info.compress_type, info.create_system, info.external_attr = ZIP_DEFLATED, _UNIX, 0o644 << 16
    return info


def _zip(report: WeeklyReport, path: Path, kind: str, write: Callable[[Section], bytes]) -> None:
    with ZipFile(path, "w") as made:
        made.writestr(entry(READ_ME), _read_me(report, kind))
        for at, section in enumerate(report.sections, start=1):
            made.writestr(entry(f"{at:02d}-{section.key}.{kind}"), write(section))


def _parquet(section: Section) -> bytes:
    import polars as pl  # 70 MB of data frames, only for whoever asks for Parquet

    def kind_of(at: int, kind: ColumnKind) -> Any:
        if kind is ColumnKind.TEXT:
            return pl.String
        whole = kind is ColumnKind.COUNT and not any(isinstance(row[at], float) for row in section.rows)
        return pl.Int64 if whole else pl.Float64

    schema = {column.key: kind_of(at, column.kind) for at, column in enumerate(section.columns)}
    out = io.BytesIO()
    rows = [
        [
            None if cell == HIDDEN and c.kind is not ColumnKind.TEXT else cell
            for cell, c in zip(row, section.columns, strict=True)
        ]
        for row in section.rows
    ]
    pl.DataFrame(rows, schema=schema, orient="row").write_parquet(out)
    return out.getvalue()


def _read_me(report: WeeklyReport, kind: str) -> str:
    lines = [
        f"Laporan mingguan {report.week}, {whose(report)}",
        f"{known_until(report)}, zona waktu {report.timezone}",
        f"Sidik jari isi (SHA-256 berkas JSON): {content_hash(report)}",
        *(["Tanda * (Parquet: kosong) berarti angka kecil yang tidak dibuka."] if report.public else []),
        "",
        "Yang tidak dikatakan angka-angka ini:",
        *(f"- {limit}" for limit in report.limits),
    ]
    for at, section in enumerate(report.sections, start=1):
        lines += ["", f"{at:02d}-{section.key}.{kind}: {section.title}", *([section.note] if section.note else [])]
        lines += [f"  {column.key}: {column.title}" for column in section.columns]
    return "\n".join(lines) + "\n"
