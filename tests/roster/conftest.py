from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from openpyxl import Workbook

Cells = Sequence[Sequence[object]]


@pytest.fixture
def csv_file(tmp_path: Path) -> Callable[..., Path]:
    def write(rows: Cells, name: str = "asn.csv", separator: str = ",", encoding: str = "utf-8") -> Path:
        text = io.StringIO(newline="")
        csv.writer(text, delimiter=separator).writerows(rows)
        path = tmp_path / name
        path.write_bytes(text.getvalue().encode(encoding))
        return path

    return write


@pytest.fixture
def xlsx_file(tmp_path: Path) -> Callable[..., Path]:
    def write(rows: Cells, name: str = "asn.xlsx") -> Path:
        book = Workbook(write_only=True)
        sheet = book.create_sheet("Data")
        for row in rows:
            sheet.append(list(row))
        path = tmp_path / name
        book.save(path)
        return path

    return write


@pytest.fixture
def text_file(tmp_path: Path) -> Callable[[str, str], Path]:
    def write(name: str, text: str) -> Path:
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return write
