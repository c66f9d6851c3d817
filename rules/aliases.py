"""From a contest's register to all that may name a pair: names, their parts, blends, slogans, hashtags, accounts."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from itertools import pairwise

from monitor.domain import AliasCondition, Candidate, CandidatePerson, Contest, MentionKind, Tier, WordKind
from rules.first_names import FirstNames
from rules.lexicon import Lexicon
from rules.register import Alias, NameWord, Owner, Register, Weakness
from rules.text import phrase, words

_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_BRACKETS = re.compile(r"\([^)]*\)")
_ALIAS_WORD = re.compile(r"\b(?:alias|als)\b\.?", re.IGNORECASE)
_DEGREE = re.compile(r"(?:[A-Za-z]{1,6}\.)+[A-Za-z]{0,6}\.?")
_RUN_ON_FROM = 9
_COINED_FROM = 6  # a coined blend shorter than this is one edit from too many ordinary words
_COMMON_FROM = 4  # a name word borne by so many of the loaded candidates points to nobody
_OPENING_OF = 6  # a name word this long is often cut short in speech: Dimyati, "Pak Dim"
_OPENINGS = range(3, 6)
_SHORT_FORM = 4  # letters of a first name cut short: `Moh.`, `Abd.`
_SHORT_NAME = 3  # letters; a name so short counts like a longer one's beginning: `Pak Edi`


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
        self.plain = self.common_words | lexicon.words("umum.nama", "gelar", "gabungan")
        self.abbreviations = self.plain | lexicon.words("umum.singkatan", "wilayah")
        self.no_short_names = self.abbreviations - lexicon.words("umum.nama") | lexicon.words("gelar", "gabungan")
        self.first_names = FirstNames(lexicon)
        self.conditions: dict[tuple[WordKind, str], AliasCondition] = {}
        self.openings: dict[str, list[int]] = {}
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
        known_year = int(year[0]) if year else first_stage
        self.owners.append(Owner(candidate.id, place, candidate.number, contest.region, contest.office, known_year))
        self.conditions = {(c.kind, c.text): c for c in candidate.conditions}
        people = [self._person(owner, index, person) for index, person in enumerate(candidate.people)]
        self._blends(owner, people)
        for kind, entries in ((WordKind.ALIAS, candidate.aliases), (WordKind.SLOGAN, candidate.slogans)):
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
        shorts = {words(short): short for short in person.short_names}
        for name in plain_names(person.official_name, self.lexicon):
            self._official(
                owner, index, name, {core: self._condition(WordKind.SHORT_NAME, shorts.get((core,))) for core in name}
            )
            openers.extend(w for w in name if len(w) > 2)
        for short in person.short_names:
            core = self._without_salutation(words(short))
            condition = self._condition(WordKind.SHORT_NAME, short)
            if len(core) == 1:
                openers.append(core[0])
                self._word((owner, index), core[0], Tier.KUAT, written=short, condition=condition)
            self._short(owner, short, core, condition)
        return list(dict.fromkeys(openers))

    def _condition(self, kind: WordKind, text: str | None) -> AliasCondition | None:
        return self.conditions.get((kind, text)) if text is not None else None

    def _official(
        self, owner: int, index: int, name: tuple[str, ...], conditions: dict[str, AliasCondition | None]
    ) -> None:
        for word in name:
            if len(word) > 3 or (len(name) == 1 and len(word) > 2):
                self._word((owner, index), word, Tier.SEDANG, condition=conditions.get(word))
                self._opening(owner, word)
            elif len(word) == _SHORT_NAME and word not in self.no_short_names:
                self.openings.setdefault(word, []).append(owner)
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
        self._spelt_otherwise(owner, name)
        self._initials(owner, solid)

    def _spelt_otherwise(self, owner: int, name: tuple[str, ...]) -> None:
        """Add a name with its first word in the other ways that people write it: `Moh.` for `Muhammad`."""
        for first, last in self.first_names.ways(name):
            for rest in {last, last[:1], last[-1:]}:
                plain = all(self.weakness(word) for word in rest)
                if plain and (rest != last or max(map(len, rest)) < _SHORT_NAME):
                    continue
                # `moh ikhlas` may be two words of a sentence, and nobody knows what `M.` stands for.
                unsure = len(name[0]) <= _SHORT_FORM or len(first[-1]) < _SHORT_NAME or first[-1] in self.common_words
                weak = Weakness.NAME if plain and unsure else Weakness.NONE
                form = " ".join((*first, *rest))
                self._put(form, Alias(owner, MentionKind.NAME, Tier.LEMAH if weak else Tier.KUAT, form, weak))

    def _initials(self, owner: int, name: tuple[str, ...]) -> None:
        """Add the initials of a long name: they count in capitals or as a tag, and with a second signal."""
        letters = "".join(w[0] for w in name)
        if 3 <= len(letters) <= 4 and letters not in self.abbreviations and not self.weakness(letters, acronym=True):
            self._put(
                letters,
                Alias(owner, MentionKind.NAME, Tier.LEMAH, letters.upper(), Weakness.NAME, shouted=True),
            )

    def _opening(self, owner: int, word: str) -> None:
        """Add the beginnings of a name by which people call its bearer."""
        if len(word) >= _OPENING_OF:
            for size in _OPENINGS:
                short = word[:size]
                if size < len(word) - 1 and short not in self.plain:
                    self.openings.setdefault(short, []).append(owner)

    def _short(self, owner: int, written: str, core: tuple[str, ...], condition: AliasCondition | None) -> None:
        """Add a registered short name, with its salutation and without."""
        if not core:
            return
        weak = self.weakness(core[0], acronym=_acronym(written)) if len(core) == 1 else Weakness.NONE
        tier = Tier.LEMAH if weak else Tier.KUAT
        bare = " ".join(core)
        whole = phrase(written)
        self._put(bare, _bound(Alias(owner, MentionKind.NAME, tier, written, weak, registered=True), condition))
        if whole != bare:
            rare = weak is Weakness.NAME and core[0] not in self.common_names
            greeted = Tier.SEDANG if rare and self.bearers[core[0]] < _COMMON_FROM else tier
            # Whoever registers `Pak Harapan` says that it is a person's name, though `harapan` is none.
            kind = Weakness.NONE if greeted is Tier.SEDANG else Weakness.NAME if weak else weak
            self._put(whole, _bound(Alias(owner, MentionKind.NAME, greeted, written, kind, registered=True), condition))

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
                    self._put(form, Alias(owner, MentionKind.ALIAS, Tier.KUAT, form, coined=True))

    def _phrase(self, owner: int, wanted: WordKind, written: str) -> None:
        """Add an alias or a slogan."""
        kind = MentionKind.SLOGAN if wanted is WordKind.SLOGAN else MentionKind.ALIAS
        condition = self._condition(wanted, written)
        tokens = words(written)
        weak = Weakness.NONE
        if len(tokens) == 1:
            weak = self.weakness(tokens[0], acronym=_acronym(written))
            if not weak and len(tokens[0]) > 2:
                bearable = len(tokens[0]) >= _COINED_FROM
                self._word((owner, 0), tokens[0], Tier.KUAT, written=written, condition=condition, bearable=bearable)
        elif kind is MentionKind.SLOGAN and all(self.weakness(w) for w in tokens) and len(tokens) < 3:
            weak = Weakness.WORD
        tier = Tier.LEMAH if weak else Tier.SEDANG if kind is MentionKind.SLOGAN and self._plain(tokens) else Tier.KUAT
        self._put(" ".join(tokens), _bound(Alias(owner, kind, tier, written, weak, registered=True), condition))
        if len(tokens) > 1 and not weak:
            self._tag("".join(tokens), _bound(Alias(owner, MentionKind.HASHTAG, Tier.KUAT, written), condition))

    def _plain(self, tokens: tuple[str, ...]) -> bool:
        return all(self.weakness(w) is Weakness.WORD for w in tokens)

    def _hashtag(self, owner: int, written: str) -> None:
        condition = self._condition(WordKind.HASHTAG, written)
        body = "".join(words(written))
        weak = self.weakness(body, acronym=_acronym(written))
        tier = Tier.LEMAH if weak else Tier.KUAT
        alias = Alias(owner, MentionKind.HASHTAG, tier, written.lstrip("#"), weak, registered=True)
        self._tag(body, _bound(alias, condition))
        if not weak and len(body) > 5:
            self._put(body, _bound(alias, condition))

    def _word(
        self,
        bearer: tuple[int, int],
        word: str,
        tier: Tier,
        *,
        written: str = "",
        condition: AliasCondition | None = None,
        bearable: bool = True,
    ) -> None:
        owner, person = bearer
        weak = self.weakness(word, acronym=_acronym(written))
        entries = self.name_words.setdefault(word, [])
        bound = condition is not None
        entries.append(NameWord(owner, person, weak, Tier.LEMAH if weak else tier, bearable and not bound, bound))
        alias = Alias(owner, MentionKind.NAME, Tier.LEMAH if weak else tier, word, weak, registered=bool(written))
        self._put(word, _bound(alias, condition))

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
        phrases: dict[str, list[Alias]] = {}
        loose: dict[str, list[Alias]] = {}
        for form, entries in self.phrases.items():
            for alias in self._weigh(entries):
                (loose if _is_loose(form, alias) else phrases).setdefault(form, []).append(alias)
        of_contest: list[list[int]] = [[] for _ in self.contests]
        for place, owner in enumerate(self.owners):
            of_contest[owner.contest].append(place)
        return Register(
            contests=self.contests,
            owners=tuple(self.owners),
            phrases=phrases,
            loose=loose,
            name_words=self.name_words,
            openings={form: tuple(dict.fromkeys(owners)) for form, owners in self.openings.items()},
            hashtags={form: _strongest(entries) for form, entries in self.hashtags.items()},
            accounts={key: tuple(dict.fromkeys(owners)) for key, owners in self.accounts.items()},
            handles={key: tuple(dict.fromkeys(owners)) for key, owners in self.handles.items()},
            region_names=tuple(self._region_names(contest) for contest in self.contests),
            by_id={owner.candidate_id: owner for owner in self.owners},
            of_contest=tuple(map(tuple, of_contest)),
        )

    def _weigh(self, entries: list[Alias]) -> list[Alias]:
        """Return the strongest entry of each pair; a form that two rivals of one contest share decides nothing."""
        if len(entries) == 1:
            return entries
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


def _is_loose(form: str, alias: Alias) -> bool:
    """Whether a word names its pair only near home or in company: a part of the official name, or a common word."""
    return " " not in form and (bool(alias.weakness) or (alias.kind is MentionKind.NAME and alias.tier is Tier.SEDANG))


def _bound(alias: Alias, condition: AliasCondition | None) -> Alias:
    """Return the alias with the words that the register asks for, or forbids, beside it."""
    if condition is None:
        return alias
    requires, excludes = (
        tuple(p for p in map(phrase, entries) if p) for entries in (condition.requires, condition.excludes)
    )
    if not requires:
        return replace(alias, excludes=excludes)
    # The word that is required beside it is the second signal that a common word needs.
    tier = alias.tier if alias.tier.rank > Tier.SEDANG.rank else Tier.SEDANG
    return replace(alias, requires=requires, excludes=excludes, tier=tier, weakness=Weakness.NONE)


_NO_PLACE = frozenset(
    ("wakil", "dan", "wali", "kota", "kab", "kabupaten", "prov", "provinsi", "pemilihan", "umum", "di", "daerah",
     "khusus", "ibukota", "istimewa", "kepala", "tahun", "serentak", "nasional", "langsung", "putaran", "pertama",
     "kedua", "ulang", "pemungutan", "suara")
)  # fmt: skip


def _place_in(name: str, lexicon: Lexicon) -> frozenset[str]:
    """Return the place that a contest's name ends in: 'Bupati Contoh 2024' gives 'contoh'."""
    skipped = lexicon.words("konteks") | _NO_PLACE
    rest = [w for w in words(name) if w not in skipped and not w.isdigit()]
    return frozenset({" ".join(rest)}) if rest else frozenset()


def _acronym(written: str) -> bool:
    return bool(written) and written.lstrip("#").isupper()


def _strongest(entries: list[Alias]) -> list[Alias]:
    best: dict[int, Alias] = {}
    for alias in entries:
        held = best.get(alias.owner)
        if held is None or _firmness(alias) > _firmness(held):
            best[alias.owner] = alias
    return list(best.values())


def _firmness(alias: Alias) -> tuple[int, bool, bool]:
    """Return what makes one way to name a pair better than another; a registered condition is never passed over."""
    return alias.tier.rank, bool(alias.requires or alias.excludes), alias.registered
