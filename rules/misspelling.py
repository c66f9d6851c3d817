"""Misspelt names: one or two edits away from a name of the register, by the length of the register's word."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from rapidfuzz.distance import OSA

from monitor.domain import Tier

_CACHE = 200_000
_LONGEST = 40
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
    """Finds the register's words near a text's word; a table of deletions for one edit, of pieces for two."""

    def __init__(self, words: Iterable[str], protected: Collection[str]) -> None:
        self._protected = protected
        self._deletions: dict[str, list[str]] = {}
        self._pieces: dict[tuple[str, int, int], list[str]] = {}
        self._known: dict[str, tuple[Misspelt, ...]] = {}
        for word in sorted(set(words)):
            if allowed_edits(len(word)):
                for form in _deletions(word):
                    self._deletions.setdefault(form, []).append(word)
            if allowed_edits(len(word)) > 1:
                for offset, piece in _thirds(word):
                    self._pieces.setdefault((piece, offset, len(word)), []).append(word)

    def find(self, token: str) -> tuple[Misspelt, ...]:
        """Return the names that a word may misspell, nearest first; none for a name itself or a protected word."""
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
        near: dict[str, int] = {}
        for form in _deletions(token):
            for word in self._deletions.get(form, ()):
                _measure(token, word, near)
        if len(token) >= 7:
            for word in self._by_pieces(token):
                _measure(token, word, near)
        return tuple(Misspelt(word, edits) for word, edits in sorted(near.items(), key=lambda item: item[::-1]))

    def _by_pieces(self, token: str) -> set[str]:
        found: set[str] = set()
        for length in range(max(9, len(token) - 2), len(token) + 3):
            for offset, size in _cuts(length):
                for start in range(max(0, offset - 2), min(len(token) - size, offset + 2) + 1):
                    found.update(self._pieces.get((token[start : start + size], offset, length), ()))
        return found


def _measure(token: str, word: str, near: dict[str, int]) -> None:
    if word in near or token == word:
        return
    limit = allowed_edits(len(word))
    edits = OSA.distance(token, word, score_cutoff=limit)
    if edits <= limit and (_same_opening(token, word) or (len(word) >= _ANY_OPENING_FROM and edits == 1)):
        near[word] = edits


def _deletions(word: str) -> set[str]:
    return {word, *(word[:i] + word[i + 1 :] for i in range(len(word)))}


def _cuts(length: int) -> tuple[tuple[int, int], ...]:
    third, rest = divmod(length, 3)
    return ((0, third), (third, third), (2 * third, third + rest))


def _thirds(word: str) -> list[tuple[int, str]]:
    return [(offset, word[offset : offset + size]) for offset, size in _cuts(len(word))]


def _same_opening(token: str, word: str) -> bool:
    """Whether both begin alike, in sound: a silent first letter may be missing or added."""
    one, other = token.translate(_FIRST), word.translate(_FIRST)
    return (
        one[0] == other[0]
        or (one[1:2] == other[0] and len(one) > len(other) and one[0] in "hj")
        or (other[1:2] == one[0] and len(other) > len(one) and other[0] in "hj")
    )
