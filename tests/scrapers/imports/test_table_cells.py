from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from monitor.errors import ImportFormatError
from scrapers.imports.tables import Table, head_rows, open_table

ROWS = 'akun,teks\nbudi,halo\nsiti,"dua\nbaris"\n'


def table(folder: Path, data: bytes, name: str = "tabel.csv") -> Table:
    path = folder / name
    path.write_bytes(data)
    return open_table(path)


def cells(found: Table) -> list[tuple[str, ...]]:
    return [tuple(row.cells.values()) for row in found.rows]


@pytest.mark.parametrize(
    "data",
    [
        ROWS.encode(),
        ROWS.encode("utf-8-sig"),
        ROWS.encode("utf-16"),
        ROWS.encode("utf-16-le"),
        ROWS.replace(",", ";").encode(),
        ROWS.replace(",", "\t").encode(),
        b"sep=;\n" + ROWS.replace(",", ";").encode(),
        ROWS.replace("\n", "\r\n").encode(),
    ],
    ids=["utf-8", "bom", "utf-16", "utf-16-le", "semicolon", "tab", "declared", "crlf"],
)
def test_encodings_and_separators_are_found_out(data: bytes, tmp_path: Path) -> None:
    found = table(tmp_path, data)
    assert found.columns == ("akun", "teks")
    assert [tuple(cell.replace("\r", "") for cell in row) for row in cells(found)] == [
        ("budi", "halo"),
        ("siti", "dua\nbaris"),
    ]


def test_a_file_that_is_no_utf8_is_read_as_windows_and_said_to_be(tmp_path: Path) -> None:
    found = table(tmp_path, "akun,teks\nbudi,caf\u00e9\n".encode("cp1252"))
    assert found.remarks == ("berkas bukan UTF-8; dibaca sebagai Windows-1252",)
    assert cells(found) == [("budi", "caf\u00e9")]


def test_one_broken_byte_does_not_make_a_utf8_file_another(tmp_path: Path) -> None:
    found = table(tmp_path, "akun,teks\nbudi,caf\u00e9\n".encode() + b"siti,\xff\n")
    assert cells(found) == [("budi", "caf\u00e9"), ("siti", "\ufffd")]
    assert "bukan UTF-8" in found.remarks[0]


def test_a_row_with_more_cells_than_columns_is_a_problem_of_its_own(tmp_path: Path) -> None:
    first, second = table(tmp_path, b"akun,teks\nbudi,halo,lebih\nsiti,ya\n").rows
    assert first.problem == "lebih banyak sel daripada judul kolom"
    assert second.problem is None


def test_a_row_cut_off_at_the_end_is_a_problem_of_its_own(tmp_path: Path) -> None:
    *_, last = table(tmp_path, b'akun,teks,waktu\nbudi,halo,1\nsiti,"set').rows
    assert last.problem == "baris terakhir terpotong; baris lain tetap diambil"


def test_nul_and_huge_cells_break_only_themselves(tmp_path: Path) -> None:
    big = b"x" * (2 << 20)
    rows = list(table(tmp_path, b"akun,teks\nbudi,a\x00b\nsiti," + big + b"\nbudi,ya\n").rows)
    assert rows[0].cells["teks"] == "a\ufffdb"
    assert rows[1].problem == "isi sel terlalu panjang"
    assert rows[-1].cells["teks"] == "ya"


def test_titles_above_the_header_are_told_from_it(tmp_path: Path) -> None:
    path = tmp_path / "ekspor.csv"
    path.write_bytes(b"Alamat,https://contoh.example\n\nName,Date,Comment\nBudi,1,halo\n")
    found = open_table(path, lambda header: sum(name in ("Name", "Date", "Comment") for name in header))
    assert found.columns == ("Name", "Date", "Comment")
    assert found.above == (("Alamat", "https://contoh.example"),)


def test_columns_of_one_name_are_told_apart(tmp_path: Path) -> None:
    assert table(tmp_path, b"teks,teks,\n1,2,\n").columns == ("teks", "teks (2)")


@pytest.mark.parametrize("data", [b"", b"\x00\x01\x02\x00", b"satu"], ids=["empty", "binary", "one-cell"])
def test_what_is_no_table_is_refused(data: bytes, tmp_path: Path) -> None:
    with pytest.raises(ImportFormatError):
        table(tmp_path, data)


def workbook(*rows: tuple[object, ...], hidden: int | None = None) -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    if hidden is not None:
        sheet.row_dimensions[hidden].hidden = True
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_a_spreadsheet_gives_texts(tmp_path: Path) -> None:
    found = table(tmp_path, workbook(("akun", "suka"), ("budi", 3), ("siti", None)), "tabel.xlsx")
    assert cells(found) == [("budi", "3"), ("siti", "")]


def test_formulas_and_numbers_that_lost_digits_are_left_empty_and_named(tmp_path: Path) -> None:
    (row,) = table(tmp_path, workbook(("akun", "id"), ("=1+1", 1841234567890123456)), "tabel.xlsx").rows
    assert tuple(row.cells.values()) == ("", "")
    assert [fault.partition(": ")[2] for fault in row.faults] == [
        "sel berisi rumus, bukan nilai",
        "nomor tersimpan sebagai angka sehingga digit terakhirnya hilang",
    ]


def test_hidden_rows_are_read_and_said_to_be_there(tmp_path: Path) -> None:
    found = table(tmp_path, workbook(("akun", "teks"), ("budi", "a"), ("siti", "b"), hidden=3), "tabel.xlsx")
    assert len(list(found.rows)) == 2
    assert found.remarks == ("1 baris tersembunyi ikut dibaca",)


def test_a_spreadsheet_that_declares_entities_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "bom.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("xl/worksheets/sheet1.xml", '<!DOCTYPE x [<!ENTITY a "b">]><worksheet/>')
    with pytest.raises(ImportFormatError, match="DOCTYPE"):
        open_table(path)


@given(st.binary(max_size=400))
def test_no_bytes_break_the_look_at_a_header(data: bytes) -> None:
    assert isinstance(head_rows(data, Path("tidak-ada")), tuple)


def test_a_line_without_an_end_is_never_held_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scrapers.imports.tables._MAX_LINE", 1_000)
    rows = list(table(tmp_path, b"akun,teks\n" + b"a," * 5_000 + b"\nsiti,halo\n").rows)
    assert max(len(row.cells) for row in rows) <= 2
    assert [row.problem for row in rows][:2] == ["lebih banyak sel daripada judul kolom"] * 2
    assert list(rows[-1].cells.values()) == ["siti", "halo"]
