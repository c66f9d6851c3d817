"""Everyday words with the prefixes and suffixes of the language: `mendukungnya`, `dukunglah`."""

from __future__ import annotations

from collections.abc import Iterable

_STEM_FROM = 4
_SUFFIXES = {
    "h": ("lah", "kah"),
    "n": ("pun", "kan", "in", "an"),
    "a": ("nya",),
    "u": ("ku", "mu"),
    "i": ("i",),
}  # by the last letter
_PREFIXES = {
    "m": ("me", "mem", "men", "meng", "meny", "memper"),
    "b": ("ber",),
    "t": ("ter",),
    "p": ("pe", "pem", "pen", "peng", "per"),
    "d": ("di", "diper"),
    "k": ("ke", "keber"),
    "s": ("se",),
    "n": ("nge", "ng", "ny"),
}  # by the first


class Affixes:
    """Tells whether a word is made of a known one."""

    def __init__(self, words: Iterable[str]) -> None:
        self._stems = frozenset(w for w in words if len(w) >= _STEM_FROM)

    def derived(self, word: str) -> bool:
        """Whether a word is a known word with a prefix, one or two suffixes ("-kannya"), or bare."""
        if not word:
            return False
        stems, prefixes = self._stems, _PREFIXES.get(word[0], ())
        for bare in _bare(word):
            if bare in stems:
                return True
            for prefix in prefixes:
                if bare.startswith(prefix) and bare[len(prefix) :] in stems:
                    return True
        return False


def _bare(word: str) -> list[str]:
    """Return a word, and what it is without its last suffix or two."""
    bare = [word]
    for suffix in _SUFFIXES.get(word[-1], ()):
        if word.endswith(suffix) and len(word) > len(suffix):
            short = word[: -len(suffix)]
            bare.append(short)
            bare.extend([short[: -len(other)] for other in _SUFFIXES.get(short[-1], ()) if short.endswith(other)])
    return bare
