"""On which level of the civil service a position stands, as far as its name in the register tells."""

from __future__ import annotations

import re
from enum import StrEnum

from monitor.domain.people import Employment


class PositionLevel(StrEnum):
    """Levels as reports on neutrality count them: those of UU 20/2023, camat and lurah apart."""

    JPT = "jpt"
    ADMINISTRATOR = "administrator"
    CAMAT_LURAH = "camat_lurah"
    PENGAWAS = "pengawas"
    FUNGSIONAL = "fungsional"
    PELAKSANA = "pelaksana"
    LUAR = "luar"
    TIDAK_DIKENALI = "tidak_dikenali"


_CIVIL_SERVANTS = frozenset({Employment.PNS, Employment.PPPK, Employment.PPPK_PARUH_WAKTU})

# The first that fits counts: what a name says of its level outright, then deputies before those whose name they bear.
_WORDS: tuple[tuple[PositionLevel, str], ...] = (
    (PositionLevel.FUNGSIONAL, r"ahli (?:pertama|muda|madya|utama)|terampil|mahir|penyelia|pemula|fungsional"),
    (PositionLevel.JPT, r"jpt|jabatan pimpinan tinggi|eselon (?:ii|i)[abc]?"),
    (PositionLevel.ADMINISTRATOR, r"eselon iii[ab]?|jabatan administrator"),
    (PositionLevel.PENGAWAS, r"eselon iv[ab]?|jabatan pengawas|sekretaris (?:lurah|kelurahan)|seklur"),
    (PositionLevel.PENGAWAS, r"kepala (?:sub ?bagian|sub ?bag|seksi|sub ?bidang)|kasubb?ag|kasubb?id|kasi"),
    (PositionLevel.ADMINISTRATOR, r"sekretaris (?:dinas|badan|camat|kecamatan|inspektorat|satpol)|sekcam"),
    (PositionLevel.ADMINISTRATOR, r"kepala (?:bagian|bidang)|kabag|kabid|inspektur pembantu|irban"),
    (PositionLevel.CAMAT_LURAH, r"camat|lurah"),
    (PositionLevel.JPT, r"sekretaris (?:daerah|jenderal|utama|menteri|dprd|dewan)|sekda|sekwan"),
    (PositionLevel.JPT, r"kepala (?:dinas|badan|biro|pelaksana)|kadis|kaban|kepala satuan polisi|kasat ?pol"),
    (PositionLevel.JPT, r"direktur (?:jenderal|utama)|deputi|inspektur (?:jenderal|utama|daerah|provinsi)|inspektur"),
    (PositionLevel.JPT, r"staf ahli|asisten (?:sekretaris|sekda|pemerintahan|perekonomian|administrasi|i{1,3})"),
    (
        PositionLevel.FUNGSIONAL,
        "guru|dosen|dokter|perawat|bidan|apoteker|penyuluh|auditor|arsiparis|pustakawan|pranata|penghulu|surveyor",
    ),
    (
        PositionLevel.FUNGSIONAL,
        "widyaiswara|nutrisionis|sanitarian|kepala (?:sekolah|puskesmas)|pengawas sekolah",
    ),
    (PositionLevel.PENGAWAS, r"pengawas"),
    (PositionLevel.ADMINISTRATOR, r"administrator"),
    (
        PositionLevel.PELAKSANA,
        r"staf|pelaksana|pengadministrasi|pengelola|operator|pengemudi|pramu\w*|bendahara|penata|pengolah|penelaah",
    ),
    (PositionLevel.PELAKSANA, r"juru|analis|petugas|ajudan|sekretaris"),
)
_PATTERNS = tuple((level, re.compile(rf"\b(?:{words})\b")) for level, words in _WORDS)
_SPACES = re.compile(r"[\W_]+")


def position_level(position: str, employment: Employment) -> PositionLevel:
    """Return the level of a position; TIDAK_DIKENALI rather than a guess, LUAR for whoever is no civil servant."""
    if employment not in _CIVIL_SERVANTS:
        return PositionLevel.LUAR
    text = _SPACES.sub(" ", position.casefold()).strip()
    return next((level for level, words in _PATTERNS if words.search(text)), PositionLevel.TIDAK_DIKENALI)
