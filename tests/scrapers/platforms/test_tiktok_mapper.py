from __future__ import annotations

from typing import Any

import pytest

from monitor.domain import AccountRef, Act, ActTime, ItemKind, Mentioned
from scrapers.imports.contract import Mapped
from scrapers.platforms.tiktok.mapper import map_item
from tests.scrapers.captured_items import POSTED, POSTED_AT, SEEN, tiktok_comment, tiktok_id, tiktok_post

BUDI = AccountRef("tiktok", "4001", "budi.contoh")
ASN = AccountRef("tiktok", "4003", "asn.contoh")


def mapped(raw: dict[str, Any]) -> Mapped:
    return map_item(raw, SEEN)


def test_a_video_is_one_item_and_one_act_at_its_exact_time() -> None:
    result = mapped(tiktok_post())
    (item,), (act,) = result.items, result.acts
    assert (item.kind, item.item_id, item.author) == (ItemKind.POST, tiktok_id(1), BUDI)
    assert item.published == ActTime(occurred_at=POSTED_AT)
    assert item.url == f"https://www.tiktok.com/@budi.contoh/video/{tiktok_id(1)}"
    assert (act.act, act.actor, act.target_id) == (Act.POST, BUDI, tiktok_id(1))
    assert (result.issues, result.unknown_fields, result.skipped) == ((), (), None)


def test_tags_mentions_sticker_words_and_counts_are_read() -> None:
    (item,) = mapped(tiktok_post()).items
    assert item.hashtags == ("contohbangkit",)
    assert item.mentions == (Mentioned("4002", "siti.teladan"),)
    assert item.alt_texts == ("PILIH NOMOR 1",)
    assert (item.like_count, item.share_count, item.comment_count, item.lang) == (7, 2, 1, "id")


def test_counts_written_as_text_are_read() -> None:
    raw = tiktok_post(statsV2={"diggCount": "15"}, createTime=str(POSTED))
    del raw["stats"]
    assert mapped(raw).items[0].like_count == 15


def test_the_older_form_with_the_author_as_a_handle_is_read() -> None:
    assert mapped(tiktok_post(author="budi.contoh", authorId="4001", nickname="BUDI")).items[0].author == BUDI


def test_a_handle_alone_names_nobody() -> None:
    result = mapped(tiktok_post(author="budi.contoh"))
    assert (result.items, result.acts) == ((), ())
    assert "id akun penulis" in (result.skipped or "")


def test_a_duet_is_a_share_of_the_video_beside_it() -> None:
    result = mapped(tiktok_post(2, duetInfo={"duetFromId": tiktok_id(1)}))
    assert (result.items[0].kind, result.items[0].quoted_id) == (ItemKind.QUOTE, tiktok_id(1))
    assert (result.acts[0].act, result.acts[0].target_id) == (Act.SHARE, tiktok_id(1))


def test_no_duet_is_written_as_zero() -> None:
    assert mapped(tiktok_post(duetInfo={"duetFromId": "0"})).items[0].kind is ItemKind.POST


def test_a_comment_acts_on_its_video() -> None:
    result = mapped(tiktok_comment())
    (item,), (act,) = result.items, result.acts
    assert (item.kind, item.author, item.parent_id, item.root_id) == (ItemKind.COMMENT, ASN, tiktok_id(1), tiktok_id(1))
    assert (act.act, act.target_id, act.own_item_id) == (Act.COMMENT, tiktok_id(1), item.item_id)
    assert (result.issues, result.unknown_fields) == ((), ())


def test_a_reply_acts_on_the_comment_it_answers() -> None:
    first, second = tiktok_id(2), tiktok_id(3)
    assert mapped(tiktok_comment(4, reply_id=first)).items[0].parent_id == first
    assert mapped(tiktok_comment(4, reply_id=first, reply_to_reply_id=second)).items[0].parent_id == second


def test_replies_that_came_along_are_read_with_the_author_above() -> None:
    above = tiktok_comment(2)
    below = tiktok_comment(3, reply_id=above["cid"], user={"uid": "4004", "unique_id": "guru.contoh"})
    _, reply = mapped({**above, "reply_comment": [below]}).items
    assert (reply.parent_id, reply.parent_author) == (above["cid"], ASN)


def test_a_comment_without_an_author_id_is_skipped() -> None:
    assert "id akun penulis" in (mapped(tiktok_comment(user={"unique_id": "asn.contoh"})).skipped or "")


def test_a_scheduled_videos_time_stands_and_is_noted() -> None:
    result = mapped(tiktok_post(createTime=POSTED - 3 * 86400))
    assert [i.kind for i in result.issues] == ["time_mismatch"]
    assert result.items[0].published.latest.timestamp() == POSTED - 3 * 86400


def test_advertisements_are_skipped_as_such() -> None:
    assert mapped(tiktok_post(isAd=True)).skipped == "iklan"


@pytest.mark.parametrize(
    "change", [{"privateItem": True}, {"forFriend": True}, {"author": {"id": "1", "privateAccount": True}}]
)
def test_what_is_not_public_is_skipped_as_such(change: dict[str, Any]) -> None:
    assert "terkunci" in (mapped(tiktok_post(**change)).skipped or "")


@pytest.mark.parametrize("written", [None, 0, -1, "kemarin", 10**17, True, {}])
def test_a_video_without_a_readable_time_is_skipped(written: object) -> None:
    assert "waktu" in (mapped(tiktok_post(createTime=written)).skipped or "")


@pytest.mark.parametrize("raw", [{}, {"id": "1"}, {"cid": "1"}, {"cid": "x", "aweme_id": "y"}])
def test_other_things_are_skipped(raw: dict[str, Any]) -> None:
    assert mapped(raw).skipped


def test_unknown_fields_are_named() -> None:
    assert mapped(tiktok_post(bidang_baru=1)).unknown_fields == ("bidang_baru",)
