from __future__ import annotations

from typing import Any

import pytest

from monitor.domain import Act, ItemKind, ItemRecord
from scrapers.imports.contract import Mapped
from scrapers.imports.page_cleaning import clean_page_url
from scrapers.platforms.x.pages import read_page
from tests.scrapers.captured_items import POSTED_AT, POSTED_TEXT, SEEN, tweet, x_id, x_user
from tests.scrapers.captured_pages import page

GRAPHQL = "https://x.com/i/api/graphql/abc/UserTweets"
ASKED = "?variables=%7B%22tweetId%22%3A%22" + x_id(1) + "%22%2C%22count%22%3A20%7D&features=%7B%7D"


def timeline(*results: dict[str, Any], key: str = "user") -> dict[str, Any]:
    entries = [{"content": {"itemContent": {"tweet_results": {"result": one}}}} for one in results]
    instructions = [{"type": "TimelineAddEntries", "entries": entries}]
    return {"data": {key: {"result": {"timeline": {"timeline": {"instructions": instructions}}}}}}


def accounts(key: str, *numbers: str) -> dict[str, Any]:
    users = [x_user(number, f"akun_{number}") for number in numbers]
    entries = [{"content": {"itemContent": {"__typename": "TimelineUser", **user}}} for user in users]
    return {"data": {key: {"timeline": {"instructions": [{"entries": entries}]}}}}


def items(mapped: tuple[Mapped, ...]) -> dict[str, ItemRecord]:
    return {item.item_id: item for one in mapped for item in one.items}


def test_every_post_of_a_timeline_is_found() -> None:
    found = items(read_page(page(GRAPHQL, timeline(tweet(1), tweet(2)))))
    assert set(found) == {x_id(1), x_id(2)}


def test_posts_of_a_conversation_module_are_found() -> None:
    reply = tweet(2, in_reply_to_status_id_str=x_id(1), in_reply_to_user_id_str="7001")
    module = {"content": {"items": [{"item": {"itemContent": {"tweet_results": {"result": reply}}}}]}}
    answer = {"data": {"threaded_conversation_with_injections_v2": {"instructions": [{"entries": [module]}]}}}
    assert items(read_page(page(GRAPHQL, answer)))[x_id(2)].kind is ItemKind.COMMENT


def test_a_post_of_limited_visibility_is_read_and_a_removed_one_is_said() -> None:
    limited = {"__typename": "TweetWithVisibilityResults", "tweet": tweet(1)}
    gone = {"__typename": "TweetTombstone", "tombstone": {"text": {"text": "x"}}}
    mapped = read_page(page(GRAPHQL, timeline(limited, gone)))
    assert set(items(mapped)) == {x_id(1)}
    assert any("tidak dapat dilihat" in (one.skipped or "") for one in mapped)


def test_an_advertisement_beside_a_post_is_left_out() -> None:
    answer = timeline(tweet(1))
    content = answer["data"]["user"]["result"]["timeline"]["timeline"]["instructions"][0]["entries"][0]["content"]
    content["itemContent"]["promotedMetadata"] = {"advertiser": "x"}
    (mapped,) = read_page(page(GRAPHQL, answer))
    assert mapped.skipped == "iklan"


def test_a_repost_in_a_timeline_is_a_share() -> None:
    repost = tweet(3, retweeted_status_result={"result": tweet(2, core=x_user("7002", "siti"))})
    (mapped,) = read_page(page(GRAPHQL, timeline(repost)))
    assert (Act.SHARE, x_id(2)) in {(act.act, act.target_id) for act in mapped.acts}


@pytest.mark.parametrize(("key", "act"), [("retweeters_timeline", Act.SHARE), ("favoriters_timeline", Act.LIKE)])
def test_a_list_of_accounts_acts_on_the_post_that_was_asked_for(key: str, act: Act) -> None:
    (mapped,) = read_page(page(GRAPHQL + ASKED, accounts(key, "7003", "7004")))
    assert [(one.act, one.actor.user_id, one.target_id) for one in mapped.acts] == [
        (act, "7003", x_id(1)),
        (act, "7004", x_id(1)),
    ]
    assert mapped.acts[0].time.hi == SEEN


def test_a_list_without_its_post_is_skipped_with_a_reason() -> None:
    (mapped,) = read_page(page(GRAPHQL, accounts("favoriters_timeline", "7003")))
    assert "tanpa id unggahan" in (mapped.skipped or "")


def test_an_accounts_handle_is_read_in_both_generations() -> None:
    old = {"user_results": {"result": {"__typename": "User", "rest_id": "7005", "legacy": {"screen_name": "lama"}}}}
    answer = {"data": {"retweeters_timeline": {"entries": [old, x_user("7006", "baru")]}}}
    (mapped,) = read_page(page(GRAPHQL + ASKED, answer))
    assert [act.actor.handle for act in mapped.acts] == ["lama", "baru"]


def test_the_address_that_is_kept_names_the_post_and_nothing_of_the_collector() -> None:
    kept = clean_page_url(GRAPHQL + ASKED.replace("count", "auth_token"))
    assert x_id(1) in kept
    assert "features" not in kept
    assert "auth_token" not in kept


def test_posts_and_users_apart_are_joined() -> None:
    flat = {"id_str": x_id(1), "user_id_str": "7001", "created_at": POSTED_TEXT, "full_text": "Salam"}
    share = {
        "id_str": x_id(2),
        "user_id_str": "7002",
        "created_at": POSTED_TEXT,
        "full_text": "RT",
        "retweeted_status_id_str": x_id(1),
    }
    users = {"7001": {"id_str": "7001", "screen_name": "budi"}, "7002": {"id_str": "7002", "screen_name": "asn"}}
    mapped = read_page(page(GRAPHQL, {"globalObjects": {"tweets": {x_id(1): flat, x_id(2): share}, "users": users}}))
    assert items(mapped)[x_id(1)].author is not None
    assert (Act.SHARE, "7002") in {(act.act, act.actor.user_id) for one in mapped for act in one.acts}


def rendered(above: str = "", buttons: str = "") -> str:
    return (
        f'<!doctype html><html><body><article data-testid="tweet">{above}<div data-testid="tweetText">Salam</div>'
        f'<a href="/Budi_Contoh/status/{x_id(1)}"><time datetime="2024-10-01T01:00:00.000Z">1 Okt</time></a>{buttons}'
        "</article></body></html>"
    )


@pytest.mark.parametrize(
    "line",
    [
        '<a href="/Asn_Contoh"><span data-testid="socialContext">ASN CONTOH reposted</span></a>',
        '<span data-testid="socialContext"><a href="/Asn_Contoh">ASN CONTOH</a> memposting ulang</span>',
    ],
)
def test_a_rendered_page_says_who_reposted(line: str) -> None:
    (mapped,) = read_page(page("https://x.com/Asn_Contoh", rendered(line)))
    (share,) = [act for act in mapped.acts if act.act is Act.SHARE]
    assert (share.actor.user_id, share.target_id, share.time.hi) == ("@asn_contoh", x_id(1), SEEN)


@pytest.mark.parametrize("words", ["You reposted", "Anda memposting ulang", "Pinned"])
def test_a_line_above_a_rendered_post_about_the_collector_or_a_pin_is_no_share(words: str) -> None:
    line = f'<a href="/Perekam"><span data-testid="socialContext">{words}</span></a>'
    (mapped,) = read_page(page("https://x.com/Budi_Contoh", rendered(line)))
    assert [act.act for act in mapped.acts] == [Act.POST]


def test_a_rendered_page_gives_the_counts_that_its_buttons_say_in_full() -> None:
    buttons = (
        '<button data-testid="reply" aria-label="3 Replies. Reply"></button>'
        '<button data-testid="unretweet" aria-label="1.234 posting ulang. Diposting ulang"></button>'
        '<button data-testid="like" aria-label="1.2K Likes. Like"></button>'
    )
    (item,) = items(read_page(page("https://x.com/Budi_Contoh", rendered(buttons=buttons)))).values()
    assert (item.comment_count, item.share_count, item.like_count) == (3, 1234, None)


def test_a_rendered_page_gives_posts_by_handle() -> None:
    article = (
        '<!doctype html><html><body><article data-testid="tweet"><div data-testid="tweetText">Salam</div>'
        f'<a href="/Budi_Contoh/status/{x_id(1)}"><time datetime="2024-10-01T01:00:00.000Z">1 Okt</time></a></article>'
    )
    (item,) = items(read_page(page("https://x.com/Budi_Contoh", article))).values()
    assert (item.author and item.author.user_id, item.text) == ("@budi_contoh", "Salam")
    assert item.published.occurred_at == POSTED_AT


def test_a_login_wall_is_said() -> None:
    (mapped,) = read_page(page("https://x.com/i/flow/login", "<!doctype html><html></html>"))
    assert "meminta masuk" in (mapped.skipped or "")
