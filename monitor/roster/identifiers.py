"""The numbers that identify a watched person: NIP, NIK, NRP, checked as far as their form can tell."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from monitor.domain import Employment, IdentifierKind
from monitor.roster.tables import Column, Row

Fault = tuple[str, str, str]
"""Column, what is wrong, how to mend it."""

COLUMNS = (
    Column("nip", ("nip baru", "no nip", "nomor nip", "nip/nippppk", "nippppk", "ni pppk", "nomor induk pegawai")),
    Column("pengenal_jenis", ("jenis pengenal", "jenis identitas", "jenis nomor")),
    Column("pengenal", ("nomor pengenal", "no pengenal", "nomor identitas", "no identitas")),
)
_SCIENTIFIC = re.compile(r"\d(?:[.,]\d+)?[eE]\+?\d+")
_KINDS = {
    "nip": IdentifierKind.NIP, "nippppk": IdentifierKind.NIP, "ni pppk": IdentifierKind.NIP,
    "nik": IdentifierKind.NIK, "ktp": IdentifierKind.NIK, "nrp": IdentifierKind.NRP,
    "lainnya": IdentifierKind.LAINNYA, "lain": IdentifierKind.LAINNYA,
}  # fmt: skip


class IdentifierFault(ValueError):
    """An identifier is not what its kind asks for."""

    def __init__(self, column: str, problem: str, mend: str = "") -> None:
        super().__init__(problem)
        self.fault: Fault = (column, problem, mend)


def row_identifier(row: Row) -> tuple[IdentifierKind, str]:
    """Return the identifier that a row gives by `nip` or by the pair; IdentifierFault when it is absent or wrong."""
    nip, kind_text, number = row.get("nip"), row.get("pengenal_jenis"), row.get("pengenal")
    if nip and number:
        raise IdentifierFault("pengenal", "nip dan pengenal sama-sama terisi", "isi salah satu")
    if nip:
        return IdentifierKind.NIP, check_identifier(IdentifierKind.NIP, nip, "nip")
    if not number:
        raise IdentifierFault("nip", "nomor pengenal kosong", "isi nip, atau pengenal_jenis dan pengenal")
    kind = _KINDS.get(kind_text.casefold())
    if kind is None:
        said = f"pengenal_jenis '{kind_text}' tidak dikenal" if kind_text else "pengenal_jenis kosong"
        raise IdentifierFault("pengenal_jenis", said, "pilih: nip, nik, nrp, lainnya")
    return kind, check_identifier(kind, number, "pengenal")


def check_identifier(kind: IdentifierKind, text: str, column: str) -> str:
    """Return the identifier as it is stored; IdentifierFault names what its form breaks."""
    if _SCIENTIFIC.fullmatch(text.replace(" ", "")):
        raise IdentifierFault(
            column,
            f"nomor berubah menjadi notasi ilmiah ({text}) sehingga digitnya hilang",
            "ubah format kolom menjadi Teks, lalu isi ulang nomor dari sumber aslinya",
        )
    if kind is IdentifierKind.LAINNYA:
        return _other(text, column)
    if kind is IdentifierKind.NRP:
        return _nrp(text, column)
    digits = re.sub(r"[\s.\-]", "", text)
    length = 18 if kind is IdentifierKind.NIP else 16
    _digits(digits, length, kind.value.upper(), column)
    return digits


def _digits(text: str, length: int, name: str, column: str) -> None:
    if not (text.isascii() and text.isdigit()):
        raise IdentifierFault(column, f"{name} berisi selain angka", f"{name} terdiri atas {length} angka")
    if len(text) != length:
        short = " (angka nol di depan mungkin hilang)" if len(text) < length else ""
        raise IdentifierFault(column, f"{name} terdiri atas {len(text)} angka{short}", f"harus {length} angka")


def doubts(kind: IdentifierKind, number: str, employment: Employment | None) -> Iterator[str]:
    """Say what in a number of the right length does not look like one.

    A register's number may be odd and still be the one that the personnel office uses, so these are warnings.
    """
    if kind is IdentifierKind.NIP and len(number) == 18:
        yield from _nip_doubts(number, employment)
    elif kind is IdentifierKind.NIK and len(number) == 16:
        yield from _nik_doubts(number)


def _nip_doubts(text: str, employment: Employment | None) -> Iterator[str]:
    """Look at an 18-digit NIP: birth date, appointment (year and month; PPPK: year and code), gender, serial."""
    born = _day(int(text[:4]), int(text[4:6]), int(text[6:8]))
    if born is None or not 1930 <= born.year <= 2015:
        yield f"delapan angka pertama NIP ({text[:8]}) bukan tanggal lahir"
        return
    year, month = int(text[8:12]), int(text[12:14])
    contract = employment in (Employment.PPPK, Employment.PPPK_PARUH_WAKTU)
    if not born.year + 14 <= year <= born.year + 70 or not (1 <= month <= 12 or contract):
        yield f"angka ke-9 sampai ke-14 NIP ({text[8:14]}) bukan tahun dan bulan pengangkatan"
    if text[14] not in "12":
        yield f"angka ke-15 NIP ({text[14]}) biasanya 1 (pria) atau 2 (wanita)"


def _nik_doubts(text: str) -> Iterator[str]:
    """Look at a 16-digit NIK: region, birth date (day + 40 for women, two-digit year), serial."""
    day = int(text[6:8])
    day -= 40 if day > 40 else 0
    if not any(_day(century + int(text[10:12]), int(text[8:10]), day) for century in (1900, 2000)):
        yield f"angka ke-7 sampai ke-12 NIK ({text[6:12]}) bukan tanggal lahir"
    if text[:2] == "00" or text[12:] == "0000":
        yield "kode wilayah atau nomor urut NIK biasanya bukan nol"


def _nrp(text: str, column: str) -> str:
    number = re.sub(r"[\s.\-]", "", text).upper()
    if not re.fullmatch(r"\d{5,20}(/[A-Z]{1,4})?", number):
        raise IdentifierFault(column, "NRP harus 5 sampai 20 angka", "tulis NRP seperti pada kartu anggota")
    return number


def _other(text: str, column: str) -> str:
    if not 2 <= len(text) <= 64:
        raise IdentifierFault(column, "pengenal harus 2 sampai 64 huruf atau angka", "persingkat pengenal")
    return text


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
