"""A network that refuses requests beyond its limit: the night waits as told, and sees what is taken back later."""

from __future__ import annotations

import time
import urllib.error
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from db.connect import open_database
from db.tables import interaction
from tests.peers.bluesky import devnet
from tests.peers.fixtures import SEED, PeerWorld, played_on_bluesky, this_hour
from tests.peers.office import Office, found_office
from tests.peers.require import leave_out
from tests.peers.truth import ExpectedAct
from tests.peers.world import Part, Size, make_world

pytestmark = [pytest.mark.peer, pytest.mark.slow, pytest.mark.timeout(900)]
POINTS, SECONDS = 30, 12
TAKEN = ("like", "repost", "reply", "post")
PASSWORD = "contoh-contoh-contoh"


@dataclass(frozen=True, slots=True)
class Story:
    """Two nights, and what was taken back in between."""

    peer: PeerWorld
    first: dict[str, Any]
    second: dict[str, Any]
    stored: frozenset[str]
    refused: int
    waited: float
    taken: dict[str, ExpectedAct]
    marked: frozenset[str]


@pytest.fixture(scope="module")
def limited() -> Iterator[tuple[PeerWorld, Path]]:
    """A network with more than 300 posts and 500 likes whose PDS answers a few requests at a time."""
    if reason := devnet.why_not():
        leave_out("Bluesky network", reason)
    world = make_world(SEED + 2, this_hour(), Size(posts=18))
    limits = {"PDS_RATE_LIMITS": "1", "PDS_LIMIT": f"{POINTS}/{SECONDS}"}
    with devnet.devnet(world.seed(), limits) as answer:
        yield played_on_bluesky(world, answer), Path(answer["refused"])


@pytest.fixture(scope="module")
def story(limited: tuple[PeerWorld, Path], tmp_path_factory: pytest.TempPathFactory) -> Story:
    peer, log = limited
    office = found_office(tmp_path_factory.mktemp("limited") / "office", peer)
    spend_the_limit(peer.urls["pds_url"])
    before, began = lines(log), time.monotonic()
    first = office.read("scan")
    refused, waited = lines(log) - before, time.monotonic() - began
    stored = frozenset(office.stored_acts())
    taken = {act: some_act(peer, act) for act in TAKEN}
    for act in taken.values():
        take_back(peer, act)
    second = office.read("scan")
    return Story(peer, first, second, stored, refused, waited, taken, marked(office))


def spend_the_limit(pds: str) -> None:
    for _ in range(POINTS * 3):
        try:
            devnet.call(pds, "com.atproto.server.describeServer")
        except urllib.error.HTTPError as refusal:
            if refusal.code == 429:
                return
            raise
    raise AssertionError("the PDS refuses nothing")


def lines(log: Path) -> int:
    return len(log.read_text().splitlines()) if log.exists() else 0


def some_act(peer: PeerWorld, act: str) -> ExpectedAct:
    """An act of a civil servant, from the middle so that it is at no edge of a listing."""
    kinds = {e.ref: e.act for e in peer.world.events}
    found = [a for a in peer.truth.acts if kinds[a.ref] == act and not a.ref.startswith("falsetime")]
    return found[len(found) // 2]


def patiently(call: Callable[[], Any]) -> Any:
    """Make a call again after the window when the limit refuses it."""
    for _ in range(4):
        try:
            return call()
        except urllib.error.HTTPError as refusal:
            if refusal.code != 429:
                raise
            time.sleep(SECONDS)
    raise AssertionError("the PDS refuses everything")


def take_back(peer: PeerWorld, act: ExpectedAct) -> None:
    """Delete the record as its owner, and wait until the AppView knows."""
    pds, event = peer.urls["pds_url"], next(e for e in peer.world.events if e.ref == act.ref)
    login = {"identifier": peer.accounts[event.by], "password": PASSWORD}
    token = patiently(lambda: devnet.call(pds, "com.atproto.server.createSession", data=login))["accessJwt"]
    repo, collection, rkey = peer.truth.items[act.ref].removeprefix("at://").split("/")
    record = {"repo": repo, "collection": collection, "rkey": rkey}
    patiently(lambda: devnet.call(pds, "com.atproto.repo.deleteRecord", token, record))
    if act.own is None:
        return
    for _ in range(100):
        try:
            devnet.call(peer.urls["appview_url"], f"app.bsky.feed.getPostThread?depth=0&uri={act.own}")
        except urllib.error.HTTPError:
            return
        time.sleep(0.2)
    raise AssertionError(f"the AppView still shows {act.own}")


def marked(office: Office) -> frozenset[str]:
    database = open_database(office.database_url)
    try:
        with database.read() as session:
            gone = interaction.c.withdrawn_seen_at.is_not(None)
            return frozenset(session.execute(sa.select(interaction.c.key).where(gone)).scalars())
    finally:
        database.dispose()


def test_the_world_is_large_enough(story: Story) -> None:
    acts = [e.act for e in story.peer.world.events]
    assert sum(act in ("post", "reply", "quote") for act in acts) > 300
    assert acts.count("like") > 500


def test_the_night_waits_until_it_may_ask_again(story: Story) -> None:
    subjects = len(story.peer.world.having(Part.ASN))
    windows = subjects * 2 // POINTS  # two listings each, at least
    assert story.waited > windows * SECONDS
    assert story.refused <= 2  # the first to learn of it; from then on the answers say how many are left


def test_the_night_finishes_and_finds_everything(story: Story) -> None:
    assert story.first["ok"], story.first["issues"]
    assert story.stored == {act.key for act in story.peer.truth.acts}


def test_what_is_taken_back_appears_as_changes_and_nothing_else_does(story: Story) -> None:
    assert story.marked == {act.key for act in story.taken.values()}
    seen = {kind: number for kind, number in story.second["observations"].items() if number}
    assert seen == {"withdrawn": 2, "gone": 2}


def test_what_is_taken_back_stays_an_indication(story: Story) -> None:
    assert story.second["ok"], story.second["issues"]
    assert story.second["cases"] == {"new": 0, "joined": 0, "reopened": 0, "unqueued": 0}
