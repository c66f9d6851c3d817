"""TikTok: one captured video, photo post or comment to records.

Shapes: the web client's item (`id`, `desc`, `createTime`, `author` as object or, in older captures, as handle beside
`authorId`), and comments (`cid`, `aweme_id`, `user`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from monitor.domain import AccountRef, ActTime, ItemKind, ItemRecord, Mentioned, published_act
from scrapers.imports.contract import Mapped
from scrapers.imports.nodes import Node, Notes, check_clock, distinct
from scrapers.platforms.tiktok import fields, urls

VERSION = "1"

_SHOWN = re.compile(r"@[a-z0-9_.]{2,24}", re.ASCII)
_MOST_NESTED = 3  # TikTok knows comments and replies


def map_item(raw: Mapping[str, Any], collected_at: datetime) -> Mapped:
    """Read one video or photo post, or one comment with the replies that came along.

    A duet is a quote of the video it plays beside. Nothing is matched by nickname: without the author's numeric id the
    item is skipped.
    """
    notes = Notes()
    node = Node(raw, "", notes)
    read = _comment(node, None, collected_at, 0) if "cid" in raw and "aweme_id" in raw else _post(node, collected_at)
    if isinstance(read, str):
        return Mapped(issues=notes.issues, unknown_fields=notes.unknown_fields, skipped=read)
    acts = tuple(act for item in read if (act := published_act(item)) is not None)
    return Mapped(read, acts, notes.issues, notes.unknown_fields)


def _post(post: Node, collected_at: datetime) -> tuple[ItemRecord] | str:
    """Return a post, or the reason why it is skipped."""
    unfit = _unfit(post)
    if unfit is not None:
        return unfit
    identity, author, published = post.id("id"), _author(post), post.moment("createTime")
    if identity is None:
        return "id unggahan tidak ada dalam butir"
    if author is None:
        return "id akun penulis tidak ada dalam butir"
    if published is None:
        return "butir sebagian: waktu unggahan tidak ikut tertangkap"
    _check_times(post, identity, published, collected_at)
    return (_item(post, identity, author, published),)


def _unfit(post: Node) -> str | None:
    """Return why a post is not to be taken at all, None when nothing speaks against it."""
    if "desc" not in post.data and "createTime" not in post.data:
        return "butir bukan unggahan TikTok yang dikenal"
    if post.flag("isAd") or post.flag("is_ad"):
        return "iklan"
    author = post.data.get("author")
    closed = isinstance(author, dict) and post.node("author").flag("privateAccount")
    if closed or any(post.flag(key) for key in ("privateItem", "secret", "forFriend")):
        return "akun atau unggahan terkunci: bukan unggahan publik"
    return None


def _author(post: Node) -> AccountRef | None:
    if not isinstance(post.data.get("author"), dict):
        return _account(post, "authorId", post.text("author"))
    author = post.node("author")
    identity = author.id("id", "uid")
    return AccountRef(urls.PLATFORM, identity, author.text("uniqueId") or None) if identity else None


def _account(holder: Node, key: str, handle: str) -> AccountRef | None:
    """Return an account by its number, or by what a page that shows only handles gives in its place: "@handle"."""
    stated = holder.data.get(key)
    shown = stated if isinstance(stated, str) and _SHOWN.fullmatch(stated) else None
    identity = shown or holder.id(key)
    return AccountRef(urls.PLATFORM, identity, handle or None) if identity else None


def _item(post: Node, identity: str, author: AccountRef, published: datetime) -> ItemRecord:
    post.known(fields.POST)
    duet = post.node("duetInfo").id("duetFromId")
    spots = (*post.nodes("textExtra"), *(spot for part in post.nodes("contents") for spot in part.nodes("textExtra")))
    tags = [spot.text("hashtagName") for spot in spots] + [tag.text("title") for tag in post.nodes("challenges")]
    named = [(spot.id("userId"), spot.text("userUniqueId")) for spot in spots]
    stats = post.node("stats") or post.node("statsV2")
    return ItemRecord(
        platform=urls.PLATFORM,
        item_id=identity,
        author=author,
        kind=ItemKind.QUOTE if duet else ItemKind.POST,
        text=post.text("desc") or "\n".join(text for part in post.nodes("contents") if (text := part.text("desc"))),
        url=urls.item_url(identity, author.handle),
        published=ActTime(occurred_at=published),
        quoted_id=duet,
        hashtags=distinct([tag for tag in tags if tag]),
        alt_texts=_written_on(post),
        mentions=distinct([Mentioned(user, handle or None) for user, handle in named if user]),
        lang=_language(post.text("textLanguage")),
        like_count=stats.count("diggCount"),
        share_count=stats.count("shareCount"),
        comment_count=stats.count("commentCount"),
    )


def _written_on(post: Node) -> tuple[str, ...]:
    """Return what is written on the picture by the app's own stickers, and a photo post's title."""
    stickers = [text for sticker in post.nodes("stickersOnItem") for text in sticker.texts("stickerText")]
    return distinct([text for text in [*stickers, post.node("imagePost").text("title")] if text])


def _comment(node: Node, parent: ItemRecord | None, collected_at: datetime, depth: int) -> tuple[ItemRecord, ...] | str:
    """Return a comment and the replies that came along, or the reason why it is skipped."""
    node.known(fields.COMMENT)
    identity, post = node.id("cid"), node.id("aweme_id") or (parent.root_id if parent else None)
    user = node.node("user")
    author, published = _account(user, "uid", user.text("unique_id")), node.moment("create_time")
    if identity is None or post is None:
        return "id komentar atau id unggahannya tidak ada dalam butir"
    if author is None:
        return "id akun penulis komentar tidak ada dalam butir"
    if published is None:
        return "waktu komentar tidak terbaca"
    _check_times(node, identity, published, collected_at)
    above = node.id("reply_to_reply_id", "reply_id")
    named = [(spot.id("user_id"), spot.text("user_unique_id")) for spot in node.nodes("text_extra")]
    item = ItemRecord(
        platform=urls.PLATFORM,
        item_id=identity,
        author=author,
        kind=ItemKind.COMMENT,
        text=node.text("text"),
        url=urls.item_url(post, None),
        published=ActTime(occurred_at=published),
        parent_id=above or post,
        parent_author=parent.author if parent and parent.item_id == above else None,
        root_id=post,
        hashtags=distinct([tag for spot in node.nodes("text_extra") if (tag := spot.text("hashtag_name"))]),
        mentions=distinct([Mentioned(who, handle or None) for who, handle in named if who]),
        lang=_language(node.text("comment_language")),
        like_count=node.count("digg_count"),
        comment_count=node.count("reply_comment_total"),
        pointer=node.path,
    )
    return (item, *_replies(node, item, collected_at, depth + 1))


def _replies(node: Node, parent: ItemRecord, collected_at: datetime, depth: int) -> tuple[ItemRecord, ...]:
    found: list[ItemRecord] = []
    for reply in node.nodes("reply_comment") if depth < _MOST_NESTED else ():
        read = _comment(reply, parent, collected_at, depth)
        if isinstance(read, str):
            node.notes.issue("comment_skipped", read, reply.path)
        else:
            found += read
    return tuple(found)


def _check_times(node: Node, identity: str, published: datetime, collected_at: datetime) -> None:
    check_clock(node.notes, published, urls.time_of_id(identity), node.path)
    if published > collected_at:
        node.notes.issue("time_mismatch", "waktu unggahan sesudah waktu pengambilan", node.path)


def _language(code: str) -> str | None:
    return None if code in ("", "un", "und") else code[:35]
