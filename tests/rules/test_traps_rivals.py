"""Traps 2, 4, 5, 6 and 7: likeness crosses to no rival and no common word; names are never rewritten."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from monitor.domain import AccountRef, Act, Candidate, Contest, InteractionView, Mention, MentionKind, Tier
from rules.engine import Judge
from rules.mentions import MentionFinder

Sure = Callable[[tuple[Mention, ...]], set[int]]
Pair = Callable[..., Candidate]
Race = Callable[..., Contest]
FinderOf = Callable[..., MentionFinder]

RIVALS = [
    ("PRANOLO", "PRABOLO"), ("HARMINTO", "HARMANTO"), ("KARSOLIN", "KARSODIN"), ("SUWARDINI", "SUHARDINI"),
    ("MARLOKAN", "MARLOKAH"), ("TEJAWULAN", "TEJABULAN"), ("DARMALINGGA", "DARMALINGGE"), ("ABDUWALI", "ABDUWALIH"),
    ("JUNARSO", "YUNARSO"), ("SOFYARDI", "SOFYANDI"),
]  # fmt: skip


@pytest.mark.parametrize(("one", "other"), RIVALS)
def test_a_rivals_name_one_edit_away_is_the_rivals(
    one: str, other: str, pair_of: Pair, race_of: Race, finder_of: FinderOf, sure: Sure
) -> None:
    finder = finder_of(race_of(pair_of(1, f"{one} CONTOHAN"), pair_of(2, f"{other} UMPAMARA")))
    texts = (f"pilih {one.lower()}", f"pilih {other.lower()}", f"{one} lawan {other}", f"#{other}Menang")
    assert [sure(finder.find(text)) for text in texts] == [{1}, {2}, {1, 2}, {2}]


@pytest.mark.parametrize(("one", "other"), RIVALS)
def test_a_misspelling_as_near_to_both_rivals_names_neither(
    one: str, other: str, pair_of: Pair, race_of: Race, finder_of: FinderOf, sure: Sure
) -> None:
    finder = finder_of(race_of(pair_of(1, f"{one} CONTOHAN"), pair_of(2, f"{other} UMPAMARA")))
    place = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), len(one))
    between = (one[:place] + "q" + one[place + 1 :]).lower()
    assert sure(finder.find(f"pilih {between}")) == set()


@pytest.mark.parametrize(
    "text", ["pilih Karsolin Umpamasrai", "pilih Karsoln Umpamasari", "Wirano Karsolim Umpamasari menang"]
)
def test_a_misspelt_full_name_with_a_rivals_surname_in_it_is_its_bearers_alone(
    text: str, pair_of: Pair, race_of: Race, finder_of: FinderOf, sure: Sure
) -> None:
    finder = finder_of(race_of(pair_of(1, "WIRANO KARSOLIN UMPAMASARI"), pair_of(2, "SULASTRI UMPAMASARI")))
    assert sure(finder.find(text)) == {1}


@pytest.mark.parametrize(("one", "other"), RIVALS)
def test_rivals_of_two_contests_with_the_same_voters_are_kept_apart(
    one: str, other: str, pair_of: Pair, race_of: Race, finder_of: FinderOf, sure: Sure
) -> None:
    near = race_of(pair_of(1, f"{one} CONTOHAN"))
    above = race_of(pair_of(1, f"{other} UMPAMARA", key=21), name="Gubernur Contohan 2024", region="99", key=2)
    finder = finder_of(near, above)
    assert [sure(finder.find(f"pilih {w.lower()}", scope="99.01")) for w in (one, other)] == [{1}, {21}]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("RAKYAN", "suara rakyat untuk rakyat"), ("MENANGO", "kita pasti menang"), ("DUKUNGI", "terima kasih dukung"),
        ("BUPATO", "pak bupati datang, dukung"), ("PEMIMPIS", "pilih pemimpin yang jujur"), ("KERJAN",
        "kerja kerja kerja"),
        ("SELAMET", "selamat pagi, selamat memilih"), ("PILIHO", "pilih yang terbaik"), ("CONTOHI", "contoh yang baik"),
        ("GANTENK", "calonnya ganteng"), ("SEHATI", "semoga sehat selalu"), ("BANGKITO", "ayo bangkit bersama"),
        ("JAKARTO", "jakarta macet"), ("INDONESIO", "indonesia maju"), ("MASYARAKET", "masyarakat cerdas memilih"),
        ("ALHAMDULILAH", "alhamdulillah menang"), ("PEMERINTOH", "pemerintah daerah mendukung"),
        ("PERUBAHEN", "perubahan untuk semua"), ("BERSAMI", "bersama kita bisa"), ("KAMPANYO", "kampanye damai"),
    ],
)  # fmt: skip
def test_an_everyday_word_one_edit_from_a_name_is_the_everyday_word(
    name: str, text: str, pair_of: Pair, race_of: Race, finder_of: FinderOf, sure: Sure
) -> None:
    assert sure(finder_of(race_of(pair_of(1, f"{name} CONTOHAN", "SITI TELADANTI"))).find(text)) == set()


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("ADE", "adek saya sudah makan, menang lomba"), ("GINTING", "ganteng sekali calonnya"),
        ("DHARMA", "darma bakti untuk desa"), ("TAPI", "tapi aku mau tidur"), ("YANG", "yg penting sehat"),
        ("SAMA", "sama sama kak, dukung terus"), ("GAK", "gak mau ah"), ("BANGET", "enak bgt"),
        ("UDAH", "udah coblos tadi"), ("MAKASI", "makasih semuanya"), ("BEGIO", "begitu ya"), ("SAJO", "aja saja"),
    ],
)  # fmt: skip
def test_slang_turns_no_word_into_a_name(
    name: str, text: str, pair_of: Pair, race_of: Race, finder_of: FinderOf, sure: Sure
) -> None:
    assert sure(finder_of(race_of(pair_of(1, f"{name} CONTOHAN", "SITI TELADANTI"))).find(text)) == set()


@pytest.mark.parametrize(
    "name", ["ADENI", "GINTINGAN", "DHARMANI", "TAPILU", "GUEDAL", "AKUANI", "BGTARI", "SAMALI", "KALOKO", "DOANGIN"]
)
def test_a_name_like_slang_stays_as_it_is(
    name: str, pair_of: Pair, race_of: Race, finder_of: FinderOf, sure: Sure
) -> None:
    finder = finder_of(race_of(pair_of(1, f"{name} CONTOHAN", "SITI TELADANTI")))
    mentions = finder.find(f"dukung {name.lower()} ya gaes")
    assert (sure(mentions), mentions[0].text) == ({1}, name.lower())


ONE_WORD = {
    "ALAM": ("alam indah sekali", "pecinta alam naik gunung", "dukung wisata alam desa"),
    "MUSLIM": ("anak muslim rajin", "umat muslim mendukung pembangunan masjid", "busana muslim murah"),
    "KARTINI": ("selamat hari kartini", "kartini muda menang lomba", "jalan kartini macet"),
    "BINTANG": ("bintang tamu malam ini", "hotel bintang lima", "bintang kampus menang"),
    "FAJAR": ("fajar menyingsing", "salat fajar", "salam fajar"),
    "MELATI": ("bunga melati harum", "jalan melati no 2", "pilih melati atau mawar"),
    "SEJAHTERA": ("keluarga sejahtera", "salam sejahtera, mari dukung", "partai keadilan sejahtera"),
    "PERMATA": ("batu permata", "perumahan permata indah", "pilih permata"),
    "GUNTUR": ("guntur dan petir", "jalan guntur", "suara guntur"),
    "SURYA": ("tenaga surya", "panel surya desa", "pilih surya"),
    "MERDEKA": ("merdeka!", "kampus merdeka", "pilih merdeka"),
    "CAHAYA": ("cahaya lampu", "toko cahaya menang tender", "cahaya hati"),
}


@pytest.mark.parametrize(("name", "text"), [(n, t) for n, texts in ONE_WORD.items() for t in texts])
def test_a_common_single_word_alone_names_nobody(
    name: str, text: str, pair_of: Pair, race_of: Race, finder_of: FinderOf, sure: Sure
) -> None:
    finder = finder_of(
        race_of(pair_of(1, name, "RINALDI UMPAMARA"), pair_of(2, "BUDIARTO PERMISALI", "SITI TELADANTI"))
    )
    assert sure(finder.find(text)) == set()


@pytest.mark.parametrize("name", sorted(ONE_WORD))
def test_a_common_single_word_beside_the_partner_names_the_pair(
    name: str, pair_of: Pair, race_of: Race, finder_of: FinderOf, sure: Sure
) -> None:
    finder = finder_of(
        race_of(pair_of(1, name, "RINALDI UMPAMARA"), pair_of(2, "BUDIARTO PERMISALI", "SITI TELADANTI"))
    )
    texts = (f"{name.title()} dan Rinaldi Umpamara", f"{name.lower()} - rinaldi", f"dukung {name.lower()} rinaldi")
    assert [sure(finder.find(text)) for text in texts] == [{1}, {1}, {1}]


@pytest.mark.parametrize(
    ("alias", "text"),
    [
        ("LUBER", "pemilu luber jurdil"), ("SMART", "smart city kita"), ("MANIS", "kopinya manis"),
        ("AMIN", "amin ya Allah, semoga menang"), ("BERKAH", "jumat berkah"), ("SANTUN", "anak yang santun"),
        ("IDAMAN", "rumah idaman"), ("BERANI", "harus berani jujur"), ("JUARA", "tim kami juara"),
        ("SAKTI", "pancasila sakti"), ("BAIK", "orang baik pilih orang baik"), ("HARUM", "wangi harum"),
        ("ASLI", "orang asli sini"), ("SEHATI", "sehati sejiwa mendukung timnas"), ("RAMAH", "ramah lingkungan"),
    ],
)  # fmt: skip
def test_an_alias_that_is_an_everyday_word_names_nobody(
    alias: str, text: str, pair_of: Pair, race_of: Race, finder_of: FinderOf, sure: Sure
) -> None:
    finder = finder_of(race_of(pair_of(1, "LUDIMAN CONTOHAN", "BERTHALI TELADANTI", aliases=(alias,))))
    assert sure(finder.find(text)) == set()


@pytest.mark.parametrize(
    "text",
    ["", " ", "Y", "y", "ya", "a", "i", "bu", "ok", "no", "in", "an", "si", "ti", "b", "di", "ri", "na", "s.", "?",
     "1", "2",
     "01", "👍", "wkwk", "gas", "up", "mantap"],
)  # fmt: skip
def test_short_texts_name_nobody(text: str, finder: MentionFinder, sure: Sure) -> None:
    assert sure(finder.find(text)) == set()


@pytest.mark.parametrize("name", ["ZURO", "ANI", "EMIL", "RIKO", "ALFI", "TUTO"])
def test_names_under_five_letters_bear_no_misspelling(
    name: str, pair_of: Pair, race_of: Race, finder_of: FinderOf
) -> None:
    finder = finder_of(race_of(pair_of(1, f"{name} CONTOHAN", "BERTHALI TELADANTI", short=((name.title(),), ()))))
    low = name.lower()
    variants = {low[:i] + c + low[i + 1 :] for i in range(len(low)) for c in "qxz"} - {low}
    assert [v for v in sorted(variants) for m in finder.find(f"dukung {v}") if m.kind is MentionKind.MISSPELLING] == []


@pytest.mark.parametrize(
    ("name", "written", "tier"),
    [
        ("KARDI", "kardy", Tier.SEDANG), ("WARDANI", "wardhani", Tier.SEDANG), ("PERMISAL", "permisel", Tier.SEDANG),
        ("PERMISALAN", "permisalam", Tier.KUAT), ("PERMISALAN", "permisalaan", Tier.KUAT),
        ("PERMISALAN", "premisalan", Tier.KUAT), ("PERMISALAN", "permisolam", Tier.SEDANG),
        ("PERMISALAN", "permosolam", None), ("KARDI", "kordy", None), ("UMPAMAWAN", "umpanawan", Tier.KUAT),
        ("SYAHRUNAN", "sahrunan", Tier.KUAT), ("KHOIRUNAN", "koirunan", Tier.KUAT), ("TELADANTI", "tladanti",
        Tier.KUAT),
    ],
)  # fmt: skip
def test_the_length_of_the_registers_word_decides_the_tier(
    name: str, written: str, tier: Tier | None, pair_of: Pair, race_of: Race, finder_of: FinderOf
) -> None:
    finder = finder_of(race_of(pair_of(1, f"{name} CONTOHAN", "BERTHALIS GUNARWAN")))
    tiers = [m.tier for m in finder.find(f"wah {written} datang") if m.kind is MentionKind.MISSPELLING]
    assert tiers == ([tier] if tier else [])


@pytest.mark.parametrize("handle", ["budi.contoh", "budicontoh01", "siti_teladan"])
@pytest.mark.parametrize("text", ["selamat pagi", "cuaca hari ini cerah", "berangkat kerja dulu"])
def test_the_authors_own_name_is_no_mention(
    handle: str, text: str, judge: Judge, view_of: Callable[..., InteractionView]
) -> None:
    from dataclasses import replace

    view = replace(view_of(Act.POST, own=text), actor=AccountRef("contoh", "id-pegawai", handle))
    assert judge.judge(view).hits == ()


def test_a_name_that_rivals_share_is_theirs_beside_whose_sure_name_it_stands(
    pair_of: Pair, race_of: Race, finder_of: FinderOf, sure: Sure
) -> None:
    race = race_of(pair_of(1, "TARWIJAYAN", "BUDI PERMISALAN"), pair_of(2, "AGUNG PERMISALAN", "UMPAMAWATI"))
    finder = finder_of(race)
    texts = ("tarwijayan permisalan menang", "permisalan - umpamawati menang", "umpamawati, permisalan menang")
    assert [sure(finder.find(text)) for text in texts] == [{1}, {2}, {1, 2}]


@pytest.mark.parametrize("way", ["Moh.", "Mohamad", "Muhamad", "MOCHAMMAD", "m.", "mhd"])
def test_a_first_name_that_people_write_in_many_ways_is_found_in_each(
    way: str, pair_of: Pair, race_of: Race, finder_of: FinderOf, sure: Sure
) -> None:
    finder = finder_of(race_of(pair_of(1, "MUHAMMAD PERMISALAN, S.E."), pair_of(2, "ABD. CONTOHAN")))
    assert [m.tier for m in finder.find(f"ada {way} Permisalan lewat")] == [Tier.KUAT]
    assert sure(finder.find("ada abdul contohan lewat")) == {2}


def test_a_short_first_name_before_an_everyday_word_needs_a_second_signal(
    pair_of: Pair, race_of: Race, finder_of: FinderOf, sure: Sure
) -> None:
    finder = finder_of(race_of(pair_of(1, "MUHAMMAD IKHLAS"), pair_of(2, "AGUNG UMPAMAWAN")))
    assert not sure(finder.find("aku moh ikhlas begitu saja"))
    assert sure(finder.find("pilih moh ikhlas jadi bupati contoh")) == {1}
    assert sure(finder.find("ada mohamad ikhlas lewat")) == {1}


@pytest.mark.parametrize("way", ["abdul rahman", "Abd. Rahman", "Abdurahman", "abdurrahman"])
@pytest.mark.parametrize("official", ["ABDURRAHMAN PERMISALAN", "ABDUL RAHMAN PERMISALAN"])
def test_a_first_name_in_one_word_or_two_is_one_name(
    official: str, way: str, pair_of: Pair, race_of: Race, finder_of: FinderOf
) -> None:
    finder = finder_of(race_of(pair_of(1, official), pair_of(2, "AGUNG CONTOHAN")))
    tiers = [m.tier for m in finder.find(f"kemarin ada {way} Permisalan lewat sini")]
    assert tiers == [Tier.KUAT]


def test_a_first_name_that_only_begins_so_is_another(pair_of: Pair, race_of: Race, finder_of: FinderOf) -> None:
    finder = finder_of(race_of(pair_of(1, "ABDULLAH PERMISALAN"), pair_of(2, "AGUNG CONTOHAN")))
    assert not any("abdul " in form or "abd " in form for form in finder.register.phrases)


def test_in_a_tag_a_name_that_rivals_share_is_theirs_whose_other_name_stands_there(
    pair_of: Pair, race_of: Race, finder_of: FinderOf, sure: Sure
) -> None:
    race = race_of(pair_of(1, "TARWIJAYAN", "BUDI PERMISALAN"), pair_of(2, "AGUNG PERMISALAN", "UMPAMAWATI"))
    assert sure(finder_of(race).find("#TarwijayanBersamaPermisalan")) == {1}


def test_a_common_name_beside_the_ballot_number_of_its_pair_is_that_pairs(
    pair_of: Pair, race_of: Race, finder_of: FinderOf, sure: Sure
) -> None:
    finder = finder_of(race_of(pair_of(1, "SITI", "AGUNG CONTOHAN"), pair_of(2, "BUDI", "RINA CONTOHWATI")))
    texts = ("siti nomor 1 ya", "nomor 1 siti ya", "siti nomor 2 ya", "siti lewat", "siti tinggal di jalan mawar no 1")
    assert [sure(finder.find(text)) for text in texts] == [{1}, {1}, set(), set(), set()]


@pytest.mark.parametrize("text", ["siti anak nomor 1", "budi absen nomor 2", "Budi pakai jersey nomor 2, Siti nomor 3"])
def test_a_common_name_in_one_text_with_a_number_that_is_not_beside_it_is_nobodys(
    text: str, pair_of: Pair, race_of: Race, finder_of: FinderOf, sure: Sure
) -> None:
    finder = finder_of(race_of(pair_of(1, "SITI", "AGUNG CONTOHAN"), pair_of(2, "BUDI", "RINA CONTOHWATI")))
    assert not sure(finder.find(text))


@pytest.mark.parametrize(
    "text", ["Budi ST, Permisalan", "Budi ST Permisalan", "Budi, S.E., M.M., Umpamawan", "M., Umpamawan"]
)
def test_the_degree_of_whoever_is_named_before_is_no_first_name(
    text: str, pair_of: Pair, race_of: Race, finder_of: FinderOf
) -> None:
    finder = finder_of(race_of(pair_of(1, "SITI PERMISALAN"), pair_of(2, "MUHAMMAD UMPAMAWAN")))
    assert [m.tier for m in finder.find(f"hadir {text} dan lain-lain")] == [Tier.SEDANG]


def test_sitti_is_a_siti(pair_of: Pair, race_of: Race, finder_of: FinderOf) -> None:
    finder = finder_of(race_of(pair_of(1, "SITTI PERMISALAN"), pair_of(2, "AGUNG CONTOHAN")))
    assert [(m.kind, m.tier) for m in finder.find("ada Siti Permisalan lewat")] == [(MentionKind.NAME, Tier.KUAT)]
