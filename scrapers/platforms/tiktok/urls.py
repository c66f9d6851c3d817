"""Addresses, handles and ids of TikTok.

The canonical id of a video is its number: the handle in an address is only a label. Short links (vm.tiktok.com) name
nothing without asking TikTok, so they are not understood.
"""

from __future__ import annotations

import itertools
import re
from datetime import UTC, datetime

from monitor.domain import AccountRef
from scrapers.imports.links import path_on
from scrapers.places import Place, StableId

PLATFORM = "tiktok"
_HOSTS = frozenset({"tiktok.com", "m.tiktok.com"})
_HANDLE = re.compile(r"[A-Za-z0-9_.]{2,24}(?<!\.)", re.ASCII)
_ID = re.compile(r"[1-9][0-9]{0,19}", re.ASCII)
_LONG_ID = re.compile(r"[1-9][0-9]{7,19}", re.ASCII)  # shorter numbers are likelier handles


def account_ref(text: str) -> AccountRef | None:
    """Return the account that a profile or video address, "@handle", handle or id names; None for anything else.

    Many digits alone are a stable id; such a handle is written with "@". Where only the handle is known, `user_id` is
    "@" and the handle in lower case.
    """
    text = text.strip()
    if _LONG_ID.fullmatch(text):
        return AccountRef(PLATFORM, text)
    if _HANDLE.fullmatch(text.removeprefix("@")) and text.removeprefix("@").lower() not in _HOSTS | {"vm.tiktok.com"}:
        return _by_handle(text.removeprefix("@"))
    path = path_on(text, _HOSTS)
    if not path or not path[0].startswith("@") or not _HANDLE.fullmatch(path[0][1:]):
        return None
    return _by_handle(path[0][1:])


def item_id(url: str) -> str | None:
    """Return the id of the video or photo post at an address, None when it is none."""
    path = path_on(url, _HOSTS) or ()
    for word, number in itertools.pairwise(path):
        if word in ("video", "photo", "v") and _ID.fullmatch(number.removesuffix(".html")):
            return number.removesuffix(".html")
    return None


def place(url: str, stable: StableId) -> Place | None:
    """Return the video or photo post that an address names."""
    del stable
    identity = item_id(url)
    if identity is None:
        return None
    return Place(PLATFORM, identity, item_url(identity, None), account_ref(url), not_before=time_of_id(identity))


def profile_url(handle: str) -> str:
    """Return the address of a profile."""
    return f"https://www.tiktok.com/@{handle}"


def item_url(identity: str, handle: str | None) -> str:
    """Return the address of a video, which also works while the handle is unknown."""
    return f"https://www.tiktok.com/@{handle or '_'}/video/{identity}"


def time_of_id(identity: str) -> datetime | None:
    """Return when a video's or comment's id was given out: its upper bits are Unix seconds."""
    seconds = int(identity) >> 32
    return datetime.fromtimestamp(seconds, UTC) if 1_400_000_000 < seconds < 4_102_444_800 else None


def _by_handle(handle: str) -> AccountRef:
    return AccountRef(PLATFORM, "@" + handle.lower(), handle)
