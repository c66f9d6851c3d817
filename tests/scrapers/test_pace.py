import threading
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

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
