"""Kept answers are found by their whole key, however many addresses gave the same bytes."""

from __future__ import annotations

import sqlite3

from db.captures import store_captures
from db.connect import Database
from monitor.domain import Capture
from tests.casebook import NOW

FEW, MANY = 50, 2_000
STEPS = 10


def empty_list(number: int) -> Capture:
    """Return an answer from an address of its own, with the bytes of all others."""
    url = f"https://contoh.test/suka?unggahan={number}"
    return Capture(
        source="bluesky", endpoint="getLikes", url=url, final_url=url, status=200, headers=(), sha256="a" * 64,
        size=2, fetched_at=NOW, mapper="bluesky/1",
    )  # fmt: skip


def steps_of_one_more(database: Database, number: int) -> int:
    """Return how many steps of SQLite's machine it takes to keep one more such answer."""
    told = [0]

    def more() -> int:
        told[0] += STEPS
        return 0

    with database.write() as session:
        driver = session.connection.driver_connection
        assert isinstance(driver, sqlite3.Connection)
        driver.set_progress_handler(more, STEPS)
        store_captures(session, [empty_list(number)])
        driver.set_progress_handler(None, 0)
    return told[0]


def test_an_answer_costs_the_same_however_many_others_hold_its_bytes(sqlite_database: Database) -> None:
    with sqlite_database.write() as session:
        store_captures(session, map(empty_list, range(FEW)))
    few = steps_of_one_more(sqlite_database, MANY)
    with sqlite_database.write() as session:
        store_captures(session, map(empty_list, range(FEW, MANY)))
    assert steps_of_one_more(sqlite_database, MANY + 1) <= 2 * few


def test_each_address_keeps_its_own_row_of_bytes_that_many_gave(database: Database) -> None:
    given = [empty_list(number) for number in range(FEW)]
    with database.write() as session:
        kept, added = store_captures(session, given)
    assert (added, len({kept.id(one) for one in given})) == (FEW, FEW)
