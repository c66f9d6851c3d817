"""Whether a public text is still online, asked of the platforms' own oEmbed doors. Pure.

oEmbed needs no login and tells nothing that is kept: only the status and the kind of error count. What they mean:

| platform  | online | deleted                 | private                         | after                          |
|-----------|--------|-------------------------|---------------------------------|--------------------------------|
| X         | 200    | 404                     | 403: locked, suspended, stopped | "oEmbed API", words of its 403 |
| Facebook  | 200    | error 24, 100/33 or 404 | not told apart from deleted     | Graph API "Oembed Post"        |
| Instagram | 200    | error 24, 100/33 or 404 | not told apart from deleted     | "Instagram oEmbed", limits     |
| Threads   | 200    | error 24, 100/33 or 404 | not told apart from deleted     | "Embed a Threads Post", limits |
| TikTok    | 200    | 400 with a message, 404 | not told apart from deleted     | "Embed Videos"                 |

401 and every other error say nothing about the text; 429 is the fetcher's.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from monitor.domain import ItemKind, LiveState
from monitor.errors import AccountGone, LoginWall, SourceError
from scrapers import meta, pick
from scrapers.contract import Request, Response
from scrapers.manifest import Manifest

ENDPOINT = "oembed"
_META = frozenset({"facebook", "instagram", "threads"})
_COMMENTS_TOO = frozenset({"x", "threads"})  # there a reply is a post of its own address
_FILM = re.compile(r"facebook\.com/(?:watch|reel|[^/]+/videos)\b")
_EMBEDDED = frozenset({"html", "embed_product_id", "provider_name"})
_AWAY_OR_CLOSED = "dihapus atau tidak lagi terbuka; platform ini tidak membedakannya"


@dataclass(frozen=True, slots=True)
class Liveness:
    """What one answer says, with what a person should know beside it; `locked`: of the whole account."""

    state: LiveState
    detail: str = ""
    locked: bool = False


def source_of(platform: str) -> str:
    """Return the source whose policy record lets a platform be asked: it is a record of its own."""
    return f"{platform}_oembed"


def can_ask(platform: str, kind: ItemKind, manifests: Mapping[str, Manifest]) -> bool:
    """Whether a platform's oEmbed door knows such a text."""
    manifest = manifests.get(platform)
    return bool(manifest and manifest.oembed) and (kind is not ItemKind.COMMENT or platform in _COMMENTS_TOO)


def plan(manifest: Manifest, url: str, base: str = "") -> Request:
    """Return the question after the text at an address; `base` replaces the manifest's oEmbed address."""
    door = base or manifest.oembed
    if manifest.name == "facebook" and _FILM.search(url):
        door = door.replace("oembed_post", "oembed_video")
    more = {"omit_script": "1", "dnt": "true"} if manifest.name == "x" else {}
    return Request(ENDPOINT, f"{door}?{urlencode({'url': url, **more})}", optional=True, frank=True)


def read(platform: str, response: Response) -> Liveness:
    """Return what an answer says; never raises."""
    raw = _object(response)
    if response.status == 200 and raw.keys() & _EMBEDDED:
        return Liveness(LiveState.ONLINE)
    if platform in _META:
        return _of_meta(raw, response)
    if platform == "x":
        return _of_x(response.status)
    return _of_tiktok(raw, response.status)


def _of_x(status: int) -> Liveness:
    if status in (404, 410):
        return Liveness(LiveState.DELETED)
    if status == 403:
        return Liveness(LiveState.PRIVATE, "akunnya dikunci, ditangguhkan, atau dinonaktifkan")
    return _unknown(status)


def _of_tiktok(raw: Mapping[str, object], status: int) -> Liveness:
    refused = raw.get("message") or raw.get("status_msg") or raw.get("error")
    if status in (404, 410) or (status in (200, 400) and refused):
        return Liveness(LiveState.DELETED, _AWAY_OR_CLOSED)
    return _unknown(status)


def _of_meta(raw: Mapping[str, object], response: Response) -> Liveness:
    error = raw.get("error")
    if not isinstance(error, dict):
        gone = response.status in (404, 410)
        return Liveness(LiveState.DELETED, _AWAY_OR_CLOSED) if gone else _unknown(response.status)
    said = meta.refusal(error, response, "Meta")
    if isinstance(said, AccountGone):
        return Liveness(LiveState.DELETED, _AWAY_OR_CLOSED)
    if isinstance(said, LoginWall):
        return Liveness(LiveState.UNKNOWN, "pintu oEmbed meminta izin; keadaan unggahan tidak diketahui")
    return Liveness(LiveState.UNKNOWN, said.message)


def _unknown(status: int) -> Liveness:
    return Liveness(LiveState.UNKNOWN, f"jawaban HTTP {status} tidak mengatakan apa-apa tentang unggahan ini")


def _object(response: Response) -> Mapping[str, object]:
    try:
        return pick.mapping(pick.json_body(response), "")
    except SourceError:
        return {}
