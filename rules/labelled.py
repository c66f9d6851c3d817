"""Texts to try the recognition of names on: JSON lines, read as a stream, each mistake with its line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import msgspec

from monitor.errors import ConfigError

LONGEST_LINE = 16 * 1024 * 1024
_BOM = b"\xef\xbb\xbf"
_WIDE_BOMS = (b"\xff\xfe", b"\xfe\xff")
_ONE_OBJECT = "satu objek JSON per baris, seperti contoh di docs/aturan/README.md"


@dataclass(frozen=True, slots=True)
class LabelledText:
    """One line of a texts file; `pairs` is None where nobody labelled it, else (contest name or "", number).

    `contest` is the contest that the line says it is about, "" where it says none.
    """

    id: object
    text: str
    pairs: frozenset[tuple[str, int]] | None
    parent: str | None
    parent_author: str | None = None
    contest: str = ""


@dataclass(frozen=True, slots=True)
class Batch:
    """Some lines of a file as they stand there, with the number of the first; blank lines are kept for counting."""

    name: str
    first: int
    lines: tuple[bytes, ...]

    @property
    def size(self) -> int:
        """How many bytes the lines have."""
        return sum(map(len, self.lines))


class _Label(msgspec.Struct):
    number: int
    contest: str = ""


class _Parent(msgspec.Struct):
    text: str | None = None
    author: str | None = None


class _Line(msgspec.Struct):
    id: Any
    text: str
    pairs: list[int | _Label] | None = None
    parent: _Parent | None = None
    contest: str | None = None


_DECODER = msgspec.json.Decoder(_Line)


def read_batches(path: Path, size: int = 1000) -> Iterator[Batch]:
    """Yield a file's lines in batches, never more than one of them in memory.

    Raises ConfigError for a file that cannot be opened, is not UTF-8 from its first bytes, or has an endless line.
    """
    with _opened(path) as stream:
        number, lines = 1, list[bytes]()
        weight = 0
        while line := stream.readline(LONGEST_LINE + 1):
            place = number + len(lines)
            if place == 1:
                line = _without_mark(line, path)
            if len(line) > LONGEST_LINE:
                raise ConfigError(f"{path.name}:{place}: baris lebih panjang dari {LONGEST_LINE >> 20} MB", _ONE_OBJECT)
            lines.append(line)
            weight += len(line)
            if len(lines) >= size or weight >= LONGEST_LINE:
                yield Batch(path.name, number, tuple(lines))
                number, lines, weight = number + len(lines), [], 0
        if lines:
            yield Batch(path.name, number, tuple(lines))


def read_texts(path: Path) -> Iterator[LabelledText]:
    """Return the texts of a JSON-lines file one by one; ConfigError with file:line for a line that is none."""
    for batch in read_batches(path):
        yield from texts_of(batch)


def texts_of(batch: Batch) -> Iterator[LabelledText]:
    """Return the texts of a batch; blank lines are none."""
    for number, line in enumerate(batch.lines, start=batch.first):
        if not line.isspace():
            yield _text(line, f"{batch.name}:{number}")


def _opened(path: Path) -> IO[bytes]:
    try:
        return path.open("rb")
    except OSError as error:
        raise ConfigError(
            f"{path}: berkas teks tidak dapat dibuka", "periksa nama, letak dan izin berkas itu"
        ) from error


def _without_mark(line: bytes, path: Path) -> bytes:
    """Return a file's first line without the mark that some editors put before UTF-8."""
    if line.startswith(_WIDE_BOMS):
        raise ConfigError(f"{path.name}:1: berkas ini bukan UTF-8 melainkan UTF-16", "simpan ulang sebagai UTF-8")
    return line.removeprefix(_BOM) or b"\n"


def _text(line: bytes, place: str) -> LabelledText:
    try:
        row = _DECODER.decode(line)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return _odd_text(line, place)  # rare: lone surrogates, or a mistake that wants its own words
    parent = row.parent
    return LabelledText(
        row.id,
        row.text,
        None
        if row.pairs is None
        else frozenset((("", p) if isinstance(p, int) else (p.contest, p.number)) for p in row.pairs),
        parent.text or None if parent else None,
        parent.author or None if parent else None,
        row.contest or "",
    )


def _odd_text(line: bytes, place: str) -> LabelledText:
    row = _decoded(line, place)
    if not isinstance(row, dict):
        raise ConfigError(f"{place}: baris ini bukan objek JSON", _ONE_OBJECT)
    if "id" not in row or not isinstance(row.get("text"), str):
        missing = "id" if "id" not in row else "text"
        raise ConfigError(f"{place}: kolom `{missing}` wajib ada", "tiap teks perlu `id` dan `text` (tulisan)")
    pairs, parent, contest = row.get("pairs"), row.get("parent"), row.get("contest")
    return LabelledText(
        row["id"],
        row["text"],
        frozenset(_label(p, place) for p in pairs) if isinstance(pairs, list) else None,
        _optional(parent, "text"),
        _optional(parent, "author"),
        contest if isinstance(contest, str) else "",
    )


def _decoded(line: bytes, place: str) -> object:
    try:
        return json.loads(line.decode("utf-8", "surrogatepass"))
    except UnicodeDecodeError as error:
        raise ConfigError(
            f"{place}: ada karakter yang bukan UTF-8 (bita ke-{error.start + 1})", "simpan ulang sebagai UTF-8"
        ) from error
    except (ValueError, RecursionError) as error:
        raise ConfigError(f"{place}: baris ini bukan JSON", _ONE_OBJECT) from error


def _optional(row: object, key: str) -> str | None:
    value = row.get(key) if isinstance(row, dict) else None
    return value if isinstance(value, str) and value else None


def _label(value: object, place: str) -> tuple[str, int]:
    if isinstance(value, int) and not isinstance(value, bool):
        return "", value
    if isinstance(value, dict) and isinstance(value.get("number"), int):
        return str(value.get("contest") or ""), value["number"]
    raise ConfigError(f"{place}: isi `pairs` tidak dikenal", "tulis nomor urut, atau {contest, number}")
