"""The place of a contest: a regency that bears a city's name, or begins with it, is spoken of by that name."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from monitor.domain import Candidate, Contest, Mention, Office
from rules.mentions import MentionFinder

Sure = Callable[[tuple[Mention, ...]], set[int]]
Pair = Callable[..., Candidate]
Race = Callable[..., Contest]
FinderOf = Callable[..., MentionFinder]

NAMES = ["Bupati Bogor 2024", "Pemilihan Bupati dan Wakil Bupati Bogor Tahun 2024", "Pilkada Serentak Kab. Bogor 2024"]


@pytest.fixture(scope="module")
def regency(pair_of: Pair, race_of: Race, finder_of: FinderOf) -> Callable[[str, str], MentionFinder]:
    """Build the finder of one regency's contest."""
    pairs = pair_of(1, "BUDI PERMISALAN"), pair_of(2, "AGUNG UMPAMAWAN")
    return lambda name, region: finder_of(race_of(*pairs, name=name, region=region))


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("text", ["coblos no 2 di Pilbup Bogor", "paslon 2 calon bupati Bogor", "pilkada Bogor no 2"])
def test_a_regency_that_bears_a_citys_name_is_spoken_of_by_it(
    name: str, text: str, regency: Callable[[str, str], MentionFinder], sure: Sure
) -> None:
    assert sure(regency(name, "32.01").find(text)) == {2}


@pytest.mark.parametrize("name", NAMES)
def test_below_a_debate_of_such_a_regency_a_number_is_its(
    name: str, regency: Callable[[str, str], MentionFinder], sure: Sure
) -> None:
    assert sure(regency(name, "32.01").find("no 2 saja", parent="Debat Pilbup Bogor 2024")) == {2}


def test_a_regency_whose_name_begins_with_a_citys_is_spoken_of_by_its_own(
    regency: Callable[[str, str], MentionFinder], sure: Sure
) -> None:
    finder = regency("Bupati Padang Lawas 2024", "12.21")
    texts = ("coblos no 2, pilbup Padang Lawas", "coblos no 2, pilbup Padang")
    assert [sure(finder.find(text)) for text in texts] == [{2}, set()]


def test_another_regency_whose_name_begins_with_the_same_word_is_elsewhere(
    regency: Callable[[str, str], MentionFinder], sure: Sure
) -> None:
    finder = regency("Bupati Bandung 2024", "32.04")
    texts = ("coblos no 2, pilbup Bandung 2024", "coblos no 2, pilbup Bandung Barat 2024")
    assert [sure(finder.find(text)) for text in texts] == [{2}, set()]


def test_the_number_of_the_citys_mayor_is_not_the_regencys(
    pair_of: Pair, race_of: Race, finder_of: FinderOf, sure: Sure
) -> None:
    regency = race_of(pair_of(1, "BUDI PERMISALAN", key=11), name="Bupati Bogor 2024", region="32.01")
    mayor = pair_of(1, "TEJA UMPAMAWAN", key=21)
    city = race_of(mayor, name="Wali Kota Bogor 2024", region="32.71", office=Office.WALI_KOTA, key=2)
    finder = finder_of(regency, city)
    texts = ("coblos no 1, pilwalkot Bogor", "coblos no 1, pilbup Bogor")
    assert [sure(finder.find(text)) for text in texts] == [{21}, {11}]


def test_below_a_title_that_names_somebody_of_two_contests_a_number_is_of_the_one_spoken_of(
    pair_of: Pair, race_of: Race, finder_of: FinderOf, sure: Sure
) -> None:
    """With many contests and no region given, the place in the title says which one it is."""
    pairs = pair_of(1, "AGUNG UMPAMAWAN", key=1), pair_of(2, "BUDI PERMISALAN", key=2)
    here = race_of(*pairs, name="Gubernur Contoh 2024", region="36", office=Office.GUBERNUR)
    there = race_of(pair_of(1, "BUDI PERMISALAN", key=11), name="Wali Kota Umpama 2024", region="32.79", key=2)
    others = [
        race_of(pair_of(1, f"ORANG{letter * 3} LAINNYA", key=100 + place), name=f"Bupati Lain{letter} 2024",
                region=f"9{place}.01", key=10 + place)
        for place, letter in enumerate("abcdefgh")
    ]  # fmt: skip
    finder = finder_of(here, there, *others)
    title = "DEBAT PILKADA CONTOH 2024: AGUNG UMPAMAWAN DAN BUDI PERMISALAN"
    assert sure(finder.find(title)) == {1, 2}
    assert sure(finder.find("coblos no 1", parent=title)) == {1}
