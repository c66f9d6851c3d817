"""The pace that many processes keep together, on the database's own clock."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from db import host_pace
from db.connect import Database
from db.host_pace import Told

HOST = "https://contoh.example"


@pytest.fixture
def shared(postgres_database: Database) -> Database:
    return postgres_database


def book(database: Database, delay: float = 10.0, longest: float = 60.0) -> host_pace.Slot:
    with database.write() as session:
        return host_pace.book(session, HOST, delay, longest)


def note(database: Database, number: int, left: int, of: int | None = 100, seconds: float = 50.0) -> None:
    with database.write() as session:
        host_pace.note(session, HOST, number, well=True, told=Told(left, of, seconds))


def test_slots_of_all_processes_lie_a_pause_apart(shared: Database) -> None:
    waits = [book(shared).wait for _ in range(4)]
    assert [round(wait, 0) for wait in waits] == [0, 10, 20, 30]


def test_a_closed_host_gives_nobody_a_slot(shared: Database) -> None:
    with shared.write() as session:
        host_pace.close(session, HOST, 30)
        host_pace.close(session, HOST, 5)
    slot = book(shared)
    assert slot.closed
    assert 25 < slot.wait <= 30


def test_a_failing_host_rests_longer_each_time_and_recovers(shared: Database) -> None:
    book(shared, 1)
    with shared.write() as session:
        for _ in range(3):
            host_pace.note(session, HOST, 1, well=False, told=None)
    book(shared, 1)
    third = book(shared, 1)
    assert third.anxious
    assert 3 < third.wait <= 1 + 1 + 2.0


def test_what_was_booked_since_a_call_is_taken_off_what_its_answer_says_is_left(shared: Database) -> None:
    first = book(shared, 0.001)
    for _ in range(3):
        book(shared, 0.001)
    note(shared, first.number, left=3)
    slot = book(shared, 0.001)
    assert slot.closed
    assert 40 < slot.wait <= 50


def test_an_overtaken_answer_promises_nothing(shared: Database) -> None:
    first, second = book(shared, 0.001), book(shared, 0.001)
    note(shared, second.number, left=0)
    note(shared, first.number, left=2)
    assert book(shared, 0.001).closed


def test_the_last_calls_are_spread_over_the_time_until_more_are_granted(shared: Database) -> None:
    first = book(shared, 0.001)
    note(shared, first.number, left=5, of=50, seconds=50)
    book(shared, 0.001)
    assert 8 < book(shared, 0.001).wait < 13


def test_a_pause_of_ours_is_no_longer_than_told(shared: Database) -> None:
    first = book(shared, 0.001)
    note(shared, first.number, left=1, of=50, seconds=50)
    book(shared, 0.001, longest=2)
    assert book(shared, 0.001, longest=2).closed


def test_a_window_that_is_over_starts_anew(shared: Database) -> None:
    first = book(shared, 0.001)
    note(shared, first.number, left=0, of=2, seconds=-1)
    slots = [book(shared, 0.001) for _ in range(3)]
    assert [slot.closed for slot in slots] == [False, False, True]


def set_back(database: Database, by: timedelta) -> None:
    """Let the database's clock go back: what is written lies as much farther ahead."""
    names = ("next_at", "closed_until", "allowance_until")
    moved = ", ".join(f"{name} = {name} + :by" for name in names)
    with database.write() as session:
        session.execute(sa.text(f"UPDATE host_pace SET {moved}"), {"by": by})


def test_a_slot_that_a_wrong_clock_put_far_ahead_keeps_nobody_waiting(shared: Database) -> None:
    book(shared)
    set_back(shared, timedelta(days=30))
    assert [round(book(shared).wait) for _ in range(2)] == [0, 10]


def test_a_host_that_a_wrong_clock_closed_for_long_is_open(shared: Database) -> None:
    with shared.write() as session:
        host_pace.close(session, HOST, 30)
    set_back(shared, timedelta(days=30))
    assert not book(shared).closed
    with shared.read() as session:
        assert host_pace.closed_for(session, HOST) == 0


def test_a_host_that_a_wrong_clock_closed_can_be_closed_anew(shared: Database) -> None:
    with shared.write() as session:
        host_pace.close(session, HOST, 30)
    set_back(shared, timedelta(days=30))
    with shared.write() as session:
        host_pace.close(session, HOST, 20)
    assert 15 < book(shared).wait <= 20


def test_an_allowance_that_a_wrong_clock_put_far_ahead_is_forgotten(shared: Database) -> None:
    note(shared, book(shared, 0.001).number, left=0)
    set_back(shared, timedelta(days=30))
    assert not book(shared, 0.001).closed


def test_a_long_line_of_processes_keeps_its_pace(shared: Database) -> None:
    waits = [book(shared).wait for _ in range(150)]
    assert round(waits[-1], -1) == 1490
