"""First names of three letters, and everyday words registered with a greeting: they count in an election's context."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from monitor.domain import Candidate, Contest, Mention
from rules.mentions import MentionFinder

Pair = Callable[..., Candidate]
Race = Callable[..., Contest]
FinderOf = Callable[..., MentionFinder]
Sure = Callable[[tuple[Mention, ...]], set[int]]


@pytest.fixture
def finder(pair_of: Pair, race_of: Race, finder_of: FinderOf) -> MentionFinder:
    return finder_of(
        race_of(
            pair_of(1, "H. EDI CONTOHWAN, S.E.", "SITI TELADANI"),
            pair_of(2, "LALU UMPAMAWAN", "RINA MISALWATI", short=(("Pak Harapan",), ())),
        )
    )


@pytest.mark.parametrize("text", ["pak edi maju terus", "kata Edi begitu di debat", "hidup bang edi"])
def test_a_first_name_of_three_letters_counts_under_a_text_about_the_contest(
    text: str, finder: MentionFinder, sure: Sure
) -> None:
    assert sure(finder.find(text, parent="Debat pilkada")) == {1}


@pytest.mark.parametrize(
    "text", ["pak edi beli bakso", "edi menang undian", "pak Edi Wiryoatmaja bicara di debat pilkada"]
)
def test_alone_or_with_a_strangers_surname_it_names_nobody(text: str, finder: MentionFinder, sure: Sure) -> None:
    assert sure(finder.find(text)) == set()


def test_a_first_name_of_two_rivals_names_neither(
    pair_of: Pair, race_of: Race, finder_of: FinderOf, sure: Sure
) -> None:
    finder = finder_of(race_of(pair_of(1, "EDI CONTOHWAN"), pair_of(2, "EDI UMPAMAWAN")))
    assert sure(finder.find("pak edi menang pilkada")) == set()


@pytest.mark.parametrize(
    ("text", "named"),
    [("Pak Harapan menang pilkada", {2}), ("pak harapan beli bakso", set()), ("harapan menang pilkada", set())],
)
def test_an_everyday_word_that_is_registered_with_a_greeting_counts_with_it(
    text: str, named: set[int], finder: MentionFinder, sure: Sure
) -> None:
    assert sure(finder.find(text)) == named


@pytest.mark.parametrize("text", ["lalu kami pulang", "minggu lalu debat pilkada ramai", "Lalu siapa yang menang?"])
def test_a_name_that_is_an_everyday_word_names_nobody_in_an_everyday_sentence(
    text: str, finder: MentionFinder, sure: Sure
) -> None:
    assert sure(finder.find(text)) == set()
