"""All phrases looked for at once, on word boundaries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Generic, NamedTuple, TypeVar

from ahocorasick_rs import AhoCorasick

from rules.reading import Reading

_Value = TypeVar("_Value")


class Found(NamedTuple, Generic[_Value]):
    """A phrase in a text: tokens `first` to `last`, both included, and what the phrase stands for."""

    phrase: str
    first: int
    last: int
    values: Sequence[_Value]


class PhraseFinder(Generic[_Value]):
    """Finds every given phrase in a reading; time grows with the text, not with the number of phrases."""

    def __init__(self, phrases: Mapping[str, Sequence[_Value]]) -> None:
        self._phrases = sorted(p for p in phrases if p)
        self._values = [phrases[p] for p in self._phrases]
        self._more = [p.count(" ") for p in self._phrases]  # words behind the first
        self._automaton = AhoCorasick([f" {p} " for p in self._phrases]) if self._phrases else None

    def any_in(self, joined: str) -> bool:
        """Whether any phrase stands in words joined by single spaces, with a space at either end."""
        return self._automaton is not None and bool(self._automaton.find_matches_as_indexes(joined))

    def find(self, reading: Reading) -> list[Found[_Value]]:
        """Return all matches, overlapping ones too, ordered by place."""
        if self._automaton is None:
            return []
        joined = reading.joined
        found = []
        place, last = 0, -1
        for index, _, end in self._automaton.find_matches_as_indexes(joined, overlapping=True):
            # Matches come by their ends; a word stands behind each space but a bar's.
            last += joined.count(" ", place, end - 1) - joined.count("|", place, end - 1)
            place = end - 1
            found.append(Found(self._phrases[index], last - self._more[index], last, self._values[index]))
        if len(found) > 1:
            found.sort(key=_place)
        return found


class PieceFinder:
    """Finds every given piece inside one word, numbers of up to `digits` digits too."""

    def __init__(self, pieces: Iterable[str], digits: int) -> None:
        chosen = sorted({p for p in pieces if p})
        self._automaton = AhoCorasick(chosen) if chosen else None
        self._digits = digits

    def spans(self, word: str) -> list[tuple[int, int]]:
        """Return where pieces and numbers end and begin in a word, (end, start), in this order."""
        found = []
        if self._automaton is not None:  # matches come by their ends, the longest of several first
            found = [(end, start) for _, start, end in self._automaton.find_matches_as_indexes(word, overlapping=True)]
        return found if word.isalpha() else sorted({*found, *self._numbers(word)})

    def _numbers(self, word: str) -> Iterable[tuple[int, int]]:
        for start in range(len(word)):
            for end in range(start + 1, min(start + self._digits, len(word)) + 1):
                if not word[end - 1].isdecimal():
                    break
                yield end, start


def _place(found: Found[_Value]) -> tuple[int, int, str]:
    return found.first, found.last, found.phrase
