"""The traps that real Indonesian texts set, each by its name in the design."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from monitor.domain import Contest, Mention, MentionKind, Office, Tier
from rules.mentions import MentionFinder

Sure = Callable[[tuple[Mention, ...]], set[int]]
ContestOf = Callable[..., Contest]
FinderOf = Callable[..., MentionFinder]


def test_emil_is_not_in_pemilu(contest_of: ContestOf, finder_of: FinderOf) -> None:
    finder = finder_of(contest_of(("EMIL CONTOHAN", "SITI TELADANI")))
    assert not finder.find("KPU menyiapkan pemilu, pemilukada dan debat pilkada")


@pytest.mark.parametrize("text", ["kuliah di parahyangan", "korban tersandra di bank", "pilkada parahyangan"])
def test_short_names_are_not_inside_longer_words(text: str, contest_of: ContestOf, finder_of: FinderOf) -> None:
    finder = finder_of(contest_of(("AHYANDRA CONTOHAN", "SITI TELADANI"), aliases=("AHY", "Andra")))
    assert not [m for m in finder.find(text) if m.kind is not MentionKind.EMOJI]


def test_a_rivals_name_is_no_misspelling(contest_of: ContestOf, finder_of: FinderOf, sure: Sure) -> None:
    finder = finder_of(contest_of(("PRANOLO CONTOHAN", "SITI TELADANI"), ("PRABOLO UMPAMAWAN", "RINA CONTOHWATI")))
    assert sure(finder.find("pilih prabolo")) == {2}


def test_a_word_between_two_rivals_names_nobody(contest_of: ContestOf, finder_of: FinderOf, sure: Sure) -> None:
    finder = finder_of(contest_of(("PRANOLO CONTOHAN", "SITI TELADANI"), ("PRAMOLO UMPAMAWAN", "RINA CONTOHWATI")))
    assert sure(finder.find("pilih pradolo")) == set()


def test_a_common_word_is_no_misspelling(contest_of: ContestOf, finder_of: FinderOf, sure: Sure) -> None:
    finder = finder_of(contest_of(("RAKYAN CONTOHAN", "SITI TELADANI")))
    assert sure(finder.find("menang untuk rakyat")) == set()


@pytest.mark.parametrize(
    "text",
    [
        "Alamat: Jl. Melati no. 2, pilih warna apa?",
        "restoran nomor 1 di kota",
        "ini nomor 1 di dunia",
        "tiket no 2 sudah dibayar",
        "rapat 02:30 tanggal 02 oktober",
        "banyak calon2 baru",
        "pilih satu saja ya",
        "pasangan satu ini serasi",
        "beli 2 gratis 1",
        "menuju Contoh 1",
    ],
)
def test_everyday_numbers_are_no_ballot_numbers(text: str, finder: MentionFinder, sure: Sure) -> None:
    assert sure(finder.find(text)) == set()


@pytest.mark.parametrize(
    "text",
    ["coblos no 2", "paslon 02", "nomor urut dua", "paslon no.2", "menang no2", "pilih O2", "wakil 02",
     "pilkada: nomor dua",
     "coblos 2", "nourut 2 paslon hebat", "salam dua jari, menang", "dukung no 2️⃣"],
)  # fmt: skip
def test_ballot_numbers_are_read_in_all_their_forms(text: str, finder: MentionFinder, sure: Sure) -> None:
    assert sure(finder.find(text)) == {2}


def test_a_number_without_campaign_word_or_context_is_weak(finder: MentionFinder) -> None:
    assert [m.tier for m in finder.find("no 2 aja")] == [Tier.LEMAH]


def test_a_number_rises_in_the_context_of_its_parent(finder: MentionFinder, sure: Sure) -> None:
    assert sure(finder.find("no 2 aja", parent="Debat Pilbup Contoh")) == {2}


def test_a_number_belongs_to_the_persons_region_only(contest_of: ContestOf, finder_of: FinderOf, sure: Sure) -> None:
    here = contest_of(("BUDI PERMISALAN", "SITI TELADANI"))
    there = contest_of(("AGUNG UMPAMAWAN", "RINA CONTOHWATI"), name="Bupati Misal 2024", region="98.02", first_id=11)
    assert sure(finder_of(here, there).find("coblos no 1", scope="99.01")) == {1}


def test_a_number_of_another_office_in_the_same_place_is_not_taken(
    contest_of: ContestOf, finder_of: FinderOf, sure: Sure
) -> None:
    regent = contest_of(("BUDI PERMISALAN", "SITI TELADANI"))
    governor = contest_of(
        ("AGUNG UMPAMAWAN", "RINA CONTOHWATI"),
        name="Gubernur Contohan 2024",
        region="99",
        office=Office.GUBERNUR,
        first_id=11,
    )
    assert sure(finder_of(regent, governor).find("pilgub coblos no 1", scope="99.01")) == {11}


def test_an_older_election_is_not_this_one(finder: MentionFinder, sure: Sure) -> None:
    assert sure(finder.find("dulu pilkada 2018 saya coblos no 2")) == set()


def test_another_provinces_number_is_not_taken(contest_of: ContestOf, finder_of: FinderOf, sure: Sure) -> None:
    finder = finder_of(
        contest_of(
            ("BUDI PERMISALAN", "SITI TELADANI"), name="Gubernur Banten 2024", region="36", office=Office.GUBERNUR
        )
    )
    assert sure(finder.find("pilgub jatim, cagub no 1 menang")) == set()


def test_a_name_that_slang_would_rewrite_is_kept(contest_of: ContestOf, finder_of: FinderOf, sure: Sure) -> None:
    finder = finder_of(contest_of(("GINTINGAN CONTOHAN", "SITI TELADANI")))
    assert sure(finder.find("gintingan ganteng")) == {1}


@pytest.mark.parametrize("text", ["alam indah sekali", "anak muslim rajin", "hari kartini"])
def test_a_common_one_word_name_needs_a_second_signal(
    text: str, contest_of: ContestOf, finder_of: FinderOf, sure: Sure
) -> None:
    finder = finder_of(contest_of(("ALAM", "KARTINI"), ("MUSLIM", "RINA CONTOHWATI")))
    assert sure(finder.find(text)) == set()


@pytest.mark.parametrize("text", ["pemilu luber jurdil", "pilkada yang LUBER", "makanannya manis, smart sekali"])
def test_an_acronym_that_is_a_common_word_names_nobody(
    text: str, contest_of: ContestOf, finder_of: FinderOf, sure: Sure
) -> None:
    finder = finder_of(
        contest_of(("LUDIMAN CONTOHAN", "BERTHANI TELADAN"), aliases=("LUBER", "MANIS"), slogans=("SMART",))
    )
    assert sure(finder.find(text)) == set()


@pytest.mark.parametrize("text", ["Y", "ya", "a", "bu", ""])
def test_short_texts_name_nobody(text: str, finder: MentionFinder) -> None:
    assert finder.find(text) == ()


@pytest.mark.parametrize("text", ["𝗣𝗘𝗥𝗠𝗜𝗦𝗔𝗟𝗔𝗡", "perm\u200disalan", "perm1salan", "PERMISALAAAAN"])
def test_disguised_names_are_found_with_exact_spans(text: str, finder: MentionFinder) -> None:
    mention = finder.find(f"hidup {text} 👍🏽")[0]
    assert (mention.candidate_id, mention.text) == (1, text)


@pytest.mark.parametrize(
    ("text", "tier"),
    [("permisalam", Tier.KUAT), ("permisolam", Tier.SEDANG), ("permosolam", None), ("umpanawan", Tier.KUAT)],
)
def test_misspellings_follow_the_length_of_the_registers_word(
    text: str, tier: Tier | None, finder: MentionFinder
) -> None:
    tiers = [m.tier for m in finder.find(text) if m.kind is MentionKind.MISSPELLING]
    assert tiers == ([tier] if tier else [])


def test_short_names_are_never_matched_by_likeness(contest_of: ContestOf, finder_of: FinderOf) -> None:
    finder = finder_of(contest_of(("ZURO", "SITI TELADANI")))
    assert finder.find("zura pergi, zur datang") == ()


@pytest.mark.parametrize(
    "text", ["#BudiSiti", "#PermisalanMenang", "#MenangBusit", "#agungumpamawan", "permisalanteladani"]
)
def test_hashtags_and_run_ons_are_taken_apart(text: str, finder: MentionFinder, sure: Sure) -> None:
    assert len(sure(finder.find(text))) == 1


def test_a_common_name_rises_with_a_campaign_word(finder: MentionFinder, sure: Sure) -> None:
    assert (sure(finder.find("pak budi lewat")), sure(finder.find("dukung pak budi"))) == (set(), {1})


def test_a_shared_alias_goes_to_the_contest_of_the_persons_region(
    contest_of: ContestOf, finder_of: FinderOf, sure: Sure
) -> None:
    here = contest_of(("BUDI PERMISALAN", "SITI TELADANI"))
    there = contest_of(("BUDI PERMISALAN", "RINA CONTOHWATI"), name="Bupati Misal 2024", region="98.02", first_id=11)
    finder = finder_of(here, there)
    assert sure(finder.find("budi permisalan", scope="98.02")) == {11}
    assert sure(finder.find("budi permisalan")) == {1, 11}


def test_inherited_mentions_have_the_parents_tier_and_no_place(finder: MentionFinder) -> None:
    mentions = finder.find("mantap", parent="Agung Umpamawan di pasar")
    assert [(m.candidate_id, m.kind, m.tier, m.start, m.end) for m in mentions] == [
        (2, MentionKind.INHERITED, Tier.KUAT, 0, 0)
    ]


def test_links_hold_no_names(finder: MentionFinder) -> None:
    assert finder.find("https://contoh.test/budi-permisalan/no-2") == ()


def test_a_hand_supports_and_never_stands_alone(finder: MentionFinder) -> None:
    assert finder.find("✌️") == ()
    assert Tier.PENDUKUNG in {m.tier for m in finder.find("ayo coblos ✌️")}


def test_a_single_name_word_from_afar_needs_company(contest_of: ContestOf, finder_of: FinderOf, sure: Sure) -> None:
    there = contest_of(("BUDI PERMISALAN", "RINA CONTOHWATI"), name="Bupati Misal 2024", region="98.02", first_id=11)
    finder = finder_of(there)
    texts = ("permisalan mantap", "permisalam mantap", "budi permisalan mantap")
    assert [sure(finder.find(text, scope="99.01")) for text in texts] == [set(), set(), {11}]
