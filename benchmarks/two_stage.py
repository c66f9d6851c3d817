"""The yardstick: what a programmer would write for speed alone, exact search and then misspellings by pieces."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from ahocorasick_rs import AhoCorasick, Implementation
from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

_FROM, _TO = "013457", "oieast"
_TABLE = bytes(
    ord(_TO[_FROM.index(chr(c))]) if chr(c) in _FROM else c if chr(c).isalnum() else ord(" ") for c in range(256)
)
_DOUBLES = tuple((2 * letter, letter) for letter in " abcdefghijklmnopqrstuvwxyz")
_TAG = re.compile(r"#(\w+)")
_RUN_ON_FROM = 7  # shorter strings are in too many words once gaps are gone
_TAGGED_FROM = 4
_ONE_EDIT_FROM = 6
_TWO_EDITS_FROM = 9
_LONGEST = 32


class TwoStage:
    """Finds strings in a text, with gaps and without, then misspelt words (two edits from nine letters) by pieces."""

    def __init__(self, strings: Sequence[str], owners: Sequence[int], common: Iterable[str] = ()) -> None:
        spaced: dict[str, set[int]] = {}
        for string, owner in zip(strings, owners, strict=True):
            spaced.setdefault(plain(string), set()).add(owner)
        self._owners = list(spaced.values())
        self._spaced = _automaton(list(spaced))
        solid = [(form.replace(" ", ""), held) for form, held in spaced.items()]
        self._run_on_owners = [held for form, held in solid if len(form) >= _RUN_ON_FROM]
        self._run_on = _automaton([form for form, _ in solid if len(form) >= _RUN_ON_FROM])
        self._tagged_owners = [held for form, held in solid if len(form) >= _TAGGED_FROM]
        self._tagged = _automaton([form for form, _ in solid if len(form) >= _TAGGED_FROM])
        # For each longest word of a string: the other words that must stand by, and whose string it is.
        self._company: dict[str, list[tuple[tuple[str, ...], set[int]]]] = {}
        for form, held in spaced.items():
            words = form.split()
            longest = max(words, key=len, default="")
            self._company.setdefault(longest, []).append((tuple(f" {w} " for w in words if w != longest), held))
        pieces: dict[tuple[int, int], dict[str, list[str]]] = {}
        for longest in self._company:
            for piece, place in _kept(longest):
                pieces.setdefault((place, len(longest)), {}).setdefault(piece, []).append(longest)
        # For each length of a word: where to cut it, and what the cut is looked up in.
        self._questions = [
            [(start, end, pieces[key]) for start, end, key in _questions(length) if key in pieces]
            for length in range(_LONGEST)
        ]
        # What a word may misspell, kept as it is learnt; everyday words misspell nobody.
        self._meant: dict[str, tuple[str, ...]] = dict.fromkeys((plain(word).strip() for word in common), ())

    def find(self, text: str) -> set[int]:
        """Return the owners of the strings that a text holds."""
        spaced = plain(text)
        found: set[int] = set()
        for index, _, _ in self._spaced.find_matches_as_indexes(spaced, overlapping=True):
            found |= self._owners[index]
        for index, _, _ in self._run_on.find_matches_as_indexes(spaced.replace(" ", ""), overlapping=True):
            found |= self._run_on_owners[index]
        for tag in _TAG.findall(text) if "#" in text else ():
            for index, _, _ in self._tagged.find_matches_as_indexes(plain(tag).strip(), overlapping=True):
                found |= self._tagged_owners[index]
        for word in spaced.split():
            meant = self._meant.get(word)
            if meant is None:
                meant = self._meant[word] = self._near(word)
            for longest in meant:
                for others, owners in self._company[longest]:
                    if all(other in spaced for other in others):
                        found |= owners
        return found

    def _near(self, word: str) -> tuple[str, ...]:
        """Return the words that this one may misspell."""
        near: set[str] = set()
        for start, end, held in self._questions[min(len(word), _LONGEST - 1)]:
            near.update(held.get(word[start:end], ()))
        close = process.extract(word, near, scorer=Levenshtein.distance, score_cutoff=2, limit=None) if near else ()
        return tuple(longest for longest, edits, _ in close if edits < 2 or len(longest) >= _TWO_EDITS_FROM)


def plain(text: str) -> str:
    """Return a text in lower case between gaps, leet undone, held letters and gaps once."""
    text = f" {text.lower().encode('ascii', 'replace').translate(_TABLE).decode('ascii')} "
    for double, single in _DOUBLES:
        while double in text:
            text = text.replace(double, single)
    return text


def _automaton(strings: list[str]) -> AhoCorasick:
    return AhoCorasick(strings, implementation=Implementation.DFA)


def _kept(word: str) -> Iterator[tuple[str, int]]:
    """Yield what is kept for a word: its halves or thirds, and which of them each is."""
    if len(word) >= _ONE_EDIT_FROM:
        count = 3 if len(word) >= _TWO_EDITS_FROM else 2
        bounds = [len(word) * i // count for i in range(count + 1)]
        yield from ((word[bounds[i] : bounds[i + 1]], i) for i in range(count))


def _questions(length: int) -> Iterator[tuple[int, int, tuple[int, int]]]:
    """Yield the cuts of a word of this length to look up: start, end, and (which piece, of a word how long)."""
    for other in range(max(_ONE_EDIT_FROM, length - 2), length + 3):
        edits = 2 if other >= _TWO_EDITS_FROM else 1
        if abs(other - length) > edits:
            continue
        bounds = [other * i // (edits + 1) for i in range(edits + 2)]
        for i in range(edits + 1):
            # The first piece stands at the beginning, the last at the end, the middle one may have moved.
            moves = (0,) if i == 0 else (length - other,) if i == edits else range(-1, 2)
            yield from ((bounds[i] + move, bounds[i + 1] + move, (i, other)) for move in moves)
