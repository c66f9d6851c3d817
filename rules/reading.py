"""A text as the finders see it: its words with their places in the original."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import repeat
from typing import NamedTuple


@dataclass(frozen=True, slots=True)
class Normal:
    """A text in one shape; character i of `text` stands for `original[starts[i]:ends[i]]` (None: the same offset)."""

    original: str
    text: str
    starts: Sequence[int] | None = None
    ends: Sequence[int] | None = None

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the stretch of the original for the stretch [start, end) of `text`."""
        if self.starts is None or self.ends is None:
            return start, end
        if start >= end:
            place = self.starts[start] if start < len(self.starts) else len(self.original)
            return place, place
        return self.starts[start], self.ends[end - 1]


class Token(NamedTuple):
    """A word: `text` with leet undone, `raw` without; offsets in the original; `mark` is #, @, / (in a link) or empty.

    `glued` says that no gap stands before it (`no2` is two tokens), `fresh` that a sentence may begin here; `parts` are
    the places inside a tag where capitals begin a new word.
    """

    text: str
    raw: str
    start: int
    end: int
    mark: str = ""
    glued: bool = False
    fresh: bool = False
    parts: tuple[int, ...] = ()


plain_token: Callable[[tuple[str, str, int, int, str, bool, bool, tuple[int, ...]]], Token]
plain_token = partial(tuple.__new__, Token)  # the tuple's own way to be made: it is soonest done


class Reading:
    """A text's words, and the words joined by single spaces, a bar where a sentence begins.

    It is `smooth` when every word is of plain letters, without a mark, and reads as it is written; tokens of such a
    text are made when somebody asks for them, one by one or all.
    """

    __slots__ = ("_fresh", "_starts", "_tokens", "joined", "normal", "smooth", "words")

    def __init__(  # a reading has either tokens or what they are made of
        self,
        normal: Normal,
        words: Sequence[str],
        tokens: tuple[Token, ...] | None = None,
        starts: Sequence[int] = (),
        fresh: Sequence[bool] | None = None,
    ) -> None:
        self.normal = normal
        self.words = words
        self.smooth = tokens is None
        self._tokens = tokens
        self._starts = starts
        self._fresh = fresh
        self.joined = _joined(words, fresh)

    @property
    def tokens(self) -> tuple[Token, ...]:
        """All words."""
        if self._tokens is None:
            fresh = repeat(False) if self._fresh is None else self._fresh
            self._tokens = tuple(map(_smooth_token, self.words, self._starts, fresh))
        return self._tokens

    def token(self, place: int) -> Token:
        """Return one word."""
        if self._tokens is not None:
            return self._tokens[place]
        return _smooth_token(self.words[place], self._starts[place], self._fresh is not None and self._fresh[place])

    def between(self, first: int, last: int) -> tuple[int, int]:
        """Return the original offsets from token `first` to token `last`, both included."""
        if self._tokens is None:
            return self._starts[first], self._starts[last] + len(self.words[last])
        return self._tokens[first].start, self._tokens[last].end


def reading_of(normal: Normal, tokens: Sequence[Token]) -> Reading:
    """Return the reading of a text whose tokens are known."""
    fresh = [token.fresh for token in tokens]
    return Reading(normal, [token.text for token in tokens], tuple(tokens), fresh=fresh)


def _smooth_token(word: str, start: int, fresh: bool) -> Token:
    return plain_token((word, word, start, start + len(word), "", False, fresh, ()))


def _joined(words: Sequence[str], fresh: Sequence[bool] | None) -> str:
    if not words:
        return " "
    if fresh is None or True not in fresh:
        return f" {' '.join(words)} "
    pieces = [f"| {word}" if opens else word for word, opens in zip(words, fresh, strict=True)]
    pieces[0] = words[0]
    return f" {' '.join(pieces)} "
