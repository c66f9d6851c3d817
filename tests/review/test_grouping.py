from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.domain import (
    Act,
    AttributionStatus,
    CaseKey,
    CaseState,
    ExistingCase,
    GroupingPlan,
    HeldAct,
    HitForCase,
    Level,
    Pattern,
    Priority,
    RuleStatus,
    Signal,
    StageKind,
    Stance,
    Tier,
)
from monitor.review.grouping import act_key, group

NOON = datetime(2024, 10, 5, 5, tzinfo=UTC)
RANKS = {"B2": 1, "B6": 2, "A4": 3}


def hit(number: int, interaction: int | None = None, **changes: object) -> HitForCase:
    made = HitForCase(
        hit_id=number,
        interaction_id=interaction if interaction is not None else number,
        person_id=1,
        candidate_id=1,
        contest_id=1,
        law="skb-2-2022",
        law_row="B6",
        law_rank=2,
        stage=StageKind.KAMPANYE,
        rule_id="r",
        act=Act.LIKE,
        level=Level.MENENGAH,
        tier=Tier.KUAT,
        at=NOON,
        attribution=AttributionStatus.VERIFIED,
        jurisdiction="99.01",
    )
    return replace(made, **changes)  # type: ignore[arg-type]  # fields by name


def case(number: int, state: CaseState = CaseState.DITINJAU, **changes: object) -> ExistingCase:
    return ExistingCase(number, replace(act_key([hit(1)]), **changes), 1, state)  # type: ignore[arg-type]  # as above


def held(number: int, interaction: int, case_id: int, *, active: bool = True) -> HeldAct:
    return HeldAct(number, interaction, 1, case_id, act_key([hit(1)]), active)


@st.composite
def hits(draw: st.DrawFn) -> list[HitForCase]:
    drawn = []
    for number in range(1, draw(st.integers(0, 12)) + 1):
        interaction = draw(st.integers(1, 6))
        row = draw(st.sampled_from(sorted(RANKS)))
        drawn.append(
            hit(
                number,
                interaction,
                # An act has one actor and one time: person, jurisdiction and attribution follow from it.
                person_id=interaction % 2,
                jurisdiction="" if interaction == 3 else "99.01",
                attribution=AttributionStatus.PROPOSED if interaction == 5 else AttributionStatus.VERIFIED,
                candidate_id=draw(st.integers(1, 3)),
                law_row=row,
                law_rank=RANKS[row],
                stage=draw(st.sampled_from([StageKind.KAMPANYE, StageKind.MASA_TENANG])),
                mode=draw(st.sampled_from([RuleStatus.ACTIVE, RuleStatus.ACTIVE, RuleStatus.SHADOW])),
            )
        )
    return drawn


def placed(plan: GroupingPlan) -> list[int]:
    return [number for part in (*plan.new, *plan.joined) for number in part.hit_ids]


def carried_out(plan: GroupingPlan, given_hits: list[HitForCase]) -> tuple[list[ExistingCase], list[HeldAct]]:
    by_id = {h.hit_id: h for h in given_hits}
    cases, acts = [], []
    for number, new in enumerate(plan.new, start=1):
        own = [by_id[i] for i in new.hit_ids]
        signals = tuple(Signal(h.interaction_id, h.act, h.level, h.tier) for h in own)
        cases.append(ExistingCase(number, new.key, 1, new.state, signals))
        acts += [HeldAct(h.hit_id, h.interaction_id, h.candidate_id, number, new.key, True) for h in own]
    return cases, acts


@given(hits())
def test_every_active_hit_is_in_exactly_one_case(given_hits: list[HitForCase]) -> None:
    active = sorted(h.hit_id for h in given_hits if h.mode is RuleStatus.ACTIVE)
    assert sorted(placed(group(given_hits, []))) == active


@given(hits(), st.randoms())
def test_the_order_of_hits_does_not_change_the_plan(given_hits: list[HitForCase], random: object) -> None:
    shuffled = list(given_hits)
    random.shuffle(shuffled)  # type: ignore[attr-defined]  # hypothesis gives a Random
    assert group(shuffled, []) == group(given_hits, [])


@given(hits())
def test_at_most_one_case_is_opened_for_a_key(given_hits: list[HitForCase]) -> None:
    keys = [new.key for new in group(given_hits, []).new]
    assert len(keys) == len(set(keys))


@given(hits())
def test_an_act_is_in_one_case_for_a_pair(given_hits: list[HitForCase]) -> None:
    homes: dict[tuple[int, int], set[CaseKey]] = {}
    by_id = {h.hit_id: h for h in given_hits}
    for new in group(given_hits, []).new:
        for number in new.hit_ids:
            homes.setdefault((by_id[number].interaction_id, by_id[number].candidate_id), set()).add(new.key)
    assert all(len(keys) == 1 for keys in homes.values())


@given(hits())
def test_running_again_adds_nothing(given_hits: list[HitForCase]) -> None:
    cases, acts = carried_out(group(given_hits, []), given_hits)
    again = group([], cases, acts)
    assert (again.new, again.joined, again.links) == ((), (), ())


@settings(max_examples=60)
@given(hits(), st.integers(0, 6))
def test_two_nights_open_the_cases_that_one_night_opens(given_hits: list[HitForCase], split: int) -> None:
    first = [h for h in given_hits if h.interaction_id <= split]
    second = [h for h in given_hits if h.interaction_id > split]
    cases, acts = carried_out(group(first, []), first)
    later = group(second, cases, acts)
    assert {c.key for c in cases} | {new.key for new in later.new} == {new.key for new in group(given_hits, []).new}


@settings(max_examples=60)
@given(hits(), st.integers(0, 6))
def test_two_nights_end_in_the_priorities_of_one(given_hits: list[HitForCase], split: int) -> None:
    first = [h for h in given_hits if h.interaction_id <= split]
    second = [h for h in given_hits if h.interaction_id > split]
    cases, acts = carried_out(group(first, []), first)
    people = {h.person_id for h in second}
    later = group(second, [c for c in cases if c.key.person_id in people], acts)
    key_of = {c.id: c.key for c in cases}
    ends = {new.key: new.priority for new in group(first, []).new}
    ends |= {key_of[number]: priority for number, priority in later.priorities}
    ends |= {key_of[join.case_id]: join.priority for join in later.joined}
    ends |= {new.key: new.priority for new in later.new}
    assert ends == {new.key: new.priority for new in group(given_hits, []).new}


def test_the_best_ranked_row_keys_the_case_of_an_act() -> None:
    plan = group([hit(1, 1, law_row="B6", law_rank=2), hit(2, 1, law_row="B2", law_rank=1)], [])
    assert [(new.key.law_row, new.hit_ids) for new in plan.new] == [("B2", (1, 2))]


def test_acts_of_different_rows_open_different_cases() -> None:
    plan = group([hit(1, law_row="B6"), hit(2, law_row="B2", law_rank=1)], [])
    assert {new.key.law_row for new in plan.new} == {"B2", "B6"}


def test_an_act_for_two_pairs_opens_two_linked_cases() -> None:
    plan = group([hit(1, 1, candidate_id=1), hit(2, 1, candidate_id=2)], [])
    assert {new.key.candidate_id for new in plan.new} == {1, 2}
    assert plan.links == ((1, 2),)


def test_an_act_that_later_concerns_another_pair_is_linked_to_the_case_that_holds_it() -> None:
    plan = group([hit(2, 1, candidate_id=2)], [case(5)], [held(1, 1, 5)])
    assert plan.links == ((1, 2),)


def test_a_proposed_account_opens_its_case_at_the_attribution_desk() -> None:
    plan = group([hit(1, attribution=AttributionStatus.PROPOSED)], [])
    assert plan.new[0].state is CaseState.PERLU_ATRIBUSI


def test_a_verified_account_opens_a_new_case() -> None:
    assert group([hit(1)], []).new[0].state is CaseState.BARU


def test_the_place_of_the_person_is_the_queue() -> None:
    assert group([hit(1)], []).new[0].queue == "99.01"


def test_a_person_of_no_known_place_has_no_queue() -> None:
    assert group([hit(1, jurisdiction="")], []).new[0].queue is None


def test_shadow_hits_open_nothing() -> None:
    assert group([hit(1, mode=RuleStatus.SHADOW)], []) == GroupingPlan()


@pytest.mark.parametrize("state", [s for s in CaseState if s.before_registration and s.open])
def test_a_new_act_joins_the_open_case(state: CaseState) -> None:
    plan = group([hit(2)], [case(5, state)], [])
    assert [(join.case_id, join.hit_ids, join.reopen) for join in plan.joined] == [(5, (2,), False)]
    assert plan.new == ()


@pytest.mark.parametrize("state", [CaseState.DIKESAMPINGKAN, CaseState.TIDAK_DIREGISTRASI])
def test_a_new_act_reopens_a_case_that_was_set_aside(state: CaseState) -> None:
    plan = group([hit(2)], [case(5, state)], [])
    assert [(join.case_id, join.reopen) for join in plan.joined] == [(5, True)]


@pytest.mark.parametrize("state", [s for s in CaseState if not s.before_registration])
def test_a_new_act_after_registration_opens_a_case_that_follows(state: CaseState) -> None:
    plan = group([hit(2)], [case(5, state)], [])
    assert [(new.linked_to, new.hit_ids) for new in plan.new] == [(5, (2,))]


@pytest.mark.parametrize("active", [True, False])
def test_a_new_version_of_a_rule_does_not_reopen_what_was_set_aside(active: bool) -> None:
    plan = group([hit(2, 1)], [case(5, CaseState.DIKESAMPINGKAN)], [held(1, 1, 5, active=active)])
    assert [(join.case_id, join.reopen) for join in plan.joined] == [(5, False)]


def test_a_handled_act_stays_with_its_registered_case() -> None:
    plan = group([hit(2, 1, law_row="B2", law_rank=1)], [case(5, CaseState.TERDAFTAR)], [held(1, 1, 5)])
    assert [join.case_id for join in plan.joined] == [5]


def test_an_act_whose_row_changed_leaves_the_old_case() -> None:
    plan = group([hit(2, 1, law_row="A4")], [case(5)], [held(1, 1, 5, active=False)])
    assert [new.key.law_row for new in plan.new] == ["A4"]


def test_an_act_now_known_to_be_of_another_person_leaves_the_old_case() -> None:
    plan = group([hit(2, 1, person_id=2)], [], [held(1, 1, 5)])
    assert [new.key.person_id for new in plan.new] == [2]


@given(hits(), st.sampled_from([None, *Stance]))
def test_stances_and_patterns_move_priorities_only(given_hits: list[HitForCase], stance: Stance | None) -> None:
    told = [replace(h, stance=stance) for h in given_hits]
    at = datetime(2024, 10, 1, tzinfo=UTC)
    acts = tuple(sorted({h.interaction_id for h in given_hits}))
    found = [
        Pattern("pola", 1, Level.TINGGI, person, pair, at, at, timedelta(days=7), 9, acts)
        for person in (0, 1)
        for pair in (1, 2, 3)
    ]
    plain, raised = group(given_hits, []), group(told, [], (), found)
    without = Priority(0.0)
    assert [replace(new, priority=without) for new in raised.new] == [replace(n, priority=without) for n in plain.new]
    assert all(new.priority.score > old.priority.score for new, old in zip(raised.new, plain.new, strict=True))
