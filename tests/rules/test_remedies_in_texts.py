"""The lines that the check proposes do in texts what they are meant to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from monitor.domain import AliasCondition, Candidate, Contest, Mention, Office, WordKind
from rules.clashes import Clash
from rules.collisions import check_register
from rules.loader import shipped_lexicon
from rules.mentions import MentionFinder

Sure = Callable[[tuple[Mention, ...]], set[int]]
Pair = Callable[..., Candidate]
Race = Callable[..., Contest]
FinderOf = Callable[..., MentionFinder]
ENTRIES = [
    ({"aliases": ("SANTUN",)}, Clash.EVERYDAY, "anak yang santun"),
    ({"aliases": ("JUARA",)}, Clash.EVERYDAY, "dukung tim kami jadi juara"),
    ({"hashtags": ("Berkah",)}, Clash.EVERYDAY, "jumat #berkah"),
    ({"slogans": ("Maju Bersama",)}, Clash.EVERYDAY, "ayo maju bersama membangun desa"),
    ({"short": (("Alam",), ())}, Clash.EVERYDAY, "pilih wisata alam"),
    ({"aliases": ("PKK",)}, Clash.ACRONYM, "rapat pkk kecamatan, dukung program"),
    ({"short": (("Bud",), ())}, Clash.TOO_SHORT, "bud, ayo coblos"),
]


@pytest.fixture
def mended(pair_of: Pair, race_of: Race) -> Callable[..., tuple[Contest, AliasCondition]]:
    """Build a contest whose first pair has one entry, bound as the check proposes."""

    def build(kind: Clash, **entry: tuple[object, ...]) -> tuple[Contest, AliasCondition]:
        pair = pair_of(1, "WIRYOTO PERMISALI", "SITI TELADANTI", **entry)
        contest = race_of(pair, pair_of(2, "AGUNGSIH UMPAMAWAN", "RINALDA CONTOHWATI"))
        (found,) = [c for c in check_register((contest,), shipped_lexicon()) if c.kind is kind]
        assert found.remedy is not None
        condition = found.remedy.condition
        return replace(contest, candidates=(replace(pair, conditions=(condition,)), contest.candidates[1])), condition

    return build


@pytest.mark.parametrize(("entry", "kind", "text"), ENTRIES)
def test_a_bound_entry_leaves_everyday_texts_alone(
    entry: dict[str, tuple[object, ...]], kind: Clash, text: str,
    mended: Callable[..., tuple[Contest, AliasCondition]], finder_of: FinderOf, sure: Sure,
) -> None:  # fmt: skip
    contest, _ = mended(kind, **entry)
    assert sure(finder_of(contest).find(text)) == set()


@pytest.mark.parametrize(("entry", "kind", "text"), ENTRIES)
def test_a_bound_entry_counts_beside_every_word_that_is_proposed(
    entry: dict[str, tuple[object, ...]], kind: Clash, text: str,
    mended: Callable[..., tuple[Contest, AliasCondition]], finder_of: FinderOf, sure: Sure,
) -> None:  # fmt: skip
    contest, condition = mended(kind, **entry)
    finder = finder_of(contest)
    mark = "#" if condition.kind is WordKind.HASHTAG else ""
    missed = [w for w in condition.requires if sure(finder.find(f"{w}: {mark}{condition.text}", scope="99.01")) != {1}]
    assert missed == []


def test_a_proposed_number_counts_in_its_own_contest(
    pair_of: Pair, race_of: Race, finder_of: FinderOf, sure: Sure
) -> None:
    near = race_of(pair_of(1, "WIRYOTO PERMISALI"), pair_of(2, "AGUNGSIH UMPAMAWAN"))
    above = race_of(pair_of(1, "RINALDA CONTOHWATI", key=21), name="Gubernur Contohan 2024", region="99", key=2,
                    office=Office.GUBERNUR)  # fmt: skip
    (found,) = [c for c in check_register((near, above), shipped_lexicon()) if c.contest == near.name]
    assert found.remedy is not None
    condition = found.remedy.condition
    pair = replace(near.candidates[0], aliases=(condition.text,), conditions=(condition,))
    finder = finder_of(replace(near, candidates=(pair, near.candidates[1])), above)
    texts = ("pilbup nomor 1", "cabup: nomor 1!", "pilgub nomor 1", "cagub nomor 1")
    assert [sure(finder.find(text, scope="99.01")) for text in texts] == [{1}, {1}, {21}, {21}]


def test_rivals_that_share_a_word_are_told_apart_by_the_proposals(
    pair_of: Pair, race_of: Race, finder_of: FinderOf, sure: Sure
) -> None:
    contest = race_of(
        pair_of(1, "WIRYOTO PERMISALI", "SITI TELADANTI", short=(("Wiryoto",), ())),
        pair_of(2, "WIRYOTO UMPAMAWAN", "RINALDA CONTOHWATI", short=(("Wiryoto",), ())),
    )
    bound = {c.number: c.remedy.condition for c in check_register((contest,), shipped_lexicon()) if c.remedy}
    pairs = tuple(replace(pair, conditions=(bound[pair.number],)) for pair in contest.candidates)
    finder = finder_of(replace(contest, candidates=pairs))
    texts = ("wiryoto menang", "wiryoto teladanti menang", "wiryoto paslon 2", "wiryoto permisali", "rinalda wiryoto")
    assert [sure(finder.find(text)) for text in texts] == [set(), {1}, {2}, {1}, {2}]
