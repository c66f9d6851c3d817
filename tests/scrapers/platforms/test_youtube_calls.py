"""Every call to YouTube is held against a cut from its discovery document (scripts/extract_youtube_discovery.py)."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from monitor.domain import Direction
from scrapers import registry
from scrapers.contract import Request
from scrapers.platforms.youtube import mapper
from tests.scrapers import youtube_answers as y

DOCUMENT: dict[str, Any] = json.loads(
    (Path(__file__).parent.parent / "youtube_discovery_extract.json").read_text(encoding="utf-8")
)
METHOD = {"channelThreads": "commentThreads", "comment": "comments"}


def every_call() -> list[Request]:
    """Return every kind of call, first and next pages."""
    first = [y.first(direction, since=since) for direction in (Direction.CANDIDATE, Direction.SUBJECT)
             for since in (None, y.NOW - timedelta(days=3))]  # fmt: skip
    resolved = [y.ADAPTER.resolve(name, y.OPTIONS) for name in ("@budi", y.CANDIDATE, "https://youtube.com/user/budi")]
    follow = [request for call in first for request in y.read(call, y.many("channel", y.channel())).follow]
    later = [y.to_uploads(), y.to_videos(), y.to_threads(), y.to_replies()]
    found = [*first, *resolved, *follow, *later, *y.ADAPTER.hydrate((y.VIDEO, y.comment_id("satu")), y.OPTIONS)]
    more = [
        request
        for call in found
        if call.endpoint in ("playlistItems", "commentThreads", "channelThreads", "comments")
        for request in y.read(call, {"items": [], "nextPageToken": "CDIQAA"}).follow
    ]
    assert {request.endpoint for request in more} == {"playlistItems", "commentThreads", "channelThreads", "comments"}
    return found + more


CALLS = every_call()


def described(call: Request) -> dict[str, Any]:
    described: dict[str, Any] = DOCUMENT["calls"][METHOD.get(call.endpoint, call.endpoint)]
    return described


@pytest.mark.parametrize("call", CALLS, ids=lambda call: call.endpoint)
def test_the_address_is_the_one_of_the_document(call: Request) -> None:
    parts = urlsplit(call.url)
    assert f"{parts.scheme}://{parts.netloc}{parts.path}" == DOCUMENT["address"] + described(call)["path"]
    assert (described(call)["method"], call.form) == ("GET", None)


@pytest.mark.parametrize("call", CALLS, ids=lambda call: call.endpoint)
def test_every_parameter_is_known_and_within_its_bounds(call: Request) -> None:
    known = described(call)["parameters"]
    for name, value in parse_qsl(urlsplit(call.url).query):
        assert name in known
        assert "enum" not in known[name] or value in known[name]["enum"]
        if known[name]["type"] == "integer":
            assert int(known[name].get("minimum", 0)) <= int(value) <= int(known[name]["maximum"])


@pytest.mark.parametrize("call", CALLS, ids=lambda call: call.endpoint)
def test_every_required_parameter_is_given_once(call: Request) -> None:
    given = [name for name, _ in parse_qsl(urlsplit(call.url).query)]
    required = [name for name, about in described(call)["parameters"].items() if about.get("required")]
    assert set(required) <= set(given)
    assert len(given) == len(set(given))


@pytest.mark.parametrize("call", CALLS, ids=lambda call: call.endpoint)
def test_every_part_is_a_field_of_what_is_answered(call: Request) -> None:
    answered = {"channels": "Channel", "playlistItems": "PlaylistItem", "videos": "Video",
                "commentThreads": "CommentThread", "comments": "Comment"}  # fmt: skip
    parts = dict(parse_qsl(urlsplit(call.url).query))["part"].split(",")
    fields = DOCUMENT["schemas"][answered[METHOD.get(call.endpoint, call.endpoint)]]
    assert set(parts) <= set(fields)


@pytest.mark.parametrize("schema", sorted(mapper.READ))
def test_every_field_that_is_read_or_ignored_exists(schema: str) -> None:
    used = {*mapper.READ[schema], *mapper.IGNORED.get(schema, ())}
    assert used - set(DOCUMENT["schemas"][schema]) == set()


@pytest.mark.parametrize("schema", sorted(set(mapper.IGNORED) - {"ChannelSnippet"}))
def test_every_field_of_the_document_is_read_or_ignored_by_name(schema: str) -> None:
    used = {*mapper.READ[schema], *mapper.IGNORED.get(schema, ())}
    assert set(DOCUMENT["schemas"][schema]) - used == set()


def test_the_key_goes_where_the_document_wants_it() -> None:
    (slot,) = registry.manifests()["youtube"].slot
    assert slot.place.removeprefix("query:") in DOCUMENT["always"]


def test_every_call_has_its_price_in_the_manifest() -> None:
    priced = {cost.endpoint for cost in registry.manifests()["youtube"].cost}
    assert {call.endpoint for call in CALLS} <= priced
