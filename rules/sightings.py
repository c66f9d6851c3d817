"""Sightings: what the finders saw, weighed against each other before they become mentions."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import NamedTuple

from monitor.domain import MentionKind, Tier
from rules.register import Owner, Weakness

_SEVERAL = 2
_SIDE_BY_SIDE = (1, 3)  # characters between: a space or a hyphen, a hyphen between spaces; a comma parts rivals
_NAMES = frozenset({MentionKind.NAME, MentionKind.ALIAS})
SURE = frozenset({Tier.KUAT, Tier.SEDANG})
_RANKS = {tier: tier.rank for tier in Tier}
_NAMING = frozenset(
    {
        MentionKind.NAME,
        MentionKind.ALIAS,
        MentionKind.SLOGAN,
        MentionKind.HASHTAG,
        MentionKind.MISSPELLING,
        MentionKind.ACCOUNT,
    }
)


class Sighting(NamedTuple):
    """One way in which a stretch of the text may name an owner.

    `nickname` says that an officer registered the word and that the text writes it as a name, with a capital.
    """

    owner: int
    kind: MentionKind
    tier: Tier
    start: int
    end: int
    alias: str
    weakness: Weakness = Weakness.NONE
    nickname: bool = False
    requires: tuple[str, ...] = ()
    excludes: tuple[str, ...] = ()

    @property
    def sure(self) -> bool:
        """Whether it is strong enough to act on."""
        return self.tier in SURE


_Values = tuple[int, MentionKind, Tier, int, int, str, Weakness, bool, tuple[str, ...], tuple[str, ...]]
sighting_of: Callable[[_Values], Sighting] = partial(tuple.__new__, Sighting)  # the tuple's own way: soonest done


def strongest(sightings: Sequence[Sighting]) -> list[Sighting]:
    """Return one sighting for each owner and stretch; a stretch inside a longer, as strong one is left out."""
    if len(sightings) < _SEVERAL:
        return list(sightings)
    ordered = sorted(sightings, key=lambda s: (-_RANKS[s.tier], s.start - s.end, s.start, s.kind, s.alias, s.owner))
    ground: dict[int, _Ground] = defaultdict(_Ground)
    # An account in the links has no place in the text.
    return [s for s in ordered if s.start == s.end or ground[s.owner].take(s.start, s.end)]


def without_shadowed(sightings: Sequence[Sighting]) -> list[Sighting]:
    """Leave out words that are only part of another pair's longer, surer name, though it be misspelt."""
    long: dict[tuple[int, int], set[int]] = defaultdict(set)
    for s in sightings:
        if " " in s.alias and (
            s.tier in SURE if s.kind is MentionKind.MISSPELLING else s.tier is Tier.KUAT and s.kind in _NAMES
        ):
            long[s.start, s.end].add(s.owner)
    if not long or len(sightings) < _SEVERAL:
        return list(sightings)
    ground = _Ground()
    for start, end in sorted(long, key=lambda stretch: (stretch[0] - stretch[1], stretch)):
        ground.take(start, end)
    return [s for s in sightings if not _shadowed(s, ground, long)]


def _shadowed(sighting: Sighting, ground: _Ground, long: Mapping[tuple[int, int], set[int]]) -> bool:
    around = ground.around(sighting.start, sighting.end)
    return (
        around is not None
        and around[1] - around[0] > sighting.end - sighting.start
        and sighting.owner not in long[around]
    )


class _Ground:
    """Stretches taken, longest first, so that none lies in another; asked in logarithmic time."""

    __slots__ = ("_ends", "_starts")

    def __init__(self) -> None:
        self._starts: list[int] = []
        self._ends: list[int] = []

    def take(self, start: int, end: int) -> bool:
        """Take a stretch, unless it lies in one that was taken."""
        if self.around(start, end) is not None:
            return False
        place = bisect_right(self._starts, start)
        if place and self._starts[place - 1] == start:  # a weaker one, though longer
            self._ends[place - 1] = end
        else:
            self._starts.insert(place, start)
            self._ends.insert(place, end)
        return True

    def around(self, start: int, end: int) -> tuple[int, int] | None:
        """Return the taken stretch that a stretch lies in."""
        place = bisect_right(self._starts, start) - 1
        for found in (place, place - 1):
            if found >= 0 and end <= self._ends[found]:
                return self._starts[found], self._ends[found]
        return None


def promote(sightings: Sequence[Sighting], supported: Callable[[int], bool]) -> list[Sighting]:
    """Raise weak names that a second signal supports.

    A common name rises with a campaign word or the contest's context (`supported`), beside its pair's ballot number, or
    with another word of the same pair, unless it stands beside the sure name of a rival who bears it too; an everyday
    word only with another sighting of the same pair, or where it is a registered nickname, written with a capital in a
    text that speaks of the contest.
    """
    if not any([s.weakness and s.tier is Tier.LEMAH for s in sightings]):  # noqa: C419 - there are few
        return list(sightings)
    words: dict[int, set[str]] = defaultdict(set)
    sure: set[int] = set()
    for s in sightings:
        if s.kind in _NAMING and s.weakness is not Weakness.WORD:
            words[s.owner].add(_core(s))
        if s.sure:
            sure.add(s.owner)
    beside, numbered = _beside(sightings), _numbered(sightings)
    raised = []
    for s in sightings:
        if s.tier is Tier.LEMAH and s.weakness and s.owner in beside.get((s.start, s.end), (s.owner,)):
            company = s.owner in sure or (
                s.weakness is Weakness.NAME and (bool(words[s.owner] - {_core(s)}) or s in numbered)
            )
            alone = (s.weakness is Weakness.NAME or s.nickname) and supported(s.owner)
            raised.append(s._replace(tier=Tier.SEDANG) if company or alone else s)
        else:
            raised.append(s)
    return raised


def _numbered(sightings: Sequence[Sighting]) -> frozenset[Sighting]:
    """Return the weak names beside their pair's ballot number, written as one though the text is about no election.

    `Siti nomor 2` is; `Siti duduk di kursi nomor 2` is not.
    """
    numbers = [s for s in sightings if s.kind is MentionKind.NUMBER and s.tier is not Tier.PENDUKUNG]
    if not numbers:
        return frozenset()
    begins, ends = {(s.owner, s.start) for s in numbers}, {(s.owner, s.end) for s in numbers}
    return frozenset(
        s
        for s in sightings
        if any((s.owner, s.start - g) in ends or (s.owner, s.end + g) in begins for g in _SIDE_BY_SIDE)
    )


def _beside(sightings: Sequence[Sighting]) -> dict[tuple[int, int], set[int]]:
    """Return whose sure name stands right beside a weak one: in `Contohan Umpama` the rival Umpama is not meant."""
    begins = {(s.owner, s.start) for s in sightings if s.sure}
    ends = {(s.owner, s.end) for s in sightings if s.sure}
    if not begins:
        return {}
    beside: dict[tuple[int, int], set[int]] = defaultdict(set)
    for s in sightings:
        if s.weakness and any((s.owner, s.start - g) in ends or (s.owner, s.end + g) in begins for g in _SIDE_BY_SIDE):
            beside[s.start, s.end].add(s.owner)
    return beside


def _core(sighting: Sighting) -> str:
    """Return the word that tells one name from another: `pak budi` and `budi` are no company for each other."""
    return sighting.alias.lower().rsplit(" ", 1)[-1]


def decide_contests(
    sightings: Sequence[Sighting], owners: Sequence[Owner], score: Callable[[int], int]
) -> list[Sighting]:
    """Where one stretch names pairs of several contests, keep the contest that the rest of the text speaks for.

    Without anything to decide by, all are kept: a person decides.
    """
    if len({owners[s.owner].contest for s in sightings}) < _SEVERAL:
        return list(sightings)
    by_stretch: dict[tuple[int, int], list[Sighting]] = defaultdict(list)
    for s in sightings:
        by_stretch[s.start, s.end].append(s)
    alone: dict[int, int] = defaultdict(int)
    for group in by_stretch.values():
        if len({owners[s.owner].contest for s in group}) == 1:
            for s in group:
                if s.sure:
                    alone[s.owner] += 1
    kept = []
    for group in by_stretch.values():
        if len({owners[s.owner].contest for s in group}) > 1:
            scores = {s.owner: score(s.owner) + (4 if alone[s.owner] else 0) for s in group}
            top = max(scores.values())
            group = [s for s in group if scores[s.owner] == top]  # noqa: PLW2901 - the narrowed group is what is kept
        kept.extend(group)
    return kept
