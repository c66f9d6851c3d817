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
        race_of(pair_of(1, "WIDIHARTOYO CONTOHAN", "SITI TELADANI"), pair_of(2, "AGUNG UMPAMAWAN", "RINA MISALWATI"))
    )


@pytest.mark.parametrize("text", ["pak Widi maju terus", "wah bu, Widi yang jawab", "istri WIDI juga hadir"])
def test_the_beginning_of_a_name_counts_under_a_text_about_the_contest(
    text: str, finder: MentionFinder, sure: Sure
) -> None:
    assert sure(tuple(m for m in finder.find(text, parent="Debat pilkada") if m.start < m.end)) == {1}


@pytest.mark.parametrize("text", ["widi", "pak Widi beli bakso", "widi-widi jalan"])
def test_the_beginning_of_a_name_alone_names_nobody(text: str, finder: MentionFinder, sure: Sure) -> None:
    assert sure(finder.find(text)) == set()
