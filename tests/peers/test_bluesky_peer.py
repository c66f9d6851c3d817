import json
import urllib.parse
import urllib.request
from collections.abc import Iterator
from typing import Any

import pytest

from monitor.domain import Act
from tests.peers.fixtures import PeerWorld
from tests.peers.world import Part

pytestmark = [pytest.mark.peer, pytest.mark.slow]
Seen = tuple[str, Act, str, str | None]


def call(base: str, method: str, **params: str | int) -> Any:
    url = f"{base}/xrpc/{method}?{urllib.parse.urlencode(params)}"
    with urllib.request.urlopen(url, timeout=30) as response:
        return json.load(response)


def paged(base: str, method: str, key: str, **params: str | int) -> Iterator[Any]:
    cursor: dict[str, str | int] = {}
    while True:
        page = call(base, method, **params, **cursor)
        yield from page[key]
        if not page[key] or "cursor" not in page:
            return
        cursor = {"cursor": page["cursor"]}


def of_post(did: str, uri: str, record: dict[str, Any]) -> Seen:
    if "reply" in record:
        return did, Act.COMMENT, record["reply"]["parent"]["uri"], uri
    if "embed" in record:
        return did, Act.SHARE, record["embed"]["record"]["uri"], uri
    return did, Act.POST, uri, uri


def from_own_repository(peer: PeerWorld, did: str) -> Iterator[Seen]:
    pds = peer.urls["pds_url"]
    records = {kind: paged(pds, "com.atproto.repo.listRecords", "records", repo=did, collection=f"app.bsky.feed.{kind}")
               for kind in ("post", "like", "repost")}  # fmt: skip
    for record in records["post"]:
        yield of_post(did, record["uri"], record["value"])
    for kind, act in (("like", Act.LIKE), ("repost", Act.SHARE)):
        for record in records[kind]:
            yield did, act, record["value"]["subject"]["uri"], None


def thread_below(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for reply in node.get("replies", []):
        yield reply["post"]
        yield from thread_below(reply)


def around_post(peer: PeerWorld, uri: str) -> Iterator[Seen]:
    view = peer.urls["appview_url"]
    for like in paged(view, "app.bsky.feed.getLikes", "likes", uri=uri):
        yield like["actor"]["did"], Act.LIKE, uri, None
    for actor in paged(view, "app.bsky.feed.getRepostedBy", "repostedBy", uri=uri):
        yield actor["did"], Act.SHARE, uri, None
    for post in paged(view, "app.bsky.feed.getQuotes", "posts", uri=uri):
        yield of_post(post["author"]["did"], post["uri"], post["record"])
    for post in thread_below(call(view, "app.bsky.feed.getPostThread", uri=uri, depth=100)["thread"]):
        yield of_post(post["author"]["did"], post["uri"], post["record"])


def expected(peer: PeerWorld, side: str) -> set[Seen]:
    return {(a.actor, a.act, a.target, a.own) for a in peer.truth.seen_from(side)}


def test_repositories_hold_exactly_the_expected_acts(bluesky_world: PeerWorld):
    people = [bluesky_world.accounts[a.key] for a in bluesky_world.world.having(Part.ASN)]
    seen = {act for did in people for act in from_own_repository(bluesky_world, did)}
    assert seen == expected(bluesky_world, "subject")


def test_appview_shows_exactly_the_expected_acts_around_candidates(bluesky_world: PeerWorld):
    people = {bluesky_world.accounts[a.key] for a in bluesky_world.world.having(Part.ASN)}
    candidates = [bluesky_world.accounts[a.key] for a in bluesky_world.world.having(Part.CANDIDATE)]
    view = bluesky_world.urls["appview_url"]
    posts = {
        entry["post"]["uri"]
        for did in candidates
        for entry in paged(view, "app.bsky.feed.getAuthorFeed", "feed", actor=did, filter="posts_with_replies")
        if "reason" not in entry
    }
    seen = {act for uri in posts for act in around_post(bluesky_world, uri) if act[0] in people}
    assert seen == expected(bluesky_world, "candidate")


def test_handles_resolve_to_the_accounts_of_the_truth(bluesky_world: PeerWorld):
    view = bluesky_world.urls["appview_url"]
    for actor in bluesky_world.world.actors[:8]:
        answer = call(view, "com.atproto.identity.resolveHandle", handle=actor.handle)
        assert answer["did"] == bluesky_world.accounts[actor.key]
