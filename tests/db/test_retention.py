from datetime import timedelta

from db import items
from db.connect import Database
from db.retention import Stale, stale_texts
from monitor.domain import AccountRef, ActTime, Capture, ItemKind, ItemRecord, StoreBatch
from tests.db.test_items import T0, shot


def text(item_id: str) -> ItemRecord:
    author = AccountRef("bluesky", "did:plc:paslon")
    return ItemRecord("bluesky", item_id, author, ItemKind.POST, "Pilih BUSI", "https://x.test/1", ActTime(T0))


def keep(database: Database, item_id: str, answer: Capture) -> None:
    with database.write() as session:
        batch = StoreBatch(items=(text(item_id),), item_captures=((item_id, answer),))
        items.store_batch(session, batch, answer.fetched_at)


def stale(database: Database, days: int, most: int | None = None) -> list[Stale]:
    with database.read() as session:
        return stale_texts(session, "bluesky", T0 + timedelta(days=days), most)


def test_texts_last_seen_before_a_time_are_stale_the_oldest_first(database: Database) -> None:
    keep(database, "dua", shot("b", T0 + timedelta(days=2)))
    keep(database, "satu", shot("a", T0))
    assert stale(database, 3) == [Stale("satu", T0), Stale("dua", T0 + timedelta(days=2))]
    assert stale(database, 1) == [Stale("satu", T0)]


def test_no_more_are_listed_than_asked_for(database: Database) -> None:
    keep(database, "dua", shot("b", T0 + timedelta(days=2)))
    keep(database, "satu", shot("a", T0))
    assert [found.item_id for found in stale(database, 3, 1)] == ["satu"]


def test_a_text_seen_again_is_fresh_even_when_nothing_in_it_changed(database: Database) -> None:
    keep(database, "satu", shot("a", T0))
    keep(database, "satu", shot("a", T0 + timedelta(days=9)))
    assert stale(database, 5) == []


def test_a_text_that_only_an_officer_brought_is_not_the_apis(database: Database) -> None:
    keep(database, "satu", shot("a", T0, collector="rina"))
    assert stale(database, 5) == []
