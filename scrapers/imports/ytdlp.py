"""yt-dlp's `.info.json` with comments, and files with one such object a line.

Only YouTube is read. Comments come incomplete by nature (yt-dlp #15435), which is said with the video. Their times are
computed by yt-dlp from "2 years ago", so that only a bracket is known.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

from monitor.errors import ImportFormatError, plainly
from scrapers.contract import ItemIssue
from scrapers.imports.cleaning import TooDeep, clean
from scrapers.imports.contract import Captured, Mapped, ReadOptions
from scrapers.imports.json_rows import json_rows
from scrapers.imports.json_stream import Broken, JsonStream, open_stream
from scrapers.imports.routing import first_named
from scrapers.platforms.youtube import downloaded, mapper
from scrapers.platforms.youtube.downloaded import Video

_MAPPER = f"youtube/ytdlp-{mapper.VERSION}"
_CHUNK = 1 << 20
_CUT = "berkas rusak atau terpotong di sini; yang sebelumnya tetap diambil"
_KEPT = downloaded.READ | frozenset({"view_count", "duration", "live_status", "availability", "playlist_id", "tags"})
_OWN_KEYS = (b'"extractor_key"', b'"extractor"', b'"webpage_url"', b'"_type"', b'"formats"', b'"channel_id"')


@dataclass(slots=True)
class _Reading:
    """One file on its way."""

    collected_at: datetime
    line: int = 0
    named: set[str] = field(default_factory=set)


class YtdlpReader:
    """Reads yt-dlp's information files; holds no state."""

    name = "ytdlp"

    def sniff(self, head: bytes, path: Path) -> bool:
        """Whether a file that begins with `head` has this format, by what it holds and not by its name."""
        del path
        text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
        if not text.startswith(b"{") or re.match(rb'\{\s*"(?:id|_type|title|extractor|channel)', text) is None:
            return False
        if re.search(rb'"(?:extractor_key|ie_key)"\s*:\s*"', text) is not None:
            return True
        return b'"id"' in text[:4000] and sum(key in text for key in _OWN_KEYS) >= 3

    def read(self, path: Path, options: ReadOptions) -> Iterator[Captured]:
        """Read a file as a stream; what is broken is an issue of its own and the rest stands.

        Raises ImportFormatError when the file cannot be opened or holds no objects.
        """
        try:
            modified = datetime.fromtimestamp(int(path.stat().st_mtime), UTC)
        except OSError as error:
            raise ImportFormatError(f"{path.name}: berkas tidak dapat dibaca ({plainly(error)})") from error
        reading = _Reading(options.captured_at or modified)
        if _one_a_line(path):
            yield from _lines(path, reading)
            return
        head: dict[str, Any] = {}
        with open_stream(path) as stream, suppress(Broken):
            if stream.peek() != "{":
                raise ImportFormatError(f"{path.name}: bukan berkas .info.json dari yt-dlp")
            _fill(stream, head)
        with open_stream(path) as stream:
            try:
                yield from _object(stream, Video.of(head, reading.collected_at), head, reading)
            except Broken:
                reading.line += 1
                yield _nothing(reading, _CUT, ItemIssue("broken_file", _CUT))


def _one_a_line(path: Path) -> bool:
    """Whether a file holds several objects: inside one, no line begins with a brace."""
    last = b""
    with path.open("rb") as file:
        while piece := file.read(_CHUNK):
            if b"\n{" in last + piece:
                return True
            last = piece[-1:]
    return False


def _lines(path: Path, reading: _Reading) -> Iterator[Captured]:
    """Yield what every line holds; one that is broken costs no other."""
    for row in json_rows(path):
        if row.problem is not None:
            reading.line += 1
            yield _nothing(reading, row.problem, ItemIssue("broken_line", row.problem))
        else:
            yield from _entry(dict(row.data), reading)


def _fill(stream: JsonStream, head: dict[str, Any]) -> None:
    for name in stream.members():
        if name in downloaded.SKIPPED:
            stream.skip()
        elif stream.peek() in ("{", "[") and name not in _KEPT:
            head.setdefault(name, None)
            stream.skip()
        else:
            head[name] = stream.take()


def _object(stream: JsonStream, video: Video, head: dict[str, Any], reading: _Reading) -> Iterator[Captured]:
    """Yield the comments of one object, those of a playlist's videos, and at the end the video itself."""
    shown = 0
    for name in stream.members():
        if name == "comments" and stream.peek() == "[" and video.refused is None:
            for _ in stream.entries():
                shown += 1
                yield _comment(_dict(stream.take()), reading, video)
        elif name == "entries" and stream.peek() == "[":
            for _ in stream.entries():
                yield from _entry(_dict(stream.take()), reading)
        else:
            stream.skip()
    if head.get("_type") not in ("playlist", "multi_video", "channel"):
        yield _video(head, video, shown, reading)


def _entry(raw: dict[str, Any], reading: _Reading) -> Iterator[Captured]:
    """Yield one video of a playlist that was written as a whole."""
    head = {name: value for name, value in raw.items() if name not in downloaded.SKIPPED}
    video = Video.of(head, reading.collected_at)
    comments = raw.get("comments")
    listed = comments if isinstance(comments, list) and video.refused is None else []
    for comment in listed:
        yield _comment(_dict(comment), reading, video)
    yield _video(head, video, len(listed), reading)


def _video(head: dict[str, Any], video: Video, shown: int, reading: _Reading) -> Captured:
    mapped = downloaded.map_video(head, video)
    counted = video.comment_count
    issues: tuple[ItemIssue, ...] = ()
    if mapped.skipped is None and counted is not None and counted > shown:
        detail = f"{shown} dari {counted} komentar ada dalam berkas: yt-dlp tidak mengambil semuanya"
        issues = (ItemIssue("komentar_tak_lengkap", detail),)
    kept = {name: value for name, value in head.items() if name in _KEPT}
    return _captured(mapped, issues, _encoded(kept), reading, video)


def _comment(raw: dict[str, Any], reading: _Reading, video: Video) -> Captured:
    kept = {name: value for name, value in raw.items() if name != "author_thumbnail"}
    return _captured(
        downloaded.map_comment(raw, video), (), _encoded({"video": video.identity, "comment": kept}), reading, video
    )


def _captured(mapped: Mapped, issues: tuple[ItemIssue, ...], raw: bytes, reading: _Reading, video: Video) -> Captured:
    reading.line += 1
    issues += mapped.issues + first_named(mapped.unknown_fields, "youtube", reading.named)
    return Captured(
        reading.line, mapped.items, mapped.acts, raw, video.collected_at, "youtube", _MAPPER, issues, mapped.skipped
    )


def _encoded(value: dict[str, Any]) -> bytes:
    try:
        return msgspec.json.encode(clean(value))
    except (TooDeep, RecursionError):
        return b""


def _dict(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _nothing(reading: _Reading, reason: str, *issues: ItemIssue) -> Captured:
    return Captured(reading.line, (), (), b"", reading.collected_at, "youtube", "", issues, reason)


reader = YtdlpReader()
