"""Listings that are watched, on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from db.connect import Database
from db.post_watch import watch, watch_counts, watched
from db.tables import account
from db.upsert import insert_one
from monitor.domain import Act, WatchedListing


@pytest.fixture
def listing(database: Database, now: datetime) -> WatchedListing:
    with database.write() as session:
        row = insert_one(session, account, platform="bluesky", platform_user_id="did:plc:busi", created_at=now)
    return WatchedListing("bluesky", "at://p/1", Act.LIKE, row, now, now, now, now + timedelta(hours=1), 0, 3)


def test_what_was_recorded_before_gives_way_but_for_when_it_was_first_met(
    database: Database, listing: WatchedListing, now: datetime
) -> None:
    later = replace(listing, first_seen_at=now + timedelta(days=1), due_at=None, step=5, reported=4)
    with database.write() as session:
        watch(session, [listing])
        watch(session, [later])
        found = watched(session, "bluesky", ["at://p/1", "at://p/2"])
    assert found == {("at://p/1", Act.LIKE): replace(later, first_seen_at=now)}


def test_listings_are_counted_by_whether_they_are_due(
    database: Database, listing: WatchedListing, now: datetime
) -> None:
    with database.write() as session:
        watch(session, [listing, replace(listing, verb=Act.SHARE, due_at=None), replace(listing, item_id="at://p/2")])
        watch(session, [replace(listing, item_id="at://p/3", due_at=now)])
        assert watch_counts(session, now) == {("bluesky", "did:plc:busi"): {"waiting": 2, "resting": 1, "due": 1}}
