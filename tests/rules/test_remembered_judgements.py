from __future__ import annotations

from dataclasses import replace
from functools import cache
from weakref import ref

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitor.domain import AccountRef, AttributionStatus, InteractionView
from rules.engine import Judge, compile_rules, with_rules
from rules.facts import Texts
from rules.loader import load_ruleset
from rules.memory import Memory
from rules.shelf import Shelf
from tests.rules.generated import CONTEST, TIMES, VIEWS

# Acts that differ in little from each other: the same texts, liked by others, elsewhere, at other times.
CHANGES = st.fixed_dictionaries(
    {},
    optional={
        "id": st.integers(1, 9),
        "time": TIMES,
        "actor": st.sampled_from([AccountRef("contoh", "b"), AccountRef("contoh", "c", "c.{occurred}.contoh")]),
        "attribution": st.sampled_from(AttributionStatus),
        "owner_sure": st.booleans(),
        "person_note": st.sampled_from(["", "istri calon"]),
        "jurisdiction": st.sampled_from(["99.01", "12"]),
        "platform": st.just("misal"),
    },
)


@cache
def remembering() -> Judge:
    return compile_rules(load_ruleset(), (CONTEST,), drafts=True)


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(VIEWS, st.lists(CHANGES, max_size=8))
def test_acts_judged_together_are_judged_as_each_alone(view: InteractionView, changes: list[dict[str, object]]) -> None:
    judge = remembering()
    for act in (view, *(replace(view, **change) for change in changes)):  # type: ignore[arg-type]  # drawn by field
        alone = replace(judge, _shelf=Shelf(0))
        assert judge.judge(act) == alone.judge(act)


def liked(view: InteractionView) -> InteractionView:
    return replace(view, own=None, time=view.time)


@settings(deadline=None, max_examples=10, suppress_health_check=[HealthCheck.too_slow])
@given(VIEWS.map(liked))
def test_what_is_said_of_two_likes_is_kept_once(view: InteractionView) -> None:
    one, other = (remembering().judge(replace(view, id=number)) for number in (1, 2))
    assert one.near_misses is other.near_misses
    assert one.not_evaluable is other.not_evaluable


@settings(deadline=None, max_examples=10, suppress_health_check=[HealthCheck.too_slow])
@given(VIEWS.map(liked))
def test_other_rules_remember_nothing_of_these(view: InteractionView) -> None:
    judge = remembering()
    judge.judge(view)
    said = with_rules(judge).judge(view)
    assert (said.hits, said.not_evaluable) == ((), ())


@settings(deadline=None, max_examples=5, suppress_health_check=[HealthCheck.too_slow])
@given(VIEWS.map(liked))
def test_a_reading_that_nobody_keeps_is_not_held_by_what_was_said_of_it(view: InteractionView) -> None:
    memory, texts = Memory(), Texts(None, None, None)
    memory.met(texts, view, ())
    held = ref(texts)
    del texts
    assert held() is None


@settings(deadline=None, max_examples=5, suppress_health_check=[HealthCheck.too_slow])
@given(VIEWS.map(liked))
def test_a_full_memory_forgets(view: InteractionView) -> None:
    memory, texts = Memory(most=1), Texts(None, None, None)
    first = memory.met(texts, view, ())
    assert memory.alike(texts, view) is first
    memory.met(texts, replace(view, person_note="lain"), ())
    assert memory.alike(texts, view) is None
