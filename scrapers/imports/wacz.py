"""WACZ: a zip of WARC files with the digest of every part, and often the recorder's seal.

Before anything is read, every part is held against its digest, the list of parts against its own, and the seal
against that: an archive that was altered is refused whole. Only parts that the list names are read.
"""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cryptography.exceptions import UnsupportedAlgorithm

from monitor.errors import ImportFormatError
from scrapers.contract import ItemIssue
from scrapers.imports.archives import Archive, open_zip, shown
from scrapers.imports.contract import Captured, ReadOptions
from scrapers.imports.wacz_seals import Seal, SealBroken, check_seal
from scrapers.imports.warc import Recording, is_record, read_recording
from scrapers.imports.warc import reader as warc_reader

PACKAGE = "datapackage.json"
DIGEST = "datapackage-digest.json"
_MOST_LIST = 32 << 20
_CHUNK = 1 << 20
_REFUSED = "arsip telah berubah sejak direkam; minta salinan asli dari perekamnya"


@dataclass(frozen=True, slots=True)
class _Part:
    """One part as the list names it."""

    path: str
    algorithm: str
    digest: str
    size: int | None


class WaczReader:
    """Reads WACZ archives; holds no state."""

    name = "wacz"

    def sniff(self, head: bytes, path: Path) -> bool:
        """Whether a file is a zip that holds a WACZ's list of parts."""
        if not head.startswith(b"PK"):
            return False
        try:
            with zipfile.ZipFile(path) as archive:
                names = set(archive.namelist())
        except (OSError, ValueError, zipfile.BadZipFile, NotImplementedError, EOFError, RuntimeError):
            return False
        return PACKAGE in names and any(name.startswith("archive/") for name in names)

    def read(self, path: Path, options: ReadOptions) -> Iterator[Captured]:
        """Read an archive as a stream, after every digest and the seal were found to hold.

        The first `Captured` says what the seal is worth. Raises ImportFormatError that names the broken part.
        """
        if is_record(path):  # one page of an archive, as it is kept
            yield from warc_reader.read(path, options)
            return
        with open_zip(path) as archive:
            parts = verify_parts(archive)
            seal = verify_seal(archive)
            remembered = Recording(datetime.fromtimestamp(int(path.stat().st_mtime), UTC))
            yield from _said(archive, parts, seal, remembered)
            for part in sorted(parts):
                if part.startswith("archive/") and part.endswith((".warc", ".warc.gz")):
                    with archive.open(part) as stream:
                        yield from read_recording(stream, shown(part), remembered)


def verify_parts(archive: Archive) -> Mapping[str, str]:
    """Return the digest of every part that the list names; ImportFormatError for one that is missing or altered."""
    listed = _parts(archive)
    for part in listed.values():
        if part.path not in archive.names:
            left = {one.name: one.reason for one in archive.left_out}
            why = f" ({left[shown(part.path)]})" if shown(part.path) in left else ""
            raise ImportFormatError(f"{archive.file}: bagian {shown(part.path)} tidak ada dalam arsip{why}", _REFUSED)
        _verify(archive, part)
    return {part.path: part.digest for part in listed.values()}


def verify_seal(archive: Archive) -> Seal | None:
    """Return the archive's seal, None where it has none; ImportFormatError says what about it does not hold."""
    if DIGEST not in archive.names:
        return None
    told = _object(archive, DIGEST)
    found = "sha256:" + hashlib.sha256(archive.read(PACKAGE, _MOST_LIST)).hexdigest()
    if told.get("hash") != found:
        raise ImportFormatError(f"{archive.file}: sidik jari {PACKAGE} tidak cocok dengan {DIGEST}", _REFUSED)
    signed = told.get("signedData")
    if signed is None:
        return None
    try:
        return check_seal(signed if isinstance(signed, dict) else {}, found)
    except SealBroken as error:
        raise ImportFormatError(f"{archive.file}: segel WACZ tidak sah: {error}", _REFUSED) from error
    except (ValueError, ArithmeticError, TypeError, UnsupportedAlgorithm) as error:  # certificates of strange kinds
        raise ImportFormatError(f"{archive.file}: segel WACZ tidak terbaca", _REFUSED) from error


def _parts(archive: Archive) -> Mapping[str, _Part]:
    resources = _object(archive, PACKAGE).get("resources")
    if not isinstance(resources, list) or not resources:
        raise ImportFormatError(f"{archive.file}: {PACKAGE} tidak memuat daftar bagian")
    found: dict[str, _Part] = {}
    for entry in resources:
        part = _part(entry)
        if part is None or part.path in found:
            raise ImportFormatError(f"{archive.file}: daftar bagian pada {PACKAGE} rusak atau berganda", _REFUSED)
        found[part.path] = part
    return found


def _part(entry: object) -> _Part | None:
    """Return a part of the list, in the form of 1.1 ("hash") or of before ("stats"); None for another form."""
    if not isinstance(entry, dict):
        return None
    path, stats = entry.get("path"), entry.get("stats")
    told, size = entry.get("hash"), entry.get("bytes")
    if told is None and isinstance(stats, dict):
        told, size = f"{entry.get('hashing') or 'sha256'}:{stats.get('hash')}", stats.get("bytes")
    if not isinstance(path, str) or not isinstance(told, str):
        return None
    algorithm, _, digest = told.rpartition(":")
    algorithm = algorithm or "sha256"
    if algorithm not in ("sha256", "sha512"):
        return None
    return _Part(path, algorithm, digest.lower(), size if isinstance(size, int) else None)


def _verify(archive: Archive, part: _Part) -> None:
    digest, size = hashlib.new(part.algorithm), 0
    with archive.open(part.path) as stream:
        while piece := stream.read(_CHUNK):
            digest.update(piece)
            size += len(piece)
    if digest.hexdigest() != part.digest or (part.size is not None and part.size != size):
        raise ImportFormatError(
            f"{archive.file}: sidik jari bagian {shown(part.path)} tidak cocok dengan {PACKAGE}", _REFUSED
        )


def _object(archive: Archive, name: str) -> Mapping[str, Any]:
    if name not in archive.names:
        raise ImportFormatError(f"{archive.file}: {name} tidak ada dalam arsip", "ini bukan WACZ yang utuh")
    try:
        value = json.loads(archive.read(name, _MOST_LIST))
    except (ValueError, RecursionError) as error:
        raise ImportFormatError(f"{archive.file}: {name} bukan JSON yang utuh", _REFUSED) from error
    if not isinstance(value, dict):
        raise ImportFormatError(f"{archive.file}: {name} bukan objek JSON", _REFUSED)
    return value


def _said(archive: Archive, parts: Mapping[str, str], seal: Seal | None, remembered: Recording) -> Iterator[Captured]:
    """Say what the seal is worth, and which entries of the zip are not read."""
    yield _line(remembered, _worth(seal))
    for left in archive.left_out:
        yield _line(remembered, f"{left.name}: {left.reason}", "left_out")
    for name in archive.names:
        if name.startswith("archive/") and name not in parts:
            reason = f"{shown(name)} tidak tercantum dalam {PACKAGE}: tidak dibaca"
            yield _line(remembered, reason, "left_out")


def _worth(seal: Seal | None) -> str:
    if seal is None:
        return "segel WACZ: tidak bertanda tangan; sidik jari setiap bagian cocok"
    when = f" pada {seal.signed_at:%Y-%m-%d %H:%M} UTC" if seal.signed_at else ""
    if seal.domain is None:
        return f"segel WACZ: sah, ditandatangani kunci perekam tanpa nama{when}"
    stamp = "bercap waktu" if seal.stamped else "tanpa cap waktu dari penerbit yang dikenal"
    return f"segel WACZ: sah, ditandatangani {seal.domain}{when}, {stamp}"


def _line(remembered: Recording, reason: str, kind: str | None = None) -> Captured:
    remembered.line += 1
    issues = (ItemIssue(kind, reason),) if kind else ()
    return Captured(remembered.line, (), (), b"", remembered.last_seen, "", "", issues, reason)


reader = WaczReader()
