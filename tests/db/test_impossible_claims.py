"""A time that is claimed for an act which was seen before it: written ahead by the client, and no time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest
import sqlalchemy as sa

from db import items
from db.connect import Database
from db.tables import account, interaction
from monitor.domain import AccountRef, Act, ActRecord, ActTime, Sighting, StoreBatch

T0 = datetime(2024, 10, 1, tzinfo=UTC)
ASN = AccountRef("bluesky", "did:plc:asn1", "pegawai1.contoh.test")
SEEN, CLAIMED, LATER = T0 + timedelta(hours=5), T0 + timedelta(days=3), T0 + timedelta(days=4)


@pytest.fixture
def stocked(database: Database) -> Database:
    with database.write() as session:
        row = {"id": 1, "platform": "bluesky", "platform_user_id": ASN.user_id, "handle": None}
        session.execute(account.insert().values(**row, resolved_at=T0, created_at=T0))
    return database


def sighting(seen: datetime, time: ActTime) -> Sighting:
    return Sighting(ActRecord("bluesky", ASN, Act.LIKE, "at://did:plc:paslon/p/1", time), 1, seen, None)


def bracketed() -> Sighting:
    return sighting(SEEN, ActTime(hi=SEEN))


def claimed() -> Sighting:
    return sighting(LATER, ActTime(occurred_at=CLAIMED))


@pytest.mark.parametrize("order", [*permutations((0, 1)), (0, 1, 1), (1, 0, 1)])
def test_what_was_seen_stands_against_a_later_claim_in_any_order(stocked: Database, order: tuple[int, ...]) -> None:
    for number in order:
        with stocked.write() as session:
            items.store_batch(session, StoreBatch(sightings=((bracketed(), claimed())[number],)), T0)
    columns = interaction.c.occurred_at, interaction.c.bracket_hi
    with stocked.read() as session:
        assert session.execute(sa.select(*columns)).all() == [(None, SEEN)]


def test_a_known_impossible_claim_does_not_ask_for_judging_again(stocked: Database) -> None:
    with stocked.write() as session:
        items.store_batch(session, StoreBatch(sightings=(bracketed(), claimed())), T0)
        session.execute(sa.update(interaction).values(dirty=False))
        items.store_batch(session, StoreBatch(sightings=(claimed(),)), T0)
        assert session.execute(sa.select(interaction.c.dirty)).scalar_one() is False


@pytest.mark.parametrize(("time", "asked"), [(ActTime(occurred_at=CLAIMED), False), (ActTime(hi=LATER), True)])
def test_listings_of_earlier_nights_are_read_for_acts_without_a_time_only(
    stocked: Database, time: ActTime, asked: bool
) -> None:
    seen: list[str] = []
    with stocked.write() as session:
        sa.event.listen(session, "before_cursor_execute", lambda *given: seen.append(given[2]))
        items.store_batch(session, StoreBatch(sightings=(sighting(LATER, time),)), T0)
    assert any("FROM item_look" in statement for statement in seen) is asked
