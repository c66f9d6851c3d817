from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.domain import Employment, PositionLevel
from monitor.domain.positions import position_level

JPT, ADMINISTRATOR, CAMAT_LURAH, PENGAWAS, FUNGSIONAL, PELAKSANA, LUAR, UNKNOWN = PositionLevel


@pytest.mark.parametrize(
    ("position", "level"),
    [
        ("Kepala Dinas Pendidikan", JPT),
        ("SEKRETARIS DAERAH", JPT),
        ("Plt. Kepala Badan Kepegawaian", JPT),
        ("Staf Ahli Bupati Bidang Pemerintahan", JPT),
        ("Asisten Pemerintahan dan Kesra", JPT),
        ("Inspektur", JPT),
        ("Inspektur Pembantu Wilayah II", ADMINISTRATOR),
        ("Sekretaris Dinas Kesehatan", ADMINISTRATOR),
        ("Kabag Hukum", ADMINISTRATOR),
        ("Kepala Bidang Mutasi (Eselon III.b)", ADMINISTRATOR),
        ("Sekretaris Camat", ADMINISTRATOR),
        ("Camat Contoh Utara", CAMAT_LURAH),
        ("Lurah Contoh", CAMAT_LURAH),
        ("Sekretaris Lurah", PENGAWAS),
        ("Kasi Pemerintahan Kecamatan Contoh", PENGAWAS),
        ("Kepala Sub Bagian Umum", PENGAWAS),
        ("Guru Ahli Muda", FUNGSIONAL),
        ("Administrator Kesehatan Ahli Muda", FUNGSIONAL),
        ("Kepala Sekolah", FUNGSIONAL),
        ("Perawat Terampil", FUNGSIONAL),
        ("Pengawas Sekolah", FUNGSIONAL),
        ("Pengadministrasi Umum", PELAKSANA),
        ("Staf", PELAKSANA),
        ("Analis", PELAKSANA),
        ("", UNKNOWN),
        ("Contoh", UNKNOWN),
    ],
)
def test_the_name_of_a_position_tells_its_level(position: str, level: PositionLevel) -> None:
    assert position_level(position, Employment.PNS) is level


@pytest.mark.parametrize("employment", [Employment.KEPALA_DESA, Employment.TNI, Employment.PPNPN, Employment.INSTITUSI])
def test_who_is_no_civil_servant_has_no_level(employment: Employment) -> None:
    assert position_level("Kepala Dinas", employment) is LUAR


@given(st.text(max_size=80))
def test_any_text_has_a_level(position: str) -> None:
    assert position_level(position, Employment.PPPK) in PositionLevel
