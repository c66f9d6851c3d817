from __future__ import annotations

from typing import Any

from monitor.domain import Act, ItemKind, ItemRecord
from scrapers.imports.contract import Mapped
from scrapers.imports.page_cleaning import clean_page
from scrapers.platforms.threads.capture import map_item
from scrapers.platforms.threads.pages import KEEPING, read_page
from tests.scrapers.captured_items import POSTED_AT, SEEN, instagram_id
from tests.scrapers.captured_pages import html, page, threads_post

URL = "https://www.threads.com/@budi.contoh"
FIRST, SECOND = instagram_id(1), instagram_id(2)
ASN = {"pk": "6007", "username": "asn.contoh"}


def thread(*posts: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return {"node": {"thread_items": [{"post": post} for post in posts], "thread_header_context": None, **changes}}


def items(mapped: tuple[Mapped, ...]) -> dict[str, ItemRecord]:
    return {item.item_id: item for one in mapped for item in one.items}


def reply(pk: str = SECOND, to: dict[str, Any] | None = None) -> dict[str, Any]:
    info = {"is_reply": True, "reply_to_author": to or {"pk": "6001", "username": "budi.contoh"}}
    return threads_post(pk, "6007", "asn.contoh", info=info, text="Siap")


def test_a_page_gives_its_posts() -> None:
    item = items(read_page(page(URL, html({"data": {"mediaData": {"edges": [thread(threads_post(FIRST))]}}}))))[FIRST]
    assert (item.kind, item.text, item.published.occurred_at) == (
        ItemKind.POST,
        "Halo Kabupaten Contoh #bangkit",
        POSTED_AT,
    )
    assert (item.hashtags, item.share_count, item.comment_count) == (("bangkit",), 3, 1)


def test_a_reply_in_a_thread_answers_the_post_before_it() -> None:
    item = items(read_page(page(URL, thread(threads_post(FIRST), reply()))))[SECOND]
    assert (item.kind, item.parent_id, item.root_id) == (ItemKind.COMMENT, FIRST, FIRST)
    assert item.parent_author is not None
    assert item.parent_author.user_id == "6001"


def test_a_reply_to_someone_else_does_not_answer_the_post_before_it() -> None:
    item = items(read_page(page(URL, thread(threads_post(FIRST), reply(to={"pk": "6999"})))))[SECOND]
    assert (item.parent_id, item.parent_author and item.parent_author.user_id) == (None, "6999")


def test_a_quote_is_a_share_of_the_post_it_quotes() -> None:
    quoted = threads_post(FIRST, "6002", "siti.teladan")
    mapped = map_item(threads_post(SECOND, info={"share_info": {"quoted_post": quoted}}), SEEN)
    assert (mapped.items[0].kind, mapped.items[0].quoted_id) == (ItemKind.QUOTE, FIRST)
    assert mapped.items[1].author is not None
    assert mapped.items[1].author.user_id == "6002"


def test_a_repost_is_a_share_by_who_reposted() -> None:
    shared = threads_post(FIRST, "6002", "siti.teladan")
    mapped = map_item(threads_post(SECOND, info={"share_info": {"reposted_post": shared}}), SEEN)
    shares = [act for act in mapped.acts if act.act is Act.SHARE]
    assert [(act.actor.user_id, act.target_id, act.time.occurred_at) for act in shares] == [("6001", FIRST, POSTED_AT)]


def test_a_thread_that_a_profile_reposted_is_its_share() -> None:
    answer = thread(threads_post(FIRST, "6002", "siti.teladan"), thread_header_context={"context_type": "REPOST"})
    (share,) = [act for one in read_page(page(URL, answer)) for act in one.acts if act.act is Act.SHARE]
    assert (share.actor.user_id, share.target_id, share.time.hi) == ("@budi.contoh", FIRST, SEEN)


def test_the_reposter_has_a_number_where_the_page_shows_it() -> None:
    answer = [
        thread(threads_post(FIRST, "6002", "siti.teladan"), thread_header_context={"context_type": "REPOST"}),
        {"user": {"pk": "6001", "username": "budi.contoh"}},
    ]
    (share,) = [act for one in read_page(page(URL, answer)) for act in one.acts if act.act is Act.SHARE]
    assert share.actor.user_id == "6001"


def test_long_texts_that_are_attached_belong_to_the_post() -> None:
    info = {"snippet_attachment_info": {"text_fragments": {"fragments": [{"plaintext": "Bagian panjang"}]}}}
    assert map_item(threads_post(FIRST, info=info), SEEN).items[0].text.endswith("Bagian panjang")


def test_a_private_account_is_left_out() -> None:
    post = threads_post(FIRST)
    post["user"]["text_post_app_is_private"] = True
    assert "terkunci" in (map_item(post, SEEN).skipped or "")


def test_a_removed_post_is_said() -> None:
    assert "tidak dapat dilihat" in (map_item(threads_post(FIRST, is_post_unavailable=True), SEEN).skipped or "")


def test_a_field_that_nobody_knows_is_named() -> None:
    mapped = map_item(threads_post(FIRST, bidang_baru=1, info={"lain_baru": 2}), SEEN)
    assert set(mapped.unknown_fields) == {"bidang_baru", "text_post_app_info.lain_baru"}


def test_the_kept_page_gives_the_same_records() -> None:
    saved = page(URL, html(thread(threads_post(FIRST), reply())))
    assert read_page(clean_page(saved, KEEPING)) == read_page(saved)


def test_a_login_wall_is_said() -> None:
    (mapped,) = read_page(page("https://www.threads.com/login/?next=x", html({"a": 1})))
    assert "meminta masuk" in (mapped.skipped or "")
