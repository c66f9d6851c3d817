"""Bodies of recorded answers: transfer and content codings undone, never past a cap."""

from __future__ import annotations

import io
import zlib

import brotli
import zstandard

from monitor.errors import ImportFormatError

MOST_BODY = 64 << 20
_WINDOW = 1 << 27


def decode_body(body: bytes, transfer: str, coding: str, most: int = MOST_BODY) -> bytes:
    """Return a body as the page was, from the bytes as they were sent; ImportFormatError names what went wrong.

    Recorders differ: some store the body unpacked and leave the header, so a body that does not have the packing its
    header names is taken as it is.
    """
    if "chunked" in transfer.lower():
        body = _join_chunks(body)
    for one in reversed([name.strip().lower() for name in coding.split(",") if name.strip()]):
        body = _undo(body, one, most)
    return body


def _undo(body: bytes, coding: str, most: int) -> bytes:
    if coding in ("identity", "none", "utf-8") or not body:
        return body
    if coding in ("gzip", "x-gzip"):
        return _inflate(body, 31, most) if body.startswith(b"\x1f\x8b") else body
    if coding == "deflate":
        return _deflated(body, most)
    if coding == "br":
        return _brotli(body, most)
    if coding == "zstd":
        return _zstd(body, most) if body.startswith(b"\x28\xb5\x2f\xfd") else body
    raise ImportFormatError(f"pemampatan {coding[:20]} tidak dikenal")


def _inflate(body: bytes, wbits: int, most: int) -> bytes:
    unpack = zlib.decompressobj(wbits=wbits)
    try:
        unpacked = unpack.decompress(body, most + 1)
    except zlib.error as error:
        raise ImportFormatError("isi termampat rusak") from error
    return _capped(unpacked, most)


def _deflated(body: bytes, most: int) -> bytes:
    for wbits in (15, -15):  # servers send both the wrapped and the bare form
        try:
            return _inflate(body, wbits, most)
        except ImportFormatError as error:
            if not isinstance(error.__cause__, zlib.error):
                raise
    return body


def _brotli(body: bytes, most: int) -> bytes:
    if body.lstrip()[:1] in (b"<", b"{", b"["):
        return body
    unpack = brotli.Decompressor()
    parts: list[bytes] = []
    size, piece = 0, body
    try:
        while size <= most:
            part = unpack.process(piece, output_buffer_limit=1 << 20)
            parts.append(part)
            size, piece = size + len(part), b""
            if unpack.is_finished() or (not part and unpack.can_accept_more_data()):
                break
    except brotli.error as error:
        raise ImportFormatError("isi termampat rusak") from error
    return _capped(b"".join(parts), most)


def _zstd(body: bytes, most: int) -> bytes:
    try:
        with zstandard.ZstdDecompressor(max_window_size=_WINDOW).stream_reader(io.BytesIO(body)) as stream:
            return _capped(stream.read(most + 1), most)
    except zstandard.ZstdError as error:
        raise ImportFormatError("isi termampat rusak") from error


def _capped(unpacked: bytes, most: int) -> bytes:
    if len(unpacked) > most:
        raise ImportFormatError(f"isi melebihi {most >> 20} MB setelah dibuka")
    return unpacked


def _join_chunks(body: bytes) -> bytes:
    """Undo chunked transfer; a body that is not chunked after all comes back as it is."""
    parts: list[bytes] = []
    at = 0
    while True:
        end = body.find(b"\r\n", at, at + 1024)
        try:
            size = int(body[at:end].split(b";")[0], 16) if end >= 0 else -1
        except ValueError:
            size = -1
        if size < 0:
            return b"".join(parts) if parts else body
        if size == 0:
            return b"".join(parts)
        parts.append(body[end + 2 : end + 2 + size])
        at = end + 2 + size + 2
