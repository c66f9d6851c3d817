"""Sightings: what the finders saw, weighed against each other before they become mentions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from monitor.domain import MentionKind, Tier
from rules.aliases import Owner, Weakness

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


@dataclass(frozen=True, slots=True)
class Sighting:
    """One way in which a stretch of the text may name an owner."""

    owner: int
    kind: MentionKind
    tier: Tier
    start: int
    end: int
    alias: str
    weakness: Weakness = Weakness.NONE

    @property
    def sure(self) -> bool:
        """Whether it is strong enough to act on."""
        return self.tier.rank >= Tier.SEDANG.rank


def strongest(sightings: Iterable[Sighting]) -> list[Sighting]:
    """Return one sighting for each owner and stretch; a stretch inside a longer, as strong one is left out."""
    ordered = sorted(sightings, key=lambda s: (-s.tier.rank, s.start - s.end, s.start, s.kind.value, s.alias, s.owner))
    kept: dict[int, list[Sighting]] = defaultdict(list)
    for sighting in ordered:
        apart = sighting.start == sighting.end  # an account in the links has no place in the text
        if apart or not any(k.start <= sighting.start and sighting.end <= k.end for k in kept[sighting.owner]):
            kept[sighting.owner].append(sighting)
    return [s for group in kept.values() for s in group]


def without_shadowed(sightings: Sequence[Sighting]) -> list[Sighting]:
    """Leave out words that are only part of another pair's longer, surer name."""
    long = [
        s
        for s in sightings
        if s.tier is Tier.KUAT and " " in s.alias and s.kind in {MentionKind.NAME, MentionKind.ALIAS}
    ]
    return [
        s
        for s in sightings
        if not any(
            b.owner != s.owner and b.start <= s.start and s.end <= b.end and b.end - b.start > s.end - s.start
            for b in long
        )
    ]


def promote(sightings: Sequence[Sighting], supported: Callable[[int], bool]) -> list[Sighting]:
    """Raise weak names that a second signal supports.

    A common name rises with a campaign word or the contest's context (`supported`), or with another word of the same
    pair; an everyday word only with another sighting of the same pair.
    """
    stretches: dict[int, set[tuple[int, int]]] = defaultdict(set)
    sure: set[int] = set()
    for s in sightings:
        if s.kind in _NAMING and s.weakness is not Weakness.WORD:
            stretches[s.owner].add((s.start, s.end))
        if s.sure:
            sure.add(s.owner)
    raised = []
    for s in sightings:
        if s.tier is Tier.LEMAH and s.weakness:
            company = s.owner in sure or (bool(stretches[s.owner] - {(s.start, s.end)}) and s.weakness is Weakness.NAME)
            alone = s.weakness is Weakness.NAME and supported(s.owner)
            raised.append(replace(s, tier=Tier.SEDANG) if company or alone else s)
        else:
            raised.append(s)
    return raised


def decide_contests(
    sightings: Sequence[Sighting], owners: Sequence[Owner], score: Callable[[int], int]
) -> list[Sighting]:
    """Where one stretch names pairs of several contests, keep the contest that the rest of the text speaks for.

    Without anything to decide by, all are kept: a person decides.
    """
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
