"""The stance hint of a hit: read from the text it rests on, after everything is decided."""

from __future__ import annotations

from collections.abc import Iterable
from weakref import WeakKeyDictionary

from monitor.domain import Content, Span, Stance, Tier
from rules.facts import Evidence, Facts, span_of
from rules.mentions import Found
from rules.stance import Named, StanceReader

Hint = tuple[Stance | None, tuple[Span, ...]]
"""How a text seems to speak of a pair, and the words that say so."""

_NEITHER: Hint = (Stance.NETRAL, ())


class HintReader:
    """Reads hints; what words that name nobody say of a single pair they say of any, and is read once."""

    def __init__(self, stances: StanceReader) -> None:
        self._stances = stances
        self._nameless: WeakKeyDictionary[Found, Hint] = WeakKeyDictionary()

    def hint_for(self, facts: Facts, known: dict[int, Hint]) -> Hint:
        """Return how the act's own words, or its target's where it has none, speak of the pair; None without words.

        `known` are hints that were read from the same texts, by pair; this one is added.
        """
        pair = facts.candidate.id
        hint = known.get(pair)
        if hint is None:
            try:
                hint = known[pair] = self._of(facts)
            except Exception:  # noqa: BLE001 - a hint decides nothing, not even by failing: the hits stand without one
                return None, ()
        return hint

    def _of(self, facts: Facts) -> Hint:
        evidence = next((e for e in (facts.own, facts.target) if e is not None and e.content.text.strip()), None)
        if evidence is None:
            return None, ()
        pair, about = facts.candidate.id, _answered(evidence, facts)
        if not evidence.mentions and about in ((), (pair,)):
            hint = self._nameless.get(evidence.found)
            if hint is None:
                hint = self._nameless[evidence.found] = self._read(evidence, (), (pair,), pair)
            return hint
        named = _named(evidence)
        if not about and all(name.pair != pair for name in named):
            about = (pair,)
        return self._read(evidence, named, about, pair)

    def _read(self, evidence: Evidence, named: tuple[Named, ...], about: tuple[int, ...], pair: int) -> Hint:
        hint = self._stances.read(evidence.found.reading, named, about).get(pair)
        if hint is None:
            return _NEITHER
        text, field = evidence.content.text, f"{evidence.name}.text"
        spans = [span_of(field, s.start, s.end, text[s.start : s.end], s.side.value) for s in hint.spans]
        return hint.stance, tuple(spans)


def _named(evidence: Evidence) -> tuple[Named, ...]:
    return tuple(
        Named(m.candidate_id, m.start, m.end)
        for m in evidence.mentions
        if m.field == f"{evidence.name}.text" and m.tier.rank >= Tier.SEDANG.rank
    )


def _answered(evidence: Evidence, facts: Facts) -> tuple[int, ...]:
    """Return the pairs on whose side the text, or what it answers, was written."""
    above = (facts.target, facts.root) if evidence is facts.own else (evidence, facts.root)
    for other in above:
        if other is not None and other is not facts.own and (pairs := _side(other.content)):
            return tuple(pairs)
    return ()


def _side(content: Content) -> Iterable[int]:
    kind = content.author_kind
    return content.author_candidates if kind is not None and kind.candidate_side else ()
