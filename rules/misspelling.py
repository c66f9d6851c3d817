"""Misspelt names: one or two edits away from a name of the register, by the length of the register's word."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from rapidfuzz import process
from rapidfuzz.distance import OSA

from monitor.domain import Tier

_CACHE = 50_000
_LONGEST = 40
_TWO = 2
_ROUGH_FROM = 8
_ANY_OPENING_FROM = 7
_PLAIN_FROM = 8
# First letters that Indonesian writes in two ways: a misspelling of a short name rarely changes the first letter.
_FIRST = str.maketrans("yfvpzqkjdctx", "iffpsqkjjjts")


@dataclass(frozen=True, slots=True)
class Misspelt:
    """A register's word that may have been meant, and how many edits away."""

    word: str
    edits: int

    @property
    def tier(self) -> Tier:
        """`kuat` for one edit in nine letters or more, else `sedang` (semantics, Tiers)."""
        return Tier.KUAT if len(self.word) >= 9 and self.edits <= 1 else Tier.SEDANG

    @property
    def plain(self) -> bool:
        """Whether so long a word, so little misspelt, is hardly another."""
        return len(self.word) >= _PLAIN_FROM and self.edits == 1


def allowed_edits(length: int) -> int:
    """Return how many edits a register's word of this length bears."""
    if length >= 9:
        return 2
    return 1 if length >= 5 else 0


class Misspellings:
    """Finds the register's words one edit from a text's word, however many there are, by a table of deletions."""

    def __init__(self, words: Iterable[str], protected: Collection[str]) -> None:
        self._protected = protected
        self._deletions: dict[str, list[str]] = {}
        self._known: dict[str, tuple[Misspelt, ...]] = {}
        for word in sorted(set(words)):
            if not allowed_edits(len(word)):
                continue
            for form in _deletions(word):
                self._deletions.setdefault(form, []).append(word)

    def find(self, token: str) -> tuple[Misspelt, ...]:
        """Return the names that a word may misspell; none for a name itself or a protected word."""
        return () if token in self._protected else self.near(token)

    def near(self, token: str) -> tuple[Misspelt, ...]:
        """Return the names near a word, whatever the word is; for parts of a longer run-on."""
        if not 4 <= len(token) <= _LONGEST:
            return ()
        known = self._known.get(token)
        if known is None:
            if len(self._known) > _CACHE:
                self._known.clear()
            known = self._known[token] = self._search(token)
        return known

    def _search(self, token: str) -> tuple[Misspelt, ...]:
        near: set[str] = set()
        table = self._deletions
        forms = [token, *[token[:i] + token[i + 1 :] for i in range(len(token))]]
        for found in filter(None, map(table.get, forms)):
            for word in found:
                fits = len(word) >= _ANY_OPENING_FROM or _same_opening(token, word)
                if fits and word != token and OSA.distance(token, word, score_cutoff=1) == 1:
                    near.add(word)
        return tuple(Misspelt(word, 1) for word in sorted(near))


class RoughSpellings:
    """Finds the long words of names two edits from a text's word that begins like them."""

    def __init__(self, words: Iterable[str]) -> None:
        self._words: dict[tuple[str, int], list[str]] = {}
        for word in sorted(set(words)):
            if allowed_edits(len(word)) == _TWO:
                for length in range(len(word) - _TWO, len(word) + _TWO + 1):
                    self._words.setdefault((word[0].translate(_FIRST), length), []).append(word)

    def near(self, token: str) -> tuple[Misspelt, ...]:
        """Return the words that are two edits away."""
        if not _ROUGH_FROM <= len(token) <= _LONGEST:
            return ()
        words = self._words.get((token[0].translate(_FIRST), len(token)))
        if not words:
            return ()
        found = process.extract(token, words, scorer=OSA.distance, score_cutoff=_TWO, limit=None)
        return tuple(Misspelt(word, _TWO) for word in sorted(w for w, edits, _ in found if edits == _TWO))


def _deletions(word: str) -> set[str]:
    return {word, *(word[:i] + word[i + 1 :] for i in range(len(word)))}


def _same_opening(token: str, word: str) -> bool:
    """Whether both begin alike, in sound: a silent first letter may be missing or added."""
    one, other = token.translate(_FIRST), word.translate(_FIRST)
    return (
        one[0] == other[0]
        or (one[1:2] == other[0] and len(one) > len(other) and one[0] in "hj")
        or (other[1:2] == one[0] and len(other) > len(one) and other[0] in "hj")
    )
