"""What Facebook's objects are and how its ids are read.

Ids are base 64 of "S:_I<owner>:<post>", "comment:<post>_<comment>" and "feedback:<post>" or
"feedback:<post>_<comment>" (pages of 2023 and 2024).
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from monitor.domain import AccountRef, Mentioned
from scrapers.imports.nodes import Node, Notes
from scrapers.platforms.facebook import urls

_NUMBERS = re.compile(r"[1-9][0-9]{0,24}", re.ASCII)
_LAST_NUMBER = re.compile(r":([1-9][0-9]{0,24})(?::[A-Z]+)?$", re.ASCII)


@dataclass(slots=True)
class Thing:
    """What the copies of one post or comment said together. A post has no `post`; a comment has the post's number."""

    number: str
    post: str | None = None
    author: AccountRef | None = None
    created: datetime | None = None
    text: str = ""
    url: str = ""
    parent: str | None = None
    quoted: str | None = None
    feedback: str | None = None
    likes: int | None = None
    shares: int | None = None
    comments: int | None = None
    privacy: str = ""
    sponsored: bool = False
    edited: datetime | None = None
    links: dict[str, None] = field(default_factory=dict)
    hashtags: dict[str, None] = field(default_factory=dict)
    alts: dict[str, None] = field(default_factory=dict)
    mentions: dict[Mentioned, None] = field(default_factory=dict)


@dataclass(slots=True)
class Gathered:
    """Everything that one page holds, by number, in the order of the page."""

    notes: Notes = field(default_factory=Notes)
    posts: dict[str, Thing] = field(default_factory=dict)
    comments: dict[str, Thing] = field(default_factory=dict)
    reactors: dict[tuple[str, str], AccountRef] = field(default_factory=dict)


def is_comment(data: Mapping[str, Any]) -> bool:
    """Whether an object is a comment and not only a reference to one."""
    if data.get("__typename") != "Comment" and "legacy_fbid" not in data:
        return False
    return any(data.get(key) for key in ("author", "body", "preferred_body", "created_time"))


def is_story(data: Mapping[str, Any]) -> bool:
    """Whether an object is a post."""
    typed = data.get("__typename") == "Story" or data.get("__isFeedUnit") == "Story"
    return typed or ("post_id" in data and ("actors" in data or "comet_sections" in data))


def story_number(data: Mapping[str, Any]) -> str | None:
    """Return a post's number from `post_id` or its id, None where it shows none."""
    plain = number(data.get("post_id"))
    return plain or post_of(data.get("id"))


def number(value: object) -> str | None:
    """Return a value that is a number as text."""
    text = str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""
    return text if _NUMBERS.fullmatch(text) else None


def post_of(identity: object) -> str | None:
    """Return the number of the post that a story id stands for."""
    found = _LAST_NUMBER.search(text) if (text := decoded(identity)).startswith("S:") else None
    return found[1] if found else None


def feedback_of(identity: object) -> tuple[str | None, str | None]:
    """Return the post's number, and the comment's where the feedback is on a comment."""
    kind, _, rest = decoded(identity).partition(":")
    if kind not in ("feedback", "comment"):
        return None, None
    post, _, comment = rest.partition("_")
    return number(post), number(comment.rpartition("_")[2])


def decoded(identity: object) -> str:
    """Return what an opaque id stands for, empty where it is none; some recorders write it out already."""
    if not isinstance(identity, str) or not 8 <= len(identity) <= 400:
        return ""
    if identity.startswith(("S:", "feedback:", "comment:")):
        return identity if identity.isascii() else ""
    try:
        return base64.b64decode(identity + "=" * (-len(identity) % 4), validate=True).decode("ascii")
    except (binascii.Error, ValueError):
        return ""


def account(user: Node) -> AccountRef | None:
    """Return the account of an actor; the handle is the name in its address.

    Visitors who are not logged in are shown a "pfbid" in place of the number: then the address says who it is, and
    None is returned where that does not either.
    """
    identity = number(user.data.get("id"))
    address = user.data.get("url") or user.data.get("profile_url")
    named = urls.account_ref(address) if isinstance(address, str) and address.startswith("http") else None
    if identity is None:
        return named
    return AccountRef(urls.PLATFORM, identity, named.handle if named else None)


def fill_text(thing: Thing, body: Node) -> None:
    """Take a text with what is marked in it: accounts, hashtags and links."""
    text = body.text("text")
    if not text:
        return
    thing.text = thing.text or text
    for mark in body.nodes("ranges"):
        entity = mark.node("entity")
        kind = entity.data.get("__typename")
        address = entity.data.get("external_url") or entity.data.get("url") or entity.data.get("mobileUrl")
        if kind in ("User", "Page", "Group") and (ref := account(entity)) is not None:
            thing.mentions[Mentioned(ref.user_id, ref.handle)] = None
        elif kind == "Hashtag":
            _fill_hashtag(thing, text, mark)
        elif kind in ("ExternalUrl", "ExternalWebLink") and isinstance(address, str):
            thing.links[address] = None


def _fill_hashtag(thing: Thing, text: str, mark: Node) -> None:
    # offsets count UTF-16 units, as JavaScript does
    start, length = mark.data.get("offset"), mark.data.get("length")
    if not (isinstance(start, int) and isinstance(length, int) and start >= 0 and 0 < length < 200):
        return
    units = text.encode("utf-16-le", "replace")
    tag = units[start * 2 : (start + length) * 2].decode("utf-16-le", "replace").strip().lstrip("#＃")
    if tag:
        thing.hashtags[tag] = None
