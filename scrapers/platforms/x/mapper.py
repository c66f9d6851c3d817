"""X: one captured GraphQL tweet to records.

Shapes: the tweet result of the web client since 2022 (`rest_id`, `core`, `legacy`, `note_tweet`), its wrapper for
limited visibility, its tombstones, and the older "adaptive" form (`legacy` with `user` beside it). Names moved from
`core.user_results.result.legacy.screen_name` to `...result.core.screen_name` in 2025; both are read.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from monitor.domain import AccountRef, Act, ActRecord, ActTime, ItemKind, ItemRecord, Mentioned, published_act
from scrapers.imports.contract import Mapped
from scrapers.imports.nodes import Node, Notes, check_clock, distinct
from scrapers.platforms.x import fields, urls

VERSION = "1"

_GONE = "unggahan tidak dapat dilihat (dihapus, dibatasi, atau akunnya ditangguhkan)"
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_CREATED = re.compile(r"[A-Z][a-z]{2} ([A-Z][a-z]{2}) (\d\d) (\d\d):(\d\d):(\d\d) \+0000 (\d{4})", re.ASCII)
_ESCAPES = {"&amp;": "&", "&lt;": "<", "&gt;": ">"}
_MOST_NESTED = 3  # a quoted post inside a reposted one, and one to spare


@dataclass(frozen=True, slots=True)
class _Read:
    """What one tweet gave: its own item first unless it only reposts, or the reason why nothing."""

    items: tuple[ItemRecord, ...] = ()
    acts: tuple[ActRecord, ...] = ()
    skipped: str | None = None


@dataclass(frozen=True, slots=True)
class _Head:
    """The part of a tweet without which nothing is taken."""

    identity: str
    author: AccountRef
    published: datetime


def map_item(raw: Mapping[str, Any], collected_at: datetime) -> Mapped:
    """Read one tweet result: the post itself, and the posts that it quotes or reposts as far as they came along.

    A repost is an act of its own at its own `created_at`. Nothing is matched by display name: without the author's
    numeric id the item is skipped.
    """
    notes = Notes()
    read = _read(Node(raw, "", notes), collected_at, 0)
    published = tuple(act for item in read.items if (act := published_act(item)) is not None)
    return Mapped(read.items, published + read.acts, notes.issues, notes.unknown_fields, read.skipped)


def _read(outer: Node, collected_at: datetime, depth: int) -> _Read:
    tweet = _unwrap(outer)
    legacy = tweet.node("legacy")
    if not legacy:
        return _Read(skipped=_GONE if _is_gone(outer) else "butir bukan unggahan X yang dikenal")
    tweet.known(fields.TWEET)
    legacy.known(fields.LEGACY)
    head = _head(tweet, legacy, collected_at)
    if isinstance(head, str):
        return _Read(skipped=head)
    reposted = legacy.node("retweeted_status_result", "result") or tweet.node("retweeted_status_result", "result")
    if reposted or legacy.data.get("retweeted_status_result") or legacy.id("retweeted_status_id_str"):
        return _repost(head, legacy, reposted, collected_at, depth)
    item = _item(tweet, legacy, head)
    quoted = tweet.node("quoted_status_result", "result") or legacy.node("quoted_status_result", "result")
    inner = _read(quoted, collected_at, depth + 1) if quoted and depth < _MOST_NESTED else _Read()
    if inner.items and inner.items[0].item_id == item.quoted_id:
        item = replace(item, quoted_author=inner.items[0].author)
    return _Read((item, *inner.items), inner.acts)


def _repost(head: _Head, legacy: Node, reposted: Node, collected_at: datetime, depth: int) -> _Read:
    inner = _read(reposted, collected_at, depth + 1) if depth < _MOST_NESTED else _Read()
    own = inner.items[0] if inner.items else None
    target = own.item_id if own else _unwrap(reposted).id("rest_id") or legacy.id("retweeted_status_id_str")
    if target is None:
        return _Read(skipped="unggahan yang dibagikan tidak ada dalam butir")
    share = ActRecord(
        platform=urls.PLATFORM,
        actor=head.author,
        act=Act.SHARE,
        target_id=target,
        time=ActTime(occurred_at=head.published),
        target_author=own.author if own else None,
        pointer=reposted.path,
    )
    return _Read(inner.items, (share, *inner.acts))


def _unwrap(outer: Node) -> Node:
    return outer.node("tweet") if isinstance(outer.data.get("tweet"), dict) else outer


def _is_gone(outer: Node) -> bool:
    return "tombstone" in outer.data or outer.data.get("__typename") in ("TweetTombstone", "TweetUnavailable")


def _head(tweet: Node, legacy: Node, collected_at: datetime) -> _Head | str:
    """Return the head of a tweet, or the reason why it is skipped."""
    raw = tweet.data
    if raw.get("promotedMetadata") or raw.get("promoted_metadata") or raw.get("promoted"):
        return "iklan"
    identity = tweet.id("rest_id", "id_str") or legacy.id("id_str") or tweet.id("id")
    published = _created(legacy.text("created_at"))
    author = _author(tweet, legacy)
    if identity is None:
        return "id unggahan tidak ada dalam butir"
    if published is None:
        return "waktu unggahan tidak terbaca"
    if isinstance(author, str):
        return author
    check_clock(tweet.notes, published, urls.time_of_id(identity), legacy.at("created_at"))
    if published > collected_at:
        tweet.notes.issue("time_mismatch", "waktu unggahan sesudah waktu pengambilan", legacy.at("created_at"))
    return _Head(identity, author, published)


def _author(tweet: Node, legacy: Node) -> AccountRef | str:
    """Return the author, or the reason why the tweet is skipped for its author."""
    user = tweet.node("core", "user_results", "result")
    user = (user.node("user") or user).known(fields.USER)
    old = user.node("legacy") or tweet.node("user")
    if user.node("privacy").flag("protected") or old.flag("protected"):
        return "akun penulis terkunci: bukan unggahan publik"
    by_user, by_post = user.id("rest_id") or old.id("id_str"), legacy.id("user_id_str")
    identity = by_user or by_post
    if identity is None:
        return "id akun penulis tidak ada dalam butir"
    if by_user and by_post and by_user != by_post:
        return "id akun penulis dalam butir tidak selaras"
    return AccountRef(urls.PLATFORM, identity, user.node("core").text("screen_name") or old.text("screen_name") or None)


def _item(tweet: Node, legacy: Node, head: _Head) -> ItemRecord:
    note = tweet.node("note_tweet", "note_tweet_results", "result")
    text = note.text("text") or legacy.text("full_text") or legacy.text("text")
    spots = (note.node("entity_set") if note.text("text") else legacy.node("entities")).known(fields.ENTITIES)
    parent, root = legacy.id("in_reply_to_status_id_str"), legacy.id("conversation_id_str")
    quoted = _quoted_id(tweet, legacy)
    parent_author = _parent_author(legacy) if parent else None
    return ItemRecord(
        platform=urls.PLATFORM,
        item_id=head.identity,
        author=head.author,
        kind=ItemKind.COMMENT if parent else ItemKind.QUOTE if quoted else ItemKind.POST,
        text=unescape(text),
        url=urls.item_url(head.identity, head.author.handle),
        published=ActTime(occurred_at=head.published),
        parent_id=parent,
        parent_author=parent_author,
        root_id=root if parent else None,
        root_author=parent_author if parent and root == parent else None,
        quoted_id=quoted,
        links=distinct([link for spot in spots.nodes("urls") if (link := spot.text("expanded_url"))]),
        hashtags=distinct([tag for spot in spots.nodes("hashtags") if (tag := spot.text("text"))]),
        alt_texts=_alt_texts(legacy),
        mentions=_mentions(spots),
        lang=language(legacy.text("lang")),
        edited_at=head.published if _is_edit(tweet, head.identity) else None,
        like_count=legacy.count("favorite_count"),
        share_count=_sum(legacy.count("retweet_count"), legacy.count("quote_count")),
        comment_count=legacy.count("reply_count"),
        pointer=tweet.path,
    )


def _parent_author(legacy: Node) -> AccountRef | None:
    identity = legacy.id("in_reply_to_user_id_str")
    return AccountRef(urls.PLATFORM, identity, legacy.text("in_reply_to_screen_name") or None) if identity else None


def _quoted_id(tweet: Node, legacy: Node) -> str | None:
    quoted = legacy.id("quoted_status_id_str") or _unwrap(tweet.node("quoted_status_result", "result")).id("rest_id")
    if quoted is None and legacy.flag("is_quote_status"):
        quoted = urls.item_id(legacy.node("quoted_status_permalink").text("expanded"))
        if quoted is None:
            tweet.notes.issue("quoted_unknown", "unggahan yang dikutip tidak dapat dikenali", legacy.path)
    return quoted


def _mentions(spots: Node) -> tuple[Mentioned, ...]:
    named = [(spot.id("id_str"), spot.text("screen_name")) for spot in spots.nodes("user_mentions")]
    return distinct([Mentioned(identity, handle or None) for identity, handle in named if identity])


def _alt_texts(legacy: Node) -> tuple[str, ...]:
    media = legacy.node("extended_entities").nodes("media") or legacy.node("entities").nodes("media")
    return tuple(alt for one in media if (alt := one.text("ext_alt_text")))


def _is_edit(tweet: Node, identity: str) -> bool:
    control = tweet.node("edit_control")
    versions = (control.node("edit_control_initial") or control).texts("edit_tweet_ids")
    return bool(versions) and versions[0] != identity


def _created(text: str) -> datetime | None:
    """Return X's `created_at` ("Wed Oct 10 20:19:24 +0000 2018"), read without the machine's locale."""
    match = _CREATED.fullmatch(text)
    if match is None or match[1] not in _MONTHS:
        return None
    month, day, hour, minute, second, year = match.groups()
    try:
        return datetime(int(year), _MONTHS.index(month) + 1, int(day), int(hour), int(minute), int(second), tzinfo=UTC)
    except ValueError:
        return None


def unescape(text: str) -> str:
    """Undo the three escapes that X puts into texts."""
    if "&" not in text:
        return text
    return re.sub("&(?:amp|lt|gt);", lambda found: _ESCAPES[found[0]], text)


def language(code: str) -> str | None:
    """Return the language that X found in a text, None where it found none."""
    # X names its own non-languages (undetermined, only media, only a link, ...) like languages
    return None if code in ("", "und", "zxx") or code.startswith("q") else {"in": "id"}.get(code, code)[:35]


def _sum(first: int | None, second: int | None) -> int | None:
    return None if first is None and second is None else (first or 0) + (second or 0)
