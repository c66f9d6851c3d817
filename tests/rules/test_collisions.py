"""What `check_register` says of a register, and that pasting its lines silences it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.domain import AliasCondition, Candidate, CandidatePerson, CandidateRole, Contest, Level, Office, WordKind
from rules.clashes import Clash, Collision
from rules.collisions import check_register
from rules.loader import shipped_lexicon

Pair = Callable[..., Candidate]
Race = Callable[..., Contest]


def check(*contests: Contest) -> tuple[Collision, ...]:
    return check_register(contests, shipped_lexicon())


def kinds(*contests: Contest, number: int = 1) -> set[tuple[Clash, Level]]:
    return {(c.kind, c.level) for c in check(*contests) if c.number == number}


@pytest.fixture
def calm(pair_of: Pair) -> Candidate:
    return pair_of(2, "AGUNGSIH UMPAMAWAN", "RINALDA CONTOHWATI")


def test_a_careful_register_has_no_collisions(pair_of: Pair, race_of: Race, calm: Candidate) -> None:
    pair = pair_of(
        1, "H. BUDIARTO PERMISALI, S.E.", "SITI TELADANTI", short=(("Budiarto",), ("Teladanti",)),
        aliases=("BUDITELA",), slogans=("Contoh Gemah Ripah Loh",), hashtags=("BuditelaPasti",),
    )  # fmt: skip
    assert check(race_of(pair, calm)) == ()


@pytest.mark.parametrize(
    ("entry", "kind", "level"),
    [
        ({"aliases": ("SANTUN",)}, Clash.EVERYDAY, Level.TINGGI),
        ({"hashtags": ("Berkah",)}, Clash.EVERYDAY, Level.TINGGI),
        ({"hashtags": ("MenangBersama",)}, Clash.EVERYDAY, Level.MENENGAH),
        ({"slogans": ("Maju Bersama",)}, Clash.EVERYDAY, Level.MENENGAH),
        ({"short": (("Alam",), ())}, Clash.EVERYDAY, Level.TINGGI),
        ({"short": (("Budi",), ())}, Clash.COMMON_NAME, Level.RENDAH),
        ({"short": (("Pak Budi",), ())}, Clash.COMMON_NAME, Level.RENDAH),
        ({"aliases": ("Susanto",)}, Clash.COMMON_NAME, Level.MENENGAH),
        ({"aliases": ("B1",)}, Clash.TOO_SHORT, Level.TINGGI),
        ({"short": (("Bud",), ())}, Clash.TOO_SHORT, Level.MENENGAH),
        ({"aliases": ("!!",)}, Clash.TOO_SHORT, Level.TINGGI),
        ({"aliases": ("01",)}, Clash.DIGITS, Level.TINGGI),
        ({"aliases": ("PKK",)}, Clash.ACRONYM, Level.MENENGAH),
        ({"hashtags": ("UMKM",)}, Clash.ACRONYM, Level.MENENGAH),
    ],
)  # fmt: skip
def test_a_word_that_names_nobody_by_itself_is_said(
    entry: dict[str, tuple[str, ...]], kind: Clash, level: Level, pair_of: Pair, race_of: Race, calm: Candidate
) -> None:
    contest = race_of(pair_of(1, "WIRYOTO PERMISALI", "SITI TELADANTI", **entry), calm)
    assert {found for found in kinds(contest) if found[0] is not Clash.INSIDE} == {(kind, level)}


@pytest.mark.parametrize("short", [("Sandi", "Pak Sandi"), ("Sandi",)])
def test_a_salutation_makes_no_second_collision(
    short: tuple[str, ...], pair_of: Pair, race_of: Race, calm: Candidate
) -> None:
    (found,) = check(race_of(pair_of(1, "WIRYOTO PERMISALI", "SITI TELADANTI", short=(short, ())), calm))
    assert (found.kind, found.level, found.words) == (Clash.EVERYDAY, Level.TINGGI, ("Sandi",))


def test_a_salutation_before_three_letters_is_long_enough(pair_of: Pair, race_of: Race, calm: Candidate) -> None:
    assert check(race_of(pair_of(1, "WIRYOTO PERMISALI", "SITI TELADANTI", short=(("Pak Wir",), ())), calm)) == ()


@pytest.mark.parametrize("name", ["ALAM", "H. MUSLIM, S.E.", "KARTINI"])
def test_a_one_word_official_name_that_is_common_is_said(
    name: str, pair_of: Pair, race_of: Race, calm: Candidate
) -> None:
    (found,) = check(race_of(pair_of(1, name, "SITI TELADANTI"), calm))
    assert (found.level, found.key, found.kind in {Clash.EVERYDAY, Clash.COMMON_NAME}) == (
        Level.MENENGAH, "people[1].official_name", True,
    )  # fmt: skip


def test_rivals_one_edit_apart_are_both_said(pair_of: Pair, race_of: Race) -> None:
    found = check(race_of(pair_of(1, "PRANOLO CONTOHAN"), pair_of(2, "PRABOLO UMPAMARA")))
    assert [(c.number, c.kind, c.level, c.words) for c in found] == [
        (1, Clash.NEAR, Level.TINGGI, ("pranolo", "prabolo")),
        (2, Clash.NEAR, Level.TINGGI, ("prabolo", "pranolo")),
    ]


def test_coined_words_of_rivals_one_edit_apart_are_said(pair_of: Pair, race_of: Race) -> None:
    first = pair_of(1, "WIRYOTO PERMISALI", aliases=("WIPA",))
    second = pair_of(2, "RINALDA CONTOHWATI", aliases=("WIRA",))
    assert (Clash.NEAR, Level.TINGGI) in kinds(race_of(first, replace(second, aliases=("WIPO",))))


def test_short_official_names_one_edit_apart_are_not_said(pair_of: Pair, race_of: Race) -> None:
    assert check(race_of(pair_of(1, "ZURO CONTOHAN"), pair_of(2, "ZURA UMPAMARA"))) == ()


def test_a_word_of_two_rivals_is_said_of_both(pair_of: Pair, race_of: Race) -> None:
    found = check(race_of(pair_of(1, "WIRYOTO PERMISALI", short=(("Wiryoto",), ())), pair_of(2, "WIRYOTO UMPAMARA")))
    assert [(c.number, c.kind, c.level) for c in found] == [
        (1, Clash.SHARED, Level.TINGGI),
        (2, Clash.SHARED, Level.TINGGI),
    ]


def test_a_shared_family_name_of_rivals_is_said_less_urgently(pair_of: Pair, race_of: Race) -> None:
    found = check(race_of(pair_of(1, "WIRYOTO PERMISALI"), pair_of(2, "AGUNGSIH PERMISALI")))
    assert {(c.kind, c.level) for c in found} == {(Clash.SHARED, Level.MENENGAH)}


def test_common_words_that_official_names_share_are_not_said(pair_of: Pair, race_of: Race) -> None:
    assert check(race_of(pair_of(1, "MUHAMMAD PERMISALI"), pair_of(2, "MUHAMMAD UMPAMARA"))) == ()


@pytest.mark.parametrize(
    ("mine", "theirs"),
    [
        ({"slogans": ("Contoh Gemah Ripah",)}, {"slogans": ("Contoh Gemah Ripah",)}),
        ({"hashtags": ("GemahRipah",)}, {"slogans": ("Gemah Ripah",)}),
        ({"hashtags": ("Wirasela",)}, {"aliases": ("WIRASELA",)}),
        ({"slogans": ("Gemah Ripah",)}, {"slogans": ("Contoh Gemah Ripah Loh",)}),
    ],
)
def test_slogans_and_hashtags_that_two_rivals_share_are_said(
    mine: dict[str, tuple[str, ...]], theirs: dict[str, tuple[str, ...]], pair_of: Pair, race_of: Race
) -> None:
    contest = race_of(pair_of(1, "WIRYOTO PERMISALI", **mine), pair_of(2, "AGUNGSIH UMPAMAWAN", **theirs))
    assert (Clash.SLOGAN, Level.TINGGI) in kinds(contest)


@pytest.mark.parametrize(("tag", "said"), [("WiraselaMenang", {Level.TINGGI}), ("WiratelaMenang", set())])
def test_a_short_alias_inside_a_rivals_word_is_said(tag: str, said: set[Level], pair_of: Pair, race_of: Race) -> None:
    rival = pair_of(2, "AGUNGSIH UMPAMAWAN", hashtags=(tag,))
    contest = race_of(pair_of(1, "BUDIARTO PERMISALI", aliases=("SELA",)), rival)
    assert {c.level for c in check(contest) if c.kind is Clash.INSIDE and c.level is not Level.RENDAH} == said


def test_a_short_name_inside_an_everyday_word_is_a_note(pair_of: Pair, race_of: Race, calm: Candidate) -> None:
    contest = race_of(pair_of(1, "EMILTA PERMISALI", short=(("Emil",), ())), calm)
    (found,) = [c for c in check(contest) if c.kind is Clash.INSIDE]
    assert (found.level, "pemilu" in found.words, found.proposal) == (Level.RENDAH, True, ())


def test_an_acronym_that_fits_a_rivals_names_is_said(pair_of: Pair, race_of: Race) -> None:
    contest = race_of(
        pair_of(1, "BAMBANGSO PERMISALI", "SITORUSAN TELADANTI", aliases=("WIRIN",)),
        pair_of(2, "WIRYOTO UMPAMARA", "RINALDA CONTOHWATI"),
    )
    assert kinds(contest) == {(Clash.ACRONYM, Level.MENENGAH)}


@pytest.fixture
def stacked(pair_of: Pair, race_of: Race) -> tuple[Contest, ...]:
    """A kabupaten, its province and a neighbour."""
    return (
        race_of(pair_of(1, "WIRYOTO PERMISALI"), pair_of(3, "RINALDA CONTOHWATI")),
        race_of(pair_of(1, "AGUNGSIH UMPAMAWAN"), name="Gubernur Contohan 2024", region="99", office=Office.GUBERNUR),
        race_of(pair_of(3, "BUDIARTO SEBELAHAN"), name="Bupati Sebelah 2024", region="99.02"),
    )


def test_numbers_collide_with_the_province_and_not_with_the_neighbour(stacked: tuple[Contest, ...]) -> None:
    found = [(c.contest, c.number) for c in check(*stacked) if c.kind is Clash.NUMBER]
    assert found == [("Gubernur Contohan 2024", 1), ("Bupati Contoh 2024", 1)]


def test_contests_of_other_years_do_not_collide(stacked: tuple[Contest, ...]) -> None:
    older = replace(stacked[1], name="Gubernur Contohan 2018")
    assert check(stacked[0], older) == ()


def test_pairs_of_other_places_do_not_collide(pair_of: Pair, race_of: Race) -> None:
    here = race_of(pair_of(1, "WIRYOTO PERMISALI", aliases=("WIRASELA",)))
    there = race_of(pair_of(1, "WIRYOTO PERMISALI", aliases=("WIRASELA",)), name="Bupati Misal 2024", region="98.01")
    assert check(here, there) == ()


def test_a_condition_that_any_text_meets_is_said(pair_of: Pair, race_of: Race, calm: Candidate) -> None:
    pair = pair_of(1, "WIRYOTO PERMISALI", aliases=("SANTUN",),
                   conditions=(AliasCondition(WordKind.ALIAS, "SANTUN", ("orang", "pilbup")),))  # fmt: skip
    (found,) = check(race_of(pair, calm))
    assert (found.kind, found.words) == (Clash.CONDITION, ("orang",))


def test_a_condition_that_leaves_out_the_pair_itself_is_said(pair_of: Pair, race_of: Race, calm: Candidate) -> None:
    pair = pair_of(1, "WIRYOTO PERMISALI", aliases=("WIRASELA",),
                   conditions=(AliasCondition(WordKind.ALIAS, "WIRASELA", (), ("Permisali",)),))  # fmt: skip
    (found,) = check(race_of(pair, calm))
    assert (found.kind, found.level) == (Clash.CONDITION, Level.TINGGI)


def test_a_proposal_is_the_entry_as_yaml_with_words_of_the_pair(pair_of: Pair, race_of: Race, calm: Candidate) -> None:
    (found,) = check(race_of(pair_of(1, "WIRYOTO PERMISALI", "SITI TELADANTI", aliases=("SANTUN",)), calm))
    (entry,) = yaml.safe_load("\n".join(found.proposal))["aliases"]
    assert entry["text"] == "SANTUN"
    assert {"wiryoto", "permisali", "teladanti", "nomor 1", "paslon 1", "01", "pilbup"} <= set(entry["requires"])


def test_a_proposal_never_asks_for_an_everyday_word(pair_of: Pair, race_of: Race) -> None:
    contest = race_of(pair_of(1, "ALAM", "CAHAYA PERMISALI"), pair_of(2, "MUSLIM", "BINTANG UMPAMARA"))
    asked = {w for c in check(contest) if c.remedy for w in c.remedy.condition.requires}
    assert asked & shipped_lexicon().words("umum.kata") == set()


def pasted(contest: Contest, found: Collision) -> Contest:
    """Put a collision's remedy into its contest, as an officer pastes it."""
    assert found.remedy is not None
    condition = found.remedy.condition
    pairs = []
    for pair in contest.candidates:
        if pair.number == found.number:
            if condition.kind is WordKind.SHORT_NAME:
                at = int(found.remedy.key[len("people[")]) - 1
                person = pair.people[at]
                names = tuple(dict.fromkeys((*person.short_names, condition.text)))
                people = (*pair.people[:at], replace(person, short_names=names), *pair.people[at + 1 :])
                pair = replace(pair, people=people)  # noqa: PLW2901 - the changed pair is what is kept
            elif found.remedy.key == "aliases":
                pair = replace(pair, aliases=tuple(dict.fromkeys((*pair.aliases, condition.text))))  # noqa: PLW2901 - as above
            others = tuple(c for c in pair.conditions if (c.kind, c.text) != (condition.kind, condition.text))
            pair = replace(pair, conditions=(*others, condition))  # noqa: PLW2901 - as above
        pairs.append(pair)
    return replace(contest, candidates=tuple(pairs))


NAMES = st.sampled_from(
    [
        "WIRYOTO",
        "WIRYATO",
        "PERMISALI",
        "PERMISALA",
        "ALAM",
        "MUSLIM",
        "BUDI",
        "SITI",
        "SANTUN",
        "RINALDA",
        "EMIL",
        "AHMAD",
    ]
)
ENTRIES = st.lists(
    st.sampled_from(
        ["SANTUN", "WIRA", "WIRO", "BERKAH", "Pak Budi", "Emil", "PKK", "Gemah Ripah", "WiraMenang", "Rina", "01"]
    ),
    max_size=3,
    unique=True,
).map(tuple)
PAIRS = st.tuples(NAMES, NAMES, ENTRIES, ENTRIES, ENTRIES, ENTRIES)


def built(drawn: list[tuple[str, str, tuple[str, ...], tuple[str, ...], tuple[str, ...], tuple[str, ...]]]) -> Contest:
    pairs = tuple(
        Candidate(
            number,
            (CandidatePerson(CandidateRole.UTAMA, f"{one} {other}", short),),
            aliases=aliases, slogans=slogans, hashtags=tags, id=number,
        )
        for number, (one, other, short, aliases, slogans, tags) in enumerate(drawn, 1)
    )  # fmt: skip
    from monitor.domain import Regime

    return Contest("Bupati Contoh 2024", "99.01", Office.BUPATI, Regime.PILKADA, (), pairs)


@settings(max_examples=30, deadline=None)
@given(st.lists(PAIRS, min_size=1, max_size=4))
def test_pasting_every_proposal_leaves_nothing_to_paste(drawn: list[tuple[str, str, tuple[str, ...], ...]]) -> None:
    contest = built(drawn)  # type: ignore[arg-type]  # drawn by the strategy above
    for _ in range(3):
        found = [c for c in check(contest) if c.remedy]
        for collision in found:
            contest = pasted(contest, collision)
    assert [c for c in check(contest) if c.remedy] == []


@settings(max_examples=30, deadline=None)
@given(st.lists(PAIRS, min_size=1, max_size=4), st.randoms())
def test_the_order_of_pairs_changes_nothing(drawn: list[tuple[str, str, tuple[str, ...], ...]], chance: object) -> None:
    contest = built(drawn)  # type: ignore[arg-type]  # drawn by the strategy above
    shuffled = list(contest.candidates)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]  # a random.Random
    assert set(map(key, check(contest))) == set(map(key, check(replace(contest, candidates=tuple(shuffled)))))


def key(found: Collision) -> tuple[int, Clash, Level, str, str]:
    return found.number, found.kind, found.level, found.key, found.words[0]


@given(st.lists(st.text(max_size=12), max_size=4))
def test_any_words_are_checked_without_fail(entries: list[str]) -> None:
    pair = Candidate(1, (CandidatePerson(CandidateRole.UTAMA, "".join(entries) or "X", tuple(entries)),),
                     aliases=tuple(entries), slogans=tuple(entries), hashtags=tuple(entries))  # fmt: skip
    contest = built([])
    check(replace(contest, candidates=(pair, replace(pair, number=2))))


def test_a_pair_of_common_names_is_told_by_them_both(pair_of: Pair, race_of: Race, calm: Candidate) -> None:
    found = check(race_of(pair_of(1, "BUDI", "SITI", aliases=("SANTUN",)), calm))
    asked = {c.words[0]: c.remedy.condition.requires[:2] for c in found if c.remedy}
    assert asked == {"SANTUN": ("budi", "siti"), "budi": ("siti", "nomor 1"), "siti": ("budi", "nomor 1")}
