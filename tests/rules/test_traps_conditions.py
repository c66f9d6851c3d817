"""A word of the register may count only in texts with, or without, other words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from monitor.domain import AliasCondition, Candidate, Contest, Mention, WordKind
from rules.engine import compile_rules
from rules.loader import RuleSet
from rules.mentions import MentionFinder

Sure = Callable[[tuple[Mention, ...]], set[int]]
Pair = Callable[..., Candidate]
Race = Callable[..., Contest]
FinderOf = Callable[..., MentionFinder]


@pytest.fixture(scope="module")
def bound(pair_of: Pair, race_of: Race, finder_of: FinderOf) -> MentionFinder:
    return finder_of(
        race_of(
            pair_of(
                1, "BUDIARTO PERMISALI", "SITI TELADANTI",
                short=(("Gandrung",), ()),
                aliases=("SANTIKA", "GEMBALA"), slogans=("Tumbuh Rindang",), hashtags=("Rindangkan",),
                conditions=(
                    AliasCondition(WordKind.ALIAS, "SANTIKA", ("paslon", "no 1", "pilbup"), ("hotel", "salon santika")),
                    AliasCondition(WordKind.ALIAS, "GEMBALA", (), ("domba",)),
                    AliasCondition(WordKind.SHORT_NAME, "Gandrung", ("calon",)),
                    AliasCondition(WordKind.SLOGAN, "Tumbuh Rindang", ("contoh",)),
                    AliasCondition(WordKind.HASHTAG, "Rindangkan", ("pilbup",)),
                ),
            ),
            pair_of(2, "AGUNGSIH UMPAMAWAN", "RINALDI CONTOHWATI"),
        )
    )  # fmt: skip


@pytest.mark.parametrize(
    "text",
    ["paslon SANTIKA", "santika, no 1!", "pilbup: #Santika", "SANTIKA pilbup", "gembala menang", "calon kita Gandrung",
     "Contoh Tumbuh Rindang", "#Rindangkan pilbup"],
)  # fmt: skip
def test_a_bound_word_counts_with_one_of_the_words_it_requires(text: str, bound: MentionFinder, sure: Sure) -> None:
    assert sure(bound.find(text)) == {1}


@pytest.mark.parametrize(
    "text",
    ["santika", "menginap di santika", "Santika dan dukung", "#Santika", "#SantikaMenang", "Gandrung", "tari Gandrung",
     "tumbuh rindang", "pohon tumbuh rindang di desa", "#Rindangkan", "#rindangkan desa", "#TumbuhRindang"],
)  # fmt: skip
def test_a_bound_word_does_not_count_without(text: str, bound: MentionFinder, sure: Sure) -> None:
    assert sure(bound.find(text)) == set()


@pytest.mark.parametrize(
    "text", ["pilbup di hotel santika", "salon santika pilbup", "gembala domba", "domba dan Gembala", "#gembala domba"]
)
def test_a_bound_word_does_not_count_beside_a_word_it_excludes(text: str, bound: MentionFinder, sure: Sure) -> None:
    assert sure(bound.find(text)) == set()


def test_the_parent_may_hold_the_word_that_is_required(bound: MentionFinder, sure: Sure) -> None:
    assert sure(bound.find("santika", parent="Pilbup Contoh: siapa?")) == {1}


def test_other_names_of_the_pair_are_not_bound(bound: MentionFinder, sure: Sure) -> None:
    assert sure(bound.find("Budiarto Permisali menginap di hotel santika")) == {1}


def test_the_bound_word_is_bound_in_the_official_name_too(
    pair_of: Pair, race_of: Race, finder_of: FinderOf, sure: Sure
) -> None:
    condition = AliasCondition(WordKind.SHORT_NAME, "Permisali", ("pilbup",))
    finder = finder_of(race_of(pair_of(1, "BUDIARTO PERMISALI", short=(("Permisali",), ()), conditions=(condition,))))
    texts = ("permisali datang", "permisali pilbup", "budiarto permisali datang")
    assert [sure(finder.find(text)) for text in texts] == [set(), {1}, {1}]


@pytest.mark.parametrize(
    "change",
    [
        (),
        (AliasCondition(WordKind.ALIAS, "BUSIT", ("paslon",)),),
        (AliasCondition(WordKind.ALIAS, "BUSIT", ("paslon", "pilbup")),),
        (AliasCondition(WordKind.ALIAS, "BUSIT", (), ("paslon",)),),
        (AliasCondition(WordKind.HASHTAG, "BUSIT", ("paslon",)),),
    ],
)
def test_another_condition_is_another_judge(
    change: tuple[AliasCondition, ...], ruleset: RuleSet, pair_of: Pair, race_of: Race
) -> None:
    pair = pair_of(1, "BUDIARTO PERMISALI", aliases=("BUSIT",))
    held = replace(pair, conditions=(AliasCondition(WordKind.ALIAS, "BUSIT", ("nomor 1",)),))
    hashes = {compile_rules(ruleset, (race_of(p),)).hash for p in (held, replace(pair, conditions=change))}
    assert len(hashes) == 2
