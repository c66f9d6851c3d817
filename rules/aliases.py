"""From a contest's register to all that may name a pair: names, their parts, blends, slogans, hashtags, accounts."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import pairwise

from monitor.domain import Candidate, CandidatePerson, Contest, MentionKind, Office, Tier
from rules.lexicon import Lexicon
from rules.text import phrase, words

_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_BRACKETS = re.compile(r"\([^)]*\)")
_ALIAS_WORD = re.compile(r"\b(?:alias|als)\b\.?", re.IGNORECASE)
_DEGREE = re.compile(r"(?:[A-Za-z]{1,6}\.)+[A-Za-z]{0,6}\.?")
_RUN_ON_FROM = 9
_COINED_FROM = 7  # a coined blend shorter than this is one edit from too many ordinary words
_COMMON_FROM = 4  # a name word borne by so many of the loaded candidates points to nobody


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
    """One way to name an owner (its position in `Register.owners`)."""

    owner: int
    kind: MentionKind
    tier: Tier
    written: str
    weakness: Weakness = Weakness.NONE


@dataclass(frozen=True, slots=True)
class NameWord:
    """One word of a name: whose, which person's of the pair, and whether it may stand alone."""

    owner: int
    person: int
    weakness: Weakness
    tier: Tier
    bearable: bool = True  # whether a misspelling of it may be looked for


@dataclass(frozen=True)
class Register:
    """Everything the finders look for, built once for a set of contests."""

    contests: tuple[Contest, ...]
    owners: tuple[Owner, ...]
    phrases: dict[str, list[Alias]]
    name_words: dict[str, list[NameWord]]
    hashtags: dict[str, list[Alias]]
    accounts: dict[str, tuple[int, ...]]
    handles: dict[str, tuple[int, ...]]
    region_names: tuple[frozenset[str], ...]
    by_id: dict[int, Owner]


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


def plain_names(official: str, lexicon: Lexicon) -> tuple[tuple[str, ...], ...]:
    """Return the words of a name without titles and degrees; two names when the register gives an alias."""
    bare = _BRACKETS.sub(" ", official.split(",", 1)[0])
    return tuple(stripped for part in _ALIAS_WORD.split(bare) if (stripped := _strip_titles(part, lexicon)))


def _strip_titles(part: str, lexicon: Lexicon) -> tuple[str, ...]:
    before, after = lexicon.words("gelar.depan"), lexicon.words("gelar.belakang")
    chunks = part.replace(". ", ".  ").split()
    while len(chunks) > 1 and _is_degree(chunks[-1], after):
        chunks.pop()
    tokens = list(words(" ".join(chunks)))
    while len(tokens) > 1 and tokens[0] in before:
        tokens.pop(0)
    return tuple(tokens)


def _is_degree(chunk: str, known: frozenset[str]) -> bool:
    return bool(_DEGREE.fullmatch(chunk)) and chunk.count(".") > 0 and phrase(chunk).replace(" ", "") in known


def build_register(contests: tuple[Contest, ...], lexicon: Lexicon) -> Register:
    """Return what names the pairs of these contests; ids must be set (`with_ids`)."""
    builder = _Builder(contests, lexicon)
    for place, contest in enumerate(contests):
        for candidate in contest.candidates:
            builder.add(place, contest, candidate)
    return builder.finish()


class _Builder:
    """Collects phrases and words of all pairs, then weighs them against each other."""

    def __init__(self, contests: tuple[Contest, ...], lexicon: Lexicon) -> None:
        self.contests = contests
        self.lexicon = lexicon
        self.common_words = lexicon.words(
            "umum.kata", "kampanye", "sikap", "konteks", "nomor", "kedinasan", "gabungan.pengisi"
        )
        self.common_names = lexicon.words("umum.nama", "gelar")
        self.salutations = lexicon.words("gelar.sapaan", "gelar.depan")
        self.owners: list[Owner] = []
        self.phrases: dict[str, list[Alias]] = {}
        self.name_words: dict[str, list[NameWord]] = {}
        self.hashtags: dict[str, list[Alias]] = {}
        self.accounts: dict[str, list[int]] = {}
        self.handles: dict[str, list[int]] = {}
        self.bearers = Counter(
            word
            for contest in contests
            for candidate in contest.candidates
            for person in candidate.people
            for word in {w for name in plain_names(person.official_name, lexicon) for w in name}
        )

    def weakness(self, word: str, *, acronym: bool = False) -> Weakness:
        """Return why a single word may not stand alone; three letters may if the register writes them as an acronym."""
        if word in self.common_words or word.isdigit():
            return Weakness.WORD
        short = len(word) < 3 or (len(word) == 3 and not acronym)
        if word in self.common_names or short or self.bearers[word] >= _COMMON_FROM:
            return Weakness.NAME
        return Weakness.NONE

    def add(self, place: int, contest: Contest, candidate: Candidate) -> None:
        """Add one pair."""
        year = _YEAR.search(contest.name)
        first_stage = contest.stages[0].starts.year if contest.stages else None
        owner = len(self.owners)
        self.owners.append(
            Owner(
                candidate.id,
                place,
                candidate.number,
                contest.region,
                contest.office,
                int(year[0]) if year else first_stage,
            )
        )
        people = [self._person(owner, index, person) for index, person in enumerate(candidate.people)]
        self._blends(owner, people)
        for kind, entries in ((MentionKind.ALIAS, candidate.aliases), (MentionKind.SLOGAN, candidate.slogans)):
            for entry in entries:
                self._phrase(owner, kind, entry)
        for tag in candidate.hashtags:
            self._hashtag(owner, tag)
        for account in candidate.accounts:
            self.accounts.setdefault(account.account.user_id.lower(), []).append(owner)
            if account.account.handle:
                self.handles.setdefault(account.account.handle.lower().lstrip("@"), []).append(owner)

    def _person(self, owner: int, index: int, person: CandidatePerson) -> list[str]:
        """Add the names of one person and return the words that may open a blend."""
        openers: list[str] = []
        for name in plain_names(person.official_name, self.lexicon):
            self._official(owner, index, name)
            openers.extend(w for w in name if len(w) > 2)
        for short in person.short_names:
            core = self._without_salutation(words(short))
            if len(core) == 1:
                openers.append(core[0])
                self._word(owner, index, core[0], Tier.KUAT, _acronym(short))
            self._short(owner, short, core)
        return list(dict.fromkeys(openers))

    def _official(self, owner: int, index: int, name: tuple[str, ...]) -> None:
        for word in name:
            if len(word) > 3 or (len(name) == 1 and len(word) > 2):
                self._word(owner, index, word, Tier.SEDANG)
        solid = tuple(w for w in name if len(w) > 1)
        forms = {name, solid, (name[0], name[-1])} | set(pairwise(name))
        for form in forms:
            if len(form) > 1 and any(len(w) > 2 for w in form):
                all_weak = all(self.weakness(w) is not Weakness.NONE for w in form)
                whole = form in (name, solid) or not all_weak
                tier, weak = (Tier.KUAT, Weakness.NONE) if whole else (Tier.LEMAH, Weakness.NAME)
                self._put(" ".join(form), Alias(owner, MentionKind.NAME, tier, " ".join(form), weak))
                if whole and len("".join(form)) >= _RUN_ON_FROM:
                    self._run_on(owner, index, "".join(form))

    def _short(self, owner: int, written: str, core: tuple[str, ...]) -> None:
        if not core:
            return
        weak = self.weakness(core[0], acronym=_acronym(written)) if len(core) == 1 else Weakness.NONE
        tier = Tier.LEMAH if weak else Tier.KUAT
        for form in {phrase(written), " ".join(core)}:
            self._put(form, Alias(owner, MentionKind.NAME, tier, written, weak))

    def _without_salutation(self, tokens: tuple[str, ...]) -> tuple[str, ...]:
        rest = list(tokens)
        while len(rest) > 1 and rest[0] in self.salutations:
            rest.pop(0)
        return tuple(rest)

    def _blends(self, owner: int, people: list[list[str]]) -> None:
        for one, other in ((a, b) for i, a in enumerate(people) for b in people[i + 1 :]):
            for left in one[:8]:
                for right in other[:8]:
                    form = f"{left} {right}"
                    if {left, right} <= self.common_words:
                        continue
                    self._put(form, Alias(owner, MentionKind.ALIAS, Tier.KUAT, form))

    def _phrase(self, owner: int, kind: MentionKind, written: str) -> None:
        tokens = words(written)
        weak = Weakness.NONE
        if len(tokens) == 1:
            weak = self.weakness(tokens[0], acronym=_acronym(written))
            if not weak and len(tokens[0]) > 2:
                self._word(owner, 0, tokens[0], Tier.KUAT, _acronym(written), bearable=len(tokens[0]) >= _COINED_FROM)
        elif kind is MentionKind.SLOGAN and all(self.weakness(w) for w in tokens) and len(tokens) < 3:
            weak = Weakness.WORD
        tier = Tier.LEMAH if weak else Tier.SEDANG if kind is MentionKind.SLOGAN and self._plain(tokens) else Tier.KUAT
        self._put(" ".join(tokens), Alias(owner, kind, tier, written, weak))
        if len(tokens) > 1 and not weak:
            self._tag("".join(tokens), Alias(owner, MentionKind.HASHTAG, Tier.KUAT, written))

    def _plain(self, tokens: tuple[str, ...]) -> bool:
        return all(self.weakness(w) is Weakness.WORD for w in tokens)

    def _hashtag(self, owner: int, written: str) -> None:
        body = "".join(words(written))
        weak = self.weakness(body, acronym=_acronym(written))
        self._tag(body, Alias(owner, MentionKind.HASHTAG, Tier.LEMAH if weak else Tier.KUAT, written.lstrip("#"), weak))
        if not weak and len(body) > 5:
            self._put(body, Alias(owner, MentionKind.HASHTAG, Tier.KUAT, written.lstrip("#")))

    def _word(
        self, owner: int, person: int, word: str, tier: Tier, acronym: bool = False, *, bearable: bool = True
    ) -> None:
        weak = self.weakness(word, acronym=acronym)
        entries = self.name_words.setdefault(word, [])
        entries.append(NameWord(owner, person, weak, Tier.LEMAH if weak else tier, bearable))
        self._put(word, Alias(owner, MentionKind.NAME, Tier.LEMAH if weak else tier, word, weak))

    def _run_on(self, owner: int, person: int, joined: str) -> None:
        """Add a whole name written in one word, so that its misspellings are found too."""
        self.name_words.setdefault(joined, []).append(NameWord(owner, person, Weakness.NONE, Tier.KUAT))

    def _put(self, form: str, alias: Alias) -> None:
        if form:
            self.phrases.setdefault(form, []).append(alias)

    def _tag(self, form: str, alias: Alias) -> None:
        if form:
            self.hashtags.setdefault(form, []).append(alias)

    def finish(self) -> Register:
        """Return the register; of several ways in which one form names one pair the strongest stays."""
        return Register(
            self.contests,
            tuple(self.owners),
            {form: self._weigh(entries) for form, entries in self.phrases.items()},
            self.name_words,
            {form: _strongest(entries) for form, entries in self.hashtags.items()},
            {key: tuple(dict.fromkeys(owners)) for key, owners in self.accounts.items()},
            {key: tuple(dict.fromkeys(owners)) for key, owners in self.handles.items()},
            tuple(self._region_names(contest) for contest in self.contests),
            {owner.candidate_id: owner for owner in self.owners},
        )

    def _weigh(self, entries: list[Alias]) -> list[Alias]:
        """Return the strongest entry of each pair; a form that two rivals of one contest share decides nothing."""
        best = _strongest(entries)
        rivals = Counter(self.owners[a.owner].contest for a in best)
        return [
            replace(a, tier=Tier.LEMAH, weakness=a.weakness or Weakness.NAME)
            if rivals[self.owners[a.owner].contest] > 1
            else a
            for a in best
        ]

    def _region_names(self, contest: Contest) -> frozenset[str]:
        known = self.lexicon.words(f"wilayah.{contest.region}") if contest.region else frozenset()
        return known | _place_in(contest.name, self.lexicon)


def _place_in(name: str, lexicon: Lexicon) -> frozenset[str]:
    """Return the place that a contest's name ends in: 'Bupati Contoh 2024' gives 'contoh'."""
    skipped = lexicon.words("konteks") | {
        "wakil",
        "dan",
        "wali",
        "kota",
        "kabupaten",
        "provinsi",
        "pemilihan",
        "umum",
        "di",
        "daerah",
    }
    rest = [w for w in words(name) if w not in skipped and not w.isdigit()]
    return frozenset({" ".join(rest)}) if rest else frozenset()


def _acronym(written: str) -> bool:
    return written.lstrip("#").isupper()


def _strongest(entries: list[Alias]) -> list[Alias]:
    best: dict[int, Alias] = {}
    for alias in entries:
        held = best.get(alias.owner)
        if held is None or alias.tier.rank > held.tier.rank:
            best[alias.owner] = alias
    return list(best.values())
