"""Accounts as people write them: @handles, links to profiles, stable ids."""

from __future__ import annotations

from collections.abc import Iterable


def account_keys(link: str) -> list[str]:
    """Return what may be an account's stable id in a link: all of it, and its path's segments."""
    low = link.lower().rstrip("/")
    return [low, *low.split("?", 1)[0].split("/")[2:]] if "/" in low else [low]


def written_accounts(text: str) -> Iterable[tuple[int, int, str, bool]]:
    """Return stretches of a text that may be an account: @handles, and segments of links."""
    low = text.lower()
    if "@" not in low and "://" not in low and "did:" not in low:
        return
    place = 0
    for chunk in text.split():
        place = text.index(chunk, place)
        low = chunk.lower()
        if chunk.startswith("@") and len(chunk) > 1:
            handle = low[1:].rstrip(".,:;!?)…")
            yield place, place + 1 + len(handle), handle, True
            yield place, place + 1 + len(handle), low[: 1 + len(handle)], True
        elif "://" in low:
            for segment in low.split("?", 1)[0].split("/")[2:]:
                yield place, place + len(chunk), segment.lstrip("@"), True
        elif low.startswith("did:"):
            yield place, place + len(chunk), low, False
        place += len(chunk)
