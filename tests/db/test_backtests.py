from __future__ import annotations

from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DatabaseError as DriverError

from db import backtests, verdicts
from db.connect import Database
from monitor import desk
from monitor.domain import Act, Backtest, CaseState, DecisionCommand, RuleFile, RuleStatus, UserRow, Verdict
from monitor.errors import DatabaseError
from monitor.vault import Vault
from tests import casebook
from tests.casebook import NOW, Book

MINUTE = timedelta(minutes=1)
FILE = RuleFile("suka-contoh", 1, "c" * 64, 50)


@pytest.fixture
def book(database: Database, vault: Vault) -> Book:
    return casebook.open_book(database, vault)


def reviewed(database: Database, book: Book, who: int, minutes: float, second: UserRow | None = None) -> None:
    """Take a person's case up and set it aside so many minutes later."""
    case = casebook.comment_case(database, book, who=who, name=f"k{who}")
    begun = NOW
    step(database, case, CaseState.DITINJAU, "mulai_tinjau", book.rina, begun)
    step(database, case, CaseState.DIKESAMPINGKAN, "ganda", second or book.rina, begun + minutes * MINUTE)


def step(database: Database, case: int, to: CaseState, reason: str, user: UserRow, at: datetime) -> None:
    desk.decide(database, DecisionCommand(case, to, reason, user, note="contoh"), at)


def minutes(database: Database, least: int = 1) -> float | None:
    with database.read() as session:
        return backtests.minutes_per_case(session, least)


def test_a_case_takes_the_median_from_taking_up_to_the_next_decision(database: Database, book: Book) -> None:
    reviewed(database, book, 1, 4)
    reviewed(database, book, 2, 50)
    assert minutes(database) == 27


def test_too_few_decisions_tell_nothing(database: Database, book: Book) -> None:
    reviewed(database, book, 1, 4)
    assert (minutes(database, least=2), minutes(database, least=1)) == (None, 4)


def test_a_pause_of_hours_and_somebody_elses_decision_tell_nothing(database: Database, book: Book) -> None:
    reviewed(database, book, 1, 300)
    reviewed(database, book, 2, 5, second=book.bayu)
    assert minutes(database) is None


def test_what_is_known_of_an_act_is_told_by_pair(database: Database, book: Book) -> None:
    with database.write() as session:
        number = casebook.act(session, book, 1, Act.LIKE, casebook.post(session, book, "s1"))
        shadow = casebook.hit(book, rule_id="bayangan", mode=RuleStatus.SHADOW)
        casebook.judge(session, book, {number: [casebook.hit(book), shadow, casebook.hit(book, 2)]})
        casebook.regroup(session)
        hit_id = session.exec_driver_sql("SELECT min(id) FROM rule_hit").scalar_one()
        verdicts.add_verdict(session, hit_id, book.rina.id, Verdict.KELIRU, "berita", NOW)
        verdicts.add_verdict(session, hit_id, book.rina.id, Verdict.TEPAT, "sesuai", NOW)
        known = backtests.known_acts(session, [number, 999])
    first, second = known[number, book.pairs[1]], known[number, book.pairs[2]]
    assert (first.rules, first.tried) == (frozenset({"suka-contoh"}), frozenset({"bayangan"}))
    assert (first.state, first.verdicts) == (CaseState.BARU, (Verdict.TEPAT,))
    assert (second.rules, second.verdicts) == (frozenset({"suka-contoh"}), ())


def test_an_act_that_no_rule_hit_is_not_known(database: Database, book: Book) -> None:
    with database.write() as session:
        number = casebook.act(session, book, 1, Act.LIKE, casebook.post(session, book, "s1"))
        assert backtests.known_acts(session, [number]) == {}


def test_trials_are_never_changed(database: Database, book: Book) -> None:
    with database.write() as session:
        trial = Backtest(0, FILE.rule_id, 1, FILE.content_hash, NOW, "program", {"since": None}, True)
        backtests.store_backtest(session, trial, "f" * 64)
    with pytest.raises((DatabaseError, DriverError)), database.write() as session:
        session.execute(sa.text("UPDATE rule_backtest SET passed = :passed"), {"passed": False})
    with database.read() as session:
        found = backtests.last_backtest(session, FILE)
    assert found is not None
    assert found.passed
