"""What a single word may stand for: asked once for each word and remembered, so that one look leaves most texts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick
from rapidfuzz import process
from rapidfuzz.distance import OSA

from rules.affixes import Affixes
from rules.automaton import PhraseFinder
from rules.companions import ROUGH_FROM as BESIDE_FROM
from rules.companions import Rest, anchors, neighbours, rests
from rules.joined import JoinedNames
from rules.lexicon import Lexicon
from rules.looks import (
    CONTEXT,
    EVERYDAY,
    FIRM,
    LONGEST,
    LOOSE,
    MARKER,
    MISSPELT,
    NUMBER,
    OPENING,
    PART,
    PLACE,
    RESHAPED,
    REST,
    SPEAKING,
    STRANGE,
    Looks,
)
from rules.misspelling import LONG_ENOUGH, ROUGH_FROM, Misspellings, Misspelt, RoughSpellings, allowed_edits
from rules.numbers import NumberReader
from rules.reading import Token
from rules.register import Alias, Register, Weakness
from rules.segments import RunOn, Segmenter
from rules.text import stretched, tokens_of, unstretched

_REMEMBERED = 200_000
_NAMED_FROM = 3
_TWO = 2
_SEVERAL = 6  # so many names are asked for their distance at once


class Sense(NamedTuple):
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

    @property
    def local(self) -> bool:
        """Whether the weight of the word depends on where a text is read."""
        return bool(self.loose or self.misspelt or self.openings or self.unknown)


class Face(NamedTuple):
    """What a word as it is written may be: bits that hold everywhere, how it is read, senses to weigh by place."""

    bits: int
    text: str
    local: tuple[tuple[Sense, str], ...] = ()


_NOTHING = Sense()
_UNKNOWN = Sense(unknown=True)
_Senses = tuple[tuple[Alias, ...], tuple[Alias, ...], tuple[RunOn, ...], tuple[Misspelt, ...], tuple[int, ...], bool]
_sense_of: Callable[[_Senses], Sense] = partial(tuple.__new__, Sense)  # the tuple's own way: soonest done
_face_of: Callable[[tuple[int, str, tuple[tuple[Sense, str], ...]]], Face] = partial(tuple.__new__, Face)


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
        self._everywhere = RoughSpellings((*usable, *joined.forms))
        self._words_of = _words_of(register)
        self._affixes = Affixes(lexicon.words("umum.kata", "kampanye", "sikap"))
        self._numbers = NumberReader(lexicon)
        self._tag_words = lexicon.tags.words
        self._phrases = PhraseFinder(register.phrases)
        self._inside = _automaton(w for w in register.name_words if len(w) > _NAMED_FROM)
        self._after, self._before = neighbours(register)
        self.rests: PhraseFinder[Rest] = PhraseFinder(rests(register))
        self.neighbours = self._after.keys() | self._before.keys()
        self._plain_bits = dict(anchors(register, self.common))
        for bit, words in (
            (CONTEXT, _openings(lexicon.words("konteks"))),
            (PLACE, _openings(p for names in register.region_names for p in names)),
            (MARKER, self._numbers.markers | _openings(lexicon.words("kampanye"))),
            (PART, self.neighbours),
            (REST, {w for rest in rests(register) for w in rest.split()}),
        ):
            for word in words:
                self._plain_bits[word] = self._plain_bits.get(word, 0) | bit
        # A word that is in none of these is a stranger: most words that are asked for the first time.
        self._listed = self._plain_bits.keys() | self._numbers.spelt | self.common | self.names
        self._listed |= register.loose.keys() | register.openings.keys() | register.phrases.keys()
        self._known: dict[str | tuple[str, str, str, tuple[int, ...]], Sense] = {}
        self._faces: dict[str, Face | int] = {}
        self._whole: dict[tuple[str, str], tuple[tuple[str, int], ...]] = {}

    def of(self, token: Token) -> Sense:
        """Return what a word may stand for."""
        if len(token.raw) > LONGEST or (token.raw.isdecimal() and not token.mark):
            return _NOTHING
        plain = token.text == token.raw and not token.mark
        key = token.text if plain else (token.mark, token.raw, token.text, token.parts)
        sense = self._known.get(key)
        if sense is None and plain and self._faces.get(token.text) == STRANGE:
            return _UNKNOWN
        if sense is None:
            sense = self._sense(token)
            if sense or not plain:  # of plain words that say nothing, the faces are remembered
                self._keep(key, sense)
        return sense

    def _keep(self, key: str | tuple[str, str, str, tuple[int, ...]], sense: Sense) -> None:
        if len(self._known) > _REMEMBERED:
            self._known.clear()
        self._known[key] = sense

    def face(self, word: str) -> Face | int:
        """Return what a word as it is written may be; only its bits where it reads so and no place matters."""
        face = self._faces.get(word)
        if face is None:
            if len(self._faces) > _REMEMBERED:
                self._faces.clear()
            face = self._faces[word] = self._face(word)
        return face

    def as_read(self, word: str) -> str:
        """Return a word in the shape in which it is read."""
        face = self.face(word)
        return word if isinstance(face, int) else face.text

    def _face(self, word: str) -> Face | int:
        if word.isascii() and word.isalpha():
            if not stretched(word):
                return self._plain_face(word)
            once = unstretched(word, self.names)
            if once:
                face = self.face(once)
                if isinstance(face, int):
                    return Face((face & ~STRANGE) | RESHAPED, once, ((_UNKNOWN, once),) if face & STRANGE else ())
                return _face_of((face.bits | RESHAPED, once, face.local))
        return self._face_of(word, tokens_of(word, self.names))

    def _plain_face(self, word: str) -> Face | int:
        """Return what a word without marks, digits and held letters may be: as `_face_of` says of its one token."""
        if word in self._listed:
            bits = self._plain_bits.get(word, 0)
            if word in self._numbers.spelt:
                bits |= NUMBER
            sense = self._plain_sense(word)
        else:
            bits = 0
            sense = self._strange_sense(word)
        if sense is _NOTHING:
            return bits
        if sense is _UNKNOWN and not bits:
            return STRANGE
        if sense:
            self._keep(word, sense)
            bits |= FIRM | SPEAKING if sense.runs else SPEAKING
        return _face_of((bits, word, ((sense, word),))) if sense.local else bits

    def _face_of(self, word: str, tokens: Sequence[Token]) -> Face | int:
        bits = 0
        local: list[tuple[Sense, str]] = []
        for token in tokens:
            bits |= self._plain_bits.get(token.text, 0)
            sense = self.of(token)
            if sense:
                bits |= FIRM | SPEAKING if sense.runs or sense.tags else SPEAKING
            if sense.local:
                local.append((sense, token.text))
            if token.mark == "#":
                bits |= self._tag_bits(token.raw)
                continue
            value, padded = self._numbers.value(token)
            if value is not None:
                bits |= NUMBER | MARKER if padded else NUMBER
        text = " ".join([token.text for token in tokens])
        if text == word:
            return Face(bits, word, tuple(local)) if local else bits
        return _face_of((bits | RESHAPED, text, tuple(local)))

    def rough_spellings(self, home: frozenset[int]) -> RoughSpellings:
        """Return what finds the long names of some contests, also in one word; the names of all for none."""
        if not home:
            return self._everywhere
        owners = [owner for contest in home for owner in self._register.of_contest[contest]]
        names = (word for owner in owners for word in self._words_of.get(owner, ()))
        return RoughSpellings((*names, *self.segments.joined.of(owners)))

    def bits(self, face: Face, looks: Looks) -> int:
        """Return what a word may be, seen from some contests."""
        bits = face.bits
        for sense, text in face.local:
            if sense.unknown and looks.rough(text):
                bits |= LOOSE | SPEAKING
            if sense.loose or sense.misspelt:
                bits |= self._loose_bits(sense, looks.home)
            if sense.openings and any(self._register.owners[o].contest in looks.home for o in sense.openings):
                bits |= OPENING
        return bits

    def bits_of_number(self, word: str) -> int:
        """Return what a number of more than two digits may be: the beginning of a phrase about elections."""
        return self._plain_bits.get(word, 0) & (CONTEXT | MARKER)

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
        for alias in sense.loose if alone or home else ():  # from nowhere a common name says nothing
            here = owners[alias.owner].contest in home
            if alias.weakness is Weakness.WORD:
                bits |= EVERYDAY if here and alias.registered else 0
            elif here or (alone and not alias.weakness):
                bits |= LOOSE
        if sense.misspelt:
            names = self._register.name_words
            near = any(owners[n.owner].contest in home for m in sense.misspelt for n in names[m.word])
            bits |= LOOSE | MISSPELT if near or _far(sense.misspelt, home) else MISSPELT
        return bits

    def has_phrase(self, words: Sequence[str]) -> bool:
        """Whether a phrase that names a pair stands among words, whatever marks part them."""
        return self._phrases.any_in(words)

    def whole(self, left: str, right: str) -> tuple[tuple[str, int], ...]:
        """Return the two-word names that two words misspell with one or two edits, nearest first, and the edits."""
        if len(left) > LONGEST or len(right) > LONGEST:
            return ()
        key = (left, right)
        known = self._whole.get(key)
        if known is None:
            if len(self._whole) > _REMEMBERED:
                self._whole.clear()
            known = self._whole[key] = self._misspelt_whole(left, right)
        return known

    def rest_in(self, words: Sequence[str]) -> bool:
        """Whether a long phrase but for its first or last word stands among words."""
        return self.rests.any_in(words)

    def _misspelt_whole(self, left: str, right: str) -> tuple[tuple[str, int], ...]:
        if f"{left} {right}" in self._register.phrases:
            return ()
        near: dict[str, int] = {}
        common = self.common
        if right not in common and left in self._after:
            most = 1 if left in common else _TWO  # beside a common name a stranger's is soon alike
            near = {f"{left} {other}": edits for other, edits in _close(right, self._after[left], most)}
        if left not in common and right in self._before:
            most = 1 if right in common else _TWO
            near.update({f"{other} {right}": edits for other, edits in _close(left, self._before[right], most)})
        if not near and (ones := self.misspellings.find(left)) and (twos := self.misspellings.find(right)):
            forms = [f"{one.word} {two.word}" for one in ones for two in twos]
            near = {form: _TWO for form in forms if form in self._register.phrases}
        if not near:
            return ()
        least = min(near.values())
        return tuple(sorted([(form, edits) for form, edits in near.items() if edits == least]))

    def _sense(self, token: Token) -> Sense:
        if token.text == token.raw and not token.mark:
            return self._plain_sense(token.text)
        register = self._register
        plain = not token.mark
        loose = tuple(register.loose.get(token.text, ()))
        tags = tuple(register.hashtags.get(token.raw, ())) if token.mark == "#" else ()
        openings = register.openings.get(token.text, ()) if plain and not loose else ()
        ordinary = plain and (token.text in self.common or self._everyday(token.text))
        if ordinary or token.mark == "/" or len(token.text) < _NAMED_FROM:
            return Sense(loose=loose, tags=tags, openings=openings) if loose or tags or openings else _NOTHING
        runs = self._runs(token)
        meant = () if runs or token.mark == "@" else self.misspellings.find(token.text)
        misspelt = tuple(m for m in meant if m.word in self._usable) if meant else ()
        unknown = not (loose or tags or runs or misspelt or token.mark or token.text in self.names)
        if unknown and not openings:
            return _UNKNOWN if len(token.text) >= ROUGH_FROM else _NOTHING
        return Sense(loose, tags, runs, misspelt, openings, unknown)

    def _plain_sense(self, word: str) -> Sense:
        """Return what a word without a mark may stand for that is read as it is written."""
        register = self._register
        loose = tuple(register.loose.get(word, ()))
        openings = () if loose else register.openings.get(word, ())
        size = len(word)
        if size < _NAMED_FROM or word in self.common or self._everyday(word):
            return Sense(loose=loose, openings=openings) if loose or openings else _NOTHING
        known = word in self.names
        runs = () if loose or word in register.phrases else self.segments.find(word)
        meant = () if runs else self.misspellings.find(word)
        misspelt = tuple([m for m in meant if m.word in self._usable]) if meant else ()
        if loose or runs or misspelt or openings:
            unknown = not (loose or runs or misspelt or known)
            return _sense_of((loose, (), runs, misspelt, openings, unknown))
        return _UNKNOWN if size >= ROUGH_FROM and not known else _NOTHING

    def _strange_sense(self, word: str) -> Sense:
        """Return what a word may stand for that no list of words and no name has: as `_plain_sense` says of it."""
        if len(word) < _NAMED_FROM or self._affixes.derived(word):
            return _NOTHING
        near = self.misspellings.look_up(word)
        runs = self.segments.find_strange(word, near)
        misspelt = tuple([m for m in near if m.word in self._usable]) if near and not runs else ()
        if runs or misspelt:
            return _sense_of(((), (), runs, misspelt, (), False))
        return _UNKNOWN if len(word) >= ROUGH_FROM else _NOTHING

    def _everyday(self, word: str) -> bool:
        """Whether a word is an everyday word with the prefixes and suffixes of the language; no name is."""
        return word not in self.names and self._affixes.derived(word)

    def _runs(self, token: Token) -> tuple[RunOn, ...]:
        if not token.mark and (token.text in self._register.loose or token.text in self._register.phrases):
            return ()
        runs = self.segments.find(token.raw, token.mark)
        if not runs and token.raw != token.text:
            runs = self.segments.find(token.text, token.mark)
        if not runs and token.parts:
            runs = self.segments.find_parts(token.raw, token.parts)
        return runs


def _openings(phrases: Iterable[str]) -> frozenset[str]:
    return frozenset(p.split(" ", 1)[0] for p in phrases)


def _automaton(words: Iterable[str]) -> AhoCorasick | None:
    chosen = sorted(words)
    return AhoCorasick(chosen) if chosen else None


def _words_of(register: Register) -> dict[int, list[str]]:
    """Return, for each owner, the words of its names of which misspellings may be looked for."""
    words: dict[int, list[str]] = {}
    for word, held in register.name_words.items():
        for name in held:
            if name.bearable and not name.weakness:
                words.setdefault(name.owner, []).append(word)
    return words


def _far(misspelt: Sequence[Misspelt], home: frozenset[int]) -> bool:
    """Whether a misspelt name may count weakly wherever its contest is; more of them where nobody's region is known."""
    return misspelt[0].plain or (not home and len(misspelt[0].word) >= LONG_ENOUGH)


def _close(token: str, words: Sequence[str], most: int) -> list[tuple[str, int]]:
    """Return the words that a token misspells by at most so many edits, and the edits."""
    if len(words) > _SEVERAL:
        near = [(w, n) for w, n, _ in process.extract(token, words, scorer=OSA.distance, score_cutoff=most, limit=None)]
    else:
        near = [(word, OSA.distance(token, word, score_cutoff=most)) for word in words]
    return [(word, edits) for word, edits in near if 0 < edits <= (most if len(word) > BESIDE_FROM else 1)]
