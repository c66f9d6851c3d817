"""Addresses, handles and ids of Instagram.

The canonical id of a post is its number (`pk`); the short code in addresses is the same number in base 64, so each
gives the other.
"""

from __future__ import annotations

import itertools
import re
from datetime import UTC, datetime, timedelta

from monitor.domain import AccountRef
from scrapers.imports.links import path_on
from scrapers.places import Place, StableId

PLATFORM = "instagram"
HOSTS = frozenset({"instagram.com", "m.instagram.com", "instagr.am"})
_HANDLE = re.compile(r"(?!.*\.\.)[A-Za-z0-9_][A-Za-z0-9_.]{0,29}(?<!\.)", re.ASCII)
_ID = re.compile(r"[1-9][0-9]{0,19}", re.ASCII)
_LONG_ID = re.compile(r"[1-9][0-9]{4,19}", re.ASCII)  # shorter numbers are likelier handles
_CODE = re.compile(r"[A-Za-z0-9_-]{5,40}", re.ASCII)
_POSTS = frozenset({"p", "reel", "reels", "tv"})
_RESERVED = _POSTS | {
    "about", "accounts", "api", "challenge", "developer", "direct", "directory", "explore", "legal", "popular",
    "privacy", "share", "stories", "terms", "web",
}  # fmt: skip
_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
_CODE_LENGTH = 11  # codes of private posts are longer; the first eleven letters are the number
_EPOCH = datetime(2011, 8, 24, 21, 7, 1, 721000, tzinfo=UTC)


def account_ref(text: str) -> AccountRef | None:
    """Return the account that a profile address, "@handle", handle or numeric id names; None for anything else.

    Many digits alone are a stable id; such a handle is written with "@". Where only the handle is known, `user_id` is
    "@" and the handle in lower case.
    """
    text = text.strip()
    if _LONG_ID.fullmatch(text):
        return AccountRef(PLATFORM, text)
    if _HANDLE.fullmatch(text.removeprefix("@")) and text.removeprefix("@").lower() not in HOSTS:
        return _by_handle(text.removeprefix("@"))
    path = path_on(text, HOSTS)
    if not path:
        return None
    name = path[1] if path[0] == "stories" and len(path) > 1 and path[1] != "highlights" else path[0]
    handle = name.removeprefix("@")
    return _by_handle(handle) if _HANDLE.fullmatch(handle) and handle.lower() not in _RESERVED else None


def item_id(url: str) -> str | None:
    """Return the id of the post or reel at an address, None when it is none."""
    path = path_on(url, HOSTS) or ()
    for word, code in itertools.pairwise(path):
        if word in _POSTS and _CODE.fullmatch(code):
            return id_of_code(code)
    return None


def place(url: str, stable: StableId) -> Place | None:
    """Return the post, or the comment below it, that an address names."""
    del stable
    identity = item_id(url)
    if identity is None:
        return None
    path = path_on(url, HOSTS) or ()
    comment = next((c for word, c in itertools.pairwise(path) if word == "c" and _ID.fullmatch(c)), None)
    author = account_ref(url) if path[0].lower() not in _RESERVED else None
    if comment is None:
        return Place(PLATFORM, identity, item_url(identity), author, not_before=time_of_id(identity))
    return Place(PLATFORM, comment, item_url(identity, comment), parent_id=identity, not_before=time_of_id(identity))


def profile_url(handle: str) -> str:
    """Return the address of a profile."""
    return f"https://www.instagram.com/{handle}/"


def item_url(identity: str, comment: str | None = None) -> str:
    """Return the address of a post or of one comment below it."""
    post = f"https://www.instagram.com/p/{code_of_id(identity)}/"
    return f"{post}c/{comment}/" if comment else post


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
    """Return when a post's id was given out, None for the short ids of Instagram's first year."""
    number = int(identity)
    return _EPOCH + timedelta(milliseconds=number >> 23) if 1 << 50 < number < 1 << 63 else None


def _by_handle(handle: str) -> AccountRef:
    return AccountRef(PLATFORM, "@" + handle.lower(), handle)
