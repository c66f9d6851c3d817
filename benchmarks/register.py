"""Invented contests in the shape of real ones: contest -> pairs -> two people with titles -> ways to name them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import count
from random import Random

from benchmarks.words import (
    CODAS,
    ENDINGS,
    GIVEN,
    NUCLEI,
    ONSETS,
    PLAIN,
    SLANG,
    SLOGAN_WORDS,
    TITLES_AFTER,
    TITLES_BEFORE,
)
from monitor.domain import (
    Candidate,
    CandidatePerson,
    CandidateRole,
    CandidateStatus,
    Contest,
    Office,
    Regime,
    StatusFrom,
)
from rules.loader import shipped_lexicon

_SHARE_GIVEN = 0.45  # so many people bear one of the common given names
_SHARE_ONE_WORD = 0.16  # names of a single word, as in the registers of 2024
_SHARE_SHORT = 0.3  # of the invented words of five letters so many are kept
_VOWELS = "aiueo"
_EVERYDAY = frozenset((*PLAIN, *SLANG))


@dataclass(frozen=True, slots=True)
class Patterns:
    """The same register twice: as contests for `MentionFinder`, as plain strings for the peers."""

    contests: tuple[Contest, ...]
    strings: tuple[str, ...]
    owners: tuple[int, ...]  # the pair's id for each string
    by_pair: dict[int, tuple[str, ...]]
    regions: dict[int, str]


def generated(pairs: int, seed: int) -> Patterns:
    """Return a register with so many pairs, about eight strings each, the same for the same seed."""
    random = Random(seed)
    words = _fresh_words(random)
    contests: list[Contest] = []
    left = pairs
    while left > 0:
        size = min(left, random.choice((1, 2, 2, 3, 3, 4)))
        contests.append(_contest(random, words, len(contests), size))
        left -= size
    return of_contests(tuple(contests))


def of_contests(contests: tuple[Contest, ...]) -> Patterns:
    """Return the strings by which a plain search would look for the pairs of these contests."""
    ids = count(1)
    contests = tuple(
        replace(contest, id=place, candidates=tuple(replace(c, id=next(ids)) for c in contest.candidates))
        for place, contest in enumerate(contests, start=1)
    )
    by_pair = {c.id: tuple(dict.fromkeys(_strings(c))) for contest in contests for c in contest.candidates}
    listed = [(string, pair) for pair, strings in by_pair.items() for string in strings]
    return Patterns(
        contests,
        tuple(s for s, _ in listed),
        tuple(p for _, p in listed),
        by_pair,
        {c.id: contest.region for contest in contests for c in contest.candidates},
    )


def bare_name(official: str) -> str:
    """Return a name without the titles before and the degrees behind it."""
    words = [w for w in official.split(",", 1)[0].split() if not w.endswith(".")]
    return " ".join(words)


def _strings(candidate: Candidate) -> Iterator[str]:
    for person in candidate.people:
        yield bare_name(person.official_name)
        yield from person.short_names
    yield from candidate.aliases
    yield from candidate.slogans
    yield from (tag.lstrip("#") for tag in candidate.hashtags)


def _contest(random: Random, words: Iterator[str], place: int, size: int) -> Contest:
    region = f"{11 + place // 90 % 89}.{1 + place % 90:02d}"
    office = random.choice((Office.BUPATI, Office.BUPATI, Office.WALI_KOTA, Office.GUBERNUR))
    region = region[:2] if office is Office.GUBERNUR else region
    title = {Office.BUPATI: "Bupati", Office.WALI_KOTA: "Wali Kota", Office.GUBERNUR: "Gubernur"}[office]
    candidates = tuple(_pair(random, words, number) for number in range(1, size + 1))
    return Contest(f"{title} {next(words).title()} 2024", region, office, Regime.PILKADA, (), candidates)


def _pair(random: Random, words: Iterator[str], number: int) -> Candidate:
    one, other = _name(random, words), _name(random, words)
    short, second = _nickname(one), _nickname(other)
    return Candidate(
        number=number,
        people=(
            CandidatePerson(CandidateRole.UTAMA, _official(random, one), (short,)),
            CandidatePerson(CandidateRole.WAKIL, _official(random, other), (second,)),
        ),
        status=(StatusFrom(CandidateStatus.CALON),),
        aliases=(f"{short} {second}", _blend(short, second)),
        slogans=(" ".join((next(words).title(), *random.sample(SLOGAN_WORDS, 2))),),
        hashtags=(f"{short}{second}",),
    )


def _name(random: Random, words: Iterator[str]) -> tuple[str, ...]:
    own = next(words).title()
    if random.random() < _SHARE_ONE_WORD:
        return (own,)
    given = random.choice(GIVEN) if random.random() < _SHARE_GIVEN else next(words).title()
    more = (next(words).title(),) if random.random() < 0.4 else ()
    return (given, own, *more)


def _official(random: Random, name: tuple[str, ...]) -> str:
    return random.choice(TITLES_BEFORE) + " ".join(name).upper() + random.choice(TITLES_AFTER)


def _nickname(name: tuple[str, ...]) -> str:
    """Return the word by which people call somebody: the first that few others bear."""
    return next((w for w in name if w not in GIVEN), name[-1])


def _blend(one: str, other: str) -> str:
    """Return a coined word: the openings of both nicknames, as pairs call themselves."""
    word = _opening(one) + _opening(other)
    return (word[:-1] if word.lower() in _EVERYDAY else word).upper()


def _opening(word: str) -> str:
    cut = 2
    while cut < len(word) and word[cut - 1].lower() not in _VOWELS:
        cut += 1
    return word[: cut + 1]


def _fresh_words(random: Random) -> Iterator[str]:
    """Yield invented name words, none twice, none an everyday word, none a name that thousands bear."""
    seen = {*_EVERYDAY, *shipped_lexicon().words("umum.nama")}
    while True:
        word = name_word(random)
        if (
            word not in seen
            and _once(word) not in _EVERYDAY
            and 5 <= len(word) <= 12
            and (len(word) > 5 or random.random() < _SHARE_SHORT)
        ):
            seen.add(word)
            yield word


def _once(word: str) -> str:
    """Return a word with its double letters written once."""
    return re.sub(r"(.)\1", r"\1", word)


def name_word(random: Random) -> str:
    """Return one invented word out of Indonesian syllables, two to four of them, some seven letters."""
    syllables = random.choice((1, 2, 2, 2, 2, 3))
    body = "".join(random.choice(ONSETS) + random.choice(NUCLEI) + random.choice(CODAS) for _ in range(syllables))
    return body + random.choice(ENDINGS)
