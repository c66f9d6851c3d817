"""Every word by which a register names its pairs, with where it is written and whom it might be confused with."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from monitor.domain import AliasCondition, Candidate, Contest, WordKind, region_covers
from rules.aliases import plain_names
from rules.lexicon import Lexicon
from rules.text import words

_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_LISTS = (("aliases", WordKind.ALIAS), ("slogans", WordKind.SLOGAN), ("hashtags", WordKind.HASHTAG))


@dataclass(frozen=True, slots=True)
class Standing:
    """A pair as it stands in the register: `contest` is its contest's place among those checked."""

    contest: int
    region: str
    candidate: Candidate
    names: tuple[tuple[str, ...], ...]  # of every person, in order, without titles; a person may have two
    persons: tuple[int, ...]  # whose name that is


@dataclass(frozen=True, slots=True)
class Said:
    """One entry of a pair, or one word of an official name (`kind` is None).

    `tokens` are its words as texts are read; `alone` says that an official name is this word only; `condition` is what
    the register already says of when it counts.
    """

    pair: int
    kind: WordKind | None
    person: int
    key: str
    written: str
    tokens: tuple[str, ...]
    alone: bool = False
    condition: AliasCondition | None = None

    @property
    def joined(self) -> str:
        """The words run together, as a hashtag has them."""
        return "".join(self.tokens)

    @property
    def asks_company(self) -> bool:
        """Whether the register asks for another word beside it."""
        return self.condition is not None and bool(self.condition.requires)


@dataclass(frozen=True)
class RegisterWords:
    """All pairs and words of some contests; built once for all checks."""

    contests: tuple[Contest, ...]
    pairs: tuple[Standing, ...]
    said: tuple[Said, ...]
    by_joined: dict[str, tuple[Said, ...]]
    by_pair: tuple[tuple[Said, ...], ...]
    _related: tuple[frozenset[int], ...] = field(repr=False)

    def related(self, one: int, other: int) -> bool:
        """Whether the same voters may speak of both pairs: one contest, or one region inside the other."""
        return self.pairs[other].contest in self._related[self.pairs[one].contest]

    def met_by(self, said: Said, group: dict[int, list[Said]]) -> list[Said]:
        """Return those of a group, kept by contest, that the same voters may take for this one's."""
        contests = self._related[self.pairs[said.pair].contest] & group.keys()
        return [s for c in sorted(contests) for s in group[c] if s.pair != said.pair]

    def by_contest(self, group: Iterable[Said]) -> dict[int, list[Said]]:
        """Return words by the contest of their pair."""
        kept: dict[int, list[Said]] = defaultdict(list)
        for said in group:
            kept[self.pairs[said.pair].contest].append(said)
        return kept

    def rivals(self, one: int, other: int) -> bool:
        """Whether both pairs stand in one contest."""
        return one != other and self.pairs[one].contest == self.pairs[other].contest

    def neighbours(self, contest: int) -> Iterator[int]:
        """Return the other contests of the same voters, in order."""
        yield from sorted(self._related[contest] - {contest})

    def label(self, pair: int, seen_from: int) -> str:
        """Return a pair as a sentence names it, with its contest where that is another one."""
        standing = self.pairs[pair]
        said = f"pasangan {standing.candidate.number}"
        same = standing.contest == self.pairs[seen_from].contest
        return said if same else f"{said} {self.contests[standing.contest].name}"


def read_words(contests: Sequence[Contest], lexicon: Lexicon) -> RegisterWords:
    """Return the words of all pairs of some contests."""
    pairs: list[Standing] = []
    by_pair: list[tuple[Said, ...]] = []
    for place, contest in enumerate(contests):
        for candidate in contest.candidates:
            read = [(p, n) for p, person in enumerate(candidate.people)
                    for n in plain_names(person.official_name, lexicon) if n]  # fmt: skip
            names, persons = tuple(n for _, n in read), tuple(p for p, _ in read)
            by_pair.append(tuple(_of_pair(len(pairs), candidate, read)))
            pairs.append(Standing(place, contest.region, candidate, names, persons))
    said = tuple(s for group in by_pair for s in group)
    index: dict[str, list[Said]] = defaultdict(list)
    for one in said:
        index[one.joined].append(one)
    by_joined = {form: tuple(group) for form, group in index.items()}
    return RegisterWords(tuple(contests), tuple(pairs), said, by_joined, tuple(by_pair), _relations(contests))


def year_of(contest: Contest) -> int | None:
    """Return the year of the vote: that of the last stage, else the one in the name."""
    if contest.stages:
        return contest.stages[-1].starts.year
    found = _YEAR.search(contest.name)
    return int(found[0]) if found else None


def _of_pair(pair: int, candidate: Candidate, names: Iterable[tuple[int, tuple[str, ...]]]) -> Iterator[Said]:
    held = {(c.kind, c.text): c for c in candidate.conditions}
    bound = {words(c.text): c for c in candidate.conditions if c.kind is not WordKind.HASHTAG}
    for person, name in names:
        key = f"people[{person + 1}].official_name"
        for word in dict.fromkeys(name):
            yield Said(pair, None, person, key, word, (word,), len(name) == 1, bound.get((word,)))
    for index, who in enumerate(candidate.people):
        key, kind = f"people[{index + 1}].short_names", WordKind.SHORT_NAME
        for text in who.short_names:
            yield Said(pair, kind, index, key, text, words(text), condition=held.get((kind, text)))
    for key, kind in _LISTS:
        for text in getattr(candidate, key):
            yield Said(pair, kind, 0, key, text, words(text), condition=held.get((kind, text)))


def _relations(contests: Sequence[Contest]) -> tuple[frozenset[int], ...]:
    """Return for each contest those whose region holds it or lies in it, in the same year or without a year."""
    by_region: dict[str, list[int]] = defaultdict(list)
    for place, contest in enumerate(contests):
        by_region[contest.region].append(place)
    related: list[set[int]] = [set() for _ in contests]
    for place, contest in enumerate(contests):
        for region in _with_parents(contest.region):
            for other in by_region.get(region, ()):
                if _same_vote(contest, contests[other]):
                    related[place].add(other)
                    related[other].add(place)
    return tuple(frozenset(group) for group in related)


def _with_parents(region: str) -> Iterator[str]:
    parts = region.split(".") if region else []
    return (".".join(parts[:count]) for count in range(len(parts) + 1))


def _same_vote(one: Contest, other: Contest) -> bool:
    years = {year_of(one), year_of(other)} - {None}
    near = region_covers(one.region, other.region) or region_covers(other.region, one.region)
    return near and len(years) < 2
