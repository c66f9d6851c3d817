"""Zeeschuimer NDJSON: what a browser extension recorded while a person scrolled, one item a line.

Envelopes read: `{item_id | id, timestamp_collected, source_platform, source_platform_url, source_url, data}` as the
extension exports it, and 4CAT's form of it, where the item stands bare and the envelope is in `__import_meta`.
The file is read line by line, so memory stays flat whatever its size. Items seen again while scrolling come again; the
store keeps one, with its versions.
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

import msgspec

from monitor.errors import ImportFormatError, plainly
from scrapers.contract import ItemIssue
from scrapers.imports.cleaning import TooDeep, clean_envelope, scrub
from scrapers.imports.contract import UNKNOWN_FIELDS, Captured, Mapped, Mapper, ReadOptions
from scrapers.imports.nodes import unix_time
from scrapers.platforms.facebook import pages as facebook
from scrapers.platforms.instagram import mapper as instagram
from scrapers.platforms.threads import capture as threads
from scrapers.platforms.tiktok import mapper as tiktok
from scrapers.platforms.x import mapper as x

MAX_LINE = 8 * 1024 * 1024

_X: tuple[str, str, Mapper] = ("x", f"x/{x.VERSION}", x.map_item)
_INSTAGRAM: tuple[str, str, Mapper] = ("instagram", f"instagram/{instagram.VERSION}", instagram.map_item)
_TIKTOK: tuple[str, str, Mapper] = ("tiktok", f"tiktok/{tiktok.VERSION}", tiktok.map_item)
_THREADS: tuple[str, str, Mapper] = ("threads", f"threads/{threads.VERSION}", threads.map_item)
_FACEBOOK: tuple[str, str, Mapper] = ("facebook", f"facebook/{facebook.VERSION}", facebook.map_item)
# The extension's own names for its modules.
_MODULES: Mapping[str, tuple[str, str, Mapper]] = {
    "twitter.com": _X,
    "x.com": _X,
    "twitter-comments": _X,
    "instagram.com": _INSTAGRAM,
    "instagram-comments": _INSTAGRAM,
    "tiktok.com": _TIKTOK,
    "tiktok-comments": _TIKTOK,
    "threads.net": _THREADS,
    "threads.com": _THREADS,
    "facebook.com": _FACEBOOK,
    "facebook-comments": _FACEBOOK,
}
_MOST_UNKNOWN_FIELDS = 300  # named once a file; a file with more is of a shape nobody knows
_CHUNK = 1 << 16
_ENVELOPE_START = re.compile(rb'^\s*\{\s*"(?:nav_index|item_id|id|timestamp_collected|source_platform)"\s*:')


@dataclass(frozen=True, slots=True)
class _Line:
    """One line as it stands in the file; `data` is empty when it was too long to be read."""

    number: int
    data: bytes
    size: int
    ended: bool


@dataclass(frozen=True, slots=True)
class _Clean:
    """An item without the collector's session, and the bytes of it that are kept."""

    item: Mapping[str, Any]
    raw: bytes


class ZeeschuimerReader:
    """Reads Zeeschuimer's export; holds no state."""

    name = "zeeschuimer"

    def sniff(self, head: bytes, path: Path) -> bool:
        """Whether a file that begins with `head` has this format, by what it holds and not by its name."""
        del path
        head = _as_utf8(head)
        first, *others = [line for line in head.split(b"\n") if line.strip()] or [b""]
        if any(_is_envelope(line) for line in (first, *others[:5])):
            return True
        # an item longer than the head: the envelope's names come first, or 4CAT's block is somewhere in what we have
        return first.lstrip().startswith(b"{") and (
            (_ENVELOPE_START.match(first) is not None and b'"source_platform"' in first) or b'"__import_meta"' in first
        )

    def read(self, path: Path, options: ReadOptions) -> Iterator[Captured]:
        """Read an export as a stream; a broken line is an issue of that line and the rest stands.

        Raises ImportFormatError when the file cannot be opened or is not UTF-8 at all.
        """
        del options
        try:
            with path.open("rb") as file:
                last_seen = datetime.fromtimestamp(int(path.stat().st_mtime), UTC)
                named: set[str] = set()
                for line in _lines(file, path.name):
                    captured = _capture(line, last_seen, named)
                    last_seen = captured.collected_at
                    yield captured
        except OSError as error:
            raise ImportFormatError(f"{path.name}: berkas tidak dapat dibaca ({plainly(error)})") from error


def _lines(file: BinaryIO, name: str) -> Iterator[_Line]:
    number = 0
    while piece := file.readline(MAX_LINE + 2):
        number += 1
        if number == 1:
            if piece.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
                raise ImportFormatError(
                    f"{name}: berkas berenkode UTF-16", "simpan ulang sebagai UTF-8, lalu impor lagi"
                )
            piece = piece.removeprefix(codecs.BOM_UTF8)
        size, ended = len(piece), piece.endswith(b"\n")
        while not ended and (rest := file.readline(_CHUNK)):
            size, ended, piece = size + len(rest), rest.endswith(b"\n"), b""
        data = piece.strip(b"\r\n\t ")
        if len(data) > MAX_LINE:
            data = b""
        if data or size > MAX_LINE:
            yield _Line(number, data, size, ended)


def _capture(line: _Line, last_seen: datetime, named: set[str]) -> Captured:
    """Return what one line holds; never raises."""
    if not line.data:
        return _unread(
            line,
            last_seen,
            f"baris terlalu panjang ({line.size / 1e6:.0f} MB; paling banyak {MAX_LINE >> 20} MB)",
            "line_too_long",
        )
    try:
        decoded = _decode(line.data)
        if not isinstance(decoded, dict):
            return _unread(line, last_seen, "baris bukan objek JSON")
        envelope, item = _open(decoded)
        if item is None:
            return _unread(line, last_seen, "baris bukan butir Zeeschuimer: tidak ada isi (data) atau sampulnya")
        kept = clean_envelope(envelope)
        item = scrub(item)
    except (TooDeep, RecursionError):
        return _unread(line, last_seen, "JSON bersarang terlalu dalam")
    except ValueError as error:
        return _unread(line, last_seen, _why_broken(line, error))
    return _map(line, envelope, _Clean(item, msgspec.json.encode({**kept, "data": item})), last_seen, named)


def _map(
    line: _Line, envelope: Mapping[str, Any], clean_item: _Clean, last_seen: datetime, named: set[str]
) -> Captured:
    module = envelope.get("source_platform")
    source, version, mapper = _MODULES.get(module if isinstance(module, str) else "", ("", "", None))
    collected_at = _collected_at(envelope.get("timestamp_collected"))
    raw = clean_item.raw
    if mapper is None:
        reason = f"modul Zeeschuimer {_shown(module)} belum didukung"
        return Captured(line.number, (), (), raw, collected_at or last_seen, "", "", (), reason)
    if collected_at is None:
        reason = "waktu pengambilan (timestamp_collected) tidak terbaca"
        return Captured(
            line.number, (), (), raw, last_seen, source, version, (ItemIssue("no_capture_time", reason),), reason
        )
    mapped = _mapped(mapper, clean_item.item, collected_at)
    issues = mapped.issues + _first_named(mapped.unknown_fields, source, named)
    return Captured(line.number, mapped.items, mapped.acts, raw, collected_at, source, version, issues, mapped.skipped)


def _mapped(mapper: Mapper, item: Mapping[str, Any], collected_at: datetime) -> Mapped:
    """Run a mapper; a fault of ours in one item must not cost the other items of a file."""
    try:
        return mapper(item, collected_at)
    except (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError) as error:
        reason = f"butir tidak dapat dibaca ({type(error).__name__})"
        return Mapped(issues=(ItemIssue("mapper_failed", reason),), skipped=reason)


def _unread(line: _Line, last_seen: datetime, reason: str, kind: str = "broken_line") -> Captured:
    return Captured(line.number, (), (), b"", last_seen, "", "", (ItemIssue(kind, reason),), reason)


def _decode(data: bytes) -> Any:
    """Decode one line; browsers write emoji cut in half as lone surrogates, which only the standard library takes."""
    try:
        return msgspec.json.decode(data)
    except msgspec.DecodeError:
        if b"\\ud" not in data.lower():
            raise
        return json.loads(data, parse_constant=_refuse)


def _refuse(constant: str) -> None:
    raise ValueError(constant)


def _why_broken(line: _Line, error: Exception) -> str:
    """Say what is wrong with a line without repeating what it holds."""
    if isinstance(error, UnicodeDecodeError):
        return f"baris bukan UTF-8 (bita ke-{error.start + 1}); simpan ulang berkas sebagai UTF-8"
    if not line.ended:
        return "baris terakhir terpotong; baris lain tetap diambil"
    return "baris bukan JSON yang utuh"


def _open(decoded: dict[str, Any]) -> tuple[Mapping[str, Any], Mapping[str, Any] | None]:
    """Return the envelope and the item of a line; no item where the line has neither form."""
    meta = decoded.get("__import_meta")
    if isinstance(meta, dict):
        return meta, {key: value for key, value in decoded.items() if key != "__import_meta"}
    item = decoded.get("data")
    if isinstance(item, dict) and "source_platform" in decoded:
        partial = {"_zs_partial": True} if decoded.get("_zs_partial") is True else {}
        return decoded, {**item, **partial}
    return decoded, None


def _collected_at(value: object) -> datetime | None:
    """Return `timestamp_collected` (milliseconds; seconds and ISO 8601 in old or edited files) as a UTC time."""
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, (int, float)):
        return unix_time(value)
    text = str(value)[:40]
    if text.isascii() and text.isdigit():
        return unix_time(int(text))
    try:
        moment = datetime.fromisoformat(text)
        return unix_time(moment.timestamp()) if moment.tzinfo is not None else None
    except (ValueError, OverflowError):
        return None


def _first_named(unknown: tuple[str, ...], source: str, named: set[str]) -> tuple[ItemIssue, ...]:
    """Return an issue that lists the unknown fields which this file has not named before."""
    if not unknown:
        return ()
    fresh = [path for path in unknown if f"{source}:{path}" not in named][: _MOST_UNKNOWN_FIELDS - len(named)]
    named.update(f"{source}:{path}" for path in fresh)
    return (ItemIssue(UNKNOWN_FIELDS, ", ".join(fresh)),) if fresh else ()


def _shown(module: object) -> str:
    if not isinstance(module, str):
        return "tanpa nama"
    return f'"{"".join(c for c in module if c.isprintable())[:60]}"'


def _as_utf8(head: bytes) -> bytes:
    """Return the head as UTF-8, so that a file in UTF-16 is recognised and then refused with a reason."""
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return head.decode("utf-16", "replace").encode()
    return head.removeprefix(codecs.BOM_UTF8)


def _is_envelope(line: bytes) -> bool:
    try:
        decoded = _decode(line)
    except (ValueError, RecursionError):
        return False
    if not isinstance(decoded, dict):
        return False
    meta = decoded.get("__import_meta")
    if isinstance(meta, dict):
        return "source_platform" in meta
    return "source_platform" in decoded and isinstance(decoded.get("data"), dict)


reader = ZeeschuimerReader()
