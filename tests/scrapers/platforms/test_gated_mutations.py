"""Altered answers of the gated platforms' APIs: no field of any wrong kind lets anything but a source error out."""

import copy
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitor.domain import Act
from monitor.errors import SourceError
from scrapers.contract import Adapter, Page, Request, SourceOptions
from scrapers.platforms.facebook.adapter import FacebookAdapter
from scrapers.platforms.instagram.adapter import InstagramAdapter
from scrapers.platforms.threads.adapter import ThreadsAdapter
from tests.scrapers import x_answers as x
from tests.scrapers.meta_answers import NOW, a_response, paging, when

JUNK = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False), st.text(max_size=8),
    st.just([]), st.just({}), st.just([[]]), st.just([None]), st.just({"a": {}}), st.just("\ud800"), st.just("\x00"),
)  # fmt: skip
STATE = {
    "user": "61550000000001", "handle": "paslon_contoh", "candidate": True, "own": False, "since": None,
    "post": "18050000000000001", "owner": "61550000000001", "target_at": (NOW - timedelta(hours=2)).isoformat(),
    "reported": 2, "parent": "17900000000000001",
}  # fmt: skip


def by(adapter: Adapter, endpoint: str) -> Callable[[Any], Page]:
    request = Request(endpoint, "https://x", Act.COMMENT, "3505085467659364085", state=STATE, credential="owner:1")
    options = SourceOptions(adapter.name, {"discovery_url": "https://graph.example/1"})
    return lambda body: adapter.read(request, a_response(body), options)


WHO = {"id": "7000000000000001", "name": "Nama", "username": "pegawai_contoh"}
FB_POST = {
    "id": "61550000000001_122100000000000001", "created_time": when(), "message": "Bersama #Contoh", "from": WHO,
    "parent_id": "9_8", "shares": {"count": 1}, "reactions": {"summary": {"total_count": 2}},
    "comments": {"data": [], "summary": {"total_count": 1}}, "message_tags": [{"id": "5"}],
    "attachments": {"data": [{"type": "share", "title": "T", "url": "https://a.example",
                              "subattachments": {"data": [{"description": "D"}]}}]},
}  # fmt: skip
FB_COMMENT = {"id": "1_2", "created_time": when(), "message": "x", "from": WHO, "parent": {"id": "1_3", "from": WHO},
              "permalink_url": "https://www.facebook.com/1/posts/2?comment_id=3"}  # fmt: skip
IG_POST = {
    "id": "17890000000000001", "caption": "x #a @b", "timestamp": when(), "comments_count": 2, "username": "b",
    "permalink": "https://www.instagram.com/p/DCkkKl_OGb1/", "children": {"data": [{"alt_text": "x"}]},
}  # fmt: skip
IG_REPLY = {"id": "17900000000000002", "text": "y", "timestamp": when(), "from": WHO, "parent_id": "17900000000000001"}
IG_COMMENT = {"id": "17900000000000001", "text": "x", "timestamp": when(), "username": "a",
              "replies": {"data": [IG_REPLY], "paging": paging()}}  # fmt: skip
TH_POST = {
    "id": "18050000000000001", "media_type": "TEXT_POST", "timestamp": when(), "shortcode": "DCkkKl_OGb1",
    "text": "x #a", "username": "paslon_contoh", "has_replies": True,
    "replied_to": {"id": "1"}, "root_post": {"id": "2"},
    "quoted_post": {"id": "3", "username": "c"}, "children": {"data": [{"alt_text": "x"}]},
}  # fmt: skip
TH_REPOST = {
    "id": "4",
    "media_type": "REPOST_FACADE",
    "timestamp": when(),
    "username": "a",
    "reposted_post": {"id": "3"},
}
X_POST = x.a_post(
    referenced_tweets=[*x.refers("replied_to", "5"), *x.refers("quoted", "6")], in_reply_to_user_id="7",
    note_tweet={"text": "x", "entities": {"hashtags": [{"tag": "a"}], "urls": [{"expanded_url": "https://a.example"}]}},
    attachments={"media_keys": ["3_1"]}, entities={"mentions": [{"id": "8", "username": "b"}]},
)  # fmt: skip
X_WHOLE = {
    "data": [X_POST, x.a_post("1860000000000000002", referenced_tweets=x.refers("retweeted", "6"))],
    "includes": {"tweets": [x.a_post("6")], "users": [{"id": x.PAIR, "username": "a"}],
                 "media": [{"media_key": "3_1", "alt_text": "Foto"}]},
    "errors": [x.problem("resource-not-found")], "meta": {"next_token": "n"},
}  # fmt: skip
FB, IG, TH = FacebookAdapter(), InstagramAdapter(), ThreadsAdapter()

CASES: dict[str, tuple[Any, Callable[[Any], Page]]] = {
    "x timeline": (X_WHOLE, lambda body: x.read(x.timeline(), body)),
    "x subject": (X_WHOLE, lambda body: x.read(x.timeline(subject=True), body)),
    "x reposts": (X_WHOLE, lambda body: x.read(x.listing("reposts", Act.SHARE, quotes=1), body)),
    "x likers": ({"data": [WHO]}, lambda body: x.read(x.listing("likers", Act.LIKE), body, x.OWNED)),
    "facebook posts": ({"data": [FB_POST], "paging": paging()}, by(FB, "posts")),
    "facebook comments": ({"data": [FB_COMMENT], "summary": {"total_count": 1}}, by(FB, "comments")),
    "facebook reactions": ({"data": [WHO], "paging": paging()}, by(FB, "reactions")),
    "facebook shares": ({"data": [FB_POST]}, by(FB, "sharedposts")),
    "instagram discovery": (
        {"business_discovery": {"media": {"data": [IG_POST], "paging": paging()}}}, by(IG, "discovery"),
    ),
    "instagram media": ({"data": [IG_POST], "paging": paging()}, by(IG, "media")),
    "instagram comments": ({"data": [IG_COMMENT], "paging": paging()}, by(IG, "comments")),
    "instagram replies": ({"data": [IG_REPLY]}, by(IG, "replies")),
    "threads posts": ({"data": [TH_POST, TH_REPOST], "paging": paging()}, by(TH, "posts")),
    "threads conversation": ({"data": [TH_POST], "paging": paging()}, by(TH, "conversation")),
}  # fmt: skip


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    found = [path] if path else []
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in inner:
        found += places(child, (*path, key))
    return found


def put(body: Any, path: tuple[Any, ...], value: Any, *, drop: bool) -> None:
    for key in path[:-1]:
        body = body[key]
    if drop:
        del body[path[-1]]
    else:
        body[path[-1]] = value


@pytest.mark.parametrize("name", CASES)
def test_the_whole_answer_is_read_without_a_complaint(name: str) -> None:
    body, reader = CASES[name]
    page = reader(copy.deepcopy(body))
    assert page.items or page.acts
    assert page.unknown_fields == ()
    assert [issue.kind for issue in page.issues if issue.kind != "platform_error"] == []


@pytest.mark.parametrize("name", CASES)
@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_no_altered_answer_raises_anything_but_a_source_error(name: str, data: st.DataObject) -> None:
    body, reader = CASES[name]
    body = copy.deepcopy(body)
    for _ in range(data.draw(st.integers(1, 3))):
        path = data.draw(st.sampled_from(places(body) or [()]))
        if path:
            put(body, path, copy.deepcopy(data.draw(JUNK)), drop=data.draw(st.booleans()))
    try:
        page = reader(body)
    except SourceError:
        return
    for item in page.items:
        item.text.encode()
        item.item_id.encode()
        item.url.encode()
    for act in page.acts:
        act.actor.user_id.encode()
        (act.actor.handle or "").encode()


@pytest.mark.parametrize("name", [name for name in CASES if name != "instagram discovery"])
def test_an_altered_entry_never_takes_its_neighbours_along(name: str) -> None:
    body, reader = CASES[name]
    whole, altered = reader(copy.deepcopy(body)), copy.deepcopy(body)
    altered["data"].insert(0, {"rusak": True})
    page = reader(altered)
    assert len(page.acts) == len(whole.acts)
    assert {item.item_id for item in page.items} == {item.item_id for item in whole.items}
