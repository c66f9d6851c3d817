"""Saved pages: what a browser writes with "Save page as", SingleFile's one-file pages, and MHTML.

The page's address and the time of saving stand in the file: SingleFile's and Chromium's comments, MHTML's header
fields, else the page's own canonical address. A file that does not say when it was saved was saved at the latest when
it was last written.
"""

from __future__ import annotations

import email
import email.policy
import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from email.message import Message
from email.utils import parsedate_to_datetime
from pathlib import Path

from monitor.errors import ImportFormatError, ImportQuestion, plainly
from scrapers.imports.contract import Captured, ReadOptions, SavedPage
from scrapers.imports.nodes import unix_time
from scrapers.imports.page_json import MOST_PAGE, looks_like_html, page_text
from scrapers.imports.routing import Routed, capture_page, platform_of
from scrapers.imports.warc import is_record
from scrapers.imports.warc import reader as warc_reader

_SINGLEFILE = re.compile(r"Page saved with SingleFile\s*url:\s*(\S+)\s*saved date:\s*([^\n]{10,80})")
_SAVED_FROM = re.compile(r"<!--\s*saved from url=\(\d{1,6}\)(\S+)\s*-->")
_CANONICAL = re.compile(r"<link\b[^>]{0,500}?\brel=[\"']?canonical\b[^>]{0,2000}>", re.IGNORECASE)
_OPEN_GRAPH = re.compile(r"<meta\b[^>]{0,500}?\bproperty=[\"']?og:url\b[^>]{0,2000}>", re.IGNORECASE)
# Telegram's pages give no canonical address, only the link that opens its app.
_APP_LINK = re.compile(r"\bcontent=[\"']tg://resolve\?domain=(\w{3,32})(?:&(?:amp;)?post=(\d{1,12}))?", re.ASCII)
_ADDRESS = re.compile(r"\b(?:href|content)=(?:\"([^\"]{8,2000})\"|'([^']{8,2000})'|([^\s>]{8,2000}))", re.IGNORECASE)
_SCRIPT_DATE = re.compile(
    r"(?:\w{3} )?(\w{3}) (\d{1,2}) (\d{4}) (\d\d):(\d\d):(\d\d) (?:GMT|UTC)([+-])(\d\d)(\d\d)", re.ASCII
)
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_MHTML = re.compile(rb"^(?:From|MIME-Version|Snapshot-Content-Location|Subject|Content-Type):", re.IGNORECASE)
_HEAD = 200_000  # characters in which comments and addresses stand
_MOST_PARTS = 20_000


@dataclass(frozen=True, slots=True)
class _Saved:
    """A page out of its file, with what the file says about it."""

    body: bytes
    content_type: str
    url: str | None
    saved_at: datetime | None


class SavedHtmlReader:
    """Reads saved pages; holds no state."""

    name = "saved_html"

    def sniff(self, head: bytes, path: Path) -> bool:
        """Whether a file that begins with `head` is a page or an MHTML file of one."""
        del path
        if _is_mhtml(head):
            return True
        start = page_text(SavedPage("", head[:4096], "", datetime.now(UTC))).lstrip("\ufeff \t\r\n").lower()
        return start.startswith(("<!doctype html", "<html")) or (start.startswith("<!--") and "<html" in start)

    def read(self, path: Path, options: ReadOptions) -> Iterator[Captured]:
        """Read a saved page; each item that is left out is counted with its reason.

        Raises ImportFormatError for a file that cannot be read or is too large, and ImportQuestion for one that does
        not say which page it is, or when it was saved where the file's own time cannot be true.
        """
        if is_record(path):  # a page as it is kept
            yield from warc_reader.read(path, options)
            return
        saved = _open(path)
        url = _address(path, saved, options)
        exact = options.captured_at or saved.saved_at
        captured_at = (exact or datetime.fromtimestamp(int(path.stat().st_mtime), UTC)).astimezone(UTC)
        page = SavedPage(url, saved.body, saved.content_type, captured_at)
        found = list(capture_page(1, page, Routed()))
        if exact is None and any(issue.kind == "time_mismatch" for one in found for issue in one.issues):
            raise ImportQuestion(
                f"{path.name}: berkas tidak menyebut kapan halaman disimpan, dan waktu berkasnya lebih tua dari isinya",
                "sebutkan waktunya dengan --captured-at, misalnya 2024-10-02T09:30+07:00",
            )
        yield from found


def _open(path: Path) -> _Saved:
    try:
        if path.stat().st_size > MOST_PAGE:
            raise ImportFormatError(f"{path.name}: halaman melebihi {MOST_PAGE >> 20} MB")
        data = path.read_bytes()
    except OSError as error:
        raise ImportFormatError(f"{path.name}: berkas tidak dapat dibaca ({plainly(error)})") from error
    if _is_mhtml(data[:4096]):
        return _open_mhtml(path, data)
    text = page_text(SavedPage("", data, "", datetime.now(UTC)))
    if not looks_like_html(text):
        raise ImportFormatError(f"{path.name}: isi berkas bukan halaman HTML")
    single = _SINGLEFILE.search(text, 0, _HEAD)
    if single:
        return _Saved(data, "text/html", _unescaped(single[1]), _script_date(single[2]))
    origin = _SAVED_FROM.search(text, 0, _HEAD)
    return _Saved(data, "text/html", _unescaped(origin[1]) if origin else None, None)


def _is_mhtml(head: bytes) -> bool:
    fields = head[:4096].lstrip(b"\xef\xbb\xbf\r\n")
    return _MHTML.match(fields) is not None and b"multipart/related" in fields.lower()


def _open_mhtml(path: Path, data: bytes) -> _Saved:
    try:
        message = email.message_from_bytes(data, policy=email.policy.compat32)
        part = _first_page(message)
        body = part.get_payload(decode=True) if part is not None else None
    except (ValueError, LookupError, RecursionError, AttributeError, TypeError) as error:
        raise ImportFormatError(f"{path.name}: berkas MHTML rusak") from error
    if part is None or not isinstance(body, bytes) or not body:
        raise ImportFormatError(f"{path.name}: berkas MHTML tidak memuat halaman")
    location = message.get("Snapshot-Content-Location") or part.get("Content-Location")
    url = str(location).strip() if location and str(location).startswith("http") else None
    charset = part.get_content_charset("utf-8")
    return _Saved(body, f"text/html; charset={charset}", url, _mail_date(message.get("Date")))


def _first_page(message: Message) -> Message | None:
    """Return the part that is the page itself: the first of HTML, since frames follow it."""
    for number, part in enumerate(message.walk()):
        if number > _MOST_PARTS:
            return None
        if part.get_content_type() in ("text/html", "application/xhtml+xml"):
            return part
    return None


def _address(path: Path, saved: _Saved, options: ReadOptions) -> str:
    """Return the page's address: the one a person gave, else one that the file gives, of a known platform first."""
    if options.url:
        return options.url
    text = page_text(SavedPage("", saved.body[: _HEAD * 2], saved.content_type, datetime.now(UTC)))[:_HEAD]
    given = [saved.url, *(_of_tag(pattern, text) for pattern in (_CANONICAL, _OPEN_GRAPH))]
    known = [url for url in (*given, _of_app_link(text)) if url]
    if not known:
        raise ImportQuestion(
            f"{path.name}: berkas tidak menyebut alamat halaman yang disimpan",
            "sebutkan alamatnya dengan --url, misalnya https://www.facebook.com/...",
        )
    return next((url for url in known if platform_of(url) is not None), known[0])


def _of_tag(pattern: re.Pattern[str], text: str) -> str | None:
    tag = pattern.search(text)
    found = _ADDRESS.search(tag[0]) if tag else None
    value = next((part for part in found.groups() if part), "") if found else ""
    return _unescaped(value) if value.startswith("http") else None


def _of_app_link(text: str) -> str | None:
    found = _APP_LINK.search(text)
    if found is None:
        return None
    return f"https://t.me/{found[1]}/{found[2]}" if found[2] else f"https://t.me/s/{found[1]}"


def _unescaped(url: str) -> str:
    return html.unescape(url).strip()


def _script_date(text: str) -> datetime | None:
    """Return a date as JavaScript prints it ("Tue Oct 01 2024 10:00:00 GMT+0700 (Waktu Indonesia Barat)")."""
    found = _SCRIPT_DATE.search(text)
    if found is None or found[1] not in _MONTHS:
        return None
    offset = timedelta(hours=int(found[8]), minutes=int(found[9]))
    zone = timezone(-offset if found[7] == "-" else offset) if offset < timedelta(hours=24) else UTC
    try:
        day, year, hour, minute, second = (int(found[n]) for n in (2, 3, 4, 5, 6))
        moment = datetime(year, _MONTHS.index(found[1]) + 1, day, hour, minute, second, tzinfo=zone)
    except ValueError:
        return None
    return unix_time(moment.timestamp())


def _mail_date(text: object) -> datetime | None:
    try:
        moment = parsedate_to_datetime(str(text)) if text else None
    except (ValueError, TypeError, OverflowError):
        return None
    return unix_time(moment.timestamp()) if moment is not None and moment.tzinfo is not None else None


reader = SavedHtmlReader()
