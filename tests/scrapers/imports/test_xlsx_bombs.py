"""Spreadsheets made to do harm: small files that unpack, or claim, far more than a table holds."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from openpyxl import Workbook

from monitor.errors import ImportFormatError
from scrapers.imports.sheets import sheet_rows

SHEET = "xl/worksheets/sheet1.xml"
SPACE = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def made(folder: Path, part: str, content: str | bytes) -> Path:
    """Return a workbook one part of which is replaced."""
    plain, path = folder / "polos.xlsx", folder / "jahat.xlsx"
    book = Workbook()
    sheet = book.create_sheet("Isi", 0)
    sheet.append(["Akun", "Isi"])
    book.save(plain)
    with zipfile.ZipFile(plain) as given, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as taken:
        for name in {*given.namelist(), part}:
            taken.writestr(name, content if name == part else given.read(name))
    return path


def rows(*cells_by_row: tuple[int, str]) -> str:
    inner = "".join(
        f'<row r="{at}"><c r="{column}{at}" t="inlineStr"><is><t>a</t></is></c></row>' for at, column in cells_by_row
    )
    return f'<worksheet xmlns="{SPACE}"><sheetData>{inner}</sheetData></worksheet>'


def test_a_row_that_claims_a_number_beyond_any_sheet_is_not_counted_up_to(tmp_path: Path) -> None:
    path = made(tmp_path, SHEET, rows((1, "A"), (99_999_999_999, "A")))
    assert len(list(sheet_rows(path, []))) == 1


def test_rows_that_claim_far_columns_are_refused(tmp_path: Path) -> None:
    path = made(tmp_path, SHEET, rows(*((at, "ZZZ") for at in range(1, 5_000))))
    with pytest.raises(ImportFormatError, match="terlalu lebar"):
        list(sheet_rows(path, []))


@pytest.mark.parametrize("part", ["xl/styles.xml", "xl/sharedStrings.xml", SHEET])
def test_a_part_that_is_packed_far_too_well_is_refused_unread(part: str, tmp_path: Path) -> None:
    path = made(tmp_path, part, f'<x xmlns="{SPACE}">' + "<font/>" * 3_000_000)
    with pytest.raises(ImportFormatError, match="terlalu besar"):
        list(sheet_rows(path, []))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entities_are_refused_however_they_are_written(encoding: str, tmp_path: Path) -> None:
    text = f'<?xml version="1.0" encoding="{encoding}"?>{" " * 5_000}<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>'
    with pytest.raises(ImportFormatError, match="DOCTYPE"):
        list(sheet_rows(made(tmp_path, SHEET, text.encode(encoding)), []))
