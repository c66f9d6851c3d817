"""Reads who did what with one post: likes, reposts, quotes and everything in its thread."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from monitor.domain import EndKind
from monitor.errors import AccountGone
from scrapers import pick
from scrapers.contract import Page
from scrapers.gather import Gather
from scrapers.paging import fresh
from scrapers.pick import Raw
from scrapers.platforms.bluesky import asks, fields, mapper

_WORST = (EndKind.SUSPICIOUS_EMPTY, EndKind.CAP_REACHED)


def likes(gather: Gather, raw: Raw) -> Page:
    """Read a page of who liked a post."""
    gather.note_unknown(fields.stray(raw, "uri cid cursor likes"))
    values = pick.one(raw, "likes", list)
    for number, value in enumerate(values):
        gather.try_item(f".likes[{number}]", _like, gather, value, f".likes[{number}]")
    return gather.page(_go_on(gather, raw, len(values)))


def reposts(gather: Gather, raw: Raw) -> Page:
    """Read a page of who reposted a post; the last one leads to its quotes, unless there are none."""
    gather.note_unknown(fields.stray(raw, "uri cid cursor repostedBy"))
    values = pick.one(raw, "repostedBy", list)
    for number, value in enumerate(values):
        gather.try_item(f".repostedBy[{number}]", _repost, gather, value, f".repostedBy[{number}]")
    end = _go_on(gather, raw, len(values))
    if end is None or gather.state.get("quotes") == 0:
        return gather.page(end)
    collected = gather.state.get("collected")
    state = {**fresh(gather.state), "collected": (collected if isinstance(collected, int) else 0) + len(values)}
    if end in _WORST and state["collected"]:
        state["reposts_end"] = end.value
    gather.follow.append(asks.quotes(gather.options, _item_id(gather), state))
    return gather.page()


def quotes(gather: Gather, raw: Raw) -> Page:
    """Read a page of who quoted a post; the listing of shares is no more complete than its reposts were."""
    gather.note_unknown(fields.stray(raw, "uri cid cursor posts"))
    values = pick.one(raw, "posts", list)
    for number, value in enumerate(values):
        gather.try_item(f".posts[{number}]", _quote, gather, value, f".posts[{number}]")
    end = _go_on(gather, raw, len(values))
    earlier = gather.state.get("reposts_end")
    return gather.page(EndKind(earlier) if end is EndKind.EXHAUSTED and isinstance(earlier, str) else end)


def _like(gather: Gather, value: object, at: str) -> None:
    entry = pick.mapping(value, at)
    gather.note_unknown(fields.unknown(entry, "like", ".likes[]"))
    gather.act(mapper.like(entry, _item_id(gather), _target_at(gather), gather.seen_at, at))


def _repost(gather: Gather, value: object, at: str) -> None:
    entry = pick.mapping(value, at)
    gather.note_unknown(fields.unknown(entry, "actor", ".repostedBy[]"))
    gather.act(mapper.repost(entry, _item_id(gather), _target_at(gather), gather.seen_at, at))


def _quote(gather: Gather, value: object, at: str) -> None:
    view = pick.mapping(value, at)
    gather.note_unknown(fields.unknown(view, "view", ".posts[]"))
    gather.publish(mapper.post(view, gather.seen_at, at, _target_at(gather)))


def _go_on(gather: Gather, raw: Raw, listed: int) -> EndKind | None:
    method, uri = gather.request.endpoint, _item_id(gather)
    cursor = pick.maybe(raw, "cursor", str)
    return gather.go_on(cursor, listed, lambda c: asks.listing_url(gather.options, method, uri, c))


def _item_id(gather: Gather) -> str:
    return gather.request.item_id or ""


def _target_at(gather: Gather) -> datetime | None:
    return pick.stamp(gather.state.get("target_at"))


@dataclass(frozen=True, slots=True)
class _Node:
    """One place in a thread: the raw node, how deep it lies, and the time of the post it answers."""

    raw: Raw
    depth: int
    at: str
    target_at: datetime | None


def thread(gather: Gather, raw: Raw) -> Page:
    """Read everything below a post: every reply, however nested, is an act of its author on its own parent.

    The reported total is the sum of the reply counts of all posts shown. Where the answer stops at its depth, the rest
    is a listing of its own; replies that are blocked, hidden or deleted are not shown and leave the sum unreached.
    """
    gather.note_unknown(fields.stray(raw, "thread threadgate"))
    top = pick.mapping(raw.get("thread"), ".thread")
    if "post" not in top:
        raise AccountGone("Unggahan Bluesky tidak ditemukan atau diblokir", url=gather.response.url)
    reported = 0
    stack = [_Node(top, 0, ".thread", None)]
    while stack:
        node = stack.pop()
        view = node.raw.get("post")
        published = gather.try_item(node.at, _take, gather, node)
        replies = node.raw.get("replies")
        counted = view.get("replyCount") if isinstance(view, Mapping) else None
        counted = counted if isinstance(counted, int) and 0 <= counted <= pick.MAX_COUNT else 0
        if counted and not replies and node.depth and (replies is None or node.depth >= asks.THREAD_DEPTH):
            _ask_below(gather, view, published)
            continue
        reported += counted
        stack.extend(reversed(list(_children(replies, node, published))))
    end = EndKind.SUSPICIOUS_EMPTY if reported and not gather.acts else EndKind.EXHAUSTED
    return gather.page(end, reported)


def _take(gather: Gather, node: _Node) -> datetime | None:
    """Take the post of a node, the top one excepted, and return when it was published."""
    view = node.raw.get("post")
    if view is None:  # notFoundPost, blockedPost: nothing to see, and nobody's act
        return None
    item = mapper.post(pick.mapping(view, f"{node.at}.post"), gather.seen_at, f"{node.at}.post", node.target_at)
    gather.note_unknown(fields.unknown({k: v for k, v in node.raw.items() if k != "replies"}, "node", ".thread."))
    if node.depth:
        gather.publish(item)
    return item.published.occurred_at


def _children(replies: Any, node: _Node, published: datetime | None) -> Iterator[_Node]:
    for number, child in enumerate(replies if isinstance(replies, list) else ()):
        if isinstance(child, Mapping):
            yield _Node(child, node.depth + 1, f"{node.at}.replies[{number}]", published)


def _ask_below(gather: Gather, view: object, published: datetime | None) -> None:
    uri = view.get("uri") if isinstance(view, Mapping) else None
    if isinstance(uri, str) and uri in gather.items:
        gather.follow.append(asks.thread(gather.options, uri, published))
