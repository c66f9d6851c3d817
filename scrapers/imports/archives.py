"""Opening of zips and gzips that others made: every size capped, nothing written to disk, no name trusted."""

from __future__ import annotations

import posixpath
import stat
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, BinaryIO

from monitor.errors import ImportFormatError, plainly

_CHUNK = 1 << 16
_NESTED = (".zip", ".7z", ".rar", ".tar", ".tgz", ".tar.gz", ".tar.xz", ".jar", ".wacz")
_GZIP = b"\x1f\x8b"
_SMALL = 1 << 20  # below this size a high ratio does no harm: a page of blanks packs well


@dataclass(frozen=True, slots=True)
class Limits:
    """How much an archive may hold; `ratio` is unpacked bytes for each packed one."""

    entries: int = 100_000
    entry_bytes: int = 8 << 30
    total_bytes: int = 64 << 30
    ratio: int = 250


@dataclass(frozen=True, slots=True)
class LeftOut:
    """One entry that is not read, and why, in Indonesian."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Archive:
    """An opened zip: its readable entries by name, and what was left out. Entries are read as streams only."""

    file: str
    names: tuple[str, ...]
    left_out: tuple[LeftOut, ...]
    limits: Limits
    _zip: zipfile.ZipFile

    @contextmanager
    def open(self, name: str) -> Iterator[IO[bytes]]:
        """Open one entry; ImportFormatError when it is damaged or packed in a way that is not known."""
        try:  # what the caller raises while it reads is not the archive's fault: only the opening stands here
            stream = self._zip.open(name)
        except KeyError:
            raise ImportFormatError(f"{self.file}: {shown(name)} tidak ada dalam arsip") from None
        except zipfile.BadZipFile as error:
            raise self._damaged(name) from error
        except (NotImplementedError, RuntimeError) as error:
            raise ImportFormatError(f"{self.file}: {shown(name)} dikemas dengan cara yang tidak dikenal") from error
        try:
            with stream:
                yield stream
        except (zipfile.BadZipFile, zlib.error, EOFError) as error:
            raise self._damaged(name) from error

    def _damaged(self, name: str) -> ImportFormatError:
        return ImportFormatError(f"{self.file}: {shown(name)} rusak dalam arsip", "salin ulang berkasnya")

    def read(self, name: str, most: int) -> bytes:
        """Return one small entry whole; ImportFormatError when it is larger than `most` bytes."""
        with self.open(name) as stream:
            data = stream.read(most + 1)
        if len(data) > most:
            raise ImportFormatError(f"{self.file}: {shown(name)} melebihi {most >> 20} MB")
        return data

    def size(self, name: str) -> int:
        """Return the unpacked size of an entry."""
        return self._zip.getinfo(name).file_size


@contextmanager
def open_zip(path: Path, limits: Limits | None = None) -> Iterator[Archive]:
    """Open a zip for streaming; ImportFormatError when it is none, is damaged, or is made to do harm.

    Entries that are encrypted, point outside, are links, or are archives themselves are left out with a reason. Two
    entries of one name, overlapping entries, and sizes beyond `limits` refuse the whole file.
    """
    limits = limits or Limits()
    try:
        opened = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, NotImplementedError, ValueError, EOFError, RuntimeError) as error:
        raise ImportFormatError(f"{path.name}: bukan arsip zip yang utuh", "salin ulang berkasnya") from error
    except OSError as error:
        raise ImportFormatError(f"{path.name}: berkas tidak dapat dibaca ({plainly(error)})") from error
    with opened:
        entries = opened.infolist()
        _refuse_harm(path, entries, limits)
        named = [(entry.filename, _why_left_out(entry)) for entry in entries if not entry.is_dir()]
        yield Archive(
            file=path.name,
            names=tuple(name for name, reason in named if reason is None),
            left_out=tuple(LeftOut(shown(name), reason) for name, reason in named if reason is not None),
            limits=limits,
            _zip=opened,
        )


def shown(name: str) -> str:
    """Return an entry's name as it may be printed."""
    return "".join(c if c.isprintable() else "?" for c in name)[:120]


def _refuse_harm(path: Path, entries: list[zipfile.ZipInfo], limits: Limits) -> None:
    mend = "jangan buka berkas ini; minta salinan baru dari pembuatnya"
    if len(entries) > limits.entries:
        raise ImportFormatError(
            f"{path.name}: arsip berisi {len(entries)} berkas (paling banyak {limits.entries})", mend
        )
    total, seen = 0, set[str]()
    for entry in entries:
        name = posixpath.normpath(entry.filename)
        if name in seen and not entry.is_dir():
            raise ImportFormatError(f"{path.name}: arsip memuat dua berkas bernama {shown(name)}", mend)
        seen.add(name)
        total += entry.file_size
        if entry.file_size > limits.entry_bytes or total > limits.total_bytes:
            raise ImportFormatError(f"{path.name}: isi arsip melebihi batas ukuran ({shown(name)})", mend)
        if entry.file_size > _SMALL and entry.file_size > limits.ratio * max(entry.compress_size, 1):
            raise ImportFormatError(f"{path.name}: {shown(name)} mengembang terlalu besar saat dibuka (bom zip)", mend)
    _refuse_overlap(path, entries, mend)


def _refuse_overlap(path: Path, entries: list[zipfile.ZipInfo], mend: str) -> None:
    end = 0
    for entry in sorted(entries, key=lambda one: one.header_offset):
        if entry.header_offset < end:
            raise ImportFormatError(f"{path.name}: isi arsip saling menimpa (bom zip)", mend)
        end = entry.header_offset + entry.compress_size


def _why_left_out(entry: zipfile.ZipInfo) -> str | None:
    """Return why an entry is not read, None for a plain file that stays inside the archive."""
    name = entry.filename
    parts = name.replace("\\", "/").split("/")
    if name.startswith(("/", "\\")) or ".." in parts or ":" in parts[0] or "\0" in name:
        return "nama berkas dalam arsip menunjuk ke luar arsip"
    if entry.flag_bits & 0x1:
        return "berkas dalam arsip terkunci dengan sandi"
    kind = stat.S_IFMT(entry.external_attr >> 16)
    if kind not in (0, stat.S_IFREG):
        return "bukan berkas biasa (tautan atau perangkat)"
    if name.lower().endswith(_NESTED):
        return "arsip di dalam arsip tidak dibuka"
    return None


class Unpacked:
    """A stream that gives the unpacked bytes of a plain or gzipped one, member after member, in constant memory.

    Raises ImportFormatError when it unpacks to more than `limits` allow, or when the packing is damaged; what came
    before the damage has been given. `truncated` says whether the last member stopped short.
    """

    def __init__(self, source: BinaryIO | IO[bytes], name: str, limits: Limits | None = None) -> None:
        self._source = source
        self._name = name
        self._limits = limits or Limits()
        self._taken = self._given = 0
        self._ready = b""
        self._packed = self._take()
        self._unpack = zlib.decompressobj(wbits=31) if self._packed.startswith(_GZIP) else None
        self.truncated = False

    def read(self, most: int) -> bytes:
        """Return up to `most` bytes, fewer only at the end."""
        parts, wanted = [], most
        while wanted > 0:
            if not self._ready and not self._more():
                break
            part, self._ready = self._ready[:wanted], self._ready[wanted:]
            parts.append(part)
            wanted -= len(part)
        return b"".join(parts)

    def readline(self, most: int) -> bytes:
        """Return a line with its end, cut after `most` bytes."""
        parts, size = [], 0
        while size < most:
            if not self._ready and not self._more():
                break
            end = self._ready.find(b"\n", 0, most - size) + 1 or min(len(self._ready), most - size)
            part, self._ready = self._ready[:end], self._ready[end:]
            parts.append(part)
            size += len(part)
            if part.endswith(b"\n"):
                break
        return b"".join(parts)

    def _take(self) -> bytes:
        piece = self._source.read(_CHUNK)
        self._taken += len(piece)
        return piece

    def _more(self) -> bool:
        """Fill the buffer; false at the end."""
        if self._unpack is None:
            self._ready, self._packed = self._packed or self._take(), b""
            return bool(self._ready)
        while not self._ready:
            if self._unpack.eof:
                self._packed = self._unpack.unused_data
                if not self._next_member():
                    return False
            packed = self._packed or self._take()
            self._inflate(packed)
            if not packed and not self._ready:
                self.truncated = not self._unpack.eof
                return False
        return True

    def _next_member(self) -> bool:
        self._packed = self._packed.lstrip(b"\0") or self._take()
        if not self._packed:
            return False
        self._unpack = zlib.decompressobj(wbits=31)
        return True

    def _inflate(self, packed: bytes) -> None:
        assert self._unpack is not None  # held by _more
        try:
            self._ready = self._unpack.decompress(packed, _CHUNK * 4)
        except zlib.error as error:
            raise ImportFormatError(f"{self._name}: pemampatan gzip rusak", "salin ulang berkasnya") from error
        self._packed = self._unpack.unconsumed_tail
        self._given += len(self._ready)
        allowed = max(_SMALL, self._limits.ratio * self._taken)
        if self._given > self._limits.total_bytes or self._given > allowed:
            raise ImportFormatError(f"{self._name}: isi mengembang terlalu besar saat dibuka (bom gzip)")
