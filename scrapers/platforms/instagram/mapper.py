"""Instagram: one captured post, reel or comment to records.

Shapes: the item list of the web client (`pk`, `code`, `user`, `caption`; `XDTMediaDict`), its `XIGPolaris*` form of
2025-26 (ids prefixed "POLARIS_", types as text), the Graph form of before 2023 (`shortcode`, `owner`,
`edge_media_to_caption`), and comments as separate items. Lists of likers in an item are chosen for the collector and
never read.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from monitor.domain import AccountRef, Act, ActRecord, ActTime, ItemKind, ItemRecord, Mentioned, published_act
from scrapers.imports.contract import Mapped
from scrapers.imports.nodes import Node, Notes, check_clock, distinct
from scrapers.platforms.instagram import comments, fields, urls

VERSION = "1"

_MARKS = frozenset({"pk", "code", "shortcode", "media_type", "__typename"})  # an Instagram post has at least one
_ADS = ("https://www.facebook.com/ads/", "https://facebook.com/ads/")


@dataclass(frozen=True, slots=True)
class _Head:
    """The part of a post without which nothing is taken."""

    identity: str
    author: AccountRef
    published: datetime


def map_item(raw: Mapping[str, Any], collected_at: datetime) -> Mapped:
    """Read one post with the comments that came along, or one comment.

    An account named as co-author shows the post as its own, which is recorded as a share in a bracket: Instagram does
    not say when it accepted. Nothing is matched by display name: without the author's numeric id the item is skipped.
    """
    notes = Notes()
    post = Node(raw, "", notes)
    if comments.is_comment(raw):
        items, reason = comments.single(post, collected_at)
        return _mapped(items, (), notes, reason)
    post.known(fields.POST)
    head = _head(post, collected_at)
    if isinstance(head, str):
        return _mapped((), (), notes, head)
    item = _item(post, head)
    below = comments.below(post, item)
    return _mapped((item, *below), _coauthors(post, item, collected_at), notes, None)


def _mapped(items: tuple[ItemRecord, ...], acts: tuple[ActRecord, ...], notes: Notes, reason: str | None) -> Mapped:
    published = tuple(act for item in items if (act := published_act(item)) is not None)
    return Mapped(items, published + acts, notes.issues, notes.unknown_fields, reason)


def _head(post: Node, collected_at: datetime) -> _Head | str:
    """Return the head of a post, or the reason why it is skipped."""
    unfit = _unfit(post)
    if unfit is not None:
        return unfit
    identity, published, author = _identity(post), _published(post), _author(post)
    if identity is None:
        return "id unggahan tidak ada dalam butir"
    if isinstance(author, str):
        return author
    if published is None:
        return "butir sebagian: waktu unggahan tidak ikut tertangkap"
    if post.flag("_zs_partial"):
        post.notes.issue("partial", "butir ditandai sebagian oleh perekam; yang terbaca diambil", post.path)
    check_clock(post.notes, published, urls.time_of_id(identity), "taken_at")
    if published > collected_at:
        post.notes.issue("time_mismatch", "waktu unggahan sesudah waktu pengambilan", "taken_at")
    return _Head(identity, author, published)


def _unfit(post: Node) -> str | None:
    """Return why a post is not to be taken at all, None when nothing speaks against it."""
    if _is_ad(post):
        return "iklan"
    if _MARKS.isdisjoint(post.data):
        return "butir bukan unggahan Instagram yang dikenal"
    if "caption" not in post.data and "edge_media_to_caption" not in post.data:
        return "butir sebagian: keterangan unggahan tidak ikut tertangkap"
    if post.node("user").flag("is_private") or post.node("owner").flag("is_private"):
        return "akun penulis terkunci: bukan unggahan publik"
    return None


def _is_ad(post: Node) -> bool:
    link = post.data.get("link")
    return bool(
        post.data.get("product_type") == "ad"
        or post.data.get("ad_id")
        or post.data.get("ad_action")
        or post.data.get("is_ad") is True
        or (isinstance(link, str) and link.startswith(_ADS))
    )


def _published(post: Node) -> datetime | None:
    return post.moment("taken_at", "taken_at_timestamp", "date")


def _identity(post: Node) -> str | None:
    """Return the post's number, from `pk`, from `id` ("<pk>_<author>", "POLARIS_<pk>") or from its short code."""
    plain = post.id("pk")
    if plain:
        return plain
    whole = post.data.get("id")
    found = re.match(r"(?:POLARIS_)?([1-9][0-9]{0,19})(?:_|$)", whole if isinstance(whole, str) else str(whole or ""))
    return found[1] if found else urls.id_of_code(post.text("code") or post.text("shortcode"))


def _author(post: Node) -> AccountRef | str:
    """Return the author, or the reason why the post is skipped for its author."""
    user, owner = comments.account(post.node("user")), comments.account(post.node("owner"))
    if user and owner and user.user_id != owner.user_id:
        return "id akun penulis dalam butir tidak selaras"
    return user or owner or "id akun penulis tidak ada dalam butir"


def _item(post: Node, head: _Head) -> ItemRecord:
    text, parts = _caption(post), _parts(post)
    hidden = post.flag("like_and_view_counts_disabled")
    return ItemRecord(
        platform=urls.PLATFORM,
        item_id=head.identity,
        author=head.author,
        kind=ItemKind.POST,
        text=text,
        url=urls.item_url(head.identity),
        published=ActTime(occurred_at=head.published),
        hashtags=comments.hashtags(text),
        alt_texts=distinct([alt for part in parts if (alt := part.text("accessibility_caption"))]),
        mentions=distinct([*_tagged(post, parts), *comments.mentions(text)]),
        like_count=None
        if hidden
        else _first_count(post, "like_count", "edge_media_preview_like", "edge_liked_by", "likes"),
        comment_count=_first_count(
            post,
            "comment_count",
            "edge_media_to_parent_comment",
            "edge_media_preview_comment",
            "edge_media_to_comment",
            "comments",
        ),
        share_count=_first_count(post, "reshare_count", "media_repost_count"),
    )


def _caption(post: Node) -> str:
    caption = post.data.get("caption")
    if isinstance(caption, str):
        return post.text("caption")
    text = post.node("caption").text("text")
    edges = post.node("edge_media_to_caption").nodes("edges")
    return text or next((found for edge in edges if (found := edge.node("node").text("text"))), "")


def _parts(post: Node) -> tuple[Node, ...]:
    """Return the post and the pictures and videos of its carousel."""
    edges = post.node("edge_sidecar_to_children").nodes("edges")
    return (post, *post.nodes("carousel_media"), *(edge.node("node") for edge in edges))


def _tagged(post: Node, parts: tuple[Node, ...]) -> list[Mentioned]:
    people: list[Node] = []
    for part in parts:
        if "usertags" in part.data:
            people += [tag.node("user") for tag in part.node("usertags").nodes("in")]
        if "edge_media_to_tagged_user" in part.data:
            people += [edge.node("node", "user") for edge in part.node("edge_media_to_tagged_user").nodes("edges")]
    people += post.nodes("coauthor_producers")
    found = [ref for person in people if (ref := comments.account(person)) is not None]
    return [Mentioned(ref.user_id, ref.handle) for ref in found]


def _coauthors(post: Node, item: ItemRecord, collected_at: datetime) -> tuple[ActRecord, ...]:
    published = item.published.latest
    together = [ref for one in post.nodes("coauthor_producers") if (ref := comments.account(one)) is not None]
    return tuple(
        ActRecord(
            platform=urls.PLATFORM,
            actor=ref,
            act=Act.SHARE,
            target_id=item.item_id,
            time=ActTime(lo=published if published < collected_at else None, hi=collected_at),
            target_author=item.author,
            pointer="coauthor_producers",
        )
        for ref in distinct(together)
        if item.author is not None and ref.user_id != item.author.user_id
    )


def _first_count(post: Node, plain: str, *edges: str) -> int | None:
    """Return a count from the item list's field, else from the first of the Graph form's edges that has one."""
    found = post.count(plain)
    for edge in edges:
        if found is not None:
            return found
        value = post.data.get(edge)
        if value is not None and not isinstance(value, list):
            found = post.node(edge).count("count") if isinstance(value, dict) else post.count(edge)
    return found
