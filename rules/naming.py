"""Names in a text: phrases of the register, single words, tags, run-ons, misspellings, nicknames cut short."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple

from rapidfuzz.distance import OSA

from monitor.domain import MentionKind, Tier
from rules import looks as look
from rules.automaton import PhraseFinder
from rules.lexicon import Lexicon
from rules.misspelling import LONG_ENOUGH, Misspelt, allowed_edits
from rules.reading import Reading, Token
from rules.register import Alias, Register, Weakness
from rules.senses import Sense, Senses
from rules.sightings import Sighting, sighting_of

if TYPE_CHECKING:  # the reading of a text is made in `mentions`, which uses this room
    from rules.mentions import Found

_SHORT_MISSPELT = 7  # a misspelling of a shorter name, in a longer text, needs a sign that a person is meant
_MANY_WORDS = 8
_PLAIN_FROM = 8  # so long a word is hardly another, wherever its contest is
_LONG = 9
_DEGREE = 2  # letters
_NEAR = look.PART | look.MISSPELT
_PHRASE = look.FIRM | look.ANCHOR  # every phrase has a word of which the first look says so
_NOBODY: frozenset[int] = frozenset()


class NameReader:
    """Finds the names of the register in a reading, each with all that it may name."""

    def __init__(self, register: Register, lexicon: Lexicon, senses: Senses) -> None:
        self._register = register
        self._senses = senses
        self._phrases: PhraseFinder[Alias] = PhraseFinder(register.phrases)
        self._greetings = lexicon.words("gelar.sapaan")
        self._first_names = lexicon.words("umum.nama") - register.name_words.keys()
        self._borne: dict[str, _Borne] = {}
        self._bearers_at: dict[str, dict[int, list[tuple[int, Alias]]]] = {}  # of common names, by contest

    def find(self, found: Found) -> list[Sighting]:
        """Return every sighting of a name; weak ones where they can matter at all."""
        reading, bits = found.reading, found.bits
        firm, weak, covered = self._phrases_in(reading) if bits & _PHRASE else ([], [], set())
        places = self._speaking(found)
        for place, token, sense in places:
            if token.mark or place not in covered:
                firm.extend(self._tagged(found, token, sense))
        if bits & _NEAR:
            firm.extend(self._rough(found, covered))
        if bits & look.REST:
            firm.extend(self._but_for_one(reading, covered))
        owners = self._register.owners
        at_home = found.scope.home | {owners[s.owner].contest for s in firm}
        seen = [*firm, *self._nearby(weak, at_home)] if weak else firm
        if not places:
            return seen
        words = _Words(found, at_home)
        for place, token, sense in places:
            if sense.loose:
                seen.extend(self._loose(words, place, token, sense))
            if not token.mark and place in covered:
                continue
            meant = found.scope.looks.rough(token.text) if sense.unknown else sense.misspelt
            if meant and not self._another_name(reading, place):
                seen.extend(self._misspelt(words, place, token, meant))
            if sense.openings:
                seen.extend(self._opening(words, place, token, sense.openings))
        return seen

    def _speaking(self, found: Found) -> list[tuple[int, Token, Sense]]:
        """Return the words that have a sense, with their places; what the first look sees nothing in is passed over."""
        looks, of, reading = found.scope.looks, self._senses.of, found.reading
        odd, words = reading.odd, reading.words
        speaking: list[tuple[int, Token, Sense]] = []
        for place in [place for place, word in enumerate(words) if place in odd or looks[word] & look.SPEAKING]:
            token = reading.token(place)
            if token.mark == "/" or (place in odd and _plain(token) and not looks[token.text] & look.SPEAKING):
                continue
            sense = of(token)
            if sense or sense.unknown:
                speaking.append((place, token, sense))
        return speaking

    def _phrases_in(self, reading: Reading) -> tuple[list[Sighting], list[Sighting], set[int]]:
        firm: list[Sighting] = []
        weak: list[Sighting] = []
        covered: set[int] = set()
        for match in self._phrases.find(reading):
            mark = reading.marked.get(match.first, "")
            if mark == "/":
                continue
            start, end = reading.between(match.first, match.last)
            if self._parted(reading, match.first, start, end):
                continue
            before = len(firm)
            for alias in match.values:
                (weak if alias.weakness else firm).append(_sighting(alias, start, end, mark))
            if len(firm) > before:
                covered.update(range(match.first, match.last + 1))
        return firm, weak, covered

    def _parted(self, reading: Reading, first: int, start: int, end: int) -> bool:
        """Whether a comma ends a degree that reads like a short first name, as in `Budi, M.M., Contohan`."""
        return len(reading.words[first]) <= _DEGREE and "," in reading.normal.original[start:end]

    def _tagged(self, found: Found, token: Token, sense: Sense) -> Iterable[Sighting]:
        """Return what a tag of the register, or a run-on, names."""
        owners = self._register.owners
        for alias in sense.tags:
            yield _sighting(alias, token.start, token.end, "#")
        for run in sense.runs:
            away = run.local and owners[run.owner].contest not in found.scope.home
            if token.mark == "@" and token.start < found.addressed:
                continue  # whom a text answers is not whom it speaks of
            tagged = MentionKind.HASHTAG if token.mark == "#" else MentionKind.NAME
            kind = MentionKind.MISSPELLING if run.misspelt else tagged
            tier = Tier.SEDANG if token.mark == "@" and run.tier is Tier.KUAT else run.tier  # a handle is no proof
            weakness = run.weakness
            if away:
                tier, weakness = Tier.LEMAH, weakness or Weakness.NAME
            yield sighting_of((run.owner, kind, tier, token.start, token.end, run.alias, weakness, False, (), ()))

    def _nearby(self, sightings: Iterable[Sighting], at_home: frozenset[int]) -> Iterable[Sighting]:
        owners = self._register.owners
        return (s for s in sightings if owners[s.owner].contest in at_home)

    def _loose(self, words: _Words, place: int, token: Token, sense: Sense) -> Iterable[Sighting]:
        """Return what a single word names: at home as the register says, elsewhere only if it names one pair alone."""
        owners, at_home = self._register.owners, words.at_home
        alone = len(sense.loose) == 1
        if not (alone or at_home):
            return  # a common name is many pairs' in the whole country
        for alias in sense.loose if alone else self._borne_at(token.text, sense.loose, at_home):
            home = owners[alias.owner].contest in at_home
            if not home and alias.weakness:
                continue
            if alias.shouted and not words.shouted(token):
                continue
            sighting = _sighting(alias, token.start, token.end, token.mark)
            if alias.shouted and token.mark == "#":
                sighting = sighting._replace(tier=Tier.SEDANG, weakness=Weakness.NONE)
            if not home:
                yield sighting._replace(tier=Tier.LEMAH, weakness=Weakness.NAME)
                continue
            plain = alias.weakness is Weakness.NAME and not token.mark and not alias.shouted
            if plain and self._goes_on(words, place, alias.owner):
                # of a stranger's full name a part says nothing alone
                sighting = sighting._replace(weakness=Weakness.WORD)
            nickname = alias.registered and alias.kind is MentionKind.NAME and words.proper(token)
            yield sighting._replace(nickname=True) if nickname else sighting

    def _borne_at(self, word: str, aliases: Sequence[Alias], contests: frozenset[int]) -> list[Alias]:
        """Return what a common name names in some contests, in order; hundreds bear some in the whole country."""
        held = self._bearers_at.get(word)
        if held is None:
            held = self._bearers_at[word] = {}
            for place, alias in enumerate(aliases):
                held.setdefault(self._register.owners[alias.owner].contest, []).append((place, alias))
        near = [entry for contest in contests for entry in held.get(contest, ())]
        if len(contests) > 1:
            near.sort(key=itemgetter(0))
        return [alias for _, alias in near]

    def _misspelt(self, words: _Words, place: int, token: Token, meant: Sequence[Misspelt]) -> Iterable[Sighting]:
        """Return the name that a word misspells, if it can be one pair's only."""
        home = [(m, owners) for m in meant if (owners := self._bearers(m.word, words.at_home))]
        chosen = home or [(m, owners) for m in meant if (owners := self._bearers(m.word, None))]
        if not chosen:
            return
        best, owners = chosen[0]
        if any(m.edits == best.edits and not others <= owners for m, others in chosen[1:]):
            return  # between two pairs a misspelling says nothing
        size = len(best.word)
        if not home and (len(owners) > 1 or size < (_PLAIN_FROM if words.at_home else LONG_ENOUGH)):
            return  # of pairs elsewhere only a long word says anything
        said = size >= _SHORT_MISSPELT or self._signed(words, place, token)
        if not (home or said):
            return
        sure = bool(home) and said
        tier, weakness = (best.tier, Weakness.NONE) if sure else (Tier.LEMAH, Weakness.NAME)
        for owner in owners:
            where = token.start, token.end, best.word
            yield sighting_of((owner, MentionKind.MISSPELLING, tier, *where, weakness, False, (), ()))

    def _signed(self, words: _Words, place: int, token: Token) -> bool:
        """Whether a sign says that a person is meant by a word: a short text, a capital, a greeting, an election."""
        return words.few or words.proper(token) or self._greeted(words, place) or words.about

    def _bearers(self, word: str, contests: frozenset[int] | None) -> frozenset[int]:
        """Return the pairs of some contests, or of any, whose name a misspelt word can be."""
        borne = self._borne.get(word)
        if borne is None:
            borne = self._borne[word] = self._borne_by(word)
        if contests is None:
            return borne.owners
        if borne.contests.isdisjoint(contests):
            return _NOBODY
        held = self._register.owners
        return frozenset([owner for owner in borne.owners if held[owner].contest in contests])

    def _borne_by(self, word: str) -> _Borne:
        names = self._register.name_words.get(word, ()) or self._senses.segments.joined_names(word)
        owners = frozenset(name.owner for name in names if name.bearable and not name.weakness)
        return _Borne(owners, frozenset(self._register.owners[owner].contest for owner in owners))

    def _opening(self, words: _Words, place: int, token: Token, owners: Sequence[int]) -> Iterable[Sighting]:
        """Return the pair whose member is called by the beginning of a name: `Pak Dim`."""
        mine = [o for o in owners if self._register.owners[o].contest in words.at_home]
        if len(mine) != 1 or self._another_name(words.reading, place) or self._goes_on(words, place, mine[0]):
            return
        if self._greeted(words, place) or words.proper(token):
            yield Sighting(mine[0], MentionKind.NAME, Tier.LEMAH, token.start, token.end, token.text, Weakness.NAME)

    def _goes_on(self, words: _Words, place: int, owner: int) -> bool:
        """Whether a name that is not the pair's follows right behind: whose `Pak Edi Contohan` is, nobody knows."""
        after = place + 1
        if after >= len(words.reading.words):
            return False
        token = words.reading.token(after)
        apart = words.found.text[words.reading.between(place, place)[1] : token.start]
        if apart != " " or token.fresh or token.text in self._senses.common or not words.proper(token):
            return False
        return all(name.owner != owner for name in self._register.name_words.get(token.text, ()))

    def _rough(self, found: Found, covered: set[int]) -> Iterable[Sighting]:
        """Yield whole names with a misspelt word in them: the other word says that the name is meant."""
        reading, looks = found.reading, found.scope.looks
        words, marked, fresh = reading.words, reading.marked, reading.fresh
        near = [place for place, word in enumerate(words) if place not in marked and looks[word] & _NEAR]
        for place in sorted({*near, *[place - 1 for place in near]}):
            if not 0 <= place < len(words) - 1 or place in covered or place + 1 in covered:
                continue
            if place in marked or place + 1 in marked or (fresh is not None and fresh[place + 1]):
                continue
            meant = self._senses.whole(words[place], words[place + 1])
            if not meant:
                continue
            token, other = reading.token(place), reading.token(place + 1)
            for form, edits in meant:
                for alias in self._register.phrases[form]:
                    if not alias.weakness:
                        plain = token.text in self._senses.common or other.text in self._senses.common
                        tier = Tier.KUAT if edits == 1 and len(form) > _LONG and not plain else Tier.SEDANG
                        yield Sighting(
                            alias.owner, MentionKind.MISSPELLING, tier, token.start, other.end, alias.written
                        )

    def _but_for_one(self, reading: Reading, covered: set[int]) -> Iterable[Sighting]:
        """Return long phrases whose first or last word is misspelt."""
        words = reading.words
        for match in self._senses.rests.find(reading):
            for rest in match.values:
                place = match.first - 1 if rest.before else match.last + 1
                if not 0 <= place < len(words) or place in covered:
                    continue
                word = words[place]
                limit = allowed_edits(len(rest.missing))
                edits = OSA.distance(word, rest.missing, score_cutoff=limit)
                if not 0 < edits <= limit or word in self._senses.common:
                    continue
                start, end = reading.between(min(place, match.first), max(place, match.last))
                for alias in self._register.phrases[rest.form]:
                    tier = Tier.KUAT if edits == 1 else Tier.SEDANG
                    yield Sighting(alias.owner, MentionKind.MISSPELLING, tier, start, end, alias.written)

    def _greeted(self, words: _Words, place: int) -> bool:
        return place > 0 and words.reading.words[place - 1] in self._greetings

    def _another_name(self, reading: Reading, place: int) -> bool:
        """Whether the word stands in somebody else's full name: a common first name right before it."""
        return place > 0 and reading.words[place - 1] in self._first_names


class _Borne(NamedTuple):
    """Who bears a word in a name, and in which contests; asked for every misspelt word, so kept."""

    owners: frozenset[int]
    contests: frozenset[int]


class _Words:
    """A reading with what its single words are weighed by."""

    def __init__(self, found: Found, at_home: frozenset[int]) -> None:
        self.found = found
        self.reading = found.reading
        self.at_home = at_home
        self.few = len(self.reading.words) < _MANY_WORDS
        self._loud = found.loud
        self._opening = self.reading.between(0, 0)[0] if self.reading.words else 0

    @property
    def about(self) -> bool:
        """Whether the text is about an election, by its own words or its parent's."""
        if self.found.aloof:
            return False
        setting = self.found.setting
        above = self.found.above is not None and bool(self.found.above.contests)
        return above or bool(setting.campaign) or setting.general or bool(setting.races or setting.posts)

    def shouted(self, token: Token) -> bool:
        """Whether a word stands in capitals in a text that does not, or is a tag."""
        return token.mark == "#" or (not self._loud and self.found.text[token.start : token.end].isupper())

    def proper(self, token: Token) -> bool:
        """Whether a capital marks the word as a name: inside a sentence, or all capitals."""
        if self._loud or token.mark:
            return False
        written = self.found.text[token.start : token.end]
        return written[:1].isupper() and (not (token.fresh or token.start == self._opening) or written.isupper())


def _plain(token: Token) -> bool:
    """Whether a word reads as it is written, without a mark: then the first look knows it."""
    text = token.text
    return not token.mark and text is token.raw and text.isascii() and text.isalpha()


def _sighting(alias: Alias, start: int, end: int, mark: str) -> Sighting:
    """Weigh a phrase by where it stands: inside another account's handle it is no name."""
    tier = alias.tier
    if mark == "@" and tier is Tier.KUAT and " " not in alias.written:
        tier = Tier.SEDANG
    kind = MentionKind.HASHTAG if mark == "#" and alias.kind is not MentionKind.SLOGAN else alias.kind
    return sighting_of(
        (alias.owner, kind, tier, start, end, alias.written, alias.weakness, False, alias.requires, alias.excludes)
    )
