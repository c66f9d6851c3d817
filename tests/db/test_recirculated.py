"""Old material that comes back is known by its words, whoever published it first and in whatever order it was read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from db import judgements, registers
from db.connect import Database, Session
from db.tables import interaction
from db.texts import store_items
from monitor.domain import AccountRef, Act, ActTime, ItemKind, ItemRecord, Mentioned
from monitor.vault import Vault
from tests import casebook
from tests.casebook import NOW, Book, act, judge, person

WORDS = "Ayo pilih nomor satu, kawan semua"
OWN = "at://did:plc:asn1/app.bsky.feed.post/k1"
OLD = NOW - timedelta(days=400)


@pytest.fixture
def book(database: Database, vault: Vault) -> Book:
    return casebook.open_book(database, vault)


@pytest.fixture
def session(database: Database, book: Book) -> Iterator[Session]:
    with database.write() as opened:
        yield opened


def text(key: str, at: datetime, words: str = WORDS, author: str | None = None) -> ItemRecord:
    ref = AccountRef("bluesky", author) if author else None
    return ItemRecord("bluesky", key, ref, ItemKind.POST, words, "https://contoh.test/x", ActTime(occurred_at=at))


def store(session: Session, *records: ItemRecord) -> None:
    store_items(session, records, {})


def own_post(session: Session, book: Book, words: str = WORDS) -> int:
    """Store a post of person 1 and return the act that it is."""
    number = act(session, book, 1, Act.POST, OWN)
    session.execute(sa.update(interaction).where(interaction.c.id == number).values(own_item_key=OWN))
    store(session, text(OWN, NOW, words, "did:plc:asn1"))
    return number


def seen_before(session: Session, book: Book) -> datetime | None:
    (view,) = judgements.pending(session, book.ruleset_id, 10)
    assert view.own is not None
    return view.own.seen_before


def test_the_same_words_published_before_are_found(session: Session, book: Book) -> None:
    store(session, text("at://did:plc:lain/app.bsky.feed.post/lama", OLD), text("at://x/app.bsky.feed.post/2", NOW))
    own_post(session, book)
    assert seen_before(session, book) == OLD


def test_the_same_words_published_later_are_not_before(session: Session, book: Book) -> None:
    own_post(session, book)
    store(session, text("at://did:plc:lain/app.bsky.feed.post/baru", NOW + timedelta(days=1)))
    assert seen_before(session, book) is None


def test_other_words_are_not_the_same(session: Session, book: Book) -> None:
    store(session, text("at://did:plc:lain/app.bsky.feed.post/lama", OLD, WORDS + " ya"))
    own_post(session, book)
    assert seen_before(session, book) is None


def test_short_words_are_the_same_by_chance(session: Session, book: Book) -> None:
    store(session, text("at://did:plc:lain/app.bsky.feed.post/lama", OLD, "Amin"))
    own_post(session, book, "Amin")
    assert seen_before(session, book) is None


def test_an_older_twin_that_is_read_later_has_the_act_judged_again(session: Session, book: Book) -> None:
    number = own_post(session, book)
    judge(session, book, {number: []})
    assert judgements.pending(session, book.ruleset_id, 10) == []
    store(session, text("at://did:plc:lain/app.bsky.feed.post/lama", OLD))
    assert seen_before(session, book) == OLD


def test_a_younger_twin_leaves_the_judgement_alone(session: Session, book: Book) -> None:
    number = own_post(session, book)
    judge(session, book, {number: []})
    store(session, text("at://did:plc:lain/app.bsky.feed.post/baru", NOW + timedelta(days=1)))
    assert judgements.pending(session, book.ruleset_id, 10) == []


def test_tagged_accounts_reach_the_judge(session: Session, book: Book) -> None:
    own_post(session, book)
    tagging = replace(text(OWN, NOW, WORDS + " 2", "did:plc:asn1"), mentions=(Mentioned("did:plc:paslon1"),))
    store(session, replace(tagging, edited_at=NOW))
    (view,) = judgements.pending(session, book.ruleset_id, 10)
    assert view.own is not None
    assert view.own.mentioned == ("did:plc:paslon1",)


def test_a_changed_remark_of_the_register_has_the_persons_acts_judged_again(
    session: Session, book: Book, vault: Vault
) -> None:
    number = own_post(session, book)
    judge(session, book, {number: []})
    batch = registers.open_batch(
        session, kind="asn", file_name="asn.csv", sha256="e" * 64, stored_as="asn.bin", user="wati", now=NOW
    )
    registers.store_people(session, vault, [person(1, note="suami calon nomor 2, CLTN")], batch, NOW)
    (view,) = judgements.pending(session, book.ruleset_id, 10)
    assert view.person_note == "suami calon nomor 2, CLTN"
