from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from weakref import ref

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitor.domain import (
    AccountKind,
    AccountRef,
    Act,
    ActTime,
    AttributionStatus,
    Content,
    Employment,
    InteractionView,
)
from monitor.domain.judging import BIO_ENDINGS
from rules.engine import Judge, compile_rules, with_rules
from rules.facts import Texts
from rules.loader import load_ruleset
from rules.memory import Memory
from tests.rules.generated import CONTENTS, CONTEST, TIMES, VIEWS, WORDS

# Acts that differ in little from each other: on the same texts, by others, elsewhere, at other times, in other words.
CHANGES = st.fixed_dictionaries(
    {},
    optional={
        "id": st.integers(1, 9),
        "act": st.sampled_from(Act),
        "employment": st.sampled_from([Employment.PNS, Employment.PPPK]),
        "own": CONTENTS,
        "time": TIMES,
        "actor": st.sampled_from([AccountRef("contoh", "b"), AccountRef("contoh", "c", "c.{occurred}.contoh")]),
        "attribution": st.sampled_from(AttributionStatus),
        "owner_sure": st.booleans(),
        "person_note": st.sampled_from(["", "istri calon"]),
        "jurisdiction": st.sampled_from(["99.01", "12"]),
        "platform": st.just("misal"),
    },
)

# Comments below one post, most of which say little: what one says must not be taken for what another does.
SAYINGS = st.lists(st.sampled_from(WORDS), min_size=1, max_size=2).map(" ".join)
COMMENTS = st.builds(
    Content,
    st.just("t") | st.just(f"t{BIO_ENDINGS[0]}"),
    st.just(""),
    SAYINGS,
    mentioned=st.sampled_from(
        [(), (), ("lain",), *((a.account.user_id,) for p in CONTEST.candidates for a in p.accounts)]
    ),
    hashtags=st.sampled_from([(), (), ("BusiMenang",)]),
    alt_texts=st.just(()) | st.tuples(SAYINGS),
    seen_before=st.sampled_from([datetime(2024, 1, 1, tzinfo=UTC), None]),
)
CAMPAIGN = ActTime(occurred_at=datetime(2024, 10, 10, tzinfo=UTC))
POSTS = st.builds(
    Content, st.just("p"), st.just(""), SAYINGS, st.just(AccountKind.REGISTERED), st.sampled_from([(1,), (1, 2)])
)


@cache
def remembering() -> Judge:
    return compile_rules(load_ruleset(), (CONTEST,), drafts=True)


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(VIEWS, st.lists(CHANGES, max_size=8))
def test_acts_judged_together_are_judged_as_each_alone(view: InteractionView, changes: list[dict[str, object]]) -> None:
    judge = remembering()
    for act in (view, *(replace(view, **change) for change in changes)):  # type: ignore[arg-type]  # drawn by field
        alone = compile_rules(judge.ruleset, (CONTEST,), drafts=True)  # which has met no act, and no other kind either
        assert judge.judge(act) == alone.judge(act)


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(VIEWS, POSTS, st.lists(COMMENTS, min_size=2, max_size=6))
def test_comments_on_one_post_are_judged_as_each_alone(
    view: InteractionView, post: Content, comments: list[Content]
) -> None:
    judge = compile_rules(remembering().ruleset, (CONTEST,), drafts=True)
    below = replace(view, act=Act.COMMENT, time=CAMPAIGN, employment=Employment.PNS, target=post, owner_sure=True)
    again = [replace(own, item_id="t", seen_before=None) for own in comments]  # the same words of other items
    for own in (*comments, *again):
        act = replace(below, own=own)
        alone = compile_rules(judge.ruleset, (CONTEST,), drafts=True)
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
