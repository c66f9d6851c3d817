"""Threads: one post or reply of Meta's API to records; captured pages have a mapper of their own.

The API counts posts with numbers of its own and names people by their handles. A post is known by the code in its
address, which gives the number that all other sources use; where the API gives a related post by nothing but its own
number, that number stands.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from monitor.domain import AccountRef, Act, ActRecord, ActTime, ItemKind, ItemRecord, Mentioned
from scrapers import pick
from scrapers.imports.nodes import Node, distinct
from scrapers.platforms.threads import urls

VERSION = "1"
REPOST = "REPOST_FACADE"
_OWN = re.compile(r"\w{1,64}", re.ASCII)

_HASHTAG = re.compile(r"(?<![\w&/])#(\w{1,100})")
_MENTION = re.compile(r"(?<![\w@./])@(?!\w*\.\.)([A-Za-z0-9_](?:[A-Za-z0-9_.]{0,28}[A-Za-z0-9_])?)", re.ASCII)
_POST = frozenset({
    # read
    "id", "text", "timestamp", "permalink", "shortcode", "username", "owner", "media_type", "quoted_post",
    "reposted_post", "root_post", "replied_to", "alt_text", "link_attachment_url", "topic_tag", "children",
    # ignored
    "media_product_type", "media_url", "thumbnail_url", "gif_url", "is_quote_post", "has_replies", "is_reply",
    "is_reply_owned_by_me", "hide_status", "reply_audience", "poll_attachment", "is_verified", "profile_picture_url",
    "location_id", "location", "is_spoiler_media", "text_entities", "text_attachment", "allowlisted_country_codes",
    "ghost_post_status", "ghost_post_expiration_timestamp", "reply_approval_status", "is_ghost_post",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Family:
    """What is known of a conversation before one reply in it is read: its root, and numbers of posts by the API's."""

    root_id: str | None = None
    root_author: AccountRef | None = None
    numbers: Mapping[str, str] = field(default_factory=dict)


def post(node: Node, whose: AccountRef | None = None, family: Family | None = None) -> ItemRecord | ActRecord | str:
    """Return a post or reply, a repost as the act that it is, or the reason why nothing.

    `whose` is the account whose posts are listed; `family` tells what a reply belongs to.
    """
    node.known(_POST)
    identity, published = number(node), pick.stamp(node.text("timestamp"))
    if published is None:
        return "waktu unggahan tidak terbaca"
    author = _author(node, whose)
    if node.text("media_type") == REPOST or (node.node("reposted_post") and not node.text("text")):
        return _repost(node, author, ActTime(occurred_at=published))
    if identity is None:
        return "id unggahan tidak ada dalam butir"
    return _item(node, identity, author, ActTime(occurred_at=published), family or Family())


def number(node: Node) -> str | None:
    """Return the canonical number of a post that the API shows, its own number where there is no code."""
    code = node.text("shortcode")
    by_code = urls.item_id(node.text("permalink")) or (urls.id_of_code(code) if code else None)
    return by_code or own_number(node)


def own_number(node: Node) -> str | None:
    """Return the number by which the API itself counts a post, as the calls about it need it."""
    said = node.text("id")
    return said if _OWN.fullmatch(said) else None


def _repost(node: Node, author: AccountRef | None, time: ActTime) -> ActRecord | str:
    original = node.node("reposted_post")
    target = number(original)
    if author is None or target is None:
        return "unggahan yang dibagikan tidak ada dalam butir"
    return ActRecord(
        urls.PLATFORM, author, Act.SHARE, target, time, target_author=_author(original, None), pointer=node.path
    )


def _item(node: Node, identity: str, author: AccountRef | None, published: ActTime, family: Family) -> ItemRecord:
    above, text = node.node("replied_to"), node.text("text")
    root, parent = _above(node, identity, family)
    quoted = node.node("quoted_post")
    quoted_id = number(quoted) if quoted else None
    handle = author.handle if author else None
    address = node.text("permalink")
    link = node.text("link_attachment_url")
    return ItemRecord(
        platform=urls.PLATFORM,
        item_id=identity,
        author=author,
        kind=ItemKind.COMMENT if parent else ItemKind.QUOTE if quoted_id else ItemKind.POST,
        text=text,
        url=address if pick.web_address(address) else urls.item_url(identity, handle),
        published=published,
        parent_id=parent,
        parent_author=family.root_author if parent == family.root_id else _author(above, None),
        root_id=root if parent else None,
        root_author=family.root_author if parent else None,
        quoted_id=quoted_id,
        quoted_author=_author(quoted, None),
        links=(link,) if pick.web_address(link) else (),
        hashtags=distinct([*_HASHTAG.findall(text), *([tag] if (tag := node.text("topic_tag")) else [])]),
        alt_texts=_alt_texts(node),
        mentions=distinct([Mentioned("@" + name.lower(), name) for name in _MENTION.findall(text)]),
        pointer=node.path,
    )


def _above(node: Node, identity: str, family: Family) -> tuple[str | None, str | None]:
    """Return the root and the parent of a reply, None for a post that answers nothing."""
    replied, rooted = node.node("replied_to"), node.node("root_post")
    if not (replied or rooted or node.data.get("is_reply") is True):
        return None, None
    root = family.root_id or number(rooted)
    parent = family.numbers.get(own_number(replied) or "") or number(replied)
    return root, root if parent in (None, identity) else parent


def _author(node: Node, whose: AccountRef | None) -> AccountRef | None:
    handle = node.text("username")
    if not handle:
        return whose
    same = whose is not None and (whose.handle or whose.user_id.removeprefix("@")).lower() == handle.lower()
    return whose if same else urls.by_handle(handle)


def _alt_texts(node: Node) -> tuple[str, ...]:
    pictures = (node, *node.node("children").nodes("data"))
    return distinct([text for picture in pictures if (text := picture.text("alt_text"))])
