"""Trap 3: a number is a ballot number only in a contest, and only in the contest that is spoken of."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from monitor.domain import Candidate, Contest, Mention, Office, Tier
from rules.mentions import MentionFinder

Sure = Callable[[tuple[Mention, ...]], set[int]]
Pair = Callable[..., Candidate]
Race = Callable[..., Contest]
FinderOf = Callable[..., MentionFinder]


@pytest.mark.parametrize(
    "text",
    [
        "Jl. Kenanga no. 2", "Jalan Raya Contoh No 2 RT 01", "posko di jl melati nomor 1, ayo dukung", "gg. Buntu no 2",
        "perum permai blok b no 2", "Blok A2 No 1 dijual", "rumah nomor 2 dari kiri", "ruko no.1 disewakan",
        "RT 02 RW 01 kerja bakti", "SDN 02 Contoh juara", "SMAN 2 Contoh menang lomba", "lantai 2 gedung serbaguna",
        "kamar no 2 kosong", "toko nomor 1 di pasar", "gudang no 02 dijual, pilih sendiri", "kios no 2 pasar lama",
    ],
)  # fmt: skip
def test_an_address_is_no_ballot_number(text: str, finder: MentionFinder, sure: Sure) -> None:
    assert sure(finder.find(text)) == set()


@pytest.mark.parametrize(
    "text",
    [
        "restoran nomor 1 di kota", "nomor 1 di dunia", "peringkat 2 nasional", "juara 2 lomba desa",
        "ranking 1 di kelas",
        "nomor 1 se-Asia", "no 1 di Indonesia!", "operator seluler nomor 1", "film nomor 2 pekan ini", "pemain nomor 1",
        "bank no 1 pilihan keluarga", "produk nomor 1 pilihan ibu", "skor 2-1 untuk kita", "menang 2-1", "menang 2 gol",
        "anak nomor 2 saya", "istri nomor 2", "penyakit pembunuh nomor 1", "musuh nomor 1 petani",
    ],
)  # fmt: skip
def test_a_rank_is_no_ballot_number(text: str, finder: MentionFinder, sure: Sure) -> None:
    assert sure(finder.find(text)) == set()


@pytest.mark.parametrize(
    "text",
    [
        "rapat 02 Oktober", "tanggal 02/10/2024", "02-10-2024", "tgl 2 nanti", "pukul 02.00 WIB", "jam 02:30",
        "2 Oktober memilih", "1 November pelantikan", "hari ke 2", "bulan 02", "tahun 01 berdiri",
        "2 hari lagi nyoblos",
        "H-2 pemungutan", "jam 1 siang dukung timnas", "02.15 pagi", "01.10.2024 kampanye damai",
        "minggu ke 2 kampanye",
    ],
)  # fmt: skip
def test_a_date_or_a_time_is_no_ballot_number(text: str, finder: MentionFinder, sure: Sure) -> None:
    assert sure(finder.find(text)) == set()


@pytest.mark.parametrize(
    "text",
    [
        "Rp2 juta", "Rp 2.000", "2 ribu rupiah", "2x sehari", "diskon 2%", "beli 2 gratis 1", "2 orang relawan",
        "1 kg beras",
        "+62 812 02 01", "0812-0202-0101", "telp 02 123", "hub no 0812 02", "no wa 02", "no rek 2", "2 km lagi",
        "suhu 2°C",
        "sisa 1 kursi", "kursi nomor 1", "antrean no 2", "tiket no 02", "no resi 1", "plat B 2 XYZ", "kloter 02",
        "dosis 2",
        "gelombang 2", "liga 1 malam ini", "iphone 2", "versi 2", "episode 2", "bab 2", "halaman 2", "pasal 2 ayat 1",
        "uu no 1 tahun 2015", "perda nomor 2 tahun 2020", "surat edaran nomor 2", "surah 2 ayat 1", "kelas 2 sd",
        "soal no 2",
        "menu nomor 1", "paket 2 paling laris", "meja 1", "kelompok 2 silakan maju", "peserta nomor 1", "kontak no 1",
    ],
)  # fmt: skip
def test_a_count_or_an_everyday_number_is_no_ballot_number(text: str, finder: MentionFinder, sure: Sure) -> None:
    assert sure(finder.find(text)) == set()


@pytest.mark.parametrize(
    "text",
    ["Contoh 1", "menuju Contoh 1", "Contoh satu", "calon Contoh 1 siapa", "RI 1 datang", "Misal 1 dan Misal 2",
     "Contoh-1",
     "#Contoh1", "kursi Contoh 1 diperebutkan", "Banten 1", "Jatim 2", "DKI 1"],
)  # fmt: skip
def test_an_offices_nickname_is_no_ballot_number(text: str, finder: MentionFinder, sure: Sure) -> None:
    assert sure(finder.find(text)) == set()


@pytest.mark.parametrize(
    "text",
    ["@contoh02 mantap", "@02contoh dukung", "@warga_02 setuju", "kata @paslon02.fans tadi", "warga02 menang", "user01",
     "https://contoh.test/paslon/02", "foto IMG_02", "contoh.test/no-2", "a1b2c3"],
)  # fmt: skip
def test_a_number_in_a_user_name_or_a_link_is_no_ballot_number(text: str, finder: MentionFinder, sure: Sure) -> None:
    assert sure(finder.find(text)) == set()


@pytest.mark.parametrize(
    "text",
    [
        "pilkades: coblos nomor 2", "pilih nomor 2 calon kepala desa", "ketua OSIS nomor 1", "calon ketua RT nomor 2",
        "pemilihan ketua karang taruna, dukung no 1", "pilpres dukung no 2", "capres 02 menang", "cagub nomor 2",
        "pilgub jatim no 2", "caleg no 2 dapil 1", "dapil 2 menang", "pemilihan ketua kelas coblos 2",
        "audisi: dukung peserta no 2", "pileg 2024 coblos no 1", "wali kota nomor 2 pilihan kita",
    ],
)  # fmt: skip
def test_another_elections_number_is_not_this_contests(text: str, finder: MentionFinder, sure: Sure) -> None:
    assert sure(finder.find(text)) == set()


@pytest.mark.parametrize(
    "text",
    ["pilkada 2018 saya coblos no 2", "pilbup 2015 dulu nomor 1 menang", "2019 paslon 02 kalah di pilpres",
     "waktu pilkada 2020 no 2 unggul"],
)  # fmt: skip
def test_an_older_elections_number_is_not_this_contests(text: str, finder: MentionFinder, sure: Sure) -> None:
    assert sure(finder.find(text)) == set()


@pytest.mark.parametrize(
    "text",
    [
        "TPS 02 ramai, ayo memilih", "dukung RT 02 juara lomba", "kami di TPS 2 sudah memilih", "menang undian no 2",
        "#RT02 kompak, dukung lomba", "#SDN02 juara", "#umpamawatimisal02 menang", "coblos jam 2 ya",
        "dukung gerakan 1 juta pohon", "pilih 2 warna", "menang 2 kali", "dukung 2 anak cukup",
    ],
)  # fmt: skip
def test_a_campaign_word_makes_no_ballot_number_of_a_count(text: str, finder: MentionFinder, sure: Sure) -> None:
    assert sure(finder.find(text)) == set()


@pytest.mark.parametrize(
    "text",
    [
        "coblos nomor 2", "coblos no. 2!", "pilih no 2 ya", "paslon 02 menang", "paslon nomor urut 2", "nomor urut dua",
        "nomer urut 2", "no urut 02", "dukung no.2", "dukung 02", "menangkan 02", "02 menang", "pilbup: no 2",
        "cabup 02",
        "cabup nomor 2", "pasangan calon nomor 2", "pasangan no 2 hebat, coblos", "kubu 02 pilkada", "coblos 2",
        "salam dua jari coblos", "no 2 di hati, menang", "pilih O2", "pilih o2", "nomor 2️⃣ coblos", "coblos ②",
        "coblos no ２", "coblos nomor 𝟐", "coblos nomer loro", "pilih nomor dua", "pilih nomer due", "wakil 02",
        "gas no 2 pilkada", "pilkada no 2", "debat semalam no 2 unggul", "2 menang pilkada no 2", "#coblos2",
        "#Paslon02",
        "#coblosno2", "#PilihNo2", "#CoblosNomor2", "#02 menang", "#Menang02", "nomorr 2 coblos", "coblos n0 2",
        "coblos number 2", "coblos nomer kalih", "coblos nomer duwa", "coblos 2 lalu pulang", "coblos 2, apalagi debat",
        "coblos 2 padahal hujan",
    ],
)  # fmt: skip
def test_a_ballot_number_is_read_in_all_its_forms(text: str, finder: MentionFinder, sure: Sure) -> None:
    assert sure(finder.find(text)) == {2}


@pytest.mark.parametrize(
    "text", ["no 1 atau no 2, pilih mana", "paslon 1 dan 2", "debat: 01 vs 02", "coblos 1 atau coblos 2"]
)
def test_both_numbers_of_a_comparison_are_read(text: str, finder: MentionFinder, sure: Sure) -> None:
    assert sure(finder.find(text)) == {1, 2}


@pytest.mark.parametrize("text", ["coblos nomor 7", "paslon 99", "nomor urut 0 menang", "pilih no 100", "paslon 222"])
def test_a_number_that_nobody_has_names_nobody(text: str, finder: MentionFinder, sure: Sure) -> None:
    assert sure(finder.find(text)) == set()


@pytest.fixture(scope="module")
def stacked(pair_of: Pair, race_of: Race, finder_of: FinderOf) -> MentionFinder:
    """A kabupaten, its province and its neighbour, all with pairs 1 and 2."""
    names = (
        ("BUDI PERMISALAN", "AGUNG UMPAMAWAN"),
        ("TEJA GUBERNARI", "RATNO PROVINSIAN"),
        ("WIRYO SEBELAHAN", "JATI TETANGGAAN"),
    )
    places = (
        ("Bupati Contoh 2024", "99.01", Office.BUPATI),
        ("Gubernur Contohan 2024", "99", Office.GUBERNUR),
        ("Bupati Sebelah 2024", "99.02", Office.BUPATI),
    )
    return finder_of(
        *(
            race_of(*(pair_of(n, name, key=10 * c + n) for n, name in enumerate(who, 1)), name=title, region=region,
                    office=office, key=c)
            for c, (who, (title, region, office)) in enumerate(zip(names, places, strict=True), 1)
        )
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("pilbup coblos no 1", {11}), ("cabup 02 menang", {12}), ("bupati nomor 1 pilihan kita", {11}),
        ("pilgub coblos no 1", {21}), ("cagub nomor 2", {22}), ("gubernur pilih nomor 2", {22}),
        ("debat pilgub: no 1 unggul", {21}), ("coblos no 1, hidup Budi Permisalan", {11}),
        ("Teja Gubernari no 1 coblos", {21}), ("pilbup contoh no 2", {12}),
    ],
)  # fmt: skip
def test_office_place_or_name_decides_whose_number_it_is(
    text: str, named: set[int], stacked: MentionFinder, sure: Sure
) -> None:
    assert sure(stacked.find(text, scope="99.01")) == named


@pytest.mark.parametrize("text", ["coblos no 1", "paslon 1 menang", "nomor urut 1"])
def test_an_undecided_number_is_said_of_both_contests_of_the_person(
    text: str, stacked: MentionFinder, sure: Sure
) -> None:
    assert sure(stacked.find(text, scope="99.01")) == {11, 21}


@pytest.mark.parametrize("text", ["coblos no 1", "paslon 1 menang", "pilbup no 1"])
def test_a_neighbours_number_is_never_taken(text: str, stacked: MentionFinder, sure: Sure) -> None:
    assert 31 not in sure(stacked.find(text, scope="99.01"))


def test_a_province_officer_is_bound_by_the_provinces_numbers_only(stacked: MentionFinder, sure: Sure) -> None:
    assert sure(stacked.find("coblos no 2", scope="99")) == {22}


@pytest.mark.parametrize("text", ["no 2 aja", "02", "no 2 mantap", "2"])
def test_a_bare_number_is_weak(text: str, finder: MentionFinder) -> None:
    assert all(m.tier.rank < Tier.SEDANG.rank for m in finder.find(text))


@pytest.mark.parametrize("parent", ["Debat Pilbup Contoh malam ini", "Siapa paslon pilihanmu?", "Pilkada Contoh 2024"])
@pytest.mark.parametrize("text", ["no 2 aja", "02 dong", "nomor dua", "02"])
def test_the_parents_contest_makes_a_number_sure(text: str, parent: str, finder: MentionFinder, sure: Sure) -> None:
    assert sure(finder.find(text, parent=parent)) == {2}


@pytest.mark.parametrize("parent", ["Resep sambal nomor 2", "Pilpres 2024: capres siapa?", "Pilkades serentak"])
def test_a_parent_about_something_else_does_not(parent: str, finder: MentionFinder, sure: Sure) -> None:
    assert sure(finder.find("no 2 aja", parent=parent)) == set()
