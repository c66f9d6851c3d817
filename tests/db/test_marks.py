"""Marks on acts that must be judged again, also where somebody sets them while the acts are judged."""

from __future__ import annotations

from threading import Event, Thread

import pytest
import sqlalchemy as sa

from db import dirty, judgements
from db.connect import Database, Session
from db.tables import item, judgement, purged_act
from monitor.domain import Act, Judgement, JudgementOutcome
from monitor.vault import Vault
from tests import casebook
from tests.casebook import NOW, Book, act, judge, post

OTHER = "at://contoh/jawaban"


@pytest.fixture
def book(database: Database, vault: Vault) -> Book:
    return casebook.open_book(database, vault)


def liked(database: Database, book: Book) -> tuple[int, str]:
    """Write a like that was judged and return its number, and the post that it is of."""
    with database.write() as session:
        target = post(session, book, "p1")
        number = act(session, book, 1, Act.LIKE, target)
        judge(session, book, {number: []})
    return number, target


def waiting(database: Database, book: Book) -> list[int]:
    with database.read() as session:
        return [view.id for view in judgements.pending(session, book.ruleset_id, 100)]


def mark(database: Database, key: str) -> None:
    with database.write() as session:
        dirty.mark_texts(session, [key])


def take(database: Database) -> int | None:
    with database.write() as session:
        return dirty.take_marks(session, 0, 100)


def answered(session: Session, key: str, parent: str, **changes: object) -> None:
    """Write somebody's answer to a text, in a thread of which nothing else is known."""
    row = {"platform": "bluesky", "platform_item_id": OTHER, "kind": "comment", "url": "", "parent_id": parent}
    session.execute(sa.insert(item).values(row | {"platform_item_id": key} | changes))


def test_an_act_whose_mark_is_taken_waits_until_it_is_judged(database: Database, book: Book) -> None:
    number, target = liked(database, book)
    mark(database, target)
    assert take(database) == number
    assert waiting(database, book) == [number]


def test_a_mark_set_between_reading_and_storing_stays(database: Database, book: Book) -> None:
    number, target = liked(database, book)
    mark(database, target)
    take(database)
    assert waiting(database, book) == [number]
    mark(database, target)
    with database.write() as session:
        judgements.store_judgements(session, [Judgement(number, JudgementOutcome.MISS)], book.ruleset_id, NOW)
    assert waiting(database, book) == [number]


def test_marks_are_taken_part_by_part(database: Database, book: Book) -> None:
    with database.write() as session:
        numbers = [act(session, book, who, Act.LIKE, post(session, book, f"p{who}")) for who in (1, 2, 4)]
        assert dirty.take_marks(session, 0, 2) == numbers[1]
        assert dirty.take_marks(session, numbers[1], 2) == numbers[2]
        assert dirty.take_marks(session, numbers[2], 2) is None


def test_what_was_said_of_an_act_without_words_stands(database: Database, book: Book) -> None:
    number, target = liked(database, book)
    mark(database, target)
    with database.write() as session:
        session.execute(sa.insert(purged_act).values(interaction_id=number, purged_at=NOW))
    assert take(database) is None
    with database.read() as session:
        assert session.execute(sa.select(judgement.c.current)).scalars().all() == [True]


def test_a_mark_that_is_being_set_anew_is_not_taken(postgres_database: Database, vault: Vault) -> None:
    book = casebook.open_book(postgres_database, vault)
    number, target = liked(postgres_database, book)
    mark(postgres_database, target)
    set_anew, ended = Event(), Event()

    def hold() -> None:
        with postgres_database.write() as session:
            dirty.mark_texts(session, [target])
            set_anew.set()
            ended.wait(30)

    holder = Thread(target=hold)
    holder.start()
    set_anew.wait(30)
    taken = take(postgres_database)
    ended.set()
    holder.join()
    assert (taken, take(postgres_database)) == (None, number)


@pytest.mark.parametrize("verb", [Act.LIKE, Act.COMMENT])
def test_a_text_that_stands_for_an_unknown_root_marks_what_is_below(database: Database, book: Book, verb: Act) -> None:
    with database.write() as session:
        target = post(session, book, "p1")
        if verb is Act.LIKE:
            answered(session, OTHER, target)
            number = act(session, book, 1, verb, OTHER)
        else:
            number = act(session, book, 1, verb, "at://contoh/lain", own="k1")
            session.execute(sa.update(item).where(item.c.kind == "comment").values(parent_id=target, root_id=None))
        judge(session, book, {number: []})
    mark(database, target)
    assert waiting(database, book) == [number]


def test_the_text_between_a_known_root_and_an_answer_marks_nothing(database: Database, book: Book) -> None:
    with database.write() as session:
        number = act(session, book, 1, Act.LIKE, OTHER)
        answered(session, OTHER, "at://contoh/tengah", root_id="at://contoh/awal")
        judge(session, book, {number: []})
    mark(database, "at://contoh/tengah")
    assert waiting(database, book) == []


def test_an_account_marks_the_likes_of_answers_in_its_threads(database: Database, book: Book) -> None:
    starter = book.accounts["did:plc:paslon1"]
    with database.write() as session:
        number = act(session, book, 1, Act.LIKE, OTHER)
        answered(session, OTHER, "at://contoh/awal", root_id="at://contoh/awal", root_account_id=starter)
        judge(session, book, {number: []})
        dirty.mark_accounts(session, [starter])
    assert waiting(database, book) == [number]
