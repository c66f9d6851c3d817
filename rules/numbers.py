"""Ballot numbers: the ways people write them, and the readings that are not ballot numbers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from rules.lexicon import Lexicon
from rules.reading import Reading, Token

_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5}
_ADDRESS_REACH = 6
_MOST = 99
_TWO_DIGITS = 2
HANDS = {"☝": 1, "👆": 1, "✌": 2, "🤟": 3, "🖐": 5, "✋": 5}


class Form(StrEnum):
    """How a number is written."""

    PAIR = "paslon"  # paslon 2, nomor urut dua: speaks of a contest by itself
    NUMBER = "nomor"  # no 2
    APPEAL = "ajakan"  # coblos 2, salam dua jari: a campaign word by itself
    PADDED = "dua angka"  # 02, O2
    BARE = "angka"  # 2
    HAND = "jari"


@dataclass(frozen=True, slots=True)
class Numeral:
    """A number that may be a ballot number: tokens `first` to `last`; a hand emoji has offsets only."""

    value: int
    form: Form
    first: int
    last: int
    start: int
    end: int


class NumberReader:
    """Reads ballot numbers out of a text by the lexicon's ways of writing."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._words = {w: n for n in range(1, 11) for w in lexicon.words(f"nomor.angka_{n}")}
        self.spelt = frozenset(self._words.keys() | _ROMAN.keys())
        self._marker = lexicon.words("nomor.penanda")
        self._pair = lexicon.words("nomor.penanda_paslon")
        self._pair_spelt = lexicon.words("nomor.penanda_paslon_kata")
        self._appeal = lexicon.words("nomor.penanda_ajakan")
        self._appeal_spelt = lexicon.words("nomor.penanda_ajakan_kata")
        self._zero = lexicon.words("nomor.penanda_nol")
        self._join = lexicon.words("nomor.sambung")
        self._address = lexicon.words("nomor.alamat")
        self.markers = self._marker | self._appeal | self._zero | {w for p in self._pair for w in p.split()} | {"jari"}
        self._rank_before = lexicon.words("nomor.peringkat")
        self._after_appeal = lexicon.words("nomor.sesudah_ajakan")
        self._counted = lexicon.words("umum.kata", "wilayah") - self._after_appeal - self._join
        self._tags = lexicon.tags
        self._rank_after = lexicon.words("nomor.peringkat_sesudah")
        self._counting = self._address | self._rank_before

    def find(self, reading: Reading) -> list[Numeral]:
        """Return all numerals in order."""
        numerals: list[Numeral] = []
        odd, spelt = reading.odd, self.spelt
        for place in [at for at, word in enumerate(reading.words) if at in odd or word in spelt]:
            token = reading.tokens[place]
            value, padded = self.value(token)
            if value is None or not 1 <= value <= _MOST or not _stands_alone(reading, token):
                continue
            form, first = self._form(reading, place, padded=padded, chained=self._chained(numerals, reading, place))
            if form is not None and not self._excluded(reading, first, place, form):
                start, end = reading.between(first, place)
                numerals.append(Numeral(value, form, first, place, start, end))
        if "#" in reading.normal.text:
            numerals.extend(self._in_tags(reading))
        numerals.extend(_hands(reading))
        return numerals

    def _in_tags(self, reading: Reading) -> Iterable[Numeral]:
        for place, token in enumerate(reading.tokens):
            if token.mark == "#":
                for value, form in self.in_tag(token.raw):
                    yield Numeral(value, form, place, place, token.start, token.end)

    def in_tag(self, body: str) -> list[tuple[int, Form]]:
        """Return the numbers of a hashtag behind a ballot word, or of two digits: `#Paslon02`, `#coblosno2`, `#02`."""
        found = []
        words = self._tags.words(body)
        known = "".join(words).replace(" ", "") == body  # in `#contohmisal02` the number is of whoever is named
        for before, word in zip(("", *words), words, strict=False):
            value = int(word) if word.isdecimal() and len(word) <= _TWO_DIGITS else self._words.get(word)
            if value is not None and 1 <= value <= _MOST:
                form = self._tag_form(before)
                if form is None and known and word[0] == "0" and before not in self._counting:
                    form = Form.PADDED
                if form is not None:
                    found.append((value, form))
        return found

    def _tag_form(self, before: str) -> Form | None:
        if before in self._pair or before in {"nomor urut", "no urut", "nomer urut"}:
            return Form.PAIR
        words = before.split(" ")  # `coblos no` is one entry of a list
        if words[0] in self._appeal:
            return Form.APPEAL
        return Form.NUMBER if words[-1] in self._marker else None

    def value(self, token: Token) -> tuple[int | None, bool]:
        """Return the number that a word may be, and whether it is written with two digits."""
        raw = token.raw
        if token.mark:
            return None, False
        if raw.isascii() and raw.isdigit() and len(raw) <= 2:
            return int(raw), len(raw) == 2 and raw[0] == "0"
        if len(raw) == 2 and raw[0] == "o" and raw[1] in "123456789":
            return int(raw[1]), True
        return self._words.get(raw) or _ROMAN.get(raw), False

    def _form(self, reading: Reading, place: int, *, padded: bool, chained: bool) -> tuple[Form | None, int]:
        """Return how the number at `place` is written and the first token of the expression."""
        tokens = reading.tokens
        before = tokens[place - 1].text if place else ""
        before_that = tokens[place - 2].text if place > 1 else ""
        roman = tokens[place].raw in _ROMAN
        if before in self._marker:
            twice = before_that in self._pair or before_that in self._marker  # "paslon no 2", "nomor urut 2"
            ordered = twice or before in {"urut", "nourut", "nomorurut", "nomerurut"}
            form = Form.PAIR if ordered else None if roman else Form.NUMBER
            return form, place - 2 if twice else place - 1
        if before in self._pair or f"{before_that} {before}" in self._pair:
            doubled = tokens[place].glued and tokens[place].raw == "2"  # calon2 is "calon-calon"
            spelt = tokens[place].raw.isalpha() and before not in self._pair_spelt  # "pasangan satu ini"
            return (None if doubled or spelt else Form.PAIR), place - 1
        if roman:
            return None, place
        return self._unmarked(tokens, place, before, padded=padded, chained=chained)

    def _unmarked(
        self, tokens: tuple[Token, ...], place: int, before: str, *, padded: bool, chained: bool
    ) -> tuple[Form | None, int]:
        """Return the form of a number without "no" or "paslon" before it."""
        token = tokens[place]
        after = tokens[place + 1].text if place + 1 < len(tokens) else ""
        if before in self._appeal and not token.glued:
            spelt = token.raw.isalpha() and before not in self._appeal_spelt  # "pilih satu saja"
            counted = not padded and after in self._counted and not tokens[place + 1].fresh  # "pilih 2 warna"
            return (None if spelt else Form.BARE if counted else Form.APPEAL), place - 1
        if after == "jari":
            return None, place
        if before in self._zero:
            return Form.PADDED, place - 1
        if chained or (padded and not token.glued):  # in `warga02` the number is part of a name
            return (Form.NUMBER if chained else Form.PADDED), place
        return (Form.BARE if token.raw.isdigit() and not token.glued else None), place

    def _chained(self, numerals: list[Numeral], reading: Reading, place: int) -> bool:
        """Whether this number follows another as in "no 1 dan 2"."""
        if not numerals or numerals[-1].form is Form.BARE:
            return False
        gap = place - numerals[-1].last
        return gap == 2 and reading.tokens[place - 1].text in self._join

    def _excluded(self, reading: Reading, first: int, place: int, form: Form) -> bool:
        """Whether the number is an address, a date, a rank or a count."""
        tokens = reading.tokens
        counted = place + 1 < len(tokens) and tokens[place + 1].text == "orang"  # "calon 1 orang saja"
        if form is Form.PAIR or form is Form.APPEAL:
            return counted
        for token in reversed(tokens[max(0, first - _ADDRESS_REACH) : first]):
            if token.text in self._address:
                return True
            if token.fresh:
                break
        after = tokens[place + 1].text if place + 1 < len(tokens) and not tokens[place + 1].fresh else ""
        after_that = tokens[place + 2].text if place + 2 < len(tokens) else ""
        ranked = first > 0 and tokens[first - 1].text in self._rank_before
        return ranked or after in self._rank_after or f"{after} {after_that}" in self._rank_after


def _stands_alone(reading: Reading, token: Token) -> bool:
    """Whether the digits are not part of a date, a clock time, a sum or a longer number."""
    text = reading.normal.original
    before, after = text[max(0, token.start - 2) : token.start], text[token.end : token.end + 2]
    joined_before = len(before) == 2 and before[1] in ":./-," and before[0].isdigit() and token.raw.isdigit()
    joined_after = len(after) == 2 and after[0] in ":./-," and after[1].isdigit()
    money = before.lower() == "rp" or before[-1:] in {"+", "$"} or after[:1] in {"%", "°"}
    return not (joined_before or joined_after or money)


def _hands(reading: Reading) -> list[Numeral]:
    text = reading.normal.original
    if text.isascii():
        return []
    return [Numeral(HANDS[c], Form.HAND, -1, -1, i, i + 1) for i, c in enumerate(text) if c in HANDS]
