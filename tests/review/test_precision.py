from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.domain import Advice, VerdictCount
from monitor.domain.shares import wilson
from monitor.review.precision import Bars, precisions

BARS = Bars(verdicts_least=20, keep_from=0.8, retire_below=0.5)


@pytest.mark.parametrize(
    ("right", "judged", "low", "high"),
    [
        (0, 10, 0.0, 0.2775),
        (5, 10, 0.2366, 0.7634),
        (10, 10, 0.7225, 1.0),
        (81, 263, 0.2553, 0.3662),  # Newcombe 1998, table I, method 3
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_the_interval_is_the_published_one(right: int, judged: int, low: float, high: float) -> None:
    assert wilson(right, judged) == pytest.approx((low, high), abs=5e-5)


def test_nothing_judged_says_nothing() -> None:
    assert wilson(0, 0) == (0.0, 1.0)


@given(st.integers(1, 5000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_the_interval_holds_the_share_and_stays_within_zero_and_one(counts: tuple[int, int]) -> None:
    right, judged = counts
    low, high = wilson(right, judged)
    assert 0 <= low <= right / judged + 1e-12
    assert right / judged - 1e-12 <= high <= 1


@given(st.integers(0, 200), st.integers(0, 200))
def test_right_and_wrong_are_mirror_images(right: int, wrong: int) -> None:
    low, high = wilson(right, right + wrong)
    assert wilson(wrong, right + wrong) == pytest.approx((1 - high, 1 - low), abs=1e-9)


@pytest.mark.parametrize(
    ("right", "wrong", "advice"),
    [
        (19, 0, Advice.BELUM_CUKUP),
        (20, 0, Advice.PERTAHANKAN),
        (60, 3, Advice.PERTAHANKAN),
        (17, 3, Advice.SETEL),
        (10, 10, Advice.SETEL),
        (2, 18, Advice.HENTIKAN),
        (0, 19, Advice.BELUM_CUKUP),
    ],
)
def test_verdicts_advise_to_keep_tune_or_retire(right: int, wrong: int, advice: Advice) -> None:
    (row, _) = precisions([VerdictCount("a", 1, "99.01", right, wrong)], BARS)
    assert row.advice is advice


def test_unsure_verdicts_are_counted_and_decide_nothing() -> None:
    (row, _) = precisions([VerdictCount("a", 1, "99.01", 20, 0, 300)], BARS)
    assert (row.unsure, row.share, row.advice) == (300, 1.0, Advice.PERTAHANKAN)


def test_versions_are_never_mixed_and_places_add_up() -> None:
    counts = [
        VerdictCount("a", 2, "99.02", 1, 1),
        VerdictCount("a", 1, "99.01", 5, 0),
        VerdictCount("a", 2, "99.01", 3, 0, 1),
    ]
    rows = precisions(counts, BARS)
    assert [(r.version, r.jurisdiction, r.right, r.wrong, r.unsure) for r in rows] == [
        (1, None, 5, 0, 0),
        (1, "99.01", 5, 0, 0),
        (2, None, 4, 1, 1),
        (2, "99.01", 3, 0, 1),
        (2, "99.02", 1, 1, 0),
    ]
