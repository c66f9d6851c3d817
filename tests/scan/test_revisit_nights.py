"""Nights by tiers: what has not moved waits for its time, what has moved is read, and all of it is said."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from db.connect import Database
from db.tables import item_look
from monitor.domain import Act, Coverage, Direction
from monitor.scan.plan import ScanOrder
from monitor.scan.summary import ScanSummary
from tests.peers.world import Event, World
from tests.scan.offices import Office, office_of
from tests.scan.rows import contents, differences
from tests.scan.written_bluesky import URLS, WrittenBluesky, did

LISTINGS = ("getLikes", "getRepostedBy", "getQuotes", "getPostThread")


@pytest.fixture
def tiered(small_world: World, network: WrittenBluesky, sqlite_database: Database, tmp_path: Path) -> Office:
    office = office_of(small_world, tmp_path / "office", sqlite_database, network.accounts, URLS)
    settings = office.home / "pantau.toml"
    settings.write_text(settings.read_text() + "\n[scan]\nrevisit = true\nbusy_factor = 1.0\n", encoding="utf-8")
    return office


def listed(network: WrittenBluesky) -> int:
    """How many listings of posts were asked for since the last count."""
    asked = sum(any(f".{name}?" in url for name in LISTINGS) for url in network.asked)
    network.asked.clear()
    return asked


def candidate_coverage(summary: ScanSummary, act: Act) -> set[Coverage]:
    return {dict(t.coverage)[act] for t in summary.targets if t.direction is Direction.CANDIDATE}


def test_a_second_night_at_once_lists_nothing_and_says_so(tiered: Office, network: WrittenBluesky) -> None:
    tiered.scan(network)
    assert listed(network) > 0
    second = tiered.scan(network)
    assert listed(network) == 0
    assert candidate_coverage(second, Act.LIKE) <= {Coverage.PARTIAL, Coverage.NOT_ATTEMPTED}
    assert {"revisit_later"} == {issue.kind for issue in second.issues}
    assert second.ok


def test_a_put_off_listing_takes_no_look_and_changes_no_row(
    tiered: Office, network: WrittenBluesky, sqlite_database: Database
) -> None:
    tiered.scan(network)
    looks, before = listings_looked_at(sqlite_database), contents(sqlite_database)
    tiered.clock.sleep(60)
    tiered.scan(network)
    assert listings_looked_at(sqlite_database) == looks
    assert differences(before, contents(sqlite_database)) == {}


def listings_looked_at(database: Database) -> int:
    """How many looks there are at posts whose counts alone did not settle that nobody is in them."""
    posts = item_look.c.platform_item_id.like("at://%") & (item_look.c.reported.is_(None) | (item_look.c.reported > 0))
    with database.read() as session:
        return session.execute(sa.select(sa.func.count()).select_from(item_look).where(posts)).scalar_one()


def test_a_wait_that_is_over_brings_the_listing_back(tiered: Office, network: WrittenBluesky) -> None:
    tiered.scan(network)
    first = listed(network)
    tiered.clock.sleep(timedelta(hours=1, minutes=5).total_seconds())
    later = tiered.scan(network)
    assert listed(network) == first
    assert candidate_coverage(later, Act.LIKE) == {Coverage.OBSERVED}


def test_a_total_that_moved_is_listed_at_once_and_the_new_act_found(
    tiered: Office, network: WrittenBluesky, small_world: World
) -> None:
    tiered.scan(network)
    post = next(e for e in network.events if e.act == "post" and e.by == "busi")
    asn = next(a.key for a in small_world.actors if a.key.startswith("asn") and not _liked(network, a.key, post.ref))
    like = Event("like_baru", "like", asn, tiered.clock.now, target=post.ref)
    more = WrittenBluesky(replace(small_world, events=(*small_world.events, like)), page=3)
    tiered.clock.sleep(60)
    second = tiered.scan(more)
    assert {method for method in LISTINGS if any(f".{method}?" in url for url in more.asked)} == {"getLikes"}
    assert second.judged.evaluated > 0


def _liked(network: WrittenBluesky, key: str, ref: str) -> bool:
    return any(e.act == "like" and e.by == key and e.target == ref for e in network.events)


def test_a_target_asked_for_by_name_is_read_whole(tiered: Office, network: WrittenBluesky) -> None:
    tiered.scan(network)
    listed(network)
    summary = tiered.scan(network, ScanOrder(target=did("busi")))
    assert listed(network) > 0
    assert candidate_coverage(summary, Act.LIKE) == {Coverage.OBSERVED}
