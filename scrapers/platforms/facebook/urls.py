"""Addresses, names and ids of Facebook.

The canonical id of a post, photo, video or comment is its own number. The Graph API joins it to the number above it
("<page>_<post>", "<post>_<comment>"), captured pages give it bare, so the last part of a joined id is the key.
A "pfbid" is made anew for every viewer and is no key.
"""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

from monitor.domain import AccountRef
from scrapers.imports.links import path_on
from scrapers.places import Place, StableId

PLATFORM = "facebook"
HOSTS = frozenset({
    "facebook.com", "m.facebook.com", "web.facebook.com", "mbasic.facebook.com", "touch.facebook.com",
    "l.facebook.com", "id-id.facebook.com", "fb.com", "business.facebook.com",
})  # fmt: skip
_NUMBER = re.compile(r"[1-9][0-9]{0,24}", re.ASCII)
_LONG_NUMBER = re.compile(r"[1-9][0-9]{4,24}", re.ASCII)  # shorter numbers are likelier names
_JOINED = re.compile(r"(?:[0-9]{1,25}_)?([1-9][0-9]{0,24})", re.ASCII)
_NAME = re.compile(r"[A-Za-z0-9.]{3,60}", re.ASCII)
_SLUG_NUMBER = re.compile(r".*?-?([1-9][0-9]{4,24})", re.ASCII)  # "Nama-Orang-100012345678901"
_TITLED = re.compile(r"[^/]+-([1-9][0-9]{8,24})", re.ASCII)  # a page without a name of its own
_POSTS = frozenset({"posts", "permalink", "videos", "video", "photos", "photo", "reel", "reels", "activity", "notes"})
_QUERIES = ("story_fbid", "fbid", "v", "multi_permalinks")
_RESERVED = _POSTS | {
    "ads", "bookmarks", "business", "dialog", "events", "friends", "gaming", "groups", "hashtag", "help", "home.php",
    "legal", "login", "marketplace", "media", "messages", "notifications", "pages", "people", "permalink.php",
    "photo.php", "plugins", "policies", "privacy", "profile.php", "search", "settings", "share", "sharer",
    "sharer.php", "stories", "story.php", "video.php", "watch",
}  # fmt: skip


def account_ref(text: str) -> AccountRef | None:
    """Return the account that a profile or post address, a name or a number names; None for anything else.

    Where only the name is known, `user_id` is "@" and the name in lower case.
    """
    text = text.strip()
    if _LONG_NUMBER.fullmatch(text):
        return AccountRef(PLATFORM, text)
    if _NAME.fullmatch(text.removeprefix("@")) and text.lower() not in HOSTS:
        return _by_name(text.removeprefix("@"))
    path = path_on(text, HOSTS)
    if not path:
        return None
    number = _owner_number(text, path)
    if number is not None:
        return AccountRef(PLATFORM, number)
    return _by_name(path[0]) if _NAME.fullmatch(path[0]) and path[0].lower() not in _RESERVED else None


def item_id(url: str) -> str | None:
    """Return the number of the post, photo or video at an address; None when it names none by a stable number."""
    path = path_on(url, HOSTS)
    if path is None:
        return None
    for place, word in enumerate(path):
        if word.lower() in _POSTS:
            # the number stands last, after an album ("photos/a.1/2") or a title ("posts/judul/2")
            found = next((part for part in reversed(path[place + 1 :]) if _NUMBER.fullmatch(part)), None)
            if found is not None:
                return found
    return next((number for name in _QUERIES if (number := _query(url, name))), None)


def place(url: str, stable: StableId) -> Place | None:
    """Return the post, or the comment below it, that an address names."""
    del stable
    post = item_id(url)
    if post is None:
        return None
    comment, parent = comment_ids(url)
    author = account_ref(url)
    if comment is None:
        return Place(PLATFORM, post, item_url(post), author)
    return Place(PLATFORM, comment, comment_url(post, comment), parent_id=parent or post)


def comment_ids(url: str) -> tuple[str | None, str | None]:
    """Return the number of the comment at an address and of the comment that it answers; None where there is none."""
    if path_on(url, HOSTS) is None:
        return None, None
    thread, reply = _query(url, "comment_id"), _query(url, "reply_comment_id")
    return (reply, thread) if reply else (thread, None)


def number_of(identity: str) -> str | None:
    """Return the own number of a bare or joined id, None when it is neither."""
    found = _JOINED.fullmatch(identity)
    return found[1] if found else None


def owner_of(identity: str) -> str | None:
    """Return the first part of a joined id: of a post the page, of a comment the post."""
    first, mark, last = identity.partition("_")
    return first if mark and _NUMBER.fullmatch(first) and _NUMBER.fullmatch(last) else None


def profile_url(user: str) -> str:
    """Return the address of an account, by its number or its name."""
    return f"https://www.facebook.com/{user.removeprefix('@')}"


def item_url(identity: str, owner: str | None = None) -> str:
    """Return the address of a post, which also works while its page is unknown."""
    return f"https://www.facebook.com/{owner}/posts/{identity}" if owner else f"https://www.facebook.com/{identity}"


def comment_url(post: str, comment: str, owner: str | None = None) -> str:
    """Return the address of a comment below a post."""
    return f"{item_url(post, owner)}?comment_id={comment}"


def _owner_number(url: str, path: tuple[str, ...]) -> str | None:
    """Return the number by which an address names an account."""
    first = path[0].lower()
    if first in ("profile.php", "permalink.php", "story.php"):
        return _query(url, "id")
    if first in ("people", "pages", "p"):
        return next((m[1] for part in reversed(path[1:]) if (m := _SLUG_NUMBER.fullmatch(part))), None)
    named = _TITLED.fullmatch(path[0])
    return named[1] if named else path[0] if _LONG_NUMBER.fullmatch(path[0]) else None


def _query(url: str, name: str) -> str | None:
    try:
        values = parse_qs(urlsplit(url if "://" in url else f"https://{url}").query).get(name, [])
    except ValueError:
        return None
    return number_of(values[0]) if values else None


def _by_name(name: str) -> AccountRef:
    return AccountRef(PLATFORM, "@" + name.lower(), name)
