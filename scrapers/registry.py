"""The one list of platforms and capture formats; nothing is found by looking around."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache, partial
from importlib import import_module
from pathlib import Path
from urllib.parse import urlsplit

from monitor.errors import UsageError
from scrapers.contract import Adapter
from scrapers.imports.contract import Reader
from scrapers.manifest import Manifest, load_manifest
from scrapers.places import Place
from scrapers.platforms.bluesky.adapter import BlueskyAdapter
from scrapers.platforms.facebook.adapter import FacebookAdapter
from scrapers.platforms.instagram.adapter import InstagramAdapter
from scrapers.platforms.mastodon.adapter import MastodonAdapter
from scrapers.platforms.telegram.adapter import TelegramAdapter
from scrapers.platforms.threads.adapter import ThreadsAdapter
from scrapers.platforms.x.adapter import XAdapter
from scrapers.platforms.youtube.adapter import YoutubeAdapter

_ADAPTERS: Mapping[str, Adapter] = {
    adapter.name: adapter
    for adapter in (
        BlueskyAdapter(),
        FacebookAdapter(),
        InstagramAdapter(),
        MastodonAdapter(),
        TelegramAdapter(),
        YoutubeAdapter(),
        ThreadsAdapter(),
        XAdapter(),
    )
}
_PLATFORMS = (
    "bluesky",
    "facebook",
    "instagram",
    "mastodon",
    "telegram",
    "threads",
    "tiktok",
    "whatsapp",
    "x",
    "youtube",
)
_READERS = (
    "wacz",
    "warc",
    "zeeschuimer",
    "instaloader",
    "telegram_desktop",
    "ytdlp",
    "twscrape",
    "vendors",
    "content_library",
    "fourcat_csv",
    "minet",
    "exporters",
    "facepager",
    "whatsapp",
    "saved_html",
    "columns",
)
# the fediverse last: it has no hosts of its own
_PLACED = ("x", "instagram", "tiktok", "facebook", "threads", "telegram", "youtube", "bluesky", "mastodon")
_SNIFFED = 64 * 1024


def adapters() -> Mapping[str, Adapter]:
    """Return the platforms that can be read live."""
    return _ADAPTERS


def adapter(name: str) -> Adapter:
    """Return one live platform; UsageError names those there are."""
    try:
        return _ADAPTERS[name]
    except KeyError:
        known = ", ".join(sorted(_ADAPTERS))
        raise UsageError(f"Sumber {name} tidak dapat dibaca langsung", f"yang dapat: {known}") from None


@cache
def manifests() -> Mapping[str, Manifest]:
    """Return what every platform says about itself, those read from captures included."""
    return {name: load_manifest(f"scrapers.platforms.{name}") for name in _PLATFORMS}


@cache
def readers() -> Mapping[str, Reader]:
    """Return the capture formats that can be imported."""
    found = (import_module(f"scrapers.imports.{name}").reader for name in _READERS)
    return {reader.name: reader for reader in found}


def place(url: str, stable: Callable[[str, str], str | None]) -> Place | None:
    """Return the text that a public address names on the first platform that knows such addresses; None for none.

    `stable` gives the stable id of a platform's handle where the register knows it.
    """
    try:
        urlsplit(url.strip())
    except ValueError:  # brackets, or signs of other scripts, where a host should stand: nobody's address
        return None
    for name in _PLACED:
        found: Place | None = import_module(f"scrapers.platforms.{name}.urls").place(url, partial(stable, name))
        if found is not None:
            return found
    return None


def sniff(path: Path) -> Reader | None:
    """Return the reader whose format a file has, by its content; None when none knows it."""
    with path.open("rb") as file:
        head = file.read(_SNIFFED)
    return next((reader for reader in readers().values() if reader.sniff(head, path)), None)
