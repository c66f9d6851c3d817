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
    opening: tuple((prefix, len(prefix), len(prefix) + _STEM_FROM) for prefix in prefixes.split())
    for opening, prefixes in {
        "me": "me mem men meng meny memper",
        "be": "ber",
        "te": "ter",
        "pe": "pe pem pen peng per",
        "di": "di diper",
        "ke": "ke keber",
        "se": "se",
        "ng": "nge ng",
        "ny": "ny",
    }.items()
}  # by the first two letters: a prefix, and where the opening of a stem stands behind it


class Affixes:
    """Tells whether a word is made of a known one."""

    def __init__(self, words: Iterable[str]) -> None:
        self._stems = frozenset(w for w in words if len(w) >= _STEM_FROM)
        self._openings = frozenset(w[:_STEM_FROM] for w in self._stems)

    def derived(self, word: str) -> bool:
        """Whether a word is a known word with a prefix, one or two suffixes ("-kannya"), or bare."""
        openings = self._openings
        starts = [0] if word[:_STEM_FROM] in openings else []
        for prefix, start, end in _PREFIXES.get(word[:2], ()):
            if word[start:end] in openings and word.startswith(prefix):
                starts.append(start)
        if not starts:  # no stem stands where one would
            return False
        stems = self._stems
        return any([bare[start:] in stems for bare in _bare(word) for start in starts])  # noqa: C419 - there are few


def _bare(word: str) -> list[str]:
    """Return a word, and what it is without its last suffix or two."""
    bare = [word]
    for suffix in _SUFFIXES.get(word[-1], ()):
        if word.endswith(suffix) and len(word) > len(suffix):
            short = word[: -len(suffix)]
            bare.append(short)
            bare.extend([short[: -len(other)] for other in _SUFFIXES.get(short[-1], ()) if short.endswith(other)])
    return bare
