"""What a purge costs grows with the rows that it looks at, not with their square; SQLite counts its own steps."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest

from db.connect import Database, Session
from db.purging import Scope, Step, purge_texts
from db.removals import Taken, purge_answers
from monitor.domain import Act
from monitor.domain.keeping import KeepingTerms
from monitor.vault import Vault
from tests import casebook
from tests.casebook import NOW, Book
from tests.privacy.books import OLD

FEW, MANY = 120, 720
SCOPE = Scope(KeepingTerms(), OLD, "uji", batch=30)
STEPS = 50


@pytest.fixture
def book(sqlite_database: Database, vault: Vault) -> Book:
    return casebook.open_book(sqlite_database, vault)


@contextmanager
def counted(session: Session) -> Iterator[list[int]]:
    """Count the steps of SQLite's machine in one transaction."""
    driver = session.connection.driver_connection
    assert isinstance(driver, sqlite3.Connection)
    told = [0]

    def more() -> int:
        told[0] += STEPS
        return 0

    driver.set_progress_handler(more, STEPS)
    try:
        yield told
    finally:
        driver.set_progress_handler(None, 0)


def talk(session: Session, book: Book, comments: range) -> None:
    """Write a comment under a post of its own for each number."""
    for number in comments:
        target = casebook.post(session, book, f"p{number}")
        casebook.act(session, book, 1, Act.COMMENT, target, own=f"k{number}")


def cost(database: Database) -> int:
    """Return how many steps it takes to purge everything, and take it back."""
    text: int | None = 0
    answer: str | None = ""
    with database.trial() as session:
        session.exec_driver_sql("ANALYZE")
        with counted(session) as told:
            while text is not None:
                texts: Step = purge_texts(session, SCOPE, text)
                text = texts.last
            while answer is not None:
                answers: Taken = purge_answers(session, SCOPE, answer)
                answer = answers.last
        return told[0]


def test_a_row_costs_about_as_much_among_many_as_among_few(book: Book, sqlite_database: Database) -> None:
    with sqlite_database.write() as session:
        talk(session, book, range(FEW))
    few = cost(sqlite_database)
    with sqlite_database.write() as session:
        talk(session, book, range(FEW, MANY))
    assert cost(sqlite_database) / MANY < 1.4 * few / FEW


def test_a_step_looks_at_so_many_texts_however_few_are_due(database: Database, vault: Vault) -> None:
    book = casebook.open_book(database, vault)
    with database.write() as session:
        talk(session, book, range(FEW))
        fresh = replace(SCOPE, now=NOW, batch=10)
        assert purge_texts(session, fresh, 0) == Step(last=40)
        assert purge_texts(session, fresh, 2 * FEW - 1) == Step()
