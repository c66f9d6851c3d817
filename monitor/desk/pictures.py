"""What a screenshot must be, told from its bytes: a whole PNG, JPEG or WebP of a size that a screen can have."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable
from dataclasses import dataclass

from monitor.errors import UsageError

LARGEST = 20 * 1024 * 1024
MOST_PIXELS = 60_000_000
_PNG = b"\x89PNG\r\n\x1a\n"
_MEND = "simpan ulang sebagai PNG, JPEG atau WebP"
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}


@dataclass(frozen=True, slots=True)
class Picture:
    """What kind of picture it is, and how large on a screen."""

    media_type: str
    ending: str
    width: int
    height: int


def picture_of(data: bytes) -> Picture:
    """Return what the bytes are; UsageError for anything that is no whole picture of one of the three kinds."""
    if len(data) > LARGEST:
        raise UsageError("Tangkapan layar lebih dari 20 MB", "perkecil gambarnya")
    reader = next((read for begins, read in _READERS if begins(data)), None)
    if reader is None:
        raise UsageError("Tangkapan layar bukan PNG, JPEG atau WebP", _MEND)
    try:
        found = reader(data)
    except (struct.error, IndexError):
        raise UsageError("Tangkapan layar rusak atau terpotong", _MEND) from None
    if not (found.width > 0 and found.height > 0 and found.width * found.height <= MOST_PIXELS):
        raise UsageError("Ukuran tangkapan layar tidak wajar", f"paling besar {MOST_PIXELS // 1_000_000} juta titik")
    return found


def _png(data: bytes) -> Picture:
    """Read every chunk with its checksum, so that what hangs behind or between is seen."""
    at, width, height, last = len(_PNG), 0, 0, b""
    while at < len(data) and last != b"IEND":
        length, last = struct.unpack_from(">I4s", data, at)
        body = data[at + 4 : at + 8 + length]
        (said,) = struct.unpack_from(">I", data, at + 8 + length)
        if zlib.crc32(body) != said:
            raise UsageError("Tangkapan layar rusak atau terpotong", _MEND)
        if last == b"IHDR":
            width, height = struct.unpack_from(">II", body, 4)
        at += 12 + length
    if last != b"IEND" or at != len(data):
        raise UsageError("Tangkapan layar rusak atau memuat data lain di belakangnya", _MEND)
    return Picture("image/png", "png", width, height)


def _jpeg(data: bytes) -> Picture:
    """Walk the segments to the one that gives the size."""
    if data.rstrip(b"\x00")[-2:] != b"\xff\xd9":
        raise UsageError("Tangkapan layar rusak atau terpotong", _MEND)
    at = 2
    while True:
        mark, kind = data[at], data[at + 1]
        if mark != 0xFF:
            raise UsageError("Tangkapan layar rusak atau terpotong", _MEND)
        if kind == 0xFF or 0xD0 <= kind <= 0xD7 or kind == 0x01:
            at += 1 if kind == 0xFF else 2
            continue
        (length,) = struct.unpack_from(">H", data, at + 2)
        if kind in _FRAMES:
            height, width = struct.unpack_from(">HH", data, at + 5)
            return Picture("image/jpeg", "jpg", width, height)
        if kind in (0xD9, 0xDA) or length < 2:
            raise UsageError("Tangkapan layar rusak atau terpotong", _MEND)
        at += 2 + length


def _webp(data: bytes) -> Picture:
    """Read the size from the first chunk, in any of the three forms."""
    (length,) = struct.unpack_from("<I", data, 4)
    if length + 8 not in (len(data), len(data) - 1):
        raise UsageError("Tangkapan layar rusak atau terpotong", _MEND)
    kind = data[12:16]
    if kind == b"VP8X":
        width, height = (int.from_bytes(data[at : at + 3], "little") + 1 for at in (24, 27))
    elif kind == b"VP8L" and data[20] == 0x2F:
        (bits,) = struct.unpack_from("<I", data, 21)
        width, height = (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    elif kind == b"VP8 " and data[23:26] == b"\x9d\x01\x2a":
        width, height = (size & 0x3FFF for size in struct.unpack_from("<HH", data, 26))
    else:
        raise UsageError("Tangkapan layar rusak atau terpotong", _MEND)
    return Picture("image/webp", "webp", width, height)


_READERS: tuple[tuple[Callable[[bytes], bool], Callable[[bytes], Picture]], ...] = (
    (lambda data: data.startswith(_PNG), _png),
    (lambda data: data.startswith(b"\xff\xd8\xff"), _jpeg),
    (lambda data: data[:4] == b"RIFF" and data[8:12] == b"WEBP", _webp),
)
