from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.domain import Stance
from rules.examples import example_contest
from rules.loader import shipped_lexicon
from rules.mentions import MentionFinder
from rules.stance import Named, StanceHint, StanceReader
from rules.stance_cues import CueFinder
from rules.text import read
from tests.rules.stance_sentences import FIRST, SECOND, Sentence

READER = StanceReader(shipped_lexicon())
FINDER = MentionFinder((example_contest(),), shipped_lexicon())
MARKS = {"d": Stance.DUKUNGAN, "c": Stance.CELAAN, "n": Stance.NETRAL}
NAMES = {1: "Budi Contoh", 2: "Agung Permisal"}
WORDS = ("mantap", "bohong", "tidak", "tapi", "pilih", "daripada", "?", ".", ",", '"', "🔥", "🤣", "katanya", "#tolak")


def hints(text: str, *about: int) -> Mapping[int, StanceHint]:
    found = FINDER.find(text, "99.01")
    return READER.read(text, [Named(m.candidate_id, m.start, m.end) for m in found], about)


def stance(text: str, pair: int = 1, *about: int) -> Stance:
    return hints(text, *about)[pair].stance


def words(text: str, pair: int = 1) -> list[str]:
    return [text[span.start : span.end] for span in hints(text, pair)[pair].spans]


def tally(rows: list[Sentence]) -> Counter[tuple[Stance, Stance]]:
    """Count (expected, given) for every pair of every sentence."""
    counts: Counter[tuple[Stance, Stance]] = Counter()
    for text, expected, about in rows:
        given_hints = hints(text, *((about,) if about else ()))
        for part in expected.split():
            pair, mark = part.split(":")
            found = given_hints.get(int(pair))
            counts[MARKS[mark], found.stance if found else Stance.NETRAL] += 1
    return counts


def figures(rows: list[Sentence]) -> dict[Stance, tuple[float, float]]:
    """Return precision and recall of each class, and print them: `pytest -s -k figures` shows the table."""
    counts = tally(rows)
    table = {}
    for side in Stance:
        right = counts[side, side]
        said = sum(n for (_, got), n in counts.items() if got is side)
        true = sum(n for (wanted, _), n in counts.items() if wanted is side)
        table[side] = (right / said if said else 1.0, right / true if true else 1.0)
        print(f"{side.value:9} presisi {table[side][0]:.2f}  cakupan {table[side][1]:.2f}  ({true} kalimat)")
    return table


def test_there_are_enough_sentences_of_every_class() -> None:
    counts = tally(FIRST + SECOND)
    assert len(FIRST + SECOND) >= 120
    assert all(sum(n for (wanted, _), n in counts.items() if wanted is side) >= 30 for side in Stance)


@pytest.mark.parametrize("side", Stance)
def test_figures_of_the_sentences_it_was_written_with(side: Stance) -> None:
    precision, recall = figures(FIRST)[side]
    assert precision >= 0.97
    assert recall >= 0.97


@pytest.mark.parametrize("side", Stance)
def test_figures_of_the_sentences_written_afterwards(side: Stance) -> None:
    precision, recall = figures(SECOND)[side]
    assert precision >= 0.8
    assert recall >= 0.8


def test_support_and_disparagement_are_never_mixed_up_in_plain_sentences() -> None:
    counts = tally(FIRST)
    assert counts[Stance.DUKUNGAN, Stance.CELAAN] + counts[Stance.CELAAN, Stance.DUKUNGAN] == 0


def test_the_words_that_say_so_are_named() -> None:
    assert words("Budi Contoh mantap, maju terus") == ["mantap", "maju terus"]


def test_a_negated_word_is_named_with_its_negation() -> None:
    assert words("Saya tidak mendukung Budi Contoh") == ["tidak mendukung"]


def test_words_of_both_sides_are_named_with_their_side() -> None:
    spans = hints("Budi Contoh ramah tapi korup")[1].spans
    assert [span.side for span in spans] == [Stance.DUKUNGAN, Stance.CELAAN]


def test_each_pair_of_a_comparison_has_its_own_hint() -> None:
    found = hints("Budi Contoh lebih jujur daripada Agung Permisal")
    assert {pair: hint.stance for pair, hint in found.items()} == {1: Stance.DUKUNGAN, 2: Stance.CELAAN}


@pytest.mark.parametrize(
    "text",
    [
        "Apakah Budi Contoh jujur?",
        "“Budi Contoh hebat” tulis koran itu",
        "Menurut warga, Budi Contoh hebat",
        "Budi Contoh hebat wkwkwk",
        "Budi Contoh dituduh korupsi",
    ],
)
def test_asked_quoted_reported_and_mocked_words_take_no_side(text: str) -> None:
    assert stance(text) is Stance.NETRAL


def test_laughter_leaves_disparagement_as_it_is() -> None:
    assert stance("Budi Contoh pembohong wkwkwk") is Stance.CELAAN


def test_a_comment_that_names_nobody_speaks_of_the_pair_it_answers() -> None:
    assert stance("Mantap", 2, 2) is Stance.DUKUNGAN


def test_a_comment_that_names_a_rival_says_nothing_of_the_pair_it_answers() -> None:
    assert stance("Agung Permisal mantap", 1, 1) is Stance.NETRAL


def test_a_name_that_is_a_word_of_praise_is_a_name() -> None:
    hint = READER.read("Tegas hadir di pasar", [Named(1, 0, 5)])[1]
    assert hint.stance is Stance.NETRAL


def test_words_in_links_and_handles_take_no_side() -> None:
    assert stance("Budi Contoh @mantap.contoh.test https://contoh.test/bohong") is Stance.NETRAL


def test_no_condition_of_a_rule_can_name_the_words_of_the_hint() -> None:
    assert not any(hit.list.startswith("petunjuk") for hit in shipped_lexicon().find(read("Budi wegah apik")))


@given(st.text(max_size=200) | st.lists(st.sampled_from((*WORDS, *NAMES.values())), max_size=30).map(" ".join))
def test_no_text_breaks_it_and_every_span_lies_in_the_text(text: str) -> None:
    for hint in hints(text, 1).values():
        assert all(0 <= span.start < span.end <= len(text) for span in hint.spans)


@given(st.lists(st.sampled_from((*WORDS, *NAMES.values())), max_size=30).map(" ".join))
def test_the_same_text_always_gives_the_same_hint(text: str) -> None:
    assert hints(text, 1) == hints(text, 1)


@given(st.lists(st.sampled_from((*WORDS, *NAMES.values())), max_size=30))
def test_swapping_the_names_swaps_the_hints(pieces: list[str]) -> None:
    swapped = {NAMES[1]: NAMES[2], NAMES[2]: NAMES[1]}
    one, other = hints(" ".join(pieces)), hints(" ".join(swapped.get(p, p) for p in pieces))
    assert {p: h.stance for p, h in one.items()} == {3 - p: h.stance for p, h in other.items()}


def test_a_long_text_is_read_as_far_as_one_page() -> None:
    long = "Budi Contoh mantap. " + "jalan raya " * 60_000 + "Budi Contoh bohong"
    named = [Named(1, 0, 11), Named(1, len(long) - 18, len(long) - 7)]
    assert READER.read(long, named)[1].stance is Stance.DUKUNGAN


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Budi Contoh nyoblos di TPS 3", Stance.NETRAL),
        ("Budi Contoh mendukung pemekaran desa", Stance.NETRAL),
        ("Budi Contoh pasti saya pilih", Stance.DUKUNGAN),
        ("Dari pada tidak ada, mending Budi Contoh", Stance.DUKUNGAN),
        ("Pilihlah No 1 Budi Contoh", Stance.DUKUNGAN),
        ("Budi Contoh anti korupsi", Stance.DUKUNGAN),
        ("Budi Contoh meresmikan sekolah luar biasa dan air bersih", Stance.NETRAL),
        ("Budi Contoh tidak bermutu dan memalukan", Stance.CELAAN),
        ("Tidak menyangka, Budi Contoh hebat", Stance.DUKUNGAN),
    ],
)
def test_words_that_only_look_like_a_side(text: str, expected: Stance) -> None:
    assert stance(text) is expected


class _Thorough(CueFinder):
    """Leaves no text out before it is weighed."""

    def silent(self, *_: object) -> bool:
        return False


@given(st.lists(st.sampled_from([*WORDS, *NAMES.values(), "rapat", "pagi", "#BudiContoh"]), max_size=6).map(" ".join))
def test_a_text_that_is_silent_at_first_sight_says_nothing_when_weighed(text: str) -> None:
    thorough = StanceReader(shipped_lexicon())
    thorough._finder = _Thorough(shipped_lexicon())
    named = [Named(m.candidate_id, m.start, m.end) for m in FINDER.find(text, "99.01")]
    assert READER.read(text, named, (1,)) == thorough.read(text, named, (1,))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("coblos 1", "d"),
        ("Budi Contoh mantap, coblos nomor 1", "d"),
        ("ojo lali coblos Budi Contoh", "d"),
        ("tong hilap nyoblos Budi Contoh", "d"),
        ("ga ada yg lebih jujur dari Budi Contoh", "d"),
        ("tidak ada yang lebih korup dari Budi Contoh", "c"),
        ("kapok pilih Budi Contoh", "c"),
        ("males coblos Budi Contoh", "c"),
        ("hidup Budi Contoh!", "d"),
        ("hidup pak Budi Contoh", "d"),
        ("saya tetap Budi Contoh", "d"),
        ("ayo gas Budi Contoh", "d"),
        ("gas pol Budi Contoh", "d"),
        ("biaya hidup Budi Contoh besar", "n"),
        ("harga gas Budi Contoh naik", "n"),
        ("Budi Contoh mending pulang, sudah ga becus", "c"),
        ("mending Budi Contoh", "d"),
        ("Budi Contoh sok merakyat", "c"),
        ("Budi Contoh kurang tegas", "c"),
        ("kurang 3 hari lagi coblos Budi Contoh", "d"),
        ("kurang seminggu pilih Budi Contoh", "d"),
        ("ga usah mikir coblos Budi Contoh", "d"),
        ("gak usah ragu pilih Budi Contoh", "d"),
        ("gak usah pilih Budi Contoh", "c"),
    ],
)
def test_small_words_turn_no_appeal_round(text: str, expected: str) -> None:
    assert stance(text) is MARKS[expected]
