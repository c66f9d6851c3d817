import json
from datetime import timedelta
from typing import Any

from monitor.domain import AccountRef, ActTime, ItemRecord
from scrapers.imports.contract import Mapped, SavedPage
from scrapers.platforms.youtube.pages import read_page
from scrapers.platforms.youtube.times import day, relative
from tests.scrapers import youtube_answers as y

WATCH = f"https://www.youtube.com/watch?v={y.VIDEO}"
NEXT = "https://www.youtube.com/youtubei/v1/next"


def page(body: Any, url: str = NEXT) -> tuple[Mapped, ...]:
    raw = body if isinstance(body, str) else json.dumps(body)
    return read_page(SavedPage(url, raw.encode(), "text/html" if isinstance(body, str) else "application/json", y.NOW))


def items(body: Any, url: str = NEXT) -> list[ItemRecord]:
    return [item for mapped in page(body, url) for item in mapped.items]


def test_an_answer_of_the_api_gives_its_videos() -> None:
    assert [item.item_id for item in items(y.many("video", y.video()))] == [y.VIDEO]


def test_an_answer_of_the_api_gives_comments_with_their_replies() -> None:
    body = y.many("commentThread", y.thread("satu", y.comment("satu", reply="a")))
    assert [item.item_id for item in items(body)] == [y.comment_id("satu"), y.comment_id("satu", "a")]


def test_a_search_result_is_a_video_by_its_title() -> None:
    snippet = {"publishedAt": y.at(5), "channelId": y.CANDIDATE, "title": "Kampanye", "description": "Coblos"}
    result = {"kind": "youtube#searchResult", "id": {"kind": "youtube#video", "videoId": y.VIDEO}, "snippet": snippet}
    (item,) = items(y.many("search", result))
    assert (item.item_id, item.text) == (y.VIDEO, "Kampanye\nCoblos")


def test_a_channel_in_an_answer_is_skipped_with_a_reason() -> None:
    (mapped,) = page(y.many("channel", y.channel()))
    assert mapped.skipped == "bukan unggahan atau komentar: youtube#channel"


def test_a_watch_page_gives_title_description_and_channel() -> None:
    (item,) = items(y.watch_page(), WATCH)
    assert item.text == "Kampanye BUDI CONTOH\nCoblos nomor 1 #BusiMenang"
    assert item.author == AccountRef("youtube", y.CANDIDATE, "budi.contoh")
    assert item.published.occurred_at == y.NOW.replace(day=1, month=11, hour=10, minute=0)


def test_a_page_without_player_gives_the_video_out_of_its_parts() -> None:
    owner = {"videoOwnerRenderer": {"navigationEndpoint": {"browseEndpoint": {"browseId": y.CANDIDATE}}}}
    body = {
        "a": {"videoPrimaryInfoRenderer": {"title": "Kampanye", "dateText": {"simpleText": "1 Nov 2026"}}},
        "b": {"videoSecondaryInfoRenderer": {"owner": owner, "attributedDescription": {"content": "Coblos"}}},
    }  # fmt: skip
    (item,) = items(body, WATCH)
    assert (item.item_id, item.text) == (y.VIDEO, "Kampanye\nCoblos")
    assert item.published.hi == y.NOW.replace(day=2, hour=14)


def test_a_comment_of_the_older_generation_is_read() -> None:
    (item,) = items({"continuationItems": [y.relative_comment()]})
    assert item.author == AccountRef("youtube", y.OFFICIAL, "asn.contoh")
    assert (item.text, item.like_count, item.comment_count) == ("Siap menang", 1200, 1)


def test_a_comment_of_the_newer_generation_is_read() -> None:
    (item,) = items(y.next_answer(y.entity_comment()))
    assert item.author == AccountRef("youtube", y.OFFICIAL, "asn.contoh")
    assert (item.text, item.like_count, item.comment_count) == ("Siap menang", 3400, 2)


def test_the_address_below_a_comment_tells_its_video() -> None:
    (item,) = items({"continuationItems": [y.relative_comment()]})
    assert (item.parent_id, item.root_id) == (y.VIDEO, y.VIDEO)


def test_the_page_tells_the_video_of_its_comments() -> None:
    (item,) = items(y.next_answer(y.entity_comment()), WATCH)
    assert item.parent_id == y.VIDEO


def test_a_reply_is_known_by_its_own_id() -> None:
    (item,) = items(y.next_answer(y.entity_comment(reply="a")), WATCH)
    assert (item.parent_id, item.root_id) == (y.comment_id("satu"), y.VIDEO)


def test_a_community_post_is_a_post_of_its_channel() -> None:
    endpoint = {"browseEndpoint": {"browseId": y.CANDIDATE, "canonicalBaseUrl": "/@budi.contoh"}}
    raw = {
        "postId": y.comment_id("kx"), "authorText": {"runs": [{"text": "Budi"}]}, "authorEndpoint": endpoint,
        "contentText": {"runs": [{"text": "Coblos "}, {"text": "nomor 1"}]},
        "publishedTimeText": {"runs": [{"text": "1 day ago"}]},
    }  # fmt: skip
    (item,) = items({"x": {"backstagePostThreadRenderer": {"post": {"backstagePostRenderer": raw}}}})
    assert (item.text, item.url) == ("Coblos nomor 1", f"https://www.youtube.com/post/{y.comment_id('kx')}")


def test_fields_that_nobody_knows_are_reported() -> None:
    comment = y.entity_comment()
    comment["commentEntityPayload"]["properties"]["hologram"] = 1
    (mapped,) = page(y.next_answer(comment))
    assert mapped.unknown_fields == ("commentEntityPayload.properties.hologram",)


def test_a_comment_without_id_is_skipped_with_a_reason() -> None:
    comment = y.entity_comment()
    comment["commentEntityPayload"]["properties"]["commentId"] = ""
    assert [mapped.skipped for mapped in page(y.next_answer(comment))] == ["id komentar tidak ada dalam butir"]


def test_a_page_without_content_gives_nothing() -> None:
    assert page("<html><body>Sebelum melanjutkan ke YouTube</body></html>", WATCH) == ()


def test_a_relative_time_is_the_bracket_that_rounding_leaves() -> None:
    assert relative("2 weeks ago (edited)", y.NOW) == ActTime(
        lo=y.NOW - timedelta(days=21), hi=y.NOW - timedelta(days=14)
    )


def test_an_indonesian_relative_time_is_read() -> None:
    assert relative("3 hari yang lalu", y.NOW).hi == y.NOW - timedelta(days=3)


def test_a_time_that_says_nothing_ends_when_the_page_was_seen() -> None:
    assert relative("baru saja", y.NOW) == ActTime(hi=y.NOW)


def test_a_day_without_clock_is_a_bracket_in_every_zone() -> None:
    stated = day("Nov 1, 2026", y.NOW)
    assert (stated.lo, stated.hi) == (y.NOW.replace(day=31, month=10, hour=10), y.NOW.replace(day=2, hour=14))
