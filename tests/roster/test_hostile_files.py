from __future__ import annotations

import csv
import io
import zipfile
from pathlib import Path

import pytest

from monitor.errors import RosterError
from monitor.roster import xlsx_cells
from monitor.roster.importer import check_people

HEADER = "nip,nama,jenis,instansi,jabatan,wilayah,catatan"
GOOD = "198001012005011001,AGUS CONTOH,pns,Dinas Contoh,Analis,99.01,"


def refusal(path: Path) -> str:
    with pytest.raises(RosterError) as caught:
        check_people(path)
    return str(caught.value)


def written(tmp_path: Path, data: bytes, name: str = "asn.csv") -> Path:
    path = tmp_path / name
    path.write_bytes(data)
    return path


def test_an_endless_cell_is_refused_whatever_other_readers_allow(tmp_path):
    before = csv.field_size_limit(1 << 30)
    try:
        message = refusal(written(tmp_path, f"{HEADER}\n{GOOD}\n".encode() + b'"' + b"x" * 200_000 + b'",A\n'))
    finally:
        csv.field_size_limit(before)
    assert "baris 3: isi sel terlalu panjang" in message


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "kosong"),
        (b"  \n\n", "kosong"),
        (bytes(range(256)) * 10, "bukan teks"),
        (b"%PDF-1.7\x00\x01", "bukan teks"),
        (f"{HEADER}\n{GOOD}\x00\n".encode(), "bukan teks"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, ".xls"),
        (b"PK\x03\x04not really a zip", "rusak"),
        (f"{HEADER}\n".encode(), "tidak ada baris data"),
        (b"satu,dua,tiga\n1,2,3\n", "judul kolom tidak ditemukan"),
        (b"," * 1_000_000, "judul kolom tidak ditemukan"),
        (HEADER.encode() + b"," * 1_000_000, "lebih dari 200 kolom"),
        (f"{HEADER}\n{GOOD}\n".encode() + b'"' + b"x" * 200_000 + b'",A\n', "baris 3"),
        (f'{HEADER}\n"{GOOD}\n'.encode(), "baris 2"),
    ],
)
def test_a_hostile_csv_is_refused_by_name(tmp_path, data, words):
    message = refusal(written(tmp_path, data))
    assert "asn.csv" in message
    assert words in message


def test_a_missing_file_and_a_folder_are_refused(tmp_path):
    assert "tidak ditemukan" in refusal(tmp_path / "tidak-ada.csv")
    assert "bukan berkas" in refusal(tmp_path)


def test_a_long_cell_is_named_with_its_row(tmp_path):
    long = GOOD.replace("AGUS CONTOH", "A" * 5_000)
    parsed = check_people(written(tmp_path, f"{HEADER}\n{long}\n".encode()))
    assert [(problem.row, problem.column) for problem in parsed.problems] == [(2, "nama")]


def sheet_xml(body: str, dimension: str = "") -> str:
    space = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    return f'<?xml version="1.0"?><worksheet {space}>{dimension}<sheetData>{body}</sheetData></worksheet>'


def xlsx(tmp_path: Path, sheet: str, extra: dict[str, bytes] | None = None) -> Path:
    from openpyxl import Workbook

    plain, changed = io.BytesIO(), io.BytesIO()
    Workbook().save(plain)
    with zipfile.ZipFile(plain) as source, zipfile.ZipFile(changed, "w", zipfile.ZIP_DEFLATED) as target:
        for part in source.infolist():
            data = sheet.encode() if part.filename == "xl/worksheets/sheet1.xml" else source.read(part)
            target.writestr(part.filename, data)
        for name, data in (extra or {}).items():
            target.writestr(name, data)
    return written(tmp_path, changed.getvalue(), "asn.xlsx")


def inline(text: str, place: str) -> str:
    return f'<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>'


def good_rows() -> str:
    head = "".join(inline(text, f"{chr(65 + at)}1") for at, text in enumerate(HEADER.split(",")))
    body = "".join(inline(text, f"{chr(65 + at)}2") for at, text in enumerate(GOOD.split(",")))
    return f'<row r="1">{head}</row><row r="2">{body}</row>'


def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path, monkeypatch):
    monkeypatch.setattr(xlsx_cells, "MAX_UNPACKED", 10_000_000)
    path = xlsx(tmp_path, sheet_xml(good_rows()), {"xl/worksheets/sheet2.xml": b"<" * 20_000_000})
    assert path.stat().st_size < 100_000
    assert "terlalu besar" in refusal(path)


def test_declared_entities_are_refused(tmp_path):
    bomb = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]><worksheet/>'
    assert "DOCTYPE" in refusal(xlsx(tmp_path, bomb))


def test_a_false_dimension_costs_nothing(tmp_path):
    parsed = check_people(xlsx(tmp_path, sheet_xml(good_rows(), '<dimension ref="A1:XFD1048576"/>')))
    assert len(parsed.values) == 1


def test_a_row_far_below_is_refused_not_waited_for(tmp_path):
    rows = good_rows() + f'<row r="99999999999">{inline("x", "A99999999999")}</row>'
    assert "lebih dari 1.048.576 baris" in refusal(xlsx(tmp_path, sheet_xml(rows)))


def test_a_cell_far_to_the_right_is_named(tmp_path):
    rows = good_rows() + f'<row r="3">{inline("x", "XFD3")}</row>'
    parsed = check_people(xlsx(tmp_path, sheet_xml(rows)))
    assert {problem.row for problem in parsed.problems} == {3}


@pytest.mark.parametrize("cut", [30, 200, 1_500])
def test_a_cut_off_spreadsheet_is_refused(tmp_path, cut):
    whole = xlsx(tmp_path, sheet_xml(good_rows())).read_bytes()
    assert "rusak" in refusal(written(tmp_path, whole[:-cut], "asn.xlsx"))


def test_broken_xml_inside_is_refused(tmp_path):
    assert "rusak" in refusal(xlsx(tmp_path, sheet_xml(good_rows())[:-40]))


def test_another_zip_is_refused(tmp_path):
    plain = io.BytesIO()
    with zipfile.ZipFile(plain, "w") as archive:
        archive.writestr("halo.txt", "halo")
    assert "bukan XLSX" in refusal(written(tmp_path, plain.getvalue(), "asn.xlsx"))


@pytest.mark.parametrize("data_type", ["e", "n", "b", "d"])
def test_odd_cells_become_named_rows(tmp_path, data_type):
    value = {"e": "#N/A", "n": "1.98001012005011E+17", "b": "1", "d": "2024-09-25T00:00:00"}[data_type]
    odd = good_rows().replace(inline(GOOD.split(",", 1)[0], "A2"), f'<c r="A2" t="{data_type}"><v>{value}</v></c>')
    parsed = check_people(xlsx(tmp_path, sheet_xml(odd)))
    assert [(problem.row, problem.column) for problem in parsed.problems] == [(2, "nip")]
