"""Misspelt names: one or two edits away from a name of the register, by the length of the register's word."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

from rapidfuzz import process
from rapidfuzz.distance import OSA

from monitor.domain import Tier

_CACHE = 50_000
_SHORTEST = 4
_LONGEST = 40
_TWO = 2
LONG_ENOUGH = 6  # a misspelling of a shorter name says nothing where nobody's region is known
ROUGH_FROM = 8  # two edits make too many others of a shorter word
_SEVERAL = 6  # so many names are asked for their distance at once
_FEW = 50  # of more names those that cannot be meant are told by their letters
_ANY_OPENING_FROM = 7
_PLAIN_FROM = 8
# First letters that Indonesian writes in two ways: a misspelling of a short name rarely changes the first letter.
_FIRST = str.maketrans("yfvpzqkjdctx", "iffpsqkjjjts")

# How far back and ahead of its place a letter may stand in a name so much longer or shorter, two edits away.
_MOVES = {-2: (2, 0), -1: (1, 0), 0: (1, 1), 1: (0, 1), 2: (0, 2)}
_CUTS = [[(slice(i), slice(i + 1, None)) for i in range(size)] for size in range(_LONGEST + 1)]


class Misspelt(NamedTuple):
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
        self._deletions: dict[int, dict[str, list[str]]] = {}  # by length: a small table is soon looked up in
        self._known: dict[str, tuple[Misspelt, ...]] = {}
        for word in sorted(set(words)):
            if not allowed_edits(len(word)):
                continue
            for form in _deletions(word):
                self._deletions.setdefault(len(form), {}).setdefault(form, []).append(word)
        # A set says sooner than a table what it holds of several forms, and most words are near no name.
        self._held = {size: frozenset(held).intersection for size, held in self._deletions.items()}

    def find(self, token: str) -> tuple[Misspelt, ...]:
        """Return the names that a word may misspell; none for a name itself or a protected word."""
        return () if token in self._protected else self.near(token)

    def near(self, token: str) -> tuple[Misspelt, ...]:
        """Return the names near a word, whatever the word is; for parts of a longer run-on."""
        if not _SHORTEST <= len(token) <= _LONGEST:
            return ()
        known = self._known.get(token)
        if known is None:
            if len(self._known) > _CACHE:
                self._known.clear()
            known = self._known[token] = self.look_up(token)
        return known

    def look_up(self, token: str) -> tuple[Misspelt, ...]:
        """Return the names near a word, for one who remembers what was said of it."""
        size = len(token)
        if not _SHORTEST <= size <= _LONGEST:
            return ()
        near: list[str] = []
        if size - 1 in self._held:
            shorter = self._deletions[size - 1]
            for form in self._held[size - 1]([token[before] + token[behind] for before, behind in _CUTS[size]]):
                near += shorter[form]
        if size in self._deletions:
            near += self._deletions[size].get(token, ())
        if not near:
            return ()
        meant = [
            word
            for word in set(near)
            if word != token
            and (len(word) >= _ANY_OPENING_FROM or _same_opening(token, word))
            and OSA.distance(token, word, score_cutoff=1) == 1
        ]
        return tuple([Misspelt(word, 1) for word in sorted(meant)])


class RoughSpellings:
    """Finds the long words of names two edits from a text's word that begins like them.

    Two edits leave all letters of a word but two in their places, or moved by the letters more or less before them. So
    a few numbers, with a bit for each name, say which names lack which letter where; a name that lacks three of a
    word's letters is not asked for its distance, nor a longer one, whose letters are missing, that lacks so many less.
    """

    def __init__(self, words: Iterable[str]) -> None:
        self._words: dict[tuple[str, int], list[str]] = {}
        for word in sorted(set(words)):
            if allowed_edits(len(word)) == _TWO:
                for length in range(len(word) - _TWO, len(word) + _TWO + 1):
                    self._words.setdefault((word[0].translate(_FIRST), length), []).append(word)
        self._lacking = {key: _Lacking.of(held, key[1]) for key, held in self._words.items() if len(held) > _FEW}

    def near(self, token: str) -> tuple[Misspelt, ...]:
        """Return the words that are two edits away."""
        if not ROUGH_FROM <= len(token) <= _LONGEST:
            return ()
        key = token[0].translate(_FIRST), len(token)
        words: Sequence[str] = self._words.get(key, ())
        if len(words) > _FEW:
            words = self._alike(token, words, self._lacking[key])
            if not words:
                return ()
        elif len(words) > _SEVERAL:
            words = [w for w, _, _ in process.extract(token, words, scorer=OSA.distance, score_cutoff=_TWO, limit=None)]
        return tuple([Misspelt(w, _TWO) for w in words if OSA.distance(token, w, score_cutoff=_TWO) == _TWO])

    def _alike(self, token: str, words: Sequence[str], lacking: _Lacking) -> Sequence[str]:
        """Return the words that lack no more letters of the token than two edits leave out."""
        every = (1 << len(words)) - 1
        once, twice, out = lacking.longer, lacking.longest, 0
        for place, row in enumerate(map(lacking.letters.get, reversed(token))):
            miss = row[place] if row is not None else every
            out |= twice & miss
            twice |= once & miss
            once |= miss
            if out == every:
                return ()
        left = every & ~out
        alike = []
        while left:
            bit = left & -left
            alike.append(words[bit.bit_length() - 1])
            left ^= bit
        return alike


class _Lacking(NamedTuple):
    """Words as bits: for each letter, by the places of a token, the words that lack it there; longer words.

    The last place is the first: all words begin alike, so its end tells a token from them sooner.
    """

    letters: Mapping[str, Sequence[int]]
    longer: int  # by a letter or more
    longest: int  # by two

    @classmethod
    def of(cls, words: Sequence[str], length: int) -> _Lacking:
        """Return what words lack of tokens of some length."""
        exactly: dict[int, list[dict[str, int]]] = {more: [{} for _ in range(length + more)] for more in _MOVES}
        longer = longest = 0
        for bit, word in enumerate(words):
            more = len(word) - length
            longer |= (more > 0) << bit
            longest |= (more == _TWO) << bit
            for held, letter in zip(exactly[more], word, strict=True):
                held[letter] = held.get(letter, 0) | 1 << bit
        every = (1 << len(words)) - 1
        lacking: dict[str, list[int]] = {letter: [every] * length for word in words for letter in word}
        for place in range(length):
            for more, (back, ahead) in _MOVES.items():
                for held in exactly[more][max(0, place - back) : place + ahead + 1]:
                    for letter, bits in held.items():
                        lacking[letter][-1 - place] &= ~bits
        return cls(lacking, longer, longest)


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
