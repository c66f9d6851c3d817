"""Rows for the Sistem Berbagi Terintegrasi (SBT) of BKN: a work sheet that officers copy from, with the full numbers.

No source shows the fields of SBT itself. What is known (Koran Jakarta and Kabar Nusa 24, 2024): a report needs the NIP
or NIK of the person reported. The columns are what the other forms hold, in the order in which they are asked there.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from io import BytesIO, StringIO

from monitor.domain import CaseDetail, Employment, FormKind, IdentifierKind
from monitor.errors import UsageError
from monitor.labels import label
from monitor.reports.forms_facts import facts
from monitor.reports.forms_order import Extras, FormOffice, blank, plain
from monitor.reports.forms_template import read_template
from monitor.reports.forms_word import Card, fill

COLUMNS = (
    "No.", "Jenis pengenal", "NIP atau NIK", "Nama", "Jenis pegawai", "Jabatan", "Instansi", "Wilayah",
    "Pemilihan", "Tahapan", "Pasangan calon", "Ketentuan", "Bunyi ketentuan", "Dasar", "Waktu kejadian",
    "Waktu diketahui", "Tempat kejadian", "Tautan", "Uraian", "Sidik jari bukti (SHA-256)", "Hasil rapat pleno",
    "Nomor informasi awal",
)  # fmt: skip
_NARROW = frozenset({"No.", "Jenis pengenal", "Jenis pegawai", "Wilayah", "Ketentuan", "Nomor informasi awal"})
_ASN = (Employment.PNS, Employment.PPPK, Employment.PPPK_PARUH_WAKTU)
_NUMBERS = (IdentifierKind.NIP, IdentifierKind.NIK)
_CELL = 30_000
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_NOTES = (
    "Lembar kerja ini membantu mengisi SBT (sbt.bkn.go.id). Isinya dari informasi awal; petugas memeriksanya.",
    "Sumber terbuka tidak memuat daftar isian SBT. Kolomnya mengikuti formulir lain; sesuaikan dengan SBT.",
    "Lembar ini memuat NIP atau NIK lengkap. Pembukaannya tercatat dalam jejak audit. Hapus setelah dipakai.",
    "Isian yang bertanda [belum diisi: …] tidak diketahui program dan tidak boleh dikarang.",
)


def check_sbt(case: CaseDetail) -> None:
    """Raise UsageError for a person whom SBT does not take: it is for ASN, by NIP or NIK."""
    person = case.row.person
    if person.employment not in _ASN:
        to = "; ".join(case.addressees) or "instansi menurut ketentuan"
        raise UsageError(
            f"Informasi awal {case.id}: SBT hanya untuk pegawai ASN, orang ini {label(person.employment)}",
            f"teruskan kepada {to} dengan surat rekomendasi",
        )
    if person.identifier_kind not in _NUMBERS:
        raise UsageError(
            f"Informasi awal {case.id}: SBT memerlukan NIP atau NIK, register memuat {label(person.identifier_kind)}",
            "lengkapi register, atau gunakan SP4N-LAPOR",
        )


def sbt_rows(
    cases: Sequence[CaseDetail], numbers: Mapping[int, str], office: FormOffice, as_of: datetime
) -> list[tuple[str, ...]]:
    """Return one row a case, in the order of COLUMNS; `numbers` are the unlocked ones by case."""
    return [_row(no, case, numbers[case.id], office, as_of) for no, case in enumerate(cases, 1)]


def sbt_letter(cases: Sequence[CaseDetail], office: FormOffice, as_of: datetime) -> bytes:
    """Return the letter that goes with the rows, as a Word document; it holds no numbers."""
    template = read_template(FormKind.SBT, office.templates)
    card = Card(FormKind.SBT, tuple(case.id for case in cases), as_of, office.agency, template.sha256)
    return fill(template, facts(FormKind.SBT, cases, office, as_of, Extras()), card)


def sbt_xlsx(rows: Iterable[Sequence[str]], as_of: datetime) -> bytes:
    """Return the rows as a work sheet: every cell is text, so that no number loses a digit and nothing calculates."""
    from xlsxwriter import Workbook

    options = {"in_memory": True, "strings_to_numbers": False, "strings_to_formulas": False, "strings_to_urls": False}
    made = BytesIO()
    with Workbook(made, options) as book:
        book.set_properties({"title": label(FormKind.SBT), "created": as_of.astimezone(UTC).replace(microsecond=0)})
        head = book.add_format({"bold": True, "text_wrap": True, "bg_color": "#E8EEF4", "valign": "top"})
        text = book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"})
        sheet = book.add_worksheet("SBT")
        sheet.freeze_panes(1, 4)
        for at, name in enumerate(COLUMNS):
            sheet.set_column(at, at, 12 if name in _NARROW else 28)
            sheet.write_string(0, at, name, head)
        for line, row in enumerate(rows, 1):
            for at, cell in enumerate(row):
                sheet.write_string(line, at, cell, text)
        notes = book.add_worksheet("Keterangan")
        notes.set_column(0, 0, 110)
        for line, note in enumerate(_NOTES):
            notes.write_string(line, 0, note, text)
    return made.getvalue()


def sbt_csv(rows: Iterable[Sequence[str]]) -> bytes:
    """Return the rows as CSV (UTF-8 with its mark); an apostrophe stands before what a spreadsheet would calculate."""
    made = StringIO()
    writer = csv.writer(made, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    writer.writerows([f"'{cell}" if cell.startswith(_FORMULA) else cell for cell in row] for row in rows)
    return b"\xef\xbb\xbf" + made.getvalue().encode()


def _row(no: int, case: CaseDetail, number: str, office: FormOffice, as_of: datetime) -> tuple[str, ...]:
    words = facts(FormKind.SBT, (case,), office, as_of, Extras(identifier=number))
    person, matter, law, story = words["orang"], words["perkara"], words["hukum"], words["uraian"]
    law_doubt = f" ({law['tanda']})" if law["tanda"] else ""
    cells = (
        str(no), person["pengenal_jenis"], person["pengenal"], person["nama"], person["jenis"], person["jabatan"],
        person["instansi"], person["wilayah"], words["calon"]["pemilihan"], matter["tahapan"],
        f"{words['calon']['nomor']}. {words['calon']['label']}", f"{law['profil']}, baris {law['baris']}",
        law["bunyi"], f"{law['dasar']}{law_doubt}", story["kapan"], matter["diketahui"], story["di_mana"],
        "\n".join(act["tautan"] for act in words["tindakan"]) or blank("tautan"), story["ringkas"],
        "\n".join(kept["sha256"] for kept in words["bukti"]) or blank("bukti yang tersimpan"),
        matter["pleno"], matter["nomor"],
    )  # fmt: skip
    return tuple(cell if "\n" in cell else plain_cell(cell) for cell in cells)


def plain_cell(cell: str) -> str:
    """Return a cell that fits; the words in it were made plain before."""
    return cell if len(cell) <= _CELL else plain(cell, _CELL)
