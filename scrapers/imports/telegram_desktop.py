"""Telegram Desktop's JSON export (`result.json`): one public channel or group, or a whole account's export.

Only public channels and groups are taken; private chats are counted and never read. The file is read as a stream, so
that memory stays flat whatever its size.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from monitor.errors import ImportFormatError, ImportQuestion, plainly
from scrapers.contract import ItemIssue
from scrapers.imports.cleaning import TooDeep, clean
from scrapers.imports.contract import Captured, Mapped, ReadOptions
from scrapers.imports.json_stream import Broken, JsonStream, open_stream
from scrapers.imports.routing import first_named
from scrapers.platforms.telegram import mapper
from scrapers.platforms.telegram.exported import Chat, map_message

PUBLIC = frozenset({"public_channel", "public_supergroup", "public_group"})
_MAPPER = f"telegram/desktop-{mapper.VERSION}"
_OLD_CHANNELS = 2**33
_NO_TYPE = "berkas tidak menyebut jenis obrolan; obrolan pribadi tidak diambil"
_CUT = "berkas rusak atau terpotong di sini; yang sebelumnya tetap diambil"
_DROPPED = frozenset({"contact_information", "contact_vcard", "location_information", "inline_bot_buttons", "file",
    "photo", "thumbnail"})  # fmt: skip
_CHAT_HEAD = re.compile(rb'^\s*\{\s*"name"\s*:[^\n]*\n?\s*"type"\s*:\s*"(?:public|private|personal|bot|saved|verif)')


@dataclass(slots=True)
class _Reading:
    """One file on its way: where it was captured, its time zone, and what was said of it already."""

    path: Path
    collected_at: datetime
    zone: tzinfo | None
    line: int = 0
    named: set[str] = field(default_factory=set)
    told: set[str] = field(default_factory=set)


class TelegramDesktopReader:
    """Reads Telegram Desktop's export; holds no state."""

    name = "telegram_desktop"

    def sniff(self, head: bytes, path: Path) -> bool:
        """Whether a file that begins with `head` has this format, by what it holds and not by its name."""
        del path
        text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
        if not text.startswith(b"{"):
            return False
        if _CHAT_HEAD.match(text) and b'"messages"' in text:
            return True
        whole = b'"about"' in text[:2000] and b"Telegram" in text[:2000]
        if whole and re.search(rb'"(?:chats|personal_information|contacts|left_chats)"', text):
            return True
        listed = re.search(rb'"messages"\s*:\s*\[\s*\{', text) is not None
        dated = b'"date_unixtime"' in text or b'"from_id"' in text or b'"text_entities"' in text
        return listed and dated and re.search(rb'"type"\s*:\s*"(?:message|service)"', text) is not None

    def read(self, path: Path, options: ReadOptions) -> Iterator[Captured]:
        """Read an export as a stream; a broken message is an issue of its own and the rest stands.

        Raises ImportQuestion for an old export, whose times have no zone, unless the zone was said; ImportFormatError
        when the file cannot be opened or is no export at all.
        """
        try:
            modified = datetime.fromtimestamp(int(path.stat().st_mtime), UTC)
        except OSError as error:
            raise ImportFormatError(f"{path.name}: berkas tidak dapat dibaca ({plainly(error)})") from error
        reading = _Reading(path, options.captured_at or modified, _zone(options))
        if reading.zone is None and _needs_zone(path):
            raise ImportQuestion(
                f"{path.name}: ekspor lama ini menulis waktu setempat tanpa zona",
                "sebutkan zona waktu komputer pengekspor dengan --timezone, misalnya Asia/Jakarta",
            )
        yield from _read(reading)


def _read(reading: _Reading) -> Iterator[Captured]:
    with open_stream(reading.path) as stream:
        if stream.peek() != "{":
            raise ImportFormatError(f"{reading.path.name}: bukan ekspor JSON Telegram Desktop")
        try:
            yield from _top(stream, reading)
        except Broken:
            reading.line += 1
            yield _nothing(reading, _CUT, ItemIssue("broken_file", _CUT))


def _top(stream: JsonStream, reading: _Reading) -> Iterator[Captured]:
    """Go through the file's outermost object, which is one chat or a whole export."""
    head: dict[str, Any] = {}
    for name in stream.members():
        if name == "messages":
            yield from _messages(stream, reading, head)
        elif name in ("chats", "left_chats") and stream.peek() == "{":
            for inner in stream.members():
                if inner == "list" and stream.peek() == "[":
                    yield from _chats(stream, reading)
                else:
                    stream.skip()
        else:
            _note(stream, name, head)


def _chats(stream: JsonStream, reading: _Reading) -> Iterator[Captured]:
    for _ in stream.entries():
        if stream.peek() != "{":
            stream.skip()
            continue
        head: dict[str, Any] = {}
        for name in stream.members():
            if name == "messages":
                yield from _messages(stream, reading, head)
            else:
                _note(stream, name, head)


def _note(stream: JsonStream, name: str, head: dict[str, Any]) -> None:
    """Keep what says which chat this is; skip everything else."""
    if name in ("id", "type") and stream.peek() not in ("{", "["):
        head[name] = stream.take()
    else:
        stream.skip()


def _messages(stream: JsonStream, reading: _Reading, head: dict[str, Any]) -> Iterator[Captured]:
    refused = _refusal(head)
    if stream.peek() != "[":
        stream.skip()
        return
    chat = Chat(_number(head.get("id")), str(head.get("type")), reading.zone)
    for _ in stream.entries():
        reading.line += 1
        if refused is not None:
            stream.skip()
            yield _nothing(reading, refused)
        else:
            yield _message(stream.take(), chat, reading)


def _refusal(head: dict[str, Any]) -> str | None:
    """Return why a chat's messages are not taken, None for a public one."""
    kind = head.get("type")
    if not isinstance(kind, str):
        return _NO_TYPE
    if kind not in PUBLIC:
        return f"obrolan bukan publik ({kind[:40]}): hanya kanal dan grup publik yang diambil"
    return None if _number(head.get("id")) else "berkas tidak menyebut nomor kanal atau grup"


def _number(identity: object) -> str:
    """Return a channel's number; exports before 2021 add what kind of chat it is in a higher bit."""
    if not isinstance(identity, int) or isinstance(identity, bool) or not 0 < identity < _OLD_CHANNELS * 2**20:
        return ""
    return str(identity - _OLD_CHANNELS if _OLD_CHANNELS < identity < _OLD_CHANNELS + 2**32 else identity)


def _message(raw: object, chat: Chat, reading: _Reading) -> Captured:
    if not isinstance(raw, dict):
        return _nothing(reading, "pesan bukan objek JSON", ItemIssue("broken_line", "pesan bukan objek JSON"))
    try:
        cleaned = clean({key: value for key, value in raw.items() if key not in _DROPPED})
        kept = msgspec.json.encode({"chat": {"id": chat.identity, "type": chat.kind}, "message": cleaned})
    except (TooDeep, RecursionError):
        reason = "JSON bersarang terlalu dalam"
        return _nothing(reading, reason, ItemIssue("broken_line", reason))
    mapped = _mapped(raw, cleaned, chat, reading)
    issues = tuple(issue for issue in mapped.issues if _first(issue, reading))
    issues += first_named(mapped.unknown_fields, "telegram", reading.named)
    return Captured(
        reading.line, mapped.items, mapped.acts, kept, reading.collected_at, "telegram", _MAPPER, issues, mapped.skipped
    )


def _mapped(raw: dict[str, Any], cleaned: dict[str, Any], chat: Chat, reading: _Reading) -> Mapped:
    """Run the mapper; a fault of ours in one message must not cost the others of a file."""
    try:
        return map_message({**{key: None for key in raw if key in _DROPPED}, **cleaned}, chat, reading.collected_at)
    except (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError) as error:
        reason = f"pesan tidak dapat dibaca ({type(error).__name__})"
        return Mapped(issues=(ItemIssue("mapper_failed", reason),), skipped=reason)


def _first(issue: ItemIssue, reading: _Reading) -> bool:
    """Whether an issue that holds for a whole file is met for the first time; others always are."""
    if issue.kind != "reaksi_sebagian":
        return True
    fresh = issue.kind not in reading.told
    reading.told.add(issue.kind)
    return fresh


def _nothing(reading: _Reading, reason: str, *issues: ItemIssue) -> Captured:
    return Captured(reading.line, (), (), b"", reading.collected_at, "telegram", "", issues, reason)


def _zone(options: ReadOptions) -> tzinfo | None:
    try:
        return ZoneInfo(options.timezone) if options.timezone else None
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ImportFormatError(f"Zona waktu {options.timezone} tidak dikenal", "misalnya Asia/Jakarta") from error


def _needs_zone(path: Path) -> bool:
    """Whether the first message that states a time does so without Unix seconds."""
    with open_stream(path) as stream:
        try:
            for message in _public_messages(stream):
                if isinstance(message, dict) and "date" in message:
                    return "date_unixtime" not in message
        except Broken:
            return False
    return False


def _public_messages(stream: JsonStream) -> Iterator[object]:
    """Yield the messages of public chats, only to look at the first of them."""
    head: dict[str, Any] = {}
    if stream.peek() != "{":
        return
    for name in stream.members():
        if name == "messages" and stream.peek() == "[":
            yield from _first_messages(stream, head)
        elif name in ("chats", "left_chats") and stream.peek() == "{":
            for inner in stream.members():
                if inner != "list" or stream.peek() != "[":
                    stream.skip()
                    continue
                for _ in stream.entries():
                    yield from _of_chat(stream)
        else:
            _note(stream, name, head)


def _of_chat(stream: JsonStream) -> Iterator[object]:
    if stream.peek() != "{":
        stream.skip()
        return
    head: dict[str, Any] = {}
    for name in stream.members():
        if name == "messages" and stream.peek() == "[":
            yield from _first_messages(stream, head)
        else:
            _note(stream, name, head)


def _first_messages(stream: JsonStream, head: dict[str, Any]) -> Iterator[object]:
    if _refusal(head) is not None:
        stream.skip()
        return
    for _ in stream.entries():
        yield stream.take()


reader = TelegramDesktopReader()
