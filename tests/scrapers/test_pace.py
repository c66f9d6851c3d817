import threading
from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrapers.limits import Allowance
from scrapers.pace import Pacer
from tests.scrapers.loopback import START, Clock


def test_slots_run_from_start_to_start() -> None:
    clock = Clock()
    pacer, starts = Pacer(clock, clock.sleep), []
    for work in (0.5, 3.0, 0.0):
        with pacer.turn("a", 2.0):
            starts.append((clock.now - START).total_seconds())
            clock.now += timedelta(seconds=work)
    assert starts == [0.0, 2.0, 5.0]


def test_the_pause_counts_from_when_a_call_leaves() -> None:
    clock = Clock()
    pacer, left = Pacer(clock, clock.sleep), []
    for before in (0.4, 0.0, 0.1):
        with pacer.turn("a", 2.0):
            clock.now += timedelta(seconds=before)
            pacer.leaves("a")
            left.append((clock.now - START).total_seconds())
    assert [after - sooner for sooner, after in pairwise(left)] == pytest.approx([2.0, 2.1])


def test_hosts_do_not_wait_for_each_other() -> None:
    clock = Clock()
    pacer = Pacer(clock, clock.sleep)
    for host in ("a", "b"):
        with pacer.turn(host, 60.0):
            pass
    assert clock.slept == []


@given(st.lists(st.tuples(st.floats(0.01, 10), st.floats(0, 20)), min_size=2, max_size=20))
def test_no_request_is_early(steps: list[tuple[float, float]]) -> None:
    clock = Clock()
    pacer, last = Pacer(clock, clock.sleep), None
    for delay, work in steps:
        with pacer.turn("a", delay):
            if last is not None:
                assert (clock.now - last[0]).total_seconds() >= last[1] - 2e-6
            last = (clock.now, delay)
            clock.now += timedelta(seconds=work)


def test_a_clock_set_back_does_not_hold_a_host_for_long() -> None:
    clock = Clock()
    pacer = Pacer(clock, clock.sleep)
    with pacer.turn("a", 1.0):
        clock.now -= timedelta(hours=5)
    with pacer.turn("a", 1.0):
        pass
    assert sum(clock.slept) <= 2.0


def test_a_clock_that_stands_still_does_not_hold_a_host() -> None:
    pacer = Pacer(lambda: START, lambda _: None)
    for _ in range(3):
        with pacer.turn("a", 1.0):
            pass


def test_one_request_at_a_time_per_host() -> None:
    clock = Clock()
    pacer, inside, most = Pacer(clock, clock.sleep), 0, 0
    lock = threading.Lock()

    def work() -> None:
        nonlocal inside, most
        for _ in range(50):
            with pacer.turn("a", 0.0):
                with lock:
                    inside += 1
                    most = max(most, inside)
                with lock:
                    inside -= 1

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == 1


def test_a_host_stays_closed_until_the_latest_time_asked_for() -> None:
    clock = Clock()
    pacer = Pacer(clock, clock.sleep)
    pacer.close("a", START + timedelta(seconds=90))
    pacer.close("a", START + timedelta(seconds=10))
    assert pacer.closed_until("a") == START + timedelta(seconds=90)
    clock.now += timedelta(seconds=90)
    assert pacer.closed_until("a") is None


def starts_after(answers: list[bool], clock: Clock, pacer: Pacer) -> list[float]:
    """Return the seconds between the starts of calls of which some went well."""
    starts = []
    for well in answers:
        with pacer.turn("a", 1.0):
            starts.append((clock.now - START).total_seconds())
        pacer.note("a", well=well)
    return [round(b - a, 3) for a, b in pairwise(starts)]


def test_a_failing_host_is_asked_less_and_less() -> None:
    clock = Clock()
    assert starts_after([False] * 6, clock, Pacer(clock, clock.sleep)) == [1.5, 2.0, 3.0, 5.0, 9.0]


def test_a_host_that_has_recovered_is_asked_more_by_and_by_and_never_more_than_the_policy_lets() -> None:
    clock = Clock()
    gaps = starts_after([False, False, *[True] * 30], clock, Pacer(clock, clock.sleep))
    assert gaps[1:] == sorted(gaps[1:], reverse=True)
    assert gaps[-1] == 1.0


def test_no_rest_of_ours_is_longer_than_what_was_allowed() -> None:
    clock = Clock()
    pacer = Pacer(clock, clock.sleep)
    for _ in range(12):
        with pacer.turn("a", 1.0, longest=6.0):
            pass
        pacer.note("a", well=False)
    assert max(clock.slept) == 6.0


def gaps_of(times: list[float]) -> list[float]:
    """Return the seconds between the starts of calls that take so long."""
    clock = Clock()
    pacer, starts = Pacer(clock, clock.sleep), []
    for took in times:
        with pacer.turn("a", 0.1):
            starts.append(clock.now)
            clock.now += timedelta(seconds=took)
        pacer.note("a", well=True)
    return [(b - a).total_seconds() for a, b in pairwise(starts)]


def test_a_host_that_needs_much_longer_than_usual_is_left_alone_as_long_again() -> None:
    gaps = gaps_of([0.05] * 20 + [4.0] * 5)
    assert max(gaps[:19]) == 0.1
    assert 5 < gaps[-1] <= 8


def test_a_host_that_always_needs_long_is_asked_as_fast_as_it_answers() -> None:
    assert gaps_of([3.0] * 10) == [3.0] * 9


def test_what_is_left_of_an_allowance_is_spread_until_more_is_granted() -> None:
    clock = Clock()
    pacer, starts = Pacer(clock, clock.sleep), []
    for left in (4, 3, 2, 1):
        with pacer.turn("a", 0.1):
            starts.append(clock.now)
        pacer.note("a", well=True, left=Allowance(left, 100, START + timedelta(seconds=40)))
    gaps = [(b - a).total_seconds() for a, b in pairwise(starts)]
    assert gaps == [10.0, 10.0, 10.0]


def test_an_ample_allowance_slows_nobody_down() -> None:
    clock = Clock()
    pacer = Pacer(clock, clock.sleep)
    for _ in range(2):
        with pacer.turn("a", 0.1):
            pass
        pacer.note("a", well=True, left=Allowance(50, 100, START + timedelta(seconds=40)))
    assert clock.slept == [0.1]
