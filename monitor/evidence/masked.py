"""The readable copy of a kept answer: what the office stores of registered people, and nothing of anybody else.

An answer holds many people. Of its values only those remain that stand in the database anyway, and the database knows
no bystanders; whatever else the platform sent is gone, whether or not it looks like a name.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

_MASK: Final = "@[akun lain]"
_DEEPEST: Final = 200
_FIELD: Final = re.compile(r"[@$]?[A-Za-z_-]{1,60}(?:[0-9]{1,3}[A-Za-z_-]{0,20})?")
"""How platforms name fields; what is written otherwise may be an id by which a platform lists people."""


@dataclass(frozen=True, slots=True)
class Known:
    """What may remain: names and addresses, moments, and texts in which others are masked already."""

    words: frozenset[str]
    moments: frozenset[datetime]
    texts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Ready:
    """The same for many look-ups: texts with masks by their first sign, those that begin with a mask under none."""

    words: frozenset[str]
    moments: frozenset[datetime]
    by_start: Mapping[str, tuple[str, ...]]


def remaining(body: bytes, known: Known) -> Any:
    """Return an answer with everything unknown taken out, None when nothing remains or it is no JSON.

    Lists keep their length, so that a place in the original is the same place here.
    """
    try:
        parsed = json.loads(body)
    except (ValueError, RecursionError):
        return None
    by_start: dict[str, tuple[str, ...]] = {}
    for text in known.texts:
        if _MASK in text:
            start = text.partition(_MASK)[0][:1]
            by_start[start] = (*by_start.get(start, ()), text)
    whole = known.words | {text for text in known.texts if text and _MASK not in text}
    return _part(parsed, _Ready(whole, known.moments, by_start), 0)


def is_part(copy: Any, original: Any) -> bool:
    """Whether every value of a readable copy stands at the same place of the original."""
    if copy is None:
        return True
    if isinstance(copy, dict):
        return isinstance(original, dict) and all(
            name in original and is_part(value, original[name]) for name, value in copy.items()
        )
    if isinstance(copy, list):
        same = isinstance(original, list) and len(copy) == len(original)
        return same and all(is_part(one, other) for one, other in zip(copy, original, strict=True))
    if isinstance(copy, str) and isinstance(original, str):
        return _says(copy, original)
    return type(copy) is type(original) and bool(copy == original)


def _part(value: Any, known: _Ready, depth: int) -> Any:
    if depth > _DEEPEST:
        return None
    if isinstance(value, dict):
        kept = {name: _part(inner, known, depth + 1) for name, inner in value.items()}
        there = ((name, inner) for name, inner in kept.items() if inner is not None)
        return {name: inner for name, inner in there if _is_field(name, value[name], known)} or None
    if isinstance(value, list):
        items = [_part(inner, known, depth + 1) for inner in value]
        return items if any(item is not None for item in items) else None
    if isinstance(value, str):
        return _words(value, known)
    if isinstance(value, int) and not isinstance(value, bool):
        return value if str(value) in known.words or _moment_of(value) in known.moments else None
    return None


def _is_field(name: str, inner: Any, known: _Ready) -> bool:
    """Whether a name is known or one of the format, and not of somebody about whom what lies under it speaks."""
    if name in known.words:
        return True
    return _FIELD.fullmatch(name) is not None and not _told_within(name, inner, 2)


def _told_within(name: str, inner: Any, levels: int) -> bool:
    values = inner.values() if isinstance(inner, dict) else ()
    return any(
        value.lstrip("@") == name if isinstance(value, str) else levels > 1 and _told_within(name, value, levels - 1)
        for value in values
    )


def _words(value: str, known: _Ready) -> str | None:
    if value in known.words or value.lstrip("@") in known.words:
        return value
    if _read_moment(value) in known.moments:
        return value
    likely = known.by_start.get(value[:1], ()) + known.by_start.get("", ())
    return next((text for text in likely if _says(text, value)), None)


def _says(text: str, original: str) -> bool:
    """Whether a text is the original with names masked; a name has no spaces. Takes time in line with the length."""
    first, *rest = text.split(_MASK)
    if not rest:
        return text == original
    if not original.startswith(first):
        return False
    at = len(first)
    for number, part in enumerate(rest):
        last = number == len(rest) - 1
        found = len(original) - len(part) if last else original.find(part, at + 1)
        name = original[at:found]
        if found <= at or not original.endswith(part if last else "") or any(sign.isspace() for sign in name):
            return False
        at = found + len(part)
    return True


def _read_moment(value: str) -> datetime | None:
    if not 10 <= len(value) <= 40 or not value[:4].isdecimal():
        return None
    try:
        found = datetime.fromisoformat(value)
    except ValueError:
        return None
    return found.astimezone(UTC) if found.tzinfo else None


def _moment_of(value: int) -> datetime | None:
    """Read a number as seconds or milliseconds of Unix time."""
    seconds = value / 1000 if value > 10**11 else float(value)
    return datetime.fromtimestamp(seconds, UTC) if 0 < seconds < 10**10 else None
