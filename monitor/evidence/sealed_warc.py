"""A WARC as it lies in the evidence store: stretches sealed one by one, so that one can be emptied and the rest proven.

The file is a magic line and then frames: a state byte (`K` kept, `-` emptied), the length of the sealed bytes, their
sha256, the sha256 of the body that the stretch holds (zeros where it holds none), and, while it is kept, the sealed
bytes. The file's seal is the hash over the magic line and all frame heads without their state: it stands when
retention empties a frame, and every other change of a byte shows.
"""

from __future__ import annotations

import hashlib
import re
import struct
import zlib
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

from monitor.errors import EvidenceError
from monitor.evidence.store import EvidenceStore
from monitor.evidence.warc import Member

MAGIC = b"pantau-warc 1\n"
_HEAD = struct.Struct(">cQ32s32s")
_KEPT, _EMPTIED = b"K", b"-"
_NO_BODY = bytes(32)


@dataclass(frozen=True, slots=True)
class SealedWarc:
    """A WARC that was written: its name in the store, hash as it opens, seal, bytes in the store, and records."""

    name: str
    sha256: str
    seal: str
    size: int
    records: int


@dataclass(frozen=True, slots=True)
class _Frame:
    state: bytes
    length: int
    sha256: bytes
    body: bytes
    sealed: bytes

    @property
    def head(self) -> bytes:
        return _HEAD.pack(self.state, self.length, self.sha256, self.body)

    @property
    def kept(self) -> bool:
        return self.state == _KEPT


def name_of_run(run: int) -> str:
    """Return the name of a night's WARC in the store."""
    return f"warc/run-{run:06d}.warc.gz.sealed"


def is_archive(name: str) -> bool:
    """Whether a name in the store is that of a night's WARC, which may be written anew; all else never changes."""
    return re.fullmatch(r"warc/run-\d{6,}\.warc\.gz\.sealed", name) is not None


def seal_warc(store: EvidenceStore, name: str, members: Iterable[Member]) -> SealedWarc:
    """Write the stretches of a WARC as a sealed file, one in memory at a time; a file of that name gives way.

    The file is complete when this returns, or not there: StoreUnavailable when it cannot be.
    """
    plain, seal, records, size = hashlib.sha256(), hashlib.sha256(MAGIC), 0, len(MAGIC)
    with store.place.fill(name) as out:
        out.write(MAGIC)
        for member in members:
            sealed = store.vault.seal(member.data)
            body = bytes.fromhex(member.sha256) if member.sha256 else _NO_BODY
            frame = _Frame(_KEPT, len(sealed), hashlib.sha256(sealed).digest(), body, sealed)
            out.write(frame.head + sealed)
            plain.update(member.data)
            seal.update(frame.head[1:])
            records += member.records
            size += _HEAD.size + len(sealed)
    return SealedWarc(name, plain.hexdigest(), seal.hexdigest(), size, records)


def open_warc(store: EvidenceStore, name: str) -> Iterator[bytes]:
    """Yield the WARC as any replay tool reads it, without what was emptied; EvidenceError where it is not as written.

    A stretch is yielded only after its hash and seal were checked.
    """
    for frame in _frames(store, name):
        if frame.kept:
            yield store.vault.unseal(frame.sealed)


def info_of(store: EvidenceStore, name: str) -> dict[str, str]:
    """Return what the head of a WARC says of it; empty for one without records. EvidenceError as `open_warc` raises."""
    head = next(open_warc(store, name), b"")
    record = zlib.decompress(head, wbits=31).decode("utf-8", "replace") if head else ""
    _, _, fields = record.partition("\r\n\r\n")
    pairs = (line.partition(": ") for line in fields.splitlines() if ": " in line)
    return {field: value for field, _, value in pairs}


def faults_of_warc(store: EvidenceStore, warc: SealedWarc, purged: Callable[[str], bool]) -> Iterator[str]:
    """Yield what is wrong with a WARC in the store; `purged` says whether retention removed a body."""
    seal, plain, whole, size = hashlib.sha256(MAGIC), hashlib.sha256(), True, len(MAGIC)
    try:
        for frame in _frames(store, warc.name):
            seal.update(frame.head[1:])
            size += _HEAD.size + frame.length
            if frame.kept:
                plain.update(store.vault.unseal(frame.sealed))
                continue
            whole = False
            if not purged(frame.body.hex()):
                yield f"jawaban {frame.body.hex()} dikosongkan tanpa catatan retensi"
    except EvidenceError as error:
        yield error.message
        return
    if seal.hexdigest() != warc.seal:
        yield "segelnya tidak cocok dengan catatan"
    elif size != warc.size:
        yield f"ukuran yang tercatat {warc.size} byte, yang tertulis {size} byte"
    elif whole and plain.hexdigest() != warc.sha256:
        yield "isinya tidak cocok dengan hash-nya"


def strike(store: EvidenceStore, name: str, digests: Collection[str]) -> int:
    """Empty the stretches that hold these bodies and return how many; the seal of the file stays what it is.

    The file is written anew beside itself and takes its own place; a second time changes nothing.
    """
    wanted = {bytes.fromhex(digest) for digest in digests}
    if not any(frame.kept and frame.body in wanted for frame in _frames(store, name)):
        return 0
    struck = 0
    with store.place.fill(name) as out:
        out.write(MAGIC)
        for frame in _frames(store, name):
            if frame.kept and frame.body in wanted:
                struck += 1
                out.write(_EMPTIED + frame.head[1:])
            else:
                out.write(frame.head + frame.sealed)
    return struck


def _frames(store: EvidenceStore, name: str) -> Iterator[_Frame]:
    """Yield the frames of a file; EvidenceError names the first that is not as it was written."""
    try:
        file = store.place.open(name)
    except FileNotFoundError as error:
        raise EvidenceError(f"Arsip {name} hilang", "pulihkan dari cadangan") from error
    with file:
        if file.read(len(MAGIC)) != MAGIC:
            raise _damaged(name, 0)
        number = 0
        while head := file.read(_HEAD.size):
            number += 1
            yield _frame(file, head, name, number)


def _frame(file: BinaryIO, head: bytes, name: str, number: int) -> _Frame:
    if len(head) != _HEAD.size:
        raise _damaged(name, number)
    state, length, sha256, body = _HEAD.unpack(head)
    if state == _EMPTIED:
        return _Frame(state, length, sha256, body, b"")
    sealed = _read(file, length)
    if state != _KEPT or len(sealed) != length or hashlib.sha256(sealed).digest() != sha256:
        raise _damaged(name, number)
    return _Frame(state, length, sha256, body, sealed)


def _read(file: BinaryIO, length: int) -> bytes:
    """Return so many bytes, fewer where the file ends: a damaged length takes no memory that the file cannot fill."""
    parts: list[bytes] = []
    while length and (part := file.read(min(length, 1 << 20))):
        parts.append(part)
        length -= len(part)
    return b"".join(parts)


def _damaged(name: str, number: int) -> EvidenceError:
    where = f"potongan {number}" if number else "awal berkas"
    return EvidenceError(f"Arsip {name} rusak pada {where}", "pulihkan dari cadangan")
