"""Threads: saved pages and recorded answers to records.

Threads stand as `thread_items[]` wherever they are in a page's scripts or an answer; in one of them each post answers
the one before. A thread that a profile only reposted bears `thread_header_context.context_type` "REPOST" and belongs
to the profile whose page it stands on.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from monitor.domain import AccountRef, Act, ActRecord, ActTime, ItemRecord
from scrapers.imports.contract import Mapped, SavedPage
from scrapers.imports.nodes import Node, Notes
from scrapers.imports.page_cleaning import Keeping
from scrapers.imports.page_json import page_text, values, walk
from scrapers.platforms.threads import urls
from scrapers.platforms.threads.capture import VERSION, Above, account, map_post

__all__ = ["HOSTS", "KEEPING", "VERSION", "read_page"]

HOSTS = frozenset({"threads.net", "threads.com"})
KEEPING = Keeping(rendered="", marks=('"thread_items"', '"text_post_app_info"', '"taken_at"'))

_WALL = "Threads meminta masuk: halaman tidak berisi unggahan"
_MOST_OBJECTS = 2_000_000
_MOST_IN_THREAD = 500


def read_page(page: SavedPage) -> tuple[Mapped, ...]:
    """Read every post of a page and whom it was reposted by; posts that stand twice are read once."""
    found = list(values(page))
    mapped: list[Mapped] = []
    seen: set[str] = set()
    for thread in _threads(found):
        for one in _thread(thread, found, page):
            fresh = [item.item_id for item in one.items if item.item_id not in seen]
            if fresh or not one.items:
                mapped.append(one)
            seen.update(fresh)
    if not mapped and _is_wall(page):
        return (Mapped(skipped=_WALL),)
    return tuple(mapped)


def _threads(found: Iterable[Any]) -> Iterator[dict[str, Any]]:
    """Return every thread; a post that stands outside of one is a thread of its own."""
    waiting, seen = list(reversed(list(found))), 0
    while waiting and seen < _MOST_OBJECTS:
        here = waiting.pop()
        seen += 1
        if isinstance(here, dict):
            if isinstance(here.get("thread_items"), list):
                yield here
                continue
            if _is_post(here):
                yield {"thread_items": [{"post": here}]}
                continue
        entries = here.values() if isinstance(here, dict) else here
        waiting.extend(entry for entry in reversed(list(entries)) if isinstance(entry, dict | list))


def _is_post(data: dict[str, Any]) -> bool:
    own = "text_post_app_info" in data or "text_app_info" in data
    return own and isinstance(data.get("user"), dict) and "taken_at" in data


def _thread(thread: dict[str, Any], found: list[Any], page: SavedPage) -> Iterator[Mapped]:
    above = Above()
    for entry in thread["thread_items"][:_MOST_IN_THREAD]:
        post = entry.get("post") if isinstance(entry, dict) else None
        if not isinstance(post, dict):
            continue
        mapped = map_post(post, page.captured_at, above)
        own = mapped.items[0] if mapped.items else None
        yield mapped
        if own is not None:
            if above.parent is None and _is_repost(thread):
                yield _repost(own, found, page)
            above = Above(own, above.root or own)
        else:
            above = Above(None, above.root)


def _is_repost(thread: dict[str, Any]) -> bool:
    context = thread.get("thread_header_context")
    return isinstance(context, dict) and context.get("context_type") == "REPOST"


def _repost(item: ItemRecord, found: list[Any], page: SavedPage) -> Mapped:
    """Return the share of a thread by the profile that it stands on; when it was shared is not shown."""
    owner = urls.account_ref(page.url)
    if owner is None or owner.handle is None:
        return Mapped(skipped="bagikan ulang tanpa nama profil pada alamatnya")
    published = item.published.earliest
    time = ActTime(lo=published if published and published < page.captured_at else None, hi=page.captured_at)
    actor = _known(owner.handle, found) or owner
    share = ActRecord(urls.PLATFORM, actor, Act.SHARE, item.item_id, time, None, item.author, "thread_header_context")
    return Mapped(acts=(share,))


def _known(handle: str, found: list[Any]) -> AccountRef | None:
    """Return the account of a handle by its number, where the page shows it."""
    for value in found:
        for data in walk(value):
            name = data.get("username")
            if isinstance(name, str) and name.lower() == handle.lower():
                ref = account(Node(data, "user", Notes()))
                if ref is not None:
                    return ref
    return None


def _is_wall(page: SavedPage) -> bool:
    text = page_text(page)
    return "/login" in page.url or any(mark in text for mark in ('id="login_form"', '"BarcelonaLoginPage"'))
