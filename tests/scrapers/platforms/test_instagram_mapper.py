from __future__ import annotations

from typing import Any

import pytest

from monitor.domain import AccountRef, Act, ActTime, ItemKind, Mentioned
from scrapers.imports.contract import Mapped
from scrapers.platforms.instagram.mapper import map_item
from tests.scrapers.captured_items import (
    POSTED,
    POSTED_AT,
    SEEN,
    instagram_comment,
    instagram_graph,
    instagram_id,
    instagram_post,
)

BUDI = AccountRef("instagram", "5001", "budi.contoh")
SITI = Mentioned("5002", "siti.teladan")


def mapped(raw: dict[str, Any]) -> Mapped:
    return map_item(raw, SEEN)


def test_a_post_is_one_item_and_one_act_at_its_exact_time() -> None:
    result = mapped(instagram_post())
    (item,), (act,) = result.items, result.acts
    assert (item.kind, item.item_id, item.author) == (ItemKind.POST, instagram_id(1), BUDI)
    assert item.published == ActTime(occurred_at=POSTED_AT)
    assert (act.act, act.actor, act.target_id) == (Act.POST, BUDI, instagram_id(1))
    assert (result.issues, result.unknown_fields, result.skipped) == ((), (), None)


def test_text_tags_mentions_alt_texts_and_counts_are_read() -> None:
    (item,) = mapped(instagram_post()).items
    assert item.text == "Bersama warga #ContohBangkit @siti.teladan"
    assert item.hashtags == ("ContohBangkit",)
    assert item.mentions == (SITI, Mentioned("@siti.teladan", "siti.teladan"))
    assert item.alt_texts == ("Foto oleh BUDI CONTOH",)
    assert (item.like_count, item.comment_count) == (40, 2)


def test_a_carousel_gives_the_alt_texts_and_tags_of_all_its_parts() -> None:
    part = {"accessibility_caption": "Spanduk nomor 2", "usertags": {"in": [{"user": {"pk": 5009, "username": "c"}}]}}
    (item,) = mapped(instagram_post(carousel_media=[part], usertags=None)).items
    assert item.alt_texts == ("Foto oleh BUDI CONTOH", "Spanduk nomor 2")
    assert item.mentions[0] == Mentioned("5009", "c")


def test_likers_shown_to_the_collector_are_never_read() -> None:
    result = mapped(instagram_post())
    assert "teman.perekam" not in repr(result)
    assert not any(act.act is Act.LIKE for act in result.acts)


def test_the_polaris_form_is_read() -> None:
    raw = instagram_post(
        __typename="XIGPolarisVideoMedia",
        id=f"POLARIS_{instagram_id(4)}",
        media_type="2",
        user={"id": "17841444161984820", "pk": "5001", "username": "budi.contoh"},
        owner=None,
    )
    del raw["pk"]
    (item,) = mapped(raw).items
    assert (item.item_id, item.author) == (instagram_id(4), BUDI)


def test_metas_id_for_apps_is_no_account_number() -> None:
    raw = instagram_post(user={"id": "17841444161984820", "username": "budi.contoh"}, owner=None)
    assert "id akun penulis" in (mapped(raw).skipped or "")


def test_the_id_is_worked_out_from_the_short_code() -> None:
    raw = instagram_post(code="DbjOxmqpAbO", taken_at=1_785_700_000)
    del raw["pk"], raw["id"]
    assert mapped(raw).items[0].item_id == "3955069879184525006"


def test_the_graph_form_is_read_with_its_comments_and_replies() -> None:
    result = mapped(instagram_graph())
    post, comment, reply = result.items
    assert (post.text, post.author, post.like_count, post.comment_count) == ("Rapat #contoh", BUDI, 9, 1)
    asn = AccountRef("instagram", "5003", "asn.contoh")
    assert (comment.kind, comment.author, comment.parent_id, comment.parent_author) == (
        ItemKind.COMMENT,
        asn,
        post.item_id,
        BUDI,
    )
    assert (reply.parent_id, reply.parent_author, reply.root_id, reply.root_author) == (
        "18001",
        asn,
        post.item_id,
        BUDI,
    )
    assert [a.act for a in result.acts] == [Act.POST, Act.COMMENT, Act.COMMENT]
    assert (result.unknown_fields, result.issues) == ((), ())


def test_comments_below_an_item_list_post_are_read() -> None:
    comment = {
        "pk": "18003",
        "text": "Siap",
        "created_at": POSTED + 5,
        "user": {"pk": "5003", "username": "asn.contoh"},
    }
    items = mapped(instagram_post(preview_comments=[comment], comments=[comment])).items
    assert [i.item_id for i in items] == [instagram_id(1), "18003"]


def test_a_comment_without_an_author_id_is_an_issue_and_the_post_stands() -> None:
    comment = {"pk": "18003", "text": "Siap", "created_at": POSTED, "user": {"username": "asn.contoh"}}
    result = mapped(instagram_post(preview_comments=[comment]))
    assert [i.kind for i in result.issues] == ["comment_skipped"]
    assert len(result.items) == 1


def test_a_comment_captured_by_itself_names_its_post() -> None:
    (item,) = mapped(instagram_comment()).items
    assert (item.kind, item.parent_id, item.root_id) == (ItemKind.COMMENT, instagram_id(1), instagram_id(1))
    assert item.author == AccountRef("instagram", "5003", "asn.contoh")


def test_a_reply_captured_by_itself_names_the_comment_above() -> None:
    (item,) = mapped(instagram_comment(parent_comment_id="18009")).items
    assert (item.parent_id, item.root_id) == ("18009", instagram_id(1))


def test_the_post_of_a_comment_is_also_found_in_a_media_id_with_its_author() -> None:
    raw = instagram_comment(media_id=f"{instagram_id(1)}_5001")
    del raw["post_id"]
    assert mapped(raw).items[0].root_id == instagram_id(1)


def test_co_authors_share_the_post_at_an_unknown_time_after_it() -> None:
    result = mapped(instagram_post(coauthor_producers=[{"pk": "5003", "username": "asn.contoh"}, {"pk": "5001"}]))
    (share,) = [a for a in result.acts if a.act is Act.SHARE]
    assert (share.actor.user_id, share.target_id, share.target_author) == ("5003", instagram_id(1), BUDI)
    assert share.time == ActTime(lo=POSTED_AT, hi=SEEN)


def test_hidden_like_counts_are_unknown_and_not_what_is_printed() -> None:
    assert mapped(instagram_post(like_and_view_counts_disabled=True, like_count=3)).items[0].like_count is None


def test_a_post_without_a_caption_has_no_text() -> None:
    assert mapped(instagram_post(caption=None)).items[0].text == ""


def test_partial_items_are_skipped_as_such() -> None:
    raw = instagram_post(_zs_partial=True)
    del raw["caption"]
    assert "sebagian" in (mapped(raw).skipped or "")


def test_an_item_marked_partial_that_has_all_we_need_is_taken_and_noted() -> None:
    result = mapped(instagram_post(_zs_partial=True))
    assert result.items
    assert [i.kind for i in result.issues] == ["partial"]


@pytest.mark.parametrize(
    "change", [{"product_type": "ad"}, {"ad_id": "9"}, {"link": "https://www.facebook.com/ads/ig_redirect/?d=1"}]
)
def test_advertisements_are_skipped_as_such(change: dict[str, Any]) -> None:
    assert mapped(instagram_post(**change)).skipped == "iklan"


def test_posts_of_locked_accounts_are_not_public() -> None:
    raw = instagram_post(user={"pk": "5001", "username": "budi.contoh", "is_private": True})
    assert "terkunci" in (mapped(raw).skipped or "")


def test_without_an_author_id_nothing_is_taken_even_with_a_name() -> None:
    result = mapped(instagram_post(user={"username": "budi.contoh", "full_name": "BUDI CONTOH"}, owner=None))
    assert (result.items, result.acts) == ((), ())
    assert "id akun penulis" in (result.skipped or "")


def test_two_different_authors_are_not_decided_by_us() -> None:
    assert "tidak selaras" in (mapped(instagram_post(owner={"pk": "5099"})).skipped or "")


@pytest.mark.parametrize("raw", [{}, {"id": "1"}, {"caption": {"text": "x"}}, {"text": "x", "media_id": "y"}])
def test_other_things_are_skipped(raw: dict[str, Any]) -> None:
    assert mapped(raw).skipped


def test_unknown_fields_of_posts_and_comments_are_named() -> None:
    comment = {"pk": "1", "text": "a", "created_at": POSTED, "user": {"pk": "2"}, "baru": 1}
    result = mapped(instagram_post(bidang_baru=1, comments=[comment]))
    assert result.unknown_fields == ("bidang_baru", "comments[].baru")
