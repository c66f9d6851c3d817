"""The ASN register: rows to people, every doubtful row named."""

from __future__ import annotations

import re
from collections.abc import Iterator

from monitor.domain import Employment, IdentifierKind, Person
from monitor.errors import RowProblem
from monitor.roster import identifiers
from monitor.roster.files import Parsed, RosterFile, did_you_mean
from monitor.roster.tables import Column, Row, header_key, read_table

COLUMNS = (
    *identifiers.COLUMNS,
    Column("nama", ("nama lengkap", "nama pegawai", "nama asn"), required=True),
    Column("jenis", ("jenis pegawai", "status kepegawaian", "jenis kepegawaian", "status pegawai"), required=True),
    Column("instansi", ("opd", "unit kerja", "skpd", "perangkat daerah", "nama opd", "satuan kerja"), required=True),
    Column("jabatan", ("nama jabatan",)),
    Column("wilayah", ("kode wilayah", "kode wil", "yurisdiksi")),
    Column("catatan", ("keterangan", "ket")),
)
_EMPLOYMENT_WORDS = {
    Employment.PNS: ("pns", "pegawai negeri sipil", "cpns", "calon pns"),
    Employment.PPPK: ("pppk", "p3k", "pegawai pemerintah dengan perjanjian kerja", "pppk penuh waktu"),
    Employment.PPPK_PARUH_WAKTU: ("pppk paruh waktu", "p3k paruh waktu", "pppk pw", "p3k pw"),
    Employment.PPNPN: (
        "ppnpn", "honorer", "tenaga honorer", "non asn", "nonasn", "tenaga kontrak", "kontrak", "thl",
        "tenaga harian lepas", "ptt", "gtt", "phl", "pjlp",
    ),
    Employment.KEPALA_DESA: ("kepala desa", "kades", "keuchik", "wali nagari", "pambakal", "hukum tua"),
    Employment.PERANGKAT_DESA: ("perangkat desa", "aparat desa", "aparatur desa", "sekretaris desa", "sekdes", "kadus"),
    Employment.TNI: ("tni", "tni ad", "tni al", "tni au"),
    Employment.POLRI: ("polri", "polisi", "anggota polri"),
    Employment.INSTITUSI: ("institusi", "instansi", "lembaga", "akun instansi"),
}  # fmt: skip
_EMPLOYMENT = {word: kind for kind, words in _EMPLOYMENT_WORDS.items() for word in words}
_ASSUMED = frozenset(_EMPLOYMENT_WORDS[Employment.PPNPN][1:]) | {
    "cpns",
    "calon pns",
    "sekretaris desa",
    "sekdes",
    "kadus",
}
_REGION = re.compile(r"\d{2}(\.\d{2}(\.\d{2}(\.\d{4})?)?)?")
_Key = tuple[IdentifierKind, str]


class _RowFault(ValueError):
    def __init__(self, column: str, problem: str, mend: str = "") -> None:
        super().__init__(problem)
        self.fault = (column, problem, mend)


def parse_people(file: RosterFile, default_jurisdiction: str = "") -> Parsed[Person]:
    """Return the people of an ASN register; `default_jurisdiction` stands in where a row names no region."""
    table = read_table(file, COLUMNS)
    problems, warnings = list(table.problems), list(table.warnings)
    if not table.columns & {"nip", "pengenal"}:
        problems.append(
            RowProblem(
                file.name, None, "nip", "kolom 'nip' tidak ada", "tambahkan nip, atau pengenal_jenis dan pengenal"
            )
        )
    read: dict[int, Person] = {}
    without_region: list[int] = []
    broken = {problem.row for problem in problems if problem.row is not None}
    for row in table.rows if not any(problem.row is None for problem in problems) else ():
        if row.number in broken:
            continue
        faults = list(_row_faults(row, default_jurisdiction))
        problems.extend(RowProblem(file.name, row.number, *fault) for fault in faults)
        if not faults:
            read[row.number] = _person(row, default_jurisdiction)
            without_region += [row.number] if not row.get("wilayah") else []
            warnings.extend(_row_warnings(file.name, row, read[row.number]))
    problems.extend(_twice(file.name, read))
    if without_region:
        said = f"{len(without_region)} baris tanpa wilayah; dipakai wilayah kantor {default_jurisdiction}"
        warnings.append(RowProblem(file.name, without_region[0], "wilayah", said, "isi wilayah bila berbeda"))
    bad = {problem.row for problem in problems}
    good = {number: person for number, person in read.items() if number not in bad}
    return Parsed(file, good, len(table.rows), _in_order(problems), tuple(warnings))


def region_code(text: str) -> str:
    """Return a region code in dotted form ("9901" becomes "99.01"); ValueError when it is none."""
    code = text.replace(" ", "").rstrip(".")
    if code.isdigit() and len(code) in (4, 6, 10):
        code = ".".join(part for part in (code[:2], code[2:4], code[4:6], code[6:]) if part)
    if not _REGION.fullmatch(code):
        raise ValueError(text)
    return code


def _row_faults(row: Row, default_jurisdiction: str) -> Iterator[tuple[str, str, str]]:
    try:
        _employment(row.get("jenis"))
    except _RowFault as error:
        yield error.fault
    try:
        identifiers.row_identifier(row)
    except identifiers.IdentifierFault as error:
        yield error.fault
    if not any(letter.isalpha() for letter in row.get("nama")):
        yield ("nama", "nama kosong" if not row.get("nama") else "nama tidak berisi huruf", "isi nama lengkap")
    if not row.get("instansi"):
        yield ("instansi", "instansi kosong", "isi nama instansi atau OPD")
    try:
        _region(row, default_jurisdiction)
    except _RowFault as error:
        yield error.fault


def _person(row: Row, default_jurisdiction: str) -> Person:
    employment = _employment(row.get("jenis"))
    kind, number = identifiers.row_identifier(row)
    return Person(
        identifier_kind=kind,
        identifier=number,
        name=row.get("nama"),
        employment=employment,
        agency=row.get("instansi"),
        position=row.get("jabatan"),
        jurisdiction=_region(row, default_jurisdiction),
        note=row.get("catatan"),
    )


def _employment(text: str) -> Employment:
    if not text:
        raise _RowFault("jenis", "jenis pegawai kosong", f"pilih: {', '.join(Employment)}")
    word = header_key(text)
    if word == "asn":
        raise _RowFault("jenis", "'ASN' belum menyebut jenisnya", "tulis pns, pppk atau pppk_paruh_waktu")
    kind = _EMPLOYMENT.get(word)
    if kind is None:
        hint = did_you_mean(word, _EMPLOYMENT)
        raise _RowFault("jenis", f"jenis pegawai '{text}' tidak dikenal", hint or f"pilih: {', '.join(Employment)}")
    return kind


def _region(row: Row, default_jurisdiction: str) -> str:
    text = row.get("wilayah") or default_jurisdiction
    if not text:
        raise _RowFault("wilayah", "wilayah kosong", "isi kode wilayah, misalnya 99.01")
    try:
        return region_code(text)
    except ValueError:
        lost = " (angka nol mungkin hilang)" if re.fullmatch(r"[\d.]+", text) else ""
        raise _RowFault(
            "wilayah", f"kode wilayah '{text}' tidak sah{lost}", "bentuknya 99, 99.01, 99.01.02; simpan sebagai Teks"
        ) from None


def _row_warnings(file: str, row: Row, person: Person) -> Iterator[RowProblem]:
    for doubt in identifiers.doubts(person.identifier_kind, person.identifier, person.employment):
        yield RowProblem(file, row.number, person.identifier_kind.value, doubt, "periksa ketikan")
    text = row.get("jenis")
    if header_key(text) in _ASSUMED:
        yield RowProblem(file, row.number, "jenis", f"'{text}' dibaca sebagai {_employment(text)}", "ubah bila keliru")


def _twice(file: str, read: dict[int, Person]) -> Iterator[RowProblem]:
    """Name both rows wherever one identifier stands twice; where they differ, neither can be trusted."""
    first: dict[_Key, int] = {}
    for number, person in read.items():
        before = first.setdefault((person.identifier_kind, person.identifier), number)
        if before == number:
            continue
        column = "nip" if person.identifier_kind is IdentifierKind.NIP else "pengenal"
        earlier, mend = read[before], f"sisakan satu: baris {before} atau {number}"
        if earlier == person:
            yield RowProblem(file, number, column, f"baris ganda: isinya sama dengan baris {before}", mend)
            continue
        what = "isinya berbeda"
        if earlier.name.casefold() != person.name.casefold():
            what = f"namanya berbeda ('{earlier.name}' dan '{person.name}')"
        yield RowProblem(file, before, column, f"nomor sama dengan baris {number}, {what}", mend)
        yield RowProblem(file, number, column, f"nomor sama dengan baris {before}, {what}", mend)


def _in_order(problems: list[RowProblem]) -> tuple[RowProblem, ...]:
    return tuple(sorted(problems, key=lambda problem: -1 if problem.row is None else problem.row))
