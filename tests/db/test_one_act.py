"""A text seen as a post once and as a reply another time is one act."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest
import sqlalchemy as sa

from db.account_rows import account_rows
from db.connect import Database, Session
from db.items import store_batch
from db.tables import interaction
from monitor.domain import AccountRef, Act, ActRecord, ActTime, Sighting, StoreBatch
from tests.casebook import NOW

SEEN = datetime(2024, 10, 4, tzinfo=UTC)
OWN, PARENT = "https://contoh.example/status/2", "https://contoh.example/status/1"


def sighting(account: int, act: Act, target: str, hours: int) -> Sighting:
    time = ActTime(occurred_at=SEEN - timedelta(days=1))
    who = AccountRef("mastodon", "https://contoh.example/users/asn")
    record = ActRecord("mastodon", who, act, target, time, own_item_id=OWN)
    return Sighting(record, account, SEEN + timedelta(hours=hours))


def stored(session: Session) -> list[tuple[Act, str, str, datetime, datetime]]:
    rows = session.execute(sa.select(interaction).order_by(interaction.c.id))
    return [(row.act, row.target_id, row.key, row.seen_first_at, row.seen_last_at) for row in rows]


def store(session: Session, parts: Iterable[Iterable[Sighting]]) -> None:
    for part in parts:
        store_batch(session, StoreBatch(sightings=tuple(part)), NOW)


@pytest.fixture
def account(database: Database) -> int:
    with database.write() as session:
        (number,) = account_rows(session, [AccountRef("mastodon", "https://contoh.example/users/asn")], NOW).values()
        return number


def readings(account: int) -> list[Sighting]:
    return [sighting(account, Act.COMMENT, PARENT, 1), sighting(account, Act.COMMENT, OWN, 2),
            sighting(account, Act.POST, OWN, 3)]  # fmt: skip


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_the_most_telling_reading_stands_in_any_order(database: Database, account: int, order: tuple[int, ...]) -> None:
    told = readings(account)
    with database.write() as session:
        store(session, ([told[number]] for number in order))
        whole = told[0].record.key
        assert stored(session) == [(Act.COMMENT, PARENT, whole, SEEN + timedelta(hours=1), SEEN + timedelta(hours=3))]


def test_all_at_once_is_the_same(database: Database, account: int) -> None:
    with database.write() as session:
        store(session, [reversed(readings(account))])
        assert [row[:2] for row in stored(session)] == [(Act.COMMENT, PARENT)]


def test_a_better_reading_is_judged_again(database: Database, account: int) -> None:
    parent_known, _, post = readings(account)
    with database.write() as session:
        store(session, [[post]])
        session.execute(sa.update(interaction).values(dirty=False))
        store(session, [[parent_known]])
        assert session.execute(sa.select(interaction.c.dirty)).scalar_one()


def test_two_workers_that_store_readings_of_one_text_at_once_store_one_act(database: Database, account: int) -> None:
    comment, _, post = readings(account)
    held, first_stored = threading.Event(), threading.Event()

    def second() -> None:
        first_stored.wait()
        with database.write() as session:
            held.set()
            store(session, [[comment]])

    thread = threading.Thread(target=second)
    thread.start()
    with database.write() as session:
        store(session, [[post]])
        first_stored.set()
        if database.dialect == "postgresql":  # on SQLite the second cannot even begin
            held.wait()
            thread.join(0.3)
            assert thread.is_alive()
    thread.join()
    with database.read() as session:
        assert [row[:2] for row in stored(session)] == [(Act.COMMENT, PARENT)]
