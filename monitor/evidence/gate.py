"""What a page may load while its picture is taken: every call goes through the fetcher handed in, or nowhere."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from monitor.errors import PantauError

_ANYWHERE = frozenset({"stylesheet", "image", "font"})
_SAME_SITE = frozenset({"script", "xhr", "fetch"})
_SECOND_LEVEL = re.compile(r"(?:[a-z]{2,3}|desa|sch|ponpes)\.[a-z]{2}")
_PASSED_HEADERS = frozenset({"content-type", "content-language", "content-security-policy", "cache-control"})


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer as the fetcher gave it."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def shown_headers(self) -> dict[str, str]:
        """The headers that a browser is given; lengths and encodings are of the wire, cookies are never set."""
        kept = {
            name: value
            for name, value in self.headers.items()
            if name in _PASSED_HEADERS or name.startswith("access-control-")
        }
        kept.setdefault("content-type", "application/octet-stream")
        return kept


Fetch = Callable[[str], Answered]
"""Asks one address with GET; raises PantauError where it may not be asked or does not answer."""


@dataclass(slots=True)
class Gate:
    """Decides over the calls of one page. `lost` counts those that were let through and brought nothing.

    `document` is the page itself, fetched before. Once `closed`, or past its limits, it lets nothing through.
    """

    address: str
    document: Answered
    fetch: Fetch
    requests: int
    weight: int
    asked: int = 0
    received: int = 0
    lost: int = 0
    closed: bool = False
    spent: bool = False
    _given: bool = False
    _seen: dict[str, Answered | None] = field(default_factory=dict)

    def answer(self, method: str, kind: str, url: str, *, top: bool) -> Answered | None:
        """Return what a call is answered with, None where it is refused."""
        if kind == "document":
            return self._page(top=top)
        if method != "GET" or not self._admitted(kind, url):
            return None
        if url not in self._seen:
            if self.closed or self.spent:
                return None
            self._seen[url] = self._ask(url)
        return self._seen[url]

    def _page(self, *, top: bool) -> Answered | None:
        """Return the page for the window's first call; scripts lead nowhere else, and frames stay empty."""
        if not top or self._given:
            return None
        self._given = True
        return self.document

    def _admitted(self, kind: str, url: str) -> bool:
        return kind in _ANYWHERE or (kind in _SAME_SITE and site(url) == site(self.address))

    def _ask(self, url: str) -> Answered | None:
        self.asked += 1
        try:
            found = self.fetch(url)
        except PantauError:
            self.lost += 1
            return None
        finally:
            self.spent = self.asked >= self.requests
        self.received += len(found.body)
        self.spent = self.spent or self.received >= self.weight
        return found


def site(url: str) -> str:
    """Return the registered name of an address's host, by the usual forms of names; hosts in numbers are themselves."""
    host = (urlsplit(url).hostname or "").rstrip(".").lower()
    try:
        return str(ipaddress.ip_address(host))
    except ValueError:
        labels = host.split(".")
        parts = 3 if _SECOND_LEVEL.fullmatch(".".join(labels[-2:])) else 2
        return ".".join(labels[-parts:])
