"""Puts the certificates of a timestamp answer into the order that DER asks for; nothing else is changed.

OpenSSL writes them in the order of their chain, and the library reads strict DER only. They are not part of what is
signed, and their order says nothing (RFC 5652, 5.1 and 10.2.3).
"""

from __future__ import annotations

from collections.abc import Iterator

_SEQUENCE, _FIRST_FIELD = 0x30, 0xA0


def ordered(answer: bytes) -> bytes:
    """Return an answer with its certificates in order; what is no such answer comes back as it is."""
    try:
        start, end = _certificates(answer)
        parts = [answer[begin:stop] for _, begin, _, stop in _elements(answer, start, end)]
    except (IndexError, ValueError):
        return answer
    return answer[:start] + b"".join(sorted(parts)) + answer[end:]


def _certificates(answer: bytes) -> tuple[int, int]:
    """Return where the content of the field `certificates` begins and ends: TimeStampResp, token, SignedData."""
    start, end = _inside(answer, 0, len(answer), (_SEQUENCE, 0))
    start, end = _inside(answer, start, end, (_SEQUENCE, 1))
    start, end = _inside(answer, start, end, (_FIRST_FIELD, 0))
    start, end = _inside(answer, start, end, (_SEQUENCE, 0))
    return _inside(answer, start, end, (_FIRST_FIELD, 0))


def _inside(data: bytes, start: int, end: int, wanted: tuple[int, int]) -> tuple[int, int]:
    """Return where the content of the how manieth element of a kind (tag, count from 0) begins and ends."""
    tag, count = wanted
    found = [(content, stop) for kind, _, content, stop in _elements(data, start, end) if kind == tag]
    return found[count]


def _elements(data: bytes, start: int, end: int) -> Iterator[tuple[int, int, int, int]]:
    """Yield tag, begin, begin of the content and end of each element; ValueError for lengths that do not fit."""
    at = start
    while at < end:
        tag, length, content = data[at], data[at + 1], at + 2
        if length > 0x80:
            content += length - 0x80
            length = int.from_bytes(data[at + 2 : content], "big")
        elif length == 0x80:
            raise ValueError("indefinite length")
        stop = content + length
        if stop > end:
            raise ValueError("longer than what holds it")
        yield tag, at, content, stop
        at = stop
