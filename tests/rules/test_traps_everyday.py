"""Everyday texts beside a campaign: other people, bodies, laws, counts and contests that share a name or a number."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from monitor.domain import Candidate, Contest, Mention
from rules.mentions import MentionFinder

Sure = Callable[[tuple[Mention, ...]], set[int]]


@pytest.fixture(scope="module")
def regents(
    pair_of: Callable[..., Candidate], race_of: Callable[..., Contest], finder_of: Callable[..., MentionFinder]
) -> MentionFinder:
    """Pairs with common first names, as most are."""
    return finder_of(
        race_of(
            pair_of(1, "H. BUDI PERMISALAN, S.E.", "SITI TELADANI", aliases=("BUSIT",)),
            pair_of(2, "AGUNG UMPAMAWAN", "RINA CONTOHWATI", short=(("Agung",), ("Rina",))),
        )
    )


@pytest.mark.parametrize(
    "text",
    [
        "Budi Santoso kawan saya menang lomba", "dukung Siti Badriah di audisi", "Hakim Agung terpilih",
        "Gunung Agung meletus", "#MahkamahAgung", "#JaksaAgung memenangkan gugatan", "#SitiNurhaliza",
        "#BudiUtomo menang", "sila ke-2 pancasila", "juz 1 selesai", "trending nomor 1 di youtube",
        "coblos 1 kali saja jangan 2 kali", "jangan coblos 2 kali", "menang 2 set langsung", "menang 1 0",
        "SK nomor 2 tentang pengangkatan", "Perbup nomor 2 tahun 2024", "Instruksi Presiden No 1 tahun 2024",
        "Surat nomor 02/KPU/2024", "PKPU Nomor 2 Tahun 2024 tentang Pilkada", "UU Pilkada No 1 Tahun 2015",
        "PKPU nomor 8 tahun 2024 tentang pencalonan pilkada", "TPS nomor 2 pilkada aman",
        "TPS 01 Desa Misal pilkada lancar", "pilkada putaran 2", "pilkada jilid 2", "debat ke 2 pilkada",
        "debat pilkada ke-2", "debat publik 1 digelar Sabtu", "debat 2 ditunda", "tahap 2 pilkada",
        "hari ke 2 kampanye pilkada", "pilkada 2 tahun lagi", "hanya 1 paslon mendaftar",
        "ada 2 paslon di pilkada contoh", "dua paslon mendaftar", "2 paslon bersaing di pilkada", "3 paslon",
        "satu paslon lawan kotak kosong", "pilkada jam 2 siang", "debat pukul 02.00", "kotak suara nomor 2 rusak",
        "bilik 1 dan bilik 2 di TPS", "surat suara lembar 2", "pilkada serentak 2 hari lagi",
        "pilih 1 dari 2 paslon", "2 calon bupati bersaing", "relawan 2 kecamatan", "pos 1 dan pos 2 pilkada",
        "kecamatan 1 suara pilkada", "suara 2 juta pemilih", "elektabilitas naik 2 persen",
        "peringkat 1 survei pilkada", "selisih 1 suara pilkada", "unggul 2 persen",
        "RT 02 menang lomba, pilih juara", "dukung timnas menang 2 gol", "juara 1 dan 2 lomba debat",
        "finalis nomor 1 dukung ya", "vote no 2 di instagram", "calon mertua nomor 1", "salam satu jiwa",
        "salam dua tangan", "pilih nomor 2 untuk ketua OSIS", "calon nomor 2 pilkades misal",
        "pemilihan RT: pilih no 1", "pilpres 01 menang", "capres 02", "cawapres 2", "caleg nomor 1 PDI",
        "caleg dapil 1 nomor urut 2", "partai nomor 2", "calon DPD nomor 1", "Gubernur nomor urut 2",
        "calon wali kota nomor 1", "pilwalkot 2", "pilgub nomor 2",
    ],
)  # fmt: skip
def test_an_everyday_text_names_no_pair(text: str, regents: MentionFinder, sure: Sure) -> None:
    assert sure(regents.find(text, "99.01")) == set()


@pytest.mark.parametrize(
    ("text", "pair"),
    [
        ("dukung pak budi permisalan", 1), ("pak budi bupatiku", 1), ("bang agung menang", 2), ("coblos bu rina", 2),
        ("BUSIT menyala", 1), ("budi-siti", 1), ("Budi & Siti gas", 1), ("agung rina 2 periode", 2),
        ("AgungRina", 2), ("#AgungRinaMenang", 2), ("umpamawan lagi", 2), ("permisaln menang", 1),
        ("nomor satu pilihan rakyat, coblos", 1), ("no dua aja lah pilkada", 2), ("02 harga mati", 2),
        ("nomor 2 yg terbaik, pilbup", 2), ("NO1 bupati contoh", 1), ("no.1 untuk bupati contoh", 1),
        ("paslon no urut 2", 2), ("pasangan calon nomor urut 2", 2), ("kosong dua menang", 2), ("nmr 2 coblos", 2),
        ("Nomer loro coblos", 2), ("coblos nomor hiji", 1), ("coblos nomor dua", 2), ("O2 menang", 2),
        ("coblos,,02", 2), ("01 lanjutkan", 1), ("coblos 01", 1), ("tusuk no 1", 1),
        ("satu untuk contoh, coblos nomor 1", 1), ("menangkan nomor urut 02", 2), ("dukung no urut dua", 2),
        ("Rina Contohwati", 2), ("wakil 02 lebih bagus", 2), ("s1t1 t3l4d4n1", 1), ("bud1 perm1salan", 1),
    ],
)  # fmt: skip
def test_a_text_about_a_pair_names_it(text: str, pair: int, regents: MentionFinder, sure: Sure) -> None:
    assert sure(regents.find(text, "99.01")) == {pair}


@pytest.mark.parametrize(
    "text",
    ["dukung Budi Sumargono, coblos ya", "Budi Sumargono menang", "ayo pilih Siti Badriyanti", "Budi Sumargono juara",
     "dukung Budi di pilgub Jatim", "pilgub Jatim: Budi menang", "Budi menang di Surabaya"],
)  # fmt: skip
def test_a_common_name_with_a_strangers_surname_or_in_another_place_names_nobody(
    text: str, regents: MentionFinder, sure: Sure
) -> None:
    assert sure(regents.find(text)) == set()


@pytest.mark.parametrize("text", ["dukung Budi, coblos", "Pak Budi Harus menang", "dukung Budi Siti", "coblos Budi"])
def test_a_common_name_beside_a_campaign_word_still_counts(text: str, regents: MentionFinder, sure: Sure) -> None:
    assert sure(regents.find(text)) == {1}


@pytest.mark.parametrize(
    "text",
    ["mohon doa dan dukungan, saya ikut seleksi terbuka JPT Pratama", "Klinik Pratama kami butuh dukungan",
     "terima kasih dukungan KPP Pratama", "mending pilih hp sony atau samsung", "naik ke jenjang ahli madya",
     "Satpol Pamong Praja menerima penghargaan", "selamat Hari Bhakti Adhyaksa", "dapat satya lencana 20 tahun",
     "mohon dukungan, Wijaya Karya membangun jembatan", "dukung haul Syekh Maulana Malik"],
)  # fmt: skip
def test_what_civil_servants_speak_of_names_nobody_who_is_named_like_it(
    text: str, pair_of: Callable[..., Candidate], race_of: Callable[..., Contest],
    finder_of: Callable[..., MentionFinder], sure: Sure,
) -> None:  # fmt: skip
    finder = finder_of(
        race_of(
            pair_of(1, "BUDI PRATAMA", "SONY PERMISALAN"), pair_of(2, "AGUNG PRAJA", "RINA MADYA"),
            pair_of(3, "SURYA BHAKTI", "SATYA UMPAMAWAN"), pair_of(4, "MAULANA PERMISALAN", "RINA WIJAYA"),
        )
    )  # fmt: skip
    assert not sure(finder.find(text, "99.01"))
