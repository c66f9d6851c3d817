import json

from monitor.domain import Act, ItemRecord
from scrapers.imports.contract import SavedPage
from scrapers.imports.routing import Routed, capture_page
from tests.scrapers import telegram_pages as t
from tests.scrapers import youtube_answers as y


def items(url: str, body: str | bytes, kind: str = "text/html") -> list[ItemRecord]:
    raw = body.encode() if isinstance(body, str) else body
    page = SavedPage(url, raw, kind, t.NOW)
    return [item for captured in capture_page(1, page, Routed()) for item in captured.items]


def test_a_captured_preview_gives_its_posts_by_the_channels_number() -> None:
    found = items("https://t.me/s/budi_contoh", t.channel_page(t.message(12), t.message(13)))
    assert [item.item_id for item in found] == ["1500000001/12", "1500000001/13"]


def test_a_captured_forward_is_a_share_of_its_original() -> None:
    page = SavedPage(
        "https://t.me/s/asn_contoh", t.channel_page(t.message(13, t.OFFICIAL, head=t.forwarded())).encode(), "", t.NOW
    )
    (captured,) = capture_page(1, page, Routed())
    assert [(act.act, act.target_id) for act in captured.acts] == [(Act.SHARE, "@budi_contoh/12")]


def test_captured_comments_name_the_post_by_the_channels_public_name() -> None:
    page = t.widget(t.comment(301, handle="asn_contoh"), t.comment(302, reply=301))
    first, second = items("https://t.me/budi_contoh/12?embed=1&discussion=1", page)
    assert (first.item_id, first.parent_id) == ("@budi_contoh/12?comment=301", "@budi_contoh/12")
    assert second.parent_id == first.item_id


def test_comments_loaded_later_are_read_out_of_their_json() -> None:
    body = t.more_comments(t.comment(301, handle="asn_contoh"))
    (item,) = items("https://t.me/api/method?api_hash=0contoh0", body, "application/json")
    assert (item.item_id, item.text) == ("@budi_contoh/12?comment=301", "Siap menang")


def test_posts_loaded_while_scrolling_are_read_out_of_their_json() -> None:
    body = json.dumps(t.message(12))
    assert [i.item_id for i in items("https://t.me/s/budi_contoh?before=13", body, "application/json")] == [
        "1500000001/12"
    ]


def test_captured_service_messages_are_skipped_with_a_reason() -> None:
    page = SavedPage("https://t.me/s/budi_contoh", t.channel_page(t.message(1, service=True)).encode(), "", t.NOW)
    assert [c.skipped for c in capture_page(1, page, Routed())] == ["pesan layanan kanal, bukan unggahan"]


def test_a_captured_watch_page_gives_its_video() -> None:
    (item,) = items(f"https://www.youtube.com/watch?v={y.VIDEO}", y.watch_page())
    assert item.text == "Kampanye BUDI CONTOH\nCoblos nomor 1 #BusiMenang"


def test_captured_comments_of_both_generations_are_read() -> None:
    body = {"a": y.next_answer(y.entity_comment("satu")), "b": y.relative_comment("dua")}
    found = items("https://www.youtube.com/youtubei/v1/next", json.dumps(body), "application/json")
    assert {item.item_id for item in found} == {y.comment_id("satu"), y.comment_id("dua")}


def test_a_captured_answer_of_the_api_keeps_addresses_in_comments_whole() -> None:
    body = y.many("commentThread", y.thread(textOriginal="lihat https://contoh.example/a?halaman=2"))
    (item,) = items("https://youtube.googleapis.com/youtube/v3/commentThreads?key=rahasia", json.dumps(body))
    assert item.links == ("https://contoh.example/a?halaman=2",)


def test_a_captured_message_of_a_group_is_read_once() -> None:
    body = t.message(40).replace(' data-post="', ' data-post-id="40" data-post="')
    assert [item.item_id for item in items("https://t.me/budi_contoh/40?embed=1", body)] == ["1500000001/40"]
