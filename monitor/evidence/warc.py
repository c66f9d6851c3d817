"""Kept answers as a WARC file (ISO 28500, version 1.1) that any replay tool opens.

The same exchanges give the same bytes: record numbers are hashes, dates are those of the answers. Every answer is a
`response` with its body as kept, or a `revisit` where an earlier WARC holds that body, and beside it a `metadata`
record that says what the program knows of it. What an officer brought is a `resource`, since nobody asked a server.
"""

from __future__ import annotations

import hashlib
import io
import json
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from http.client import responses
from typing import Any, BinaryIO
from uuid import UUID

from warcio.statusandheaders import StatusAndHeaders
from warcio.utils import Digester
from warcio.warcwriter import WARCWriter

from monitor.domain import utc
from monitor.evidence.packing import level_for

_FILE = "file:"
_BYTES = "application/octet-stream"


@dataclass(frozen=True, slots=True)
class Earlier:
    """The record of an earlier WARC that holds the same body: under which address and when."""

    url: str
    fetched_at: datetime


@dataclass(frozen=True, slots=True)
class Exchange:
    """One kept answer as a night received it, or what an officer brought (`collector` is then not empty).

    `url` was asked, `final_url` answered; a POST's `url` ends in its fields, as web archives write it. `headers` are
    those that were kept, `sha256` is of `body`, which is None only where an `earlier` WARC holds it. `request` is the
    call as JSON text.
    """

    url: str
    final_url: str
    status: int
    headers: tuple[tuple[str, str], ...]
    fetched_at: datetime
    sha256: str
    body: bytes | None
    source: str
    mapper: str
    collector: str = ""
    request: str = ""
    earlier: Earlier | None = None

    @property
    def brought(self) -> bool:
        """Whether an officer brought it, so that no server was asked."""
        return bool(self.collector) or self.url.startswith(_FILE)


@dataclass(frozen=True, slots=True)
class Member:
    """A stretch of a WARC that can stand or fall by itself: all records of one exchange, compressed.

    `sha256` is of the body in it; empty where it holds none, as the head of the file and revisits.
    """

    sha256: str
    data: bytes
    records: int


def write_warc(exchanges: Iterable[Exchange], stream: BinaryIO, info: Mapping[str, str]) -> int:
    """Write exchanges as a gzipped WARC in the given order and return how many records it has.

    One exchange is in memory at a time. `info` goes into the `warcinfo` record at the head, which has the date of the
    first exchange. Without exchanges nothing is written.
    """
    written = 0
    for member in members(exchanges, info):
        stream.write(member.data)
        written += member.records
    return written


def members(exchanges: Iterable[Exchange], info: Mapping[str, str]) -> Iterator[Member]:
    """Yield the head of a WARC and then every exchange, each compressed by itself."""
    head: str | None = None
    for exchange in exchanges:
        if head is None:
            head = _number("warcinfo", json.dumps(dict(info), sort_keys=True), _date(exchange.fetched_at))
            yield _head(info, head, exchange.fetched_at)
        yield _member(exchange, head)


class _Writer(WARCWriter):  # type: ignore[misc]  # warcio has no types
    """Writes WARC 1.1 records whose digests are sha256, each a gzip of its own."""

    def __init__(self, stream: BinaryIO) -> None:
        super().__init__(stream, gzip=False, warc_version="1.1")

    def write_record(self, record: Any, params: Any = None) -> None:
        """Write a record, packed as hard as it is worth: warcio itself would always do its utmost."""
        del params
        plain = io.BytesIO()
        self._write_warc_record(plain, record)
        packing = zlib.compressobj(level_for(plain.getvalue()), zlib.DEFLATED, zlib.MAX_WBITS + 16)
        self.out.write(packing.compress(plain.getbuffer()) + packing.flush())

    @staticmethod
    def _create_digester() -> Digester:
        return Digester("sha256")


def _head(info: Mapping[str, str], number: str, at: datetime) -> Member:
    fields = "".join(f"{name}: {' '.join(value.split())}\r\n" for name, value in info.items() if value)
    out = io.BytesIO()
    writer = _Writer(out)
    _write(writer, "", "warcinfo", fields.encode(), {"WARC-Record-ID": number, "WARC-Date": _date(at)})
    return Member("", out.getvalue(), 1)


def _member(exchange: Exchange, head: str) -> Member:
    out = io.BytesIO()
    writer = _Writer(out)
    kind = "resource" if exchange.brought else "response" if exchange.body is not None else "revisit"
    number = _number(kind, exchange.source, exchange.url, _date(exchange.fetched_at), exchange.sha256)
    named = {
        "WARC-Record-ID": number,
        "WARC-Date": _date(exchange.fetched_at),
        "WARC-Warcinfo-ID": head,
        "WARC-Payload-Digest": f"sha256:{exchange.sha256}",
    }
    if kind == "response":
        _write(writer, exchange.final_url, kind, exchange.body, named, _http(exchange))
    elif kind == "resource":
        _write(writer, exchange.final_url, kind, exchange.body, named | {"Content-Type": _content_type(exchange)})
    else:
        _revisit(writer, exchange, named)
    _write(writer, exchange.final_url, "metadata", _known(exchange), {
        "WARC-Record-ID": _number("metadata", number),
        "WARC-Date": _date(exchange.fetched_at),
        "WARC-Warcinfo-ID": head,
        "WARC-Refers-To": number,
        "Content-Type": "application/json",
    })  # fmt: skip
    return Member(exchange.sha256 if exchange.body is not None else "", out.getvalue(), 2)


def _write(
    writer: _Writer,
    url: str,
    kind: str,
    body: bytes | None,
    named: dict[str, str],
    http: StatusAndHeaders | None = None,
) -> None:
    payload = body or b""
    record = writer.create_warc_record(
        _one_line(url),
        kind,
        payload=io.BytesIO(payload),
        length=len(payload),
        warc_headers_dict=named,
        http_headers=http,
    )
    writer.write_record(record)


def _revisit(writer: _Writer, exchange: Exchange, named: dict[str, str]) -> None:
    earlier = exchange.earlier
    if earlier is None:
        raise ValueError("an exchange without a body names the earlier record that holds it")
    digest = named.pop("WARC-Payload-Digest")
    record = writer.create_revisit_record(
        _one_line(exchange.final_url),
        digest,
        _one_line(earlier.url),
        _date(earlier.fetched_at),
        _http(exchange),
        named,
    )
    writer.write_record(record)


def _http(exchange: Exchange) -> StatusAndHeaders:
    reason = responses.get(exchange.status, "")
    named = [(_one_line(name), _one_line(value)) for name, value in exchange.headers]
    return StatusAndHeaders(f"{exchange.status} {reason}".strip(), named, protocol="HTTP/1.1")


def _content_type(exchange: Exchange) -> str:
    return next((value for name, value in exchange.headers if name.lower() == "content-type"), _BYTES)


def _known(exchange: Exchange) -> bytes:
    """Return what the program knows of an exchange beyond HTTP, as canonical JSON."""
    said: dict[str, Any] = {
        "asked": exchange.url,
        "fetched_at": utc(exchange.fetched_at).isoformat(),
        "source": exchange.source,
        "mapper": exchange.mapper,
        "collector": exchange.collector,
        "request": json.loads(exchange.request) if exchange.request else None,
    }
    return json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode("utf-8", "replace")


def _one_line(text: str) -> str:
    """Return a text that cannot begin a header line of its own: addresses of captured files are not ours."""
    return "".join(f"%{ord(char):02X}" if ord(char) < 32 or ord(char) == 127 else char for char in text)


def _date(moment: datetime) -> str:
    """Return a WARC date; whole seconds, since older replay tools trip over fractions."""
    return utc(moment).strftime("%Y-%m-%dT%H:%M:%SZ")


def _number(*parts: str) -> str:
    """Return a record number that only what the record says decides."""
    digest = hashlib.sha256("\n".join(parts).encode("utf-8", "replace")).digest()
    return f"<urn:uuid:{UUID(bytes=digest[:16], version=5)}>"
