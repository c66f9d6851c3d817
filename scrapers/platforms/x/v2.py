"""X: one post of API v2 to records; the web client's shape has its own mapper.

A repost is an act of its own at its own time, never a text: its `text` is a cut copy of the original. Long posts keep
their whole text in `note_tweet`. A version of an edited post is a post of its own number.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from monitor.domain import AccountRef, Act, ActRecord, ActTime, ItemKind, ItemRecord, Mentioned
from scrapers import pick
from scrapers.imports.nodes import Node, distinct
from scrapers.platforms.x import urls
from scrapers.platforms.x.mapper import language, unescape

VERSION = "1"

_POST = frozenset({
    # read
    "id", "text", "author_id", "created_at", "conversation_id", "in_reply_to_user_id", "referenced_tweets",
    "public_metrics", "edit_history_tweet_ids", "attachments", "note_tweet", "entities", "lang", "username",
    # ignored: what a post is about by X's own reckoning, its dressing, and numbers for its author
    "article", "card_uri", "community_id", "context_annotations", "display_text_range", "edit_controls", "geo",
    "media_metadata", "non_public_metrics", "organic_metrics", "possibly_sensitive", "promoted_metrics",
    "reply_settings", "scopes", "source", "suggested_source_links", "suggested_source_links_with_counts", "withheld",
})  # fmt: skip
_ENTITIES = frozenset({"hashtags", "urls", "mentions", "annotations", "cashtags"})
_METRICS = frozenset(
    {"retweet_count", "quote_count", "like_count", "reply_count", "bookmark_count", "impression_count"}
)
_NOTE = frozenset({"text", "entities"})


@dataclass(frozen=True, slots=True)
class Shown:
    """What an answer shows beside its posts: accounts, referenced posts and pictures, by their numbers."""

    users: dict[str, str] = field(default_factory=dict)
    posts: dict[str, Node] = field(default_factory=dict)
    alt_texts: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Read:
    """What one post gave: a text of its own, or a repost, or the reason why nothing."""

    item: ItemRecord | None = None
    share: ActRecord | None = None
    skipped: str = ""


def shown(answer: Node) -> Shown:
    """Return what an answer shows in its `includes`."""
    includes = answer.node("includes")
    users = {i: user.text("username") for user in includes.nodes("users") if (i := user.id("id"))}
    posts = {i: post for post in includes.nodes("tweets") if (i := post.id("id"))}
    media = {k: m.text("alt_text") for m in includes.nodes("media") if (k := m.text("media_key"))}
    return Shown(users, posts, media)


def account(user: Node) -> AccountRef | None:
    """Return the account of a user object, None without its number."""
    identity = user.id("id")
    return AccountRef(urls.PLATFORM, identity, user.text("username") or None) if identity else None


def read(post: Node, beside: Shown, whose: AccountRef | None = None) -> Read:
    """Read one post; `whose` is the account whose posts are listed, and the author where the answer names none."""
    post.known(_POST)
    identity = post.id("id")
    if identity is None:
        return Read(skipped="id unggahan tidak ada dalam butir")
    published = pick.stamp(post.text("created_at")) or urls.time_of_id(identity)
    if published is None:
        return Read(skipped="waktu unggahan tidak terbaca")
    author = _author(post, beside)
    if whose is not None and (author is None or author.user_id == whose.user_id):
        author = whose
    links = _references(post)
    if "retweeted" in links:
        if author is None:
            return Read(skipped="pembagi ulang tidak disebut")
        return Read(share=share(author, links["retweeted"], published, beside, post.path))
    return Read(item=_item(post, identity, author, published, beside))


def share(author: AccountRef, target: str, published: datetime, beside: Shown, pointer: str) -> ActRecord:
    """Return a repost of a post at its own time."""
    original = beside.posts.get(target)
    return ActRecord(
        platform=urls.PLATFORM,
        actor=author,
        act=Act.SHARE,
        target_id=target,
        time=ActTime(occurred_at=published),
        target_author=_author(original, beside) if original is not None else None,
        pointer=pointer,
    )


def _item(post: Node, identity: str, author: AccountRef | None, published: datetime, beside: Shown) -> ItemRecord:
    links = _references(post)
    parent, quoted, root = links.get("replied_to"), links.get("quoted"), post.id("conversation_id")
    parent_author = _answered(post, parent, beside) if parent else None
    note = post.node("note_tweet").known(_NOTE)
    spots = (note.node("entities") if note.text("text") else post.node("entities")).known(_ENTITIES)
    counts = post.node("public_metrics").known(_METRICS)
    versions = post.texts("edit_history_tweet_ids")
    return ItemRecord(
        platform=urls.PLATFORM,
        item_id=identity,
        author=author,
        kind=ItemKind.COMMENT if parent else ItemKind.QUOTE if quoted else ItemKind.POST,
        text=unescape(note.text("text") or post.text("text")),
        url=urls.item_url(identity, author.handle if author else None),
        published=ActTime(occurred_at=published),
        parent_id=parent,
        parent_author=parent_author,
        root_id=(root or None) if parent else None,
        root_author=parent_author if parent and root == parent else None,
        quoted_id=quoted,
        quoted_author=_author(beside.posts[quoted], beside) if quoted in beside.posts else None,
        links=distinct([link for spot in spots.nodes("urls") if (link := _link(spot))]),
        hashtags=distinct([tag for spot in spots.nodes("hashtags") if (tag := spot.text("tag"))]),
        alt_texts=_alt_texts(post, beside),
        mentions=_mentions(spots),
        lang=language(post.text("lang")),
        edited_at=published if versions and versions[0] != identity else None,
        like_count=counts.count("like_count"),
        share_count=_sum(counts.count("retweet_count"), counts.count("quote_count")),
        comment_count=counts.count("reply_count"),
        pointer=post.path,
    )


def _references(post: Node) -> dict[str, str]:
    found: dict[str, str] = {}
    for reference in post.nodes("referenced_tweets"):
        target = reference.id("id")
        if target is not None:
            found.setdefault(reference.text("type"), target)
    return found


def _author(post: Node, beside: Shown) -> AccountRef | None:
    identity = post.id("author_id")
    if identity is None:
        return None
    return AccountRef(urls.PLATFORM, identity, beside.users.get(identity) or post.text("username") or None)


def _answered(post: Node, parent: str, beside: Shown) -> AccountRef | None:
    identity = post.id("in_reply_to_user_id")
    if identity is not None:
        return AccountRef(urls.PLATFORM, identity, beside.users.get(identity) or None)
    return _author(beside.posts[parent], beside) if parent in beside.posts else None


def _link(spot: Node) -> str | None:
    """Return where a link leads; a picture's own address is none."""
    if spot.text("media_key") or spot.text("display_url").startswith(("pic.twitter.com/", "pic.x.com/")):
        return None
    link = spot.text("unwound_url") or spot.text("expanded_url")
    return link if pick.web_address(link) else None


def _alt_texts(post: Node, beside: Shown) -> tuple[str, ...]:
    keys = post.node("attachments").texts("media_keys")
    return distinct([text for key in keys if (text := beside.alt_texts.get(key))])


def _mentions(spots: Node) -> tuple[Mentioned, ...]:
    named = [(spot.id("id"), spot.text("username")) for spot in spots.nodes("mentions")]
    return distinct([Mentioned(i or "@" + handle.lower(), handle or None) for i, handle in named if i or handle])


def _sum(first: int | None, second: int | None) -> int | None:
    return None if first is None and second is None else (first or 0) + (second or 0)
