"""What a single word may stand for: asked once for each word and remembered, so that one look leaves most texts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ahocorasick_rs import AhoCorasick
from rapidfuzz.distance import OSA

from rules.automaton import PhraseFinder
from rules.joined import JoinedNames
from rules.lexicon import Lexicon
from rules.misspelling import Misspellings, Misspelt, RoughSpellings, allowed_edits
from rules.numbers import NumberReader
from rules.register import Alias, Register, Weakness
from rules.segments import RunOn, Segmenter
from rules.text import Token, read, stretched, surface

FIRM = 1  # names a pair wherever it stands
ANCHOR = 2  # the rarest word of a phrase that does
LOOSE = 4  # a name that counts here by itself, or in company
NUMBER = 8
MARKER = 16  # a word that makes a number one of a ballot, or an appeal
CONTEXT = 32  # a word that speaks of elections
OPENING = 64  # the beginning of a name, used as a nickname
EVERYDAY = 128  # a registered name that is an everyday word
PART = 256  # a word of a longer name
MISSPELT = 512
REST = 2048  # a word of a phrase of three words or more
PLACE = 1024  # a word of a contest's place
_REMEMBERED = 200_000
_SCOPES = 64
_LONGEST = 80  # a longer word is no name, nor several
_NAMED_FROM = 3
_ROUGH_FROM = 5  # beside another word of the same name one edit counts in a word this long, two in a longer one
_TWO = 2
_STEM_FROM = 4
_SUFFIXES = ("lah", "kah", "pun", "nya", "ku", "mu", "kan", "in", "an", "i")
_PREFIXES = {
    "m": ("me", "mem", "men", "meng", "meny", "memper"),
    "b": ("ber",),
    "t": ("ter",),
    "p": ("pe", "pem", "pen", "peng", "per"),
    "d": ("di", "diper"),
    "k": ("ke", "keber"),
    "s": ("se",),
    "n": ("nge", "ng", "ny"),
}


@dataclass(frozen=True, slots=True)
class Sense:
    """What one word may stand for by itself: a name of the register, a run-on of names, a misspelt name."""

    loose: tuple[Alias, ...] = ()
    tags: tuple[Alias, ...] = ()
    runs: tuple[RunOn, ...] = ()
    misspelt: tuple[Misspelt, ...] = ()
    openings: tuple[int, ...] = ()
    unknown: bool = False  # nothing known: perhaps a name misspelt by two edits

    def __bool__(self) -> bool:
        """Whether the word may stand for anything."""
        return bool(self.loose or self.tags or self.runs or self.misspelt or self.openings)


_NOTHING = Sense()
_UNKNOWN = Sense(unknown=True)


@dataclass(frozen=True, slots=True)
class Rest:
    """A phrase, and the word at its beginning (`before`) or end that is looked for misspelt."""

    form: str
    missing: str
    before: bool


class Senses:
    """The senses of words, and of a text's words together; remembers what it was asked."""

    def __init__(self, register: Register, lexicon: Lexicon) -> None:
        self._register = register
        self.names = frozenset(register.name_words) | {w for p in register.phrases for w in p.split()}
        self.common = lexicon.words("umum", "kampanye", "sikap", "konteks", "nomor", "kedinasan", "gelar", "gabungan")
        usable = [
            word
            for word, held in register.name_words.items()
            if allowed_edits(len(word)) and any(n.bearable and not n.weakness for n in held)
        ]
        joined = JoinedNames(register)
        self.misspellings = Misspellings((*usable, *joined.forms), self.common | register.name_words.keys())
        self.segments = Segmenter(register, lexicon, joined, self.misspellings)
        self._usable = frozenset(usable)
        self._stems = frozenset(w for w in lexicon.words("umum.kata", "kampanye", "sikap") if len(w) >= _STEM_FROM)
        self._numbers = NumberReader(lexicon)
        self._tag_words = lexicon.tags.words
        self._phrases = PhraseFinder(register.phrases)
        self._inside = _automaton(w for w in register.name_words if len(w) > _NAMED_FROM)
        self._after, self._before = _neighbours(register)
        self.rests: PhraseFinder[Rest] = PhraseFinder(_rests(register))
        self.neighbours = self._after.keys() | self._before.keys()
        self._plain_bits = dict(_anchors(register, self.common))
        for bit, words in (
            (CONTEXT, _openings(lexicon.words("konteks"))),
            (PLACE, _openings(p for names in register.region_names for p in names)),
            (MARKER, self._numbers.markers | _openings(lexicon.words("kampanye"))),
            (PART, self.neighbours),
            (REST, {w for rest in _rests(register) for w in rest.split()}),
        ):
            for word in words:
                self._plain_bits[word] = self._plain_bits.get(word, 0) | bit
        self._scoped: dict[frozenset[int], Looks] = {}
        self._known: dict[tuple[str, str, str, tuple[int, ...]], Sense] = {}
        self._whole: dict[tuple[str, str], tuple[tuple[str, int], ...]] = {}

    def looks(self, home: frozenset[int]) -> Looks:
        """Return the memory of words as they are seen from some contests; kept for the last few places asked about."""
        known = self._scoped.pop(home, None)
        if known is None:
            known = Looks(self, home)
        self._scoped[home] = known
        if len(self._scoped) > _SCOPES:
            del self._scoped[next(iter(self._scoped))]
        return known

    def of(self, token: Token) -> Sense:
        """Return what a word may stand for."""
        if len(token.raw) > _LONGEST or (token.raw.isdecimal() and not token.mark):
            return _NOTHING
        key = (token.mark, token.raw, token.text, token.parts)
        sense = self._known.get(key)
        if sense is None:
            if len(self._known) > _REMEMBERED:
                self._known.clear()
            sense = self._known[key] = self._sense(token)
        return sense

    def rough_spellings(self, home: frozenset[int]) -> RoughSpellings:
        """Return what finds the long names of some contests, also in one word; the names of all for none."""
        if not home:
            return RoughSpellings(self._usable)
        owners = {owner for contest in home for owner in self._register.of_contest[contest]}
        names = (
            word
            for word, held in self._register.name_words.items()
            if any(n.owner in owners and n.bearable and not n.weakness for n in held)
        )
        return RoughSpellings((*names, *self.segments.joined.of(owners)))

    def bits(self, token: Token, looks: Looks) -> int:
        """Return what a word may be, seen from some contests."""
        bits = self._plain_bits.get(token.text, 0)
        sense = self.of(token)
        if sense.unknown and looks.rough(token.text):
            bits |= LOOSE
        if sense:
            bits |= self._loose_bits(sense, looks.home)
            if sense.runs or sense.tags:
                bits |= FIRM
            if any(self._register.owners[o].contest in looks.home for o in sense.openings):
                bits |= OPENING
        if token.mark == "#":
            return bits | self._tag_bits(token.raw)
        value, padded = self._numbers.value(token)
        if value is not None:
            bits |= NUMBER | MARKER if padded else NUMBER
        return bits

    def _tag_bits(self, tag: str) -> int:
        """Return what the words and numbers inside a tag are; capitals that part it are not seen here."""
        bits = FIRM if self._inside is not None and self._inside.find_matches_as_indexes(tag) else 0
        if self._numbers.in_tag(tag):
            bits |= NUMBER | MARKER
        for word in self._tag_words(tag):
            bits |= self._plain_bits.get(word.split(" ", 1)[0], 0) & (CONTEXT | PLACE)
        return bits

    def _loose_bits(self, sense: Sense, home: frozenset[int]) -> int:
        bits = 0
        owners = self._register.owners
        alone = len(sense.loose) == 1
        for alias in sense.loose:
            here = owners[alias.owner].contest in home
            if alias.weakness is Weakness.WORD:
                bits |= EVERYDAY if here and alias.registered else 0
            elif here or (alone and not alias.weakness):
                bits |= LOOSE
        if sense.misspelt:
            names = self._register.name_words
            near = any(owners[n.owner].contest in home for m in sense.misspelt for n in names[m.word])
            bits |= LOOSE | MISSPELT if near or sense.misspelt[0].plain else MISSPELT
        return bits

    def has_phrase(self, words: Sequence[str]) -> bool:
        """Whether a phrase that names a pair stands among words, whatever marks part them."""
        return self._phrases.any_in(" " + " ".join(words) + " ")

    def rough_in(self, words: Sequence[str], looks: Looks) -> bool:
        """Whether a misspelt whole name may stand among words."""
        before = ""
        for word in words:
            if before and looks[before] | looks[word] & (PART | MISSPELT) and self.whole(before, word):
                return True
            before = word
        return False

    def whole(self, left: str, right: str) -> tuple[tuple[str, int], ...]:
        """Return the two-word names that two words misspell with one or two edits, nearest first, and the edits."""
        key = (left, right)
        known = self._whole.get(key)
        if known is None:
            if len(self._whole) > _REMEMBERED:
                self._whole.clear()
            known = self._whole[key] = self._misspelt_whole(left, right)
        return known

    def rest_in(self, words: Sequence[str]) -> bool:
        """Whether a long phrase but for its first or last word stands among words."""
        return self.rests.any_in(" " + " ".join(words) + " ")

    def _misspelt_whole(self, left: str, right: str) -> tuple[tuple[str, int], ...]:
        if f"{left} {right}" in self._register.phrases:
            return ()
        near: dict[str, int] = {}
        if right not in self.common:
            most = 1 if left in self.common else _TWO  # beside a common name a stranger's is soon alike
            for other in self._after.get(left, ()):
                _note(near, f"{left} {other}", (right, other), most)
        if left not in self.common:
            most = 1 if right in self.common else _TWO
            for other in self._before.get(right, ()):
                _note(near, f"{other} {right}", (left, other), most)
        if not near:
            for one in self.misspellings.find(left):
                for two in self.misspellings.find(right):
                    form = f"{one.word} {two.word}"
                    if form in self._register.phrases:
                        near[form] = _TWO
        least = min(near.values(), default=0)
        return tuple(sorted((form, edits) for form, edits in near.items() if edits == least))

    def _sense(self, token: Token) -> Sense:
        register = self._register
        plain = not token.mark
        loose = tuple(register.loose.get(token.text, ()))
        tags = tuple(register.hashtags.get(token.raw, ())) if token.mark == "#" else ()
        openings = register.openings.get(token.text, ()) if plain and not loose else ()
        ordinary = plain and (token.text in self.common or self._derived(token.text))
        if ordinary or token.mark == "/" or len(token.text) < _NAMED_FROM:
            return Sense(loose=loose, tags=tags, openings=openings) if loose or tags or openings else _NOTHING
        runs = self._runs(token)
        meant = () if runs or token.mark == "@" else self.misspellings.find(token.text)
        misspelt = tuple(m for m in meant if m.word in self._usable) if meant else ()
        unknown = not (loose or tags or runs or misspelt or token.mark or token.text in self.names)
        if unknown and not openings:
            return _UNKNOWN
        return Sense(loose, tags, runs, misspelt, openings, unknown)

    def _derived(self, word: str) -> bool:
        """Whether a word is an everyday word with the prefixes and suffixes of the language; no name is."""
        if word in self.names:
            return False
        prefixes = _PREFIXES.get(word[0], ())
        bare = [word]
        for _ in range(_TWO):  # "-kannya"
            bare.extend([w[: -len(suffix)] for w in bare for suffix in _SUFFIXES if w.endswith(suffix)])
        known = self._stems
        return any(
            w in known or any(w.startswith(prefix) and w[len(prefix) :] in known for prefix in prefixes) for w in bare
        )

    def _runs(self, token: Token) -> tuple[RunOn, ...]:
        if not token.mark and (token.text in self._register.loose or token.text in self._register.phrases):
            return ()
        runs = self.segments.find(token.raw, tag=bool(token.mark))
        if not runs and token.raw != token.text:
            runs = self.segments.find(token.text, tag=bool(token.mark))
        if not runs and token.parts:
            runs = self.segments.find_parts(token.raw, token.parts)
        return runs


class Looks(dict[str, int]):
    """The bits of words as seen from some contests, found at the first asking."""

    def __init__(self, senses: Senses, home: frozenset[int]) -> None:
        super().__init__()
        self._senses = senses
        self.home = home
        self._rough = senses.rough_spellings(home)
        self._texts: dict[str, str] = {}

    def __missing__(self, word: str) -> int:
        if len(word) > _LONGEST or (word.isdecimal() and len(word) > _TWO):
            return 0
        if len(self) > _REMEMBERED:
            self.clear()
            self._texts.clear()
        bits = 0
        simple = word.isascii() and word.isalpha() and not stretched(word)
        tokens = (Token(word, word, 0, len(word)),) if simple else read(word, self._senses.names).tokens
        for token in tokens:
            bits |= self._senses.bits(token, self)
        plain = " ".join(token.text for token in tokens)
        if plain != word:
            self._texts[word] = plain
        self[word] = bits
        return bits

    def glance(self, text: str) -> int:
        """Return all that the words of a text may be, as bits; 0 for most texts."""
        words = surface(text)
        bits = 0
        for look in set(map(self.__getitem__, words)):
            bits |= look
        if bits & ANCHOR and not bits & FIRM and self._senses.has_phrase(self._plain(words)):
            bits |= FIRM
        if bits & (PART | MISSPELT) and not bits & (FIRM | LOOSE) and self._senses.rough_in(self._plain(words), self):
            bits |= LOOSE
        if bits & REST and not bits & (FIRM | LOOSE) and self._senses.rest_in(self._plain(words)):
            bits |= FIRM
        return bits

    def rough(self, word: str) -> tuple[Misspelt, ...]:
        """Return the long names of these contests that a word misspells by two edits."""
        return self._rough.near(word)

    def _plain(self, words: Sequence[str]) -> list[str]:
        texts = self._texts
        return [texts.get(word, word) for word in words] if texts else list(words)


def _anchors(register: Register, common: frozenset[str]) -> Mapping[str, int]:
    """Return for each phrase its rarest word, with FIRM; LOOSE where all ways to name somebody by it are weak."""
    frequency: dict[str, int] = {}
    for form in register.phrases:
        for word in form.split():
            frequency[word] = frequency.get(word, 0) + 1
    anchors: dict[str, int] = {}
    for form in register.phrases:
        anchor = min(form.split(), key=lambda w: (w in common, frequency[w], -len(w), w))
        anchors[anchor] = FIRM if anchor == form else anchors.get(anchor, ANCHOR)
    return anchors


def _openings(phrases: Iterable[str]) -> frozenset[str]:
    return frozenset(p.split(" ", 1)[0] for p in phrases)


def _automaton(words: Iterable[str]) -> AhoCorasick | None:
    chosen = sorted(words)
    return AhoCorasick(chosen) if chosen else None


def _neighbours(register: Register) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """Return for each word of a two-word name the words that stand after it, and before it."""
    after: dict[str, list[str]] = {}
    before: dict[str, list[str]] = {}
    for form, aliases in register.phrases.items():
        left, _, right = form.partition(" ")
        if right and " " not in right and any(not a.weakness and not a.coined for a in aliases):
            after.setdefault(left, []).append(right)
            before.setdefault(right, []).append(left)
    return after, before


def _rests(register: Register) -> dict[str, list[Rest]]:
    """Return long phrases without their first word, and without their last."""
    rests: dict[str, list[Rest]] = {}
    for form, aliases in register.phrases.items():
        words = form.split()
        if len(words) > _TWO and any(not a.weakness for a in aliases):
            for missing, before, rest in ((words[0], True, words[1:]), (words[-1], False, words[:-1])):
                if len(missing) >= _ROUGH_FROM:
                    rests.setdefault(" ".join(rest), []).append(Rest(form, missing, before))
    return rests


def _note(near: dict[str, int], form: str, words: tuple[str, str], most: int) -> None:
    """Note a whole name whose one word is misspelt by at most so many edits."""
    token, word = words
    if token == word or len(word) < _ROUGH_FROM:
        return
    limit = min(most, 2 if len(word) > _ROUGH_FROM else 1)
    edits = OSA.distance(token, word, score_cutoff=limit)
    if edits <= limit:
        near[form] = min(edits, near.get(form, edits))
