"""Threads: one captured post of the web client to records.

Shape: `pk`, `code`, `user{pk,username}`, `caption{text}`, `taken_at`, and Threads' own part in `text_post_app_info`
(replies, quotes, reposts). Posts and replies have one form; a reply names the author it answers, and the post it
answers only by its place in a thread.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from monitor.domain import AccountRef, Act, ActRecord, ActTime, ItemKind, ItemRecord, Mentioned, published_act
from scrapers.imports.contract import Mapped
from scrapers.imports.nodes import Node, Notes, check_clock, distinct
from scrapers.platforms.threads import fields, urls

VERSION = "1"

_HASHTAG = re.compile(r"#(?<![\w&/]#)(\w{1,100})")
_MENTION = re.compile(r"@(?<![\w@./]@)(?!\w*\.\.)([A-Za-z0-9_](?:[A-Za-z0-9_.]{0,28}[A-Za-z0-9_])?)", re.ASCII)
_MOST_NESTED = 3
_GONE = "unggahan tidak dapat dilihat (dihapus atau dibatasi)"


@dataclass(frozen=True, slots=True)
class Above:
    """The post that stands before one in its thread, and the thread's first post."""

    parent: ItemRecord | None = None
    root: ItemRecord | None = None


@dataclass(frozen=True, slots=True)
class _Read:
    """What one post gave: its own item first unless it only reposts, or the reason why nothing."""

    items: tuple[ItemRecord, ...] = ()
    acts: tuple[ActRecord, ...] = ()
    skipped: str | None = None


def map_item(raw: Mapping[str, Any], collected_at: datetime) -> Mapped:
    """Read one post with the posts that it quotes or reposts, as far as they came along."""
    return map_post(raw, collected_at, Above())


def map_post(raw: Mapping[str, Any], collected_at: datetime, above: Above) -> Mapped:
    """Read one post below what stands above it in its thread."""
    notes = Notes()
    read = _read(Node(raw, "", notes), collected_at, above, 0)
    published = tuple(act for item in read.items if (act := published_act(item)) is not None)
    return Mapped(read.items, published + read.acts, notes.issues, notes.unknown_fields, read.skipped)


def account(user: Node) -> AccountRef | None:
    """Return the account of a user object by its number, None without one."""
    identity = user.id("pk", "pk_id") or user.id("id")
    return AccountRef(urls.PLATFORM, identity, user.text("username") or None) if identity else None


def _read(post: Node, collected_at: datetime, above: Above, depth: int) -> _Read:
    info = post.node("text_post_app_info") or post.node("text_app_info")
    unfit = _unfit(post, info)
    if unfit is not None:
        return _Read(skipped=unfit)
    post.known(fields.POST)
    info.known(fields.INFO)
    identity, author = _identity(post), account(post.node("user"))
    published = post.moment("taken_at")
    if identity is None:
        return _Read(skipped="id unggahan tidak ada dalam butir")
    if author is None:
        return _Read(skipped="id akun penulis tidak ada dalam butir")
    if published is None:
        return _Read(skipped="butir sebagian: waktu unggahan tidak ikut tertangkap")
    check_clock(post.notes, published, urls.time_of_id(identity), "taken_at")
    if published > collected_at:
        post.notes.issue("time_mismatch", "waktu unggahan sesudah waktu pengambilan", "taken_at")
    reposted = info.node("share_info", "reposted_post")
    if reposted:
        return _repost(author, published, reposted, collected_at, depth)
    item = _item(post, info, identity, author, published)
    item = _placed(item, info, above)
    return _with_quoted(item, info, collected_at, depth)


def _unfit(post: Node, info: Node) -> str | None:
    if post.flag("is_post_unavailable") or info.flag("is_post_unavailable"):
        return _GONE
    if not any(key in post.data for key in ("pk", "code", "id")) or not (
        "user" in post.data and "taken_at" in post.data
    ):
        return "butir bukan unggahan Threads yang dikenal"
    user = post.node("user")
    if user.flag("text_post_app_is_private") or user.flag("is_private"):
        return "akun penulis terkunci: bukan unggahan publik"
    return None


def _identity(post: Node) -> str | None:
    whole = str(post.data.get("id") or "").partition("_")[0]
    return (
        post.id("pk")
        or (whole if re.fullmatch(r"[1-9][0-9]{5,19}", whole) else None)
        or urls.id_of_code(post.text("code"))
    )


def _repost(author: AccountRef, at: datetime, reposted: Node, collected_at: datetime, depth: int) -> _Read:
    inner = _read(reposted, collected_at, Above(), depth + 1) if depth < _MOST_NESTED else _Read()
    own = inner.items[0] if inner.items else None
    target = own.item_id if own else _identity(reposted)
    if target is None:
        return _Read(skipped="unggahan yang dibagikan tidak ada dalam butir")
    share = ActRecord(
        urls.PLATFORM,
        author,
        Act.SHARE,
        target,
        ActTime(occurred_at=at),
        None,
        own.author if own else None,
        "reposted_post",
    )
    return _Read(inner.items, (share, *inner.acts))


def _item(post: Node, info: Node, identity: str, author: AccountRef, published: datetime) -> ItemRecord:
    text = _text(post, info)
    reply = info.flag("is_reply") or bool(info.node("reply_to_author"))
    return ItemRecord(
        platform=urls.PLATFORM,
        item_id=identity,
        author=author,
        kind=ItemKind.COMMENT if reply else ItemKind.POST,
        text=text,
        url=urls.item_url(identity, author.handle),
        published=ActTime(occurred_at=published),
        parent_author=account(info.node("reply_to_author")),
        root_author=account(info.node("root_post_author")),
        links=_links(info),
        hashtags=distinct([*_HASHTAG.findall(text), *_tags(info)]),
        alt_texts=_alts(post),
        mentions=_mentions(text, info),
        like_count=None if post.flag("like_and_view_counts_disabled") else post.count("like_count"),
        share_count=_sum(info.count("repost_count"), info.count("quote_count")),
        comment_count=info.count("direct_reply_count"),
        pointer=post.path,
    )


def _placed(item: ItemRecord, info: Node, above: Above) -> ItemRecord:
    """Say which post a reply answers: the one that it names, else the one before it in its thread."""
    named = next((node for key in ("reply_to_post", "parent_post") if (node := info.node(key))), None)
    root = info.node("root_post")
    parent_id = _identity(named) if named else None
    if item.kind is not ItemKind.COMMENT and above.parent is None:
        return item
    if parent_id is None and above.parent is not None and _answers(item, above.parent):
        parent_id = above.parent.item_id
        item = replace(item, kind=ItemKind.COMMENT, parent_author=above.parent.author)
    root_id = (_identity(root) if root else None) or (above.root.item_id if above.root and parent_id else None)
    root_author = above.root.author if above.root and root_id == above.root.item_id else item.root_author
    return replace(item, parent_id=parent_id, root_id=root_id, root_author=root_author)


def _answers(item: ItemRecord, parent: ItemRecord) -> bool:
    """Whether the post before may be the one answered: its author is the one the reply names, or it names none."""
    named = item.parent_author
    return named is None or parent.author is None or named.user_id == parent.author.user_id


def _with_quoted(item: ItemRecord, info: Node, collected_at: datetime, depth: int) -> _Read:
    shared = info.node("share_info")
    quoted = next((node for key in ("quoted_post", "quoted_attachment_post") if (node := shared.node(key))), None)
    quoted_id = _identity(quoted) if quoted else None
    if quoted is None or quoted_id is None:
        return _Read((item,))
    inner = _read(quoted, collected_at, Above(), depth + 1) if depth < _MOST_NESTED else _Read()
    own = inner.items[0] if inner.items and inner.items[0].item_id == quoted_id else None
    kind = item.kind if item.kind is ItemKind.COMMENT else ItemKind.QUOTE
    item = replace(
        item, kind=kind, quoted_id=quoted_id, quoted_author=own.author if own else account(quoted.node("user"))
    )
    return _Read((item, *inner.items), inner.acts)


def _text(post: Node, info: Node) -> str:
    caption = post.data.get("caption")
    plain = post.text("caption") if isinstance(caption, str) else post.node("caption").text("text")
    if not plain:
        plain = "".join(part.text("plaintext") for part in info.node("text_fragments").nodes("fragments"))
    long = info.node("snippet_attachment_info", "text_fragments").nodes("fragments")
    attached = "".join(part.text("plaintext") for part in long)
    return "\n\n".join(part for part in (plain, attached) if part)


def _fragments(info: Node) -> tuple[Node, ...]:
    return info.node("text_fragments").nodes("fragments")


def _tags(info: Node) -> list[str]:
    found = [part.node("tag_fragment").text("display_text").lstrip("#") for part in _fragments(info)]
    return [tag for tag in found if tag]


def _mentions(text: str, info: Node) -> tuple[Mentioned, ...]:
    named = [account(part.node("mention_fragment", "mentioned_user")) for part in _fragments(info)]
    by_id = [Mentioned(ref.user_id, ref.handle) for ref in named if ref is not None]
    known = {(one.handle or "").lower() for one in by_id}
    by_handle = [Mentioned("@" + name.lower(), name) for name in _MENTION.findall(text) if name.lower() not in known]
    return distinct([*by_id, *by_handle])


def _links(info: Node) -> tuple[str, ...]:
    preview = info.node("link_preview_attachment")
    uris = [part.node("link_fragment").text("uri") for part in _fragments(info)]
    return distinct([link for link in (preview.text("url"), *uris) if link])


def _alts(post: Node) -> tuple[str, ...]:
    parts = (post, *post.nodes("carousel_media"))
    return distinct([alt for part in parts if (alt := part.text("accessibility_caption"))])


def _sum(first: int | None, second: int | None) -> int | None:
    return None if first is None and second is None else (first or 0) + (second or 0)
