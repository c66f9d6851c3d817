"""What YouTube's own web client receives: videos, comments and community posts out of watch pages and its answers.

Two generations of comments are read: `commentRenderer` (until 2024), and since then `commentEntityPayload`, where the
thread names its comments by key only. Times are relative there ("2 years ago"), so that only a bracket is known.
Addresses below comments say which video they belong to.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from monitor.domain import AccountRef, ActTime, ItemKind, ItemRecord
from scrapers.imports.nodes import Node, Notes
from scrapers.imports.page_json import walk
from scrapers.platforms.youtube import fields, mapper, urls
from scrapers.platforms.youtube.times import day, relative

_WATCH = re.compile(r"/watch\?([^\"#\s]{0,2000})")
_VIDEO_PART = re.compile(r"(?:^|[&;])v=([\w-]{11})", re.ASCII)
_COMMENT_PART = re.compile(r"(?:^|[&;])lc=([\w.-]+)", re.ASCII)
_COUNT = re.compile(r"(\d[\d.,\u00a0 ]{0,40})\s{0,4}(rb|jt|ribu|juta|K|M|B)?\b", re.IGNORECASE)
_UNITS = {
    "k": 1_000,
    "rb": 1_000,
    "ribu": 1_000,
    "m": 1_000_000,
    "jt": 1_000_000,
    "juta": 1_000_000,
    "b": 1_000_000_000,
}


@dataclass(slots=True)
class Found:
    """What an answer holds, by kind, and what it says about which video and whose."""

    video: dict[str, Any] = field(default_factory=dict)
    microformat: dict[str, Any] = field(default_factory=dict)
    primary: dict[str, Any] = field(default_factory=dict)
    secondary: dict[str, Any] = field(default_factory=dict)
    comments: list[dict[str, Any]] = field(default_factory=list)
    entities: list[dict[str, Any]] = field(default_factory=list)
    posts: list[dict[str, Any]] = field(default_factory=list)
    videos_of: dict[str, str] = field(default_factory=dict)
    watched: dict[str, None] = field(default_factory=dict)
    owner: AccountRef | None = None


@dataclass(frozen=True, slots=True)
class Said:
    """What one comment says of itself, whatever generation it is of."""

    identity: str
    author: AccountRef | None
    text: str
    time: ActTime
    likes: int | None
    answers: int | None
    at: str


_KINDS: Mapping[str, str] = {
    "videoDetails": "video",
    "playerMicroformatRenderer": "microformat",
    "videoPrimaryInfoRenderer": "primary",
    "videoSecondaryInfoRenderer": "secondary",
}
_LISTS: Mapping[str, str] = {
    "commentRenderer": "comments",
    "commentEntityPayload": "entities",
    "backstagePostRenderer": "posts",
}


def gather(values: Iterator[Any]) -> Found:
    """Return everything of the known kinds that stands anywhere in some answers."""
    found = Found()
    for value in values:
        for here in walk(value):
            _take(found, here)
    found.owner = _owner(found)
    return found


def _take(found: Found, here: Mapping[str, Any]) -> None:
    for key, name in _KINDS.items():
        if isinstance(here.get(key), dict) and not getattr(found, name):
            setattr(found, name, here[key])
    for key, name in _LISTS.items():
        if isinstance(here.get(key), dict):
            getattr(found, name).append(here[key])
    url = here.get("url")
    named = _WATCH.search(url) if isinstance(url, str) else None
    video = _VIDEO_PART.search(named[1]) if named is not None else None
    comment = _COMMENT_PART.search(named[1]) if named is not None else None
    if video is not None and comment is not None:
        found.videos_of[comment[1]] = video[1]
    current = here.get("currentVideoEndpoint")
    watch = current.get("watchEndpoint") if isinstance(current, dict) else None
    identity = watch.get("videoId") if isinstance(watch, dict) else None
    if isinstance(identity, str) and urls.video_id(identity):
        found.watched[identity] = None


def video(found: Found, captured_at: datetime, page: str | None, notes: Notes) -> ItemRecord | None:
    """Return the video of a watch page, None where the answer describes none.

    Its day of publishing is read from the page; where that says nothing, it was before the page was captured.
    """
    details = Node(found.video, "videoDetails", notes).known(fields.VIDEO_DETAILS)
    identity = urls.video_id(details.text("videoId")) or next(iter(found.watched), None) or page
    if identity is None or not (found.video or found.primary):
        return None
    form = Node(found.microformat, "playerMicroformatRenderer", notes)
    primary, secondary = Node(found.primary, "videoPrimaryInfoRenderer", notes), _secondary(found, notes)
    title = details.text("title") or _runs(primary.data.get("title"))
    said = details.text("shortDescription") or _described(secondary)
    written = "\n".join(part for part in (title, said) if part)
    return ItemRecord(
        platform=urls.PLATFORM,
        item_id=identity,
        author=found.owner,
        kind=ItemKind.POST,
        text=written,
        url=urls.video_url(identity),
        published=day(
            form.text("publishDate") or form.text("uploadDate") or _runs(primary.data.get("dateText")), captured_at
        ),
        links=mapper.links(written),
        hashtags=mapper.hashtags(written),
        like_count=amount(form.text("likeCount")),
        pointer="videoDetails" if found.video else "videoPrimaryInfoRenderer",
    )


def comment(raw: Mapping[str, Any], notes: Notes, captured_at: datetime) -> Said:
    """Return a comment as `commentRenderer` has it."""
    node = Node(raw, "commentRenderer", notes).known(fields.COMMENT_RENDERER)
    who = node.node("authorEndpoint", "browseEndpoint")
    return Said(
        identity=node.text("commentId"),
        author=_account(who.text("browseId"), _runs(raw.get("authorText")), who.text("canonicalBaseUrl")),
        text=_runs(raw.get("contentText")),
        time=relative(_runs(raw.get("publishedTimeText")), captured_at),
        likes=amount(_runs(raw.get("voteCount"))),
        answers=node.count("replyCount"),
        at=node.path,
    )


def entity(raw: Mapping[str, Any], notes: Notes, captured_at: datetime) -> Said:
    """Return a comment as `commentEntityPayload` has it."""
    node = Node(raw, "commentEntityPayload", notes).known(fields.ENTITY)
    said = node.node("properties").known(fields.PROPERTIES)
    who = node.node("author").known(fields.AUTHOR)
    bar = node.node("toolbar").known(fields.TOOLBAR)
    link = who.node("channelCommand", "innertubeCommand", "browseEndpoint")
    stable = who.text("channelId") or link.text("browseId")
    return Said(
        identity=said.text("commentId"),
        author=_account(stable, who.text("displayName"), link.text("canonicalBaseUrl")),
        text=_runs(said.data.get("content")),
        time=relative(said.text("publishedTime"), captured_at),
        likes=amount(bar.text("likeCountNotliked")),
        answers=amount(bar.text("replyCount")),
        at=node.path,
    )


def post(raw: Mapping[str, Any], captured_at: datetime, notes: Notes) -> ItemRecord | str:
    """Return a community post, or the reason why it is skipped."""
    node = Node(raw, "backstagePostRenderer", notes).known(fields.BACKSTAGE_POST)
    identity = urls.comment_id(node.text("postId"))
    who = node.node("authorEndpoint", "browseEndpoint")
    author = _account(who.text("browseId"), _runs(raw.get("authorText")), who.text("canonicalBaseUrl"))
    if identity is None or author is None:
        return "unggahan komunitas tanpa id atau tanpa kanal"
    text = _runs(raw.get("contentText"))
    return ItemRecord(
        platform=urls.PLATFORM,
        item_id=identity,
        author=author,
        kind=ItemKind.POST,
        text=text,
        url=urls.post_url(identity),
        published=relative(_runs(raw.get("publishedTimeText")), captured_at),
        links=mapper.links(text),
        hashtags=mapper.hashtags(text),
        like_count=amount(_runs(raw.get("voteCount"))),
        pointer=node.path,
    )


def amount(text: str) -> int | None:
    """Return a number as the site shortens it ("1.2K", "3,4 rb"), None where there is none."""
    found = _COUNT.search(text)
    if found is None:
        return None
    unit = _UNITS.get((found[2] or "").lower(), 1)
    digits = re.sub(r"[\s\u00a0]", "", found[1]).rstrip(".,")
    if unit == 1:
        return int(re.sub(r"[.,]", "", digits)[:15])
    return round(
        float(digits.replace(",", ".").replace(".", "", max(digits.count(".") + digits.count(",") - 1, 0))) * unit
    )


def record(said: Said, found: Found, page: str | None) -> ItemRecord | str:
    """Return a comment with what it stands below, or the reason why it is skipped; `page` is the video being shown."""
    own = urls.comment_id(said.identity)
    if own is None:
        return "id komentar tidak ada dalam butir"
    above = own.rpartition(".")[0]
    on = found.videos_of.get(own) or found.videos_of.get(above) or page or next(iter(found.watched), None)
    return ItemRecord(
        platform=urls.PLATFORM,
        item_id=own,
        author=said.author,
        kind=ItemKind.COMMENT,
        text=said.text,
        url=urls.comment_url(on, own),
        published=said.time,
        parent_id=above or on,
        parent_author=None if above else found.owner,
        root_id=on,
        root_author=found.owner if on else None,
        links=mapper.links(said.text),
        hashtags=mapper.hashtags(said.text),
        like_count=said.likes,
        comment_count=said.answers,
        pointer=said.at,
    )


def _account(identity: str, shown: str, page: str) -> AccountRef | None:
    stable = urls.channel_id(identity)
    if stable is None:
        return None
    return AccountRef(urls.PLATFORM, stable, urls.handle(page.lstrip("/")) or urls.handle(shown))


def _owner(found: Found) -> AccountRef | None:
    """Return whose video it is: as the page says, else as a comment of the channel itself shows."""
    notes = Notes()
    details = Node(found.video, "", notes)
    link = _secondary(found, notes).node("owner", "videoOwnerRenderer", "navigationEndpoint", "browseEndpoint")
    stable = urls.channel_id(details.text("channelId")) or urls.channel_id(link.text("browseId"))
    if stable is not None:
        form = Node(found.microformat, "", notes)
        page = urls.account_ref(form.text("ownerProfileUrl")) if form.text("ownerProfileUrl") else None
        handle = urls.handle(link.text("canonicalBaseUrl").lstrip("/")) or (page.handle if page else None)
        return AccountRef(urls.PLATFORM, stable, handle)
    for raw in found.entities:
        who = Node(raw, "", notes).node("author")
        if who.data.get("isCreator") is True and urls.channel_id(who.text("channelId")):
            return _account(who.text("channelId"), who.text("displayName"), "")
    for raw in found.comments:
        link = Node(raw, "", notes).node("authorEndpoint", "browseEndpoint")
        if raw.get("authorIsChannelOwner") is True and urls.channel_id(link.text("browseId")):
            return _account(link.text("browseId"), _runs(raw.get("authorText")), link.text("canonicalBaseUrl"))
    return None


def _secondary(found: Found, notes: Notes) -> Node:
    return Node(found.secondary, "videoSecondaryInfoRenderer", notes)


def _described(secondary: Node) -> str:
    text = secondary.node("attributedDescription").text("content")
    return text or _runs(secondary.data.get("description"))


def _runs(value: object) -> str:
    """Return a text as the web client writes it: plain, `simpleText`, `content`, or `runs` of pieces."""
    if isinstance(value, str):
        return value.replace("\0", "\ufffd")
    if not isinstance(value, dict):
        return ""
    for key in ("simpleText", "content"):
        if isinstance(value.get(key), str):
            return str(value[key]).replace("\0", "\ufffd")
    runs = value.get("runs")
    pieces = [run.get("text") for run in runs if isinstance(run, dict)] if isinstance(runs, list) else []
    return "".join(piece for piece in pieces if isinstance(piece, str)).replace("\0", "\ufffd")
