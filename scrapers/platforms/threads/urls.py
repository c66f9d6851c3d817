"""Addresses, handles and ids of Threads.

The canonical id of a post is its number; the short code in addresses is the same number in base 64, so each gives the
other. Meta's API counts posts with numbers of its own, so a post that it shows is known by the code in its address.
"""

from __future__ import annotations

import itertools
import re
from datetime import UTC, datetime, timedelta

from monitor.domain import AccountRef
from scrapers.imports.links import path_on
from scrapers.places import Place, StableId

PLATFORM = "threads"
_HOSTS = frozenset({"threads.net", "threads.com"})
_HANDLE = re.compile(r"(?!.*\.\.)[A-Za-z0-9_][A-Za-z0-9_.]{0,29}(?<!\.)", re.ASCII)
_LONG_ID = re.compile(r"[1-9][0-9]{4,19}", re.ASCII)  # shorter numbers are likelier handles
_CODE = re.compile(r"[A-Za-z0-9_-]{5,40}", re.ASCII)
_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
_CODE_LENGTH = 11  # the first eleven letters are the number
_EPOCH = datetime(2011, 8, 24, 21, 7, 1, 721000, tzinfo=UTC)


def account_ref(text: str) -> AccountRef | None:
    """Return the account that a profile or post address, "@handle", handle or number names; None for anything else.

    Many digits alone are a stable id; such a handle is written with "@". Where only the handle is known, `user_id` is
    "@" and the handle in lower case.
    """
    text = text.strip()
    if _LONG_ID.fullmatch(text):
        return AccountRef(PLATFORM, text)
    if _HANDLE.fullmatch(text.removeprefix("@")) and text.removeprefix("@").lower() not in _HOSTS:
        return by_handle(text.removeprefix("@"))
    path = path_on(text, _HOSTS)
    if not path or not path[0].startswith("@") or not _HANDLE.fullmatch(path[0][1:]):
        return None
    return by_handle(path[0][1:])


def by_handle(handle: str) -> AccountRef:
    """Return the account of which nothing but the handle is known."""
    return AccountRef(PLATFORM, "@" + handle.lower(), handle)


def item_id(url: str) -> str | None:
    """Return the number of the post at an address, None when it is none."""
    path = path_on(url, _HOSTS) or ()
    for word, code in itertools.pairwise(path):
        if word in ("post", "t") and _CODE.fullmatch(code):
            return id_of_code(code)
    return None


def place(url: str, stable: StableId) -> Place | None:
    """Return the post that an address names; Threads numbers replies like posts, so none names its parent."""
    del stable
    identity = item_id(url)
    return Place(PLATFORM, identity, item_url(identity), account_ref(url)) if identity else None


def profile_url(handle: str) -> str:
    """Return the address of a profile."""
    return f"https://www.threads.com/@{handle.removeprefix('@')}"


def item_url(identity: str, handle: str | None = None) -> str:
    """Return the address of a post, which also works while the handle is unknown."""
    code = code_of_id(identity)
    return f"https://www.threads.com/@{handle}/post/{code}" if handle else f"https://www.threads.com/t/{code}"


def id_of_code(code: str) -> str | None:
    """Return the number that a short code stands for, None when it is no code."""
    if not _CODE.fullmatch(code):
        return None
    number = 0
    for letter in code[:_CODE_LENGTH]:
        number = number * 64 + _ALPHABET.index(letter)
    return str(number) if number else None


def code_of_id(identity: str) -> str:
    """Return the short code of a post's number."""
    number, code = int(identity), ""
    while number:
        number, letter = divmod(number, 64)
        code = _ALPHABET[letter] + code
    return code


def time_of_id(identity: str) -> datetime | None:
    """Return when a post's id was given out, None for a number that holds no time."""
    number = int(identity)
    return _EPOCH + timedelta(milliseconds=number >> 23) if 1 << 50 < number < 1 << 63 else None
