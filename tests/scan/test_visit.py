"""The visit to one account: what it asks next, what it saw, and what it says of what it did not see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.domain import (
    AccountKind,
    AccountRef,
    Act,
    ActRecord,
    ActTime,
    Coverage,
    Direction,
    EndKind,
    Outcome,
    RegisteredAccount,
)
from monitor.scan.visit import Visit
from scrapers.contract import EmptyListing, Page, Request, Response, Target

T0 = datetime(2024, 10, 5, 20, 0, tzinfo=UTC)
PAIR = AccountRef("bluesky", "did:plc:pasangan", "busi.contoh.test")
FEED = Request("getAuthorFeed", "https://a.test/feed", verb=Act.POST)
LIKES = Request("getLikes", "https://a.test/likes?p=1", verb=Act.LIKE, item_id="at://1", optional=True)
MORE_LIKES = replace(LIKES, url="https://a.test/likes?p=2", state={"page": 1})
THREAD = Request("getPostThread", "https://a.test/thread", verb=Act.COMMENT, item_id="at://1", optional=True)
ALL = dict.fromkeys((Act.POST, Act.LIKE, Act.SHARE, Act.COMMENT), Coverage.OBSERVED)


def visit(*frontier: Request, **more: object) -> Visit:
    account = RegisteredAccount(1, PAIR, AccountKind.REGISTERED, candidate_ids=(1,))
    made = Visit(Target("bluesky", Direction.CANDIDATE, PAIR), account, ALL, "q", "1", list(frontier or (FEED,)))
    return replace(made, **more)  # type: ignore[arg-type]  # fields by name


def answer(minute: int = 0) -> Response:
    return Response("u", "u", 200, {}, b"{}", T0 + timedelta(minutes=minute), "0" * 64)


def like(number: int) -> ActRecord:
    return ActRecord("bluesky", AccountRef("bluesky", f"did:plc:{number}"), Act.LIKE, "at://1", ActTime(T0))


def likes(count: int, **more: object) -> Page:
    return Page(acts=tuple(like(n) for n in range(count)), **more)  # type: ignore[arg-type]  # fields by name


def coverage(done: Visit) -> dict[Act, Coverage]:
    return dict(done.result(T0, had_items=False).coverage)


def test_what_follows_is_asked_before_what_waits() -> None:
    held = visit(THREAD, FEED)
    held.take(answer(), Page(follow=(LIKES, MORE_LIKES)), [], 0, 0)
    assert [request.url for request in held.frontier[::-1]] == [LIKES.url, MORE_LIKES.url, THREAD.url]


def test_a_listing_is_one_look_over_all_its_pages() -> None:
    held = visit(LIKES)
    assert held.take(answer(0), likes(3, follow=(MORE_LIKES,), reported=5), ["k" * 64], 2, 0) == ()
    (look,) = held.take(answer(4), likes(2, end=EndKind.EXHAUSTED), [], 2, 0)
    assert (look.collected, look.registered, look.reported, look.end) == (5, 1, 5, EndKind.EXHAUSTED)
    assert (look.started_at, look.finished_at) == (T0, T0 + timedelta(minutes=4))
    assert coverage(held)[Act.LIKE] is Coverage.OBSERVED


def test_a_listing_that_shows_fewer_than_it_claims_is_partial() -> None:
    held = visit(LIKES)
    held.take(answer(), likes(3, end=EndKind.EXHAUSTED, reported=5), [], 3, 0)
    assert coverage(held)[Act.LIKE] is Coverage.PARTIAL
    assert held.result(T0, had_items=False).outcome is Outcome.PARTIAL


@pytest.mark.parametrize("end", [EndKind.CAP_REACHED, EndKind.SUSPICIOUS_EMPTY])
def test_a_listing_that_was_not_read_to_its_end_is_partial(end: EndKind) -> None:
    held = visit(LIKES)
    (look,) = held.take(answer(), likes(3, end=end), [], 3, 0)
    assert (look.end, coverage(held)[Act.LIKE]) == (end, Coverage.PARTIAL)


def test_a_listing_known_to_be_empty_is_a_look_without_a_request() -> None:
    held = visit()
    (look,) = held.take(answer(), Page(empty=(EmptyListing(Act.LIKE, "at://1"),)), [], 0, 1)
    assert (look.end, look.reported, look.collected, held.sums.requests) == (EndKind.EXHAUSTED, 0, 0, 1)


@pytest.mark.parametrize(
    ("outcome", "told"),
    [
        (Outcome.LOGIN_WALL, Coverage.LOGIN_WALL),
        (Outcome.PRIVATE, Coverage.NOT_PUBLIC),
        (Outcome.BLOCKED, Coverage.BLOCKED),
        (Outcome.DRIFT, Coverage.FAILED),
        (Outcome.NETWORK, Coverage.FAILED),
        (Outcome.SERVER_ERROR, Coverage.FAILED),
    ],
)
def test_a_listing_that_fails_costs_its_verb_and_the_visit_goes_on(outcome: Outcome, told: Coverage) -> None:
    held = visit(THREAD, LIKES)
    (look,) = held.fail(outcome, T0)
    assert (look.end, held.done) == (EndKind.BLOCKED, False)
    held.take(answer(), Page(end=EndKind.EXHAUSTED), [], 0, 1)
    assert {verb: coverage(held)[verb] for verb in (Act.LIKE, Act.COMMENT)} == {
        Act.LIKE: told,
        Act.COMMENT: Coverage.OBSERVED,
    }


def test_what_a_platform_always_keeps_back_is_partial_and_not_a_failed_target() -> None:
    held = visit(LIKES)
    held.fail(Outcome.LOGIN_WALL, T0)
    assert held.result(T0, had_items=True).outcome is Outcome.PARTIAL


@pytest.mark.parametrize("outcome", [Outcome.NOT_FOUND, Outcome.LOGIN_WALL, Outcome.NETWORK, Outcome.BLOCKED])
def test_a_feed_that_fails_ends_the_visit_with_its_outcome(outcome: Outcome) -> None:
    held = visit(THREAD, FEED)
    held.fail(outcome, T0)
    assert (held.done, held.frontier, held.result(T0, had_items=True).outcome) == (True, [], outcome)


@pytest.mark.parametrize("outcome", [Outcome.RATE_LIMITED, Outcome.BUDGET_SPENT, Outcome.CHALLENGE])
def test_a_limit_keeps_what_is_still_to_be_asked_for_another_night(outcome: Outcome) -> None:
    held = visit(THREAD, LIKES)
    assert held.fail(outcome, T0) == ()
    assert (held.done, held.frontier) == (True, [THREAD, LIKES])
    result = held.result(T0, had_items=True)
    assert (result.outcome, result.requests) == (outcome, 0)
    again = visit()
    again.thaw(*held.freeze())
    assert (again.done, again.frontier, again.sums.outcome) == (False, [THREAD, LIKES], "ok")


def test_nothing_from_an_account_that_showed_something_before_is_suspicious() -> None:
    held = visit()
    held.take(answer(), Page(end=EndKind.EXHAUSTED), [], 0, 0)
    assert held.result(T0, had_items=True).outcome is Outcome.SUSPICIOUS_EMPTY
    assert held.result(T0, had_items=False).outcome is Outcome.EMPTY_CONFIRMED


def test_the_same_act_on_two_pages_is_one() -> None:
    held = visit(LIKES)
    held.take(answer(), likes(1, follow=(MORE_LIKES,)), ["a" * 64], 0, 0)
    held.take(answer(), likes(1, end=EndKind.EXHAUSTED), ["a" * 64, "b" * 64], 0, 0)
    assert held.result(T0, had_items=True).interactions == 2


pages = st.builds(
    likes,
    st.integers(0, 3),
    end=st.none() | st.sampled_from([EndKind.EXHAUSTED, EndKind.CAP_REACHED, EndKind.WINDOW_REACHED]),
    reported=st.none() | st.integers(0, 9),
    follow=st.lists(st.sampled_from([LIKES, MORE_LIKES, THREAD, FEED]), max_size=2).map(tuple),
)
steps = st.lists(pages | st.sampled_from([Outcome.NETWORK, Outcome.LOGIN_WALL, Outcome.DRIFT]), max_size=12)


def go(held: Visit, taken: Sequence[Page | Outcome], *, killed: bool) -> tuple[Visit, list[object]]:
    """Take the answers one by one; when killed, only what a checkpoint keeps lives on after each."""
    looks: list[object] = []
    for number, step in enumerate(taken):
        if held.done:
            break
        keys = [f"{number:064d}"]
        looks += held.fail(step, T0) if isinstance(step, Outcome) else held.take(answer(number), step, keys, 1, 1)
        if killed:
            fresh = visit()
            fresh.thaw(*held.freeze())
            held = fresh
    return held, looks


@given(steps)
def test_a_visit_taken_up_after_every_answer_ends_like_one_never_stopped(taken: list[Page | Outcome]) -> None:
    straight, looks = go(visit(LIKES, FEED), taken, killed=False)
    stopped, other_looks = go(visit(LIKES, FEED), taken, killed=True)
    assert stopped.frontier == straight.frontier
    assert stopped.result(T0, had_items=True) == straight.result(T0, had_items=True)
    assert other_looks == looks
