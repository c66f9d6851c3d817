"""The register as the finders use it: who may be named, and by which words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from monitor.domain import Contest, MentionKind, Office, Tier


class Weakness(StrEnum):
    """Why a word alone does not name a pair."""

    NONE = ""
    NAME = "nama lazim"
    WORD = "kata sehari-hari"


@dataclass(frozen=True, slots=True)
class Owner:
    """A pair as the finders know it."""

    candidate_id: int
    contest: int
    number: int
    region: str
    office: Office
    year: int | None


@dataclass(frozen=True, slots=True)
class Alias:
    """One way to name an owner (its position in `Register.owners`).

    `registered` says that an officer wrote it, `coined` that it was put together from two names, `shouted` that it
    counts in capitals or as a tag only; it has any of the words `requires` beside it, where there are some, and none of
    `excludes`.
    """

    owner: int
    kind: MentionKind
    tier: Tier
    written: str
    weakness: Weakness = Weakness.NONE
    registered: bool = False
    shouted: bool = False
    coined: bool = False
    requires: tuple[str, ...] = ()
    excludes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NameWord:
    """One word of a name: whose, which person's of the pair, and whether it may stand alone.

    `bearable` says that a misspelling of it may be looked for, `bound` that the register asks for words beside it.
    """

    owner: int
    person: int
    weakness: Weakness
    tier: Tier
    bearable: bool = True
    bound: bool = False


@dataclass(frozen=True)
class Register:
    """Everything the finders look for, built once for a set of contests.

    `phrases` name a pair wherever they stand; `loose` are single words that do so only in their contest's region or
    with company; `name_words` are all words of names; `openings` are beginnings of names used as nicknames.
    """

    contests: tuple[Contest, ...]
    owners: tuple[Owner, ...]
    phrases: Mapping[str, list[Alias]]
    loose: Mapping[str, list[Alias]]
    name_words: Mapping[str, list[NameWord]]
    openings: Mapping[str, tuple[int, ...]]
    hashtags: Mapping[str, list[Alias]]
    accounts: Mapping[str, tuple[int, ...]]
    handles: Mapping[str, tuple[int, ...]]
    region_names: tuple[frozenset[str], ...]
    by_id: Mapping[int, Owner] = field(repr=False)
    of_contest: tuple[tuple[int, ...], ...] = field(repr=False)


def with_ids(contests: Iterable[Contest]) -> tuple[Contest, ...]:
    """Return the contests with an id for every contest and pair; ids that exist are kept.

    Contests out of a file have no ids yet; the finders need some.
    """
    numbered = []
    free = 1_000_000_000  # far from ids of the database
    for place, contest in enumerate(contests):
        pairs = []
        for candidate in contest.candidates:
            free += 1
            pairs.append(candidate if candidate.id else replace(candidate, id=free))
        numbered.append(replace(contest, id=contest.id or 1_000_000_000 + place, candidates=tuple(pairs)))
    return tuple(numbered)
