"""Two that judge with a rule set nobody stored before, at once: both get its number, and it is stored once."""

from __future__ import annotations

import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor

import sqlalchemy as sa

from db import judgements
from db.connect import Database, Session
from db.tables import law_profile, rule_version, ruleset, ruleset_rule
from tests.casebook import LAW, NOW

RULES = [("suka-contoh", 1, "active", "c" * 64), ("komentar-contoh", 2, "active", "d" * 64)]


def store(session: Session, name: str) -> int:
    return judgements.store_ruleset(session, name * 64, "{}", RULES, [LAW], NOW)


def wait_for_turn(database: Database, other: Future[int]) -> None:
    """Return once the other one waits for what this one has not committed."""
    waits = sa.text("select count(*) from pg_locks where not granted")
    while not other.done():
        if database.turns is not None:  # SQLite lets no other writer begin
            return
        with database.read() as session:
            if session.execute(waits).scalar_one():
                return
        time.sleep(0.01)


def store_at_once(database: Database, first: str, second: str) -> tuple[int, int]:
    """Store a rule set while another is stored but not committed; return the numbers of both."""
    begun = threading.Event()

    def follow() -> int:
        begun.set()
        with database.write() as session:
            return store(session, second)

    with ThreadPoolExecutor(1) as pool:
        with database.write() as session:
            number = store(session, first)
            other = pool.submit(follow)
            begun.wait()
            wait_for_turn(database, other)
        return number, other.result()


def count(database: Database, table: sa.Table) -> int:
    with database.read() as session:
        return int(session.execute(sa.select(sa.func.count()).select_from(table)).scalar_one())


def test_the_same_rule_set_is_stored_once(database: Database) -> None:
    first, second = store_at_once(database, "a", "a")
    assert first == second
    assert [count(database, table) for table in (ruleset, ruleset_rule, law_profile)] == [1, 2, 1]


def test_two_rule_sets_share_their_rules(database: Database) -> None:
    first, second = store_at_once(database, "a", "b")
    assert first != second
    assert [count(database, table) for table in (ruleset, ruleset_rule, rule_version)] == [2, 4, 2]
