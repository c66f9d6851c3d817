"""Instagram: saved pages and recorded answers to records.

Shapes: posts in any of the mapper's three forms wherever they stand in a page's scripts or an answer; lists of
comments, which name their post in the address of the request or beside them; the list of who liked a post; the
embed, whose data is JSON inside JSON (`contextJSON`); and the page as the browser shows it, where it was saved without
its scripts.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

from monitor.domain import Act, ActRecord, ActTime, ItemRecord
from scrapers.imports.contract import Mapped, SavedPage
from scrapers.imports.nodes import Node, Notes
from scrapers.imports.page_cleaning import Keeping
from scrapers.imports.page_json import looks_like_html, page_text, values
from scrapers.platforms.instagram import comments, urls
from scrapers.platforms.instagram.mapper import VERSION, map_item
from scrapers.platforms.instagram.rendered import KEPT, REMOVED, read_rendered

__all__ = ["HOSTS", "KEEPING", "VERSION", "read_page"]

HOSTS = frozenset({"instagram.com", "instagr.am"})
KEEPING = Keeping(
    rendered=KEPT,
    removed=REMOVED,
    marks=('"taken_at', '"shortcode"', '"created_at"', '"contextJSON"', '"users"', '"code"'),
)

_WALL = "Instagram meminta masuk: halaman tidak berisi unggahan"
_NO_POST = "unggahan yang dikomentari tidak disebut pada halaman dan alamatnya"
_MEDIA_IN_PATH = re.compile(r"/media/(\d{5,25})(?:_\d+)?/(comments|likers)", re.ASCII)
_LIKERS = re.compile(r"likers|edge_liked_by", re.ASCII)
_MOST_OBJECTS = 2_000_000
_SKIPPED_KEYS = frozenset({"carousel_media", "caption", "clips_metadata", "coauthor_producers"})


def read_page(page: SavedPage) -> tuple[Mapped, ...]:
    """Read every post of a page with its comments, and everyone in a list of who liked a post."""
    posts: dict[str, Mapped] = {}
    loose: list[dict[str, Any]] = []
    likers: list[tuple[str | None, list[Any]]] = []
    other: list[Mapped] = []
    for kind, data, context in _found(values(page)):
        if kind == "post":
            mapped = map_item(data, page.captured_at)
            key = mapped.items[0].item_id if mapped.items else ""
            if not key:
                other.append(mapped)
            elif key not in posts or len(mapped.items) >= len(posts[key].items):
                posts[key] = mapped
        elif kind == "comment":
            loose.append(data)
        else:
            likers.append((context, data["users"]))
    asked = _asked(page.url) or (next(iter(posts)) if len(posts) == 1 else None)
    mapped_all = [*posts.values(), *other]
    mapped_all += [_comment(data, asked, posts, page) for data in loose]
    mapped_all += [_likes(context or asked, users, posts, page) for context, users in likers]
    if not mapped_all and looks_like_html(text := page_text(page)):
        mapped_all += read_rendered(text, page)
    if not mapped_all and _is_wall(page):
        return (Mapped(skipped=_WALL),)
    return tuple(_once(mapped_all))


def _found(all_values: Iterator[Any]) -> Iterator[tuple[str, dict[str, Any], str | None]]:
    """Return posts, comments and lists of likers; comments inside a post come with it."""
    waiting: list[tuple[Any, str]] = [(value, "") for value in reversed(list(all_values))]
    seen = 0
    while waiting and seen < _MOST_OBJECTS:
        here, key = waiting.pop()
        seen += 1
        if isinstance(here, list):
            waiting.extend((entry, key) for entry in reversed(here) if isinstance(entry, dict | list))
            continue
        if _is_post(here):
            yield "post", here, None
            waiting.extend((here[name], name) for name in ("edge_liked_by",) if isinstance(here.get(name), dict))
            continue
        if _is_comment(here):
            yield "comment", here, None
            continue
        listed, code = here.get("edge_liked_by"), here.get("shortcode")
        if isinstance(listed, dict) and isinstance(code, str) and _is_likers(listed, "edge_liked_by"):
            yield "likers", {"users": _people(listed)}, urls.id_of_code(code)
            continue
        if _is_likers(here, key):
            yield "likers", {"users": _people(here)}, None
            continue
        waiting.extend(_below(here))


def _below(data: dict[str, Any]) -> Iterator[tuple[Any, str]]:
    for key, entry in reversed(data.items()):
        if key == "contextJSON" and isinstance(entry, str):
            inner = _nested(entry)
            if inner is not None:
                yield inner, key
        elif isinstance(entry, dict | list) and key not in _SKIPPED_KEYS:
            yield entry, key


def _nested(text: str) -> Any | None:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _is_post(data: Mapping[str, Any]) -> bool:
    named = any(data.get(key) for key in ("code", "shortcode"))
    owned = isinstance(data.get("user"), dict) or isinstance(data.get("owner"), dict)
    told = any(key in data for key in ("taken_at", "taken_at_timestamp", "caption", "edge_media_to_caption"))
    return named and owned and told and "text" not in data


def _is_comment(data: Mapping[str, Any]) -> bool:
    owned = isinstance(data.get("user"), dict) or isinstance(data.get("owner"), dict)
    numbered = any(data.get(key) for key in ("pk", "id"))
    timed = any(key in data for key in ("created_at", "created_at_utc"))
    return owned and numbered and timed and isinstance(data.get("text"), str) and "media_type" not in data


def _is_likers(data: Mapping[str, Any], key: str) -> bool:
    if key == "edge_liked_by":
        return isinstance(data.get("edges"), list) and bool(data["edges"])
    users = data.get("users")
    people = isinstance(users, list) and any(isinstance(user, dict) and "username" in user for user in users)
    return people and ("user_count" in data or bool(_LIKERS.search(key)))


def _people(data: Mapping[str, Any]) -> list[Any]:
    edges = data.get("edges")
    if isinstance(edges, list):
        return [edge.get("node") for edge in edges if isinstance(edge, dict)]
    return list(data["users"])


def _comment(data: dict[str, Any], asked: str | None, posts: dict[str, Mapped], page: SavedPage) -> Mapped:
    named = any(data.get(key) for key in ("post_id", "media_id", "media_pk"))
    if not named and asked is None:
        return Mapped(skipped=_NO_POST)
    whole = data if named else {**data, "post_id": asked}
    mapped = map_item(whole, page.captured_at)
    authors = {item.item_id: item.author for found in posts.values() for item in found.items}
    items = tuple(_with_authors(item, authors) for item in mapped.items)
    acts = tuple(replace(act, target_author=act.target_author or authors.get(act.target_id)) for act in mapped.acts)
    return replace(mapped, items=items, acts=acts)


def _with_authors(item: ItemRecord, authors: Mapping[str, Any]) -> ItemRecord:
    return replace(
        item,
        parent_author=item.parent_author or authors.get(item.parent_id or ""),
        root_author=item.root_author or authors.get(item.root_id or ""),
    )


def _likes(target: str | None, users: list[Any], posts: dict[str, Mapped], page: SavedPage) -> Mapped:
    """Return a like for everyone in a list; Instagram does not say when they liked."""
    if target is None:
        return Mapped(skipped="daftar penyuka tanpa id unggahan pada alamatnya")
    notes = Notes()
    known = posts[target].items[0] if target in posts else None
    published = known.published.earliest if known else urls.time_of_id(target)
    time = ActTime(lo=published if published and published < page.captured_at else None, hi=page.captured_at)
    acts: dict[str, ActRecord] = {}
    for user in users:
        ref = comments.account(Node(user, "users", notes)) if isinstance(user, dict) else None
        if ref is None:
            notes.issue("account_skipped", "akun dalam daftar penyuka tanpa id", "users")
            continue
        author = known.author if known else None
        acts[ref.user_id] = ActRecord(urls.PLATFORM, ref, Act.LIKE, target, time, None, author, "users")
    if not acts:
        return Mapped(issues=notes.issues, skipped="daftar penyuka kosong")
    return Mapped((), tuple(acts.values()), notes.issues)


def _asked(url: str) -> str | None:
    """Return the post that an address is about."""
    try:
        parts = urlsplit(url)
        variables = parse_qs(parts.query).get("variables", [""])[0]
    except ValueError:
        return None
    found = _MEDIA_IN_PATH.search(parts.path)
    if found:
        return found[1]
    told = _nested(variables) if variables else None
    given = told if isinstance(told, dict) else {}
    node = Node({"id": given.get("media_id") or given.get("mediaId")}, "", Notes())
    code = given.get("shortcode")
    return node.id("id") or (urls.id_of_code(code) if isinstance(code, str) else None) or urls.item_id(url)


def _once(mapped: list[Mapped]) -> Iterator[Mapped]:
    """Leave out comments that came both with their post and by themselves."""
    seen: set[str] = set()
    for one in mapped:
        fresh = tuple(item for item in one.items if item.item_id not in seen)
        if one.items and not fresh and not any(act.own_item_id is None for act in one.acts):
            continue
        seen.update(item.item_id for item in one.items)
        yield one


def _is_wall(page: SavedPage) -> bool:
    if any(mark in page.url for mark in ("/accounts/login", "/challenge", "/consent")):
        return True
    text = page_text(page)
    return any(mark in text for mark in ('id="login_form"', 'id="loginForm"', '"LoginAndSignupPage"'))
