"""WARC files: what a recorder stored of the pages and answers that a person's browser received.

Each answer of a known platform goes to that platform's page mapper, with WARC-Date as the time of capture. Requests,
cookies and all other header fields are passed over unread.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, BinaryIO

from monitor.errors import ImportFormatError, plainly
from scrapers.contract import ItemIssue
from scrapers.imports.archives import Unpacked
from scrapers.imports.contract import Captured, ReadOptions, SavedPage
from scrapers.imports.routing import Routed, capture_page
from scrapers.imports.warc_records import Record, records

_MOST_REMEMBERED = 200_000  # digests of bodies, so that a revisit can say whether its body came along
_PASSED = {
    "request": "permintaan peramban: tidak dibaca dan tidak disimpan",
    "warcinfo": "keterangan perekam",
    "metadata": "keterangan perekam",
    "conversion": "salinan yang diubah perekam",
    "continuation": "sambungan catatan: tidak dapat dibaca",
}


@dataclass(slots=True)
class Recording:
    """What is remembered while the records of one file, or of one archive of many, are read."""

    last_seen: datetime
    routed: Routed = field(default_factory=Routed)
    bodies: set[str] = field(default_factory=set)
    line: int = 0


class WarcReader:
    """Reads WARC files; holds no state."""

    name = "warc"

    def sniff(self, head: bytes, path: Path) -> bool:
        """Whether a file that begins with `head` holds WARC records, gzipped or not."""
        del path
        return _first_bytes(head).startswith((b"WARC/1.", b"WARC/0.1"))

    def read(self, path: Path, options: ReadOptions) -> Iterator[Captured]:
        """Read a recording as a stream; a damaged record is an issue of that record and the rest stands.

        Raises ImportFormatError when the file cannot be opened or holds no record.
        """
        del options
        try:
            with path.open("rb") as file:
                remembered = Recording(datetime.fromtimestamp(int(path.stat().st_mtime), UTC))
                yield from read_recording(file, path.name, remembered)
        except OSError as error:
            raise ImportFormatError(f"{path.name}: berkas tidak dapat dibaca ({plainly(error)})") from error
        if remembered.line == 0:
            raise ImportFormatError(f"{path.name}: berkas tidak memuat catatan WARC")


def read_recording(file: BinaryIO | IO[bytes], name: str, remembered: Recording) -> Iterator[Captured]:
    """Read the records of an opened WARC; a stream that breaks off ends with an issue."""
    try:
        stream = Unpacked(file, name)
        for record in records(stream):
            yield from _captured(record, remembered)
        if stream.truncated:
            yield _broken(remembered, f"{name}: berkas terpotong; catatan sebelumnya tetap diambil")
    except ImportFormatError as error:
        if remembered.line == 0:
            raise ImportFormatError(f"{name}: {error}") from error
        yield _broken(remembered, f"{error}; catatan sebelumnya tetap diambil")


def _captured(record: Record, remembered: Recording) -> Iterator[Captured]:
    remembered.line += 1
    remembered.last_seen = record.date or remembered.last_seen
    reason = _why_passed(record, remembered)
    if reason is not None:
        issues = (ItemIssue("digest_mismatch", reason),) if record.broken_digest else ()
        if record.problem is not None and not issues:
            issues = (ItemIssue("broken_record", reason),)
        yield Captured(remembered.line, (), (), b"", remembered.last_seen, "", "", issues, reason)
        return
    if record.digest and len(remembered.bodies) < _MOST_REMEMBERED:
        remembered.bodies.add(record.digest)
    assert record.date is not None  # _why_passed holds records without a time back
    page = SavedPage(record.url, record.body, record.content_type, record.date)
    yield from capture_page(remembered.line, page, remembered.routed)


def _why_passed(record: Record, remembered: Recording) -> str | None:
    """Return why a record gives nothing, None when its body is to be read."""
    if record.problem is not None:
        return record.problem
    if record.kind == "revisit":
        known = record.digest in remembered.bodies
        return f"kunjungan ulang: isinya {'sudah ada' if known else 'tidak ikut'} dalam berkas ini"
    if record.kind not in ("response", "resource"):
        return _PASSED.get(record.kind, "catatan jenis lain")
    if record.status is not None and not 200 <= record.status < 300:
        return f"jawaban HTTP {record.status}"
    if record.date is None:
        return "waktu pengambilan (WARC-Date) tidak terbaca"
    return None


def _broken(remembered: Recording, reason: str) -> Captured:
    remembered.line += 1
    issue = ItemIssue("broken_file", reason)
    return Captured(remembered.line, (), (), b"", remembered.last_seen, "", "", (issue,), reason)


def is_record(path: Path) -> bool:
    """Whether a file begins with a plain WARC record, as what is kept of every page does."""
    try:
        with path.open("rb") as file:
            return file.read(7) == b"WARC/1."
    except OSError:
        return False


def _first_bytes(head: bytes) -> bytes:
    if not head.startswith(b"\x1f\x8b"):
        return head.lstrip()
    try:
        return zlib.decompressobj(wbits=31).decompress(head, 64)
    except zlib.error:
        return b""


reader = WarcReader()
