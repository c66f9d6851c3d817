"""A text as the finders see it: its words with their places in the original."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from itertools import repeat
from types import MappingProxyType
from typing import Any, NamedTuple

_NONE: Mapping[int, Any] = MappingProxyType({})


class Normal(NamedTuple):
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


token_of: Callable[[tuple[str, str, int, int, str, bool, bool, tuple[int, ...]]], Token]
token_of = partial(tuple.__new__, Token)  # the tuple's own way to be made: it is soonest done


class Reading:
    """A text's words; `odd` are the tokens of those that are not plain, by place, `marked` the marks among them.

    A plain word is of ASCII letters, without a mark, stands apart and reads as it is written. Most are: their tokens
    are made when somebody asks for them, one by one or all.
    """

    __slots__ = ("_starts", "_tokens", "fresh", "marked", "normal", "odd", "words")

    def __init__(
        self,
        normal: Normal,
        words: Sequence[str],
        starts: Sequence[int],
        fresh: Sequence[bool] | None = None,
        odd: Mapping[int, Token] = _NONE,
    ) -> None:
        self.normal = normal
        self.words = words
        self.fresh = fresh  # None: no sentence begins behind the first word
        self.odd = odd
        self.marked = {place: token.mark for place, token in odd.items() if token.mark} if odd else _NONE
        self._starts = starts
        self._tokens: tuple[Token, ...] | None = None

    @property
    def joined(self) -> str:
        """The words joined by single spaces, with a space at either end, a bar where a sentence begins."""
        return _joined(self.words, self.fresh)

    @property
    def tokens(self) -> tuple[Token, ...]:
        """All words."""
        if self._tokens is None:
            fresh = repeat(False) if self.fresh is None else self.fresh
            tokens = list(map(_plain_token, self.words, self._starts, fresh))
            for place, token in self.odd.items():
                tokens[place] = token
            self._tokens = tuple(tokens)
        return self._tokens

    def token(self, place: int) -> Token:
        """Return one word."""
        if self._tokens is not None:
            return self._tokens[place]
        odd = self.odd.get(place)
        if odd is not None:
            return odd
        return _plain_token(self.words[place], self._starts[place], self.fresh is not None and self.fresh[place])

    def between(self, first: int, last: int) -> tuple[int, int]:
        """Return the original offsets from token `first` to token `last`, both included."""
        odd = self.odd.get(last)
        return self._starts[first], self._starts[last] + len(self.words[last]) if odd is None else odd.end


def _plain_token(word: str, start: int, fresh: bool) -> Token:
    return token_of((word, word, start, start + len(word), "", False, fresh, ()))


def _joined(words: Sequence[str], fresh: Sequence[bool] | None) -> str:
    if not words:
        return " "
    if fresh is None or True not in fresh:
        return f" {' '.join(words)} "
    pieces = [f"| {word}" if opens else word for word, opens in zip(words, fresh, strict=True)]
    pieces[0] = words[0]
    return f" {' '.join(pieces)} "
