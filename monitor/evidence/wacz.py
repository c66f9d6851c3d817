"""Web archives as one file (WACZ 1.1.1) that ReplayWeb.page and pywb open: a WARC, its index, its pages, its hashes."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO, Final
from urllib.parse import quote, unquote_to_bytes, urlsplit

from monitor.domain import utc
from monitor.evidence import zip_file
from monitor.evidence.warc_reading import WarcRecord, records
from monitor.evidence.zip_file import Slice, ZipFault

WARC: Final = "archive/data.warc.gz"
_INDEX: Final = "indexes/index.cdx"
_PAGES: Final = "pages/pages.jsonl"
_PACKAGE: Final = "datapackage.json"
_DIGEST: Final = "datapackage-digest.json"
_VERSION: Final = "1.1.1"
_REPLAYED: Final = frozenset({"response", "resource", "revisit"})
_MOST_LIST: Final = 64 << 20
_SPARED: Final = "!$&'()*+,-./:;<=>?@[\\]^_`{|}~\""
"""What stays as it is in the keys of an index."""


@dataclass(frozen=True, slots=True)
class Page:
    """A page that a reader can open first: its address in the archive, when it was taken, what it is."""

    url: str
    at: datetime
    title: str


@dataclass(frozen=True, slots=True)
class Cover:
    """What an archive says of itself."""

    title: str
    description: str
    created: datetime
    software: str


def write_wacz(warc: Path, pages: Sequence[Page], cover: Cover, stream: BinaryIO) -> None:
    """Write a WARC as a WACZ; the same arguments give the same bytes. The first page is where readers begin."""
    with warc.open("rb") as file:
        index = _index(file, warc.stat().st_size)
    parts: dict[str, zip_file.Source] = {WARC: warc, _INDEX: index, _PAGES: _page_list(pages)}
    package = _package(parts, pages, cover)
    digest = {"path": _PACKAGE, "hash": _hash(package)}
    zip_file.write({**parts, _PACKAGE: package, _DIGEST: _json(digest)}, stream)


def warc_of(whole: Slice) -> Slice:
    """Return the WARC in a WACZ of ours; ZipFault names the part that is not as the archive's own list says."""
    found = {member.name: member for member in zip_file.members(whole)}
    missing = sorted({WARC, _INDEX, _PAGES, _PACKAGE, _DIGEST} - set(found))
    if missing or len(found) > 5:
        raise ZipFault(missing[0] if missing else max(found), "tidak ada" if missing else "tidak tercantum")
    package = zip_file.read_member(whole, found[_PACKAGE], _MOST_LIST)
    told = _read(package, _PACKAGE)
    if _read(zip_file.read_member(whole, found[_DIGEST], _MOST_LIST), _DIGEST).get("hash") != _hash(package):
        raise ZipFault(_PACKAGE, "tidak cocok dengan sidiknya")
    resources = told.get("resources")
    listed = {one.get("path"): one for one in resources if isinstance(one, dict)} if isinstance(resources, list) else {}
    for name in (WARC, _INDEX, _PAGES):
        digest = hashlib.sha256()
        for part in whole.member(found[name]).chunks():
            digest.update(part)
        if listed.get(name, {}).get("hash") != f"sha256:{digest.hexdigest()}":
            raise ZipFault(name, "tidak cocok dengan daftar arsip")
    warc = whole.member(found[WARC])
    if zip_file.read_member(whole, found[_INDEX], _MOST_LIST) != _index(warc.file, warc.size, warc.start):
        raise ZipFault(_INDEX, "tidak cocok dengan rekamannya")
    return warc


def index_key(url: str) -> str:
    """Return the key by which an index finds an address: the host turned round, everything in small letters."""
    if not url.lower().startswith(("http://", "https://")):
        return _escaped(url)
    try:
        parts = urlsplit(url.strip())
        port = parts.port
    except ValueError:
        return _escaped(url)
    host = re.sub(r"^www\d*\.", "", _escaped(parts.hostname or "").lower())
    usual = {"http": 80, "https": 443}[parts.scheme.lower()]
    place = ",".join(reversed(host.split("."))) + (f":{port}" if port not in (None, usual) else "")
    path = _escaped(parts.path).lower()
    path = path.rstrip("/") or "/"
    query = "&".join(sorted(_escaped(parts.query).lower().split("&"))) if parts.query else ""
    return f"{place}){path}" + (f"?{query}" if query else "")


def _escaped(text: str) -> str:
    return quote(unquote_to_bytes(text), safe=_SPARED)


def _index(file: BinaryIO, size: int, start: int = 0) -> bytes:
    lines = [_line(one) for one in records(Slice(file, start, size)) if one.kind in _REPLAYED]
    return "".join(sorted(lines)).encode()


def _line(record: WarcRecord) -> str:
    moment = re.sub(r"\D", "", record.headers.get("warc-date", ""))[:14]
    said = {
        "url": record.url,
        "mime": "warc/revisit" if record.kind == "revisit" else record.mime,
        "status": record.status or "200",
        "digest": record.headers.get("warc-payload-digest", ""),
        "length": str(record.size),
        "offset": str(record.at),
        "filename": WARC.rpartition("/")[2],
    }
    return f"{index_key(record.url)} {moment} {json.dumps(said, ensure_ascii=True)}\n"


def _page_list(pages: Sequence[Page]) -> bytes:
    lines = [{"format": "json-pages-1.0", "id": "pages", "title": "Halaman"}]
    lines += [
        {"id": f"halaman-{number}", "url": page.url, "ts": _time(page.at), "title": page.title}
        for number, page in enumerate(pages, start=1)
    ]
    return "".join(json.dumps(line, ensure_ascii=False, sort_keys=True) + "\n" for line in lines).encode()


def _package(parts: dict[str, zip_file.Source], pages: Sequence[Page], cover: Cover) -> bytes:
    resources = [
        {"name": name.rpartition("/")[2].lower(), "path": name, "hash": _hash(source), "bytes": _size(source)}
        for name, source in sorted(parts.items())
    ]
    said: dict[str, Any] = {
        "profile": "data-package",
        "wacz_version": _VERSION,
        "title": cover.title,
        "description": cover.description,
        "software": cover.software,
        "created": _time(cover.created),
        "resources": resources,
    }
    if pages:
        said |= {"mainPageUrl": pages[0].url, "mainPageDate": _time(pages[0].at)}
    return _json(said)


def _hash(source: zip_file.Source) -> str:
    if isinstance(source, bytes):
        return f"sha256:{hashlib.sha256(source).hexdigest()}"
    with source.open("rb") as file:
        return f"sha256:{hashlib.file_digest(file, 'sha256').hexdigest()}"


def _size(source: zip_file.Source) -> int:
    return len(source) if isinstance(source, bytes) else source.stat().st_size


def _json(value: object) -> bytes:
    return (json.dumps(value, ensure_ascii=False, sort_keys=True, indent=2) + "\n").encode()


def _read(data: bytes, name: str) -> dict[str, Any]:
    try:
        told = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise ZipFault(name, "tidak dapat dibaca") from error
    if not isinstance(told, dict):
        raise ZipFault(name, "tidak dapat dibaca")
    return told


def _time(moment: datetime) -> str:
    return utc(moment).strftime("%Y-%m-%dT%H:%M:%SZ")
