"""Takes values out of JSON and HTML and fails loudly: exactly one, at least one, or optional, never a guess.

A value of the wrong type or a missing one raises LayoutChanged with its place. Inside one item of many the caller
turns that into an ItemIssue, so that the rest of the answer stands.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, TypeVar
from urllib.parse import urlsplit

import msgspec
from selectolax.lexbor import LexborHTMLParser, LexborNode

from monitor.errors import LayoutChanged, UnexpectedContent
from scrapers.contract import Response
from scrapers.markup import nests_too_deep

T = TypeVar("T")
Raw = Mapping[str, Any]
MAX_COUNT = 2**53

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def json_body(response: Response) -> object:
    """Return the answer's JSON; UnexpectedContent when it is not UTF-8 JSON or nests too deep."""
    try:
        return msgspec.json.decode(response.body)
    except (msgspec.DecodeError, UnicodeDecodeError):
        pass
    except RecursionError as error:
        raise UnexpectedContent("Jawaban bersarang terlalu dalam", url=response.url) from error
    try:  # slower, but takes lone surrogates, which one commenter's text must not use to hide a whole page
        return json.loads(response.body.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise UnexpectedContent("Jawaban bukan teks UTF-8", url=response.url) from error
    except (ValueError, RecursionError) as error:
        raise UnexpectedContent("Jawaban bukan JSON yang utuh", url=response.url) from error


def mapping(value: object, at: str) -> Raw:
    """Return the value as an object."""
    return _typed(value, dict, at)


def sequence(value: object, at: str) -> list[Any]:
    """Return the value as an array."""
    return _typed(value, list, at)


def one(raw: Raw, key: str, kind: type[T], at: str = "") -> T:
    """Return the value of a key that must be there."""
    if key not in raw:
        raise LayoutChanged(f"{at}.{key} tidak ada")
    return _typed(raw[key], kind, f"{at}.{key}")


def maybe(raw: Raw, key: str, kind: type[T], at: str = "") -> T | None:
    """Return the value of a key that may be absent or null, but has the right type when it is there."""
    value = raw.get(key)
    return None if value is None else _typed(value, kind, f"{at}.{key}")


def some(raw: Raw, key: str, at: str = "") -> list[Any]:
    """Return the array of a key that must be there and hold at least one entry."""
    values = one(raw, key, list, at)
    if not values:
        raise LayoutChanged(f"{at}.{key} kosong")
    return values


def entries(raw: Raw, key: str, at: str = "") -> list[Any]:
    """Return the array of a key that may be absent or null: then it is empty."""
    return maybe(raw, key, list, at) or []


def word(raw: Raw, key: str, at: str = "") -> str:
    """Return a text that must be there and not empty, as it is stored: an id, a URL, a name."""
    value = clean(one(raw, key, str, at))
    if not value:
        raise LayoutChanged(f"{at}.{key} kosong")
    return value


def text(raw: Raw, key: str, at: str = "") -> str:
    """Return a text that may be absent or empty."""
    return clean(maybe(raw, key, str, at) or "")


def count(raw: Raw, key: str, at: str = "") -> int | None:
    """Return a reported number, None where the platform gives none."""
    value = maybe(raw, key, int, at)
    if value is not None and not 0 <= value <= MAX_COUNT:
        raise LayoutChanged(f"{at}.{key} bukan jumlah")
    return value


def moment(raw: Raw, key: str, at: str = "") -> datetime:
    """Return a time that must be there, with its zone, in UTC."""
    found = stamp(one(raw, key, str, at))
    if found is None:
        raise LayoutChanged(f"{at}.{key} bukan waktu")
    return found


def stamp(value: object) -> datetime | None:
    """Return an ISO time with a zone as UTC; None for anything else, since a time without a zone says nothing."""
    if not isinstance(value, str) or not 10 <= len(value) <= 40:
        return None
    try:
        found = datetime.fromisoformat(value)
        return found.astimezone(UTC) if found.tzinfo is not None else None
    except (ValueError, OverflowError):
        return None


def web_address(value: str) -> bool:
    """Whether a text is an http(s) URL that is fit to be stored and shown as a link."""
    try:
        parts = urlsplit(value)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname) and not re.search(r"[\x00-\x20]", value)


def clean(value: str) -> str:
    """Replace what no database takes: NUL and halves of surrogate pairs."""
    if "\0" not in value and (value.isascii() or _encodes(value)):
        return value  # nearly every text, and much faster than a search
    return _UNSTORABLE.sub("\ufffd", value)


def _encodes(value: str) -> bool:
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def unknown_fields(raw: Raw, known: Iterable[str], ignored: Iterable[str] = (), at: str = "") -> tuple[str, ...]:
    """Return the paths of the fields that are neither read nor ignored by name, sorted."""
    return tuple(sorted(f"{at}.{clean(str(name))[:80]}" for name in raw.keys() - set(known) - set(ignored)))


def anywhere(paths: Iterable[str]) -> tuple[str, ...]:
    """Return paths of fields without the numbers of the entries that they are in, each once."""
    return tuple(dict.fromkeys(re.sub(r"\[\d+\]", "[]", path) for path in paths))


def html(body: str) -> LexborHTMLParser:
    """Return a page or a fragment as a tree; LayoutChanged when it nests deeper than any real page."""
    if nests_too_deep(body):
        raise LayoutChanged("halaman bersarang terlalu dalam")
    return LexborHTMLParser(body)


def one_node(tree: LexborHTMLParser | LexborNode, css: str) -> LexborNode:
    """Return the only node that matches."""
    found = tree.css(css)
    if len(found) != 1:
        raise LayoutChanged(f"{css}: {len(found)} unsur, seharusnya satu")
    return found[0]


def some_nodes(tree: LexborHTMLParser | LexborNode, css: str) -> list[LexborNode]:
    """Return the nodes that match, at least one."""
    found = tree.css(css)
    if not found:
        raise LayoutChanged(f"{css}: tidak ada unsur")
    return found


def maybe_node(tree: LexborHTMLParser | LexborNode, css: str) -> LexborNode | None:
    """Return the node that matches, None where there is none; LayoutChanged for two."""
    found = tree.css(css)
    if len(found) > 1:
        raise LayoutChanged(f"{css}: {len(found)} unsur, seharusnya paling banyak satu")
    return found[0] if found else None


def _typed(value: object, kind: type[T], at: str) -> T:
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise LayoutChanged(f"{at} bukan {_KINDS.get(kind, kind.__name__)}")
    return value


_KINDS: Mapping[type, str] = {dict: "objek", list: "larik", str: "teks", int: "bilangan bulat", bool: "ya/tidak"}
