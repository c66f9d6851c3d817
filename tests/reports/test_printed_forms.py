from __future__ import annotations

import csv
import hashlib
import io
from dataclasses import replace
from datetime import date
from pathlib import Path
from zipfile import ZipFile

import polars as pl
import pypdfium2
import pytest

from monitor.reports.as_json import content_hash
from monitor.reports.charts import chart_of
from monitor.reports.model import Section, WeeklyReport
from monitor.reports.pdf import MOST_ROWS, render_pdf
from monitor.reports.weekly import FORMATS, write_weekly
from monitor.reports.words import cell_text, period
from tests.reports.paper import hostile, hours, regions, report, summary


def pages(data: bytes) -> list[str]:
    document = pypdfium2.PdfDocument(data)
    return [page.get_textpage().get_text_bounded().replace("\r\n", "\n") for page in document]


@pytest.fixture(scope="module")
def printed() -> list[str]:
    return pages(render_pdf(report()))


def test_every_form_gives_the_same_bytes_again(tmp_path: Path) -> None:
    once, again = (write_weekly(report(), tmp_path / name, FORMATS) for name in ("satu", "dua"))
    assert [file.sha256 for file in once] == [file.sha256 for file in again]
    assert len(once) == len(FORMATS)


@pytest.mark.parametrize("section", [summary(), regions(), hours(), hostile()], ids=lambda one: one.key)
def test_every_cell_stands_on_paper(printed: list[str], section: Section) -> None:
    text = "".join("".join(printed).split())
    for row in section.rows:
        for cell, column in zip(row, section.columns, strict=True):
            if column.title != "Kode":
                assert "".join(cell_text(cell, column.kind).split()) in text


def test_every_page_says_the_hash_the_as_of_and_its_number(printed: list[str]) -> None:
    for at, page in enumerate(printed, start=1):
        assert content_hash(report()) in page
        assert "catatan peristiwa nomor 1.265" in page
        assert f"Halaman {at} dari {len(printed)}" in page


def test_the_hash_on_paper_is_that_of_the_json_file(tmp_path: Path) -> None:
    (file,) = write_weekly(report(), tmp_path, ("json",))
    assert hashlib.sha256(file.path.read_bytes()).hexdigest() == content_hash(report())


@pytest.mark.parametrize("form", FORMATS)
def test_every_form_names_the_office_whose_report_it_is(tmp_path: Path, form: str) -> None:
    office = "Bawaslu Kabupaten Teladan"
    (file,) = write_weekly(replace(report(), agency=office), tmp_path, (form,))
    data = file.path.read_bytes()
    if form == "pdf":
        assert office in "".join(pages(data)[0].splitlines())
    elif data.startswith(b"PK"):
        with ZipFile(file.path) as archive:
            assert any(office.encode() in archive.read(name) for name in archive.namelist())
    else:
        assert office in data.decode()


def test_pages_are_a4(printed: list[str]) -> None:
    sizes = {tuple(sorted(map(round, page.get_size()))) for page in pypdfium2.PdfDocument(render_pdf(report()))}
    assert sizes == {(595, 842)}


def test_the_headline_figures_stand_on_the_first_page(printed: list[str]) -> None:
    assert "1.128" in printed[0]
    assert "sejak tahap berjalan 13.734" in printed[0]
    assert "Contoh batas #1." in printed[0]


def test_a_long_table_is_cut_on_paper_and_says_so() -> None:
    text = " ".join("".join(pages(render_pdf(report(regions(MOST_ROWS + 20))))).split())
    assert "Masih ada 20 baris lagi" in text
    assert f"Kabupaten Contoh {MOST_ROWS}" in text


def test_a_report_without_tables_still_prints() -> None:
    empty = Section("leer", "Tanpa isi", summary().columns, ())
    assert "Tidak ada catatan." in "".join(pages(render_pdf(report(empty))))


def test_charts_are_drawn_in_proportion() -> None:
    chart = chart_of(regions(2))
    assert chart is not None
    assert chart.bars[1].lengths == (12 / 1002, 1.0)
    assert chart.bars[0].said == ("11", "1.001")
    assert chart.series == ("Indikasi pekan ini", "Indikasi sejak tahap berjalan")


def test_one_bar_alone_is_not_drawn() -> None:
    assert chart_of(regions(1)) is None


def unzipped(made: WeeklyReport, folder: Path, form: str) -> dict[str, bytes]:
    (file,) = write_weekly(made, folder, (form,))
    with ZipFile(file.path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_csv_holds_every_table_with_its_keys(tmp_path: Path) -> None:
    files = unzipped(report(), tmp_path, "csv")
    rows = list(csv.reader(io.StringIO(files["02-by_region.csv"].decode())))
    assert rows[0] == ["key1", "key2", "acts_week", "acts_stage"]
    assert rows[1:] == [[str(cell) for cell in row] for row in regions().rows]
    assert len(files) == len(report().sections) + 1


def test_what_is_not_known_is_an_empty_cell_in_csv(tmp_path: Path) -> None:
    rows = list(csv.reader(io.StringIO(unzipped(report(), tmp_path, "csv")["01-summary.csv"].decode())))
    assert rows[2] == ["hours", "Median jam sampai dibuka", "7.5", ""]


def test_no_text_in_csv_becomes_a_formula(tmp_path: Path) -> None:
    rows = list(csv.reader(io.StringIO(unzipped(report(), tmp_path, "csv")["04-hostile.csv"].decode(), newline="")))
    assert rows[1][0] == '\'=HYPERLINK("http://contoh.example")'
    assert rows[4][0] == hostile().rows[3][0]


def test_parquet_holds_the_same_cells_with_types(tmp_path: Path) -> None:
    files = unzipped(report(), tmp_path, "parquet")
    for at, section in enumerate(report().sections, start=1):
        frame = pl.read_parquet(files[f"{at:02d}-{section.key}.parquet"])
        assert tuple(frame.rows()) == section.rows
    assert pl.read_parquet(files["02-by_region.parquet"]).schema["acts_week"] == pl.Int64


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_the_read_me_names_the_tables_and_the_hash(tmp_path: Path, form: str) -> None:
    text = unzipped(report(), tmp_path, form)["BACA-SAYA.txt"].decode()
    assert content_hash(report()) in text
    assert f"02-by_region.{form}: Menurut wilayah" in text
    assert "acts_stage: Indikasi sejak tahap berjalan" in text


@pytest.mark.parametrize(
    ("week", "days", "said"),
    [
        ("2024-W41", ((2024, 10, 7), (2024, 10, 13)), "Pekan 41 (7 sampai 13 Oktober 2024)"),
        ("2024-W40", ((2024, 9, 30), (2024, 10, 6)), "Pekan 40 (30 September sampai 6 Oktober 2024)"),
        ("2025-W01", ((2024, 12, 30), (2025, 1, 5)), "Pekan 1 (30 Desember 2024 sampai 5 Januari 2025)"),
    ],
)
def test_a_week_is_named_as_in_letters(
    week: str, days: tuple[tuple[int, int, int], tuple[int, int, int]], said: str
) -> None:
    assert period(week, date(*days[0]), date(*days[1])) == said
