"""Facebook: saved pages and recorded answers to records.

Shapes: pages of the site since 2020 ("Comet"), whose data stands in scripts, the answers of `/api/graphql/`, often
several JSON objects a body, and the page as the browser shows it, where it was saved without its scripts. Addresses
with a "pfbid" name nothing for long: posts are known by their own number.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from monitor.domain import Act, ActRecord, ActTime, ItemKind, ItemRecord, published_act
from scrapers.imports.contract import Mapped, SavedPage
from scrapers.imports.nodes import Notes
from scrapers.imports.page_cleaning import Keeping
from scrapers.imports.page_json import looks_like_html, page_text, values
from scrapers.platforms.facebook import urls
from scrapers.platforms.facebook.comet import Gathered, Thing
from scrapers.platforms.facebook.gathering import gather
from scrapers.platforms.facebook.rendered import KEPT, REMOVED, read_rendered

VERSION = "1"
HOSTS = frozenset({"facebook.com", "fb.com", "fb.watch"})
KEEPING = Keeping(
    rendered=KEPT,
    removed=REMOVED,
    drawings="svg > :not(title)",  # the title says to whom a post is open
    marks=('"Story"', '"Comment"', '"legacy_fbid"', '"post_id"', '"reactors"'),
)

_WALL = "Facebook meminta masuk: halaman tidak berisi unggahan"
_AD = "iklan"
_PRIVATE = "unggahan tidak dibuka untuk umum"
_WALL_MARKS = ('id="login_form"', 'name="login_form"', "/login/?next=")
_CLOSED = frozenset({
    "friends", "friends_of_friends", "friends_except_acquaintances", "friends-except-acquaintances", "custom",
    "only_me", "only-me", "specific_friends", "close_friends", "acquaintances", "lock",
})  # fmt: skip


def read_page(page: SavedPage) -> tuple[Mapped, ...]:
    """Read every post, comment and reaction of a page; one `Mapped` for each, and the reason where nothing is shown."""
    found = gather(values(page))
    mapped = [
        *(_post(found, thing, page.captured_at) for thing in found.posts.values()),
        *(_comment(found, thing, page.captured_at) for thing in found.comments.values()),
        *_likes(found, page.captured_at),
    ]
    if not any(one.items or one.acts or one.skipped in (_AD, _PRIVATE) for one in mapped):
        text = page_text(page)
        mapped += read_rendered(text, page) if looks_like_html(text) else []
    if not any(one.items or one.acts or one.skipped for one in mapped) and _is_wall(page):
        return (Mapped(skipped=_WALL),)
    if not mapped:
        return ()
    general = Mapped(issues=found.notes.issues, unknown_fields=found.notes.unknown_fields)
    return (*mapped, general) if general != Mapped() else tuple(mapped)


def map_item(raw: Mapping[str, Any], collected_at: datetime) -> Mapped:
    """Read one post, or one list of comments, that a recorder took out of an answer."""
    found = gather([raw])
    several = [
        *(_post(found, thing, collected_at) for thing in found.posts.values()),
        *(_comment(found, thing, collected_at) for thing in found.comments.values()),
        *_likes(found, collected_at),
    ]
    taken = [one for one in several if one.skipped is None]
    reasons = [one.skipped for one in several if one.skipped is not None]
    return Mapped(
        items=tuple(item for one in taken for item in one.items),
        acts=tuple(act for one in taken for act in one.acts),
        issues=(*found.notes.issues, *(issue for one in several for issue in one.issues)),
        unknown_fields=found.notes.unknown_fields,
        skipped=None if taken else next(iter(reasons), "butir bukan unggahan Facebook yang dikenal"),
    )


def _post(found: Gathered, thing: Thing, captured_at: datetime) -> Mapped:
    unfit = _unfit(thing)
    if unfit is not None:
        return Mapped(skipped=unfit)
    original = found.posts.get(thing.quoted or "")
    notes = Notes()
    item = ItemRecord(
        platform=urls.PLATFORM,
        item_id=thing.number,
        author=thing.author,
        kind=ItemKind.QUOTE if thing.quoted else ItemKind.POST,
        text=thing.text,
        url=urls.item_url(thing.number, thing.author.user_id if thing.author else None),
        published=_time(thing, None, captured_at, notes),
        quoted_id=thing.quoted,
        quoted_author=original.author if original else None,
        links=tuple(thing.links),
        hashtags=tuple(thing.hashtags),
        alt_texts=tuple(thing.alts),
        mentions=tuple(thing.mentions),
        like_count=thing.likes,
        share_count=thing.shares,
        comment_count=thing.comments,
        pointer="Story",
    )
    act = published_act(item)
    return Mapped((item,), (act,) if act else (), notes.issues)


def _comment(found: Gathered, thing: Thing, captured_at: datetime) -> Mapped:
    post = _post_of(found, thing)
    if post is None:
        return Mapped(skipped="unggahan yang dikomentari tidak ada dalam halaman")
    if thing.author is None:
        return Mapped(skipped="id akun penulis komentar tidak ada dalam halaman")
    root, above = found.posts.get(post), found.comments.get(thing.parent or "")
    notes = Notes()
    item = ItemRecord(
        platform=urls.PLATFORM,
        item_id=thing.number,
        author=thing.author,
        kind=ItemKind.COMMENT,
        text=thing.text,
        url=urls.comment_url(post, thing.number),
        published=_time(thing, root, captured_at, notes),
        parent_id=thing.parent or post,
        parent_author=(above.author if above else None) if thing.parent else (root.author if root else None),
        root_id=post,
        root_author=root.author if root else None,
        links=tuple(thing.links),
        hashtags=tuple(thing.hashtags),
        alt_texts=tuple(thing.alts),
        mentions=tuple(thing.mentions),
        like_count=thing.likes,
        comment_count=thing.comments,
        pointer="Comment",
    )
    act = published_act(item)
    return Mapped((item,), (act,) if act else (), notes.issues)


def _likes(found: Gathered, captured_at: datetime) -> list[Mapped]:
    """Return a like for everyone in a list of reactions; when it was given is not shown."""
    acts = []
    for (target, _), ref in found.reactors.items():
        thing = found.posts.get(target) or found.comments.get(target)
        lo = thing.created if thing and thing.created and thing.created < captured_at else None
        acts.append(
            ActRecord(
                platform=urls.PLATFORM,
                actor=ref,
                act=Act.LIKE,
                target_id=target,
                time=ActTime(lo=lo, hi=captured_at),
                target_author=thing.author if thing else None,
                pointer="reactors",
            )
        )
    return [Mapped(acts=tuple(acts))] if acts else []


def _unfit(thing: Thing) -> str | None:
    """Return why a post is not to be taken, None when nothing speaks against it."""
    if thing.sponsored:
        return _AD
    if thing.privacy.lower() in _CLOSED:
        return _PRIVATE
    if thing.author is None:
        return "id akun penulis tidak ada dalam halaman"
    return None


def _time(thing: Thing, above: Thing | None, captured_at: datetime, notes: Notes) -> ActTime:
    if thing.created is None:
        return ActTime(lo=above.created if above else None, hi=captured_at)
    if thing.created > captured_at:
        notes.issue("time_mismatch", "waktu unggahan sesudah waktu pengambilan", "creation_time")
    return ActTime(occurred_at=thing.created)


def _post_of(found: Gathered, thing: Thing) -> str | None:
    """Return the post of a comment; a photo's comments may name the photo where the page names its post."""
    if thing.post is None or thing.post in found.posts:
        return thing.post
    named = [post.number for post in found.posts.values() if post.feedback == thing.post]
    return named[0] if len(named) == 1 else thing.post


def _is_wall(page: SavedPage) -> bool:
    text = page_text(page)
    if any(mark in page.url for mark in ("/login", "/checkpoint")):
        return True
    return looks_like_html(text) and any(
        mark in text for mark in ('id="login_form"', 'name="login_form"', "/login/?next=")
    )
