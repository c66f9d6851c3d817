"""Invented comments with and without a mention, and the ways in which people write a name differently."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from random import Random

from benchmarks.register import Patterns, name_word
from benchmarks.words import GIVEN, MENTION_SHAPES, PLAIN, PLAIN_SHAPES, PREFIXES, SLANG, SUFFIXES

_SLOT = re.compile(r"\{(\w+?)(\d*)\}")
_LEET = {"a": "4", "i": "1", "e": "3", "o": "0", "s": "5"}
_LETTERS = "abdeghijklmnoprstuwy"
_APPEALS = ("", "", "menang", "juara", "2024", "forwin")
_ONE_EDIT_FROM = 6
_TWO_EDITS_FROM = 9


@dataclass(frozen=True, slots=True)
class Comment:
    """A text and the pair it names (None: nobody of the register), with the string as written and as meant."""

    text: str
    pair: int | None = None
    written: str = ""
    meant: str = ""


class Comments:
    """Writes comments; the same seed writes the same ones."""

    def __init__(self, patterns: Patterns, seed: int) -> None:
        self._random = Random(seed)
        self._patterns = patterns
        self._pairs = sorted(patterns.by_pair)
        self._vocabulary, self._weights = _vocabulary(self._random)
        self._held = {w.lower() for string in patterns.strings for w in string.split()}

    def plain(self) -> Comment:
        """Return a comment without a pair of the register; some name a stranger."""
        return Comment(self._filled(self._random.choice(PLAIN_SHAPES)))

    def naming(self, kind: str) -> Comment:
        """Return a comment that names a pair in this way (a key of `KINDS`)."""
        while True:
            pair = self._random.choice(self._pairs)
            meant = self._random.choice(self._patterns.by_pair[pair])
            written = KINDS[kind](meant, self._random)
            if written:
                text = self._filled(self._random.choice(MENTION_SHAPES)).replace("{m}", written)
                return Comment(text, pair, written, meant)

    def mixed(self, count: int) -> list[str]:
        """Return texts as a night brings them: seven of ten name nobody, the others in every way."""
        kinds = sorted(KINDS)
        return [
            (self.plain() if self._random.random() < 0.7 else self.naming(self._random.choice(kinds))).text
            for _ in range(count)
        ]

    def _filled(self, shape: str) -> str:
        return _SLOT.sub(self._slot, shape)

    def _slot(self, match: re.Match[str]) -> str:
        random, kind = self._random, match[1]
        if kind == "w":
            return " ".join(self._word() for _ in range(max(1, int(match[2]) + random.randint(-2, 2))))
        slots: dict[str, Callable[[], str]] = {
            "number": lambda: str(random.choice((1, 2, 3, 5, 7, 10, 15, 25, 100, 2024, random.randint(1, 999)))),
            "stranger": lambda: f"{random.choice(GIVEN)} {self._stranger().title()}",
            "handle": lambda: f"{self._stranger()}{random.choice(('', '_', random.randint(1, 99)))}",
            "slug": lambda: f"{self._stranger()}/{random.randint(1000, 99999)}",
            "tag": lambda: "".join(random.choice(PLAIN).title() for _ in range(2)),
        }
        return slots[kind]() if kind in slots else match[0]

    def _stranger(self) -> str:
        """Return a name word that nobody of the register bears."""
        while (word := name_word(self._random)) in self._held:
            pass
        return word

    def _word(self) -> str:
        random = self._random
        word = random.choices(self._vocabulary, cum_weights=self._weights)[0]
        roll = random.random()
        if roll < 0.02:
            return _edited(word, random)
        if roll < 0.04:
            return stretched(word, random)
        return word.title() if roll < 0.08 else word.upper() if roll < 0.10 else word


def _vocabulary(random: Random) -> tuple[list[str], list[float]]:
    """Return some 9,000 words, the frequent ones first, with the running sum of their weights (Zipf)."""
    words = list(dict.fromkeys(word for both in zip_longest(PLAIN, SLANG) for word in both if word))
    derived = {random.choice(PREFIXES) + random.choice(PLAIN) + random.choice(SUFFIXES) for _ in range(12_000)}
    rare = sorted(derived - set(words))
    random.shuffle(rare)
    words.extend(rare)
    total, sums = 0.0, []
    for rank in range(1, len(words) + 1):
        total += 1 / (rank + 2)
        sums.append(total)
    return words, sums


def clean(name: str, random: Random) -> str:
    """Return the name as registered, in one of the usual cases."""
    return random.choice((name, name.lower(), name.upper(), name.title()))


def leet(name: str, random: Random) -> str:
    """Return the name with one to three letters as digits; empty when it has too few such letters."""
    low = name.lower()
    places = [i for i, letter in enumerate(low) if letter in _LEET and 0 < i < len(low) - 1]
    if len(places) < 2 or len(low) < 5:
        return ""
    chosen = set(random.sample(places, random.randint(1, min(3, len(places)))))
    return "".join(_LEET[c] if i in chosen else c for i, c in enumerate(low))


def stretched(name: str, random: Random) -> str:
    """Return the name with one letter held: budiiii."""
    places = [i for i, letter in enumerate(name) if letter.isalpha()]
    if not places:
        return name
    place = random.choice(places)
    return name[:place] + name[place] * random.randint(3, 6) + name[place + 1 :]


def run_on(name: str, random: Random) -> str:
    """Return the name as a hashtag or in one word, some with an appeal behind it."""
    body = name.replace(" ", "")
    if len(body) < 5:
        return ""
    tail = random.choice(_APPEALS)
    if random.random() < 0.7:
        return "#" + random.choice((body, body.lower())) + random.choice((tail, tail.title()))
    return body.lower() if " " in name else "#" + body.lower()


def one_edit(name: str, random: Random) -> str:
    """Return the name with one letter wrong in its longest word, wherever; empty for short words."""
    return _misspelt(name, random, 1, _ONE_EDIT_FROM)


def two_edits(name: str, random: Random) -> str:
    """Return the name with two letters wrong in its longest word; empty for words under nine letters."""
    return _misspelt(name, random, 2, _TWO_EDITS_FROM)


def _misspelt(name: str, random: Random, edits: int, least: int) -> str:
    words = name.lower().split()
    longest = max(range(len(words)), key=lambda i: len(words[i]))
    if len(words[longest]) < least:
        return ""
    word = words[longest]
    for _ in range(edits):
        word = _edited(word, random)
    if word == words[longest]:
        return ""
    words[longest] = word
    return " ".join(words)


def _edited(word: str, random: Random) -> str:
    place = random.randrange(len(word))
    way = random.choice("sidt")
    letter = random.choice(_LETTERS)
    if way == "s":
        return word[:place] + letter + word[place + 1 :]
    if way == "i":
        return word[:place] + letter + word[place:]
    if way == "d" and len(word) > 3:
        return word[:place] + word[place + 1 :]
    return word[:place] + word[place : place + 2][::-1] + word[place + 2 :]


KINDS: dict[str, Callable[[str, Random], str]] = {
    "clean": clean,
    "leet": leet,
    "stretched": stretched,
    "run_on": run_on,
    "one_edit": one_edit,
    "two_edits": two_edits,
}


def labelled(comments: Comments, kind: str, count: int) -> Sequence[Comment]:
    """Return so many comments that name a pair in this way."""
    return [comments.naming(kind) for _ in range(count)]
