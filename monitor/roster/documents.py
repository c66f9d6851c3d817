"""YAML and JSON files as a small tree that keeps lines; anything but plain mappings, lists and words is refused."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import yaml

from monitor.errors import RosterError, RowProblem
from monitor.roster.files import RosterFile, refused

MAX_DOCUMENT = 2 * 1024 * 1024
MAX_DEPTH = 12
_NULLS = frozenset({"", "~", "null", "Null", "NULL"})


@dataclass(frozen=True, slots=True)
class Word:
    """A single value as written, without any reading of numbers, dates or yes and no."""

    text: str
    line: int | None


@dataclass(frozen=True, slots=True)
class Listing:
    """A list; `items` may hold None for an empty entry."""

    items: tuple[Tree, ...]
    line: int | None


@dataclass(frozen=True, slots=True)
class Mapped:
    """A mapping in file order, each key once."""

    entries: tuple[tuple[str, Tree], ...]
    line: int | None
    key_lines: tuple[int | None, ...]


Tree = Word | Listing | Mapped | None


def read_document(file: RosterFile) -> Tree:
    """Return the tree of a YAML or JSON file; RosterError with the line where it is broken or not plain."""
    if len(file.data) > MAX_DOCUMENT:
        raise refused(
            file.name, f"berkas kontes lebih besar dari {MAX_DOCUMENT // 1024} KB", "satu berkas untuk satu kontes"
        )
    try:
        text = file.data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = file.data.count(b"\n", 0, error.start) + 1
        raise _broken(file.name, line, "berkas bukan teks UTF-8", "simpan ulang sebagai UTF-8") from None
    is_yaml = file.name.lower().endswith((".yml", ".yaml"))
    if text.lstrip().startswith("{") and not is_yaml:
        return _json(file.name, text)
    return _yaml(file.name, text)


def _broken(name: str, line: int | None, problem: str, mend: str = "") -> RosterError:
    return RosterError((RowProblem(name, line, "", problem, mend),))


def _json(name: str, text: str) -> Tree:
    try:
        value = json.loads(text, parse_int=str, parse_float=str, parse_constant=str, object_pairs_hook=tuple)
    except json.JSONDecodeError as error:
        raise _broken(
            name, error.lineno, "JSON rusak", f"periksa tanda kutip dan koma di sekitar kolom {error.colno}"
        ) from None
    except RecursionError:
        raise _broken(name, None, "susunan JSON terlalu dalam") from None
    return _from_json(name, value, 0)


def _from_json(name: str, value: Any, depth: int) -> Tree:
    if depth > MAX_DEPTH:
        raise _broken(name, None, "susunan JSON terlalu dalam")
    if value is None:
        return None
    if isinstance(value, list):
        return Listing(tuple(_from_json(name, item, depth + 1) for item in value), None)
    if isinstance(value, tuple):
        keys = [key for key, _ in value]
        twice = next((key for key in keys if keys.count(key) > 1), None)
        if twice is not None:
            raise _broken(name, None, f"kunci '{twice}' ditulis dua kali", "sisakan satu")
        entries = tuple((key, _from_json(name, item, depth + 1)) for key, item in value)
        return Mapped(entries, None, (None,) * len(entries))
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return _word(name, text, None)


def _word(name: str, text: str, line: int | None) -> Word:
    if re.search(r"[\x00\ud800-\udfff]", text):
        raise _broken(name, line, "isian mengandung karakter yang tidak sah", "ketik ulang isian itu")
    return Word(text.strip(), line)


def _yaml(name: str, text: str) -> Tree:
    try:
        events = _plain_events(name, yaml.parse(text, Loader=yaml.SafeLoader))
        tree = _from_events(name, events, next(events), 0)
        if next(events, None) is not None:
            raise _broken(name, None, "berkas memuat lebih dari satu dokumen YAML", "satu berkas untuk satu kontes")
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else None
        control = _control_line(text) if mark is None else None
        raise _broken(
            name, line or control, "YAML rusak", "periksa jarak di awal baris, titik dua dan tanda kutip"
        ) from None
    except StopIteration:
        raise refused(name, "berkas tidak berisi kontes", "lihat contoh berkas kontes") from None
    return tree


def _control_line(text: str) -> int | None:
    found = re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", text)
    return text.count("\n", 0, found.start()) + 1 if found else None


def _plain_events(name: str, events: Iterator[Any]) -> Iterator[Any]:
    """Drop stream and document marks; refuse anchors, aliases and tags before anything is built of them."""
    for event in events:
        if isinstance(
            event, yaml.StreamStartEvent | yaml.StreamEndEvent | yaml.DocumentStartEvent | yaml.DocumentEndEvent
        ):
            continue
        line = event.start_mark.line + 1
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise _broken(name, line, "jangkar dan rujukan YAML (& dan *) tidak diterima", "tulis nilainya langsung")
        if getattr(event, "tag", None):
            raise _broken(name, line, f"tanda tipe YAML '{event.tag}' tidak diterima", "hapus tanda itu")
        yield event


def _from_events(name: str, events: Iterator[Any], event: Any, depth: int) -> Tree:
    line = event.start_mark.line + 1
    if depth > MAX_DEPTH:
        raise _broken(name, line, "susunan YAML terlalu dalam")
    if isinstance(event, yaml.ScalarEvent):
        plain_null = event.style is None and event.value in _NULLS
        return None if plain_null else _word(name, event.value, line)
    if isinstance(event, yaml.SequenceStartEvent):
        items: list[Tree] = []
        while not isinstance(following := next(events), yaml.SequenceEndEvent):
            items.append(_from_events(name, events, following, depth + 1))
        return Listing(tuple(items), line)
    return _mapping(name, events, line, depth)


def _mapping(name: str, events: Iterator[Any], line: int, depth: int) -> Mapped:
    entries: dict[str, Tree] = {}
    lines: list[int | None] = []
    while not isinstance(following := next(events), yaml.MappingEndEvent):
        at = following.start_mark.line + 1
        if not isinstance(following, yaml.ScalarEvent):
            raise _broken(name, at, "kunci harus berupa kata")
        if following.value in entries:
            raise _broken(name, at, f"kunci '{following.value}' ditulis dua kali", "sisakan satu")
        lines.append(at)
        entries[following.value] = _from_events(name, events, next(events), depth + 1)
    return Mapped(tuple(entries.items()), line, tuple(lines))
