"""Nobody waits for ever: lines, contests, pairs, regions and accounts under caps that never hold everybody."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from math import ceil

from hypothesis import given, settings
from hypothesis import strategies as st

from db.runs import TargetKey
from monitor.domain import AccountKind, AccountRef, Direction, RegisteredAccount, VisitFact
from monitor.scan.alternation import Path
from monitor.scan.ration import WEIGHTS, Groups, Share, Turn, key_of, share_out
from monitor.scan.visit import Visit
from scrapers.contract import Target

FIRST = datetime(2026, 11, 1, 18, 0, tzinfo=UTC)


@dataclass
class Office:
    """Accounts with what a visit to each costs, and the nights that were held over them."""

    paths: dict[int, tuple[Path, ...]]
    costs: dict[int, int]
    busy: frozenset[int] = frozenset()
    people: frozenset[int] = frozenset()
    gone: frozenset[int] = frozenset()
    facts: dict[TargetKey, VisitFact] = field(default_factory=dict)
    nights: int = 0

    def visits(self) -> list[Visit]:
        return [self.visit(number) for number in self.paths]

    def visit(self, number: int) -> Visit:
        ref = AccountRef("bluesky", f"did:plc:{number:05d}")
        person = number in self.people
        kind = AccountKind.ASN if person else AccountKind.REGISTERED
        direction = Direction.SUBJECT if person else Direction.CANDIDATE
        return Visit(Target("bluesky", direction, ref), RegisteredAccount(number, ref, kind), {}, "", "1", [])

    def plan(self, left: int) -> Share:
        (share,) = share_out(self.visits(), self.facts, Groups(self.paths, self.busy), {"bluesky": left})
        return share

    def night(self, left: int) -> list[Turn]:
        """Hold one night and return the turns that were taken; who is gone answers, but never well."""
        self.nights += 1
        now = FIRST + timedelta(days=self.nights)
        made = [turn for turn in self.plan(left).turns if turn.fits]
        for turn in made:
            number, key = turn.visit.account.account_id, key_of(turn.visit)
            before = self.facts.get(key, VisitFact())
            well = number not in self.gone
            self.facts[key] = VisitFact(
                now if well else before.last_good_at, self.costs[number] if well else before.requests, now
            )
        return made


def numbers(turns: Iterable[Turn]) -> list[int]:
    return [turn.visit.account.account_id for turn in turns]


def longest_wait(office: Office, left: int, nights: int, of: Mapping[int, object]) -> dict[object, int]:
    """Hold nights and return for each of the things that accounts stand for its longest wait, in nights."""
    waits: dict[object, int] = dict.fromkeys(of.values(), 0)
    longest = dict(waits)
    for _ in range(nights):
        served = {of[number] for number in numbers(office.night(left))}
        waits = {thing: 0 if thing in served else wait + 1 for thing, wait in waits.items()}
        longest = {thing: max(wait, waits[thing]) for thing, wait in longest.items()}
    return longest


@given(st.lists(st.integers(1, 9), min_size=1, max_size=6), st.integers(1, 40))
@settings(max_examples=40)
def test_every_contest_is_served_in_turn_however_many_accounts_the_others_have(sizes: list[int], left: int) -> None:
    paths: dict[int, tuple[Path, ...]] = {}
    for contest, size in enumerate(sizes):
        for _ in range(size):
            paths[len(paths)] = ((f"kontes {contest}", "nomor 1"),)
    office = Office(paths, dict.fromkeys(paths, 10))
    contests = {number: path[0][0] for number, path in paths.items()}
    a_night = max(ceil(left / 20), 1)  # a visit that nobody made yet is guessed to take twenty
    longest = longest_wait(office, left, 30, contests)
    assert max(longest.values()) <= ceil(len(sizes) / a_night)


@given(st.lists(st.integers(1, 8), min_size=1, max_size=5))
@settings(max_examples=30)
def test_a_pair_with_many_accounts_takes_no_turn_of_a_pair_with_one(sizes: list[int]) -> None:
    pairs = [number for number, size in enumerate(sizes) for _ in range(size)]
    paths: dict[int, tuple[Path, ...]] = {n: (("kontes", f"nomor {pair}"),) for n, pair in enumerate(pairs)}
    office = Office(paths, dict.fromkeys(paths, 10))
    longest = longest_wait(office, 1, 4 * len(pairs), dict(enumerate(pairs)))
    assert max(longest.values()) <= len(sizes) - 1


@given(st.data())
@settings(max_examples=30)
def test_every_account_is_tried_in_bounded_time_whatever_it_costs(data: st.DataObject) -> None:
    count = data.draw(st.integers(2, 9))
    regions = data.draw(st.lists(st.integers(0, 2), min_size=count, max_size=count))
    costs = data.draw(st.lists(st.integers(1, 500), min_size=count, max_size=count))
    gone = data.draw(st.sets(st.integers(0, count - 1)))
    paths: dict[int, tuple[Path, ...]] = {n: ((f"wilayah {regions[n]}", ""),) for n in range(count)}
    office = Office(paths, dict(enumerate(costs)), people=frozenset(paths), gone=frozenset(gone))
    bound = len(set(regions)) * max(regions.count(one) for one in set(regions))
    longest = longest_wait(office, data.draw(st.integers(1, 60)), 3 * bound, {n: n for n in paths})
    assert max(longest.values()) <= bound


@given(st.integers(1, 4), st.integers(1, 4), st.integers(1, 4))
@settings(max_examples=25)
def test_no_line_waits_for_ever_even_when_one_visit_a_night_is_all(busy: int, others: int, people: int) -> None:
    lines = ["busy"] * busy + ["others"] * others + ["people"] * people
    paths: dict[int, tuple[Path, ...]] = {n: ((f"{line} {n}", ""),) for n, line in enumerate(lines)}
    office = Office(
        paths,
        dict.fromkeys(paths, 10),
        frozenset(n for n, line in enumerate(lines) if line == "busy"),
        frozenset(n for n, line in enumerate(lines) if line == "people"),
    )
    longest = longest_wait(office, 1, 60, dict(enumerate(lines)))
    assert longest["busy"] <= longest["others"] <= longest["people"] <= 2 * sum(WEIGHTS)


def test_where_all_want_more_than_is_left_each_line_gets_its_share() -> None:
    lines = ["busy"] * 200 + ["others"] * 200 + ["people"] * 200
    paths: dict[int, tuple[Path, ...]] = {n: ((f"{line} {n}", ""),) for n, line in enumerate(lines)}
    busy = frozenset(n for n, line in enumerate(lines) if line == "busy")
    people = frozenset(n for n, line in enumerate(lines) if line == "people")
    office = Office(paths, dict.fromkeys(paths, 10), busy, people)
    for _ in range(30):
        office.night(2600)
    made = numbers(office.night(1300))
    counts = [sum(lines[n] == line for n in made) for line in ("busy", "others", "people")]
    assert counts == [80, 40, 10]


def test_an_account_that_is_gone_does_not_stand_before_everybody_else_again_and_again() -> None:
    paths: dict[int, tuple[Path, ...]] = dict.fromkeys(range(4), (("kontes", "nomor 1"),))
    office = Office(paths, dict.fromkeys(paths, 10), gone=frozenset({0, 1}))
    assert {number for _ in range(4) for number in numbers(office.night(1))} == {0, 1, 2, 3}


def test_an_account_of_several_pairs_stands_in_the_turn_of_each_and_is_visited_once() -> None:
    shared = (("kontes", "nomor 1"), ("kontes", "nomor 2"))
    paths: dict[int, tuple[Path, ...]] = {1: (("kontes", "nomor 1"),), 2: (("kontes", "nomor 1"),), 3: shared}
    office = Office(paths, dict.fromkeys(paths, 10))
    assert sorted(numbers(office.night(1000))) == [1, 2, 3]
    taken = [numbers(office.night(1))[0] for _ in range(6)]
    assert taken.count(3) >= 2


def test_who_is_left_out_is_told_after_about_how_many_nights_the_turn_comes() -> None:
    paths: dict[int, tuple[Path, ...]] = dict.fromkeys(range(6), (("wilayah 99.01", ""),))
    office = Office(paths, dict.fromkeys(paths, 10), people=frozenset(paths))
    for _ in range(3):
        office.night(1000)
    assert [turn.nights for turn in office.plan(20).turns] == [0, 0, 1, 1, 2, 2]


def test_an_estimate_that_was_too_low_takes_nothing_from_the_other_lines() -> None:
    """Visits are made in the order of turns, so that each line has had its first ones when a cap ends the night."""
    paths: dict[int, tuple[Path, ...]] = {n: ((f"{n}", ""),) for n in range(30)}
    office = Office(paths, dict.fromkeys(paths, 10), people=frozenset(range(20, 30)))
    first = numbers(office.plan(100).turns)[:6]
    assert any(number >= 20 for number in first)
