"""How a labelled pair is written in a text, told by plain means and not by the finder that is being measured."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from rapidfuzz.distance import OSA

from monitor.domain import Candidate, Contest

_WORD = re.compile(r"[^\W\d_]+")
_DIGITS = ("nol", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan")
_ONE_EDIT_FROM = 5
_TWO_EDITS_FROM = 9
_SHORTEST = 3
_SHORTEST_PART = 4


@dataclass(frozen=True, slots=True)
class _Known:
    """What a register says of a pair, in small letters."""

    strings: tuple[str, ...]
    words: frozenset[str]
    number: re.Pattern[str]


class Spellings:
    """Sorts mentions by how they are written: as registered, part of a name, number, misspelt, or otherwise."""

    def __init__(self, contests: Iterable[Contest]) -> None:
        self._known = {(contest.name, c.number): _known(c) for contest in contests for c in contest.candidates}

    def way(self, text: str, pair: tuple[str, int]) -> str:
        """Return `written`, `part`, `number`, `misspelling` or `other`."""
        known = self._known[pair]
        low = text.casefold()
        if any(string in low for string in known.strings):
            return "written"
        words = set(_WORD.findall(low))
        if words & known.words:
            return "part"
        if known.number.search(low):
            return "number"
        return "misspelling" if any(_near(word, name) for word in words for name in known.words) else "other"


def _known(candidate: Candidate) -> _Known:
    strings = {string.casefold().lstrip("#") for string in _strings(candidate)}
    words = {w for string in strings for w in _WORD.findall(string) if len(w) >= _SHORTEST_PART}
    number = candidate.number
    spoken = f"|{_DIGITS[number]}" if number < len(_DIGITS) else ""
    return _Known(
        tuple(sorted(s for s in strings if len(s) >= _SHORTEST)),
        frozenset(words),
        re.compile(rf"(?<![\d.])[0o]?{number}(?![\d.])|\b(?:{number}{spoken})\b"),
    )


def _strings(candidate: Candidate) -> Iterator[str]:
    for person in candidate.people:
        bare = person.official_name.split(",", 1)[0]
        yield " ".join(w for w in bare.split() if not w.endswith("."))
        yield from person.short_names
    yield from candidate.aliases
    yield from candidate.slogans
    yield from candidate.hashtags


def _near(word: str, name: str) -> bool:
    if len(name) < _ONE_EDIT_FROM:
        return False
    edits = 2 if len(name) >= _TWO_EDITS_FROM else 1
    return OSA.distance(word, name, score_cutoff=edits) <= edits
