"""Marks on acts that must be judged again, also where somebody sets them while the acts are judged."""

from __future__ import annotations

from collections.abc import Sequence
from threading import Event, Thread

import pytest
import sqlalchemy as sa

from db import dirty, judgements
from db.connect import Database, Session
from db.tables import item, item_text, judgement
from monitor.domain import Act, InteractionView, Judgement, JudgementOutcome
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


def reading(database: Database, book: Book) -> list[InteractionView]:
    with database.read() as session:
        return judgements.pending(session, book.ruleset_id, 100)


def waiting(database: Database, book: Book) -> list[int]:
    return [view.id for view in reading(database, book)]


def mark(database: Database, key: str) -> None:
    with database.write() as session:
        dirty.mark_texts(session, [key])


def store(database: Database, book: Book, views: Sequence[InteractionView]) -> None:
    told = [Judgement(view.id, JudgementOutcome.MISS) for view in views]
    with database.write() as session:
        judgements.store_judgements(session, told, book.ruleset_id, NOW)
        dirty.clear_marks(session, views)


def edit(session: Session, text: str) -> None:
    session.execute(sa.update(item_text).values(text=text))


def answered(session: Session, key: str, parent: str, **changes: object) -> None:
    """Write somebody's answer to a text, in a thread of which nothing else is known."""
    row = {"platform": "bluesky", "platform_item_id": OTHER, "kind": "comment", "url": "", "parent_id": parent}
    session.execute(sa.insert(item).values(row | {"platform_item_id": key} | changes))


def test_an_act_that_was_read_and_never_judged_keeps_its_mark_and_what_was_said_of_it(
    database: Database, book: Book
) -> None:
    number, target = liked(database, book)
    mark(database, target)
    assert [view.id for view in reading(database, book)] == [number]
    assert waiting(database, book) == [number]
    with database.read() as session:
        assert session.execute(sa.select(judgement.c.current)).scalars().all() == [True]


def test_storing_takes_the_mark_off_an_act_that_still_reads_the_same(database: Database, book: Book) -> None:
    _, target = liked(database, book)
    mark(database, target)
    store(database, book, reading(database, book))
    assert waiting(database, book) == []


def test_an_act_whose_text_changed_between_reading_and_storing_waits_again(database: Database, book: Book) -> None:
    number, target = liked(database, book)
    mark(database, target)
    views = reading(database, book)
    with database.write() as session:
        edit(session, "Batal mendukung")
        dirty.mark_texts(session, [target])
    store(database, book, views)
    assert waiting(database, book) == [number]
    store(database, book, reading(database, book))
    assert waiting(database, book) == []


@pytest.mark.parametrize("marked_first", [True, False])
def test_an_act_that_somebody_is_changing_while_it_is_stored_waits_again(
    postgres_database: Database, vault: Vault, marked_first: bool
) -> None:
    book = casebook.open_book(postgres_database, vault)
    number, target = liked(postgres_database, book)
    mark(postgres_database, target)
    views = reading(postgres_database, book)
    steps = [lambda session: dirty.mark_texts(session, [target]), lambda session: edit(session, "Batal mendukung")]
    begun, stored = Event(), Event()

    def change() -> None:
        with postgres_database.write() as session:
            first, second = steps if marked_first else reversed(steps)
            first(session)
            begun.set()
            stored.wait(30)
            second(session)

    changer = Thread(target=change)
    changer.start()
    begun.wait(30)
    store(postgres_database, book, views)
    stored.set()
    changer.join()
    assert waiting(postgres_database, book) == [number]


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
