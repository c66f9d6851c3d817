"""Trap 1: a name inside another word is no name; run-ons and hashtags are, when known pieces cover them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from monitor.domain import Candidate, Contest, Mention, MentionKind
from rules.mentions import MentionFinder

Sure = Callable[[tuple[Mention, ...]], set[int]]
Pair = Callable[..., Candidate]
Race = Callable[..., Contest]
FinderOf = Callable[..., MentionFinder]


@pytest.fixture(scope="module")
def short_names(pair_of: Pair, race_of: Race, finder_of: FinderOf) -> MentionFinder:
    return finder_of(
        race_of(
            pair_of(1, "EMIL CONTOHAN", "ANDRA UMPAMARA", short=(("Emil",), ("Andra",)), aliases=("AHY",)),
            pair_of(2, "ADENAN PERMISALI", "RIANI TELADANTI", short=(("Ade",), ("Ria", "Ani"))),
        )
    )


@pytest.mark.parametrize(
    "word",
    [
        "pemilu", "pemilukada", "pemilih", "pemilihan", "pemilik", "semilir", "kemilau", "familinya",
        "parahyangan", "syahyan", "tersandra", "sandra", "candra", "chandra", "andragogi", "mandraguna", "sahyadi",
        "adem", "padepokan", "kadet", "adekuat", "gembiraria", "variasi", "kriteria", "seriangan",
        "petani", "berani", "organisasi", "manipulasi", "tani", "canitra", "melayani", "animasi",
    ],
)  # fmt: skip
@pytest.mark.parametrize("shape", ["{}", "dukung {} hebat", "{}nya menang", "({})", "#{}", "#Pilih{}", "{}.", "ke-{}"])
def test_a_word_that_holds_a_short_name_names_nobody(
    word: str, shape: str, short_names: MentionFinder, sure: Sure
) -> None:
    assert sure(short_names.find(shape.format(word))) == set()


@pytest.mark.parametrize(
    "text",
    [
        "KPU menyiapkan pemilu serentak di parahyangan",
        "#Pemilu2024 #PemilihCerdas #PemiluDamai #KawalPemilu",
        "pemilih pemula belajar memilih di pemilu raya kampus",
        "www.pemilu.example/emil dan https://contoh.test/andra/ahy",
        "surel ke emilia@contoh.test",
    ],
)
def test_an_election_bodys_text_names_nobody(text: str, short_names: MentionFinder) -> None:
    named = [m for m in short_names.find(text) if m.kind not in {MentionKind.NUMBER, MentionKind.EMOJI}]
    assert named == []


@pytest.mark.parametrize(
    "text", ["emil", "Emil!", "pak emil.", "(Emil)", "emil-andra", "Emil/Andra", "emil,andra", "dukung Emil&Andra"]
)
def test_the_same_short_name_as_a_word_of_its_own_is_named(text: str, short_names: MentionFinder, sure: Sure) -> None:
    assert sure(short_names.find(f"coblos {text}")) == {1}


@pytest.fixture(scope="module")
def blends(pair_of: Pair, race_of: Race, finder_of: FinderOf) -> MentionFinder:
    return finder_of(
        race_of(
            pair_of(1, "RIZKALDI CONTOHAN", "DONOWARI UMPAMARA", short=(("Rizkaldi",), ("Dono",)),
                    aliases=("RIDONO",), slogans=("Contoh Gemah Ripah",), hashtags=("RidonoPasti",)),
            pair_of(2, "GUSNALDI PERMISALI", "SRI TELADANTI", short=(("Gusnal",), ()), aliases=("GUSTEL",)),
            name="Wali Kota Misal 2024", region="99.71",
        )
    )  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "ridono", "RIDONO", "RiDono", "Ridono!", "#ridono", "#RIDONO", "#RidonoMenang", "#MenangRidono", "#PilihRidono",
        "#RidonoPasti", "#ridonopasti", "#SalamRidono", "#RidonoJuara", "#Ridono2024", "#RizkaldiDono",
        "rizkaldidono", "Rizkaldi-Dono", "Rizkaldi & Dono", "Rizkaldi/Dono", "rizkaldi dono", "Rizkaldi dan Donowari",
        "rizkaldicontohan", "#RizkaldiContohan", "Rizkaldi.Contohan", "contoh gemah ripah", "#ContohGemahRipah",
    ],
)  # fmt: skip
def test_a_blend_is_found_in_every_joining(text: str, blends: MentionFinder, sure: Sure) -> None:
    assert sure(blends.find(f"pokoknya {text} saja")) == {1}


@pytest.mark.parametrize("text", ["gridono", "ridonoton", "maridonor", "xridonox", "kerido no", "ri do no"])
def test_a_word_around_a_blend_is_another_word(text: str, blends: MentionFinder, sure: Sure) -> None:
    assert 1 not in {m.candidate_id for m in blends.find(text) if m.tier.rank >= 3}


@pytest.mark.parametrize("text", ["#GustelMenang dan #RidonoMenang", "ridono vs gustel", "gustel atau ridono?"])
def test_both_sides_of_a_text_are_named(text: str, blends: MentionFinder, sure: Sure) -> None:
    assert sure(blends.find(text)) == {1, 2}
