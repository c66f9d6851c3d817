from __future__ import annotations

import json
from typing import Any

from monitor.domain import ItemKind, ItemRecord
from scrapers.imports.contract import Mapped
from scrapers.imports.page_cleaning import clean_page
from scrapers.platforms.tiktok.pages import KEEPING, read_page
from tests.scrapers.captured_items import POSTED, POSTED_AT, SEEN, tiktok_comment, tiktok_id, tiktok_post
from tests.scrapers.captured_pages import page

POST = tiktok_id(1)
URL = f"https://www.tiktok.com/@budi.contoh/video/{POST}"


def saved(identity: str, value: dict[str, Any], body: str = "") -> str:
    script = f'<script id="{identity}" type="application/json">{json.dumps(value)}</script>'
    return f"<!doctype html><html><head>{script}</head><body>{body}</body></html>"


def items(mapped: tuple[Mapped, ...]) -> dict[str, ItemRecord]:
    return {item.item_id: item for one in mapped for item in one.items}


def written(comment: str = "", level: int = 1, handle: str = "asn.contoh", text: str = "Mantap") -> str:
    mark = f' id="{comment}"' if comment else ""
    return (
        f'<div class="x-DivCommentItemContainer"><div{mark}><a href="/@{handle}">'
        f'<span data-e2e="comment-username-{level}">{handle}</span></a>'
        f'<p data-e2e="comment-level-{level}"><span>{text}</span></p>'
        f'<span data-e2e="comment-time-{level}">2d ago</span></div></div>'
    )


def test_a_page_since_2023_gives_its_video() -> None:
    detail = {"__DEFAULT_SCOPE__": {"webapp.video-detail": {"itemInfo": {"itemStruct": tiktok_post()}}}}
    (item,) = items(read_page(page(URL, saved("__UNIVERSAL_DATA_FOR_REHYDRATION__", detail)))).values()
    assert (item.item_id, item.author and item.author.user_id) == (POST, "4001")


def test_a_page_before_2023_gives_its_video_with_the_author_kept_apart() -> None:
    post = tiktok_post(author="budi.contoh")
    users = {"users": {"budi.contoh": {"id": "4001", "uniqueId": "budi.contoh"}}}
    state = {"ItemModule": {POST: post}, "UserModule": users}
    (item,) = items(read_page(page(URL, saved("SIGI_STATE", state)))).values()
    assert item.author is not None
    assert item.author.user_id == "4001"


def test_comments_of_an_older_page_find_their_video() -> None:
    comment = {key: value for key, value in tiktok_comment().items() if key != "aweme_id"}
    item = items(read_page(page(URL, saved("SIGI_STATE", {"Comment": {"c": comment}}))))[tiktok_id(2, POSTED + 30)]
    assert (item.kind, item.parent_id) == (ItemKind.COMMENT, POST)


def test_a_comment_of_an_older_page_whose_author_is_only_a_handle_is_read() -> None:
    comment = {**tiktok_comment(), "user": "Asn.Contoh"}
    item = items(read_page(page(URL, saved("SIGI_STATE", {"CommentItem": {"c": comment}}))))[tiktok_id(2, POSTED + 30)]
    assert item.author is not None
    assert (item.author.user_id, item.author.handle) == ("@asn.contoh", "Asn.Contoh")


def test_a_list_of_comments_gives_them_with_their_replies() -> None:
    reply = tiktok_comment(3, reply_id=tiktok_id(2, POSTED + 30))
    answer = {"comments": [tiktok_comment(2, reply_comment=[reply])], "has_more": 0}
    found = items(read_page(page(f"https://www.tiktok.com/api/comment/list/?aweme_id={POST}&msToken=x", answer)))
    assert found[tiktok_id(3, POSTED + 30)].parent_id == tiktok_id(2, POSTED + 30)


def test_a_list_of_videos_gives_each() -> None:
    answer = {"itemList": [tiktok_post(1), tiktok_post(2)], "hasMore": False}
    assert set(items(read_page(page("https://www.tiktok.com/api/post/item_list/", answer)))) == {POST, tiktok_id(2)}


def test_rendered_comments_take_their_time_from_their_id() -> None:
    number = tiktok_id(9)
    item = items(read_page(page(URL, f"<!doctype html><html><body>{written(number)}</body></html>")))[number]
    assert item.published.occurred_at == POSTED_AT
    assert (item.author and item.author.user_id, item.text) == ("@asn.contoh", "Mantap")


def test_rendered_comments_without_an_id_get_a_bracket_and_a_steady_key() -> None:
    text = f"<!doctype html><html><body>{written()}</body></html>"
    first, again = read_page(page(URL, text)), read_page(page(URL, text))
    assert first == again
    (item,) = items(first).values()
    assert (item.published.exact, item.published.hi) == (False, SEEN)


def test_a_rendered_reply_answers_the_comment_above_it() -> None:
    text = f"<!doctype html><html><body>{written(tiktok_id(8))}{written(tiktok_id(9), level=2)}</body></html>"
    assert items(read_page(page(URL, text)))[tiktok_id(9)].parent_id == tiktok_id(8)


def test_a_comment_that_stands_in_the_data_too_is_read_once() -> None:
    number = tiktok_id(2, POSTED + 30)
    text = saved("SIGI_STATE", {"Comment": {number: tiktok_comment()}}, written(number))
    found = [item for one in read_page(page(URL, text)) for item in one.items]
    assert [item.author and item.author.user_id for item in found] == ["4003"]


def test_a_challenge_is_said_and_not_an_empty_page() -> None:
    (mapped,) = read_page(page(URL, '<!doctype html><html><body>Please wait...<p id="cs" class="x"></p></body></html>'))
    assert "tantangan" in (mapped.skipped or "")


def test_the_kept_page_gives_the_same_records_without_the_collector() -> None:
    body = f'<header><a href="/@perekam">PEREKAM</a></header>{written(tiktok_id(9))}'
    state = {"ItemModule": {POST: tiktok_post()}, "AppContext": {"user": {"uniqueId": "PEREKAM", "msToken": "RAHASIA"}}}
    whole = page(URL, saved("SIGI_STATE", {"ItemModule": state["ItemModule"]}, body))
    kept = clean_page(whole, KEEPING)
    assert read_page(kept) == read_page(whole)
    assert b"PEREKAM" not in kept.body
