from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scrapers.imports.contract import SavedPage
from scrapers.imports.routing import Routed, capture_page
from tests.scrapers.captured_items import (
    SEEN,
    instagram_graph,
    instagram_id,
    instagram_post,
    tiktok_comment,
    tiktok_id,
    tiktok_post,
    tweet,
    x_id,
    x_user,
)
from tests.scrapers.captured_pages import FACEBOOK, fb_comment, fb_reactors, fb_story, fb_user, html, threads_post
from tests.scrapers.platforms.test_captured_mutations import mutate

VARIABLES = f"?variables=%7B%22tweetId%22%3A%22{x_id(1)}%22%7D"
SAMPLES: dict[str, tuple[str, dict[str, Any]]] = {
    "facebook": (
        FACEBOOK,
        {"a": [fb_story(attached_story=fb_story("800001")), fb_comment(), fb_reactors("900001", fb_user("5"))]},
    ),
    "instagram": ("https://www.instagram.com/", {"items": [instagram_post(), {"m": instagram_graph(2)}]}),
    "likers": (
        f"https://www.instagram.com/api/v1/media/{instagram_id(1)}/likers/",
        {"users": [{"pk": "5003", "username": "asn"}], "user_count": 1},
    ),
    "tiktok": (
        f"https://www.tiktok.com/@b/video/{tiktok_id(1)}",
        {"ItemModule": {"1": tiktok_post()}, "comments": [tiktok_comment()]},
    ),
    "x": ("https://x.com/i/api/graphql/a/UserTweets", {"e": [{"tweet_results": {"result": tweet()}}]}),
    "retweeters": (f"https://x.com/i/api/graphql/a/Retweeters{VARIABLES}", {"retweeters_timeline": {"e": [x_user()]}}),
    "threads": (
        "https://www.threads.com/@budi.contoh",
        {"thread_items": [{"post": threads_post(instagram_id(1))}, {"post": threads_post(instagram_id(2))}]},
    ),
}


def captured(url: str, body: bytes, kind: str) -> None:
    for one in capture_page(1, SavedPage(url, body, kind, SEEN), Routed()):
        assert one.items or one.acts or one.skipped
        assert not any(issue.kind == "mapper_failed" for issue in one.issues)
        for item in one.items:
            assert item.author is not None
            assert "\0" not in item.text
        for act in one.acts:
            assert act.actor.user_id
            assert act.target_id
        json.dumps([issue.detail for issue in one.issues])


@pytest.mark.parametrize("name", SAMPLES)
@settings(deadline=None, max_examples=40)
@given(data=st.data(), as_page=st.booleans())
def test_a_mutated_answer_never_fails(name: str, data: st.DataObject, as_page: bool) -> None:
    url, value = SAMPLES[name]
    changed = mutate(value, data.draw)
    if as_page:
        captured(url, html(changed).encode("utf-8", "replace"), "text/html")
    else:
        captured(url, json.dumps(changed).encode("utf-8", "replace"), "application/json")


@pytest.mark.parametrize("name", SAMPLES)
@settings(deadline=None, max_examples=40)
@given(cut=st.floats(0, 1), junk=st.binary(max_size=30))
def test_a_cut_page_never_fails(name: str, cut: float, junk: bytes) -> None:
    url, value = SAMPLES[name]
    body = html(value).encode()
    at = int(len(body) * cut)
    captured(url, body[:at] + junk, "text/html")


@pytest.mark.parametrize("name", SAMPLES)
@pytest.mark.parametrize(
    "body", [b"", b"null", b"[]", b'""', b"<html>", b"[" * 50_000, b'{"a":' * 50_000, b"\xff\xfe<", b"0" * 9]
)
def test_hostile_bodies_never_fail(name: str, body: bytes) -> None:
    for kind in ("text/html", "application/json", ""):
        captured(SAMPLES[name][0], body, kind)
