from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.domain.shares import difference, wilson
from monitor.review.agreement import agreement


def table(*rows: tuple[int, ...]) -> list[tuple[int, int]]:
    return [(i, j) for i, row in enumerate(rows) for j, count in enumerate(row) for _ in range(count)]


ANSWERS = st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("abc")), min_size=1, max_size=60)


def test_kappa_of_a_worked_example() -> None:
    # 50 grant proposals: both yes 20, both no 15, split 5 and 10 -> 0.70 observed, 0.50 expected
    found = agreement(table((20, 5), (10, 15)))
    assert (found.observed, found.expected, found.kappa) == pytest.approx((0.7, 0.5, 0.4))


def test_interval_of_the_worked_example_is_the_published_kind() -> None:
    found = agreement(table((20, 5), (10, 15)))
    assert found.low == pytest.approx(0.1511, abs=5e-4)
    assert found.high == pytest.approx(0.6489, abs=5e-4)


def test_full_agreement_over_two_answers_is_one() -> None:
    assert agreement(table((7, 0), (0, 5))).kappa == 1


def test_one_answer_from_everybody_has_no_kappa() -> None:
    assert agreement([("x", "x")] * 9).kappa is None


def test_nothing_compared_tells_nothing() -> None:
    assert agreement([]) == agreement(())
    assert agreement([]).observed is None


@given(ANSWERS)
def test_kappa_lies_in_its_interval(pairs: list[tuple[str, str]]) -> None:
    found = agreement(pairs)
    if found.kappa is not None and found.low is not None and found.high is not None:
        assert -1 <= found.low <= found.kappa <= found.high <= 1


@given(ANSWERS)
def test_kappa_does_not_mind_who_was_first(pairs: list[tuple[str, str]]) -> None:
    turned = agreement([(second, first) for first, second in pairs])
    assert turned.kappa == pytest.approx(agreement(pairs).kappa)


def test_difference_of_a_published_example() -> None:
    # Newcombe 1998: 56/70 against 48/80, method 10: 0.0524 to 0.3339
    assert difference((56, 70), (48, 80)) == pytest.approx((0.0524, 0.3339), abs=5e-4)


def test_more_comparisons_widen_the_interval() -> None:
    low, high = difference((56, 70), (48, 80))
    wider_low, wider_high = difference((56, 70), (48, 80), comparisons=20)
    assert wider_low < low < high < wider_high


def test_nothing_counted_leaves_every_difference_open() -> None:
    assert difference((0, 0), (3, 4)) == (-1.0, 1.0)


def test_wilson_of_nothing_is_everything() -> None:
    assert wilson(0, 0) == (0.0, 1.0)
