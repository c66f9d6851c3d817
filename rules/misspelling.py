"""Misspelt names: one or two edits away from a name of the register, by the length of the register's word."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass

from rapidfuzz.distance import OSA

from monitor.domain import Tier

_CACHE = 100_000
# First letters that Indonesian writes in two ways: a misspelling rarely changes the first letter otherwise.
_FIRST = str.maketrans("yfvpzqkjdctx", "iffpsqkjjjts")


@dataclass(frozen=True, slots=True)
class Misspelt:
    """The register's word that was meant, and how many edits away."""

    word: str
    edits: int

    @property
    def tier(self) -> Tier:
        """`kuat` for one edit in nine letters or more, else `sedang` (semantics, Tiers)."""
        return Tier.KUAT if len(self.word) >= 9 and self.edits <= 1 else Tier.SEDANG


def allowed_edits(length: int) -> int:
    """Return how many edits a register's word of this length bears."""
    if length >= 9:
        return 2
    return 1 if length >= 5 else 0


class Misspellings:
    """Finds the register's words near a text's word; a table of deletions for one edit, of pieces for two."""

    def __init__(self, words: Iterable[str], protected: Collection[str], same: Callable[[str, str], bool]) -> None:
        self._protected = protected
        self._same = same
        self._deletions: dict[str, list[str]] = {}
        self._pieces: dict[tuple[str, int, int], list[str]] = {}
        self._known: dict[str, Misspelt | None] = {}
        for word in sorted(set(words)):
            if allowed_edits(len(word)):
                for form in _deletions(word):
                    self._deletions.setdefault(form, []).append(word)
            if allowed_edits(len(word)) > 1:
                for offset, piece in _thirds(word):
                    self._pieces.setdefault((piece, offset, len(word)), []).append(word)

    def find(self, token: str) -> Misspelt | None:
        """Return the name that a word misspells, or None; equal words and protected words are none."""
        if len(token) < 4 or token in self._protected:
            return None
        if token not in self._known:
            if len(self._known) > _CACHE:
                self._known.clear()
            self._known[token] = self._search(token)
        return self._known[token]

    def _search(self, token: str) -> Misspelt | None:
        near: dict[str, int] = {}
        for form in _deletions(token):
            for word in self._deletions.get(form, ()):
                self._measure(token, word, near)
        if len(token) >= 7:
            for word in self._by_pieces(token):
                self._measure(token, word, near)
        if not near:
            return None
        least = min(near.values())
        best = sorted(word for word, edits in near.items() if edits == least)
        # Between two different pairs a misspelling says nothing.
        return Misspelt(best[0], least) if all(self._same(best[0], other) for other in best[1:]) else None

    def _measure(self, token: str, word: str, near: dict[str, int]) -> None:
        if word in near or token == word or not _same_opening(token, word):
            return
        limit = allowed_edits(len(word))
        edits = OSA.distance(token, word, score_cutoff=limit)
        if edits <= limit:
            near[word] = edits

    def _by_pieces(self, token: str) -> set[str]:
        found: set[str] = set()
        for length in range(max(9, len(token) - 2), len(token) + 3):
            for offset, size in _cuts(length):
                for start in range(max(0, offset - 2), min(len(token) - size, offset + 2) + 1):
                    found.update(self._pieces.get((token[start : start + size], offset, length), ()))
        return found


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
