"""Two transactions that wait for each other on PostgreSQL: one gives way and may be tried again."""

from __future__ import annotations

import threading

import sqlalchemy as sa

from db.connect import Database, Session
from db.refusals import hindrance
from monitor.domain import Hindrance
from monitor.errors import DatabaseError


def take(session: Session, lock: int) -> None:
    session.execute(sa.select(sa.func.pg_advisory_xact_lock(lock)))


def test_who_gives_way_to_another_is_told_that_the_database_is_locked(postgres_database: Database) -> None:
    met, told = threading.Barrier(2), list[DatabaseError]()

    def work(first: int, second: int) -> None:
        try:
            with postgres_database.write() as session:
                take(session, first)
                met.wait(30)
                take(session, second)
        except DatabaseError as error:
            told.append(error)

    other = threading.Thread(target=work, args=(2, 1))
    other.start()
    work(1, 2)
    other.join()
    assert [hindrance(error) for error in told] == [Hindrance.DATABASE_LOCKED]
