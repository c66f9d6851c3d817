"""What was said of acts that differ in nothing that rules look at: a thousand likes of one post are judged once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from monitor.domain import (
    Act,
    AttributionStatus,
    Candidate,
    Contest,
    Employment,
    Hit,
    InteractionView,
    Judgement,
    NearMiss,
)
from monitor.domain.making import maker_of
from rules.concerns import Concern
from rules.facts import Texts
from rules.hints import Hint
from rules.timing import Stretch
from rules.wording import Wording, told_of

T = TypeVar("T")

Concerned = tuple[Concern, Contest, Candidate]
Kind = tuple[Act, Employment, AttributionStatus, bool, str]
"""All that rules look at of an act without words of its own, but its texts and its time."""

hit_of = maker_of(Hit)
judgement_of = maker_of(Judgement)
_FIELDS = tuple(field.name for field in fields(Hit))
_EXPLAINED = _FIELDS.index("explanation")


@dataclass(frozen=True, slots=True)
class Said:
    """A judgement of one act, which holds for others like it but for who acted, when and where.

    `hits` are the values of its hits up to the explanation, its wording, and the values behind it.
    """

    judgement: Judgement
    hits: tuple[tuple[tuple[Any, ...], Wording, tuple[Any, ...]], ...]

    def of(self, view: InteractionView) -> Judgement:
        """Return the judgement of another act like it."""
        one = self.judgement
        hits = tuple([hit_of(*(*before, told_of(said, view), *after)) for before, said, after in self.hits])
        return judgement_of(view.id, one.outcome, hits, one.near_misses, one.not_evaluable, one.errors, one)


@dataclass(frozen=True, slots=True)
class Alike:
    """Acts of one kind: the pairs they concern, and what was said of them by the stretches of time they fell in.

    `hints` are those read so far for hits on these texts, by pair; acts of every kind on them share them.
    """

    pairs: Sequence[Concerned]
    said: dict[tuple[Stretch, ...], Said] = field(default_factory=dict)
    hints: dict[int, Hint] = field(default_factory=dict)


class Memory:
    """What was said by kind of act; shows in speed only. Forgets everything when it is full.

    What was said of a reading goes with it: nobody meets one again that the shelf gave up or never kept. Parts that are
    equal are kept as one, as most of what does not hit says the same of most posts.
    """

    def __init__(self, most: int = 65_536) -> None:
        self._most = most
        self._count = 0
        self._kinds: WeakKeyDictionary[Texts, tuple[dict[Kind, Alike], dict[int, Hint]]] = WeakKeyDictionary()
        self._parts: dict[object, object] = {}

    def alike(self, texts: Texts, view: InteractionView) -> Alike | None:
        """Return the acts like one without words of its own, None where it is the first."""
        known = self._kinds.get(texts)
        return None if known is None else known[0].get(_kind(view))

    def met(self, texts: Texts, view: InteractionView, pairs: Sequence[Concerned]) -> Alike:
        """Remember the first act of its kind with the pairs it concerns."""
        if self._count >= self._most:
            self._kinds.clear()
            self._count = 0
        kinds, hints = self._kinds.setdefault(texts, ({}, {}))
        alike = kinds[_kind(view)] = Alike(pairs, hints=hints)
        self._count += 1
        return alike

    def kept(self, judgement: Judgement, wordings: Sequence[Wording]) -> Said:
        """Return a judgement to be remembered, with its parts shared with others."""
        if len(self._parts) >= self._most:
            self._parts.clear()
        hits = []
        for hit, wording in zip(judgement.hits, wordings, strict=True):
            values = [getattr(hit, name) for name in _FIELDS]
            shared = [self._one(value) if isinstance(value, tuple) else value for value in values]
            hits.append((tuple(shared[:_EXPLAINED]), wording, tuple(shared[_EXPLAINED + 1 :])))
        near, unclear = self._misses(judgement.near_misses), self._misses(judgement.not_evaluable)
        return Said(replace(judgement, hits=(), near_misses=near, not_evaluable=unclear), tuple(hits))

    def _misses(self, misses: tuple[NearMiss, ...]) -> tuple[NearMiss, ...]:
        # Traces that are equal are one already, which spares looking through them.
        key = tuple([(m.rule_id, m.rule_version, m.candidate_id, m.reason, id(m.trace)) for m in misses])
        return self._parts.setdefault(key, misses)  # type: ignore[return-value]  # what has such a key is of this type

    def _one(self, part: T) -> T:
        return self._parts.setdefault(part, part)  # type: ignore[return-value]  # equal parts are of one type


def _kind(view: InteractionView) -> Kind:
    return view.act, view.employment, view.attribution, view.owner_sure, view.person_note
