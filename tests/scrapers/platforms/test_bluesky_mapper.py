from datetime import timedelta
from typing import Any

import pytest

from monitor.domain import AccountRef, ItemKind, ItemRecord, Mentioned
from monitor.errors import LayoutChanged
from scrapers.platforms.bluesky import mapper
from scrapers.platforms.bluesky.urls import key_time, parse_at
from tests.scrapers.bluesky_answers import BYSTANDER, CANDIDATE, NOW, OFFICIAL, at, ref, reply_to, uri, view


def mapped(**record: Any) -> ItemRecord:
    return mapper.post(view(record=record), NOW, ".post")


def test_a_post_is_mapped_whole() -> None:
    item = mapper.post(
        view(likeCount=3, repostCount=2, quoteCount=1, replyCount=4, record={"langs": ["id"]}), NOW, ".p"
    )
    assert (item.item_id, item.kind, item.text, item.lang) == (uri(), ItemKind.POST, "Bersama Budi Contoh", "id")
    assert item.author == AccountRef("bluesky", CANDIDATE, "budicontoh.test")
    assert item.url == f"https://bsky.app/profile/{CANDIDATE}/post/3kpost"
    assert (item.like_count, item.share_count, item.comment_count) == (3, 3, 4)
    assert item.published.occurred_at == NOW - timedelta(hours=5)


def test_the_texts_own_markup_is_read() -> None:
    kind = "app.bsky.richtext.facet#"
    features = [
        {"$type": f"{kind}mention", "did": OFFICIAL},
        {"$type": f"{kind}link", "uri": "https://contoh.example/a"},
        {"$type": f"{kind}link", "uri": "javascript:alert(1)"},
        {"$type": f"{kind}tag", "tag": "BusiMenang"},
        {"$type": f"{kind}lain", "x": 1},
    ]
    item = mapped(facets=[{"index": {}, "features": features}], tags=["Contoh", "BusiMenang"])
    assert item.mentions == (Mentioned(OFFICIAL),)
    assert item.links == ("https://contoh.example/a",)
    assert item.hashtags == ("BusiMenang", "Contoh")


def test_pictures_give_their_descriptions() -> None:
    images = {"$type": "app.bsky.embed.images", "images": [{"alt": "Baliho nomor 1"}, {"alt": ""}]}
    assert mapped(embed=images).alt_texts == ("Baliho nomor 1",)


def test_a_film_gives_its_description() -> None:
    assert mapped(embed={"$type": "app.bsky.embed.video", "alt": "Pawai"}).alt_texts == ("Pawai",)


def test_a_link_card_gives_its_link() -> None:
    card = {"$type": "app.bsky.embed.external", "external": {"uri": "https://contoh.example/b", "title": "x"}}
    assert mapped(embed=card).links == ("https://contoh.example/b",)


def test_a_quote_is_a_quote_with_or_without_media() -> None:
    record = {"$type": "app.bsky.embed.record", "record": ref(uri(BYSTANDER))}
    media = {"$type": "app.bsky.embed.images", "images": [{"alt": "Foto"}]}
    both = {"$type": "app.bsky.embed.recordWithMedia", "record": record, "media": media}
    for embed in (record, both):
        item = mapped(embed=embed)
        assert (item.kind, item.quoted_id) == (ItemKind.QUOTE, uri(BYSTANDER))
        assert item.quoted_author == AccountRef("bluesky", BYSTANDER)
    assert mapped(embed=both).alt_texts == ("Foto",)


def test_a_shared_list_is_no_quote() -> None:
    record = {"$type": "app.bsky.embed.record", "record": ref(uri(BYSTANDER, "x", "app.bsky.graph.list"))}
    assert mapped(embed=record).kind is ItemKind.POST


def test_a_reply_that_quotes_is_a_comment() -> None:
    embed = {"$type": "app.bsky.embed.record", "record": ref(uri(BYSTANDER))}
    item = mapped(embed=embed, **reply_to(uri(OFFICIAL, "3ka"), uri()))
    assert (item.kind, item.target_id, item.quoted_id) == (ItemKind.COMMENT, uri(OFFICIAL, "3ka"), uri(BYSTANDER))


def test_an_embed_of_an_unknown_kind_adds_nothing() -> None:
    assert mapped(embed={"$type": "app.bsky.embed.baru", "x": 1}).kind is ItemKind.POST


@pytest.mark.parametrize("claim", [at(-1), "2026-11-20T13:00:00", "kemarin", 5, None])
def test_a_claim_that_cannot_be_held_gives_a_bracket(claim: object) -> None:
    assert not mapped(createdAt=claim).published.exact


def test_an_address_that_belongs_to_another_author_is_refused() -> None:
    shown = view()
    shown["uri"] = uri(BYSTANDER)
    with pytest.raises(LayoutChanged):
        mapper.post(shown, NOW, ".post")


def test_the_time_in_a_record_key_is_read() -> None:
    assert str(key_time("3kaheyt6vpc22")).startswith("2023-09-28 12:49:37")
    assert key_time("self") is None


@pytest.mark.parametrize("text", ["at://budicontoh.test/app.bsky.feed.post/3k", "at://did:plc:x", "https://x/y", ""])
def test_what_is_no_record_address_is_none(text: str) -> None:
    assert parse_at(text) is None
