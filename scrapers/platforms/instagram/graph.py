"""Instagram: one post or comment of Meta's API to records; captures have mappers of their own.

The API counts posts with numbers of its own; the short code in a post's address gives the number that all other sources
use. Comments bear the same number everywhere. People are named by their handles: the ids in `from` are good for one app
only.
"""

from __future__ import annotations

from dataclasses import dataclass

from monitor.domain import AccountRef, ActTime, ItemKind, ItemRecord
from scrapers import pick
from scrapers.imports.nodes import Node, distinct
from scrapers.platforms.instagram import urls
from scrapers.platforms.instagram.comments import hashtags, mentions

_MEDIA = frozenset({
    # read
    "id", "caption", "timestamp", "permalink", "shortcode", "username", "like_count", "comments_count", "children",
    "owner", "alt_text", "comments",
    # ignored
    "media_type", "media_product_type", "media_url", "thumbnail_url", "is_comment_enabled", "is_shared_to_feed",
    "ig_id", "video_title", "view_count", "copyright_check_information", "boost_ads_list", "boost_eligibility_info",
    "insights", "product_tags", "collaborators", "legacy_instagram_media_id", "saved_count", "shares_count",
})  # fmt: skip
_COMMENT = frozenset({
    "id", "text", "timestamp", "username", "from", "like_count", "parent_id", "replies", "media", "user", "hidden",
    "legacy_instagram_comment_id",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Above:
    """What a comment stands below: the post with its author, and the comment that it answers."""

    post: str
    author: AccountRef | None = None
    parent: str | None = None
    parent_author: AccountRef | None = None


def media(node: Node, whose: AccountRef | None) -> ItemRecord | str:
    """Return a post, or the reason why nothing; `whose` is the account whose posts are listed."""
    node.known(_MEDIA)
    identity, published = number(node), pick.stamp(node.text("timestamp"))
    if identity is None:
        return "id unggahan tidak ada dalam butir"
    if published is None:
        return "waktu unggahan tidak terbaca"
    text, address = node.text("caption"), node.text("permalink")
    pictures = (node, *node.node("children").nodes("data"))
    return ItemRecord(
        platform=urls.PLATFORM,
        item_id=identity,
        author=_author(node, whose),
        kind=ItemKind.POST,
        text=text,
        url=address if pick.web_address(address) else urls.item_url(identity),
        published=ActTime(occurred_at=published),
        hashtags=hashtags(text),
        alt_texts=distinct([said for picture in pictures if (said := picture.text("alt_text"))]),
        mentions=mentions(text),
        like_count=node.count("like_count"),
        comment_count=node.count("comments_count"),
        pointer=node.path,
    )


def comment(node: Node, above: Above) -> ItemRecord | str:
    """Return a comment or a reply to one, or the reason why nothing; without a name it is a bystander's."""
    node.known(_COMMENT)
    identity, published = node.id("id"), pick.stamp(node.text("timestamp"))
    if identity is None:
        return "id komentar tidak ada dalam butir"
    if published is None:
        return "waktu komentar tidak terbaca"
    parent, text = node.id("parent_id") or above.parent or above.post, node.text("text")
    authors = {above.post: above.author, above.parent: above.parent_author}
    return ItemRecord(
        platform=urls.PLATFORM,
        item_id=identity,
        author=_author(node if node.text("username") else node.node("from"), None, above.author),
        kind=ItemKind.COMMENT,
        text=text,
        url=urls.item_url(above.post, identity),
        published=ActTime(occurred_at=published),
        parent_id=parent,
        parent_author=authors.get(parent),
        root_id=above.post,
        root_author=above.author,
        hashtags=hashtags(text),
        mentions=mentions(text),
        like_count=node.count("like_count"),
        pointer=node.path,
    )


def number(node: Node) -> str | None:
    """Return the canonical number of a post that the API shows, its own number where there is no code."""
    code = node.text("shortcode")
    return urls.item_id(node.text("permalink")) or (urls.id_of_code(code) if code else None) or node.id("id")


def _author(node: Node, otherwise: AccountRef | None, known: AccountRef | None = None) -> AccountRef | None:
    """Return whom a handle names, under the stable id where it is that of an account known already."""
    handle = node.text("username")
    if not handle:
        return otherwise
    for ref in (otherwise, known):
        if ref is not None and (ref.handle or ref.user_id.removeprefix("@")).lower() == handle.lower():
            return ref
    return AccountRef(urls.PLATFORM, "@" + handle.lower(), handle)
