from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa

from db.connect import Database, open_database
from db.tables import election
from db.turns import Turns
from monitor.domain import Regime
from monitor.errors import DatabaseError

AMPLE = 30.0


def wait_until_queued(turns: Turns, many: int) -> None:
    while len(turns._waiting) < many:
        time.sleep(0.001)


def test_turns_go_to_whoever_waited_longest() -> None:
    turns, order = Turns(), []

    def work(number: int) -> None:
        with turns.turn(AMPLE) as taken:
            assert taken
            order.append(number)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(5)]
    with turns.turn(AMPLE):
        for number, thread in enumerate(threads, 1):
            thread.start()
            wait_until_queued(turns, number)
    for thread in threads:
        thread.join()
    assert order == [0, 1, 2, 3, 4]


def test_whoever_gives_up_does_not_hold_up_the_next() -> None:
    turns = Turns()
    with turns.turn(AMPLE), ThreadPoolExecutor(1) as pool:

        def try_for_a_moment() -> bool:
            with turns.turn(0.01) as taken:
                return taken

        assert pool.submit(try_for_a_moment).result() is False
    with turns.turn(0) as taken:
        assert taken


def test_a_turn_ends_with_an_error_too() -> None:
    turns = Turns()
    with pytest.raises(RuntimeError), turns.turn(0):
        raise RuntimeError
    with turns.turn(0) as taken:
        assert taken


def test_writers_of_one_process_lose_nothing(sqlite_database: Database) -> None:
    def add(year: int) -> None:
        with sqlite_database.write() as session:
            session.execute(election.insert().values(regime=Regime.PEMILU, year=year))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(add, range(1900, 1964)))
    with sqlite_database.read() as session:
        assert session.execute(sa.select(sa.func.count()).select_from(election)).scalar_one() == 64


def test_a_writer_waits_for_another_process(sqlite_database: Database) -> None:
    other = open_database(sqlite_database.url)
    done = threading.Event()

    def write() -> None:
        with other.write() as session:
            session.execute(election.insert().values(regime=Regime.PEMILU, year=2024))
        done.set()

    thread = threading.Thread(target=write)
    with sqlite_database.write():
        thread.start()
        assert not done.wait(0.05)
    thread.join()
    assert done.is_set()
    other.dispose()


def test_a_writer_that_waits_too_long_for_its_own_process_is_told_so(sqlite_database: Database) -> None:
    hasty = open_database(sqlite_database.url, busy_seconds=0.05)
    with hasty.write(), pytest.raises(DatabaseError, match="dikunci"), hasty.write():
        pass
    with hasty.write():
        pass
    hasty.dispose()
