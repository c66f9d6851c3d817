"""Addresses and stable ids of the invented platform."""

from __future__ import annotations

from urllib.parse import quote

from scrapers.contract import SourceOptions

API = "https://api.contoh.example"


def posts(options: SourceOptions, user_id: str, cursor: str | None = None) -> str:
    """Return the URL of one page of an account's posts."""
    return f"{_base(options)}/users/{quote(user_id, safe='')}/posts" + _page(cursor)


def likes(options: SourceOptions, post_id: str, cursor: str | None = None) -> str:
    """Return the URL of one page of who liked a post."""
    return f"{_base(options)}/posts/{quote(post_id, safe='')}/likes" + _page(cursor)


def lookup(options: SourceOptions, handle: str) -> str:
    """Return the URL that turns a handle into an account."""
    return f"{_base(options)}/users?handle={quote(handle.removeprefix('@').lower(), safe='')}"


def post_page(post_id: str) -> str:
    """Return the page that shows a post."""
    return f"https://contoh.example/p/{quote(post_id, safe='')}"


def _base(options: SourceOptions) -> str:
    return options.urls.get("api_url", API)


def _page(cursor: str | None) -> str:
    return f"?cursor={quote(cursor, safe='')}" if cursor else ""
