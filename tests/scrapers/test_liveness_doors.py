import json
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.domain import ItemKind, LiveState
from scrapers import liveness, registry
from tests.scrapers.meta_answers import a_response, error

ASKED = ("x", "facebook", "instagram", "threads", "tiktok")
SHOWN = {"version": "1.0", "type": "rich", "html": "<blockquote>isi</blockquote>", "provider_name": "Contoh"}
REMOVED = {"code": 400, "message": "Something went wrong"}


@pytest.mark.parametrize("platform", ASKED)
def test_an_embeddable_text_is_online(platform: str) -> None:
    assert liveness.read(platform, a_response(SHOWN)).state is LiveState.ONLINE


@pytest.mark.parametrize(
    ("platform", "body", "status", "state"),
    [
        ("x", {}, 404, LiveState.DELETED),
        ("x", {"error": "Sorry, you are not authorized to see this status."}, 403, LiveState.PRIVATE),
        ("x", {}, 401, LiveState.UNKNOWN),
        ("x", {}, 400, LiveState.UNKNOWN),
        ("x", {}, 200, LiveState.UNKNOWN),
        ("facebook", error(100, 33), 400, LiveState.DELETED),
        ("facebook", error(24), 400, LiveState.DELETED),
        ("facebook", {}, 404, LiveState.DELETED),
        ("facebook", error(10), 403, LiveState.UNKNOWN),
        ("instagram", error(24), 400, LiveState.DELETED),
        ("instagram", error(190), 401, LiveState.UNKNOWN),
        ("instagram", error(4), 400, LiveState.UNKNOWN),
        ("threads", error(24), 400, LiveState.DELETED),
        ("threads", error(100), 400, LiveState.UNKNOWN),
        ("tiktok", REMOVED, 400, LiveState.DELETED),
        ("tiktok", REMOVED, 200, LiveState.DELETED),
        ("tiktok", {}, 404, LiveState.DELETED),
        ("tiktok", {}, 400, LiveState.UNKNOWN),
        ("tiktok", {}, 403, LiveState.UNKNOWN),
    ],
)
def test_each_platforms_refusals_mean_what_the_table_says(
    platform: str, body: dict[str, Any], status: int, state: LiveState
) -> None:
    assert liveness.read(platform, a_response(body, status)).state is state


@pytest.mark.parametrize(("platform", "body", "status"), [("tiktok", REMOVED, 400), ("instagram", error(24), 400)])
def test_where_deleted_and_closed_are_not_told_apart_the_detail_says_so(
    platform: str, body: dict[str, Any], status: int
) -> None:
    assert "tidak membedakannya" in liveness.read(platform, a_response(body, status)).detail


@pytest.mark.parametrize("platform", ASKED)
@given(
    body=st.binary(max_size=60) | st.just(json.dumps([1]).encode()),
    status=st.sampled_from([200, 400, 401, 403, 404, 500]),
)
def test_no_answer_makes_it_fail(platform: str, body: bytes, status: int) -> None:
    assert liveness.read(platform, a_response(body, status)).state in LiveState


@pytest.mark.parametrize("platform", ASKED)
def test_the_question_names_the_texts_own_address(platform: str) -> None:
    request = liveness.plan(registry.manifests()[platform], "https://contoh.example/a?b=1&c=2")
    assert parse_qs(urlsplit(request.url).query)["url"] == ["https://contoh.example/a?b=1&c=2"]
    assert request.frank


def test_a_films_address_goes_to_facebooks_door_for_films() -> None:
    manifest = registry.manifests()["facebook"]
    assert "/oembed_video?" in liveness.plan(manifest, "https://www.facebook.com/paslon/videos/123").url
    assert "/oembed_post?" in liveness.plan(manifest, "https://www.facebook.com/paslon/posts/123").url


def test_the_policys_address_stands_for_the_platforms_door() -> None:
    request = liveness.plan(registry.manifests()["x"], "https://x.com/a/status/1", "http://127.0.0.1:1/oembed")
    assert request.url.startswith("http://127.0.0.1:1/oembed?")


@pytest.mark.parametrize(
    ("platform", "kind", "can"),
    [
        ("x", ItemKind.COMMENT, True),
        ("threads", ItemKind.COMMENT, True),
        ("facebook", ItemKind.COMMENT, False),
        ("tiktok", ItemKind.COMMENT, False),
        ("tiktok", ItemKind.POST, True),
        ("bluesky", ItemKind.POST, False),
    ],
)
def test_only_what_oembed_knows_is_asked_of_it(platform: str, kind: ItemKind, can: bool) -> None:
    assert liveness.can_ask(platform, kind, registry.manifests()) is can
