"""Words that look like campaign or stance words and are not: parts of other phrases, and words under a ban."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from monitor.domain import Span

_OPINION = ("kampanye.", "sikap.")
_PHRASES = ("kedinasan.", "seruan.bukan_ajakan", "seruan.pendidikan")
_BAN = "seruan.larangan_keras"
# Words of grammar by which a writer turns from a ban to an own opinion.
_TURN = re.compile(
    r"\b(?:saya|aku|kami|kita|gu[ea]|gwe?|tetap|tapi|tetapi|namun|ayo|mari|yuk|walau(?:pun)?|meski(?:pun)?|biar(?:in)?|malah)\b",
    re.IGNORECASE,
)
_BAN_REACH = 3  # words that may stand between a ban and what it forbids
_BREAK = re.compile(r"[.!?;:,\n]")
_LISTING = re.compile(
    r"\s*[,/]?\s*(?:dan|atau|maupun|serta|dan/atau)?\s*(?:mengajak|menyuruh|ikut|turut)?\s*", re.IGNORECASE
)


Word = tuple[str, Span]


def opinions(words: Sequence[Word], text: str) -> tuple[Word, ...]:
    """Return the words of one text without those campaign and stance words that say no opinion.

    `hak pilih` is no call to choose; in `ASN dilarang mendukung calon` the words tell of the ban and are not the
    writer's. A word after a comma or a `tetap` speaks for itself again.
    """
    phrases = [span for name, span in words if name.startswith(_PHRASES)]
    forbidden = _forbidden(words, text)
    if not phrases and not forbidden:
        return tuple(words)
    return tuple(
        (name, span)
        for name, span in words
        if not name.startswith(_OPINION) or not (_inside(span, phrases) or (span.start, span.end) in forbidden)
    )


def _inside(span: Span, phrases: Iterable[Span]) -> bool:
    length = span.end - span.start
    return any(p.start <= span.start and span.end <= p.end and p.end - p.start > length for p in phrases)


def _forbidden(words: Sequence[Word], text: str) -> frozenset[tuple[int, int]]:
    """Return the stretches of opinion words that stand under a ban, also further down its list."""
    bans = [span for name, span in words if name == _BAN]
    if not bans:
        return frozenset()
    found: dict[int, int] = {}
    for start, end in sorted({(s.start, s.end) for name, s in words if name.startswith(_OPINION)}):
        banned = any(_under(ban, start, text) for ban in bans)
        listed = any(_LISTING.fullmatch(text, last, start) for last in found.values() if last <= start)
        if banned or listed:
            found[start] = max(end, found.get(start, 0))
    return frozenset(
        (s.start, s.end)
        for name, s in words
        if name.startswith(_OPINION) and any(start <= s.start and s.end <= end for start, end in found.items())
    )


def _under(ban: Span, start: int, text: str) -> bool:
    if start < ban.end:
        return False
    between = text[ban.end : start]
    return len(between.split()) <= _BAN_REACH and not _BREAK.search(between) and not _TURN.search(between)
