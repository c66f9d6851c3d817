"""Many acts at once go other ways into the database than few; what lies there afterwards is the same."""

from __future__ import annotations

import hashlib
import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from db import items
from db.bulk import add_rows, read_rows, stored_time
from db.connect import Database
from db.tables import account, interaction, interaction_capture
from monitor.domain import AccountRef, Act, ActRecord, ActTime, Capture, Sighting, StoreBatch
from monitor.errors import DatabaseError

T0 = datetime(2024, 10, 1, tzinfo=UTC)
MANY = 250
POST = "at://did:plc:paslon/app.bsky.feed.post/1"


def shot(at: datetime) -> Capture:
    digest = hashlib.sha256(at.isoformat().encode()).hexdigest()
    return Capture("bluesky", "getLikes", "https://contoh.test/likes", "", 200, (), digest, 9, at, "bluesky/1")


def likes(at: datetime, count: int = MANY) -> list[Sighting]:
    """Return likes of which every third tells its time, as one answer shows them."""
    answer = shot(at)
    return [
        Sighting(
            ActRecord(
                "bluesky",
                AccountRef("bluesky", f"did:plc:asn{number}"),
                Act.LIKE,
                POST,
                ActTime(hi=at) if number % 3 else ActTime(occurred_at=T0 - timedelta(hours=number)),
                pointer=f"/likes/{number}",
            ),
            number,
            at,
            answer,
        )
        for number in range(1, count + 1)
    ]


def add_people(database: Database) -> None:
    rows = [
        {"id": number, "platform": "bluesky", "platform_user_id": f"did:plc:asn{number}", "created_at": T0}
        for number in range(1, MANY + 1)
    ]
    with database.write() as session:
        session.execute(account.insert(), rows)


def store(database: Database, *sightings: Sighting) -> int:
    with database.write() as session:
        return items.store_batch(session, StoreBatch(sightings=sightings), T0).interactions


def held(database: Database) -> dict[str, list[tuple[Any, ...]]]:
    """Return all rows without their numbers."""
    acts = [column for column in interaction.c if column.name != "id"]
    links = sa.select(interaction.c.key, interaction_capture.c.pointer).select_from(
        interaction_capture.join(interaction)
    )
    with database.read() as session:
        return {
            "acts": sorted(tuple(row) for row in session.execute(sa.select(*acts))),
            "links": sorted(tuple(row) for row in session.execute(links)),
        }


@pytest.fixture
def peopled(database: Database) -> Database:
    add_people(database)
    return database


def test_many_at_once_leave_what_one_at_a_time_leaves(peopled: Database) -> None:
    nights = [likes(T0 + timedelta(days=day)) for day in (2, 1, 3)]
    added = [store(peopled, *night) for night in nights]
    together = held(peopled)
    with peopled.write() as session:
        session.execute(interaction_capture.delete())
        session.execute(interaction.delete())
    for night in nights:
        for start in range(0, MANY, 40):
            store(peopled, *night[start : start + 40])
    assert added == [MANY, 0, 0]
    assert held(peopled) == together


def test_what_was_stored_and_seen_again_is_not_written_again(peopled: Database) -> None:
    store(peopled, *likes(T0))
    with peopled.write() as session:
        session.execute(sa.update(interaction).values(dirty=False))
    before = held(peopled)
    assert store(peopled, *likes(T0)) == 0
    assert held(peopled) == before


def test_a_later_look_marks_no_act_that_stays_as_it_was_judged(peopled: Database) -> None:
    store(peopled, *likes(T0))
    with peopled.write() as session:
        session.execute(sa.update(interaction).values(dirty=False))
    store(peopled, *likes(T0 + timedelta(days=1)))
    assert not any(row[-1] for row in held(peopled)["acts"])


def test_two_writers_of_the_same_acts_leave_each_once(peopled: Database) -> None:
    nights = [likes(T0 + timedelta(days=day)) for day in range(4)]
    writers = [threading.Thread(target=store, args=(peopled, *night)) for night in nights]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    acts = held(peopled)["acts"]
    assert len(acts) == MANY
    columns = [column.name for column in interaction.c if column.name != "id"]
    seen = {(row[columns.index("seen_first_at")], row[columns.index("seen_last_at")]) for row in acts}
    assert seen == {(T0, T0 + timedelta(days=3))}


def test_a_row_that_the_database_refuses_is_told_in_our_words(postgres_database: Database) -> None:
    wrong = [("f" * 65, "bluesky", 1, "like", POST, T0, T0, T0, True)] * MANY
    names = ("key", "platform", "actor_account_id", "act", "target_id", "occurred_at", "seen_first_at", "seen_last_at",
             "dirty")  # fmt: skip
    with pytest.raises(DatabaseError), postgres_database.write() as session:
        add_rows(session, interaction, names, wrong, ("key",))


def test_a_time_lies_as_other_ways_write_it(peopled: Database) -> None:
    moment = T0 + timedelta(microseconds=7)
    store(peopled, *likes(moment, 1))
    with peopled.write() as session:
        key = session.execute(sa.select(interaction.c.key)).scalar_one()
        session.execute(sa.update(interaction).values(seen_last_at=moment))
        found = list(read_rows(session, interaction, ("seen_first_at", "seen_last_at"), "key", [key]))
        assert [tuple(row) for row in found] == [(stored_time(session)(moment),) * 2]
