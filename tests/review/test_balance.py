from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from monitor.domain.cases import CandidateBrief
from monitor.domain.oversight import DecisionFact, PairLoad, SecondLook
from monitor.domain.review import CaseState
from monitor.review.balance import by_pair, by_reviewer, lopsided, quality

START = datetime(2024, 11, 1, tzinfo=UTC)
ASIDE, PROPOSED = CaseState.DIKESAMPINGKAN, CaseState.DIUSULKAN


def load(number: int) -> PairLoad:
    return PairLoad(CandidateBrief(number, 1, "Bupati Contoh 2024", number, f"Pasangan {number}"), acts=9, cases=5)


def decided(
    to: CaseState, *, pair: int = 1, user: int = 1, hours: float = 2, undone: bool = False, times: int = 1
) -> list[DecisionFact]:
    at = START + timedelta(hours=hours)
    return [DecisionFact(n, pair, user, f"Peninjau {user}", to, at, START, START, undone) for n in range(times)]


def test_a_share_counts_only_what_was_not_taken_back() -> None:
    (row,) = by_pair([load(1)], decided(ASIDE, times=2) + decided(ASIDE, undone=True) + decided(PROPOSED))
    assert (row.set_aside.part, row.set_aside.whole) == (2, 3)


def test_a_few_decisions_are_noise_and_no_pair_is_odd() -> None:
    rows = by_pair([load(1), load(2)], decided(ASIDE, times=3) + decided(PROPOSED, pair=2, times=3))
    assert not any(row.odd for row in rows)


def test_many_decisions_that_differ_make_a_pair_odd() -> None:
    rows = by_pair([load(1), load(2)], decided(ASIDE, times=60) + decided(PROPOSED, pair=2, times=60))
    assert all(row.odd for row in rows)


def test_a_reviewer_who_treats_one_pair_otherwise_is_named_with_both_shares() -> None:
    facts = decided(ASIDE, times=50) + decided(PROPOSED, pair=2, times=50)
    found = lopsided([load(1), load(2)], facts)
    assert [(row.name, row.pair.id, row.here.value, row.elsewhere.value) for row in found] == [
        ("Peninjau 1", 1, 1.0, 0.0),
        ("Peninjau 1", 2, 0.0, 1.0),
    ]


def test_a_strict_reviewer_who_is_strict_with_all_pairs_is_not_lopsided() -> None:
    strict = decided(ASIDE, times=50) + decided(ASIDE, pair=2, times=50)
    mild = decided(PROPOSED, user=2, times=50) + decided(PROPOSED, pair=2, user=2, times=50)
    assert lopsided([load(1), load(2)], strict + mild) == ()
    assert all(row.odd for row in by_reviewer(strict + mild))


def test_reviewers_stand_in_the_order_of_their_work() -> None:
    rows = by_reviewer(decided(ASIDE) + decided(ASIDE, user=2, times=3))
    assert [row.user_id for row in rows] == [2, 1]


def test_hours_run_from_the_first_opening_to_the_decision() -> None:
    (row,) = by_reviewer(decided(ASIDE, hours=2) + decided(ASIDE, hours=4))
    assert row.hours == 3.0


def test_only_answers_without_knowledge_measure_agreement() -> None:
    looks = [SecondLook(1, True, ASIDE, ASIDE), SecondLook(2, True, ASIDE, PROPOSED),
             SecondLook(3, False, PROPOSED, CaseState.DIKEMBALIKAN)]  # fmt: skip
    found = quality([], looks)
    assert (found.blind.pairs, found.blind.same) == (2, 1)
    assert (found.returned.part, found.returned.whole) == (1, 1)


def test_nothing_decided_is_no_zero() -> None:
    found = quality([], [])
    assert found.to_decide.median is None
    assert found.undone.value is None


@given(st.lists(st.sampled_from([ASIDE, PROPOSED, CaseState.PERLU_BUKTI]), max_size=40))
def test_pairs_and_reviewers_count_the_same_decisions(states: list[CaseState]) -> None:
    facts = [fact for n, to in enumerate(states) for fact in decided(to, pair=n % 3, user=n % 2)]
    pairs = by_pair([load(n) for n in range(3)], facts)
    assert sum(row.set_aside.whole for row in pairs) == sum(row.decided for row in by_reviewer(facts)) == len(facts)
