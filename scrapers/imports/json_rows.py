"""JSON objects out of files that tools wrote: one a line, or an array of any length, read as a stream."""

from __future__ import annotations

import codecs
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

import msgspec

from monitor.errors import ImportFormatError, plainly

MAX_OBJECT = 8 * 1024 * 1024  # letters of one object
_CHUNK = 1 << 18
_MOST_LISTED = 1_000
_LISTS = ("data", "items", "results", "comments", "posts", "tweets")
_DECODER = json.JSONDecoder(parse_constant=lambda _constant: None)


@dataclass(frozen=True, slots=True)
class JsonRow:
    """One object with its place in the file, counted from 1; `problem` is why, in Indonesian, it cannot be read."""

    number: int
    data: Mapping[str, Any]
    problem: str | None = None


def json_rows(path: Path) -> Iterator[JsonRow]:
    """Yield the objects of a file: lines of JSON, an array, or an object that holds one array of them.

    What is broken is a problem of its own object; in an array nothing can be found behind it. ImportFormatError when
    the file cannot be opened.
    """
    try:
        with path.open("rb") as file:
            wide = file.read(2) in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
        with path.open(encoding="utf-16" if wide else "utf-8-sig", errors="replace", newline="\n") as text:
            start = _Buffer(text)
            yield from _array(start) if start.peek() == "[" else _objects(start)
    except OSError as error:
        raise ImportFormatError(f"{path.name}: berkas tidak dapat dibaca ({plainly(error)})") from error


def head_objects(head: bytes, most: int = 5) -> tuple[Mapping[str, Any], ...]:
    """Return the first whole objects of a file that begins with `head`, none where it is no JSON; never raises."""
    wide = head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    text = head.decode("utf-16" if wide else "utf-8-sig", "replace").lstrip()
    found: list[Mapping[str, Any]] = []
    at = 1 if text.startswith("[") else 0
    while len(found) < most:
        while at < len(text) and text[at] in " \t\r\n,":
            at += 1
        try:
            value, at = _DECODER.raw_decode(text, at)
        except (ValueError, RecursionError):
            break
        found += [value] if isinstance(value, dict) else []
    if len(found) == 1:
        found = _inside(found[0])[:most] or found
    return tuple(found) or _wrapped(text)


def flat(value: Mapping[str, Any], separator: str) -> dict[str, str]:
    """Return an object's values as texts by dotted key; lists are joined, those of objects by `key[].name`."""
    found: dict[str, str] = {}
    _flatten(value, "", separator, found, 0)
    return found


def _flatten(value: Mapping[str, Any], prefix: str, separator: str, found: dict[str, str], depth: int) -> None:
    for key, entry in value.items():
        name = f"{prefix}{key}"[:200]
        if isinstance(entry, dict) and depth < 6:
            _flatten(entry, f"{name}.", separator, found, depth + 1)
        elif isinstance(entry, list):
            _flatten_list(entry, name, separator, found, depth)
        else:
            found[name] = _text(entry)


def _flatten_list(entries: list[Any], name: str, separator: str, found: dict[str, str], depth: int) -> None:
    found[name] = separator.join(text for part in entries if (text := _text(part)))
    joined: dict[str, list[str]] = {}
    for entry in entries[:_MOST_LISTED]:
        if isinstance(entry, dict) and depth < 6:
            inside: dict[str, str] = {}
            _flatten(entry, f"{name}[].", separator, inside, depth + 1)
            for key, text in inside.items():
                joined.setdefault(key, []).append(text)
    found.update({key: separator.join(text for text in texts if text) for key, texts in joined.items()})


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return value.replace("\0", "\ufffd")
    return str(value)[:60] if isinstance(value, int | float) else ""


class _Buffer:
    """Text read in pieces; `at` is how far it was taken, and what lies before is forgotten when more is read."""

    def __init__(self, file: TextIO) -> None:
        self.file, self.text, self.at, self.ended = file, "", 0, False

    def more(self) -> bool:
        """Read on; False at the end of the file."""
        piece = self.file.read(_CHUNK)
        self.ended = not piece
        self.text, self.at = self.text[self.at :] + piece, 0
        return not self.ended

    def peek(self) -> str:
        """Return the next letter that is not blank, empty at the end of the file."""
        while True:
            while self.at < len(self.text) and self.text[self.at].isspace():
                self.at += 1
            if self.at < len(self.text):
                return self.text[self.at]
            if not self.more():
                return ""

    def rest(self) -> str:
        """Return what is read and not taken yet."""
        return self.text[self.at :]


def _array(buffer: _Buffer) -> Iterator[JsonRow]:
    buffer.at += 1
    number = 0
    while (first := buffer.peek()) and first != "]":
        if first == ",":
            buffer.at += 1
            continue
        number += 1
        row, end = _next(buffer, number)
        yield row
        if end is None:
            return
        buffer.at = end
    if not first:
        yield JsonRow(number + 1, {}, "daftar JSON terpotong; yang utuh tetap diambil")


def _next(buffer: _Buffer, number: int) -> tuple[JsonRow, int | None]:
    """Return the object that begins here and where it ends, None where nothing behind it can be found."""
    wanted = 1
    while True:
        try:
            value, end = _DECODER.raw_decode(buffer.text, buffer.at)
        except RecursionError:
            return JsonRow(number, {}, "JSON bersarang terlalu dalam; sisa berkas tidak terbaca"), None
        except ValueError:
            if len(buffer.text) - buffer.at > MAX_OBJECT:
                return JsonRow(number, {}, "butir JSON rusak atau terlalu panjang; sisa berkas tidak terbaca"), None
            # twice as much each time, so that a long object is not looked through again and again
            if not all(buffer.more() for _ in range(wanted)):
                return JsonRow(number, {}, "butir JSON rusak atau terpotong; sisa berkas tidak terbaca"), None
            wanted *= 2
            continue
        return _row(number, value), end


def _objects(buffer: _Buffer) -> Iterator[JsonRow]:
    """Yield one object a line; a file that is one object, on many lines or on one, gives the array inside it."""
    number = 0
    for line in _lines(buffer):
        number += 1
        if not line.strip():
            continue
        if len(line) > MAX_OBJECT:
            yield JsonRow(number, {}, f"baris terlalu panjang (paling banyak {MAX_OBJECT >> 20} MB)")
            continue
        row = _line(number, line)
        inside = _inside(row.data) if number == 1 else []
        if inside and not buffer.peek():
            yield from (JsonRow(at, entry) for at, entry in enumerate(inside, 1))
        elif number == 1 and row.problem and (whole := _whole(buffer, line)) is not None:
            yield from (JsonRow(at, entry) for at, entry in enumerate(whole, 1))
        else:
            yield row


def _lines(buffer: _Buffer) -> Iterator[str]:
    while buffer.at < len(buffer.text) or not buffer.ended:
        end = buffer.text.find("\n", buffer.at)
        if end >= 0:
            line, buffer.at = buffer.text[buffer.at : end], end + 1
            yield line
        elif len(buffer.text) - buffer.at > MAX_OBJECT:
            yield _skip_line(buffer)
        elif not buffer.more():
            line, buffer.at = buffer.rest(), len(buffer.text)
            yield line


def _skip_line(buffer: _Buffer) -> str:
    """Read past a line that is too long, and return enough of it to be known for that."""
    line = buffer.rest()
    buffer.at = len(buffer.text)
    while buffer.more():
        end = buffer.text.find("\n")
        if end >= 0:
            buffer.at = end + 1
            break
        buffer.at = len(buffer.text)
    return line


def _whole(buffer: _Buffer, line: str) -> list[Mapping[str, Any]] | None:
    """Return the objects in a file that is one object written on many lines; None when it is not that."""
    if not line.lstrip().startswith("{"):
        return None
    while len(buffer.text) <= MAX_OBJECT * 8 and buffer.more():
        pass
    text = f"{line}\n{buffer.rest()}".strip()
    try:
        value, end = _DECODER.raw_decode(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(value, dict) or text[end:].strip():
        return None
    buffer.at = len(buffer.text)
    return _inside(value) or [value]


def _inside(value: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return the objects of the one list that answers of interfaces wrap them in."""
    for name in _LISTS:
        entries = value.get(name)
        if isinstance(entries, list) and entries and len(value) <= 6:
            return [entry for entry in entries if isinstance(entry, dict)]
    return []


def _wrapped(text: str) -> tuple[Mapping[str, Any], ...]:
    """Return the first object of a wrapped list that is longer than the head."""
    for name in _LISTS:
        at = text.find(f'"{name}"', 0, 2_000)
        start = text.find("[", at, at + 50) if at >= 0 else -1
        if start >= 0:
            try:
                value, _ = _DECODER.raw_decode(text[start + 1 :].lstrip())
            except (ValueError, RecursionError):
                continue
            return (value,) if isinstance(value, dict) else ()
    return ()


def _line(number: int, line: str) -> JsonRow:
    try:
        return _row(number, msgspec.json.decode(line))
    except (msgspec.DecodeError, UnicodeEncodeError, RecursionError):
        try:
            return _row(number, _DECODER.decode(line))
        except (ValueError, RecursionError):
            return JsonRow(number, {}, "baris bukan JSON yang utuh")


def _row(number: int, value: object) -> JsonRow:
    if not isinstance(value, dict):
        return JsonRow(number, {}, "butir bukan objek JSON")
    return JsonRow(number, value)
