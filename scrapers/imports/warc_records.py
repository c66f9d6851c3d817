"""The records of a WARC file (1.0 and 1.1, plain or gzipped), one after the other in constant memory.

Fields are of ISO 28500. A record whose header cannot be read is passed over up to the next line that begins one.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from monitor.errors import ImportFormatError
from scrapers.imports.archives import Unpacked
from scrapers.imports.content import MOST_BODY, decode_body

_MOST_LINE = 64 * 1024
_MOST_HEADER = 200  # lines
_CHUNK = 1 << 16
_DATE = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.\d+)?Z", re.ASCII)
_STATUS = re.compile(rb"HTTP/\d(?:\.\d)?\s+(\d{3})")
_ALGORITHMS = {
    "sha1": "sha1",
    "sha-1": "sha1",
    "sha256": "sha256",
    "sha-256": "sha256",
    "sha512": "sha512",
    "md5": "md5",
}
_PAYLOADS = frozenset({"response", "resource"})


@dataclass(frozen=True, slots=True)
class Record:
    """One record: what it is of, and the page's bytes with all codings undone.

    `problem` says in Indonesian why the body is not to be used, None when it is sound; `status` is the HTTP status of
    a response, None otherwise. No header of request or answer is kept but the type of the content.
    """

    number: int
    kind: str
    url: str
    date: datetime | None
    content_type: str = ""
    status: int | None = None
    body: bytes = b""
    digest: str = ""
    problem: str | None = None
    broken_digest: bool = False


def records(stream: Unpacked) -> Iterator[Record]:
    """Read every record of a stream; ImportFormatError when the stream itself breaks off or is no WARC."""
    number = 0
    while (header := _header(stream, first=number == 0)) is not None:
        number += 1
        yield _record(stream, number, header)


def _header(stream: Unpacked, *, first: bool) -> Mapping[str, str] | None:
    """Return the fields of the next record, names in lower case; None at the end."""
    while True:
        line = stream.readline(_MOST_LINE)
        if not line:
            return None
        if line.startswith((b"WARC/1.", b"WARC/0.1")):
            break
        if first and line.strip():
            raise ImportFormatError("berkas tidak diawali catatan WARC")
    fields: dict[str, str] = {}
    name = ""
    for _ in range(_MOST_HEADER):
        raw = stream.readline(_MOST_LINE)
        text = raw.decode("utf-8", "replace").rstrip("\r\n")
        if not text:
            break
        if text[0] in " \t" and name:  # a folded line
            fields[name] += " " + text.strip()
            continue
        name, _, value = text.partition(":")
        name = name.strip().lower()
        fields.setdefault(name, value.strip())
    return fields


def _record(stream: Unpacked, number: int, fields: Mapping[str, str]) -> Record:
    kind, url = fields.get("warc-type", "").lower(), fields.get("warc-target-uri", "").strip("<>")
    plain = Record(number, kind, url, _date(fields.get("warc-date", "")))
    length = fields.get("content-length", "")
    if not (length.isascii() and length.isdigit() and len(length) < 15):
        return _with(plain, problem="panjang isi catatan tidak terbaca")
    wanted = int(length)
    if kind not in _PAYLOADS or wanted > MOST_BODY:
        passed = _pass_over(stream, wanted)
        if kind in _PAYLOADS and passed == wanted:
            return _with(plain, problem=f"isi catatan melebihi {MOST_BODY >> 20} MB")
        return _with(plain, digest=fields.get("warc-payload-digest", ""), problem=_cut(passed, wanted))
    block = stream.read(wanted)
    if len(block) < wanted:
        return _with(plain, problem=_cut(len(block), wanted))
    return _opened(plain, fields, block)


def _opened(plain: Record, fields: Mapping[str, str], block: bytes) -> Record:
    if not _matches(fields.get("warc-block-digest", ""), block):
        return _with(plain, problem="sidik jari catatan tidak cocok dengan isinya", broken_digest=True)
    answer = plain.kind == "response" and block.startswith(b"HTTP/")
    status, http, sent = _http(block) if answer else (None, {}, block)
    told = fields.get("warc-payload-digest", "")
    try:
        body = (
            decode_body(sent, http.get("transfer-encoding", ""), http.get("content-encoding", "")) if answer else sent
        )
    except ImportFormatError as error:
        return _with(plain, status=status, problem=str(error))
    # tools disagree whether the payload is what was sent, what was joined, or what was unpacked
    unpacked = (sent, body, decode_body(sent, http.get("transfer-encoding", ""), "")) if answer else (sent,)
    if not any(_matches(told, one) for one in unpacked):
        return _with(plain, status=status, problem="sidik jari isi tidak cocok dengan isinya", broken_digest=True)
    kind = http.get("content-type", "") if answer else fields.get("content-type", "")
    return Record(plain.number, plain.kind, plain.url, plain.date, kind, status, body, told)


def _with(
    plain: Record, *, status: int | None = None, digest: str = "", problem: str | None, broken_digest: bool = False
) -> Record:
    return Record(
        plain.number, plain.kind, plain.url, plain.date, status=status, digest=digest, problem=problem,
        broken_digest=broken_digest,
    )  # fmt: skip


def _http(block: bytes) -> tuple[int | None, Mapping[str, str], bytes]:
    """Return the status, the three fields that say how to read the body, and the body as it was sent."""
    ends = [(at, len(mark)) for mark in (b"\r\n\r\n", b"\n\n") if (at := block.find(mark)) >= 0]
    at, width = min(ends, default=(len(block), 0))
    found = _STATUS.match(block)
    fields: dict[str, str] = {}
    for line in block[:at].splitlines()[1:]:
        name, _, value = line.partition(b":")
        key = name.strip().lower().decode("latin-1")
        if key in ("content-type", "content-encoding", "transfer-encoding"):
            fields[key] = value.strip().decode("latin-1")
    return int(found[1]) if found else None, fields, block[at + width :]


def _pass_over(stream: Unpacked, wanted: int) -> int:
    passed = 0
    while passed < wanted and (piece := stream.read(min(_CHUNK, wanted - passed))):
        passed += len(piece)
    return passed


def _cut(passed: int, wanted: int) -> str | None:
    return "catatan terakhir terpotong" if passed < wanted else None


def _date(text: str) -> datetime | None:
    found = _DATE.fullmatch(text)
    try:
        return datetime.fromisoformat(found[1]).replace(tzinfo=UTC) if found else None
    except ValueError:
        return None


def _matches(told: str, data: bytes) -> bool:
    """Whether data has the digest that a field tells; true where it tells none or one of an unknown kind."""
    name, _, value = told.partition(":")
    algorithm = _ALGORITHMS.get(name.strip().lower())
    if algorithm is None or not value:
        return True
    found = hashlib.new(algorithm, data, usedforsecurity=False).digest()
    forms = {found.hex(), base64.b32encode(found).decode().lower().rstrip("=")}
    exact = {base64.b64encode(found).decode(), base64.urlsafe_b64encode(found).decode().rstrip("=")}
    value = value.strip()
    return value.lower().rstrip("=") in forms or value in exact
