from __future__ import annotations

import json
from typing import Any

from monitor.domain import Act, ItemKind, ItemRecord
from scrapers.imports.contract import Mapped
from scrapers.imports.page_cleaning import clean_page
from scrapers.platforms.instagram.pages import KEEPING, read_page
from scrapers.platforms.instagram.urls import item_url
from tests.scrapers.captured_items import POSTED, POSTED_AT, SEEN, instagram_graph, instagram_id, instagram_post
from tests.scrapers.captured_pages import html, page

POST = instagram_id(1)
URL = item_url(POST)
COMMENTS = f"https://www.instagram.com/api/v1/media/{POST}/comments/?can_support_threading=true"
LIKERS = f"https://www.instagram.com/api/v1/media/{POST}/likers/"


def comment(pk: str = "18010", **changes: Any) -> dict[str, Any]:
    user = {"pk": "5003", "username": "asn.contoh"}
    return {"pk": pk, "text": "Hadir pak", "created_at": POSTED + 60, "user": user, "comment_like_count": 2, **changes}


def items(mapped: tuple[Mapped, ...]) -> dict[str, ItemRecord]:
    return {item.item_id: item for one in mapped for item in one.items}


def test_a_page_gives_its_post() -> None:
    web = {"xdt_api__v1__media__shortcode__web_info": {"items": [instagram_post()]}}
    (item,) = items(read_page(page(URL, html({"require": [["x", [web]]]})))).values()
    assert (item.item_id, item.author and item.author.user_id) == (POST, "5001")


def test_an_older_page_gives_its_post_and_threaded_comments() -> None:
    shared = {"entry_data": {"PostPage": [{"graphql": {"shortcode_media": instagram_graph()}}]}}
    text = f"<!doctype html><html><script>window._sharedData = {json.dumps(shared)};</script></html>"
    found = items(read_page(page(URL, text)))
    assert set(found) == {POST, "18001", "18002"}
    assert found["18002"].parent_id == "18001"


def test_an_older_profile_gives_the_posts_inside_its_account() -> None:
    timeline = {"count": 1, "edges": [{"node": instagram_graph()}]}
    answer = {"data": {"user": {"id": "5001", "username": "budi.contoh", "edge_owner_to_timeline_media": timeline}}}
    saved = page("https://www.instagram.com/api/v1/users/web_profile_info/?username=budi.contoh", answer)
    assert POST in items(read_page(saved))
    assert POST in items(read_page(clean_page(saved, KEEPING)))


def test_a_profile_of_before_2018_gives_its_posts() -> None:
    node = {
        "__typename": "GraphImage", "id": POST, "code": "DAbcdEFghiJ", "owner": {"id": "5001"}, "date": POSTED,
        "caption": "Halo", "likes": {"count": 3}, "comments": {"count": 1},
    }  # fmt: skip
    shared = {"entry_data": {"ProfilePage": [{"user": {"username": "budi.contoh", "media": {"nodes": [node]}}}]}}
    text = f"<!doctype html><html><script>window._sharedData = {json.dumps(shared)};</script></html>"
    item = items(read_page(page("https://www.instagram.com/budi.contoh/", text)))[POST]
    assert (item.published.occurred_at, item.text, item.like_count, item.comment_count) == (POSTED_AT, "Halo", 3, 1)


def test_data_that_a_page_loads_later_is_found() -> None:
    data = json.dumps({"graphql": {"shortcode_media": instagram_graph()}})
    text = f"<!doctype html><html><script>window.__additionalDataLoaded('/p/x/',{data});</script></html>"
    assert POST in items(read_page(page(URL, text)))


def test_an_embed_gives_its_post() -> None:
    inner = json.dumps({"gql_data": {"shortcode_media": instagram_graph()}})
    text = (
        f"<!doctype html><html><script>s.handle({json.dumps({'require': [{'contextJSON': inner}]})});</script></html>"
    )
    saved = page("https://www.instagram.com/p/DAbcdEFghiJ/embed/captioned/", text)
    assert POST in items(read_page(saved))
    assert POST in items(read_page(clean_page(saved, KEEPING)))


def test_a_list_of_comments_is_about_the_post_in_its_address() -> None:
    answer = {"comments": [comment(child_comments=[comment("18011", parent_comment_id="18010")])], "status": "ok"}
    found = items(read_page(page(COMMENTS, answer)))
    assert (found["18010"].kind, found["18010"].parent_id) == (ItemKind.COMMENT, POST)
    assert (found["18011"].parent_id, found["18011"].root_id) == ("18010", POST)


def test_comments_on_a_page_are_about_its_post_and_its_author() -> None:
    edges = {"xdt_api__v1__media__media_id__comments__connection": {"edges": [{"node": comment()}]}}
    item = items(read_page(page(URL, html({"items": [instagram_post()]}, edges))))["18010"]
    assert (item.parent_id, item.parent_author and item.parent_author.user_id) == (POST, "5001")


def test_everyone_in_a_list_of_likers_likes_the_post() -> None:
    users = [{"pk": "5003", "username": "asn.contoh"}, {"pk": "5009", "username": "warga.contoh"}]
    (mapped,) = read_page(page(LIKERS, {"users": users, "user_count": 2, "status": "ok"}))
    assert [(act.act, act.actor.user_id, act.target_id) for act in mapped.acts] == [
        (Act.LIKE, "5003", POST),
        (Act.LIKE, "5009", POST),
    ]
    assert (mapped.acts[0].time.lo is not None, mapped.acts[0].time.hi) == (True, SEEN)


def test_an_older_list_of_likers_is_read() -> None:
    liked = {"count": 1, "edges": [{"node": {"id": "5003", "username": "asn.contoh"}}]}
    answer = {"data": {"shortcode_media": {"id": POST, "shortcode": "DAbcdEFghiJ", "edge_liked_by": liked}}}
    mapped = read_page(page(URL, answer))
    assert [act.actor.user_id for one in mapped for act in one.acts] == ["5003"]


def test_an_older_list_of_likers_may_name_its_post_itself() -> None:
    code = URL.rstrip("/").rpartition("/")[2]
    liked = {"count": 1, "edges": [{"node": {"id": "5003", "username": "asn.contoh"}}]}
    answer = {"data": {"shortcode_media": {"id": POST, "shortcode": code, "edge_liked_by": liked}}}
    (mapped,) = read_page(page("https://www.instagram.com/graphql/query/", answer))
    assert [(act.act, act.actor.user_id, act.target_id) for act in mapped.acts] == [(Act.LIKE, "5003", POST)]


def test_a_comment_whose_post_is_nowhere_named_is_skipped_with_that_reason() -> None:
    (mapped,) = read_page(page("https://www.instagram.com/graphql/query/", {"comments": [comment()]}))
    assert (mapped.items, mapped.unknown_fields) == ((), ())
    assert "unggahan yang dikomentari" in (mapped.skipped or "")


def test_the_collectors_friends_among_the_likers_are_no_likes() -> None:
    mapped = read_page(page(URL, {"items": [instagram_post()]}))
    assert [act.act for one in mapped for act in one.acts] == [Act.POST]


def test_a_feed_gives_every_post_once() -> None:
    feed = {"items": [instagram_post(1), instagram_post(2, code="DAbcdEFghiK"), instagram_post(1)]}
    assert set(items(read_page(page("https://www.instagram.com/api/v1/feed/user/1/", feed)))) == {
        instagram_id(1),
        instagram_id(2),
    }


def test_the_time_of_a_post_is_its_own() -> None:
    (item,) = items(read_page(page(URL, {"items": [instagram_post()]}))).values()
    assert item.published.occurred_at == POSTED_AT


def test_a_login_wall_is_said() -> None:
    (mapped,) = read_page(page("https://www.instagram.com/accounts/login/?next=/p/x/", html({"a": 1})))
    assert "meminta masuk" in (mapped.skipped or "")


def test_the_kept_page_gives_the_same_records_without_the_collector() -> None:
    viewer = {"config": {"viewer": {"username": "PEREKAM"}, "csrf_token": "RAHASIA"}}
    saved = page(URL, html(viewer, {"items": [instagram_post()]}, body="<div>PEREKAM</div>"))
    kept = clean_page(saved, KEEPING)
    assert read_page(kept) == read_page(saved)
    assert b"PEREKAM" not in kept.body
    assert b"RAHASIA" not in kept.body
