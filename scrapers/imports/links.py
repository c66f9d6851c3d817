"""Taking apart of addresses as people write them in spreadsheets."""

from __future__ import annotations

from collections.abc import Collection
from urllib.parse import unquote, urlsplit

_MOST = 2000  # longer than any address that a person means


def path_on(text: str, hosts: Collection[str]) -> tuple[str, ...] | None:
    """Return the path segments of an address on one of `hosts`, None when it is none.

    Scheme, "www." and port are optional. An address with sign-in data ("https://x.com@elsewhere") is none.
    """
    text = text.strip()
    if len(text) > _MOST or " " in text or not text.isprintable():
        return None
    if "://" not in text:
        text = "https://" + text.removeprefix("//")
    try:
        parts = urlsplit(text)
        host = (parts.hostname or "").removeprefix("www.").rstrip(".")
    except ValueError:
        return None
    if parts.scheme.lower() not in ("http", "https") or "@" in parts.netloc or host not in hosts:
        return None
    return tuple(segment for segment in unquote(parts.path).split("/") if segment)
