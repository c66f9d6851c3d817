"""The ways in which people write a first name: `Moh.` for `Muhammad`, `Abdul Rahman` for `Abdurrahman`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rules.lexicon import Lexicon

_LISTS = "ejaan."
_SERVANT = re.compile(r"abdu(?:([rsdntz])\1?|l)(\w{4,})")  # the article takes the sound of what follows: Abdur Rahman
_SOUNDS = "rsdntz"
_NAMED_FROM = 4
Way = tuple[tuple[str, ...], tuple[str, ...]]
"""The words that stand for the first of a name, and the words that follow."""


class FirstNames:
    """Tells the other ways to write a name, by lists of first names that are one."""

    def __init__(self, lexicon: Lexicon) -> None:
        lists = [sorted(words) for name, words in lexicon.lists.items() if name.startswith(_LISTS)]
        self._ways = {word: tuple(w for w in words if w != word) for words in lists for word in words}
        self._abdul = lexicon.words(f"{_LISTS}abdul")

    def ways(self, name: tuple[str, ...]) -> Iterator[Way]:
        """Yield the other ways to write a name of several words; nothing for a single word."""
        first, last = name[0], name[1:]
        if not last:
            return
        yield from (((way,), last) for way in self._ways.get(first, ()))
        split = _SERVANT.fullmatch(first)
        if split is not None:
            of = (split[1] or "") + split[2]
            yield from (((abdul, of), last) for abdul in sorted(self._abdul))
            if split[1]:
                yield from (((f"abdu{sound}{of}",), last) for sound in (split[1], "") if f"abdu{sound}{of}" != first)
        elif first in self._abdul and len(last) > 1 and len(last[0]) >= _NAMED_FROM and last[0][0] in _SOUNDS:
            yield from (((f"abdu{sound}{last[0]}",), last[1:]) for sound in (last[0][0], ""))
