"""Exported WhatsApp chats, .txt or .zip, as Android and iOS write them in Indonesian and English.

Only a telephone number names an account: a name is what somebody's phone book says, and matches nobody. The export
has no ids, so a message is known by chat, minute, text, and how often that came before in the same minute; two
members' exports of one chat under one name so give the same messages. Times are in the zone of the exporting telephone.
Source: samples of exports in public parsers (chat-miner, whatstk); no Indonesian export has been read yet.
"""

from __future__ import annotations

import hashlib
import io
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO

from monitor.domain import AccountRef, ActTime, ItemKind, ItemRecord, published_act
from monitor.errors import ImportFormatError, ImportQuestion, plainly
from scrapers.contract import ItemIssue
from scrapers.imports.archives import open_zip
from scrapers.imports.chat_lines import Message, Stamp, date_order_of, messages, stamped
from scrapers.imports.contract import Captured, ReadOptions
from scrapers.imports.forms import context_of
from scrapers.imports.records import Context
from scrapers.imports.times import DateOrder
from scrapers.platforms.whatsapp import phones

VERSION = "1"
MAX_MESSAGE = 100_000  # letters; WhatsApp itself allows 65,536

_ZIP = b"PK\x03\x04"
_MARKS = dict.fromkeys(map(ord, "\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff"))
_SENDER = re.compile(r"~?\s*(?P<name>[^\n]{1,120}?):(?:[ \u00a0](?P<text>.*)|(?P<none>)$)", re.DOTALL)
_CHAT = re.compile(
    r"(?:WhatsApp Chat(?: with| -)?|Chat WhatsApp(?: dengan| -)?)\s+(?P<name>.+?)(?:\s*\(\d+\))?\.(?:txt|zip)",
    re.IGNORECASE,
)
# Blanks in front are taken from their first one on, so that a long run of them is not tried again at each.
_EDITED = re.compile(r"(?<!\s)\s*+<(?:This message was edited|Pesan ini (?:telah )?diedit)>\s*$", re.IGNORECASE)
_MEDIA = re.compile(
    r"(?<!\s)\s*+(?:<(?:Media omitted|Media tidak disertakan|Media dihilangkan)>"
    r"|<(?:attached|terlampir|lampiran): [^<>\n]{1,200}>"
    r"|[^\n]{1,200}\.[A-Za-z0-9]{2,5} \((?:file attached|file terlampir|berkas terlampir)\)"
    r"|(?:image|video|audio|GIF|sticker|document|Contact card|gambar|stiker|dokumen|kartu kontak|[^\n]{1,200} document)"
    r" (?:omitted|tidak disertakan|dihilangkan))(?=\s|$)",
    re.IGNORECASE,
)
_DELETED = re.compile(
    r"(?:This message was deleted|You deleted this message|Pesan ini (?:telah )?dihapus"
    r"|Anda (?:telah )?menghapus pesan ini|This message was deleted by admin.*"
    r"|Pesan ini dihapus oleh admin.*)\.?",
    re.IGNORECASE | re.DOTALL,
)
# What WhatsApp itself writes, on iOS under the name of the chat.
_SYSTEM = re.compile(
    r"(?:Messages and calls are end-to-end encrypted"
    r"|Pesan dan panggilan (?:terenkripsi|dienkripsi) secara end-to-end"
    r"|Messages to this (?:chat|group) "
    r"|.{0,120}(?:created (?:this )?group|membuat grup|added|menambahkan|left$|keluar$"
    r"|removed|mengeluarkan|changed (?:the|this|their|to)|mengubah (?:subjek|ikon|deskripsi|pengaturan|nama|nomor)"
    r"|joined using|bergabung (?:menggunakan|melalui)|security code|kode keamanan|now an admin"
    r"|sekarang (?:menjadi )?admin|pinned a message|menyematkan pesan|turned (?:on|off)|mengaktifkan pesan"
    r"|menonaktifkan pesan))",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Chat:
    """What holds for a whole export."""

    name: str
    context: Context
    order: DateOrder


class WhatsAppReader:
    """Reads exported chats; holds no state."""

    name = "whatsapp"

    def sniff(self, head: bytes, path: Path) -> bool:
        """Whether a text, or the text in a zip, begins with messages as WhatsApp writes them."""
        if head.startswith(_ZIP):
            try:
                with open_zip(path) as archive:
                    texts = [name for name in archive.names if name.lower().endswith(".txt")]
                    if len(texts) != 1:
                        return False
                    with archive.open(texts[0]) as stream:
                        head = stream.read(8192)
            except ImportFormatError:
                return False
        lines = head[:8192].decode("utf-8", "replace").splitlines()[:40]
        found = [stamped(line) for line in lines]
        return any(one is not None and _SENDER.match(one[1]) is not None for one in found[:30])

    def read(self, path: Path, options: ReadOptions) -> Iterator[Captured]:
        """Read a chat as a stream; ImportQuestion when no date shows whether the day or the month stands first."""
        context = context_of(path, options)
        with _text(path) as (file, _):
            order = options.date_order or _order(path, file, context)
        with _text(path) as (file, inner):
            named = _CHAT.fullmatch(path.name) or _CHAT.fullmatch(Path(inner).name)
            chat = _Chat(named["name"].strip() if named else "", context, order)
            seen: Counter[str] = Counter()
            for message in messages(file, MAX_MESSAGE):
                yield _captured(message, chat, seen)


def _order(path: Path, file: TextIO, context: Context) -> DateOrder:
    latest = context.seen.astimezone(context.zone).replace(tzinfo=None)
    count = 0

    def stamps() -> Iterator[Stamp]:
        nonlocal count
        for line in file:
            found = stamped(line.rstrip("\r\n"))
            if found is not None:
                count += 1
                yield found[0]

    order = date_order_of(stamps(), latest)
    if not count:
        raise ImportFormatError(f"{path.name}: tidak ada pesan WhatsApp di dalamnya", "pilih berkas hasil Ekspor chat")
    if order is None:
        raise ImportQuestion(
            f"{path.name}: urutan hari dan bulan pada tanggal tidak dapat dipastikan dari isi percakapan",
            "sebutkan urutannya: --date-order dmy (hari dahulu) atau --date-order mdy (bulan dahulu)",
        )
    return order


def _captured(message: Message, chat: _Chat, seen: Counter[str]) -> Captured:
    raw = message.raw.encode("utf-8", "replace")
    item = _item(message, chat, seen)
    source, mapper = phones.PLATFORM, f"{phones.PLATFORM}/{VERSION}"
    if isinstance(item, str):
        return Captured(message.line, (), (), raw, chat.context.seen, source, mapper, (), item)
    act = published_act(item)
    issues: tuple[ItemIssue, ...] = ()
    if item.published.latest > chat.context.seen:
        issues = (ItemIssue("time_mismatch", "waktu pesan sesudah waktu berkas diambil"),)
    return Captured(message.line, (item,), (act,) if act else (), raw, chat.context.seen, source, mapper, issues)


def _item(message: Message, chat: _Chat, seen: Counter[str]) -> ItemRecord | str:
    """Return a message as an item, or the reason why it is skipped."""
    moment = message.stamp.moment(chat.order)
    if moment is None:
        return "tanggal pesan tidak sah"
    rest = message.rest.translate(_MARKS)
    found = _SENDER.match(rest)
    if found is None:
        return "baris sistem WhatsApp"
    text = found["text"] or ""
    if _DELETED.fullmatch(text.strip()):
        return "pesan dihapus pengirimnya"
    marked = "\u200e" in message.rest[: message.rest.find(":") + 3]
    if _SYSTEM.match(found["name"]) or (marked and _SYSTEM.match(text)):
        return "baris sistem WhatsApp"
    text = _MEDIA.sub("", _EDITED.sub("", text)).strip()
    when = moment.replace(tzinfo=chat.context.zone).astimezone(UTC)
    identity = _identity(chat.name, when, text, seen)
    return ItemRecord(
        platform=phones.PLATFORM,
        item_id=identity,
        author=_author(found["name"].strip()),
        kind=ItemKind.POST,
        text=text.replace("\0", "\ufffd"),
        url=identity,
        published=ActTime(occurred_at=when),
        pointer=f"line {message.line}",
    )


def _author(name: str) -> AccountRef:
    """Return the account of a number; a name stands for itself under a mark that no register has."""
    return phones.account_ref(name.lstrip("~ \u00a0\u202f")) or AccountRef(phones.PLATFORM, f"nama:{name[:100]}")


def _identity(chat: str, when: datetime, text: str, seen: Counter[str]) -> str:
    minute = when.strftime("%Y-%m-%dT%H:%M")
    key = hashlib.sha256(f"{chat.casefold()}\x1f{minute}\x1f{text}".encode("utf-8", "replace")).hexdigest()[:40]
    if len(seen) > 200_000:  # a minute that lies so far above comes no more
        seen.clear()
    seen[key] += 1
    return f"whatsapp:{key}" + (f"-{seen[key]}" if seen[key] > 1 else "")


@contextmanager
def _text(path: Path) -> Iterator[tuple[TextIO, str]]:
    """Open the chat of a text file or a zip, and say what it is called inside."""
    try:
        with path.open("rb") as file:
            zipped = file.read(4) == _ZIP
        if not zipped:
            with path.open(encoding="utf-8-sig", errors="replace", newline="\n") as text:
                yield text, path.name
            return
    except OSError as error:
        raise ImportFormatError(f"{path.name}: berkas tidak dapat dibaca ({plainly(error)})") from error
    with open_zip(path) as archive:
        names = [name for name in archive.names if name.lower().endswith(".txt")]
        if len(names) != 1:
            raise ImportFormatError(f"{path.name}: zip ini tidak berisi satu percakapan WhatsApp")
        with archive.open(names[0]) as stream:
            yield io.TextIOWrapper(stream, encoding="utf-8-sig", errors="replace", newline="\n"), names[0]


reader = WhatsAppReader()
