from __future__ import annotations

from dataclasses import replace
from io import BytesIO

import pytest
from openpyxl import load_workbook

from monitor.domain import CaseDetail, CaseState, Employment, IdentifierKind
from monitor.errors import UsageError
from monitor.reports.forms_check import blanks_of
from monitor.reports.forms_sbt import COLUMNS, check_sbt, sbt_csv, sbt_letter, sbt_rows, sbt_xlsx
from monitor.reports.forms_word import paragraphs
from tests.reports.test_forms import OFFICE, case, saying
from tests.web import samples

NUMBER = "197803152005011003"


def row(detail: CaseDetail, number: str = NUMBER) -> dict[str, str]:
    (only,) = sbt_rows([detail], {detail.id: number}, OFFICE, samples.NOW)
    return dict(zip(COLUMNS, only, strict=True))


def of_person(**changes: object) -> CaseDetail:
    person = replace(samples.PERSON, **changes)  # type: ignore[arg-type]  # fields by name
    return case(row=samples.row(state=CaseState.TERDAFTAR, person=person))


def test_a_row_holds_what_is_asked_about_person_act_and_evidence() -> None:
    told = row(case())
    assert (told["NIP atau NIK"], told["Jenis pengenal"], told["Nama"]) == (NUMBER, "NIP", "ANI CONTOH")
    assert told["Ketentuan"] == "SKB 2/2022, baris B6"
    assert told["Tautan"].splitlines()[0] == "https://bsky.app/profile/ani.contoh.test/post/1"
    assert told["Sidik jari bukti (SHA-256)"] == "9f" * 32
    assert told["Nomor informasi awal"] == "7"


def test_what_is_not_known_is_a_gap_in_the_row_too() -> None:
    told = row(of_person(position=""), number="")
    assert told["NIP atau NIK"] == "[belum diisi: NIP terlapor]"
    assert told["Jabatan"] == "[belum diisi: jabatan terlapor]"
    assert told["Hasil rapat pleno"] == "[belum diisi: nomor dan tanggal hasil pleno]"


def test_every_cell_of_the_sheet_is_text() -> None:
    rows = sbt_rows([case()], {7: NUMBER}, OFFICE, samples.NOW)
    sheet = load_workbook(BytesIO(sbt_xlsx(rows, samples.NOW)))["SBT"]
    assert {cell.data_type for line in sheet.iter_rows() for cell in line} == {"s"}
    assert [cell.value for cell in sheet[1]] == list(COLUMNS)


@pytest.mark.parametrize("text", ["=HYPERLINK(1)", "+62", "-1", "@SUM(1)"])
def test_nothing_in_a_row_calculates(text: str) -> None:
    rows = sbt_rows([of_person(position=text)], {7: NUMBER}, OFFICE, samples.NOW)
    cell = load_workbook(BytesIO(sbt_xlsx(rows, samples.NOW)))["SBT"].cell(2, COLUMNS.index("Jabatan") + 1)
    assert (cell.value, cell.data_type) == (text, "s")
    assert f'"\'{text}"'.encode() in sbt_csv(rows)


def test_the_same_rows_give_the_same_bytes() -> None:
    rows = sbt_rows([case()], {7: NUMBER}, OFFICE, samples.NOW)
    assert sbt_xlsx(rows, samples.NOW) == sbt_xlsx(rows, samples.NOW)


def test_long_and_hostile_texts_fit_into_a_row() -> None:
    rows = sbt_rows([saying("</c>\x00" * 50_000)], {7: NUMBER}, OFFICE, samples.NOW)
    assert max(map(len, rows[0])) < 32_767
    assert load_workbook(BytesIO(sbt_xlsx(rows, samples.NOW)))["SBT"].max_row == 2


def test_the_letter_names_every_case_and_no_number() -> None:
    second = case(row=samples.row(8, person=replace(samples.PERSON, name="DEDI CONTOH")))
    letter = sbt_letter([case(), second], OFFICE, samples.NOW)
    told = "\n".join(paragraphs(letter))
    assert ("ANI CONTOH" in told, "DEDI CONTOH" in told, "berisi 2 baris" in told) == (True, True, True)
    assert "informasi awal nomor 7, 8" in told
    assert NUMBER not in told
    assert "alamat kantor" in blanks_of(letter)


@pytest.mark.parametrize("employment", [Employment.PNS, Employment.PPPK, Employment.PPPK_PARUH_WAKTU])
@pytest.mark.parametrize("kind", [IdentifierKind.NIP, IdentifierKind.NIK])
def test_sbt_takes_asn_by_nip_or_nik(employment: Employment, kind: IdentifierKind) -> None:
    check_sbt(of_person(employment=employment, identifier_kind=kind))


@pytest.mark.parametrize(
    "changes",
    [
        {"employment": Employment.KEPALA_DESA},
        {"employment": Employment.PPNPN},
        {"employment": Employment.TNI},
        {"employment": Employment.INSTITUSI},
        {"identifier_kind": IdentifierKind.NRP},
        {"identifier_kind": IdentifierKind.LAINNYA},
    ],
)
def test_others_are_refused_with_where_to_go(changes: dict[str, object]) -> None:
    with pytest.raises(UsageError) as refused:
        check_sbt(of_person(**changes))
    assert "Informasi awal 7" in refused.value.message
    assert refused.value.mend
