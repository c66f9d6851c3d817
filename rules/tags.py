"""The known words inside a hashtag: `#DebatPilgubContoh` speaks of a debate, of an office and of a place."""

from __future__ import annotations

from collections.abc import Iterable

from rules.automaton import PieceFinder

_LONGEST = 60
_LONGEST_WORD = 20
_REMEMBERED = 100_000
_SURE_FROM = 4  # beside letters that nobody knows, a shorter word is chance
_STRANGE = 1.3  # what a letter that belongs to no known word costs; a known word costs 1


class TagWords:
    """Takes hashtags apart into known words; remembers what it took apart."""

    def __init__(self, phrases: Iterable[str]) -> None:
        self._phrases = {p.replace(" ", ""): p for p in sorted(phrases) if len(p) > 1}
        self._pieces = PieceFinder((p for p in self._phrases if len(p) <= _LONGEST_WORD), _LONGEST_WORD)
        self._known: dict[str, tuple[str, ...]] = {}

    def words(self, body: str) -> tuple[str, ...]:
        """Return the known words and numbers of a tag, in order, without its `#`."""
        known = self._known.get(body)
        if known is None:
            if len(self._known) > _REMEMBERED:
                self._known.clear()
            known = self._known[body] = self._apart(body)
        return known

    def _apart(self, body: str) -> tuple[str, ...]:
        size = len(body)
        if size > _LONGEST:
            return ()
        costs = [0.0] * (size + 1)
        steps = [0] * (size + 1)
        spans = iter((*self._pieces.spans(body), (size + 1, 0)))
        end_of_piece, start = next(spans)
        for end in range(1, size + 1):
            costs[end], steps[end] = costs[end - 1] + _STRANGE, end - 1
            while end_of_piece == end:
                sure = end - start > 1 or end == size  # a lone digit counts at the end of a tag only
                if sure and costs[start] + 1 <= costs[end]:
                    costs[end], steps[end] = costs[start] + 1, start
                end_of_piece, start = next(spans)
        words: list[str] = []
        strange = False
        place = size
        while place:
            piece = body[steps[place] : place]
            place = steps[place]
            known = piece in self._phrases or piece.isdecimal()
            strange = strange or not known
            if known:
                words.append(piece)
        return tuple(
            self._phrases.get(w, w) for w in reversed(words) if not strange or len(w) >= _SURE_FROM or w.isdecimal()
        )
