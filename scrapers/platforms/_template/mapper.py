"""Turns the invented platform's items into platform-neutral records: pure, LayoutChanged if one is broken."""

from __future__ import annotations

from datetime import datetime

from monitor.domain import AccountRef, Act, ActRecord, ActTime, ItemKind, ItemRecord, claimed_time
from scrapers import pick
from scrapers.pick import Raw
from scrapers.platforms._template import urls

NAME = "_template"
VERSION = "1"

_POST = ("id", "author", "text", "created_at", "likes")
_POST_IGNORED = ("views",)


def actor(raw: Raw, at: str) -> AccountRef:
    """Return who somebody is."""
    return AccountRef(NAME, pick.word(raw, "id", at), pick.text(raw, "handle", at).lower() or None)


def post(raw: Raw, at: str) -> ItemRecord:
    """Return one post."""
    post_id = pick.word(raw, "id", at)
    return ItemRecord(
        platform=NAME,
        item_id=post_id,
        author=actor(pick.mapping(raw.get("author"), f"{at}.author"), f"{at}.author"),
        kind=ItemKind.POST,
        text=pick.text(raw, "text", at),
        url=urls.post_page(post_id),
        published=ActTime(occurred_at=pick.moment(raw, "created_at", at)),
        like_count=pick.count(raw, "likes", at),
        pointer=at,
    )


def like(raw: Raw, post_id: str, published: datetime | None, seen_at: datetime, at: str) -> ActRecord:
    """Return one like; the platform gives no time, so the look itself ends the bracket."""
    time = claimed_time(None, published, seen_at)
    return ActRecord(NAME, actor(raw, at), Act.LIKE, post_id, time, pointer=at)


def unknown(raw: Raw, at: str) -> tuple[str, ...]:
    """Return the fields of a post that nobody here knows."""
    return pick.unknown_fields(raw, _POST, _POST_IGNORED, at)
