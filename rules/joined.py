"""Whole names, blends and slogans written in one word, exactly or nearly."""

from __future__ import annotations

from collections.abc import Iterable

from ahocorasick_rs import AhoCorasick, MatchKind

from rules.register import Alias, Register

_SHORTEST = 7


class JoinedNames:
    """Finds the phrases of a register where no spaces part their words."""

    def __init__(self, register: Register) -> None:
        forms: dict[str, list[Alias]] = {}
        for phrase, aliases in register.phrases.items():
            joined = phrase.replace(" ", "")
            sure = [a for a in aliases if not a.weakness]
            if sure and joined != phrase and len(joined) >= _SHORTEST:
                forms.setdefault(joined, []).extend(sure)
        self._forms = forms
        self._of: dict[int, list[str]] = {}
        for form, aliases in forms.items():
            for owner in {alias.owner for alias in aliases}:
                self._of.setdefault(owner, []).append(form)
        self._order = sorted(forms)
        self._openings = {form[:_SHORTEST] for form in forms}
        self._inside = AhoCorasick(self._order, matchkind=MatchKind.LeftmostLongest) if forms else None

    @property
    def forms(self) -> Iterable[str]:
        """All forms in one word."""
        return self._order

    def exact(self, word: str) -> list[Alias]:
        """Return what a word names as a whole."""
        return self._forms.get(word, [])

    def inside(self, word: str) -> list[tuple[int, int, list[Alias]]]:
        """Return what stands in a longer word, with the places in it: leftmost, longest, apart from each other."""
        openings = [word[end - _SHORTEST : end] for end in range(_SHORTEST, len(word) + 1)]
        if self._inside is None or self._openings.isdisjoint(openings):
            return []
        return [
            (start, end, self._forms[self._order[index]])
            for index, start, end in self._inside.find_matches_as_indexes(word)
        ]

    def meant_by(self, words: Iterable[str]) -> list[Alias]:
        """Return what one of these forms names; nothing when several pairs may be meant."""
        forms = [self._forms[word] for word in words if word in self._forms]
        owners = {frozenset(a.owner for a in aliases) for aliases in forms}
        return forms[0] if len(owners) == 1 else []

    def of(self, owners: Iterable[int]) -> Iterable[str]:
        """Return the joined forms that name some pairs."""
        return (form for owner in owners for form in self._of.get(owner, ()))
