"""All phrases looked for at once, on word boundaries, and all pieces of one word: by how they begin."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any, Generic, NamedTuple, TypeVar

from ahocorasick_rs import AhoCorasick

from rules.reading import Reading

_Value = TypeVar("_Value")
_DIGITS = re.compile(r"\d+")


class Found(NamedTuple, Generic[_Value]):
    """A phrase in a text: tokens `first` to `last`, both included, and what the phrase stands for."""

    phrase: str
    first: int
    last: int
    values: Sequence[_Value]


_found: Callable[[tuple[str, int, int, Sequence[Any]]], Found[Any]] = partial(tuple.__new__, Found)  # soonest done


class PhraseFinder(Generic[_Value]):
    """Finds every given phrase in a reading; time grows with the text, not with the number of phrases.

    The words of a text are known by then, so phrases are asked for only where their first word stands.
    """

    def __init__(self, phrases: Mapping[str, Sequence[_Value]]) -> None:
        self._values = {phrase: values for phrase, values in phrases.items() if phrase}
        sizes: dict[str, set[int]] = {}
        for phrase in self._values:
            sizes.setdefault(phrase.split(" ", 1)[0], set()).add(phrase.count(" ") + 1)
        self._sizes = {word: tuple(sorted(held)) for word, held in sizes.items()}  # of the phrases a word begins
        self._absent = frozenset(self._sizes).isdisjoint  # a set says sooner than a table that it lacks something

    def any_in(self, words: Sequence[str]) -> bool:
        """Whether any phrase stands among words, whatever parts them."""
        return not self._absent(words) and bool(self._among(words, None))

    def find(self, reading: Reading) -> list[Found[_Value]]:
        """Return all matches, overlapping ones too, ordered by place."""
        words = reading.words
        return [] if self._absent(words) else self._among(words, reading.fresh)

    def _among(self, words: Sequence[str], fresh: Sequence[bool] | None) -> list[Found[_Value]]:
        found: list[Found[_Value]] = []
        values, sizes = self._values, self._sizes
        for first in [place for place, word in enumerate(words) if word in sizes]:
            for size in sizes[words[first]]:
                end = first + size
                if end > len(words):
                    break
                phrase = words[first] if size == 1 else " ".join(words[first:end])
                held = values.get(phrase)
                if held is not None and (fresh is None or True not in fresh[first + 1 : end]):
                    found.append(_found((phrase, first, end - 1, held)))  # no sentence begins between its words
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
        for run in _DIGITS.finditer(word):
            for start in range(*run.span()):
                for end in range(start + 1, min(start + self._digits, run.end()) + 1):
                    yield end, start
