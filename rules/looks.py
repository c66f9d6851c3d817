"""A first look at the words of a text: what each may be as seen from some contests, as a few bits."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rules.misspelling import Misspelt
from rules.text import surface

if TYPE_CHECKING:  # senses say what a look is made of
    from rules.senses import Senses

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
PLACE = 1024  # a word of a contest's place
REST = 2048  # a word of a phrase of three words or more
SPEAKING = 4096  # has a sense at all, here or elsewhere
RESHAPED = 8192  # is read otherwise than it is written
STRANGE = 16384  # nothing is known of it; perhaps a long name misspelt by two edits
LONGEST = 80  # a longer word is no name, nor several
_REMEMBERED = 50_000
_COMPANY = ANCHOR | PART | MISSPELT | REST
_TWO = 2


class Looks(dict[str, int]):
    """The bits of words as seen from some contests, found at the first asking."""

    def __init__(self, senses: Senses, home: frozenset[int]) -> None:
        super().__init__()
        self._senses = senses
        self.home = home
        self._rough = senses.rough_spellings(home)
        self._meant: dict[str, tuple[Misspelt, ...]] = {}  # of the words that misspell a long name

    def __missing__(self, word: str) -> int:
        if len(word) > LONGEST:
            return 0
        if len(word) > _TWO and word.isdecimal():
            return self._senses.bits_of_number(word)
        if len(self) > _REMEMBERED:
            self.clear()
            self._meant.clear()
        face = self._senses.face(word)
        if not isinstance(face, int):
            bits = self._senses.bits(face, self)
        elif face & STRANGE:
            bits = LOOSE | SPEAKING if self.rough(word) else 0
        else:
            bits = face
        self[word] = bits
        return bits

    def glance(self, text: str) -> int:
        """Return all that the words of a text may be, as bits; 0 for most texts."""
        words = surface(text)
        bits = 0
        for look in set(map(self.__getitem__, words)):
            bits |= look
        return self._together(words, bits) if bits & _COMPANY else bits

    def _together(self, words: Sequence[str], bits: int) -> int:
        """Return the bits of a text's words with what only several words together may be."""
        senses, single = self._senses, words
        if bits & RESHAPED:
            shaped = [senses.as_read(word) if self[word] & RESHAPED else word for word in words]
            words = [word for word in shaped if word]  # nothing is left of `@-_`
            single = " ".join(words).split(" ")  # what is written as one may be read as two
        if bits & ANCHOR and not bits & (FIRM | LOOSE) and senses.has_phrase(single):
            bits |= FIRM
        if bits & (PART | MISSPELT) and not bits & (FIRM | LOOSE) and self._rough_in(words):
            bits |= LOOSE
        if bits & REST and not bits & (FIRM | LOOSE) and senses.rest_in(single):
            bits |= FIRM
        return bits

    def _rough_in(self, words: Sequence[str]) -> bool:
        """Whether a misspelt whole name may stand among words."""
        whole = self._senses.whole
        near = [place for place, word in enumerate(words) if self[word] & (PART | MISSPELT)]
        last = len(words) - 1
        for place in sorted({*near, *[place - 1 for place in near]}):  # written out: a generator costs more
            if 0 <= place < last and whole(words[place], words[place + 1]):
                return True
        return False

    def rough(self, word: str) -> tuple[Misspelt, ...]:
        """Return the long names of these contests that a word misspells by two edits."""
        meant = self._meant.get(word)
        if meant is None:
            meant = self._rough.near(word)
            if meant:
                self._meant[word] = meant
        return meant
