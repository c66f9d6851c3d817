"""Zip files in one form only: members stored as they are, in order, with nothing before, between or after them.

What is written can be opened by any program. What is read must be exactly what `write` makes of the same members, so
that a file from strangers can hide nothing: no packing that unfolds, no second member of a name, no way out of the
folder, no bytes that no list names.
"""

from __future__ import annotations

import re
import shutil
import struct
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from monitor.errors import EvidenceError

Source = bytes | Path

_NAME: Final = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]*(?:/[A-Za-z0-9_-][A-Za-z0-9._-]*)*")
_LOCAL: Final = struct.Struct("<4s5H3I2H")
_CENTRAL: Final = struct.Struct("<4s6H3I5H2I")
_END: Final = struct.Struct("<4s4H2IH")
_LONGEST_NAME: Final = 200
_MOST_MEMBERS: Final = 20_000
_LARGEST: Final = 0xFFFF_FFFE
_CHUNK: Final = 1 << 20
_DATE: Final = 0x0021  # 1 January 1980, the first day that a zip can say
_MADE_BY: Final = 0x0314
_NEEDS: Final = 20
_FILE: Final = 0o100644 << 16


class ZipFault(Exception):
    """A zip is not of the one form; `name` is the member at fault, empty for the list of members."""

    def __init__(self, name: str, problem: str) -> None:
        super().__init__(f"{name}: {problem}" if name else problem)
        self.name = name
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Member:
    """One file in a zip: where its bytes begin in the file that holds the zip, and what they must be."""

    name: str
    start: int
    size: int
    crc: int


@dataclass(frozen=True, slots=True)
class Slice:
    """A part of an open file: a zip of its own, or a member."""

    file: BinaryIO
    start: int
    size: int

    def read(self, at: int, size: int) -> bytes:
        """Return bytes counted from the start of the part; fewer where it ends."""
        if at < 0:
            return b""
        self.file.seek(self.start + at)
        return self.file.read(max(0, min(size, self.size - at)))

    def chunks(self) -> Iterator[bytes]:
        """Yield the whole part piece by piece."""
        for at in range(0, self.size, _CHUNK):
            yield self.read(at, _CHUNK)

    def member(self, member: Member) -> Slice:
        """Return a member of the zip that this part is."""
        return Slice(self.file, self.start + member.start, member.size)


def write(members: Mapping[str, Source], stream: BinaryIO) -> None:
    """Write members in the order of their names; the same members give the same bytes.

    EvidenceError for a name that is not plain, or more than a zip of four gigabytes holds.
    """
    central, at = b"", 0
    for name, source in sorted(members.items()):
        _ensure_plain(name)
        size, crc = _measure(source)
        head = _local(name, size, crc)
        if at + len(head) + size > _LARGEST:
            raise EvidenceError("Paket bukti melampaui 4 GB", "buat tanpa berkas mentah, atau pisahkan kasusnya")
        stream.write(head)
        _copy(source, stream)
        central += _listed(name, size, crc, at)
        at += len(head) + size
    stream.write(central + _end(len(members), len(central), at))


def members(whole: Slice) -> tuple[Member, ...]:
    """Return the members of a zip; ZipFault unless its form is the one that `write` gives.

    The bytes of members are not looked at; `read_member` and the hashes of whoever asks do that.
    """
    count, listed, at = _read_end(whole)
    found: list[Member] = []
    names: set[str] = set()
    place, begin = at, 0
    for _ in range(count):
        member, length = _read_listed(whole, place, begin)
        if member.name in names:
            raise ZipFault(member.name, "ada dua kali")
        names.add(member.name)
        found.append(member)
        place, begin = place + length, member.start + member.size
    if begin != at or place != at + listed:
        raise ZipFault("", "daftar isi zip tidak cocok dengan isinya")
    if [one.name for one in found] != sorted(names):
        raise ZipFault("", "urutan isi zip bukan urutan paket bukti")
    return tuple(found)


def read_member(whole: Slice, member: Member, most: int) -> bytes:
    """Return a member's bytes; ZipFault when they are not those of the list, or more than `most`."""
    if member.size > most:
        raise ZipFault(member.name, "lebih besar daripada yang wajar")
    data = whole.read(member.start, member.size)
    if zlib.crc32(data) != member.crc:
        raise ZipFault(member.name, "isinya berubah")
    return data


def _read_end(whole: Slice) -> tuple[int, int, int]:
    """Return how many members there are, how long their list is and where it begins."""
    tail = whole.read(whole.size - _END.size, _END.size)
    if len(tail) < _END.size or tail[:4] != b"PK\5\6":
        raise ZipFault("", "bukan zip paket bukti, atau terpotong, atau ada tambahan di belakangnya")
    _, _, _, count, _, listed, at, _ = _END.unpack(tail)
    if tail != _end(count, listed, at) or at + listed + _END.size != whole.size or count > _MOST_MEMBERS:
        raise ZipFault("", "akhir zip berubah")
    return count, listed, at


def _read_listed(whole: Slice, place: int, begin: int) -> tuple[Member, int]:
    """Return the member that the list names at `place` and the length of its line; it must begin at `begin`."""
    line = whole.read(place, _CENTRAL.size)
    if len(line) < _CENTRAL.size or line[:4] != b"PK\1\2":
        raise ZipFault("", "daftar isi zip berubah")
    _, _, _, flags, method, _, _, crc, packed, size, long, *_ = _CENTRAL.unpack(line)
    name = whole.read(place + _CENTRAL.size, min(long, _LONGEST_NAME)).decode("ascii", "replace")
    if not _plain(name) or long > _LONGEST_NAME:
        raise ZipFault(_printable(name), "nama berkas tidak wajar")
    if method or packed != size:
        raise ZipFault(name, "dimampatkan; isi paket bukti selalu disimpan apa adanya")
    if flags & 1:
        raise ZipFault(name, "terkunci sandi")
    length = _CENTRAL.size + long
    if whole.read(place, length) != _listed(name, size, crc, begin):
        raise ZipFault(name, "barisnya dalam daftar isi zip berubah")
    head = _local(name, size, crc)
    if whole.read(begin, len(head)) != head:
        raise ZipFault(name, "kepala berkasnya dalam zip berubah")
    return Member(name, begin + len(head), size, crc), length


def _local(name: str, size: int, crc: int) -> bytes:
    return _LOCAL.pack(b"PK\3\4", _NEEDS, 0, 0, 0, _DATE, crc, size, size, len(name), 0) + name.encode()


def _listed(name: str, size: int, crc: int, at: int) -> bytes:
    line = (b"PK\1\2", _MADE_BY, _NEEDS, 0, 0, 0, _DATE, crc, size, size, len(name), 0, 0, 0, 0, _FILE, at)
    return _CENTRAL.pack(*line) + name.encode()


def _end(count: int, listed: int, at: int) -> bytes:
    return _END.pack(b"PK\5\6", 0, 0, count, count, listed, at, 0)


def _plain(name: str) -> bool:
    return len(name) <= _LONGEST_NAME and _NAME.fullmatch(name) is not None


def _ensure_plain(name: str) -> None:
    if not _plain(name):
        raise EvidenceError(f"Nama {_printable(name)} tidak dapat dipakai dalam paket", "pakai huruf dan angka")


def _printable(name: str) -> str:
    return "".join(sign if sign.isprintable() else "?" for sign in name) or "(tanpa nama)"


def _measure(source: Source) -> tuple[int, int]:
    if isinstance(source, bytes):
        return len(source), zlib.crc32(source)
    size, crc = 0, 0
    with source.open("rb") as file:
        while part := file.read(_CHUNK):
            size, crc = size + len(part), zlib.crc32(part, crc)
    return size, crc


def _copy(source: Source, stream: BinaryIO) -> None:
    if isinstance(source, bytes):
        stream.write(source)
        return
    with source.open("rb") as file:
        shutil.copyfileobj(file, stream, _CHUNK)
