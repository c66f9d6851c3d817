import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from db import budgets
from db.connect import Database, open_database
from monitor.domain import Cap, Caps, Spending

DAY = date(2026, 11, 18)  # a Wednesday
CALL = Spending(requests=1, units=5, buckets={"cari": 1}, micros=300)


def book(database: Database, caps: Caps, cost: Spending = CALL, day: date = DAY) -> Cap | None:
    with database.write() as session:
        return budgets.reserve(session, "contoh", day, cost, caps)


def test_what_is_booked_adds_up(database: Database) -> None:
    for _ in range(3):
        assert book(database, Caps()) is None
    with database.read() as session:
        assert budgets.spent(session, "contoh", DAY).day == Spending(3, 15, {"cari": 3}, 900)
        assert budgets.spent(session, "lain", DAY).day == Spending()


@pytest.mark.parametrize(
    ("caps", "hit"),
    [
        (Caps(requests=1), Cap.REQUESTS),
        (Caps(weekly_requests=1), Cap.WEEKLY_REQUESTS),
        (Caps(units=9), Cap.UNITS),
        (Caps(buckets={"cari": 1}), Cap.BUCKET),
        (Caps(micros=599), Cap.MICROS),
        (Caps(monthly_micros=599), Cap.MONTHLY_MICROS),
    ],
)
def test_a_call_that_would_pass_a_cap_is_not_booked(database: Database, caps: Caps, hit: Cap) -> None:
    assert [book(database, caps) for _ in range(3)] == [None, hit, hit]
    with database.read() as session:
        assert budgets.spent(session, "contoh", DAY).day == CALL


def test_a_cap_may_be_spent_to_its_last_unit(database: Database) -> None:
    assert [book(database, Caps(units=10)) for _ in range(2)] == [None, None]


def test_a_new_day_begins_with_nothing_spent_but_week_and_month_go_on(database: Database) -> None:
    assert book(database, Caps(requests=1)) is None
    tomorrow = DAY + timedelta(days=1)
    assert book(database, Caps(requests=1), day=tomorrow) is None
    with database.read() as session:
        so_far = budgets.spent(session, "contoh", tomorrow)
    assert (so_far.weekly_requests, so_far.monthly_micros) == (2, 600)


def test_a_week_begins_on_monday_and_a_month_on_its_first(database: Database) -> None:
    sunday, monday, december = date(2026, 11, 22), date(2026, 11, 23), date(2026, 12, 1)
    assert book(database, Caps(weekly_requests=1), day=sunday) is None
    assert book(database, Caps(weekly_requests=1), day=monday) is None
    assert book(database, Caps(monthly_micros=300), day=december) is None


def test_money_booked_too_high_is_given_back_and_never_more_than_was_booked(database: Database) -> None:
    book(database, Caps())
    with database.write() as session:
        budgets.correct(session, "contoh", DAY, -100)
        assert budgets.spent(session, "contoh", DAY).day.micros == 200
        budgets.correct(session, "contoh", DAY, -900)
        assert budgets.spent(session, "contoh", DAY).day.micros == 0


def test_the_platforms_word_closes_the_day_and_no_other(database: Database) -> None:
    book(database, Caps())
    with database.write() as session:
        budgets.close(session, "contoh", DAY)
        budgets.correct(session, "contoh", DAY, 7)
    assert book(database, Caps()) is Cap.PLATFORM
    assert book(database, Caps(), day=DAY + timedelta(days=1)) is None
    with database.read() as session:
        assert budgets.spent(session, "contoh", DAY).day == CALL + Spending(micros=7)


def test_asking_whether_a_cost_fits_books_nothing(database: Database) -> None:
    with database.read() as session:
        assert budgets.allowed(session, "contoh", DAY, CALL, Caps(units=4)) is Cap.UNITS
        assert budgets.allowed(session, "contoh", DAY, CALL, Caps(units=5)) is None
        assert budgets.spent(session, "contoh", DAY).day == Spending()


def test_days_of_a_span_are_listed_with_what_they_cost(database: Database) -> None:
    for day in (DAY, DAY + timedelta(days=2)):
        book(database, Caps(), day=day)
    with database.read() as session:
        found = budgets.history(session, "contoh", DAY, DAY + timedelta(days=1))
    assert found == ((DAY, CALL),)


@contextmanager
def second(database: Database) -> Iterator[Database]:
    other = open_database(database.url)
    try:
        yield other
    finally:
        other.dispose()


def test_two_processes_at_once_never_pass_a_cap_together(database: Database) -> None:
    said: list[Cap | None] = []

    def spend(mine: Database) -> None:
        said.extend(book(mine, Caps(requests=30), Spending(requests=1)) for _ in range(20))

    with second(database) as other:
        threads = [threading.Thread(target=spend, args=(each,)) for each in (database, other)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert said.count(None) == 30
    with database.read() as session:
        assert budgets.spent(session, "contoh", DAY).day.requests == 30


COSTS = st.builds(
    Spending,
    requests=st.integers(0, 3),
    units=st.integers(0, 9),
    buckets=st.dictionaries(st.sampled_from(["cari", "balasan"]), st.integers(0, 4)),
    micros=st.integers(0, 900),
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(costs=st.lists(COSTS, max_size=12), number=st.integers(0, 1_000_000))
def test_no_sequence_of_bookings_passes_any_cap(database: Database, costs: list[Spending], number: int) -> None:
    caps = Caps(requests=8, weekly_requests=9, units=20, buckets={"cari": 5}, micros=1500, monthly_micros=1600)
    source = f"contoh{number}"
    for cost in costs:
        with database.write() as session:
            before = budgets.spent(session, source, DAY).day
            hit = budgets.reserve(session, source, DAY, cost, caps)
            after = budgets.spent(session, source, DAY).day
        assert after == (before if hit else before + cost)
        assert (after.requests <= 8, after.units <= 20, after.micros <= 1500) == (True, True, True)
        assert after.buckets.get("cari", 0) <= 5
