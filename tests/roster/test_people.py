from __future__ import annotations

import contextlib

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitor.domain import Employment, IdentifierKind
from monitor.errors import RosterError
from monitor.roster.importer import check_people

HEADER = ["nip", "nama", "jenis", "instansi", "jabatan", "wilayah", "catatan"]


def nip(serial: int = 1, born: str = "19800101", since: str = "200501", gender: int = 1) -> str:
    return f"{born}{since}{gender}{serial:03d}"


def row(**changes: object) -> list[object]:
    cells = {
        "nip": nip(), "nama": "AGUS CONTOH", "jenis": "pns", "instansi": "Dinas Contoh", "jabatan": "Analis",
        "wilayah": "99.01", "catatan": "",
    }  # fmt: skip
    return list({**cells, **changes}.values())


def said(parsed, number):
    return [(problem.column, problem.problem) for problem in parsed.problems if problem.row == number]


def test_a_good_row_becomes_a_person(csv_file):
    parsed = check_people(csv_file([HEADER, row(catatan="contoh")]))
    (person,) = parsed.values
    assert parsed.problems == ()
    assert (person.identifier_kind, person.identifier, person.name) == (IdentifierKind.NIP, nip(), "AGUS CONTOH")
    assert (person.employment, person.agency, person.position) == (Employment.PNS, "Dinas Contoh", "Analis")
    assert (person.jurisdiction, person.note) == ("99.01", "contoh")


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_the_separator_is_found(csv_file, separator):
    assert len(check_people(csv_file([HEADER, row()], separator=separator)).values) == 1


def test_the_sep_line_of_excel_is_obeyed_and_not_counted(csv_file):
    path = csv_file([HEADER, row(), row(nip="1")], separator="|")
    path.write_bytes(b"sep=|\r\n" + path.read_bytes())
    parsed = check_people(path)
    assert len(parsed.values) == 1
    assert [problem.row for problem in parsed.problems] == [3]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_unicode_files_are_read_without_a_warning(csv_file, encoding):
    parsed = check_people(csv_file([HEADER, row(nama="AGUS É CONTOH")], encoding=encoding))
    assert parsed.values[0].name == "AGUS É CONTOH"
    assert parsed.warnings == ()


def test_a_windows_file_is_read_with_a_warning(csv_file):
    parsed = check_people(csv_file([HEADER, row(nama="AGUS É CONTOH")], encoding="cp1252"))
    assert parsed.values[0].name == "AGUS É CONTOH"
    assert "Windows-1252" in parsed.warnings[0].problem


def test_header_synonyms_in_any_case_and_under_a_title_are_understood(csv_file):
    header = ["NO.", " Nomor Induk Pegawai", "NAMA  LENGKAP", "Status Kepegawaian", "OPD", "Jabatan", "Kode_Wilayah"]
    parsed = check_people(csv_file([["DAFTAR ASN KABUPATEN CONTOH"], [], header, ["1", *row()[:6]]]))
    assert len(parsed.values) == 1
    assert list(parsed.good) == [4]
    assert [warning.column for warning in parsed.warnings] == ["NO."]


def test_a_missing_column_is_named_with_the_nearest_unknown_one(csv_file):
    header = [*HEADER]
    header[3] = "instnsi"
    parsed = check_people(csv_file([header, row()]))
    (problem,) = parsed.problems
    assert (problem.row, problem.column) == (None, "instansi")
    assert "instnsi" in problem.mend
    assert parsed.values == ()


def test_two_columns_of_one_meaning_are_refused(csv_file):
    parsed = check_people(csv_file([[*HEADER, "OPD"], [*row(), "Dinas Lain"]]))
    assert "dua kolom" in parsed.problems[0].problem


def test_a_file_without_an_identifier_column_is_refused(csv_file):
    parsed = check_people(csv_file([HEADER[1:], row()[1:]]))
    assert parsed.problems[0].column == "nip"
    assert parsed.unusable


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("", "kosong"),
        ("19800101200501100", "17 angka"),
        ("1980010120050110O1", "selain angka"),
        ("1,98E+17", "notasi ilmiah"),
        ("1.98001012005011E+17", "notasi ilmiah"),
    ],
)
def test_a_wrong_nip_is_named_with_its_row(csv_file, value, words):
    parsed = check_people(csv_file([HEADER, row(), row(nip=value)]))
    ((column, problem),) = said(parsed, 3)
    assert column == "nip"
    assert words in problem


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("198013012005011001", "bukan tanggal lahir"),
        ("198001012005131001", "pengangkatan"),
        ("198001011985011001", "pengangkatan"),
        ("198001012005013001", "biasanya 1 (pria) atau 2"),
    ],
)
def test_an_odd_nip_is_taken_with_a_warning(csv_file, value, words):
    parsed = check_people(csv_file([HEADER, row(nip=value)]))
    assert parsed.values[0].identifier == value
    assert words in parsed.warnings[0].problem


def test_a_nip_with_spaces_or_an_apostrophe_is_cleaned(csv_file):
    rows = [row(nip="19800101 200501 1 001"), row(nip=f"'{nip(2)}"), row(nip=f'="{nip(3)}"')]
    parsed = check_people(csv_file([HEADER, *rows]))
    assert [person.identifier for person in parsed.values] == [nip(1), nip(2), nip(3)]


def test_the_nip_of_a_pppk_has_a_code_instead_of_a_month(csv_file):
    parsed = check_people(csv_file([HEADER, row(nip=nip(since="202221"), jenis="P3K")]))
    assert parsed.values[0].employment is Employment.PPPK


@pytest.mark.parametrize(
    ("kind", "number", "good"),
    [
        ("nik", "9901014101900001", True),
        ("nik", "990101320190", False),
        ("NRP", "80010123", True),
        ("nrp", "12", False),
        ("lainnya", "DESA-07", True),
        ("paspor", "X1", False),
    ],
)
def test_people_without_a_nip_have_another_identifier(csv_file, kind, number, good):
    header = ["pengenal_jenis", "pengenal", *HEADER[1:]]
    parsed = check_people(csv_file([header, [kind, number, *row(jenis="polri")[1:]]]))
    assert bool(parsed.values) is good


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("PNS", Employment.PNS),
        ("p3k paruh-waktu", Employment.PPPK_PARUH_WAKTU),
        ("pppk_paruh_waktu", Employment.PPPK_PARUH_WAKTU),
        ("Honorer", Employment.PPNPN),
        ("Kades", Employment.KEPALA_DESA),
        ("perangkat desa", Employment.PERANGKAT_DESA),
        ("TNI AD", Employment.TNI),
        ("Polri", Employment.POLRI),
        ("Instansi", Employment.INSTITUSI),
    ],
)
def test_words_for_employment_are_understood(csv_file, text, kind):
    assert check_people(csv_file([HEADER, row(jenis=text)])).values[0].employment is kind


def test_an_assumed_employment_is_a_warning_with_its_row(csv_file):
    parsed = check_people(csv_file([HEADER, row(jenis="honorer")]))
    assert (parsed.warnings[0].row, parsed.warnings[0].column) == (2, "jenis")


def test_an_unknown_employment_gets_a_hint(csv_file):
    parsed = check_people(csv_file([HEADER, row(jenis="ppppk")]))
    assert "pppk" in parsed.problems[0].mend


def test_asn_alone_is_too_little(csv_file):
    assert said(check_people(csv_file([HEADER, row(jenis="ASN")])), 2)[0][0] == "jenis"


@pytest.mark.parametrize(("text", "code"), [("9901", "99.01"), ("99", "99"), ("99.01.02.2003", "99.01.02.2003")])
def test_region_codes_are_brought_to_dotted_form(csv_file, text, code):
    assert check_people(csv_file([HEADER, row(wilayah=text)])).values[0].jurisdiction == code


def test_a_region_that_lost_its_zero_is_named(csv_file):
    assert "nol" in said(check_people(csv_file([HEADER, row(wilayah="99.1")])), 2)[0][1]


def test_rows_without_region_take_the_offices_with_one_warning(csv_file):
    path = csv_file([HEADER, row(wilayah=""), row(nip=nip(2), wilayah="")])
    parsed = check_people(path, "99.01")
    assert {person.jurisdiction for person in parsed.values} == {"99.01"}
    assert "2 baris" in parsed.warnings[0].problem
    assert said(check_people(path), 2) == [("wilayah", "wilayah kosong")]


def test_every_fault_of_a_row_is_named(csv_file):
    parsed = check_people(csv_file([HEADER, row(nip="1", nama="", jenis="x", instansi="", wilayah="y")]))
    assert {column for column, _ in said(parsed, 2)} == {"nip", "nama", "jenis", "instansi", "wilayah"}


def test_a_duplicate_names_both_rows(csv_file):
    parsed = check_people(csv_file([HEADER, row(), row(nip=nip(2)), row()]))
    assert said(parsed, 4) == [("nip", "baris ganda: isinya sama dengan baris 2")]
    assert list(parsed.good) == [2, 3]


def test_one_number_with_two_names_puts_both_rows_out(csv_file):
    parsed = check_people(csv_file([HEADER, row(), row(nama="SITI CONTOH"), row(nip=nip(2))]))
    assert "baris 3" in said(parsed, 2)[0][1]
    assert "baris 2" in said(parsed, 3)[0][1]
    assert list(parsed.good) == [4]


def test_numbers_of_a_spreadsheet_that_lost_digits_are_named(xlsx_file):
    parsed = check_people(xlsx_file([HEADER, row(nip=int(nip()))]))
    ((column, problem),) = said(parsed, 2)
    assert column == "nip"
    assert "digit terakhirnya hilang" in problem
    assert "Teks" in parsed.problems[0].mend


def test_a_spreadsheet_gives_the_same_people_as_csv(csv_file, xlsx_file):
    rows = [HEADER, row(), [], row(nip=nip(2), wilayah=99.01)]
    assert check_people(xlsx_file(rows)).good == check_people(csv_file(rows)).good


def test_a_formula_is_not_a_value(xlsx_file, csv_file):
    for path in (xlsx_file([HEADER, row(nama="=A2")]), csv_file([HEADER, row(nama='=HYPERLINK("x")')])):
        assert said(check_people(path), 2) == [("nama", "sel berisi rumus, bukan nilai")]


def test_more_cells_than_headers_are_named(csv_file):
    assert "lebih banyak sel" in said(check_people(csv_file([HEADER, [*row(), "lebih"]])), 2)[0][1]


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_ten_thousand_people_are_read_whole(csv_file, xlsx_file, form):
    rows = [HEADER, *(row(nip=nip(n % 1000, since=f"20{n // 1000:02d}01", born="19700101")) for n in range(10_000))]
    path = csv_file(rows) if form == "csv" else xlsx_file(rows)
    assert len(check_people(path).values) == 10_000


WORDS = st.text(st.characters(blacklist_categories=("C", "Z")), min_size=1, max_size=30)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(names=st.lists(WORDS, min_size=1, max_size=20), separator=st.sampled_from([",", ";", "\t"]))
def test_names_survive_the_way_through_a_csv(csv_file, names, separator):
    rows = [row(nip=nip(at), nama=f"A {name}") for at, name in enumerate(names)]
    parsed = check_people(csv_file([HEADER, *rows], separator=separator))
    assert [person.name for person in parsed.values] == [f"A {name}" for name in names]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200, deadline=None)
@given(data=st.binary(max_size=2000))
def test_any_bytes_are_people_or_a_refusal(tmp_path, data):
    path = tmp_path / "acak.csv"
    path.write_bytes(data)
    with contextlib.suppress(RosterError):
        check_people(path)
