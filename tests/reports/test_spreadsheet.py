"""The report as a spreadsheet: charts that refer to their cells, long sheets that stream, texts that bite."""

from __future__ import annotations

import re
import tracemalloc
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zipfile import ZipFile
from zoneinfo import ZoneInfo

import pytest
from openpyxl import load_workbook

from monitor.errors import ConfigError
from monitor.reports import bulk
from monitor.reports.as_json import content_hash
from monitor.reports.bulk import LongColumn, LongSheet
from monitor.reports.model import HIDDEN, Column, ColumnKind, Section
from monitor.reports.xlsx import sheet_names, write_xlsx
from tests.reports.paper import hostile, hours, regions, report, summary

ZONE = ZoneInfo("Asia/Makassar")
COLUMNS = (LongColumn("Nomor", "count"), LongColumn("Naskah"), LongColumn("Waktu", "time"), LongColumn("Tegak"))
START = datetime(2024, 8, 31, 16, tzinfo=UTC)


class Watched:
    """Who is told of progress."""

    def __init__(self) -> None:
        self.phases: list[tuple[str, int]] = []
        self.done = 0

    def phase(self, name: str, total: int) -> None:
        self.phases.append((name, total))

    def step(self, done: int, note: str = "") -> None:
        self.done += done


def long(count: int, said: int | None = None) -> LongSheet:
    def rows() -> Iterator[tuple[Any, ...]]:
        for at in range(count):
            yield at, f"baris {at % 7}", START + timedelta(days=at % 500), at % 2 == 0

    return LongSheet("Rincian contoh", COLUMNS, count if said is None else said, rows, ZONE, "Catatan.")


def cells(path: Path, name: str) -> list[tuple[Any, ...]]:
    return list(load_workbook(path, read_only=True)[name].iter_rows(min_row=4, values_only=True))


def test_a_long_sheet_holds_every_row_with_its_types(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    write_xlsx(report(), path, long(2500))
    rows = cells(path, "Rincian contoh")
    assert len(rows) == 2500
    assert (*rows[0][:2], rows[0][2].isoformat(), rows[0][3]) == (0, "baris 0", "2024-09-01T00:00:00", "ya")
    assert rows[2499][0] == 2499
    assert load_workbook(path)["Rincian contoh"].auto_filter.ref == "A3:D2503"


def test_progress_is_told_to_the_last_row(tmp_path: Path) -> None:
    watched = Watched()
    write_xlsx(report(), tmp_path / "a.xlsx", long(2500), watched)
    assert (watched.phases, watched.done) == ([("Rincian contoh", 2500)], 2500)


def test_memory_does_not_grow_with_rows(tmp_path: Path) -> None:
    peaks = []
    for count in (5_000, 20_000):
        tracemalloc.start()
        write_xlsx(report(), tmp_path / "a.xlsx", long(count))
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < peaks[0] * 1.2


def test_more_rows_than_a_sheet_holds_go_on_in_the_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "MOST_ROWS", 1200)
    write_xlsx(report(), tmp_path / "a.xlsx", long(2500))
    parts = [cells(tmp_path / "a.xlsx", f"Rincian contoh{suffix}") for suffix in ("", " (2)", " (3)")]
    assert [len(part) for part in parts] == [1200, 1200, 100]
    assert [part[0][0] for part in parts] == [0, 1200, 2400]


def test_a_long_sheet_without_rows_is_a_sheet(tmp_path: Path) -> None:
    write_xlsx(report(), tmp_path / "a.xlsx", long(0))
    assert cells(tmp_path / "a.xlsx", "Rincian contoh") == []


@pytest.mark.parametrize("said", [99, 101, 0])
def test_a_stream_of_another_length_than_said_is_refused(tmp_path: Path, said: int) -> None:
    with pytest.raises(ConfigError, match="berubah selama ditulis"):
        write_xlsx(report(), tmp_path / "a.xlsx", long(100, said))


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "<t>&amp;</t>",
        "  spasi  ",
        "http://contoh.example/" + "a" * 300,
        "emoji 😀",
        "a\x07b\ufffe",
        "x" * 40_000,
    ],
    ids=["formula", "markup", "spaces", "link", "emoji", "control", "long"],
)
def test_any_text_survives_a_long_sheet(tmp_path: Path, text: str) -> None:
    sheet = LongSheet("Rincian contoh", (LongColumn("Naskah"),), 1, lambda: [(text,)], ZONE)
    write_xlsx(report(), tmp_path / "a.xlsx", sheet)
    ((read,),) = cells(tmp_path / "a.xlsx", "Rincian contoh")
    assert read == text.replace("\x07", "").replace("\ufffe", "")[:32_767]


def test_every_section_worth_one_has_a_native_chart_over_its_own_cells(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    write_xlsx(report(), path)
    with ZipFile(path) as book:
        charts = [book.read(name).decode() for name in book.namelist() if "/charts/chart" in name]
    (chart,) = charts
    assert re.findall(r"<c:f>(.*?)</c:f>", chart) == [
        "'Menurut wilayah'!$C$3", "'Menurut wilayah'!$B$4:$B$6", "'Menurut wilayah'!$C$4:$C$6",
        "'Menurut wilayah'!$D$3", "'Menurut wilayah'!$B$4:$B$6", "'Menurut wilayah'!$D$4:$D$6",
    ]  # fmt: skip


def test_sums_stand_below_the_filter(tmp_path: Path) -> None:
    table = regions()
    summed = Section(table.key, table.title, table.columns, table.rows, "", table.chart, ("Jumlah", "", 36, 3006))
    write_xlsx(report(summed), tmp_path / "a.xlsx")
    sheet = load_workbook(tmp_path / "a.xlsx")["Menurut wilayah"]
    assert [cell.value for cell in sheet[7]] == ["Jumlah", "", 36, 3006]
    assert sheet.auto_filter.ref == "A3:D6"


def test_a_number_that_is_kept_back_is_a_star(tmp_path: Path) -> None:
    columns = (Column("name", "Nama", ColumnKind.TEXT), Column("n", "Jumlah"))
    write_xlsx(report(Section("x", "Contoh", columns, (("a", HIDDEN), ("b", 7)))), tmp_path / "a.xlsx")
    assert cells(tmp_path / "a.xlsx", "Contoh") == [("a", "*"), ("b", 7)]


def test_every_sheet_prints_on_a4_with_hash_and_as_of(tmp_path: Path) -> None:
    write_xlsx(report(), tmp_path / "a.xlsx", long(3))
    for sheet in load_workbook(tmp_path / "a.xlsx"):
        assert sheet.page_setup.paperSize == 9
        assert content_hash(report()) in str(sheet.oddFooter.left.text)
        assert "peristiwa nomor 1.265" in str(sheet.oddFooter.left.text)


def test_no_two_sheets_share_a_name() -> None:
    title = "Judul yang sangat panjang dan karena itu dipotong"
    named = sheet_names([Section(f"s{at}", title, (), ()) for at in range(3)] + [Section("x", "LAPORAN", (), ())])
    assert len({name.lower() for name in named} | {"laporan", "cara kerja"}) == 6
    assert all(len(name) <= 31 for name in named)


def test_every_cell_of_every_section_is_read_back(tmp_path: Path) -> None:
    sections = (summary(), regions(), hours(), hostile())
    write_xlsx(report(*sections), tmp_path / "a.xlsx")
    for section, name in zip(sections, sheet_names(sections), strict=True):
        assert cells(tmp_path / "a.xlsx", name) == [
            tuple("–" if cell is None else cell for cell in row) for row in section.rows
        ]
