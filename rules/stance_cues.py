"""Words and signs of stance as they stand in a text: which side, in which clause, after which negation."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from rules.automaton import Found, PhraseFinder
from rules.lazily import lazily
from rules.lexicon import HINTS, Lexicon
from rules.reading import Reading, Token

_PRAISE = "👍❤♥💙💚💛🧡💜🤍🖤💖💕💗💓💘💞😍🥰😘🔥💪👏✊🙌💯🫡🥇🏆⭐🌟😎🤩👌"
_SCORN = "🤮🤢👎🖕💩🤡😡🤬😠🙄🐀🐷💔😤😒"
_LAUGHTER = "🤣😂😹😆"
_SIGNS = re.compile(f"[{_PRAISE}{_SCORN}{_LAUGHTER}]")
_LAUGHING = re.compile(f"[{_LAUGHTER}]")
_LAUGH = re.compile(r"(?:wk){2,}\w*|(?:kw){2,}\w*|(?:ha){2,}h?\w?|(?:xi){2,}\w*|awk\w+")
_LAUGHS = ("wkwk", "kwkw", "haha", "xixi", "awk")  # one of these is in every such word
_COMMA = re.compile(r"[,;:()\[\]–—…]|\s-\s|\.\.")
_COMMAS = (*",;:()[]–—…-", "..")  # one of these is in all that parts clauses: most texts have none
_QUOTED = re.compile(r"[“\"]([^“”\"\n]{2,300})[”\"]")
_REACH = 4  # a negation holds for a word within so many words after it
_SIDES = {
    "dukungan": 1, "ajakan": 1, "ajakan_aktif": 1, "ungkapan_dukungan": 1, "mending": 1, "hasil_baik": 1,
    "celaan": -1, "penolakan": -1, "ungkapan_celaan": -1, "enggan": -1, "hasil_buruk": -1,
}  # fmt: skip
_FORWARD = frozenset(
    {"ajakan", "ajakan_aktif", "penolakan", "ungkapan_dukungan", "ungkapan_celaan", "mending", "bukan_orang", "enggan"}
)
_SPEAKING = frozenset({*_SIDES, "bukan_orang", "sorak"})  # without a word of these lists no word takes a side
_FIXED = frozenset({"ungkapan_dukungan", "ungkapan_celaan"})
_FORBIDDING = frozenset({"jangan", "jgn", "ojo", "ulah"})
_NOTHING: frozenset[int] = frozenset()


class Cue(NamedTuple):
    """A word or sign that takes a side; `place` is its first word, `end_place` its last (between words for a sign).

    `forward` words look for their object after them; `fixed` ones keep their side in questions and after negations,
    `stiff` ones after negations only. An `agent` word right after a name tells what that person does.
    """

    side: int
    start: int
    end: int
    place: float
    end_place: float
    clause: int
    forward: bool = False
    fixed: bool = False
    weight: float = 1.0
    stiff: bool = False
    agent: bool = False


@dataclass(frozen=True)
class Clauses:
    """A text cut into clauses; `weights` are 2 after a contrast and a half in a concession."""

    reading: Reading
    of: tuple[int, ...]
    sentence: tuple[int, ...]
    weights: tuple[float, ...]
    lists: Mapping[str, list[tuple[int, int]]]
    quoted: tuple[tuple[int, int], ...] = field(default=())

    @lazily
    def sentence_of(self) -> dict[int, int]:
        """Return the sentence of each clause."""
        return dict(zip(self.of, self.sentence, strict=True))

    @lazily
    def asked(self) -> frozenset[int]:
        """Return the sentences that ask."""
        text, asking = self.reading.normal.original, self.lists.get("tanya", ())
        asked = set(self._marked(text)) if "?" in text else set()
        if asking:
            firsts = {self.sentence.index(s) for s in set(self.sentence)}
            asked |= {self.sentence[first] for first, _ in asking if first in firsts}
        return frozenset(asked)

    def _marked(self, text: str) -> Iterable[int]:
        """Yield the sentences that end in a question mark."""
        tokens = self.reading.tokens
        for index, token in enumerate(tokens):
            after = tokens[index + 1].start if index + 1 < len(tokens) else len(text)
            if "?" in text[token.end : after] and not (index + 1 < len(tokens) and self._inside(index)):
                yield self.sentence[index]

    def _inside(self, index: int) -> bool:
        """Whether the next word still belongs to the same sentence."""
        return self.sentence[index] == self.sentence[index + 1]

    @lazily
    def own_words(self) -> frozenset[int]:
        """Return the clauses that are the writer's own statement: not asked, and not reported unless as an opinion."""
        told, clauses = self.sentences_with("kutip"), self.clauses_with("kabar")
        if not (self.asked or told or clauses):
            return frozenset(self.of)
        own = self.sentences_with("pendapat")
        return frozenset(
            clause
            for clause, sentence in self.sentence_of.items()
            if sentence not in self.asked and (sentence in own or (sentence not in told and clause not in clauses))
        )

    def sentences_with(self, name: str) -> frozenset[int]:
        """Return the sentences that hold a word of a list."""
        held = self.lists.get(name)
        return frozenset([self.sentence[first] for first, _ in held]) if held else _NOTHING

    def clauses_with(self, name: str) -> frozenset[int]:
        """Return the clauses that hold a word of a list."""
        held = self.lists.get(name)
        return frozenset([self.of[first] for first, _ in held]) if held else _NOTHING


class CueFinder:
    """Finds the cues of texts; built once from the word lists."""

    def __init__(self, lexicon: Lexicon) -> None:
        phrases: dict[str, list[str]] = {}
        for name, words in lexicon.lists.items():
            if name.startswith(HINTS) and not name.startswith(HINTS + "tagar"):
                for word in words:
                    phrases.setdefault(word, []).append(name.removeprefix(HINTS))
        self._finder = PhraseFinder(phrases)
        self._appeals = lexicon.words("nomor.penanda_ajakan")
        self._tags = (
            tuple(sorted(lexicon.lists.get(HINTS + "tagar_dukungan", ()), key=len, reverse=True)),
            tuple(sorted(lexicon.lists.get(HINTS + "tagar_celaan", ()), key=len, reverse=True)),
        )

    def bare(self, reading: Reading, first: int, last: int) -> range:
        """Return the places of a name without the word that appeals for it: in `coblos 3` the number is the name."""
        return range(first + (first < last and reading.words[first] in self._appeals), last + 1)

    def clauses(self, reading: Reading, named: Collection[int]) -> Clauses | None:
        """Cut a text into clauses; words at the places `named` are names and nothing else.

        None where nothing in it takes a side: no word, sign, or tag at the places `named`. Most texts are so.
        """
        found = self._finder.find(reading)
        text = reading.normal.original
        speaks = any([not _SPEAKING.isdisjoint(f.values) for f in found])  # noqa: C419 - a generator costs more
        if not (speaks or _signed(text) or any(reading.marked.get(place) == "#" for place in named)):
            return None
        if reading.marked:
            found = [f for f in found if reading.marked.get(f.first) not in {"/", "@", "#"}]
        return _cut(reading, _lists(found, named), _quoted(text))

    def cues(self, clauses: Clauses, named: Collection[int]) -> list[Cue]:
        """Return the words, tags and signs that take a side, negations applied, in order of place."""
        cues = [cue for name in _SIDES if name in clauses.lists for cue in _of_list(clauses, name)]
        cues.extend([cue for place in sorted(named) for cue in self._tag(clauses, place)])
        cues.extend(_signs(clauses))
        if len(cues) > 1:
            cues.sort(key=lambda c: (c.place, c.start, c.side))
        return cues

    def _tag(self, clauses: Clauses, place: int) -> Iterable[Cue]:
        """Look into a tag that names a pair: what stands before or after the name in it."""
        token = clauses.reading.tokens[place]
        if token.mark != "#":
            return
        for side, words in zip((1, -1), self._tags, strict=True):
            for word in words:
                if len(token.raw) > len(word) and token.raw.startswith(word):
                    yield Cue(side, token.start, token.end, place, place, clauses.of[place])
                    return
                if side > 0 and len(token.raw) > len(word) and token.raw.endswith(word):
                    yield Cue(side, token.start, token.end, place, place, clauses.of[place])
                    return


def _signed(text: str) -> bool:
    """Whether a text holds a sign of praise, scorn or laughter, none of which is a plain letter."""
    return not text.isascii() and _SIGNS.search(text) is not None


def _quoted(text: str) -> tuple[tuple[int, int], ...]:
    if '"' not in text and "“" not in text:
        return ()
    return tuple([(m.start(1), m.end(1)) for m in _QUOTED.finditer(text)])


def _lists(found: Iterable[Found[str]], named: Collection[int]) -> Mapping[str, list[tuple[int, int]]]:
    """Return where words of each list stand, in order; of words that overlap the longest counts, no name does."""
    lists: dict[str, list[tuple[int, int]]] = {}
    taken: set[int] = set(named)
    for match in sorted(found, key=lambda f: (f.first - f.last, f.first)):
        places = range(match.first, match.last + 1)
        if taken.isdisjoint(places):
            taken.update(places)
            for name in match.values:
                lists.setdefault(name, []).append((match.first, match.last))
    for held in lists.values():
        held.sort()
    return lists


def laughs(clauses: Clauses) -> frozenset[int]:
    """Return the sentences with laughter or a word of mockery."""
    found, reading = set(clauses.sentences_with("sindiran")), clauses.reading
    together = " ".join(reading.words)
    if reading.odd or any([laugh in together for laugh in _LAUGHS]):  # noqa: C419 - a generator costs more
        tokens = reading.tokens
        found.update(clauses.sentence[i] for i, t in enumerate(tokens) if not t.mark and _LAUGH.fullmatch(t.raw))
    text = reading.normal.original
    for match in () if text.isascii() else _LAUGHING.finditer(text):
        tokens = reading.tokens
        found.add(clauses.sentence[before(tokens, match.start())] if tokens else 0)
    return frozenset(found)


def before(tokens: Sequence[Token], offset: int) -> int:
    """Return the last word that begins before an offset, the first word when none does."""
    place = 0
    for index, token in enumerate(tokens):
        if token.start >= offset:
            break
        place = index
    return place


def negated(cue: Cue, clauses: Clauses, cues: Sequence[Cue]) -> Cue | None:
    """Return the cue as the negations before it leave it; None where they leave nothing to go by."""
    if cue.fixed or cue.stiff or "negasi" not in clauses.lists:
        return cue
    floor = max((c.end_place for c in cues if c.clause == cue.clause and c.end_place < cue.place), default=-1.0)
    joined = [first for first, _ in clauses.lists.get("sambung", ()) if first < cue.place]
    near = [
        first
        for first, last in clauses.lists.get("negasi", ())
        if clauses.of[first] == cue.clause
        and floor < first
        and last < cue.place <= last + _REACH
        and not any(first < place for place in joined)
    ]
    if not len(near) % 2:
        return cue
    word = clauses.reading.tokens[near[-1]]
    if cue.side < 0 and word.text in _FORBIDDING:
        return None  # "jangan bohong" warns and says nothing of what was done
    return cue._replace(side=-cue.side, start=min(cue.start, word.start))


def _cut(reading: Reading, lists: Mapping[str, list[tuple[int, int]]], quoted: tuple[tuple[int, int], ...]) -> Clauses:
    text = reading.normal.original
    contrast = {first for first, _ in lists.get("lawan_kata", ())}
    concession = {first for first, _ in lists.get("meskipun", ())}
    commas = any([mark in text for mark in _COMMAS]) and _COMMA.search(text) is not None  # noqa: C419 - costs less
    if not (commas or contrast or concession or (reading.fresh is not None and True in reading.fresh)):
        whole = (0,) * len(reading.words)  # most texts are a single clause
        return Clauses(reading, whole, whole, (1.0,) * len(whole), lists, quoted)
    tokens = reading.tokens
    of, sentence, weights = [], [], []
    clause, number, weight = 0, 0, 1.0
    for index, token in enumerate(tokens):
        parted = commas and index and _COMMA.search(text, tokens[index - 1].end, token.start)
        if index and token.fresh:
            clause, number, weight = clause + 1, number + 1, 1.0
        elif index and (parted or index in contrast or index in concession):
            clause, weight = clause + 1, 1.0 if weight < 1 else weight
        if index in contrast:
            weight = 2.0
        elif index in concession:
            weight = 0.5
        of.append(clause)
        sentence.append(number)
        weights.append(weight)
    return Clauses(reading, tuple(of), tuple(sentence), tuple(weights), lists, quoted)


def _of_list(clauses: Clauses, name: str) -> Iterable[Cue]:
    wished = clauses.sentences_with("harap")
    negations = clauses.lists.get("negasi", ())
    for first, last in clauses.lists.get(name, ()):
        if name.startswith("hasil") and clauses.sentence[first] not in wished:
            continue  # who wins or loses is news, unless somebody wishes it
        if name == "enggan" and (first, last) in negations and _more(clauses, first):
            continue
        yield Cue(
            _SIDES[name], *clauses.reading.between(first, last), first, last, clauses.of[first],
            forward=name in _FORWARD, fixed=name in _FIXED, weight=clauses.weights[first],
            stiff=name == "mending", agent=name == "ajakan_aktif",
        )  # fmt: skip


def _more(clauses: Clauses, place: int) -> bool:
    """Whether a word that takes a side follows in the same clause, which the reluctance then turns round."""
    return any(
        place < first <= place + _REACH and clauses.of[first] == clauses.of[place]
        for name in ("dukungan", "ajakan", "celaan", "mending")
        for first, _ in clauses.lists.get(name, ())
    )


def _signs(clauses: Clauses) -> Iterable[Cue]:
    """Return the signs of praise and scorn; the same one in a row counts once."""
    text = clauses.reading.normal.original
    last: tuple[str, int] = ("", -9)
    for match in () if text.isascii() else _SIGNS.finditer(text):
        repeated = match[0] == last[0] and match.start() - last[1] <= 2
        last = (match[0], match.end())
        if repeated or match[0] in _LAUGHTER:
            continue
        tokens = clauses.reading.tokens
        place = before(tokens, match.start())
        clause = clauses.of[place] if tokens else 0
        middle = place + 0.5 if tokens and tokens[place].start < match.start() else place - 0.5
        side = 1 if match[0] in _PRAISE else -1
        yield Cue(side, match.start(), match.end(), middle, middle, clause)
