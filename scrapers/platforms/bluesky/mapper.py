"""Turns Bluesky's views and records into platform-neutral records: pure, one item at a time, LayoutChanged if broken.

Shapes: lexicons `app.bsky.feed.defs`, `app.bsky.feed.post`, `app.bsky.actor.defs` (github.com/bluesky-social/atproto).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from monitor.domain import AccountRef, Act, ActRecord, ActTime, ItemKind, ItemRecord, Mentioned, claimed_time
from monitor.errors import LayoutChanged
from scrapers import pick
from scrapers.pick import Raw
from scrapers.platforms.bluesky.urls import AtUri, is_did, parse_at, post_url, record_url

NAME = "bluesky"
VERSION = "2"

_FACET_FEATURES = {
    "app.bsky.richtext.facet#mention": "did",
    "app.bsky.richtext.facet#link": "uri",
    "app.bsky.richtext.facet#tag": "tag",
}


_PICTURES = {"app.bsky.embed.images": "images", "app.bsky.embed.gallery": "items"}


@dataclass(frozen=True, slots=True)
class _Embeds:
    quoted: AtUri | None = None
    quoted_uri: str | None = None
    links: tuple[str, ...] = ()
    alt_texts: tuple[str, ...] = ()


def act_time(
    claimed: datetime | None, indexed: datetime | None, target_at: datetime | None, seen_at: datetime
) -> ActTime:
    """Return when an act happened: the author's claim where it is plausible, else a bracket.

    A claim holds when target time ≤ claim ≤ index time (the time of the look where there is none). An index time
    before the target's own time is the claim in another dress (the AppView sorts by the earlier of the two), so that
    it bounds nothing either.
    """
    if indexed is not None and target_at is not None and indexed < target_at:
        return claimed_time(None, target_at, seen_at)
    return claimed_time(claimed, target_at, indexed if indexed is not None else seen_at)


def actor(raw: Raw, at: str) -> AccountRef:
    """Return who somebody is; an invalid handle is no handle."""
    did = pick.word(raw, "did", at)
    if not is_did(did):
        raise LayoutChanged(f"{at}.did bukan DID")
    handle = pick.text(raw, "handle", at).lower()
    return AccountRef(NAME, did, handle if handle and handle != "handle.invalid" else None)


def post(view: Raw, seen_at: datetime, at: str, target_at: datetime | None = None) -> ItemRecord:
    """Return the post in a post view; `target_at` is the time of the post it answers or quotes, where known."""
    uri = pick.word(view, "uri", at)
    where = parse_at(uri)
    if where is None or not where.is_post:
        raise LayoutChanged(f"{at}.uri bukan unggahan")
    author = actor(pick.mapping(view.get("author"), f"{at}.author"), f"{at}.author")
    if author.user_id != where.did:
        raise LayoutChanged(f"{at}.author bukan pemilik alamat unggahan")
    record = pick.mapping(view.get("record", view.get("value")), f"{at}.record")
    return _item(view, record, where, author, act_time(
        pick.stamp(record.get("createdAt")), pick.stamp(view.get("indexedAt")), target_at, seen_at
    ), at)  # fmt: skip


def _item(view: Raw, record: Raw, where: AtUri, author: AccountRef, published: ActTime, at: str) -> ItemRecord:
    inside = f"{at}.record"
    reply = pick.maybe(record, "reply", dict, inside)
    parent, root = (_reference(reply, "parent", inside), _reference(reply, "root", inside)) if reply else (None, None)
    embeds = _embeds(pick.maybe(record, "embed", dict, inside), inside)
    facets = list(_facets(pick.entries(record, "facets", inside), inside))
    langs = [lang for lang in pick.entries(record, "langs", inside) if isinstance(lang, str)]
    links = [value for kind, value in facets if kind == "uri" and pick.web_address(value)]
    tags = [value for kind, value in facets if kind == "tag"]
    tags += [pick.clean(tag) for tag in pick.entries(record, "tags", inside) if isinstance(tag, str)]
    return ItemRecord(
        platform=NAME,
        item_id=pick.word(view, "uri", at),
        author=author,
        kind=ItemKind.COMMENT if parent else ItemKind.QUOTE if embeds.quoted else ItemKind.POST,
        text=pick.text(record, "text", inside),
        url=post_url(where),
        published=published,
        parent_id=parent and parent[0],
        parent_author=parent and AccountRef(NAME, parent[1].did),
        root_id=root and root[0],
        root_author=root and AccountRef(NAME, root[1].did),
        quoted_id=embeds.quoted_uri,
        quoted_author=AccountRef(NAME, embeds.quoted.did) if embeds.quoted else None,
        links=_once([*links, *embeds.links]),
        hashtags=_once(tags),
        alt_texts=embeds.alt_texts,
        mentions=tuple(Mentioned(value) for value in _once(v for kind, v in facets if kind == "did" and is_did(v))),
        lang=pick.clean(langs[0])[:35] if langs else None,
        like_count=pick.count(view, "likeCount", at),
        share_count=_sum(pick.count(view, "repostCount", at), pick.count(view, "quoteCount", at)),
        comment_count=pick.count(view, "replyCount", at),
        pointer=at,
    )


def like(entry: Raw, item_id: str, target_at: datetime | None, seen_at: datetime, at: str) -> ActRecord:
    """Return one like of a listing of likes."""
    time = act_time(pick.stamp(entry.get("createdAt")), pick.stamp(entry.get("indexedAt")), target_at, seen_at)
    return listed(pick.mapping(entry.get("actor"), f"{at}.actor"), Act.LIKE, item_id, time, at)


def repost(entry: Raw, item_id: str, target_at: datetime | None, seen_at: datetime, at: str) -> ActRecord:
    """Return one reposter of a listing; the platform gives no time, so the look itself ends the bracket."""
    return listed(entry, Act.SHARE, item_id, act_time(None, None, target_at, seen_at), at)


def listed(who: Raw, act: Act, item_id: str, time: ActTime, at: str) -> ActRecord:
    """Return an act of a listed account on the listed item."""
    target = parse_at(item_id)
    return ActRecord(
        platform=NAME,
        actor=actor(who, at),
        act=act,
        target_id=item_id,
        time=time,
        target_author=AccountRef(NAME, target.did) if target else None,
        pointer=at,
    )


def shown_repost(reason: Raw, target: ItemRecord, seen_at: datetime, at: str) -> ActRecord:
    """Return the repost that put somebody else's post into an author's feed.

    Its index time is the platform's, so it ends a bracket; the repost's own record has the claimed time.
    """
    who = pick.mapping(reason.get("by"), f"{at}.by")
    time = act_time(None, pick.stamp(reason.get("indexedAt")), target.published.occurred_at, seen_at)
    return listed(who, Act.SHARE, target.item_id, time, at)


def own_record(entry: Raw, did: str, act: Act, seen_at: datetime, at: str) -> ActRecord | None:
    """Return the like or repost in a record of the actor's own repository; None when its subject is not a post.

    Such a record knows neither the subject's time nor an index time: its own claim stands unless it lies ahead.
    """
    value = pick.mapping(entry.get("value"), f"{at}.value")
    subject = pick.word(pick.mapping(value.get("subject"), f"{at}.value.subject"), "uri", f"{at}.value.subject")
    target = parse_at(subject)
    if target is None or not target.is_post:
        return None
    return ActRecord(
        platform=NAME,
        actor=AccountRef(NAME, did),
        act=act,
        target_id=subject,
        time=act_time(pick.stamp(value.get("createdAt")), None, None, seen_at),
        target_author=AccountRef(NAME, target.did),
        pointer=at,
    )


def _reference(raw: Raw, key: str, at: str) -> tuple[str, AtUri]:
    uri = pick.word(pick.mapping(raw.get(key), f"{at}.{key}"), "uri", f"{at}.{key}")
    where = parse_at(uri)
    if where is None:
        raise LayoutChanged(f"{at}.{key}.uri bukan alamat at://")
    return uri, where


def _embeds(embed: Raw | None, at: str) -> _Embeds:
    """Read what a record embeds; a kind that is not known here adds nothing."""
    if embed is None:
        return _Embeds()
    kind, inside = pick.text(embed, "$type", at), f"{at}.embed"
    if kind == "app.bsky.embed.recordWithMedia":
        media = _media(pick.maybe(embed, "media", dict, inside), inside)
        return _with_record(media, pick.mapping(embed.get("record"), f"{inside}.record"), inside)
    if kind == "app.bsky.embed.record":
        return _with_record(_Embeds(), embed, inside)
    return _media(embed, at)


def _media(embed: Raw | None, at: str) -> _Embeds:
    """Read pictures, a film or a link card; a card's title and description stand in the post as its writer left it."""
    kind, inside = pick.text(embed or {}, "$type", at), f"{at}.embed"
    if embed is not None and kind == "app.bsky.embed.external":
        card = pick.mapping(embed.get("external"), f"{inside}.external")
        link = pick.text(card, "uri", inside)
        words = _once(pick.text(card, name, inside) for name in ("title", "description"))
        return _Embeds(links=(link,) if pick.web_address(link) else (), alt_texts=words)
    if embed is not None and kind in _PICTURES:
        images = [pick.mapping(image, inside) for image in pick.entries(embed, _PICTURES[kind], inside)]
        return _Embeds(alt_texts=_once(pick.text(image, "alt", inside) for image in images))
    if embed is not None and kind == "app.bsky.embed.video":
        return _Embeds(alt_texts=_once([pick.text(embed, "alt", inside)]))
    return _Embeds()


def _with_record(embeds: _Embeds, embed: Raw, at: str) -> _Embeds:
    """Add the quoted post, or the page that shows an embedded list, feed or starter pack."""
    uri = pick.word(pick.mapping(embed.get("record"), f"{at}.record"), "uri", f"{at}.record")
    where = parse_at(uri)
    if where is not None and where.is_post:
        return replace(embeds, quoted=where, quoted_uri=uri)
    page = record_url(where) if where is not None else None
    return replace(embeds, links=(*embeds.links, page)) if page else embeds


def _facets(facets: Iterable[Any], at: str) -> Iterable[tuple[str, str]]:
    """Yield what the text's own markup names: ("did" | "uri" | "tag", value)."""
    for facet in facets:
        features = facet.get("features") if isinstance(facet, Mapping) else None
        for feature in features if isinstance(features, list) else ():
            key = _FACET_FEATURES.get(str(feature.get("$type"))) if isinstance(feature, Mapping) else None
            value = pick.text(feature, key, f"{at}.facets") if key else ""
            if key and value:
                yield key, value


def _sum(*counts: int | None) -> int | None:
    known = [number for number in counts if number is not None]
    return sum(known) if known else None


def _once(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for value in values if value))
