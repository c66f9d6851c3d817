from __future__ import annotations

from typing import Any

import pytest

from monitor.domain import AccountRef, Act, ActTime, ItemKind, Mentioned
from scrapers.imports.contract import Mapped
from scrapers.platforms.x.mapper import map_item
from tests.scrapers.captured_items import POSTED, POSTED_AT, SEEN, tweet, x_id, x_user

BUDI = AccountRef("x", "7001", "budi_contoh")
SITI = AccountRef("x", "7002", "siti_contoh")


def siti() -> dict[str, Any]:
    return x_user("7002", "siti_contoh")


def mapped(raw: dict[str, Any]) -> Mapped:
    return map_item(raw, SEEN)


def test_a_post_is_one_item_and_one_act_at_its_exact_time() -> None:
    result = mapped(tweet())
    (item,), (act,) = result.items, result.acts
    assert (item.kind, item.item_id, item.author) == (ItemKind.POST, x_id(1), BUDI)
    assert item.published == ActTime(occurred_at=POSTED_AT)
    assert item.url == f"https://x.com/budi_contoh/status/{x_id(1)}"
    assert (act.act, act.actor, act.target_id, act.own_item_id) == (Act.POST, BUDI, x_id(1), x_id(1))
    assert (result.issues, result.unknown_fields, result.skipped) == ((), (), None)


def test_counts_are_those_of_the_platform_and_shares_include_quotes() -> None:
    (item,) = mapped(tweet()).items
    assert (item.like_count, item.share_count, item.comment_count) == (12, 4, 2)


def test_a_long_post_gives_its_whole_text_and_its_own_markup() -> None:
    note = {
        "note_tweet_results": {
            "result": {
                "id": "x",
                "text": "Panjang &amp; lengkap " * 30,
                "entity_set": {"hashtags": [{"text": "NomorSatu"}], "urls": [], "user_mentions": []},
            }
        }
    }
    (item,) = mapped(tweet(text="Panjang…", note_tweet=note)).items
    assert item.text.startswith("Panjang & lengkap Panjang")
    assert item.hashtags == ("NomorSatu",)


def test_markup_is_read() -> None:
    entities = {
        "hashtags": [{"text": "ContohBangkit"}, {"text": "ContohBangkit"}],
        "urls": [{"expanded_url": "https://berita.contoh.test/1", "url": "https://t.co/a"}],
        "user_mentions": [{"id_str": "7002", "screen_name": "siti_contoh", "name": "SITI"}],
    }
    media = {"media": [{"ext_alt_text": "Poster nomor 1", "media_url_https": "https://m.contoh.test/a"}]}
    (item,) = mapped(tweet(entities=entities, extended_entities=media)).items
    assert item.hashtags == ("ContohBangkit",)
    assert item.links == ("https://berita.contoh.test/1",)
    assert item.mentions == (Mentioned("7002", "siti_contoh"),)
    assert item.alt_texts == ("Poster nomor 1",)


def test_the_three_escapes_are_undone_once() -> None:
    assert mapped(tweet(text="a &amp;lt; b &lt; c")).items[0].text == "a &lt; b < c"


def test_indonesian_has_the_code_of_today_and_non_languages_have_none() -> None:
    assert [mapped(tweet(lang=code)).items[0].lang for code in ("in", "en", "und", "qme", "zxx", "")] == [
        "id",
        "en",
        None,
        None,
        None,
        None,
    ]


def test_a_reply_is_a_comment_on_its_parent_with_the_parents_author() -> None:
    result = mapped(
        tweet(
            2,
            in_reply_to_status_id_str=x_id(1),
            in_reply_to_user_id_str="7002",
            in_reply_to_screen_name="siti_contoh",
            conversation_id_str=x_id(1),
        )
    )
    (item,), (act,) = result.items, result.acts
    assert (item.kind, item.parent_id, item.parent_author) == (ItemKind.COMMENT, x_id(1), SITI)
    assert (item.root_id, item.root_author) == (x_id(1), SITI)
    assert (act.act, act.target_id, act.target_author) == (Act.COMMENT, x_id(1), SITI)


def test_a_reply_deeper_in_a_thread_does_not_guess_the_root_author() -> None:
    (item,) = mapped(
        tweet(3, in_reply_to_status_id_str=x_id(2), in_reply_to_user_id_str="7002", conversation_id_str=x_id(1))
    ).items
    assert (item.root_id, item.root_author) == (x_id(1), None)


def test_a_quote_is_a_share_of_the_quoted_post_which_comes_along() -> None:
    inner = tweet(1, core=siti())
    result = mapped(
        tweet(2, quoted_status_result={"result": inner}, quoted_status_id_str=x_id(1), is_quote_status=True)
    )
    own, quoted = result.items
    assert (own.kind, own.quoted_id, own.quoted_author) == (ItemKind.QUOTE, x_id(1), SITI)
    assert (quoted.item_id, quoted.author) == (x_id(1), SITI)
    assert [(a.act, a.actor, a.target_id) for a in result.acts] == [
        (Act.SHARE, BUDI, x_id(1)),
        (Act.POST, SITI, x_id(1)),
    ]


def test_a_reply_that_quotes_is_a_comment() -> None:
    (item,) = mapped(tweet(3, in_reply_to_status_id_str=x_id(2), quoted_status_id_str=x_id(1))).items
    assert (item.kind, item.quoted_id) == (ItemKind.COMMENT, x_id(1))


def test_a_quote_of_a_hidden_post_keeps_the_id_without_an_author() -> None:
    raw = tweet(2, quoted_status_id_str=x_id(1), quoted_status_result={"result": {"__typename": "TweetTombstone"}})
    (item,) = mapped(raw).items
    assert (item.kind, item.quoted_id, item.quoted_author) == (ItemKind.QUOTE, x_id(1), None)


def test_a_quoted_post_known_by_its_address_only_is_found() -> None:
    link = {"expanded": f"https://twitter.com/siti_contoh/status/{x_id(1)}"}
    (item,) = mapped(tweet(2, is_quote_status=True, quoted_status_permalink=link)).items
    assert item.quoted_id == x_id(1)


def test_a_quote_of_nothing_known_is_an_issue() -> None:
    result = mapped(tweet(2, is_quote_status=True))
    assert result.items[0].kind is ItemKind.POST
    assert [i.kind for i in result.issues] == ["quoted_unknown"]


def test_a_repost_is_an_act_of_its_own_at_its_own_time_and_no_item() -> None:
    inner = tweet(1, core=siti(), created_at="Mon Sep 30 01:00:00 +0000 2024")
    inner["rest_id"] = inner["legacy"]["id_str"] = x_id(1, POSTED - 86400)
    result = mapped(tweet(2, text="RT @siti_contoh: ...", retweeted_status_result={"result": inner}))
    (item,) = result.items
    assert item.author == SITI
    share = next(a for a in result.acts if a.act is Act.SHARE)
    assert (share.actor, share.target_id, share.target_author) == (BUDI, item.item_id, SITI)
    assert (share.time, share.own_item_id) == (ActTime(occurred_at=POSTED_AT), None)


def test_a_repost_that_names_the_original_only_by_number_is_a_share_and_no_post() -> None:
    result = mapped(tweet(2, "RT @siti: Halo", retweeted_status_id_str=x_id(1)))
    (share,) = result.acts
    assert (result.items, share.act, share.target_id) == ((), Act.SHARE, x_id(1))


def test_a_repost_of_a_post_that_is_gone_is_not_the_words_of_who_reposted() -> None:
    result = mapped(tweet(2, "RT @siti: Halo", retweeted_status_result={"result": {}}))
    assert (result.items, result.skipped) == ((), "unggahan yang dibagikan tidak ada dalam butir")


def test_a_repost_of_a_quote_brings_all_three_posts_acts() -> None:
    third = tweet(1, core=x_user("7003", "guru_contoh"))
    second = tweet(2, core=siti(), quoted_status_result={"result": third}, quoted_status_id_str=x_id(1))
    acts = mapped(tweet(3, retweeted_status_result={"result": second})).acts
    assert {(a.act, a.actor.user_id, a.target_id) for a in acts} == {
        (Act.SHARE, "7001", x_id(2)),
        (Act.SHARE, "7002", x_id(1)),
        (Act.POST, "7003", x_id(1)),
    }


def test_a_repost_of_an_unreadable_post_keeps_the_act() -> None:
    result = mapped(tweet(2, retweeted_status_result={"result": {"rest_id": x_id(1), "legacy": {"x": 1}}}))
    assert [(a.act, a.target_id, a.target_author) for a in result.acts] == [(Act.SHARE, x_id(1), None)]
    assert result.items == ()


def test_the_wrapper_for_limited_visibility_is_opened() -> None:
    raw = {"__typename": "TweetWithVisibilityResults", "tweet": tweet(), "limitedActionResults": {}}
    assert mapped(raw).items[0].author == BUDI


@pytest.mark.parametrize("raw", [{"__typename": "TweetTombstone", "tombstone": {}}, {"__typename": "TweetUnavailable"}])
def test_a_post_that_is_gone_is_skipped_as_such(raw: dict[str, Any]) -> None:
    assert "tidak dapat dilihat" in (mapped(raw).skipped or "")


def test_names_where_they_stood_before_2025_are_read() -> None:
    core = {"user_results": {"result": {"rest_id": "7001", "legacy": {"screen_name": "budi_contoh", "name": "BUDI"}}}}
    assert mapped(tweet(core=core)).items[0].author == BUDI


def test_the_adaptive_form_is_read() -> None:
    raw = tweet(core={}, user_id_str="7001", type="adaptive", user={"id_str": "7001", "screen_name": "budi_contoh"})
    del raw["rest_id"]
    assert mapped(raw).items[0].author == BUDI


def test_without_an_author_id_nothing_is_taken_even_with_a_name() -> None:
    core = {"user_results": {"result": {"core": {"screen_name": "budi_contoh", "name": "BUDI CONTOH"}}}}
    result = mapped(tweet(core=core, user_id_str=None))
    assert (result.items, result.acts) == ((), ())
    assert "id akun penulis" in (result.skipped or "")


def test_two_different_author_ids_are_not_decided_by_us() -> None:
    assert "tidak selaras" in (mapped(tweet(user_id_str="9")).skipped or "")


def test_posts_of_locked_accounts_are_not_public() -> None:
    assert "terkunci" in (mapped(tweet(core=x_user(privacy={"protected": True}))).skipped or "")


def test_advertisements_are_skipped_as_such() -> None:
    assert mapped(tweet(promotedMetadata={"a": 1})).skipped == "iklan"


@pytest.mark.parametrize(
    "written", [None, "", "kemarin", 5, "Tue Foo 01 01:00:00 +0000 2024", "Tue Feb 31 01:00:00 +0000 2024"]
)
def test_a_post_without_a_readable_time_is_skipped(written: object) -> None:
    assert "waktu" in (mapped(tweet(created_at=written)).skipped or "")


def test_a_time_far_from_the_ids_own_is_noted_and_stands() -> None:
    result = mapped(tweet(created_at="Fri Sep 27 01:00:00 +0000 2024"))
    assert [i.kind for i in result.issues] == ["time_mismatch"]
    assert result.items[0].published.latest.day == 27


def test_a_post_after_its_own_capture_is_noted() -> None:
    assert "time_mismatch" in [i.kind for i in map_item(tweet(), POSTED_AT.replace(year=2023)).issues]


def test_an_edited_post_says_when() -> None:
    control = {"edit_control_initial": {"edit_tweet_ids": [x_id(0), x_id(1)]}}
    assert mapped(tweet(edit_control=control)).items[0].edited_at == POSTED_AT
    assert mapped(tweet(edit_control={"edit_tweet_ids": [x_id(1)]})).items[0].edited_at is None


def test_every_unknown_field_is_named_with_its_path() -> None:
    raw = tweet(bidang_legacy=1)
    raw["bidang_luar"] = 1
    raw["core"]["user_results"]["result"]["bidang_akun"] = 1
    assert mapped(raw).unknown_fields == (
        "bidang_luar",
        "legacy.bidang_legacy",
        "core.user_results.result.bidang_akun",
    )


def test_a_field_of_a_wrong_type_is_noted_and_the_rest_stands() -> None:
    result = mapped(tweet(favorite_count={"a": 1}, entities=[1]))
    assert {i.kind for i in result.issues} == {"field_type"}
    assert result.items[0].like_count is None
