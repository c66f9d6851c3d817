"""Who is visited first, and who is left out, when the caps do not hold everybody."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from monitor.domain import AccountKind, AccountRef, Caps, Direction, RegisteredAccount, Spending, Spent, VisitFact
from monitor.scan.ration import Groups, key_of, requests_left, share_out
from monitor.scan.visit import Visit
from scrapers.contract import Target

NOW = datetime(2026, 11, 20, 18, 0, tzinfo=UTC)


def visit(number: int, direction: Direction = Direction.SUBJECT) -> Visit:
    ref = AccountRef("bluesky", f"did:plc:{number:05d}")
    kind = AccountKind.ASN if direction is Direction.SUBJECT else AccountKind.REGISTERED
    return Visit(Target("bluesky", direction, ref), RegisteredAccount(number, ref, kind), {}, "", "1", [])


def seen(days: int, requests: int = 10) -> VisitFact:
    return VisitFact(NOW - timedelta(days=days), requests)


def numbers(visits: list[Visit], facts: dict[int, VisitFact], groups: Groups, left: int | None) -> list[int]:
    """Return who is visited, in order."""
    known = {key_of(v): facts[v.account.account_id] for v in visits if v.account.account_id in facts}
    (share,) = share_out(visits, known, groups, {"bluesky": left})
    return [turn.visit.account.account_id for turn in share.turns if turn.fits]


def test_candidates_come_first_then_whoever_was_not_seen_for_longest() -> None:
    visits = [visit(1), visit(2), visit(3), visit(4, Direction.CANDIDATE)]
    assert numbers(visits, {1: seen(1), 2: seen(9), 4: seen(0)}, Groups(), None) == [4, 3, 2, 1]


def test_contests_take_turns_and_those_in_a_busy_stage_begin() -> None:
    visits = [visit(n, Direction.CANDIDATE) for n in (1, 2, 3, 4)]
    groups = Groups({n: ((name, ""),) for n, name in ((1, "a"), (2, "a"), (3, "a"), (4, "b"))}, frozenset({4}))
    assert numbers(visits, {}, groups, None) == [4, 1, 2, 3]


def test_what_is_left_is_spent_to_the_end_and_the_rest_is_left_out() -> None:
    visits = [visit(n) for n in (1, 2, 3)]
    assert numbers(visits, {n: seen(n) for n in (1, 2, 3)}, Groups(), 15) == [3, 2]
    assert numbers(visits, {}, Groups(), 0) == []


@given(st.lists(st.integers(0, 30), min_size=1, max_size=12), st.integers(1, 60))
def test_whoever_was_left_out_is_visited_before_those_who_were_not(ages: list[int], left: int) -> None:
    visits = [visit(n) for n in range(len(ages))]
    facts = {n: seen(age) for n, age in enumerate(ages)}
    first = numbers(visits, facts, Groups(), left)
    later = {n: seen(0) if n in first else seen(age + 1) for n, age in enumerate(ages)}
    second = numbers(visits, later, Groups(), left)
    left_out = set(facts) - set(first)
    assert set(second) >= left_out or set(second) <= left_out


def test_the_tightest_cap_says_how_many_requests_are_left() -> None:
    costs = [Spending(1, 1, {}, 500), Spending(1, 3, {}, 1500)]
    spent = Spent(Spending(10, 20, {}, 1000), 100, 5000)
    assert requests_left(spent, Caps(requests=100), costs) == 90
    assert requests_left(spent, Caps(requests=100, units=60), costs) == 20
    assert requests_left(spent, Caps(requests=100, micros=11_000), costs) == 10
    assert requests_left(spent, Caps(), costs) is None
    assert requests_left(Spent(Spending(), 0, 0, closed=True), Caps(), costs) == 0
