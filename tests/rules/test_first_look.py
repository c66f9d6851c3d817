"""The parts of the first look: whatever is quick about them, they say what a plain way would say."""

from __future__ import annotations

import random
from collections.abc import Callable
from string import ascii_lowercase

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from monitor.domain import Candidate, Contest, Mention, MentionKind, Tier
from rules.affixes import Affixes
from rules.automaton import PieceFinder
from rules.lexicon import Lexicon
from rules.loader import shipped_lexicon
from rules.mentions import MentionFinder
from rules.misspelling import RoughSpellings
from rules.tags import TagWords

Pair = Callable[..., Candidate]
Race = Callable[..., Contest]
FinderOf = Callable[..., MentionFinder]

LONG_WORDS = ("umpamawati", "umpamawatiwi", "misalkanlah")


def edited(word: str, edits: list[tuple[int, str]]) -> str:
    for place, letter in edits:
        word = word[:place] + letter + word[place + (1 if place % 2 else 0) :]
    return word


def misspelt(number: int) -> str:
    """One of the long words with up to five edits, the same for the same number."""
    drawn = random.Random(number)
    word = drawn.choice(LONG_WORDS)
    many = drawn.choice((0, 1, 1, 2, 2, 3, 4, 5))
    return edited(word, [(drawn.randint(1, len(word) - 1), drawn.choice("aiunm")) for _ in range(many)])


MISSPELT = sorted({misspelt(number) for number in range(5_000)})  # of which many are drawn with little effort


@settings(max_examples=200)
@given(st.lists(st.sampled_from(MISSPELT), min_size=60, max_size=90, unique=True), st.sampled_from(MISSPELT))
def test_of_many_names_the_same_are_two_edits_away_as_if_each_were_asked(names: list[str], token: str) -> None:
    near = {m.word for m in RoughSpellings(names).near(token)}
    same_opening = [n for n in names if n[0] == token[0] and len(n) >= 9]
    assert near == {n for n in same_opening if len(token) >= 8 and OSA.distance(token, n) == 2}


@given(
    st.lists(st.text(ascii_lowercase[:4], min_size=1, max_size=4), max_size=8), st.text(ascii_lowercase[:4] + "12³٣")
)
def test_every_piece_and_number_inside_a_word_is_found(pieces: list[str], word: str) -> None:
    places = [(end, start) for end in range(len(word) + 1) for start in range(end)]
    expected = [
        (end, start)
        for end, start in places
        if word[start:end] in pieces or (word[start:end].isdecimal() and end - start <= 3)
    ]
    assert PieceFinder(pieces, 3).spans(word) == sorted(expected)


@pytest.mark.parametrize(
    ("tag", "words"),
    [
        ("debatpilgubcontoh", ("debat", "pilgub", "contoh")),
        ("paslon02", ("paslon", "02")),
        ("paslon2", ("paslon", "2")),
        ("paslon2debat", ("paslon", "2", "debat")),
        ("xyzdebatxyz", ("debat",)),
        ("xyz", ()),
        ("", ()),
    ],
)
def test_a_tag_is_taken_apart_into_known_words(tag: str, words: tuple[str, ...]) -> None:
    assert TagWords(["debat", "pilgub", "contoh", "paslon"]).words(tag) == words


@pytest.mark.parametrize("word", ["dukung", "mendukung", "dukunglah", "mendukungnya", "dukungannya", "memperdukungkan"])
def test_a_known_word_with_affixes_is_derived(word: str) -> None:
    assert Affixes(["dukung"]).derived(word)


@pytest.mark.parametrize("word", ["dukun", "dukungx", "xdukung", "an", "nya", ""])
def test_other_words_are_not_derived(word: str) -> None:
    assert not Affixes(["dukung"]).derived(word)


@pytest.fixture
def crowd(pair_of: Pair, race_of: Race, finder_of: FinderOf) -> MentionFinder:
    """Find the pairs of more contests than are home where nobody's region is known."""
    races = [
        race_of(
            pair_of(1, f"MARSU{letter.upper()}ONO", f"TRIWA{letter.upper()}ANTI", key=10 + place),
            key=place,
            name=f"Bupati Jauh {letter} 2024",
            region=f"97.{place:02}",
        )
        for place, letter in enumerate("bcdfghklmp", start=1)
    ]
    return finder_of(
        race_of(pair_of(1, "WULHATO", "SITI TELADANI", aliases=("BESKANTORIRINA",), key=1), key=99, region="99.01"),
        *races,
    )


def misspelt(mentions: tuple[Mention, ...]) -> list[tuple[int, Tier]]:
    return [(m.candidate_id, m.tier) for m in mentions if m.kind is MentionKind.MISSPELLING]


def test_a_slightly_misspelt_name_is_weak_where_nobodys_region_is_known(crowd: MentionFinder) -> None:
    assert misspelt(crowd.find("kemarin saya lihat wulhatto lewat di jalan besar sana bersama anaknya")) == [
        (1, Tier.LEMAH)
    ]


def test_the_same_misspelling_is_sure_at_home(crowd: MentionFinder) -> None:
    text = "kemarin saya lihat wulhatto lewat di jalan besar sana bersama anaknya"
    assert misspelt(crowd.find(text, "99.01")) == [(1, Tier.SEDANG)]


def test_the_same_misspelling_says_nothing_of_a_pair_elsewhere(crowd: MentionFinder) -> None:
    text = "kemarin saya lihat wulhatto lewat di jalan besar sana bersama anaknya"
    assert misspelt(crowd.find(text, "97.01")) == []


def test_a_long_run_on_with_two_edits_is_weak_where_nobodys_region_is_known(crowd: MentionFinder) -> None:
    assert (1, Tier.LEMAH) in misspelt(crowd.find("bezkantorirna"))


@pytest.mark.parametrize("text", ["#SeninPilih tadi ada Siti lewat sana", "tadi kami pilih lewat sana kata Siti itu"])
def test_a_campaign_word_supports_a_common_name_inside_a_tag_too(
    text: str, finder: MentionFinder, sure: Callable[[tuple[Mention, ...]], set[int]]
) -> None:
    assert sure(finder.find(text)) == {1}
    assert not sure(finder.find("tadi ada Siti lewat sana"))


def test_a_phrase_of_elections_that_begins_with_a_year_supports_a_common_name(
    pair_of: Pair, race_of: Race, sure: Callable[[tuple[Mention, ...]], set[int]]
) -> None:
    shipped = shipped_lexicon()
    lexicon = Lexicon({**shipped.lists, "kampanye.uji": frozenset({"2099 gembira"})})
    finder = MentionFinder((race_of(pair_of(1, "BUDI PERMISALAN", "SITI TELADANI")),), lexicon)
    assert sure(finder.find("tadi ada Siti lewat sana 2099 gembira")) == {1}
