"""Words that look like campaign or stance words and are not: parts of other phrases, and words under a ban."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterable, Sequence
from itertools import accumulate
from typing import Protocol, TypeVar

from monitor.domain import Span

_OPINION = ("kampanye.", "sikap.")
_PHRASES = ("kedinasan.", "seruan.bukan_ajakan", "seruan.pendidikan")
_BAN = "seruan.larangan_keras"
_GATES = (*_PHRASES, _BAN)
# Words of grammar by which a writer turns from a ban to an own opinion.
_TURN = re.compile(
    r"\b(?:saya|aku|kami|kita|gu[ea]|gwe?|tetap|tapi|tetapi|namun|ayo|mari|yuk|walau(?:pun)?|meski(?:pun)?|biar(?:in)?|malah)\b",
    re.IGNORECASE,
)
_BAN_REACH = 3  # words that may stand between a ban and what it forbids
_FAR = 200  # characters; whatever stands farther from a ban, or from what it forbids, is none of it
_BREAK = re.compile(r"[.!?;:,\n]")
# Spaces stand inside the optional parts: four `\s*` in a row would take ages over a long gap.
_LISTING = re.compile(
    r"(?:\s*[,/])?(?:\s*(?:dan|atau|maupun|serta|dan/atau))?(?:\s*(?:mengajak|menyuruh|ikut|turut))?\s*", re.IGNORECASE
)


class _Listed(Protocol):
    @property
    def list(self) -> str: ...

    @property
    def span(self) -> Span: ...


Word = TypeVar("Word", bound=_Listed)


def opinions(words: list[Word], text: str) -> list[Word]:
    """Return the words of one text without those campaign and stance words that say no opinion.

    `hak pilih` is no call to choose; in `ASN dilarang mendukung calon` the words tell of the ban and are not the
    writer's. A word after a comma or a `tetap` speaks for itself again.
    """
    if not any([word.list.startswith(_GATES) for word in words]):  # noqa: C419 - a generator costs more
        return words
    phrases = Stretches(word.span for word in words if word.list.startswith(_PHRASES))
    forbidden = _forbidden(words, text)
    return [
        word
        for word in words
        if not word.list.startswith(_OPINION) or not (phrases.swallow(word.span) or forbidden.hold(word.span))
    ]


class Stretches:
    """Stretches of one text, asked in logarithmic time which others lie in one of them."""

    def __init__(self, spans: Iterable[Span]) -> None:
        ordered = sorted((span.start, span.end) for span in spans)
        self._starts = [start for start, _ in ordered]
        self._reach = list(accumulate((end for _, end in ordered), max))

    def __bool__(self) -> bool:
        return bool(self._starts)

    def hold(self, span: Span) -> bool:
        """Whether one of them holds a stretch, or is the same."""
        place = bisect_right(self._starts, span.start)
        return place > 0 and self._reach[place - 1] >= span.end

    def swallow(self, span: Span) -> bool:
        """Whether a longer one of them holds a stretch."""
        place, before = bisect_right(self._starts, span.start), bisect_left(self._starts, span.start)
        return (place > 0 and self._reach[place - 1] > span.end) or (before > 0 and self._reach[before - 1] >= span.end)


def _forbidden(words: Sequence[_Listed], text: str) -> Stretches:
    """Return the stretches of opinion words that stand under a ban, also further down its list."""
    bans = sorted(word.span.end for word in words if word.list == _BAN)
    if not bans:
        return Stretches(())
    ordered = sorted((word.span for word in words if word.list.startswith(_OPINION)), key=lambda span: span.end)
    longest = {span.start: span for span in ordered}
    found: list[Span] = []
    ends: list[int] = []
    for start, span in sorted(longest.items()):
        place, last = bisect_right(bans, start), bisect_right(ends, start)
        banned = place > 0 and _under(bans[place - 1], start, text)
        # The nearest is enough: what lies farther back has it in between.
        if banned or (last > 0 and start - ends[last - 1] <= _FAR and _LISTING.fullmatch(text, ends[last - 1], start)):
            found.append(span)
            insort(ends, span.end)
    return Stretches(found)


def _under(ban: int, start: int, text: str) -> bool:
    """Whether a word at `start` stands under the ban that ends at `ban`, the nearest before it."""
    if start - ban > _FAR:
        return False
    between = text[ban:start]
    return len(between.split()) <= _BAN_REACH and not _BREAK.search(between) and not _TURN.search(between)
