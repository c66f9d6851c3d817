"""Facebook: one post, comment or reaction of the Graph API to records; captured pages have a mapper of their own.

Fields are those of the references of Page, Post and Comment. A field that the key may not see is left out by Facebook,
so that all but ids and times may be missing. Ids of people are good for one page only ("page-scoped"); those of pages
are their own everywhere.
"""

from __future__ import annotations

import re
from datetime import datetime

from monitor.domain import AccountRef, Act, ActRecord, ActTime, ItemKind, ItemRecord, Mentioned, claimed_time
from scrapers import pick
from scrapers.imports.nodes import Node, distinct
from scrapers.platforms.facebook import urls

VERSION = "1"

_HASHTAG = re.compile(r"(?<![\w&/])#(\w{1,100})")
_REACTIONS = frozenset({"like", "love", "wow", "haha", "sad", "angry", "care", "thankful", "pride"})
_POST = _REACTIONS | {
    # read
    "id", "message", "created_time", "permalink_url", "from", "parent_id", "shares", "reactions", "likes", "comments",
    "attachments", "message_tags", "story",
    # ignored
    "updated_time", "status_type", "type", "full_picture", "picture", "icon", "story_tags", "is_hidden", "is_published",
    "is_expired", "is_popular", "is_spherical", "privacy", "place", "to", "with_tags", "properties", "source", "link",
    "name", "caption", "description", "actions", "application", "object_id", "promotable_id", "promotion_status",
    "timeline_visibility", "instagram_eligibility", "is_eligible_for_promotion", "is_instagram_eligible", "subscribed",
    "scheduled_publish_time", "video_buying_eligibility", "feed_targeting", "targeting", "event", "child_attachments",
    "can_reply_privately", "allowed_advertising_objects", "coordinates", "expanded_height", "expanded_width", "height",
    "width", "insights", "dynamic_posts", "sharedposts", "sponsor_tags", "backdated_time", "call_to_action",
    "is_inline_created", "via", "admin_creator",
}  # fmt: skip
_COMMENT = frozenset({
    # read
    "id", "message", "created_time", "permalink_url", "from", "parent", "like_count", "comment_count", "message_tags",
    "object", "reactions", "attachment",
    # ignored
    "can_comment", "can_hide", "can_like", "can_remove", "can_reply_privately", "is_hidden", "is_private", "user_likes",
    "comments", "likes", "live_broadcast_timestamp", "private_reply_conversation", "application",
})  # fmt: skip
_ACTOR = frozenset({
    "id", "name", "type", "username", "link", "category", "category_list", "picture", "pic", "pic_crop", "pic_large",
    "pic_small", "pic_square", "profile_type", "can_post",
})  # fmt: skip


def post(node: Node, whose: AccountRef | None = None) -> ItemRecord | ActRecord | str:
    """Return a post, the share of somebody's post without words of its own, or the reason why nothing.

    `whose` is the page whose posts are listed.
    """
    node.known(_POST)
    joined = node.text("id")
    identity, published = urls.number_of(joined), pick.stamp(node.text("created_time"))
    if identity is None:
        return "id unggahan tidak ada dalam butir"
    if published is None:
        return "waktu unggahan tidak terbaca"
    author = _post_author(node, joined, whose)
    original, text = node.text("parent_id"), node.text("message")
    shared = urls.number_of(original)
    if shared is not None and not text and author is not None:
        return _share(author, shared, urls.owner_of(original), ActTime(occurred_at=published), node.path)
    return ItemRecord(
        platform=urls.PLATFORM,
        item_id=identity,
        author=author,
        kind=ItemKind.QUOTE if shared else ItemKind.POST,
        text=text,
        url=_address(node, urls.item_url(identity, urls.owner_of(joined))),
        published=ActTime(occurred_at=published),
        quoted_id=shared,
        quoted_author=_page(urls.owner_of(original)) if shared else None,
        links=_links(node),
        hashtags=distinct(_HASHTAG.findall(text)),
        alt_texts=_shown_texts(node, text),
        mentions=_mentions(node),
        like_count=_reacted(node),
        share_count=node.node("shares").count("count") if "shares" in node.data else None,
        comment_count=node.node("comments", "summary").count("total_count"),
        pointer=node.path,
    )


def comment(node: Node, post_id: str | None, post_author: AccountRef | None) -> ItemRecord | str:
    """Return a comment, or the reason why nothing; `post_id` is the post whose comments are listed, where known.

    Without its author's name it is a bystander's. Where Facebook keeps back the id too, the address has it.
    """
    node.known(_COMMENT)
    joined, address = node.text("id"), node.text("permalink_url")
    in_address, above = urls.comment_ids(address)
    identity, published = urls.number_of(joined) or in_address, pick.stamp(node.text("created_time"))
    if identity is None:
        return "id komentar tidak ada dalam butir"
    if published is None:
        return "waktu komentar tidak terbaca"
    root = post_id or urls.item_id(address) or urls.owner_of(joined)
    parent = urls.number_of(node.node("parent").text("id")) or above or root
    text = node.text("message")
    return ItemRecord(
        platform=urls.PLATFORM,
        item_id=identity,
        author=actor(node.node("from")),
        kind=ItemKind.COMMENT,
        text=text,
        url=_address(node, urls.comment_url(root or identity, identity)),
        published=ActTime(occurred_at=published),
        parent_id=parent,
        parent_author=post_author if parent == root else actor(node.node("parent", "from")),
        root_id=root,
        root_author=post_author,
        hashtags=distinct(_HASHTAG.findall(text)),
        alt_texts=_attached_texts(node.node("attachment")),
        mentions=_mentions(node),
        like_count=node.count("like_count"),
        comment_count=node.count("comment_count"),
        pointer=node.path,
    )


def reaction(
    node: Node, item_id: str, item_author: AccountRef | None, target_at: datetime | None, seen_at: datetime
) -> ActRecord | str:
    """Return one reaction of a listing, whatever its kind, or the reason why nothing; Facebook gives no time."""
    who = actor(node)
    if who is None:
        return "pemberi reaksi tanpa id"
    time = claimed_time(None, target_at, seen_at)
    return ActRecord(urls.PLATFORM, who, Act.LIKE, item_id, time, target_author=item_author, pointer=node.path)


def shared(node: Node, item_id: str, item_author: AccountRef | None) -> ItemRecord | ActRecord | str:
    """Return one share of a listing of a post's shares: with words of its own it is a quote."""
    read = post(Node({**node.data, "parent_id": item_id}, node.path, node.notes))
    if isinstance(read, str) or item_author is None:
        return read
    if isinstance(read, ActRecord):
        return _share(read.actor, item_id, item_author.user_id, read.time, node.path)
    return read


def actor(node: Node) -> AccountRef | None:
    """Return who a `from` or an entry of a listing names, None without an id. Display names name nobody."""
    identity = node.known(_ACTOR).id("id")
    return AccountRef(urls.PLATFORM, identity, node.text("username") or None) if identity else None


def _post_author(node: Node, joined: str, whose: AccountRef | None) -> AccountRef | None:
    said = actor(node.node("from"))
    owner = said.user_id if said else urls.owner_of(joined)
    if whose is not None and owner in (whose.user_id, None):
        return whose
    return said or _page(owner)


def _share(actor_: AccountRef, target: str, owner: str | None, time: ActTime, pointer: str) -> ActRecord:
    return ActRecord(urls.PLATFORM, actor_, Act.SHARE, target, time, target_author=_page(owner), pointer=pointer)


def _page(identity: str | None) -> AccountRef | None:
    return AccountRef(urls.PLATFORM, identity) if identity else None


def _address(node: Node, otherwise: str) -> str:
    address = node.text("permalink_url")
    return address if pick.web_address(address) else otherwise


def _attachments(node: Node) -> tuple[Node, ...]:
    """Return what is attached to a post, and what is inside an album."""
    first = node.node("attachments").nodes("data")
    return tuple(found for one in first for found in (one, *one.node("subattachments").nodes("data")))


def _links(node: Node) -> tuple[str, ...]:
    """Return the addresses of attached links; those of the post's own pictures and films are none."""
    shared_links = [
        one for one in _attachments(node) if one.text("type") == "share" or one.text("media_type") == "link"
    ]
    found = [one.text("unshimmed_url") or one.text("url") for one in shared_links]
    return distinct([link for link in found if pick.web_address(link)])


def _shown_texts(node: Node, text: str) -> tuple[str, ...]:
    """Return what attachments say that the post itself does not: headlines and captions."""
    said = [words for one in _attachments(node) for words in (one.text("title"), one.text("description"))]
    return distinct([words for words in said if words and words not in text])


def _attached_texts(attachment: Node) -> tuple[str, ...]:
    return distinct([words for key in ("title", "description") if (words := attachment.text(key))])


def _mentions(node: Node) -> tuple[Mentioned, ...]:
    return distinct([Mentioned(i) for tag in node.nodes("message_tags") if (i := tag.id("id"))])


def _reacted(node: Node) -> int | None:
    """Return how many reacted in any way."""
    whole = node.node("reactions", "summary").count("total_count")
    if whole is not None:
        return whole
    parts = [node.node(kind, "summary").count("total_count") for kind in sorted(_REACTIONS) if kind in node.data]
    known = [part for part in parts if part is not None]
    return sum(known) if known else node.node("likes", "summary").count("total_count")
