"""JSON inside saved pages and recorded answers: found by what it is, not by where it stands.

Platforms put their data into `<script type="application/json">`, into calls and assignments inside other scripts, or
into answers of one JSON value or several, one a line, behind a guard such as `for (;;);`.
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import msgspec
from selectolax.lexbor import LexborHTMLParser

from scrapers.imports.contract import SavedPage

MOST_PAGE = 64 << 20
_MOST_NESTED = 20_000_000  # objects visited in one page
_GUARD = re.compile(r"\s*(?:for\s*\(;;\);|while\s*\(1\);|\)\]\}',?)?\s*")
_CHARSET = re.compile(rb"charset\s{0,8}=[\s\"']{0,8}([\w.:-]{2,40})", re.IGNORECASE)
_LITERAL = re.compile(r'[{\[]\s*(?=["{\[])')
_ASSIGNED = re.compile(r"([\w.$]{1,80}(?:\[[\"'][\w.$-]{1,80}[\"']\])?)\s*=\s*$")
_ESCAPED_BLOCK = re.compile(r"^\s*(?:<!--|//\s*<!\[CDATA\[)|(?:-->|//\s*\]\]>)\s*$")
_NAME_BEFORE = 200  # letters in front of a value in which the name that it is assigned to is looked for
_HOLDERS = (dict, list)  # made once: pages hold hundreds of thousands of values
_DECODER = json.JSONDecoder()


@dataclass(frozen=True, slots=True)
class Script:
    """One script of a page that holds JSON: the value, the element's id, and the name it is assigned to."""

    value: Any
    element_id: str = ""
    assigned: str = ""


def page_text(page: SavedPage) -> str:
    """Return a page's text by its byte order mark, its declared character set, or as UTF-8; never raises."""
    body = page.body[:MOST_PAGE]
    if body.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return body.decode("utf-16", "replace")
    if body.startswith(codecs.BOM_UTF8):
        return body[3:].decode("utf-8", "replace")
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        pass
    named = _CHARSET.search(page.content_type.encode("latin-1", "replace")) or _CHARSET.search(body[:4096])
    try:
        return body.decode(named[1].decode("ascii"), "replace") if named else body.decode("utf-8", "replace")
    except (LookupError, UnicodeDecodeError):
        return body.decode("utf-8", "replace")


def looks_like_html(text: str) -> bool:
    """Whether a text is a page rather than an answer of JSON."""
    return text[:2048].lstrip("\ufeff \t\r\n").startswith("<")


def values(page: SavedPage) -> Iterator[Any]:
    """Return every JSON object and array of a page or answer, in order; broken ones give the whole ones inside them."""
    text = page_text(page)
    found: Iterator[Any]
    if looks_like_html(text):
        found = (script.value for script in scripts(LexborHTMLParser(text)))
    else:
        found = answer_values(text)
    yield from (value for value in found if isinstance(value, dict | list))


def answer_values(text: str) -> Iterator[Any]:
    """Return the values of an answer: one, or several one after the other."""
    guard = _GUARD.match(text)
    at = guard.end() if guard else 0
    found = _decoded(text[at:])
    if found is not None:
        yield found
        return
    yield from (script.value for script in literals(text[at:]))


def scripts(tree: LexborHTMLParser) -> Iterator[Script]:
    """Return the JSON of every script of a page."""
    for node in tree.css("script"):
        text = node.text(deep=True, strip=False)
        if not text or ("{" not in text and "[" not in text):
            continue
        identity = node.attributes.get("id") or ""
        whole = _decoded(_without_escapes(text)) if text.lstrip()[:1] in "{[<" else None
        if whole is not None:
            yield Script(whole, identity)
        else:
            yield from (Script(one.value, identity, one.assigned) for one in literals(text))


def _without_escapes(text: str) -> str:
    """Return a script without the comment marks around it, which hid it from the browsers of old."""
    return _ESCAPED_BLOCK.sub("", text) if "<!" in text or "-->" in text or "]]>" in text else text


def literals(text: str) -> Iterator[Script]:
    """Return the JSON objects and arrays that stand whole in a text, outermost first.

    Where an outer one is broken or cut off, those inside it are found. Work is bounded by the length of the text.
    """
    at, left, counted = 0, 40 * len(text) + 1_000_000, 0
    while left > 0 and (found := _LITERAL.search(text, at)) is not None:
        start = found.start()
        if counted > len(text):  # each error counts the lines above it: what is done with is let go
            gone = max(0, start - _NAME_BEFORE)
            text, start, counted = text[gone:], start - gone, 0
        try:
            value, at = _DECODER.raw_decode(text, start)
        except json.JSONDecodeError as error:
            left -= max(error.pos - start, 1)
            counted += error.pos
            at = start + 1
            continue
        except (RecursionError, ValueError):
            left -= len(text)
            at = start + 1
            continue
        left -= at - start
        if isinstance(value, dict | list) and value:
            name = _ASSIGNED.search(text, max(0, start - _NAME_BEFORE), start)
            yield Script(value, "", name[1] if name else "")


def walk(value: Any) -> Iterator[dict[str, Any]]:
    """Return every object in a JSON value, outer before inner, in the order of the text."""
    open_values, seen = [value], 0
    while open_values and seen < _MOST_NESTED:
        here = open_values.pop()
        seen += 1
        if isinstance(here, dict):
            yield here
            open_values.extend(entry for entry in reversed(here.values()) if isinstance(entry, _HOLDERS))
        elif isinstance(here, list):
            open_values.extend(entry for entry in reversed(here) if isinstance(entry, _HOLDERS))


def _decoded(text: str) -> Any | None:
    try:
        return msgspec.json.decode(text)
    except (msgspec.DecodeError, UnicodeEncodeError):
        pass
    except RecursionError:
        return None
    try:
        return json.loads(text) if "\\ud" in text or "\\uD" in text else None
    except (ValueError, RecursionError):
        return None
