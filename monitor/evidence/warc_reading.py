"""Reading of WARC files that strangers may have altered: record by record, nothing unfolded beyond a bound."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from monitor.evidence.zip_file import Slice, ZipFault

MOST: Final = 128 << 20
"""Bytes that one record may unfold to; answers are capped far below."""

_CHUNK: Final = 1 << 16
_LONGEST_HEAD: Final = 1 << 16


@dataclass(frozen=True, slots=True)
class WarcRecord:
    """One record: its headers by lower-case name, its block, and where its packed bytes lie in the file."""

    headers: Mapping[str, str]
    block: bytes
    at: int
    size: int

    @property
    def kind(self) -> str:
        """What the record is: response, resource, warcinfo, ..."""
        return self.headers.get("warc-type", "")

    @property
    def url(self) -> str:
        """The address it is kept under, empty for those about the file."""
        return self.headers.get("warc-target-uri", "").strip("<>")

    @property
    def http(self) -> bool:
        """Whether the block begins with the headers of an HTTP answer."""
        return self.headers.get("content-type", "").startswith("application/http")

    @property
    def payload(self) -> bytes:
        """The block without the headers of its HTTP answer."""
        return self.block.partition(b"\r\n\r\n")[2] if self.http else self.block

    @property
    def status(self) -> str:
        """The HTTP status as it was sent, empty for a record that has none."""
        words = self.block[:64].split(None, 2) if self.http else []
        return words[1].decode("ascii", "replace") if len(words) > 1 else ""

    @property
    def mime(self) -> str:
        """The type of the payload without its parameters."""
        kind = self.headers.get("content-type", "")
        if self.http:
            lines = self.block.partition(b"\r\n\r\n")[0].decode("latin-1").split("\r\n")[1:]
            named = dict(line.lower().split(":", 1) for line in lines if ":" in line)
            kind = named.get("content-type", "").strip()
        return kind.partition(";")[0].strip()


def records(file: Slice, most: int = MOST) -> Iterator[WarcRecord]:
    """Yield the records of a gzipped WARC in order; ZipFault where one is broken or unfolds to more than `most`."""
    at = 0
    while at < file.size:
        plain, size = _unfold(file, at, most)
        yield _record(plain, at, size)
        at += size


def _unfold(file: Slice, start: int, most: int) -> tuple[bytes, int]:
    """Return a record as it was before packing, and the length of its packed bytes."""
    unpack, parts, total, at = zlib.decompressobj(31), [], 0, start
    while not unpack.eof:
        piece = unpack.unconsumed_tail or file.read(at, _CHUNK)
        if not unpack.unconsumed_tail:
            at += len(piece)
        if not piece:
            raise ZipFault("", f"rekaman pada byte {start} terpotong")
        try:
            parts.append(unpack.decompress(piece, _CHUNK))
        except zlib.error as error:
            raise ZipFault("", f"rekaman pada byte {start} rusak") from error
        total += len(parts[-1])
        if total > most:
            raise ZipFault("", f"rekaman pada byte {start} lebih besar daripada yang wajar")
    return b"".join(parts), at - len(unpack.unused_data) - start


def _record(plain: bytes, at: int, size: int) -> WarcRecord:
    head, gap, rest = plain.partition(b"\r\n\r\n")
    lines = head.decode("utf-8", "replace").split("\r\n")
    if not gap or len(head) > _LONGEST_HEAD or not lines[0].startswith("WARC/1."):
        raise ZipFault("", f"rekaman pada byte {at} bukan rekaman WARC")
    headers = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:])}
    length = headers.get("content-length", "")
    if not length.isdecimal() or len(rest) != int(length) + 4 or not rest.endswith(b"\r\n\r\n"):
        raise ZipFault("", f"panjang rekaman pada byte {at} tidak cocok")
    return WarcRecord(headers, rest[:-4], at, size)
