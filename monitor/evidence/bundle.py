"""The evidence bundle of a case: one zip that a recipient can read, replay and check without this program's database.

The same contents give the same bytes: nothing in it says when or by whom it was written.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from monitor.denials import mending
from monitor.domain import utc
from monitor.domain.manifests import EvidenceFile, FileKind, Manifest
from monitor.errors import EvidenceError, plainly
from monitor.evidence import zip_file
from monitor.evidence.bundle_words import read_me
from monitor.evidence.manifest import from_bytes
from monitor.evidence.masked import Known, remaining
from monitor.evidence.wacz import Cover, Page, write_wacz
from monitor.evidence.warc import Exchange, write_warc

FORMAT: Final = "pantau-paket/1"
SUMS: Final = "SHA256SUMS"
INDEX: Final = "paket.json"
READ_ME: Final = "BACA-SAYA.txt"
READABLE: Final = "salinan.html"
CUSTODY: Final = "riwayat.json"
ARCHIVE: Final = "arsip.wacz"
RAW_ARCHIVE: Final = "arsip-mentah.wacz"
PAGES: Final = "https://paket.pantau.invalid/"
"""Where the readable copy lies in the archive; a name that nobody can own (RFC 2606)."""

ANSWERS: Final = frozenset({FileKind.ANSWER, FileKind.IMPORTED, FileKind.ENTERED})
_READER: Final = "salinan-terbaca/1"
_NOTE: Final = (
    "Salinan terbaca. Dari jawaban platform hanya bagian tentang akun yang terdaftar yang disisakan; bagian tentang "
    "orang lain dihapus. Jawaban lengkapnya tersimpan tersegel dengan sha256 yang disebut di sini."
)
_ENDINGS: Final = {b"\x89PNG": "png", b"\xff\xd8\xff": "jpg", b"RIFF": "webp", b"GIF8": "gif"}


@dataclass(frozen=True, slots=True)
class AsOf:
    """Up to where the bundle tells: last review event, last audit row, last manifest, and the newest of their times."""

    event: int
    audit: int
    manifest: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Token:
    """An authority's answer about one of the manifests."""

    manifest: int
    authority: str
    answer: bytes


@dataclass(frozen=True, slots=True)
class Contents:
    """Everything that goes into a bundle.

    `body` returns a kept file by its hash, None for one that retention purged. `papers` are files by name that somebody
    else wrote: the readable copy, drafts. `raw` are the answers as received, without their bodies, and only there when
    a recipient gets them in clear.
    """

    case_id: int
    agency: str
    software: str
    as_of: AsOf
    manifests: tuple[bytes, ...]
    tokens: tuple[Token, ...]
    custody: Mapping[str, Any]
    known: Known
    body: Callable[[str], bytes | None]
    papers: Mapping[str, bytes]
    raw: tuple[Exchange, ...] | None = None


def write_bundle(contents: Contents, output: Path) -> str:
    """Write a bundle and return its sha256; the file is whole or not there. EvidenceError when it cannot be written."""
    partial = output.with_name(f".{output.name}.{secrets.token_hex(4)}.part")
    try:
        with TemporaryDirectory(dir=output.parent, prefix=".paket-") as folder, partial.open("xb") as file:
            os.fchmod(file.fileno(), 0o600)
            zip_file.write(_members(contents, Path(folder)), file)
            file.flush()
            os.fsync(file.fileno())
        with partial.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        partial.replace(output)
    except OSError as error:
        raise EvidenceError(
            f"Paket tidak dapat ditulis ke {output}: {plainly(error)}",
            mending(error, "periksa folder, ruang, dan izinnya"),
        ) from error
    finally:
        with suppress(OSError):
            partial.unlink()
    return digest


def picture_name(file: EvidenceFile, data: bytes) -> str:
    """Return what a picture is called in the bundle: by its hash, those as taken in a folder of their own."""
    ending = next((ending for start, ending in _ENDINGS.items() if data.startswith(start)), "bin")
    folder = "gambar" if file.kind is FileKind.READABLE else "mentah"
    return f"{folder}/{file.sha256[:16]}.{ending}"


def readable_copy(file: EvidenceFile, manifest: Manifest, contents: Contents) -> dict[str, Any]:
    """Return what a recipient reads of one kept answer."""
    body = contents.body(file.sha256)
    subjects = {shows.subject for shows in file.shows}
    return {
        "note": _NOTE,
        "raw": {
            "sha256": file.sha256,
            "size": file.size,
            "purged": body is None,
            "kind": file.kind.value,
            "source": file.source,
            "url": file.url,
            "final_url": file.final_url,
            "status": file.status,
            "fetched_at": utc(file.fetched_at).isoformat(),
            "collector": file.collector,
            "mapper": file.mapper,
            "state": file.state.value,
        },
        "shows": [
            {"what": shows.what.value, "subject": shows.subject, "pointer": shows.pointer, "said": shows.said}
            for shows in file.shows
        ],
        "acts": [
            {"act": act.act.value, "actor": act.actor, "target": act.target, "own": act.own}
            for act in manifest.evidence.acts
            if act.key in subjects
        ],
        "answer": remaining(body, contents.known) if body is not None else None,
    }


def _members(contents: Contents, folder: Path) -> dict[str, zip_file.Source]:
    made: dict[str, zip_file.Source] = {
        READ_ME: read_me(contents.case_id, contents.agency, contents.as_of.at, raw=contents.raw is not None).encode(),
        CUSTODY: to_json(contents.custody),
        **contents.papers,
        **{f"manifes/{number:04}.json": data for number, data in enumerate(contents.manifests, start=1)},
        **{token_name(token.manifest, token.authority): token.answer for token in contents.tokens},
    }
    pictures = dict(_pictures(contents))
    made |= pictures
    made[ARCHIVE] = _archive(contents, pictures, folder)
    if contents.raw is not None:
        made[RAW_ARCHIVE] = _raw_archive(contents, folder)
    made[INDEX] = _listed(contents, made)
    sums = "".join(f"{_sha256(source)}  {name}\n" for name, source in sorted(made.items()))
    return made | {SUMS: sums.encode()}


def token_name(manifest: int, authority: str) -> str:
    """Return what the answer of an authority about a manifest is called."""
    return f"stempel/{manifest:04}-{hashlib.sha256(authority.encode()).hexdigest()[:8]}.tsr"


def to_json(value: object) -> bytes:
    """Return a value as the JSON text that bundles hold."""
    return (json.dumps(value, ensure_ascii=False, sort_keys=True, indent=1) + "\n").encode()


def _listed(contents: Contents, made: Mapping[str, zip_file.Source]) -> bytes:
    as_of = contents.as_of
    return to_json({
        "format": FORMAT,
        "case": contents.case_id,
        "agency": contents.agency,
        "software": contents.software,
        "raw": contents.raw is not None,
        "as_of": {
            "event": as_of.event, "audit": as_of.audit, "manifest": as_of.manifest, "at": utc(as_of.at).isoformat(),
        },
        "tokens": [
            {"file": token_name(one.manifest, one.authority), "manifest": one.manifest, "authority": one.authority}
            for one in contents.tokens
        ],
        "files": [
            {"name": name, "sha256": _sha256(source), "size": _size(source)} for name, source in sorted(made.items())
        ],
    })  # fmt: skip


def _pictures(contents: Contents) -> Iterator[tuple[str, bytes]]:
    wanted = {FileKind.READABLE} | ({FileKind.PICTURE} if contents.raw is not None else set())
    for file in _newest(contents).evidence.files:
        data = contents.body(file.sha256) if file.kind in wanted else None
        if data is not None:
            yield picture_name(file, data), data


def _archive(contents: Contents, pictures: Mapping[str, bytes], folder: Path) -> Path:
    """Write the archive that everybody may read."""
    manifest = _newest(contents)
    answers = [file for file in manifest.evidence.files if file.kind in ANSWERS]
    shown = {name: data for name, data in pictures.items() if name.startswith("gambar/")}
    shown |= {READABLE: contents.papers[READABLE]} if READABLE in contents.papers else {}
    at = contents.as_of.at

    def exchanges() -> Iterator[Exchange]:
        for name, data in sorted(shown.items()):
            yield _made(PAGES + name, data, at, _KINDS[name.rpartition(".")[2]])
        for file in answers:
            copy = to_json(readable_copy(file, manifest, contents))
            yield _made(_place(file), copy, file.fetched_at, "application/json")

    pages = [Page(PAGES + READABLE, at, f"Informasi awal {contents.case_id}: salinan terbaca")]
    return _write_archive(contents, exchanges(), pages if READABLE in shown else [], folder / ARCHIVE)


def _raw_archive(contents: Contents, folder: Path) -> Path:
    """Write the answers as received; those that retention purged are left out."""

    def exchanges() -> Iterator[Exchange]:
        for exchange in contents.raw or ():
            body = contents.body(exchange.sha256)
            if body is not None:
                yield replace(exchange, body=body)

    return _write_archive(contents, exchanges(), [], folder / RAW_ARCHIVE)


def _write_archive(contents: Contents, exchanges: Iterator[Exchange], pages: list[Page], path: Path) -> Path:
    seen: list[Page] = []

    def noted() -> Iterator[Exchange]:
        for exchange in exchanges:
            url = exchange.final_url
            if url.startswith(("http://", "https://")) and not url.startswith(PAGES):
                seen.append(Page(url, exchange.fetched_at, f"{exchange.source} {exchange.sha256[:12]}"))
            yield exchange

    warc = path.with_suffix(".warc.gz")
    with warc.open("wb") as file:
        write_warc(noted(), file, {"software": contents.software, "format": "WARC File Format 1.1"})
    title = f"Informasi awal {contents.case_id} — {contents.agency}"
    about = "Jawaban platform apa adanya" if path.name == RAW_ARCHIVE else "Salinan terbaca"
    with path.open("wb") as file:
        write_wacz(warc, [*pages, *seen], Cover(title, about, contents.as_of.at, contents.software), file)
    warc.unlink()
    return path


def _made(url: str, data: bytes, at: datetime, kind: str) -> Exchange:
    """Return what the program made itself, so that it enters the archive as a resource and not as an answer."""
    return Exchange(
        url=url,
        final_url=url,
        status=0,
        headers=(("content-type", kind),),
        fetched_at=at,
        sha256=hashlib.sha256(data).hexdigest(),
        body=data,
        source="paket",
        mapper=_READER,
        collector="pantau",
    )


def _place(file: EvidenceFile) -> str:
    return file.final_url or file.url or f"urn:sha256:{file.sha256}"


_KINDS: Final = {
    "html": "text/html; charset=utf-8", "png": "image/png", "jpg": "image/jpeg", "webp": "image/webp",
    "gif": "image/gif", "bin": "application/octet-stream",
}  # fmt: skip


def _newest(contents: Contents) -> Manifest:
    return from_bytes(contents.manifests[-1])


def _sha256(source: zip_file.Source) -> str:
    if isinstance(source, bytes):
        return hashlib.sha256(source).hexdigest()
    with source.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _size(source: zip_file.Source) -> int:
    return len(source) if isinstance(source, bytes) else source.stat().st_size
