"""Reads what Bluesky says about one account: its feed, its repository's records, its DID document, posts by address."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime

from monitor.domain import Act, Direction, EndKind, ItemRecord
from monitor.errors import AccountGone, LayoutChanged, PrivateContent
from scrapers import pick
from scrapers.contract import Page
from scrapers.gather import Gather
from scrapers.pick import Raw
from scrapers.platforms.bluesky import asks, fields, mapper
from scrapers.platforms.bluesky.urls import LIKE, REPOST, key_time, parse_at

_HIDING = frozenset({"!takedown", "!suspend", "!hide"})
_REPOSTED = "app.bsky.feed.defs#reasonRepost"


def feed(gather: Gather, raw: Raw) -> Page:
    """Read a page of an author's feed: own posts; in the subject direction also reposts and what they answer."""
    since = pick.stamp(gather.state.get("since"))
    take = _of_subject if gather.state.get("direction") == Direction.SUBJECT.value else _of_candidate
    values = pick.one(raw, "feed", list)
    oldest: datetime | None = None
    for number, value in enumerate(values):
        at = f".feed[{number}]"
        moment = _sort_time(value)
        oldest = moment or oldest
        if since is None or moment is None or moment >= since:
            gather.try_item(at, _entry, gather, value, at, take)
    gather.note_unknown(fields.stray(raw, "feed cursor"))
    if since is not None and oldest is not None and oldest < since:
        return replace(gather.page(EndKind.WINDOW_REACHED), own=(Act.POST,))
    did = str(gather.state.get("did"))
    cursor = pick.maybe(raw, "cursor", str)
    end = gather.go_on(cursor, len(values), lambda c: asks.feed_url(gather.options, did, c))
    return replace(gather.page(end), own=(Act.POST,))


def _entry(gather: Gather, value: object, at: str, take: Callable[[Gather, Raw, str], None]) -> None:
    entry = pick.mapping(value, at)
    gather.note_unknown(fields.unknown(entry, "entry", ".feed[]"))
    take(gather, entry, at)


def _of_candidate(gather: Gather, entry: Raw, at: str) -> None:
    if _reposted(entry) is not None:
        return
    view = pick.mapping(entry.get("post"), f"{at}.post")
    item = mapper.post(view, gather.seen_at, f"{at}.post", _answered_at(entry, gather.seen_at))
    if item.author is not None and item.author.user_id == gather.state.get("did"):
        gather.publish(item)
        asks.engagement(gather, item, view)


def _of_subject(gather: Gather, entry: Raw, at: str) -> None:
    view = pick.mapping(entry.get("post"), f"{at}.post")
    reason = _reposted(entry)
    if reason is not None:
        target = mapper.post(view, gather.seen_at, f"{at}.post")
        act = mapper.shown_repost(reason, target, gather.seen_at, f"{at}.reason")
        if act.actor.user_id == gather.state.get("did"):
            gather.context(target)
            gather.act(act)
        return
    quoted = _quoted(gather, view, f"{at}.post")
    target_at = _answered_at(entry, gather.seen_at) or (quoted.published.occurred_at if quoted else None)
    item = mapper.post(view, gather.seen_at, f"{at}.post", target_at)
    if item.author is None or item.author.user_id != gather.state.get("did"):
        return
    gather.publish(item)
    reply = entry.get("reply")
    for key in ("parent", "root"):
        near = _context(reply.get(key), gather.seen_at, f"{at}.reply.{key}") if isinstance(reply, Mapping) else None
        if near is not None:
            gather.context(near)
    if quoted is not None:
        gather.context(quoted)


def _reposted(entry: Raw) -> Raw | None:
    """Return the reason when the entry is somebody's repost; a pinned post is an own post."""
    reason = entry.get("reason")
    return reason if isinstance(reason, Mapping) and reason.get("$type") == _REPOSTED else None


def _sort_time(value: object) -> datetime | None:
    """Return the time by which the platform sorts the feed."""
    if not isinstance(value, Mapping):
        return None
    holder = _reposted(value) or value.get("post")
    return pick.stamp(holder.get("indexedAt")) if isinstance(holder, Mapping) else None


def _answered_at(entry: Raw, seen_at: datetime) -> datetime | None:
    """Return the time of the post that an own reply answers, where the feed shows it."""
    reply = entry.get("reply")
    parent = _context(reply.get("parent"), seen_at, ".reply.parent") if isinstance(reply, Mapping) else None
    return parent.published.occurred_at if parent else None


def _quoted(gather: Gather, view: Raw, at: str) -> ItemRecord | None:
    """Return the quoted post when the answer shows it whole."""
    embed = view.get("embed")
    record = embed.get("record") if isinstance(embed, Mapping) else None
    if isinstance(record, Mapping) and isinstance(record.get("record"), Mapping):
        record = record["record"]  # with media the record is one level deeper
    return _context(record, gather.seen_at, f"{at}.embed")


def _context(view: object, seen_at: datetime, at: str) -> ItemRecord | None:
    """Return a post that gives context; a blocked, deleted or unreadable one gives none and is no fault."""
    if not isinstance(view, Mapping) or "author" not in view or not ({"record", "value"} & view.keys()):
        return None
    try:
        return mapper.post(view, seen_at, at)
    except LayoutChanged:
        return None


def identity(gather: Gather, raw: Raw) -> Page:
    """Read a DID document and follow to the repository that it names."""
    did = str(gather.state.get("did"))
    if raw.get("id") != did:
        raise LayoutChanged("Dokumen DID milik akun lain", url=gather.response.url)
    for number, value in enumerate(pick.entries(raw, "service")):
        service = pick.mapping(value, f".service[{number}]")
        if str(service.get("id", "")).endswith("#atproto_pds"):
            endpoint = pick.word(service, "serviceEndpoint", f".service[{number}]").rstrip("/")
            if not pick.web_address(endpoint):
                break
            gather.follow += asks.records(endpoint, did, gather.state)
            return gather.page()
    raise LayoutChanged("Dokumen DID tidak menyebut server data", url=gather.response.url)


def own_records(gather: Gather, raw: Raw) -> Page:
    """Read a page of an account's own likes or reposts; the cursor is there even on the last page, so empty ends it."""
    act = Act.LIKE if gather.request.endpoint == "listLikes" else Act.SHARE
    collection = LIKE if act is Act.LIKE else REPOST
    did, since = str(gather.state.get("did")), pick.stamp(gather.state.get("since"))
    values = pick.one(raw, "records", list)
    last: datetime | None = None
    for number, value in enumerate(values):
        at = f".records[{number}]"
        moment = _record_time(value)
        last = moment or last
        if since is None or moment is None or moment >= since:
            gather.try_item(at, _record, gather, value, at, act)
    gather.note_unknown(fields.stray(raw, "records cursor"))
    if since is not None and last is not None and last < since:
        return replace(gather.page(EndKind.WINDOW_REACHED), own=(act,))
    cursor = pick.maybe(raw, "cursor", str) if values else None
    pds = str(gather.state.get("pds"))
    end = gather.go_on(cursor, len(values), lambda c: asks.records_url(pds, did, collection, c))
    return replace(gather.page(end), own=(act,))


def _record(gather: Gather, value: object, at: str, act: Act) -> None:
    entry = pick.mapping(value, at)
    gather.note_unknown(fields.unknown(entry, "kept", ".records[]"))
    record = mapper.own_record(entry, str(gather.state.get("did")), act, gather.seen_at, at)
    if record is not None:
        gather.act(record)


def _record_time(value: object) -> datetime | None:
    """Return the later of the two times that a record claims, so that one backdated claim does not hide it."""
    if not isinstance(value, Mapping):
        return None
    inner, where = value.get("value"), parse_at(str(value.get("uri", "")))
    claims = [
        pick.stamp(inner.get("createdAt")) if isinstance(inner, Mapping) else None,
        key_time(where.rkey) if where is not None else None,
    ]
    return max((claim for claim in claims if claim is not None), default=None)


def posts(gather: Gather, raw: Raw) -> Page:
    """Read posts that were asked for by address: their texts give context, nobody acts in them."""
    gather.note_unknown(fields.stray(raw, "posts"))
    for number, value in enumerate(pick.one(raw, "posts", list)):
        at = f".posts[{number}]"
        gather.try_item(at, _post, gather, value, at)
    return gather.page(EndKind.EXHAUSTED)


def _post(gather: Gather, value: object, at: str) -> None:
    view = pick.mapping(value, at)
    gather.note_unknown(fields.unknown(view, "view", ".posts[]"))
    gather.context(mapper.post(view, gather.seen_at, at))


def recheck(gather: Gather, raw: Raw) -> Page:
    """Read one post that was asked after because a listing did not show it; its text is context.

    AccountGone when the network does not have it, PrivateContent when it is blocked or hidden by moderation.
    """
    node = pick.mapping(raw.get("thread"), ".thread")
    if node.get("blocked") is True:
        raise PrivateContent("Unggahan Bluesky ini diblokir dari pembaca umum", url=gather.response.url)
    if node.get("notFound") is True or "post" not in node:
        raise AccountGone("Unggahan Bluesky ini tidak ada lagi", url=gather.response.url)
    view = pick.mapping(node["post"], ".thread.post")
    labels = pick.entries(view, "labels", ".thread.post")
    if any(_hides(label) for label in labels):
        raise PrivateContent("Unggahan Bluesky ini disembunyikan moderasi", url=gather.response.url)
    gather.context(mapper.post(view, gather.seen_at, ".thread.post"))
    return gather.page(EndKind.EXHAUSTED)


def _hides(label: object) -> bool:
    return isinstance(label, Mapping) and label.get("val") in _HIDING and label.get("neg") is not True
