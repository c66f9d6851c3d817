"""Addresses and stable ids of Telegram.

The stable id of a channel or group is its number without the "-100" of bots; where a page names only a public name,
the id is "@" and that name in lower case. A post is `<id>/<number>`, a comment `<id>/<number>?comment=<number>`.
Sources: core.telegram.org/api/links, core.telegram.org/api/bots/ids, core.telegram.org/widgets/discussion.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import parse_qs, urlencode, urlsplit

from monitor.domain import AccountRef
from scrapers.contract import SourceOptions
from scrapers.imports.links import path_on
from scrapers.places import Place, StableId

PLATFORM = "telegram"
WEB = "https://t.me"
HOSTS = frozenset({"t.me", "telegram.me", "telegram.dog"})
COMMENTS_PER_PAGE = 50  # the widget gives no more

_HANDLE = re.compile(r"[A-Za-z][A-Za-z0-9_]{2,31}", re.ASCII)
_NUMBER = re.compile(r"[1-9][0-9]{0,15}", re.ASCII)
_CHAT_ID = re.compile(r"-?(?:100)?(?P<id>[1-9][0-9]{5,15})", re.ASCII)
# First parts of paths that name no account: core.telegram.org/api/links.
_PAGES = frozenset({
    "joinchat", "addstickers", "addemoji", "addlist", "addtheme", "share", "proxy", "socks", "iv", "boost", "giftcode",
    "setlanguage", "bg", "login", "confirmphone", "invoice", "contact", "nft", "call", "m", "stickers", "api", "a", "k",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Link:
    """What an address on Telegram names: a channel or person, one of its posts, a comment below that."""

    account_id: str
    handle: str | None
    post: str | None = None
    comment: str | None = None

    @property
    def item_id(self) -> str | None:
        """The id of the post or comment, None for an account's own page."""
        if self.post is None:
            return None
        return (
            comment_id(self.account_id, self.post, self.comment) if self.comment else f"{self.account_id}/{self.post}"
        )


def parse(text: str) -> Link | None:
    """Return what an address, "@name" or "tg:" link names; None for anything else."""
    text = text.strip()
    if text.lower().startswith(("tg://resolve?", "tg:resolve?")):
        return _resolved(text)
    host = re.fullmatch(r"(?:https?://)?([A-Za-z]\w{3,31})\.t\.me(/.*)?", text)
    path = path_on(f"https://t.me/{host[1]}{host[2] or ''}" if host else text, HOSTS)
    if not path:
        return None
    if path[0] == "s":
        path = path[1:]
    if path and path[0] == "c":
        return _numbered(path[1:], text)
    if not path or path[0].lower() in _PAGES or not _HANDLE.fullmatch(path[0]):
        return None
    return _with_post(f"@{path[0].lower()}", path[0], path[1:], text)


def account_ref(text: str) -> AccountRef | None:
    """Return the account that an address, "@name", name or numeric id names; None for anything else."""
    text = text.strip()
    if _NUMBER.fullmatch(text.removeprefix("-")) and (found := _CHAT_ID.fullmatch(text)) is not None:
        return AccountRef(PLATFORM, found["id"] if text.startswith("-100") else text.removeprefix("-"))
    if _HANDLE.fullmatch(text.removeprefix("@")):
        return by_handle(text.removeprefix("@"))
    link = parse(text)
    return AccountRef(PLATFORM, link.account_id, link.handle) if link is not None else None


def place(url: str, stable: StableId) -> Place | None:
    """Return the post or comment that an address names, by the channel's stable id where the register knows it."""
    link = parse(url)
    if link is None or link.post is None:
        return None
    account_id = (stable(link.handle.lower()) if link.handle else None) or link.account_id
    post = f"{account_id}/{link.post}"
    page, channel = post_url(account_id, link.handle, link.post), AccountRef(PLATFORM, account_id, link.handle)
    certain = is_number(account_id)
    if link.comment is None:
        return Place(PLATFORM, post, page, channel, certain=certain)
    own = comment_id(account_id, link.post, link.comment)
    return Place(PLATFORM, own, f"{page}?comment={link.comment}", parent_id=post, certain=certain)


def by_handle(handle: str) -> AccountRef:
    """Return the account of which only the public name is known."""
    return AccountRef(PLATFORM, "@" + handle.lower(), handle)


def is_number(account_id: str) -> bool:
    """Whether a channel's id is the stable one."""
    return _NUMBER.fullmatch(account_id) is not None


def comment_id(account_id: str, post: str, comment: str) -> str:
    """Return the id of a comment below a channel's post."""
    return f"{account_id}/{post}?comment={comment}"


def post_url(account_id: str, handle: str | None, post: str) -> str:
    """Return the page that shows a post; without a public name the form that only members can open."""
    return f"{WEB}/{handle}/{post}" if handle else f"{WEB}/c/{account_id.removeprefix('@')}/{post}"


def channel_page(options: SourceOptions, handle: str, before: str = "") -> str:
    """Return the preview of a channel: its newest posts, or those before a number."""
    return f"{base(options)}/s/{handle}" + (f"?before={before}" if before else "")


def embedded_post(options: SourceOptions, handle: str, post: str) -> str:
    """Return the page of a single post."""
    return f"{base(options)}/{handle}/{post}?embed=1&mode=tme"


def discussion(options: SourceOptions, handle: str, post: str) -> str:
    """Return the widget that shows the comments below a post."""
    query = urlencode({"embed": 1, "discussion": 1, "comments_limit": COMMENTS_PER_PAGE})
    return f"{base(options)}/{handle}/{post}?{query}"


def base(options: SourceOptions) -> str:
    """Return the address of the web preview."""
    return options.urls.get("web_url", WEB).rstrip("/")


def _resolved(text: str) -> Link | None:
    query = parse_qs(text.partition("?")[2])
    name, post = query.get("domain", [""])[0], query.get("post", [""])[0]
    if not _HANDLE.fullmatch(name):
        return None
    return Link(f"@{name.lower()}", name, post if _NUMBER.fullmatch(post) else None)


def _numbered(path: tuple[str, ...], text: str) -> Link | None:
    if not path or not _NUMBER.fullmatch(path[0]):
        return None
    return _with_post(path[0], None, path[1:], text)


def _with_post(account_id: str, handle: str | None, rest: tuple[str, ...], text: str) -> Link:
    numbers = [part for part in rest if _NUMBER.fullmatch(part)]
    post = numbers[-1] if numbers else None  # in a group with topics the topic comes first
    query = parse_qs(urlsplit(text).query)
    comment = query.get("comment", [""])[0]
    return Link(account_id, handle, post, comment if post and _NUMBER.fullmatch(comment) else None)
