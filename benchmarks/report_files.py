"""Report files against openpyxl, pandas and plain typst on the same rows (`make bench`).

Every way of writing a spreadsheet runs in a process of its own, so that its peak of memory is its own; ways take turns.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from monitor.reports.bulk import LongColumn, LongSheet
from monitor.reports.model import Column, ColumnKind, Section, WeeklyReport
from monitor.reports.pdf import render_pdf
from monitor.reports.xlsx import write_xlsx

_START = datetime(2024, 8, 27, tzinfo=UTC)
_ACTS = ("menyukai", "komentar", "membagikan", "unggahan")
_FORMS = ("count", "count", "count", "time", *("text",) * 3, "count", *("text",) * 4, "count", "text", "text")
_ZONE = ZoneInfo("Asia/Jakarta")
_TABLES = 10


def main() -> None:
    """Write the same rows in every way, check that all are there, and write the results."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.report_files", description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--output", type=Path, default=Path(__file__).parent / "results")
    parser.add_argument("--way", choices=sorted(WAYS), help=argparse.SUPPRESS)
    wanted = parser.parse_args()
    if wanted.way:
        print(json.dumps(_measure(wanted.way, wanted.rows)))
        return
    sheets: dict[str, list[dict[str, float]]] = {name: [] for name in WAYS}
    for _ in range(wanted.rounds):
        for name in WAYS:
            sheets[name].append(_apart(name, wanted.rows))
    document = {
        "machine": f"{os.cpu_count()} shared cores, {platform.python_implementation()} {platform.python_version()}",
        "rows": wanted.rows,
        "columns": len(_FORMS),
        "rounds": wanted.rounds,
        "sheets": {
            name: {
                "seconds": round(min(one["seconds"] for one in found), 2),
                "mebibytes": round(max(one["mebibytes"] for one in found)),
                "file_megabytes": round(found[0]["bytes"] / 1e6, 1),
            }
            for name, found in sheets.items()
        },
        "pdf": _pdf(max(wanted.rounds, 5)),
    }
    wanted.output.mkdir(parents=True, exist_ok=True)
    (wanted.output / "report_files.json").write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")
    (wanted.output / "report_files.md").write_text(_page(document), encoding="utf-8")
    print(_page(document))


def rows(count: int) -> Iterator[tuple[Any, ...]]:
    """Give invented indications, the same every time, of the columns of the weekly report's long sheet."""
    for at in range(count):
        yield (
            at + 1, at // 2 + 1, at // 7 + 1, _START + timedelta(minutes=at), _ACTS[at % 4], "bluesky",
            f"suka-contoh-{at % 10}", 1, "skb-2-2022", f"B{at % 9}", "masa kampanye", f"Bupati Contoh {at % 514}",
            at % 4 + 1, f"99.{at % 514:02d}", "PNS",
        )  # fmt: skip


def ours(path: Path, count: int) -> None:
    columns = tuple(LongColumn(f"Kolom {at}", form) for at, form in enumerate(_FORMS))
    sheet = LongSheet("Rincian indikasi", columns, count, lambda: rows(count), _ZONE)
    write_xlsx(_report(), path, sheet)


def openpyxl_cells(path: Path, count: int) -> None:
    from openpyxl import Workbook

    book = Workbook()
    _append(book.active, count)
    book.save(path)


def openpyxl_write_only(path: Path, count: int) -> None:
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    _append(book.create_sheet(), count)
    book.save(path)


def _append(sheet: Any, count: int) -> None:
    sheet.append([f"Kolom {at}" for at in range(len(_FORMS))])
    for row in rows(count):
        sheet.append([*row[:3], row[3].astimezone(_ZONE).replace(tzinfo=None), *row[4:]])


def xlsxwriter_constant(path: Path, count: int) -> None:
    import xlsxwriter

    with xlsxwriter.Workbook(str(path), {"constant_memory": True, "strings_to_urls": False}) as book:
        sheet, day = book.add_worksheet(), book.add_format({"num_format": "dd/mm/yyyy hh:mm"})
        for number, row in enumerate(rows(count), start=1):
            for at, cell in enumerate(row):
                if isinstance(cell, datetime):
                    sheet.write_datetime(number, at, cell.astimezone(_ZONE).replace(tzinfo=None), day)
                elif isinstance(cell, str):
                    sheet.write_string(number, at, cell)
                else:
                    sheet.write_number(number, at, cell)


def pandas_openpyxl(path: Path, count: int) -> None:
    _pandas(path, count, "openpyxl")


def pandas_xlsxwriter(path: Path, count: int) -> None:
    _pandas(path, count, "xlsxwriter")


def _pandas(path: Path, count: int, engine: Any) -> None:
    import pandas as pd

    frame = pd.DataFrame(rows(count), columns=[f"Kolom {at}" for at in range(len(_FORMS))])
    frame["Kolom 3"] = frame["Kolom 3"].dt.tz_convert("Asia/Jakarta").dt.tz_localize(None)
    frame.to_excel(path, engine=engine, index=False)


WAYS: dict[str, Callable[[Path, int], None]] = {
    "pantau, with the weekly report and its charts": ours,
    "XlsxWriter, constant memory": xlsxwriter_constant,
    "openpyxl, write only": openpyxl_write_only,
    "openpyxl": openpyxl_cells,
    "pandas with XlsxWriter": pandas_xlsxwriter,
    "pandas with openpyxl": pandas_openpyxl,
}


def _apart(way: str, count: int) -> dict[str, float]:
    command = [sys.executable, "-m", "benchmarks.report_files", "--way", way, "--rows", str(count)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    found: dict[str, float] = json.loads(done.stdout)
    return found


def _measure(way: str, count: int) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "laporan.xlsx"
        began = time.process_time()
        WAYS[way](path, count)
        seconds = time.process_time() - began
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        _check(path, count)
        return {"seconds": seconds, "mebibytes": peak, "bytes": path.stat().st_size}


def _check(path: Path, count: int) -> None:
    """Stop when a row is missing in the longest sheet."""
    with zipfile.ZipFile(path) as book:
        longest = max((i for i in book.infolist() if "/sheet" in i.filename), key=lambda info: info.file_size)
        found = book.read(longest).count(b"<row ")
    if not count <= found <= count + 3:
        raise SystemExit(f"{found} rows instead of {count}")


def _pdf(rounds: int) -> dict[str, Any]:
    """Compare the printed report with a plain document of the same cells: no charts, no widths, no order of types."""
    import typst

    report = _report()
    fonts = typst.Fonts(include_system_fonts=False)
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "polos.typ"
        source.write_text(_PLAIN, encoding="utf-8")

        def plain() -> None:
            told = json.dumps([[[str(cell) for cell in row] for row in s.rows] for s in report.sections])
            typst.compile(source, font_paths=fonts, sys_inputs={"tables": told})

        ways = {"pantau": lambda: render_pdf(report), "plain typst": plain}
        found: dict[str, list[float]] = {name: [] for name in ways}
        for round_number in range(rounds + 1):  # the first round warms up
            report = _report(round_number)  # typst keeps what it has set before
            for name, write in ways.items():
                began = time.process_time()
                write()
                found[name].append(time.process_time() - began)
    return {"rows": 1000, "seconds": {name: round(statistics.median(s[1:]), 3) for name, s in found.items()}}


_HEAD = (
    "Machine: {machine}. Processor time, the least of {rounds} rounds in turns; the peak of memory is the whole "
    "process's, rows and libraries included.\n"
)
_PLAIN = """
#for rows in json(bytes(sys.inputs.tables)) { table(columns: rows.at(0).len(), ..rows.flatten()) }
"""


def _report(seed: int = 0) -> WeeklyReport:
    text = ColumnKind.TEXT
    columns = (Column("code", "Kode wilayah", text), Column("name", "Wilayah", text), Column("week", "Pekan ini"),
               Column("stage", "Sejak tahap berjalan"))  # fmt: skip
    sections = tuple(
        Section(f"tabel{table}", f"Tabel {table}", columns,
                tuple((f"99.{at:02d}", f"Kabupaten Contoh {at}", (at * 7 + seed) % 41, (at * 77 + seed) % 997)
                      for at in range(100)), "Contoh.", ("week", "stage"))
        for table in range(_TABLES)
    )  # fmt: skip
    return WeeklyReport("2024-W40", date(2024, 9, 30), date(2024, 10, 6), "Asia/Jakarta", "99", seed, sections, (), ())


def _page(document: dict[str, Any]) -> str:
    sheets, pdf = document["sheets"], document["pdf"]["seconds"]
    own = next(iter(sheets.values()))
    lines = [
        "# Report files\n",
        _HEAD.format_map(document),
        "| bar | wanted | measured |",
        "|---|---|---|",
        f"| XLSX against openpyxl | ≥ 2 | {sheets['openpyxl']['seconds'] / own['seconds']:.1f} |",
        f"| XLSX memory, MiB | ≤ 50 | {own['mebibytes']} |",
        f"| PDF against plain typst | ≤ 1.5 | {pdf['pantau'] / pdf['plain typst']:.2f} |\n",
        f"## XLSX: {document['rows']:,} rows of {document['columns']} columns\n",
        "| way | seconds | MiB | file, MB | time against pantau |",
        "|---|---|---|---|---|",
    ]
    lines += [
        f"| {name} | {one['seconds']:.1f} | {one['mebibytes']} | {one['file_megabytes']} "
        f"| {one['seconds'] / own['seconds']:.1f} |"
        for name, one in sheets.items()
    ]
    lines += [
        f"\n## PDF: {document['pdf']['rows']:,} rows in {_TABLES} tables\n",
        "Ours also draws ten charts and lays title page, contents, heads and feet. Median of warm rounds.\n",
        "| way | seconds |",
        "|---|---|",
        *(f"| {name} | {seconds:.3f} |" for name, seconds in pdf.items()),
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
