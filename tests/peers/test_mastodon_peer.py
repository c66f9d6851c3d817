from collections.abc import Iterator
from typing import Any

import pytest

from monitor.domain import Act
from tests.peers.fixtures import PeerWorld
from tests.peers.mastodon.mock_server import call
from tests.peers.world import Part

pytestmark = [pytest.mark.peer]
Seen = tuple[str, Act, str, str | None]


def own_statuses(peer: PeerWorld, key: str) -> list[dict[str, Any]]:
    base = peer.urls["base_url"]
    account = call(base, f"/api/v1/accounts/lookup?acct={key}")
    statuses: list[dict[str, Any]] = []
    older = ""
    while page := call(base, f"/api/v1/accounts/{account['id']}/statuses?limit=40{older}"):
        statuses += page
        older = f"&max_id={page[-1]['id']}"
    return statuses


def of_status(peer: PeerWorld, status: dict[str, Any]) -> Seen:
    actor = status["account"]["uri"]
    if status["reblog"]:
        return actor, Act.SHARE, status["reblog"]["uri"], None
    if status["in_reply_to_id"]:
        parent = call(peer.urls["base_url"], f"/api/v1/statuses/{status['in_reply_to_id']}")
        return actor, Act.COMMENT, parent["uri"], status["uri"]
    if status["quote"]:
        return actor, Act.SHARE, status["quote"]["quoted_status"]["uri"], status["uri"]
    return actor, Act.POST, status["uri"], status["uri"]


def around_status(peer: PeerWorld, status: dict[str, Any]) -> Iterator[Seen]:
    base = f"/api/v1/statuses/{status['id']}"
    for account in call(peer.urls["base_url"], f"{base}/favourited_by"):
        yield account["uri"], Act.LIKE, status["uri"], None
    for account in call(peer.urls["base_url"], f"{base}/reblogged_by"):
        yield account["uri"], Act.SHARE, status["uri"], None
    for reply in call(peer.urls["base_url"], f"{base}/context")["descendants"]:
        yield of_status(peer, reply)


def expected(peer: PeerWorld, side: str) -> set[Seen]:
    return {(a.actor, a.act, a.target, a.own) for a in peer.truth.seen_from(side)}


def test_statuses_of_civil_servants_are_exactly_the_expected_acts(mastodon_world: PeerWorld):
    people = mastodon_world.world.having(Part.ASN)
    seen = {of_status(mastodon_world, s) for a in people for s in own_statuses(mastodon_world, a.key)}
    assert seen == expected(mastodon_world, "subject")


def test_server_shows_exactly_the_expected_acts_around_candidates(mastodon_world: PeerWorld):
    people = {mastodon_world.accounts[a.key] for a in mastodon_world.world.having(Part.ASN)}
    candidates = mastodon_world.world.having(Part.CANDIDATE)
    own = [s for a in candidates for s in own_statuses(mastodon_world, a.key) if not s["reblog"]]
    seen = {act for status in own for act in around_status(mastodon_world, status) if act[0] in people}
    assert seen == expected(mastodon_world, "candidate")
