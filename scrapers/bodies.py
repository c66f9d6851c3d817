"""Reads a body as it arrives, never past its cap."""

from __future__ import annotations

import zlib
from collections.abc import Iterable

from monitor.errors import UnexpectedContent
from scrapers.wire import TooLarge, Truncated

_SHORT = 8


def read_body(chunks: Iterable[bytes], encoding: str, limit: int) -> bytes:
    """Return the whole body, unpacked; raises TooLarge, Truncated, or UnexpectedContent for an unknown packing."""
    packing = encoding.strip().lower()
    if packing in ("", "identity"):
        return _collect(chunks, limit)
    if packing in ("gzip", "x-gzip", "deflate"):
        try:
            return _inflate(chunks, limit)
        except zlib.error as error:
            raise Truncated("Jawaban termampat rusak") from error
    named = packing if len(packing) < _SHORT else "jawaban"  # a header may repeat a secret
    raise UnexpectedContent(f"Pemampatan {named} tidak dikenal")


def _collect(chunks: Iterable[bytes], limit: int) -> bytes:
    body = bytearray()
    for chunk in chunks:
        body += chunk
        if len(body) > limit:
            raise TooLarge(f"Jawaban melebihi batas {limit} bita")
    return bytes(body)


def _inflate(chunks: Iterable[bytes], limit: int) -> bytes:
    """Unpack gzip or zlib, never to more than the limit; Truncated when the packed stream stops short."""
    unpack = zlib.decompressobj(wbits=zlib.MAX_WBITS | 32)
    body = bytearray()
    for chunk in chunks:
        body += unpack.decompress(chunk, limit + 1 - len(body))
        if len(body) > limit:
            raise TooLarge(f"Jawaban melebihi batas {limit} bita setelah dibuka dari pemampatan")
    if not unpack.eof:
        raise Truncated("Jawaban termampat terputus")
    return bytes(body)
