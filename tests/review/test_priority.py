from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.domain import Act, Level, Signal, StageKind, Stance, Tier
from monitor.review.priority import ACTS, LEVELS, STAGES, TIERS, WEIGHTS, prioritise

signals = st.builds(
    Signal, st.integers(1, 50), st.sampled_from(list(Act)), st.sampled_from(list(Level)), st.sampled_from(list(Tier))
)


def signal(act: Act = Act.LIKE, number: int = 1) -> Signal:
    return Signal(number, act, Level.MENENGAH, Tier.KUAT)


@given(st.lists(signals, max_size=30), st.sampled_from(list(StageKind)), st.integers(0, 9))
def test_the_score_is_the_sum_of_its_parts_between_0_and_1(
    given_signals: list[Signal], stage: StageKind, rivals: int
) -> None:
    priority = prioritise(given_signals, stage, rivals)
    assert 0 <= priority.score <= 1
    assert priority.score == round(sum(part.value for part in priority.parts), 4)


@given(st.lists(signals, min_size=1, max_size=8), st.randoms())
def test_the_order_of_hits_does_not_matter(given_signals: list[Signal], random: object) -> None:
    shuffled = list(given_signals)
    random.shuffle(shuffled)  # type: ignore[attr-defined]  # hypothesis gives a Random
    assert prioritise(given_signals, StageKind.KAMPANYE) == prioritise(shuffled, StageKind.KAMPANYE)


@given(st.lists(signals, min_size=1, max_size=8), signals)
def test_one_more_hit_never_lowers_the_score(given_signals: list[Signal], more: Signal) -> None:
    before = prioritise(given_signals, StageKind.KAMPANYE)
    assert prioritise([*given_signals, more], StageKind.KAMPANYE).score >= before.score


def test_like_counts_less_than_share_less_than_comment_less_than_post() -> None:
    scores = [
        prioritise([signal(act)], StageKind.KAMPANYE).score for act in (Act.LIKE, Act.SHARE, Act.COMMENT, Act.POST)
    ]
    assert scores == sorted(set(scores))


def test_the_quiet_period_comes_before_the_campaign() -> None:
    quiet, campaign = (prioritise([signal()], stage).score for stage in (StageKind.MASA_TENANG, StageKind.KAMPANYE))
    assert quiet > campaign


def test_two_rules_on_one_act_count_as_one_act() -> None:
    assert prioritise([signal(), signal()], StageKind.KAMPANYE) == prioritise([signal()], StageKind.KAMPANYE)


def test_somebody_who_follows_both_pairs_is_less_urgent() -> None:
    one, both = (prioritise([signal()], StageKind.KAMPANYE, rivals).score for rivals in (0, 1))
    assert both < one


def test_a_case_without_standing_hits_has_no_priority() -> None:
    assert prioritise([], StageKind.MASA_TENANG).score == 0


@pytest.mark.parametrize(("table", "enum"), [(ACTS, Act), (LEVELS, Level), (TIERS, Tier), (STAGES, StageKind)])
def test_every_token_has_a_weight(table: dict[object, float], enum: type) -> None:
    assert set(table) == set(enum)


def test_the_weights_sum_to_one() -> None:
    assert sum(WEIGHTS.values()) == pytest.approx(1)


SIDES = [Stance.DUKUNGAN, Stance.CELAAN]


@given(signals, st.sampled_from(list(StageKind)))
def test_praise_and_disparagement_count_alike(given_signal: Signal, stage: StageKind) -> None:
    one, other = (prioritise([replace(given_signal, stance=side)], stage).score for side in SIDES)
    assert one == other


@pytest.mark.parametrize("side", SIDES)
def test_a_side_counts_a_little_more_than_none(side: Stance) -> None:
    plain, neutral, sided = (
        prioritise([replace(signal(), stance=stance)], StageKind.KAMPANYE).score
        for stance in (None, Stance.NETRAL, side)
    )
    assert plain == neutral < sided <= plain + WEIGHTS["stance"]


def test_a_repeated_pattern_comes_before_a_single_act() -> None:
    alone, repeated = (prioritise([signal()], StageKind.KAMPANYE, 0, p).score for p in (None, Level.MENENGAH))
    assert repeated > alone
