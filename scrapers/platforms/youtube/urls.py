"""Addresses and stable ids of YouTube.

A channel's id begins with "UC", a video's has eleven characters, comments and community posts begin with "Ug". The id
of a reply is that of the comment it stands below, a dot, and its own.
"""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlencode, urlsplit

from monitor.domain import AccountRef
from scrapers.contract import SourceOptions
from scrapers.imports.links import path_on
from scrapers.places import Place, StableId

PLATFORM = "youtube"
API = "https://youtube.googleapis.com"
HOSTS = frozenset({"youtube.com", "m.youtube.com", "youtu.be", "music.youtube.com", "youtube-nocookie.com"})
MOST_PER_PAGE = 50  # of playlist items, and of videos asked for by id
COMMENTS_PER_PAGE = 100

_CHANNEL = re.compile(r"UC[A-Za-z0-9_-]{22}", re.ASCII)
_VIDEO = re.compile(r"[A-Za-z0-9_-]{11}", re.ASCII)
_COMMENT = re.compile(r"Ug[A-Za-z0-9_-]{10,60}(?:\.[A-Za-z0-9_-]{10,60})?", re.ASCII)
_HANDLE = re.compile(r"[\w.·-]{3,60}")
_OLD_NAME = re.compile(r"[A-Za-z0-9]{1,40}", re.ASCII)
_SHOWS_VIDEO = frozenset({"shorts", "live", "embed", "v", "e"})


def channel_id(text: str) -> str | None:
    """Return a text that is a channel's id, None for any other."""
    return text if _CHANNEL.fullmatch(text) else None


def video_id(text: str) -> str | None:
    """Return a text that is a video's id, None for any other."""
    return text if _VIDEO.fullmatch(text) else None


def comment_id(text: str) -> str | None:
    """Return a text that is the id of a comment, None for any other."""
    return text if _COMMENT.fullmatch(text) else None


def handle(text: str) -> str | None:
    """Return a handle without its "@", in lower case; None for a text that is none."""
    name = text.strip()
    return name[1:].lower() if name.startswith("@") and _HANDLE.fullmatch(name[1:]) else None


def account_ref(text: str) -> AccountRef | None:
    """Return the account that a channel's address, "@handle" or id names; None for anything else.

    Addresses of the kinds /c/name and /user/name name a channel only to YouTube itself.
    """
    text = text.strip()
    if _CHANNEL.fullmatch(text):
        return AccountRef(PLATFORM, text)
    name = handle(text)
    if name is not None:
        return by_handle(name)
    path = path_on(text, HOSTS)
    if not path:
        return None
    if path[0] == "channel" and len(path) > 1 and _CHANNEL.fullmatch(path[1]):
        return AccountRef(PLATFORM, path[1])
    name = handle(path[0])
    return by_handle(name) if name is not None else None


def by_handle(name: str) -> AccountRef:
    """Return the account of which only the handle is known."""
    return AccountRef(PLATFORM, "@" + name.lower(), name)


def old_name(text: str) -> str | None:
    """Return the name in an address of the kind /user/name, None for any other."""
    path = path_on(text, HOSTS) or ()
    return path[1] if len(path) > 1 and path[0] == "user" and _OLD_NAME.fullmatch(path[1]) else None


def video_of(url: str) -> str | None:
    """Return the id of the video at an address, None when it shows none."""
    path = path_on(url, HOSTS)
    if path is None:
        return None
    try:
        parts = urlsplit(url if "://" in url else f"https://{url}")
        asked = parse_qs(parts.query, max_num_fields=100).get("v", [""])[0]
    except ValueError:
        return None
    if (parts.hostname or "").removeprefix("www.") == "youtu.be":
        return video_id(path[0]) if path else None
    if path and path[0] in _SHOWS_VIDEO and len(path) > 1:
        return video_id(path[1])
    return video_id(asked) if path[:1] in (("watch",), ("watch_popup",), ()) else None


def comment_of(url: str) -> str | None:
    """Return the id of the comment that an address highlights, None where it names none."""
    try:
        return comment_id(parse_qs(urlsplit(url).query, max_num_fields=100).get("lc", [""])[0])
    except ValueError:
        return None


def post_of(url: str) -> str | None:
    """Return the id of the community post at an address, None when it is none."""
    path = path_on(url, HOSTS) or ()
    return comment_id(path[1]) if len(path) > 1 and path[0] == "post" else None


def place(url: str, stable: StableId) -> Place | None:
    """Return the video, comment or community post that an address names."""
    del stable
    post, video = post_of(url), video_of(url)
    if post is not None:
        return Place(PLATFORM, post, post_url(post))
    if video is None:
        return None
    comment = comment_of(url)
    if comment is None:
        return Place(PLATFORM, video, video_url(video))
    above = comment.rpartition(".")[0] or video
    return Place(PLATFORM, comment, comment_url(video, comment), parent_id=above)


def video_url(identity: str) -> str:
    """Return the page of a video."""
    return f"https://www.youtube.com/watch?v={identity}"


def comment_url(video: str | None, comment: str) -> str:
    """Return the page that shows a comment."""
    return f"https://www.youtube.com/watch?{urlencode({'v': video or '', 'lc': comment})}"


def post_url(identity: str) -> str:
    """Return the page of a community post."""
    return f"https://www.youtube.com/post/{identity}"


def api(options: SourceOptions, method: str, **params: str | int) -> str:
    """Return the URL of a call of the API; the key is added while sending."""
    base = options.urls.get("api_url", API).rstrip("/")
    return f"{base}/youtube/v3/{method}?{urlencode(params, safe=',')}"
