"""What a post shows beyond its text, and what is said of one that is not there any more."""

from __future__ import annotations

from typing import Any

import pytest

from monitor.domain import AccountRef, Act, EndKind, ItemKind
from monitor.errors import AccountGone, PrivateContent
from scrapers.contract import Page, Rechecks
from scrapers.platforms.bluesky.fields import unknown
from scrapers.platforms.bluesky.mapper import post
from tests.scrapers.bluesky_answers import (
    ADAPTER,
    BYSTANDER,
    CANDIDATE,
    NOW,
    OFFICIAL,
    OPTIONS,
    a_response,
    listing,
    node,
    profile,
    read,
    read_feed,
    ref,
    reply_to,
    uri,
    view,
)

IMAGE = {"alt": "baliho BUSI", "aspectRatio": {"width": 2, "height": 1}, "image": {"$type": "blob"}}
CARD = {"uri": "https://contoh.example/visi", "title": "Visi BUDI CONTOH", "description": "Contoh Bangkit"}
STARTER = uri(CANDIDATE, "3kpaket", "app.bsky.graph.starterpack")
EMBEDS: dict[str, dict[str, Any]] = {
    "images": {"$type": "app.bsky.embed.images", "images": [IMAGE]},
    "gallery": {"$type": "app.bsky.embed.gallery", "items": [{"$type": "app.bsky.embed.gallery#image", **IMAGE}]},
    "video": {"$type": "app.bsky.embed.video", "video": {}, "alt": "baliho BUSI", "presentation": "default"},
    "external": {"$type": "app.bsky.embed.external", "external": CARD},
    "starter pack": {"$type": "app.bsky.embed.record", "record": ref(STARTER)},
    "quote with pictures": {
        "$type": "app.bsky.embed.recordWithMedia",
        "record": {"$type": "app.bsky.embed.record", "record": ref(uri())},
        "media": {"$type": "app.bsky.embed.images", "images": [IMAGE]},
    },
}


def shown(embed: str) -> dict[str, Any]:
    return view(OFFICIAL, record={"embed": EMBEDS[embed]})


@pytest.mark.parametrize("embed", ["images", "gallery", "video", "quote with pictures"])
def test_descriptions_of_pictures_and_films_are_read(embed: str) -> None:
    assert post(shown(embed), NOW, "").alt_texts == ("baliho BUSI",)


def test_a_link_card_is_read_with_what_it_says() -> None:
    item = post(shown("external"), NOW, "")
    assert (item.links, item.alt_texts) == (("https://contoh.example/visi",), ("Visi BUDI CONTOH", "Contoh Bangkit"))


def test_an_embedded_starter_pack_is_a_link_to_its_page() -> None:
    item = post(shown("starter pack"), NOW, "")
    assert (item.kind, item.links) == (ItemKind.POST, (f"https://bsky.app/starter-pack/{CANDIDATE}/3kpaket",))


@pytest.mark.parametrize("embed", sorted(EMBEDS))
def test_no_known_embed_is_reported(embed: str) -> None:
    assert read_feed({"post": shown(embed)}, subject=True).unknown_fields == ()


@pytest.mark.parametrize(
    ("more", "path"),
    [
        ({"record": {"embed": {"$type": "app.bsky.embed.hologram"}}},
         ".feed[].post.record.embed($type app.bsky.embed.hologram)"),
        ({"record": {"embed": EMBEDS["images"] | {"layout": "kolase"}}}, ".feed[].post.record.embed.layout"),
        ({"record": {"facets": [{"index": {}, "features": [{"$type": "x", "tone": 1}]}]}},
         ".feed[].post.record.facets[].features[].tone"),
        ({"author": profile(OFFICIAL, mood="senang")}, ".feed[].post.author.mood"),
        ({"labels": [{"val": "spam", "weight": 3}]}, ".feed[].post.labels[].weight"),
    ],
)  # fmt: skip
def test_unknown_fields_are_reported_however_deep(more: dict[str, Any], path: str) -> None:
    page = read_feed({"post": view(OFFICIAL, **more)}, subject=True)
    assert page.unknown_fields == (path,)
    assert len(page.items) == 1


def test_every_kind_of_quote_view_is_known() -> None:
    for kind in ("viewNotFound", "viewBlocked", "viewDetached"):
        flag = {"viewNotFound": "notFound", "viewBlocked": "blocked", "viewDetached": "detached"}[kind]
        record = {"$type": f"app.bsky.embed.record#{kind}", "uri": uri(), flag: True}
        whole = {"post": view(OFFICIAL, embed={"$type": "app.bsky.embed.record#view", "record": record})}
        assert list(unknown(whole, "entry", "")) == []


@pytest.mark.parametrize("kind", ["viewNotFound", "viewBlocked", "viewDetached"])
def test_a_quote_stays_a_quote_when_its_target_is_not_shown_any_more(kind: str) -> None:
    record = {"embed": {"$type": "app.bsky.embed.record", "record": ref(uri())}}
    embed = {"$type": "app.bsky.embed.record#view", "record": {"$type": f"app.bsky.embed.record#{kind}", "uri": uri()}}
    (act,) = read_feed({"post": view(OFFICIAL, record=record, embed=embed)}, subject=True).acts
    assert (act.act, act.target_id, act.target_author) == (Act.SHARE, uri(), AccountRef("bluesky", CANDIDATE))


def test_a_reply_to_a_deleted_post_still_names_it() -> None:
    gone = {"$type": "app.bsky.feed.defs#notFoundPost", "uri": uri(), "notFound": True}
    entry = {"post": view(OFFICIAL, record=reply_to(uri())), "reply": {"parent": gone, "root": gone}}
    page = read_feed(entry, subject=True)
    assert [act.target_id for act in page.acts] == [uri()]
    assert page.issues == ()


def test_tombstones_in_a_thread_are_nobodys_acts() -> None:
    gone = {"$type": "app.bsky.feed.defs#notFoundPost", "uri": uri(BYSTANDER), "notFound": True}
    blocked = {"$type": "app.bsky.feed.defs#blockedPost", "uri": uri(BYSTANDER), "blocked": True, "author": {}}
    page = read(listing("getPostThread", Act.COMMENT), {"thread": node(view(replyCount=2), gone, blocked)})
    assert (page.acts, page.issues, page.unknown_fields) == ((), (), ())


def test_an_invalid_handle_is_no_handle() -> None:
    page = read_feed({"post": view(OFFICIAL, author=profile(OFFICIAL, handle="handle.invalid"))}, subject=True)
    assert page.acts[0].actor == AccountRef("bluesky", OFFICIAL)


def test_a_persons_own_listings_say_that_they_are_complete() -> None:
    assert read_feed({"post": view(OFFICIAL)}, subject=True).own == (Act.POST,)
    for endpoint, verb in (("listLikes", Act.LIKE), ("listReposts", Act.SHARE)):
        page = read(listing(endpoint, verb, did=OFFICIAL, pds="https://pds.contoh.example"), {"records": []})
        assert (page.own, page.end) == ((verb,), EndKind.EXHAUSTED)


def test_what_others_did_is_nobodys_own_record() -> None:
    assert read(listing("getLikes", Act.LIKE), {"likes": []}).own == ()


def recheck(body: dict[str, Any], status: int = 200) -> Page:
    assert isinstance(ADAPTER, Rechecks)
    request = ADAPTER.recheck(uri(), "", OPTIONS)
    assert request is not None
    return ADAPTER.read(request, a_response(body, request.url, status), OPTIONS)


def test_a_post_that_is_still_there_is_context_and_nobody_acts() -> None:
    page = recheck({"thread": node(view())})
    assert ([item.item_id for item in page.items], page.acts) == ([uri()], ())


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"error": "NotFound", "message": "Post not found"}, 400),
        ({"thread": {"$type": "app.bsky.feed.defs#notFoundPost", "uri": uri(), "notFound": True}}, 200),
    ],
)
def test_a_post_is_gone_when_the_network_says_so(body: dict[str, Any], status: int) -> None:
    with pytest.raises(AccountGone):
        recheck(body, status)


@pytest.mark.parametrize(
    "thread",
    [
        {"$type": "app.bsky.feed.defs#blockedPost", "uri": uri(), "blocked": True},
        node(view(labels=[{"val": "!takedown", "src": "did:plc:x"}])),
        node(view(labels=[{"val": "!hide"}])),
    ],
)
def test_a_blocked_or_hidden_post_is_closed_not_gone(thread: dict[str, Any]) -> None:
    with pytest.raises(PrivateContent):
        recheck({"thread": thread})


def test_a_label_that_was_taken_back_hides_nothing() -> None:
    assert recheck({"thread": node(view(labels=[{"val": "!hide", "neg": True}]))}).items != ()


def test_only_posts_can_be_asked_after() -> None:
    assert ADAPTER.recheck(uri(collection="app.bsky.feed.like"), "", OPTIONS) is None
    assert ADAPTER.recheck("bukan alamat", "", OPTIONS) is None
