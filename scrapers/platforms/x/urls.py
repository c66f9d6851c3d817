"""Addresses, handles and ids of X.

The canonical id of a post is its number: `x.com/<handle>/status/<id>` works under any handle, so an address is no key.
"""

from __future__ import annotations

import itertools
import re
from datetime import UTC, datetime, timedelta

from monitor.domain import AccountRef
from scrapers.imports.links import path_on
from scrapers.places import Place, StableId

PLATFORM = "x"
_HOSTS = frozenset({"x.com", "mobile.x.com", "twitter.com", "mobile.twitter.com", "m.twitter.com"})
_HANDLE = re.compile(r"[A-Za-z0-9_]{1,15}", re.ASCII)
_ID = re.compile(r"[1-9][0-9]{0,19}", re.ASCII)
_LONG_ID = re.compile(r"[1-9][0-9]{4,19}", re.ASCII)  # shorter numbers are likelier handles
_RESERVED = frozenset({
    "about", "compose", "explore", "hashtag", "home", "i", "intent", "jobs", "login", "logout", "messages",
    "notifications", "privacy", "search", "settings", "share", "signup", "tos", "download",
})  # fmt: skip
_EPOCH = datetime(2010, 11, 4, 1, 42, 54, 657000, tzinfo=UTC)  # from here on ids encode milliseconds
_FIRST_TIMED_ID = 1 << 40  # ids of before November 2010 are plain counters


def account_ref(text: str) -> AccountRef | None:
    """Return the account that a profile or post address, "@handle", handle or numeric id names; None for anything else.

    Many digits alone are a stable id; such a handle is written with "@". Where only the handle is known, `user_id` is
    "@" and the handle in lower case.
    """
    text = text.strip()
    if _LONG_ID.fullmatch(text):
        return AccountRef(PLATFORM, text)
    if _HANDLE.fullmatch(text.removeprefix("@")):
        return _by_handle(text.removeprefix("@"))
    path = path_on(text, _HOSTS)
    if not path:
        return None
    if path[:2] == ("i", "user") and len(path) == 3 and _ID.fullmatch(path[2]):
        return AccountRef(PLATFORM, path[2])
    handle = path[0].removeprefix("@")
    return _by_handle(handle) if _HANDLE.fullmatch(handle) and handle.lower() not in _RESERVED else None


def item_id(url: str) -> str | None:
    """Return the id of the post at an address, None when it is no post's."""
    path = path_on(url, _HOSTS) or ()
    for word, number in itertools.pairwise(path):
        if word in ("status", "statuses") and _ID.fullmatch(number):
            return number
    return None


def place(url: str, stable: StableId) -> Place | None:
    """Return the post that an address names; X numbers replies like posts, so none names its parent."""
    del stable
    identity = item_id(url)
    if identity is None:
        return None
    return Place(PLATFORM, identity, item_url(identity, None), account_ref(url), published=time_of_id(identity))


def profile_url(handle: str) -> str:
    """Return the address of a profile."""
    return f"https://x.com/{handle}"


def item_url(identity: str, handle: str | None) -> str:
    """Return the address of a post, which also works while the handle is unknown."""
    return f"https://x.com/{handle or 'i'}/status/{identity}"


def time_of_id(identity: str) -> datetime | None:
    """Return when a post's id was given out, None for ids of before November 2010."""
    number = int(identity)
    return _EPOCH + timedelta(milliseconds=number >> 22) if _FIRST_TIMED_ID < number < 1 << 63 else None


def _by_handle(handle: str) -> AccountRef:
    return AccountRef(PLATFORM, "@" + handle.lower(), handle)
