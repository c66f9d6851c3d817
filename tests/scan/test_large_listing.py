"""A post that thousands like: registered likers are kept, the others counted, and memory does not grow with them."""

from __future__ import annotations

import json
import shutil
import tracemalloc
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import sqlalchemy as sa

from db.connect import Database, open_database
from db.tables import account, interaction, item_look
from monitor.scan.summary import ScanSummary
from scrapers.wire import Answer, Call
from tests.peers.world import Event, Part, World, make_world
from tests.scan.offices import NOW, Office, office_of
from tests.scan.written_bluesky import APPVIEW, URLS, WrittenBluesky, did, stamp

ASN = 7
POST = "pengumuman"


@dataclass
class Crowd:
    """A network where one post of the campaign is liked by a crowd among which the civil servants are spread out."""

    inner: WrittenBluesky
    likers: int
    fault: Callable[[str], Answer] | None = None

    def send(self, call: Call, limit: int, timeout: float) -> Answer:
        url = call.name
        parts = urlsplit(url)
        if parts.path.endswith(".getLikes") and self.fault is not None:
            self.inner.asked.append(url)
            return self.fault(url)
        if parts.path.endswith(".getLikes"):
            return Answer(200, {"content-type": "application/json"}, self._likes(parse_qs(parts.query)), url)
        answer = self.inner.send(call, limit, timeout)
        self.inner.asked[:] = self.inner.asked[-100:]
        if parts.path.endswith(".getAuthorFeed"):
            body = json.loads(answer.body)
            for entry in body["feed"]:
                entry["post"]["likeCount"] = self.likers
            return Answer(200, answer.headers, json.dumps(body).encode(), url)
        return answer

    def _likes(self, query: dict[str, list[str]]) -> bytes:
        start = int(query.get("cursor", ["0"])[0])
        end = min(start + int(query["limit"][0]), self.likers)
        body = {"likes": [self._like(n) for n in range(start, end)], "cursor": str(end) if end < self.likers else None}
        return json.dumps({name: value for name, value in body.items() if value is not None}).encode()

    def _like(self, number: int) -> dict[str, object]:
        step = self.likers // ASN
        registered = number % step == 3 and number // step < ASN
        key = f"asn{number // step + 1:02d}" if registered else f"orang{number}"
        handle = self.inner.handles.get(key, f"{key}-rekaan.test")
        return {"actor": {"did": did(key), "handle": handle}, "createdAt": stamp(NOW), "indexedAt": stamp(NOW)}


@pytest.fixture(scope="module")
def quiet_world() -> World:
    world = make_world(3, NOW)
    wanted = {f"asn{n:02d}" for n in range(1, ASN + 1)}
    kept = tuple(a for a in world.actors if a.part not in (Part.ASN, Part.BYSTANDER) or a.key in wanted)
    post = Event(POST, "post", "busi", world.stages[2][1], text="Contoh Bangkit! #BusiMenang")
    return World(world.now, kept, (post,), world.stages, world.determined_at)


def scan_crowd(world: World, likers: int, database: Database, home: Path) -> tuple[Office, ScanSummary]:
    network = WrittenBluesky(world)
    office = office_of(world, home, database, network.accounts, URLS)
    return office, office.scan(Crowd(network, likers))


@pytest.fixture
def five_thousand(quiet_world: World, sqlite_database: Database, tmp_path: Path) -> ScanSummary:
    return scan_crowd(quiet_world, 5_000, sqlite_database, tmp_path / "office")[1]


def test_of_five_thousand_likers_the_seven_registered_are_kept(
    five_thousand: ScanSummary, sqlite_database: Database
) -> None:
    candidate = next(t for t in five_thousand.targets if t.target == did("busi"))
    assert (candidate.interactions, candidate.bystanders_discarded) == (7, 4_993)
    with sqlite_database.read() as session:
        actors = sa.select(account.c.platform_user_id).join(interaction, interaction.c.actor_account_id == account.c.id)
        assert set(session.execute(actors).scalars()) == {did(f"asn{n:02d}") for n in range(1, ASN + 1)}
        of_posts = (item_look.c.verb == "like") & item_look.c.platform_item_id.startswith("at://")
        look = session.execute(sa.select(item_look).where(of_posts)).one()
    assert (look.collected, look.registered, look.reported, look.end_kind.value) == (5_000, 7, 5_000, "exhausted")


def test_nobody_else_of_the_crowd_is_on_disk(five_thousand: ScanSummary, tmp_path: Path) -> None:
    stranger = [did("orang1").encode(), did("orang4999").encode(), b"-rekaan.test"]
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert [p.name for p in files if any(word in p.read_bytes() for word in stranger)] == []


@pytest.mark.slow
def test_memory_does_not_grow_with_the_crowd(quiet_world: World, sqlite_template: Path, tmp_path: Path) -> None:
    peaks = {}
    for likers in (2_000, 20_000):
        database = copy_of(sqlite_template, tmp_path / f"{likers}.db")
        tracemalloc.start()
        scan_crowd(quiet_world, likers, database, tmp_path / f"office{likers}")
        peaks[likers] = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        database.dispose()
    assert peaks[20_000] < peaks[2_000] + 1_500_000, "18,000 likers would take some 9 MB if they were held"


def copy_of(template: Path, path: Path) -> Database:
    shutil.copyfile(template, path)
    return open_database(f"sqlite:///{path}")


def test_a_listing_that_gives_the_same_page_for_ever_is_not_believed(
    quiet_world: World, sqlite_database: Database, tmp_path: Path
) -> None:
    network = WrittenBluesky(quiet_world)
    office = office_of(quiet_world, tmp_path / "office", sqlite_database, network.accounts, URLS)

    def round_and_round(url: str) -> Answer:
        likes = [{"actor": {"did": did("asn01"), "handle": "asn01-contoh.test"}, "createdAt": stamp(NOW)}]
        body = json.dumps({"likes": likes, "cursor": "lagi"}).encode()
        return Answer(200, {"content-type": "application/json"}, body, url)

    summary = office.scan(Crowd(network, 9, fault=round_and_round))
    candidate = next(t for t in summary.targets if t.target == did("busi"))
    assert dict(candidate.coverage)["like"].value == "partial"
    assert len([url for url in network.asked if url.startswith(f"{APPVIEW}/xrpc/app.bsky.feed.getLikes")]) < 10
