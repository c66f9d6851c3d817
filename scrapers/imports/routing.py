"""Which platform a saved page or recorded answer is of, by its address, and what that platform's mapper reads in it.

What is kept of a page is a WARC record of its own, of the cleaned page: the WARC reader reads it again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from urllib.parse import urlsplit

from scrapers.contract import ItemIssue
from scrapers.imports.cleaning import TooDeep
from scrapers.imports.contract import UNKNOWN_FIELDS, Captured, Mapped, PageMapper, SavedPage
from scrapers.imports.page_cleaning import Keeping, clean_page

OFF_PLATFORM = "alamat di luar platform yang dikenal"
NO_CONTENT = "tidak ada unggahan atau komentar pada halaman ini"
_PLATFORMS = ("facebook", "instagram", "telegram", "threads", "tiktok", "x", "youtube")
_MOST_UNKNOWN_FIELDS = 300
# Files that belong to a page and never hold content.
_NO_PAGES = ("image/", "video/", "audio/", "font/", "text/css", "application/font", "application/octet-stream")


@dataclass(frozen=True, slots=True)
class PlatformPages:
    """One platform's reader of pages."""

    platform: str
    version: str
    read_page: PageMapper
    keeping: Keeping


@dataclass(slots=True)
class Routed:
    """What is remembered while the pages of one file are read: unknown fields that were named already."""

    named: set[str] = field(default_factory=set)


@cache
def by_host() -> Mapping[str, PlatformPages]:
    """Return the readers of pages by host, without "www."."""
    found: dict[str, PlatformPages] = {}
    for name in _PLATFORMS:
        module = import_module(f"scrapers.platforms.{name}.pages")
        keeping = getattr(module, "KEEPING", Keeping())
        version = getattr(module, "VERSION", "1")
        found |= dict.fromkeys(module.HOSTS, PlatformPages(name, version, module.read_page, keeping))
    return found


def platform_of(url: str) -> PlatformPages | None:
    """Return the platform whose page stands at an address, None when none of ours does."""
    try:
        host = (urlsplit(url).hostname or "").rstrip(".")
    except ValueError:
        return None
    while host:
        if host in by_host():
            return by_host()[host]
        host = host.partition(".")[2]
    return None


def capture_page(line: int, page: SavedPage, routed: Routed) -> Iterator[Captured]:
    """Return what one page holds: one `Captured` with everything taken, and one for each item that was left out.

    Never raises: a page that cannot be read is an issue with its reason.
    """
    pages = platform_of(page.url)
    if pages is None or page.content_type.strip().lower().startswith(_NO_PAGES):
        yield _nothing(line, page, "", OFF_PLATFORM if pages is None else NO_CONTENT)
        return
    try:
        kept = clean_page(page, pages.keeping)
        found = pages.read_page(kept)
    except (TooDeep, RecursionError):
        reason = "isi halaman bersarang terlalu dalam"
        yield _nothing(line, page, pages.platform, reason, ItemIssue("broken_page", reason))
        return
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
        # a fault of ours in one page must not cost the other pages of a file
        reason = f"halaman tidak dapat dibaca ({type(error).__name__})"
        yield _nothing(line, page, pages.platform, reason, ItemIssue("mapper_failed", reason))
        return
    yield from _captured(line, page, kept, pages, found, routed)


def _captured(
    line: int,
    page: SavedPage,
    kept: SavedPage,
    pages: PlatformPages,
    found: tuple[Mapped, ...],
    routed: Routed,
) -> Iterator[Captured]:
    taken = [mapped for mapped in found if mapped.skipped is None]
    items = tuple(dict.fromkeys(item for mapped in taken for item in mapped.items))
    acts = tuple(dict.fromkeys(act for mapped in taken for act in mapped.acts))
    left = [mapped.skipped for mapped in found if mapped.skipped is not None]
    issues = tuple(dict.fromkeys(issue for mapped in found for issue in mapped.issues))
    unknown = dict.fromkeys(path for mapped in found for path in mapped.unknown_fields)
    issues += first_named(tuple(unknown), pages.platform, routed.named)
    if items or acts:
        version = f"{pages.platform}/{pages.version}"
        raw = kept_record(kept, page.body)
        yield Captured(line, items, acts, raw, page.captured_at, pages.platform, version, issues)
    else:
        left = left or [NO_CONTENT]
    for number, reason in enumerate(left):
        first = number == 0 and not (items or acts)
        yield Captured(line, (), (), b"", page.captured_at, pages.platform, "", issues if first else (), reason)


def first_named(unknown: tuple[str, ...], source: str, named: set[str]) -> tuple[ItemIssue, ...]:
    """Return an issue that lists the unknown fields which this file has not named before."""
    fresh = [path for path in unknown if f"{source}:{path}" not in named][: _MOST_UNKNOWN_FIELDS - len(named)]
    named.update(f"{source}:{path}" for path in fresh)
    return (ItemIssue(UNKNOWN_FIELDS, ", ".join(fresh)),) if fresh else ()


def kept_record(kept: SavedPage, original: bytes) -> bytes:
    """Return a cleaned page as a WARC record, which names the digest of the page as it was captured."""
    payload = hashlib.sha256(kept.body).hexdigest()
    address = "".join(c for c in kept.url if c.isprintable() and c not in "\r\n")
    head = (
        "WARC/1.1\r\nWARC-Type: resource\r\n"
        f"WARC-Target-URI: {address}\r\n"
        f"WARC-Date: {kept.captured_at:%Y-%m-%dT%H:%M:%SZ}\r\n"
        f"WARC-Payload-Digest: sha256:{payload}\r\n"
        f"X-Captured-Payload-Digest: sha256:{hashlib.sha256(original).hexdigest()}\r\n"
        f"Content-Type: {kept.content_type}\r\n"
        f"Content-Length: {len(kept.body)}\r\n\r\n"
    )
    return head.encode() + kept.body + b"\r\n\r\n"


def _nothing(line: int, page: SavedPage, source: str, reason: str, *issues: ItemIssue) -> Captured:
    return Captured(line, (), (), b"", page.captured_at, source, "", issues, reason)
