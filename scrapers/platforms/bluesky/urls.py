"""Addresses and stable ids of Bluesky: DIDs, at-URIs, profile and post links, record keys."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import unquote, urlencode, urlsplit

from monitor.domain import AccountRef
from scrapers.places import Place, StableId

Params = Iterable[tuple[str, str | int | None]]

POST = "app.bsky.feed.post"
LIKE = "app.bsky.feed.like"
REPOST = "app.bsky.feed.repost"

_DID = re.compile(r"did:(plc:[a-z2-7]{24}|web:[A-Za-z0-9.-]+(%3A\d{1,5})?|[a-z0-9]+:[A-Za-z0-9._:%-]{1,256})")
_HANDLE = re.compile(
    r"(?=.{3,253}$)([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z][A-Za-z0-9-]{0,61}[A-Za-z0-9]"
)
_AT_URI = re.compile(r"at://(did:[a-z0-9]+:[A-Za-z0-9._:%-]{1,256})/([A-Za-z0-9.-]{3,317})/([A-Za-z0-9._:~-]{1,512})")
_TID = re.compile(r"[234567a-j][2-7a-z]{12}")
_APP_HOSTS = frozenset({"bsky.app", "www.bsky.app", "staging.bsky.app"})
_TID_DIGITS = "234567abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True, slots=True)
class AtUri:
    """One record of one repository."""

    did: str
    collection: str
    rkey: str

    @property
    def is_post(self) -> bool:
        """Whether the record is a post."""
        return self.collection == POST


def parse_at(uri: str) -> AtUri | None:
    """Return the parts of an at-URI whose authority is a DID; None for anything else."""
    found = _AT_URI.fullmatch(uri)
    return AtUri(found[1], found[2], found[3]) if found else None


def post_url(at: AtUri) -> str:
    """Return the page that shows a post; by DID, because handles change."""
    return f"https://bsky.app/profile/{at.did}/post/{at.rkey}"


def record_url(at: AtUri) -> str | None:
    """Return the page that shows a list, a feed or a starter pack; None for other records."""
    pages = {
        "app.bsky.graph.list": f"https://bsky.app/profile/{at.did}/lists/{at.rkey}",
        "app.bsky.feed.generator": f"https://bsky.app/profile/{at.did}/feed/{at.rkey}",
        "app.bsky.graph.starterpack": f"https://bsky.app/starter-pack/{at.did}/{at.rkey}",
    }
    return pages.get(at.collection)


def account_name(text: str) -> str | None:
    """Return the DID, or the handle in lower case, that a handle, DID, at-URI or profile link names."""
    name = text.strip()
    parts = urlsplit(name) if name.lower().startswith(("http://", "https://")) else None
    if parts is not None:
        found = re.match(r"/profile/([^/]+)", unquote(parts.path))
        if parts.hostname not in _APP_HOSTS or found is None:
            return None
        name = found[1]
    name = name.removeprefix("at://").split("/", 1)[0].removeprefix("@")
    if is_did(name):
        return name
    return name.lower() if _HANDLE.fullmatch(name) else None


def place(url: str, stable: StableId) -> Place | None:
    """Return the post that an address or at-URI names; without a DID for its handle the id is only a likely one."""
    at = parse_at(url.strip())
    if at is None:
        parts = urlsplit(url.strip())
        found = re.fullmatch(r"/profile/([^/]+)/post/([A-Za-z0-9._:~-]{1,512})/?", unquote(parts.path))
        name = account_name(url) if found else None
        if found is None or name is None:
            return None
        at = AtUri(name if is_did(name) else stable(name) or f"@{name}", POST, found[2])
    handle = at.did.removeprefix("@") if at.did.startswith("@") else None
    return Place(
        "bluesky",
        f"at://{at.did}/{at.collection}/{at.rkey}",
        post_url(at) if handle is None else url.strip(),
        AccountRef("bluesky", at.did, handle),
        certain=handle is None,
    )


def is_did(text: str) -> bool:
    """Whether a text is a DID."""
    return _DID.fullmatch(text) is not None


def document_url(did: str, plc: str) -> str | None:
    """Return where a DID's document is published; None for a method that this network does not use."""
    if did.startswith("did:plc:"):
        return f"{plc}/{did}"
    host = unquote(did.removeprefix("did:web:"))
    return f"https://{host}/.well-known/did.json" if did.startswith("did:web:") else None


def xrpc(base: str, method: str, params: Params) -> str:
    """Return the URL of a query; parameters that are None are left out."""
    given = [(key, value) for key, value in params if value is not None]
    return f"{base}/xrpc/{method}?{urlencode(given)}"


def key_time(rkey: str) -> datetime | None:
    """Return the time inside a record key, as the writer's client set it; None for a key without one."""
    if not _TID.fullmatch(rkey):
        return None
    number = 0
    for digit in rkey:
        number = number * 32 + _TID_DIGITS.index(digit)
    try:
        return datetime.fromtimestamp((number >> 10) / 1_000_000, UTC)
    except (OverflowError, ValueError, OSError):
        return None
