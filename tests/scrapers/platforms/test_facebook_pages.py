from __future__ import annotations

import json
from typing import Any

import pytest

from monitor.domain import Act, ItemKind, ItemRecord
from scrapers.imports.contract import Mapped
from scrapers.imports.page_cleaning import clean_page
from scrapers.platforms.facebook.pages import KEEPING, read_page
from tests.scrapers.captured_items import POSTED_AT, SEEN
from tests.scrapers.captured_pages import (
    ASN,
    BUDI,
    FACEBOOK,
    b64,
    fb_comment,
    fb_reactors,
    fb_story,
    fb_user,
    html,
    page,
)


def read(*values: Any) -> list[Mapped]:
    return list(read_page(page(FACEBOOK, html(*values))))


def items(mapped: list[Mapped]) -> dict[str, ItemRecord]:
    return {item.item_id: item for one in mapped for item in one.items}


def only(mapped: list[Mapped]) -> ItemRecord:
    (item,) = items(mapped).values()
    return item


def test_a_post_is_known_by_its_number_wherever_it_stands() -> None:
    item = only(read({"require": [["Schedule", None, [{"deep": {"node": fb_story("900001")}}]]]}))
    assert (item.item_id, item.kind, item.author and item.author.user_id) == ("900001", ItemKind.POST, BUDI)


def test_a_post_gives_its_text_time_and_author_out_of_nested_copies() -> None:
    item = only(read(fb_story()))
    assert (item.text, item.published.occurred_at, item.hashtags) == (
        "Mari #ContohBangkit",
        POSTED_AT,
        ("ContohBangkit",),
    )
    assert item.author is not None
    assert item.author.handle == "budi.contoh"


def test_counts_are_those_of_the_post() -> None:
    item = only(read(fb_story()))
    assert (item.like_count, item.share_count, item.comment_count) == (12, 3, 2)


def test_data_in_calls_of_scripts_is_found() -> None:
    script = f'requireLazy(["X"],function(m){{m.handle({json.dumps({"a": [fb_story()]})});}});'
    text = f"<!doctype html><html><body><script>{script}</script></body></html>"
    assert only(list(read_page(page(FACEBOOK, text)))).item_id == "900001"


def test_an_answer_of_several_objects_behind_a_guard_is_read_whole() -> None:
    body = b"for (;;);" + json.dumps({"data": fb_story("900001")}).encode() + b"\n"
    body += json.dumps({"label": "x", "data": fb_comment()}).encode()
    found = items(list(read_page(page("https://www.facebook.com/api/graphql/", body))))
    assert set(found) == {"900001", "700001"}


def test_a_comment_names_its_post_and_author() -> None:
    item = items(read(fb_story(), {"edges": [{"node": fb_comment()}]}))["700001"]
    assert (item.kind, item.parent_id, item.root_id) == (ItemKind.COMMENT, "900001", "900001")
    assert (item.author and item.author.user_id, item.parent_author and item.parent_author.user_id) == (ASN, BUDI)


def test_authors_without_a_number_are_known_by_their_address() -> None:
    veiled = {"__typename": "User", "id": "pfbid0Contoh", "name": "X", "url": "https://www.facebook.com/Asn.Contoh"}
    found = items(read(fb_story(actor=veiled), fb_comment(author=veiled)))
    assert [one.author and (one.author.user_id, one.author.handle) for one in found.values()] == [
        ("@asn.contoh", "Asn.Contoh"),
        ("@asn.contoh", "Asn.Contoh"),
    ]


def test_a_reply_names_the_comment_that_it_answers() -> None:
    reply = fb_comment("700002", comment_direct_parent={"id": b64("comment:900001_700001")}, depth=1)
    item = items(read(fb_comment(), reply))["700002"]
    assert (item.parent_id, item.root_id) == ("700001", "900001")


def test_a_reply_inside_a_comment_answers_that_comment() -> None:
    nested = {"edges": [{"node": fb_comment("700002")}]}
    comment = fb_comment(feedback={"id": b64("feedback:900001_700001"), "replies_connection": nested})
    assert items(read(comment))["700002"].parent_id == "700001"


def test_a_reply_names_its_parent_by_its_address() -> None:
    address = "https://www.facebook.com/x/posts/900001?comment_id=700001&reply_comment_id=700002"
    reply = fb_comment("700002", feedback={"id": b64("feedback:900001_700002"), "url": address})
    assert items(read(reply))["700002"].parent_id == "700001"


def test_comments_of_a_photo_belong_to_its_post() -> None:
    story = fb_story("900001", feedback={"id": b64("feedback:555")})
    assert items(read(story, fb_comment(post="555")))["700001"].parent_id == "900001"


def test_a_shared_post_is_a_share_of_the_original() -> None:
    original = fb_story("800001", "Asli", actor=fb_user("100000000000002", "SITI TELADAN", "siti.teladan"))
    mapped = read(fb_story("900001", "Dukung", attached_story=original))
    found = items(mapped)
    assert (found["900001"].kind, found["900001"].quoted_id) == (ItemKind.QUOTE, "800001")
    (act,) = [act for one in mapped for act in one.acts if act.act is Act.SHARE]
    assert (act.target_id, act.target_author and act.target_author.user_id) == ("800001", "100000000000002")


def test_everyone_in_a_list_of_reactions_likes_the_post() -> None:
    mapped = read(fb_story(), fb_reactors("900001", fb_user(ASN), fb_user("100000000000888")))
    likes = [act for one in mapped for act in one.acts if act.act is Act.LIKE]
    assert [(act.actor.user_id, act.target_id) for act in likes] == [(ASN, "900001"), ("100000000000888", "900001")]
    assert (likes[0].time.lo, likes[0].time.hi) == (POSTED_AT, SEEN)


def test_reactions_on_a_comment_are_on_the_comment() -> None:
    (mapped,) = read(fb_reactors("900001_700001", fb_user(ASN)))
    assert mapped.acts[0].target_id == "700001"


def test_a_post_that_is_not_for_everyone_is_left_out() -> None:
    (mapped,) = read(fb_story(privacy="friends"))
    assert mapped.items == ()
    assert "tidak dibuka untuk umum" in (mapped.skipped or "")


def test_an_advertisement_is_left_out() -> None:
    (mapped,) = read(fb_story(sponsored_data={"ad_id": "1"}))
    assert mapped.skipped == "iklan"


def test_a_post_without_its_author_is_skipped_with_a_reason() -> None:
    (mapped,) = read(fb_story(actor={"__typename": "User", "id": "", "name": "Tanpa Nomor"}))
    assert mapped.items == ()
    assert "id akun penulis" in (mapped.skipped or "")


def test_a_post_without_its_time_gets_a_bracket_that_ends_at_the_capture() -> None:
    item = only(read(fb_story(created=None)))
    assert (item.published.exact, item.published.hi) == (False, SEEN)


def test_a_field_that_nobody_knows_is_named() -> None:
    mapped = read(fb_story(bidang_baru={"a": 1}))
    assert "Story.bidang_baru" in {path for one in mapped for path in one.unknown_fields}


def test_a_login_wall_is_said_and_not_an_empty_page() -> None:
    wall = html(body='<form id="login_form" action="/login/?next=x"></form>')
    (mapped,) = read_page(page(FACEBOOK, wall))
    assert "meminta masuk" in (mapped.skipped or "")


def test_a_page_without_posts_gives_nothing() -> None:
    assert read_page(page(FACEBOOK, html({"a": 1}))) == ()


def test_a_page_that_breaks_off_gives_the_posts_that_came_whole() -> None:
    text = html({"edges": [{"node": fb_story("900001")}, {"node": fb_story("900002")}]})
    found = items(list(read_page(page(FACEBOOK, text[: text.rindex("900002") - 40]))))
    assert set(found) == {"900001"}


def test_the_kept_page_gives_the_same_records() -> None:
    saved = page(FACEBOOK, html(fb_story(), fb_comment(), fb_reactors("900001", fb_user(ASN))))
    assert read_page(clean_page(saved, KEEPING)) == read_page(saved)


@pytest.mark.parametrize("secret", ["PEREKAM", "100000000009999", "RAHASIA"])
def test_the_kept_page_does_not_say_who_recorded_it(secret: str) -> None:
    settings = {"define": [["CurrentUserInitialData", [], {"USER_ID": "100000000009999", "token": "RAHASIA"}, 1]]}
    text = html(settings, fb_story(), body="<div>Apa yang Anda pikirkan, PEREKAM?</div>")
    assert secret not in clean_page(page(FACEBOOK, text), KEEPING).body.decode()


def test_stories_that_a_recorder_wrote_with_plain_ids_are_read() -> None:
    story = fb_story("900001")
    del story["post_id"]
    story["id"] = f"S:_I{BUDI}:VK:900001"
    assert only(read(story)).item_id == "900001"
