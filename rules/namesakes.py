"""Places, institutions and businesses that bear a person's name: whoever speaks of `RSUD Budi Contoh` names nobody."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate

from monitor.domain import MentionKind, Tier
from rules.lexicon import Lexicon
from rules.register import Weakness
from rules.sightings import Sighting
from rules.text import words

_REACH = 48  # characters before a name
_SHORT_REACH = 24  # no single word that counts is longer
_ABBREVIATION = 4  # letters; after a longer word a full stop ends a sentence
_MOST_TITLES = 3
_NAMING = frozenset({MentionKind.NAME, MentionKind.ALIAS, MentionKind.MISSPELLING})
_LONGEST = 3  # words of a kind, as in `taman makam pahlawan`
_QUOTES = "\"'“‘"
_OPENING = "([" + _QUOTES
_BETWEEN = " \t\xa0." + _QUOTES  # what may part such a word from the name: toko "Budi Contoh"
_PIECE = re.compile(r"[^\s.]+\.?")


class Namesakes:
    """Weakens names right behind a word such as `jalan`; they count beside another sign of the pair only."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._schools = lexicon.words("bernama.sekolah")
        self._kinds = lexicon.words("bernama.tempat", "bernama.lembaga") | self._schools
        self._titles = lexicon.words("bernama.gelar")
        self._ends = self._titles | {kind.rsplit(" ", 1)[-1] for kind in self._kinds}
        self._said = frozenset([word for kind in self._kinds for word in words(kind)[-1:]])
        self._persons = lexicon.words("bernama.orang")
        self._pupils = self._persons | lexicon.words("bernama.murid")

    def weigh(self, text: str, said: Sequence[str], sightings: list[Sighting]) -> list[Sighting]:
        """Return the sightings in a text of these words, those of namesakes as weak as everyday words."""
        if not sightings or self._said.isdisjoint(said):  # as in most texts
            return sightings
        starts = {s.start for s in sightings}
        behind = [x for x in starts if x and self._may_be_behind(text, x) and self._behind_a_kind(text, x)]
        if not behind:
            return sightings
        ends = dict.fromkeys(sorted(behind), 0)
        for s in sightings:
            if s.start in ends:
                ends[s.start] = max(ends[s.start], s.end)
        firsts, lasts = list(ends), list(accumulate(ends.values(), max))
        return [
            s._replace(tier=Tier.LEMAH, weakness=Weakness.WORD, nickname=False)
            if s.kind in _NAMING and (place := bisect_right(firsts, s.start)) and s.start < lasts[place - 1]
            else s
            for s in sightings
        ]

    def _may_be_behind(self, text: str, start: int) -> bool:
        """Whether the word before an offset is one to look closer at: it is hardly ever."""
        word = text[start - _SHORT_REACH if start > _SHORT_REACH else 0 : start].rstrip(_BETWEEN)
        return (
            word[max(word.rfind(" "), word.rfind("."), word.rfind("\n")) + 1 :].lstrip(_OPENING).lower() in self._ends
        )

    def _behind_a_kind(self, text: str, start: int) -> bool:
        """Whether a word that makes a name a place's stands before an offset, with titles between them or not."""
        near = text[max(0, start - _REACH) : start].rpartition("\n")[2].rstrip(" " + _QUOTES).lower()
        pieces = _PIECE.findall(near)
        for _ in range(_MOST_TITLES + 1):
            if not pieces:
                return False
            word = pieces[-1].rstrip(".")
            if word != pieces[-1] and len(word) > _ABBREVIATION and word not in self._titles:
                return False  # a sentence ends here
            if self._is_kind([piece.rstrip(".").lstrip(_OPENING) for piece in pieces[-_LONGEST - 1 :]]):
                return True
            if word not in self._titles:
                return False
            pieces.pop()
        return False

    def _is_kind(self, said: Sequence[str]) -> bool:
        """Whether words end in what is named after people, unless somebody of it is spoken of: `kepala desa`."""
        for size in range(min(_LONGEST, len(said)), 0, -1):
            kind = " ".join(said[-size:])
            if kind in self._kinds:
                persons = self._pupils if kind in self._schools else self._persons
                return size == len(said) or said[-size - 1] not in persons
        return False
