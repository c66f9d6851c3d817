"""Word lists: what the lexicon files hold, ready to be looked for in a text."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import NamedTuple

from rules.automaton import PhraseFinder
from rules.reading import Reading
from rules.tags import TagWords
from rules.text import phrase

HINTS = "petunjuk."
"""Lists of this file are for stance hints only: no search of the judge and no condition of a rule sees them."""


class WordHit(NamedTuple):
    """A word or phrase of a list as it stands in a text; tokens `first` to `last`, both included."""

    list: str
    phrase: str
    first: int
    last: int


_hit: Callable[[tuple[str, str, int, int]], WordHit] = partial(tuple.__new__, WordHit)  # soonest done


@dataclass(frozen=True)
class Lexicon:
    """All word lists by `file.list`, e.g. `kampanye.ajakan`; words are normalised."""

    lists: Mapping[str, frozenset[str]]
    versions: tuple[tuple[str, int], ...] = ()
    _finder: PhraseFinder[str] = field(init=False, repr=False, compare=False)
    _lists_of: dict[str, list[str]] = field(init=False, repr=False, compare=False)
    tags: TagWords = field(init=False, repr=False, compare=False)
    _asked: dict[tuple[str, ...], frozenset[str]] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        members: dict[str, list[str]] = {}
        for name, phrases in sorted(self.lists.items()):
            if name not in _WHOLE_WORDS_ONLY and not name.startswith(HINTS):
                for entry in phrases:
                    members.setdefault(entry, []).append(name)
        object.__setattr__(self, "_finder", PhraseFinder(members))
        object.__setattr__(self, "_lists_of", members)
        object.__setattr__(self, "tags", TagWords(p for phrases in self.lists.values() for p in phrases))

    def words(self, *names: str) -> frozenset[str]:
        """Return the words of some lists together; a name without a dot is every list of that file."""
        if names not in self._asked:
            chosen = [w for key, w in self.lists.items() if key in names or key.split(".", 1)[0] in names]
            self._asked[names] = frozenset().union(*chosen) if chosen else frozenset()
        return self._asked[names]

    def find(self, reading: Reading) -> tuple[WordHit, ...]:
        """Return every word of every list in the text, in order, also inside hashtags; not in links and handles."""
        found, marked = self._finder.find(reading), reading.marked
        if marked:
            found = [one for one in found if marked.get(one.first) not in {"/", "@"}]
        hits = [_hit((name, said, first, last)) for said, first, last, names in found for name in names]
        if "#" in reading.normal.text:
            hits.extend(self._in_tags(reading, {hit.first for hit in hits}))
            hits.sort(key=lambda hit: hit.first)
        return tuple(hits)

    def _in_tags(self, reading: Reading, whole: Collection[int]) -> Iterable[WordHit]:
        for place, mark in reading.marked.items():
            if mark == "#" and place not in whole:
                for word in self.tags.words(reading.odd[place].raw):
                    for name in self._lists_of.get(word, ()):
                        yield WordHit(name, word, place, place)


# These lists are asked word by word; the finder need not carry them.
_WHOLE_WORDS_ONLY = frozenset(
    {"umum.kata", "umum.nama", "gelar.depan", "gelar.belakang", "gelar.sapaan", "gabungan.pengisi"}
    | {f"singkatan.{name}" for name in ("lembaga", "partai", "istilah")}
    | {f"ejaan.{name}" for name in ("muhammad", "abdul", "ahmad", "siti")}
    | {f"bernama.{name}" for name in ("tempat", "lembaga", "sekolah", "gelar", "orang", "murid")}
)


def build_lexicon(files: Iterable[tuple[str, int, Mapping[str, tuple[str, ...]]]]) -> Lexicon:
    """Return the lexicon of some files, each (id, version, lists)."""
    lists: dict[str, frozenset[str]] = {}
    versions = []
    for identity, version, named in files:
        versions.append((identity, version))
        for name, entries in named.items():
            key = f"{identity}.{name}"
            lists[key] = lists.get(key, frozenset()) | {p for p in map(phrase, entries) if p}
    return Lexicon(lists, tuple(sorted(versions)))
