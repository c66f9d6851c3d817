"""Instagram: comments, below a post or captured by themselves, and what they share with posts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from monitor.domain import AccountRef, ActTime, ItemKind, ItemRecord, Mentioned
from scrapers.imports.nodes import Node, distinct
from scrapers.platforms.instagram import fields, urls

# Instagram links these itself; its answers carry no list of them.
_HASHTAG = re.compile(r"#(?<![\w&/]#)(\w{1,100})")
_MENTION = re.compile(r"@(?<![\w@./]@)(?!\w*\.\.)([A-Za-z0-9_](?:[A-Za-z0-9_.]{0,28}[A-Za-z0-9_])?)", re.ASCII)
_GLOBAL_ID = re.compile(r"17841[0-9]{12}")  # Meta's id of the account for apps: not the number that posts carry
_EDGES = (
    "edge_media_to_parent_comment",
    "edge_media_to_comment",
    "edge_media_preview_comment",
    "edge_threaded_comments",
)
_LISTS = (
    "comments", "preview_comments", "child_comments", "preview_child_comments", "inline_child_comments",
)  # fmt: skip
_MOST_NESTED = 3  # Instagram knows comments and replies


def is_comment(raw: Mapping[str, Any]) -> bool:
    """Whether a captured item is a comment: it has a text of its own and names the post it stands under."""
    named = any(raw.get(key) for key in ("post_id", "_zs_comment_post_id", "media_id", "media_pk", "comment_id"))
    return named and "text" in raw and "caption" not in raw and "media_type" not in raw


def single(node: Node, collected_at: datetime) -> tuple[tuple[ItemRecord, ...], str | None]:
    """Read a comment captured by itself, with its replies; or the reason why it is skipped."""
    post = node.id("media_pk", "post_id", "_zs_comment_post_id") or _before_underscore(node.text("media_id"))
    if post is None:
        return (), "unggahan yang dikomentari tidak ada dalam butir"
    found = _read(node, post, None, None, 0)
    if isinstance(found, str):
        return (), found
    if found[0].published.latest > collected_at:
        node.notes.issue("time_mismatch", "waktu komentar sesudah waktu pengambilan", node.path)
    return found, None


def below(post: Node, item: ItemRecord) -> tuple[ItemRecord, ...]:
    """Read the comments that came along with a post; one that cannot be read is an issue."""
    return _replies(post, item.item_id, item.author, None, 0)


def account(user: Node) -> AccountRef | None:
    """Return the account of a user object by its number, None without one."""
    identity = user.id("pk", "pk_id", "strong_id__") or user.id("id")
    if identity is None or _GLOBAL_ID.fullmatch(identity):
        return None
    return AccountRef(urls.PLATFORM, identity, user.text("username") or user.text("unique_id") or None)


def hashtags(text: str) -> tuple[str, ...]:
    """Return the hashtags of a text, without the sign."""
    return distinct(_HASHTAG.findall(text)) if "#" in text else ()


def mentions(text: str) -> tuple[Mentioned, ...]:
    """Return the accounts that a text names with "@"; only their handles are known."""
    if "@" not in text:
        return ()
    return distinct([Mentioned("@" + handle.lower(), handle) for handle in _MENTION.findall(text)])


def _replies(
    node: Node, post: str, post_author: AccountRef | None, parent: ItemRecord | None, depth: int
) -> tuple[ItemRecord, ...]:
    if depth >= _MOST_NESTED:
        return ()
    entries = [entry for key in _LISTS if isinstance(node.data.get(key), list) for entry in node.nodes(key)]
    entries += [edge.node("node") for key in _EDGES if key in node.data for edge in node.node(key).nodes("edges")]
    found: dict[str, ItemRecord] = {}
    for entry in entries:
        read = _read(entry, post, post_author, parent, depth)
        if isinstance(read, str):
            node.notes.issue("comment_skipped", read, entry.path)
        else:
            found.update({item.item_id: item for item in read})
    return tuple(found.values())


def _read(
    node: Node, post: str, post_author: AccountRef | None, parent: ItemRecord | None, depth: int
) -> tuple[ItemRecord, ...] | str:
    """Return a comment and the replies to it, or the reason why it is skipped."""
    node.known(fields.COMMENT)
    identity = node.id("pk", "comment_id") or node.id("id")
    author = account(node.node("user")) or account(node.node("owner"))
    published = node.moment("created_at", "created_at_utc")
    if identity is None:
        return "id komentar tidak ada dalam butir"
    if author is None:
        return "id akun penulis komentar tidak ada dalam butir"
    if published is None:
        return "waktu komentar tidak terbaca"
    text = node.text("text")
    above = parent.item_id if parent else node.id("parent_comment_id", "replied_to_comment_id")
    item = ItemRecord(
        platform=urls.PLATFORM,
        item_id=identity,
        author=author,
        kind=ItemKind.COMMENT,
        text=text,
        url=urls.item_url(post, identity),
        published=ActTime(occurred_at=published),
        parent_id=above or post,
        parent_author=parent.author if parent else None if above else post_author,
        root_id=post,
        root_author=post_author,
        hashtags=hashtags(text),
        mentions=mentions(text),
        like_count=_likes(node),
        comment_count=node.count("child_comment_count"),
        pointer=node.path,
    )
    return (item, *_replies(node, post, post_author, item, depth + 1))


def _likes(node: Node) -> int | None:
    plain = node.count("comment_like_count")
    return node.node("edge_liked_by").count("count") if plain is None else plain


def _before_underscore(text: str) -> str | None:
    number = text.partition("_")[0].removeprefix("POLARIS_")
    return number if re.fullmatch(r"[1-9][0-9]{0,19}", number) else None
