"""The whole data for analysts as files: every view a table, people as keyed pseudonyms, memory that does not grow."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache, partial
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final
from zoneinfo import ZoneInfo

from db import analyst, audit, reporting
from db.analyst import VIEWS, Kind, View
from db.connect import Database, Session
from db.report_facts import AsOf
from monitor.errors import UsageError
from monitor.reports.bulk import Laid, LongColumn, LongSheet, Progress, lay, splice
from monitor.reports.files import WrittenFile, write_whole
from monitor.reports.tables import harmless
from monitor.reports.words import zone_name
from monitor.vault import Vault

FORMATS: Final = ("parquet", "csv", "xlsx")
SUMS: Final = "SHA256SUMS"
"""The last file to be written: it is there when the others are whole, and `sha256sum -c` reads it."""
_BATCH = 20_000
_PSEUDONYM = 16


@dataclass(frozen=True, slots=True)
class Source:
    """Where the data comes from: the office's database and key, its zone for spreadsheets, the place (empty: all)."""

    database: Database
    vault: Vault
    zone: ZoneInfo
    region: str = ""


@dataclass(frozen=True, slots=True)
class _Table:
    """One view as it is exported, with how many rows it has."""

    view: View
    total: int
    rows: Callable[[], Iterator[tuple[Any, ...]]]


def write_dataset(
    source: Source, formats: Sequence[str], output: Path, now: datetime, progress: Progress | None = None
) -> tuple[WrittenFile, ...]:
    """Write every view in each format below a folder named after place and as-of; audited.

    The same data gives the same bytes. Each file appears whole or not at all, and SHA256SUMS only after all of them.
    """
    unknown = [name for name in formats if name not in FORMATS]
    if unknown or not formats:
        said = f"Bentuk data '{unknown[0]}' tidak dikenal" if unknown else "Bentuk data belum dipilih"
        raise UsageError(said, f"pilih: {', '.join(FORMATS)}")
    with source.database.read() as session:
        known = reporting.last_known(session)
        folder = output / _name(source.region, known)
        (folder / SUMS).unlink(missing_ok=True)
        tables = [_table(session, source, view) for view in VIEWS]
        made = tuple(file for name in dict.fromkeys(formats) for file in _write(name, tables, folder, source, progress))
    sums = write_whole(folder / SUMS, partial(_sums, made))
    detail = {"folder": folder.name, "files": {file.path.name: file.sha256 for file in made}}
    with source.database.write() as session:
        audit.record(session, actor="program", action="report.data", subject="report:data", detail=detail, now=now)
    return (*made, sums)


def _name(region: str, known: AsOf) -> str:
    return f"data-analis-{region or 'semua'}-s{known.event}.{known.run}.{known.judgement}.{known.verdict}"


def _table(session: Session, source: Source, view: View) -> _Table:
    people = [at for at, (_, kind) in enumerate(view.columns) if kind is Kind.PERSON]
    key = source.vault

    @lru_cache(maxsize=100_000)
    def pseudonym(person: int) -> str:
        return key.blind("analyst", str(person))[:_PSEUDONYM]

    def rows() -> Iterator[tuple[Any, ...]]:
        for row in analyst.rows(session, view, source.region):
            if people:
                masked = list(row)
                for at in people:
                    masked[at] = pseudonym(row[at])
                row = tuple(masked)  # noqa: PLW2901 - the row as it may leave the office
            yield row

    return _Table(view, analyst.count(session, view, source.region), rows)


def _write(
    name: str, tables: Sequence[_Table], folder: Path, source: Source, progress: Progress | None
) -> Iterator[WrittenFile]:
    if name == "xlsx":
        yield write_whole(folder / "data-analis.xlsx", partial(_xlsx, tables, source.zone, progress))
        return
    write = {"parquet": _parquet, "csv": _csv}[name]
    for table in tables:
        if progress is not None:
            progress.phase(f"{table.view.table}.{name}", table.total)
        yield write_whole(folder / f"{table.view.table}.{name}", partial(write, table, progress))


def _batches(table: _Table, progress: Progress | None) -> Iterator[list[tuple[Any, ...]]]:
    rows = table.rows()
    while batch := list(islice(rows, _BATCH)):
        yield batch
        if progress is not None:
            progress.step(len(batch))


def _csv(table: _Table, progress: Progress | None, path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\r\n")
        writer.writerow([name for name, _ in table.view.columns])
        for batch in _batches(table, progress):
            writer.writerows([[_plain(cell) for cell in row] for row in batch])


def _plain(cell: Any) -> Any:
    """Return a value as CSV holds it: times as ISO 8601 in UTC, yes and no as in Parquet's own text."""
    if isinstance(cell, datetime):
        return cell.isoformat()
    if isinstance(cell, bool):
        return "true" if cell else "false"
    return harmless(cell)


def _parquet(table: _Table, progress: Progress | None, path: Path) -> None:
    import polars as pl  # 70 MB of data frames, only for whoever asks for Parquet
    from polars.io.plugins import register_io_source

    kinds: dict[Kind, Any] = {
        Kind.NUMBER: pl.Int64, Kind.PERSON: pl.String, Kind.TEXT: pl.String, Kind.YES_NO: pl.Boolean,
        Kind.TIME: pl.Datetime("us", "UTC"),
    }  # fmt: skip
    schema = pl.Schema({name: kinds[kind] for name, kind in table.view.columns})

    def frames(columns: Any, predicate: Any, n_rows: Any, batch_size: Any) -> Iterator[Any]:
        del columns, predicate, n_rows, batch_size  # everything is written
        for batch in _batches(table, progress):
            yield pl.DataFrame(batch, schema=schema, orient="row")

    register_io_source(frames, schema=schema).sink_parquet(path, row_group_size=_BATCH, maintain_order=True)


def _xlsx(tables: Sequence[_Table], zone: ZoneInfo, progress: Progress | None, path: Path) -> None:
    import xlsxwriter

    from monitor.reports.xlsx import OPTIONS, book_styles

    with TemporaryDirectory() as folder:
        bones = Path(folder) / "buku.xlsx"
        book = xlsxwriter.Workbook(str(bones), {**OPTIONS, "tmpdir": folder})
        book.set_properties({"title": "Data untuk analis", "author": "pantau", "created": datetime(1980, 1, 1)})  # noqa: DTZ001 - a zip's dawn, not a moment
        styles, laid = book_styles(book), Laid()
        for table in tables:
            laid |= lay(book, styles, _sheet(table, zone))
        book.close()
        splice(bones, path, laid, progress)


def _sheet(table: _Table, zone: ZoneInfo) -> LongSheet:
    forms = {Kind.NUMBER: "count", Kind.TIME: "time"}
    columns = tuple(LongColumn(name, forms.get(kind, "text"), 18) for name, kind in table.view.columns)
    note = (
        f"Waktu dalam {zone_name(zone.key)}. Orang ditulis sebagai nama samaran yang tetap. Lihat docs/analis/data.md."
    )
    return LongSheet(table.view.table, columns, table.total, table.rows, zone, note)


def _sums(made: Iterable[WrittenFile], path: Path) -> None:
    path.write_text("".join(f"{file.sha256}  {file.path.name}\n" for file in made), encoding="utf-8")
