from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.domain import Contest
from rules.evaluate import evaluate
from rules.labelled import LabelledText
from rules.loader import shipped_lexicon
from rules.spellings import Spellings
from rules.tally import interval

ContestOf = Callable[..., Contest]
Row = tuple[str, list[Any] | None]


@pytest.fixture(scope="module")
def contest(contest_of: ContestOf) -> Contest:
    return contest_of(("BUDI PERMISALAN", "SITI TELADANI"), ("AGUNG UMPAMAWAN", "RINA CONTOHWATI"))


@pytest.fixture(scope="module")
def other(contest_of: ContestOf) -> Contest:
    return contest_of(("RUDI MISALNYO", "TINA SEUMPAMA"), name="Bupati Misal 2024", region="98.02", first_id=11)


@pytest.fixture(scope="module")
def figures_of() -> Callable[..., dict[str, Any]]:
    """Return the figures of texts with labels: numbers, or pairs of contest and number; None is unlabelled."""

    def figures(contests: list[Contest], *rows: Row, about: str = "") -> dict[str, Any]:
        texts = [
            LabelledText(
                place,
                text,
                None if labels is None else frozenset(p if isinstance(p, tuple) else ("", p) for p in labels),
                None,
                contest=about,
            )
            for place, (text, labels) in enumerate(rows)
        ]
        return evaluate(contests, texts, shipped_lexicon())

    return figures


FiguresOf = Callable[..., dict[str, Any]]


def test_a_recognised_pair_counts_in_pairs_texts_and_tiers(figures_of: FiguresOf, contest: Contest) -> None:
    figures = figures_of([contest], ("pilih Budi Permisalan", [1]))
    assert figures["pairs"]["true_positive"] == 1
    assert figures["recognition"] == {"texts_with_pairs": 1, "recognised": 1, "ratio": 1.0}
    assert figures["tiers"]["kuat"]["recall"] == 1.0


def test_wrong_names_on_texts_of_nobody_are_told_from_wrong_numbers(figures_of: FiguresOf, contest: Contest) -> None:
    rows: list[Row] = [("pilih Permisalan", []), ("coblos nomor urut 2", []), ("selamat pagi", []), ("hujan", [])]
    assert figures_of([contest], *rows)["no_pair"] == {
        "texts": 4, "flagged": 2, "ratio": 0.5, "flagged_by_name": 1, "ratio_by_name": 0.25,
    }  # fmt: skip


def test_unlabelled_texts_count_apart(figures_of: FiguresOf, contest: Contest) -> None:
    figures = figures_of([contest], ("pilih Permisalan", None), ("pagi", None))
    assert figures["labelled"] == 0
    assert (figures["unlabelled"]["texts"], figures["unlabelled"]["flagged"]) == (2, 1)


def test_a_text_of_one_contest_named_for_another_is_counted(
    figures_of: FiguresOf, contest: Contest, other: Contest
) -> None:
    rows: list[Row] = [("pilih Permisalan", [(contest.name, 1)]), ("pilih Misalnyo", [(contest.name, 1)])]
    assert figures_of([contest, other], *rows)["wrong_contest"] == {"texts": 2, "attributed": 1, "ratio": 0.5}


def test_a_bare_number_means_the_contest_that_the_line_names(
    figures_of: FiguresOf, contest: Contest, other: Contest
) -> None:
    row: Row = ("pilih Misalnyo", [1])
    assert figures_of([contest, other], row, about=contest.name)["pairs"]["false_positive"] == 1
    assert figures_of([contest, other], row, about=other.name)["pairs"]["true_positive"] == 1


def test_a_bare_number_without_contest_is_met_by_one_pair_of_that_number(
    figures_of: FiguresOf, contest: Contest, other: Contest
) -> None:
    both = figures_of([contest, other], ("pilih Permisalan dan Misalnyo", [1]))["pairs"]
    none = figures_of([contest, other], ("selamat pagi", [1]))["pairs"]
    assert (both["true_positive"], both["false_positive"], both["false_negative"]) == (1, 1, 0)
    assert (none["true_positive"], none["false_positive"], none["false_negative"]) == (0, 0, 1)


def test_a_label_that_no_loaded_pair_has_is_missed(figures_of: FiguresOf, contest: Contest) -> None:
    assert figures_of([contest], ("pilih Permisalan", [7]))["pairs"]["false_negative"] == 1


def test_each_difference_is_listed_with_its_reason(figures_of: FiguresOf, contest: Contest) -> None:
    figures = figures_of([contest], ("pilih Permisalan", [2]), ("pilih Permisalan", [1]))
    assert figures["confusions"]["texts"] == 1
    (listed,) = figures["confusions"]["list"]
    assert listed["id"] == 0
    assert listed["expected"] == [{"contest": contest.name, "number": 2}]
    assert listed["got"] == [{"contest": contest.name, "number": 1}]
    assert listed["why"] == ["1: tidak berlabel, terbaca name sedang 'Permisalan' (permisalan)", "2: tidak ada tanda"]


def test_a_weak_sign_is_the_reason_for_a_missed_pair(figures_of: FiguresOf, contest: Contest) -> None:
    (listed,) = figures_of([contest], ("kata Budi kemarin", [1]))["confusions"]["list"]
    assert listed["why"] == ["1: hanya name lemah 'Budi' (budi)"]


def test_the_list_of_differences_does_not_grow_with_the_file(figures_of: FiguresOf, contest: Contest) -> None:
    figures = figures_of([contest], *[("selamat pagi", [1])] * 600)
    assert (figures["confusions"]["texts"], figures["confusions"]["listed"]) == (600, 500)


def test_recall_is_told_by_how_the_pair_is_written(figures_of: FiguresOf, contest: Contest) -> None:
    rows: list[Row] = [("Budi Permisalan", [1]), ("coblos nomor urut 1", [1]), ("si kumis itu", [1])]
    subsets = figures_of([contest], *rows)["subsets"]
    assert {way: row["recall"] for way, row in subsets.items()} == {
        "number": 1.0, "other": 0.0, "unwritten": 0.5, "written": 1.0,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "way"),
    [
        ("dukung BUDI PERMISALAN", "written"),
        ("dukung pak Permisalan", "part"),
        ("dukung no 1", "number"),
        ("dukung 01", "number"),
        ("dukung O1", "number"),
        ("dukung nomor satu", "number"),
        ("dukung permisalann", "misspelling"),
        ("dukung 21", "other"),
        ("dukung beliau", "other"),
    ],
)
def test_spellings_are_told_without_the_finder(text: str, way: str, contest: Contest) -> None:
    assert Spellings([contest]).way(text, (contest.name, 1)) == way


@pytest.mark.parametrize(
    ("part", "whole", "expected"), [(0, 10, [0.0, 0.2775]), (9, 10, [0.5958, 0.9821]), (0, 0, None)]
)
def test_intervals_are_wilsons(part: int, whole: int, expected: list[float] | None) -> None:
    assert interval(part, whole) == expected


@given(st.integers(0, 10_000), st.integers(0, 10_000))
def test_an_interval_holds_its_share(part: int, rest: int) -> None:
    bounds = interval(part, part + rest)
    if bounds is not None:
        assert 0 <= bounds[0] <= round(part / (part + rest), 4) <= bounds[1] <= 1
