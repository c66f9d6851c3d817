"""TikTok: saved pages and recorded answers to records.

Shapes: `SIGI_STATE` (2021 to 2023) and `__UNIVERSAL_DATA_FOR_REHYDRATION__` (since 2023) of pages, the answers of
`/api/comment/list/` and of lists of videos, and comments of the rendered page (`data-e2e`), which show an author's
handle only and when a comment was written only roughly: the time is taken from the comment's id where it stands there.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import parse_qs, urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from monitor.domain import AccountRef, ActTime, ItemKind, ItemRecord, published_act
from scrapers.imports.contract import Mapped, SavedPage
from scrapers.imports.page_cleaning import Keeping
from scrapers.imports.page_json import looks_like_html, page_text, values
from scrapers.platforms.tiktok import urls
from scrapers.platforms.tiktok.mapper import VERSION, map_item

__all__ = ["HOSTS", "KEEPING", "VERSION", "read_page"]

HOSTS = frozenset({"tiktok.com"})
KEEPING = Keeping(
    rendered="body",
    removed='header, nav, aside, [class*="Header"], [class*="SideNav"], [data-e2e^="nav-"], [data-e2e="profile-icon"]',
    marks=('"createTime"', '"create_time"', '"uniqueId"', '"aweme_id"'),
)

_CHALLENGE = "TikTok menahan halaman dengan tantangan (bukan isi halaman); rekam ulang setelah halaman tampil"
_CHALLENGES = ('id="cs"', "Please wait...", "captcha-verify", "verify-bar-close", "_wafchallengeid")
_WRITTEN = '[data-e2e="comment-level-1"], [data-e2e="comment-level-2"]'
_COMMENT_ID = re.compile(r"[1-9][0-9]{16,19}", re.ASCII)
_MOST_OBJECTS = 2_000_000
_MOST_ABOVE = 12  # elements from a comment's text up to the one that holds its author


def read_page(page: SavedPage) -> tuple[Mapped, ...]:
    """Read every video and comment of a page; a challenge instead of the page is said so."""
    post = urls.item_id(page.url) or _asked(page.url)
    found = list(values(page))
    users = _users(found)
    posts, comments = _items(found)
    mapped = [map_item(_with_author(raw, users), page.captured_at) for raw in posts.values()]
    mapped += [map_item(_whole(raw, post, users), page.captured_at) for raw in comments.values()]
    text = page_text(page)
    if looks_like_html(text):
        known = {item.item_id for one in mapped for item in one.items}
        mapped += [one for one in _rendered(text, post, page) if one.items[0].item_id not in known]
        if not mapped and any(mark in text for mark in _CHALLENGES):
            return (Mapped(skipped=_CHALLENGE),)
    return tuple(mapped)


def _items(found: Iterable[Any]) -> tuple[dict[str, dict[str, Any]], dict[str, dict[str, Any]]]:
    """Return the posts and comments of a page by their ids, outermost first."""
    posts: dict[str, dict[str, Any]] = {}
    comments: dict[str, dict[str, Any]] = {}
    waiting, seen = list(reversed(list(found))), 0
    while waiting and seen < _MOST_OBJECTS:
        here = waiting.pop()
        seen += 1
        if isinstance(here, dict):
            if _is_comment(here):
                comments.setdefault(str(here["cid"]), here)
                continue
            if _is_post(here):
                posts.setdefault(str(here["id"]), here)
                continue
        entries = here.values() if isinstance(here, dict) else here
        waiting.extend(entry for entry in reversed(list(entries)) if isinstance(entry, dict | list))
    return posts, comments


def _is_comment(data: Mapping[str, Any]) -> bool:
    return bool(data.get("cid")) and "text" in data and ("create_time" in data or "user" in data)


def _is_post(data: Mapping[str, Any]) -> bool:
    return bool(data.get("id")) and "createTime" in data and ("author" in data or "authorId" in data) and "desc" in data


def _users(found: Iterable[Any]) -> Mapping[str, Mapping[str, Any]]:
    """Return the accounts that a page describes, by handle and by number."""
    users: dict[str, Mapping[str, Any]] = {}
    for data in _objects(found):
        identity, handle = data.get("id"), data.get("uniqueId")
        if isinstance(identity, str) and isinstance(handle, str) and identity.isdigit():
            users.setdefault(handle, data)
            users.setdefault(identity, data)
    return users


def _objects(found: Iterable[Any]) -> Iterator[Mapping[str, Any]]:
    waiting, seen = list(found), 0
    while waiting and seen < _MOST_OBJECTS:
        here = waiting.pop()
        seen += 1
        if isinstance(here, dict):
            yield here
        entries = here.values() if isinstance(here, dict) else here if isinstance(here, list) else ()
        waiting.extend(entry for entry in entries if isinstance(entry, dict | list))


def _with_author(raw: dict[str, Any], users: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Return a post with its author's number, where the page keeps accounts apart."""
    author = raw.get("author")
    if not isinstance(author, str) or raw.get("authorId"):
        return raw
    return {**raw, "authorId": users.get(author, {}).get("id") or "@" + author.lower()}


def _whole(raw: dict[str, Any], post: str | None, users: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Return a comment with its video and its author, where the page keeps them apart."""
    whole = dict(raw)
    if not whole.get("aweme_id"):
        whole["aweme_id"] = post
    user = whole.get("user")
    if isinstance(user, str):
        known = users.get(user, {})
        identity = known.get("id") or (user if user.isdigit() else "@" + user.lower())
        whole["user"] = {"uid": identity, "unique_id": known.get("uniqueId") or ("" if user.isdigit() else user)}
    elif isinstance(user, dict) and "uid" not in user and "id" in user:
        whole["user"] = {**user, "uid": user["id"], "unique_id": user.get("unique_id") or user.get("uniqueId") or ""}
    return whole


def _rendered(text: str, post: str | None, page: SavedPage) -> list[Mapped]:
    found: list[Mapped] = []
    if post is None:
        return found
    thread: ItemRecord | None = None
    for node in LexborHTMLParser(text).css(_WRITTEN):
        reply = node.attributes.get("data-e2e") == "comment-level-2"
        item = _written(node, post, thread if reply else None, page)
        if item is None:
            continue
        if not reply:
            thread = item
        act = published_act(item)
        found.append(Mapped((item,), (act,) if act else ()))
    return found


def _written(node: LexborNode, post: str, above: ItemRecord | None, page: SavedPage) -> ItemRecord | None:
    """Return a rendered comment, None where no author's handle stands beside it."""
    holder, identity, handle = node.parent, None, None
    for _ in range(_MOST_ABOVE):
        if holder is None or (handle and identity):
            break
        marked = holder.attributes.get("id") or ""
        identity = identity or (marked if _COMMENT_ID.fullmatch(marked) else None)
        link = holder.css_first('a[href*="/@"]') if handle is None else None
        handle = handle or _handle(link)
        holder = holder.parent
    if handle is None:
        return None
    text = node.text(deep=True).strip()
    published = urls.time_of_id(identity) if identity else None
    if identity is None:  # the same comment must get the same key when the page is imported again
        digest = hashlib.sha256(f"{handle}\x1f{text}".encode("utf-8", "replace")).hexdigest()
        identity = f"{post}#{digest[:16]}"
    started = urls.time_of_id(post)
    bracket = ActTime(lo=started if started and started < page.captured_at else None, hi=page.captured_at)
    return ItemRecord(
        platform=urls.PLATFORM,
        item_id=identity,
        author=AccountRef(urls.PLATFORM, "@" + handle.lower(), handle),
        kind=ItemKind.COMMENT,
        text=text,
        url=urls.item_url(post, None),
        published=ActTime(occurred_at=published) if published and published <= page.captured_at else bracket,
        parent_id=above.item_id if above else post,
        parent_author=above.author if above else None,
        root_id=post,
        pointer="data-e2e",
    )


def _handle(link: LexborNode | None) -> str | None:
    address = (link.attributes.get("href") or "") if link is not None else ""
    full = f"https://www.tiktok.com{address}" if address.startswith("/") else address
    ref = urls.account_ref(full) if "/@" in full else None
    return ref.handle if ref else None


def _asked(url: str) -> str | None:
    """Return the video that a list of comments is about."""
    try:
        query = parse_qs(urlsplit(url).query)
    except ValueError:
        return None
    found = next((query[name][0] for name in ("aweme_id", "item_id") if query.get(name)), "")
    return found if _COMMENT_ID.fullmatch(found) else None
