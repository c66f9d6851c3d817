"""Reads JSON files larger than memory: a caller goes through objects and arrays and takes or skips each value.

What is skipped is never built; what is taken is decoded by itself. Memory is bounded by the largest value taken.
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO

from monitor.errors import ImportFormatError, plainly

MAX_VALUE = 16 << 20  # letters of one value that is taken
_CHUNK = 1 << 18
_MOST_NESTED = 1000
_BLANK = re.compile(r"[ \t\r\n]*")
_MARK = re.compile(r'["{}\[\]]')
_STRING_END = re.compile(r'[^"\\]*(?:\\.[^"\\]*)*"', re.DOTALL)
_SCALAR_END = re.compile(r"[,\]}\s]")
_DECODER = json.JSONDecoder(parse_constant=lambda _constant: None)


class Broken(ValueError):
    """The text is not the JSON that was expected here; what stands behind it cannot be found."""


class JsonStream:
    """A place in a JSON text that only moves forward. Every method raises Broken where the text is no JSON."""

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self._text = ""
        self._at = 0
        self._ended = False

    def peek(self) -> str:
        """Return the next letter that is not blank, empty at the end of the file."""
        while True:
            blank = _BLANK.match(self._text, self._at)
            self._at = blank.end() if blank else self._at
            if self._at < len(self._text):
                return self._text[self._at]
            if not self._more():
                return ""

    def members(self) -> Iterator[str]:
        """Yield the names of an object that begins here; the caller takes, skips or goes into every value."""
        self._expect("{")
        while (first := self.peek()) != "}":
            if first == ",":
                self._at += 1
                continue
            name = self.take()
            if not isinstance(name, str):
                raise Broken
            self._expect(":")
            yield name
        self._at += 1

    def entries(self) -> Iterator[int]:
        """Yield the places, from 0, of an array that begins here; the caller takes or skips every value."""
        self._expect("[")
        place = 0
        while (first := self.peek()) != "]":
            if first == ",":
                self._at += 1
                continue
            yield place
            place += 1
        self._at += 1

    def take(self) -> Any:
        """Return the value that begins here."""
        if not self.peek():
            raise Broken
        wanted = 1
        while True:
            try:
                value, end = _DECODER.raw_decode(self._text, self._at)
            except RecursionError as error:
                raise Broken from error
            except ValueError as error:
                if len(self._text) - self._at > MAX_VALUE or not self._grow(wanted):
                    raise Broken from error
                wanted *= 2
                continue
            if end == len(self._text) and isinstance(value, int | float) and self._more():
                continue  # a number may go on
            self._at = end
            return value

    def skip(self) -> None:
        """Go behind the value that begins here."""
        first = self.peek()
        if first in ("{", "["):
            self._skip_nested()
        elif first == '"':
            self._at += 1
            self._skip_string()
        elif first and not _SCALAR_END.match(first):
            while (end := _SCALAR_END.search(self._text, self._at)) is None:
                self._at = len(self._text)
                if not self._more():
                    return
            self._at = end.start()
        else:
            raise Broken

    def _skip_nested(self) -> None:
        depth = 0
        while True:
            mark = _MARK.search(self._text, self._at)
            if mark is None:
                self._at = len(self._text)
                if not self._more():
                    raise Broken
                continue
            self._at = mark.end()
            if mark[0] == '"':
                self._skip_string()
            elif mark[0] in "{[":
                depth += 1
            else:
                depth -= 1
            if depth == 0:
                return
            if depth > _MOST_NESTED:
                raise Broken

    def _skip_string(self) -> None:
        """Go behind a string of which the opening mark was taken."""
        while (end := _STRING_END.match(self._text, self._at)) is None:
            if len(self._text) - self._at > MAX_VALUE or not self._more():
                raise Broken
        self._at = end.end()

    def _expect(self, mark: str) -> None:
        if self.peek() != mark:
            raise Broken
        self._at += 1

    def _grow(self, pieces: int) -> bool:
        return sum(self._more() for _ in range(pieces)) > 0

    def _more(self) -> bool:
        """Read on and forget what was passed; False at the end of the file."""
        piece = self._file.read(_CHUNK)
        self._ended = not piece
        self._text, self._at = self._text[self._at :] + piece, 0
        return not self._ended


@contextmanager
def open_stream(path: Path) -> Iterator[JsonStream]:
    """Open a file as UTF-8, or as what its byte order mark says; ImportFormatError when it cannot be opened."""
    try:
        with path.open("rb") as file:
            wide = file.read(2) in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
        with path.open(encoding="utf-16" if wide else "utf-8-sig", errors="replace") as text:
            yield JsonStream(text)
    except OSError as error:
        raise ImportFormatError(f"{path.name}: berkas tidak dapat dibaca ({plainly(error)})") from error
