"""How the platforms name accounts and posts, for tables that give an id, a handle or an address of them."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from monitor.domain import AccountRef
from scrapers.places import Place, StableId
from scrapers.platforms.bluesky import urls as bluesky
from scrapers.platforms.facebook import urls as facebook
from scrapers.platforms.instagram import urls as instagram
from scrapers.platforms.mastodon import urls as mastodon
from scrapers.platforms.telegram import urls as telegram
from scrapers.platforms.threads import urls as threads
from scrapers.platforms.tiktok import urls as tiktok
from scrapers.platforms.x import urls as x
from scrapers.platforms.youtube import urls as youtube

_HEX = re.compile(r"[0-9a-f]{32,128}", re.ASCII)
_NOBODY = frozenset({"n/a", "none", "null", "nan", "undefined", "[deleted]", "unknown", "anonymous", "-"})
_NUMBER = re.compile(r"[1-9][0-9]{0,24}", re.ASCII)
_LONG_NUMBER = re.compile(r"[1-9][0-9]{3,24}", re.ASCII)
_WORD = re.compile(r"@?[A-Za-z0-9_.]{1,60}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Site:
    """One platform: what its stable account ids, handles and canonical post ids look like, and how addresses are read.

    `item` turns an id as tools give it into the canonical one; `link` makes the address of a text from its id and,
    for a comment, the id of the post.
    """

    name: str
    stable: re.Pattern[str]
    handle: re.Pattern[str]
    item: Callable[[str], str | None]
    place: Callable[[str, StableId], Place | None]
    account: Callable[[str], AccountRef | None]
    link: Callable[[str, str | None], str]

    def who(self, user_id: str, handle: str, url: str = "") -> AccountRef | None:
        """Return an account by its stable id, else by its handle, else by its profile's address; None without any."""
        user_id, handle = _said(user_id), _said(handle)
        named = self.account(url) if "/" in url else None
        if not self.handle.fullmatch(handle):
            handle = (named.handle or "") if named is not None else ""
        handle = handle.removeprefix("@")
        if self.stable.fullmatch(user_id):
            return AccountRef(self.name, user_id, handle or None)
        if named is not None and not named.user_id.startswith("@"):
            return AccountRef(self.name, named.user_id, handle or named.handle)
        return AccountRef(self.name, "@" + handle.lower(), handle) if handle else None

    def what(self, identity: str, url: str = "") -> str | None:
        """Return the canonical id of a text by its id, else by its address."""
        found = self.item(identity) if identity else None
        if found is None and "/" in url:
            placed = self.where(url)
            return placed.item_id if placed is not None else None
        return found

    def where(self, url: str) -> Place | None:
        """Return what an address names, None for an address that is not understood."""
        try:
            return self.place(url, lambda _handle: None)
        except ValueError:
            return None


def is_pseudonym(text: str) -> bool:
    """Whether an author's name is a digest, as tools write that hide who wrote something."""
    return _HEX.fullmatch(text) is not None or text in ("REDACTED", "[redacted]")


def site_of(url: str) -> Site | None:
    """Return the platform whose address this is, None for none; the fediverse has no hosts of its own."""
    return next((site for site in SITES.values() if site.name != "mastodon" and _knows(site, url)), None)


def _knows(site: Site, url: str) -> bool:
    return site.where(url) is not None or ("/" in url and site.account(url) is not None)


def _said(text: str) -> str:
    text = text.strip()
    return "" if text.lower() in _NOBODY else text


def _number(text: str) -> str | None:
    return text if _NUMBER.fullmatch(text) else None


def _coded(of_code: Callable[[str], str | None]) -> Callable[[str], str | None]:
    """Return the reading of ids that stand as number, as "<post>_<author>", or as the short code of addresses."""

    def item(text: str) -> str | None:
        found = re.fullmatch(r"(?:POLARIS_)?([1-9][0-9]{0,24})(?:_[0-9]+)?", text, re.ASCII)
        return found[1] if found else of_code(text)

    return item


def _facebook_item(text: str) -> str | None:
    """Return the own number of an id; the web client's own ids are "comment:<post>_<comment>" in base 64."""
    if len(text) > 12 and not text[0].isdigit():
        try:
            text = base64.b64decode(text + "=" * (-len(text) % 4), validate=True).decode().rpartition(":")[2]
        except (binascii.Error, ValueError):
            return None
    return facebook.number_of(text)


def _bluesky_account(text: str) -> AccountRef | None:
    name = bluesky.account_name(text)
    if name is None:
        return None
    return AccountRef("bluesky", name if bluesky.is_did(name) else f"@{name}", None if bluesky.is_did(name) else name)


def _mastodon_account(text: str) -> AccountRef | None:
    name = mastodon.account_name(text)
    return AccountRef("mastodon", name.handle, name.handle) if name is not None and name.handle else None


def _youtube_item(text: str) -> str | None:
    return youtube.video_id(text) or youtube.comment_id(text)


def _youtube_link(identity: str, post: str | None) -> str:
    return youtube.comment_url(post, identity) if post else youtube.video_url(identity)


def _bluesky_link(identity: str, post: str | None) -> str:
    del post
    at = bluesky.parse_at(identity)
    return bluesky.post_url(at) if at is not None else identity


def _telegram_link(identity: str, post: str | None) -> str:
    del post
    account, _, number = identity.partition("/")
    return telegram.post_url(account, account.removeprefix("@") if account.startswith("@") else None, number)


_SHORT_WORD = re.compile(r"@?[A-Za-z0-9_]{1,15}", re.ASCII)
_DOMAIN = re.compile(r"@?(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z][A-Za-z0-9-]{0,61}[A-Za-z0-9]")
_DID = re.compile(r"did:[a-z0-9]+:[A-Za-z0-9._:%-]{1,256}")
_AT_URI = re.compile(r"at://did:[a-z0-9]+:[A-Za-z0-9._:%-]{1,256}/[A-Za-z0-9.-]{3,317}/[A-Za-z0-9._:~-]{1,512}")

SITES: Mapping[str, Site] = {
    site.name: site
    for site in (
        Site("x", _LONG_NUMBER, _SHORT_WORD, _number, x.place, x.account_ref, lambda i, _: x.item_url(i, None)),
        Site(
            "instagram", _LONG_NUMBER, _WORD, _coded(instagram.id_of_code), instagram.place, instagram.account_ref,
            lambda i, post: instagram.item_url(post or i, i if post else None),
        ),
        Site(
            "tiktok", _LONG_NUMBER, _WORD, _number, tiktok.place, tiktok.account_ref,
            lambda i, post: tiktok.item_url(post or i, None),
        ),
        Site(
            "threads", _LONG_NUMBER, _WORD, _coded(threads.id_of_code), threads.place, threads.account_ref,
            lambda i, _: threads.item_url(i),
        ),
        Site(
            "facebook", _LONG_NUMBER, re.compile(r"@?[A-Za-z0-9.]{3,60}", re.ASCII), _facebook_item, facebook.place,
            facebook.account_ref, lambda i, post: facebook.comment_url(post, i) if post else facebook.item_url(i),
        ),
        Site(
            "youtube", re.compile(r"UC[\w-]{22}", re.ASCII), re.compile(r"@[\w.\-·]{3,30}"), _youtube_item,
            youtube.place, youtube.account_ref, _youtube_link,
        ),
        Site(
            "telegram", re.compile(r"-?[1-9][0-9]{4,15}", re.ASCII), re.compile(r"@?[A-Za-z]\w{2,31}", re.ASCII),
            lambda text: text if re.fullmatch(r"@?\w{3,32}/\d{1,12}(?:\?comment=\d{1,12})?", text, re.ASCII) else None,
            telegram.place, telegram.account_ref, _telegram_link,
        ),
        Site(
            "bluesky", _DID, _DOMAIN, lambda text: text if _AT_URI.fullmatch(text) else None, bluesky.place,
            _bluesky_account, _bluesky_link,
        ),
        Site(
            "mastodon", re.compile(r"https://\S{4,400}|[\w.-]+@[\w.:-]+"), re.compile(r"@?[\w.-]+@[\w.:-]+"),
            lambda text: text if re.fullmatch(r"https?://\S{4,800}", text) else None, mastodon.place,
            _mastodon_account, lambda i, _: i,
        ),
    )
}  # fmt: skip
