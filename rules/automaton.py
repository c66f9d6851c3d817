"""All phrases looked for at once, on word boundaries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from ahocorasick_rs import AhoCorasick

from rules.text import Reading

_Value = TypeVar("_Value")


@dataclass(frozen=True, slots=True)
class Found(Generic[_Value]):
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
        self._automaton = AhoCorasick([f" {p} " for p in self._phrases]) if self._phrases else None

    def any_in(self, joined: str) -> bool:
        """Whether any phrase stands in words joined by single spaces, with a space at either end."""
        return self._automaton is not None and bool(self._automaton.find_matches_as_indexes(joined))

    def find(self, reading: Reading) -> list[Found[_Value]]:
        """Return all matches, overlapping ones too, ordered by place."""
        if self._automaton is None:
            return []
        found = []
        for index, start, end in self._automaton.find_matches_as_indexes(reading.joined, overlapping=True):
            first = reading.begins.get(start + 1)
            last = reading.finishes.get(end - 1)
            if first is not None and last is not None:
                found.append(Found(self._phrases[index], first, last, self._values[index]))
        found.sort(key=lambda f: (f.first, f.last, f.phrase))
        return found
