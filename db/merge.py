"""How two accounts of the same thing become one, whichever came first."""

from __future__ import annotations

from datetime import datetime
from typing import Any, TypeVar

T = TypeVar("T", str, int, datetime)


def least(first: T | None, second: T | None) -> T | None:
    """Return the smaller of two values, the one that is known when the other is not."""
    if first is None or second is None:
        return second if first is None else first
    return min(first, second)


def greatest(first: T | None, second: T | None) -> T | None:
    """Return the greater of two values, the one that is known when the other is not."""
    if first is None or second is None:
        return second if first is None else first
    return max(first, second)


def merged(old: dict[str, Any], new: dict[str, Any], rules: dict[str, Any]) -> dict[str, Any]:
    """Return `old` with each column of `rules` merged by its rule; other columns stay."""
    return old | {name: rule(old[name], new[name]) for name, rule in rules.items()}


def clean(text: str) -> str:
    """Return the text without what a database cannot hold, at the same length so that offsets stay true."""
    if "\x00" in text:
        text = text.replace("\x00", "\ufffd")
    try:
        text.encode()
    except UnicodeEncodeError:
        return "".join("\ufffd" if "\ud800" <= char <= "\udfff" else char for char in text)
    return text
