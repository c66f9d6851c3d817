"""Whose ballot number a number is, and how surely."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from monitor.domain import MentionKind, Office, Tier
from rules.context import Setting, elsewhere, offices_of, related
from rules.lexicon import Lexicon
from rules.numbers import HANDS, Form, NumberReader, Numeral
from rules.reading import Token
from rules.register import Owner, Register
from rules.sightings import Sighting

if TYPE_CHECKING:  # the reading of a text is made in `mentions`, which uses this room
    from rules.mentions import Found

_NEAR = 8  # a campaign word counts for a number within so many words
_NAME_LENGTH = 4
_SEVERAL = 2
_HANDLE_LENGTH = 6
_HAND = re.compile("[" + "".join(HANDS) + "]")
_PAIR = re.compile(r"\b([A-Z][a-z]{2,})(?: [A-Z][a-z]+)? ?[-–&] ?([A-Z][a-z]{2,})\b")


class BallotReader:
    """Finds ballot numbers in texts and says whose they are: they count only inside one contest."""

    def __init__(self, register: Register, lexicon: Lexicon, common: frozenset[str]) -> None:
        self._register = register
        self._numbers = NumberReader(lexicon)
        self._common = common
        self._greetings = lexicon.words("gelar.sapaan")
        self._first_names = lexicon.words("umum.nama")
        self._owners = {(owner.contest, owner.number): place for place, owner in enumerate(register.owners)}

    def has_hand(self, text: str) -> bool:
        """Whether a text shows a hand with fingers to count."""
        return bool(_HAND.search(text))

    def find(self, found: Found, named: Sequence[Sighting]) -> list[Sighting]:
        """Return the ballot numbers in a text, for each contest that they may belong to."""
        numerals = self._numbers.find(found.reading)
        if not numerals:
            return []
        setting, speaking = found.setting, found.contests
        about = bool(setting.campaign) or bool(speaking) or bool(named)
        others = self._names_others(found, named)
        sure = self._plainly_here(found)
        offices = _offices_by_end(found.setting)
        places = [(hit.last, hit.list.split(".", 1)[1]) for hit in setting.hits if hit.list.startswith("wilayah.")]
        sightings = []
        for numeral in numerals:
            strange = self._beside_a_name(found, numeral)
            for contest in sorted(found.scope.home | speaking):
                place = self._owners.get((contest, numeral.value))
                if place is None:
                    continue
                owner = self._register.owners[place]
                held = offices.get(numeral.first - 1)
                # In "wali kota nomor 2" the number is of another office.
                ours = (not held or owner.office in held) and self._place_fits(places, numeral, owner)
                tier = self._tier(found, numeral, owner) if ours else Tier.LEMAH
                if tier is Tier.PENDUKUNG and not about:
                    continue
                if tier is Tier.SEDANG and (
                    (others and contest not in sure) or (strange and contest not in found.named)
                ):
                    tier = Tier.LEMAH
                kind = MentionKind.EMOJI if numeral.form is Form.HAND else MentionKind.NUMBER
                sightings.append(Sighting(place, kind, tier, numeral.start, numeral.end, f"nomor {numeral.value}"))
        return sightings

    def _tier(self, found: Found, numeral: Numeral, owner: Owner) -> Tier:
        if numeral.form in {Form.BARE, Form.HAND}:
            return Tier.PENDUKUNG
        setting = found.setting
        if elsewhere(setting, owner, self._register.region_names[owner.contest]):
            return Tier.LEMAH
        if owner.contest in found.contests or numeral.form in {Form.PAIR, Form.APPEAL}:
            return Tier.SEDANG
        place = bisect_left(setting.campaign, numeral.first - _NEAR)
        near = place < len(setting.campaign) and setting.campaign[place] <= numeral.last + _NEAR
        return Tier.SEDANG if near else Tier.LEMAH

    def _place_fits(self, places: Sequence[tuple[int, str]], numeral: Numeral, owner: Owner) -> bool:
        """Whether, of several places in a text, the one right before the number is that of the pair's contest."""
        if not owner.region or len({region for _, region in places}) < _SEVERAL:
            return True
        before = bisect_left(places, (numeral.first, "")) - 1
        return before < 0 or related(owner.region, places[before][1])

    def _plainly_here(self, found: Found) -> frozenset[int]:
        """Return the contests that the text names by a pair or a place, or that its parent speaks of."""
        setting = found.setting
        placed = (c for c in found.contests if setting.names_region_of(self._register.region_names[c]))
        above = found.above.contests if found.above is not None else frozenset()
        return found.named | above | frozenset(placed)

    def _names_others(self, found: Found, named: Sequence[Sighting]) -> bool:
        """Whether the text is about people whom no loaded contest has, and about nobody of ours.

        A pair written `Contoh-Misal` says so. Where nobody knows whose region the text is read for, a stranger's full
        name does, or a stranger greeted by name.
        """
        if any(s.sure for s in named) or found.loud:
            return False
        match = _PAIR.search(found.text)
        if match is not None and all(self._nameable(part.lower()) for part in match.groups()):
            return True
        return found.scope.region is None and self._names_a_stranger(found)

    def _names_a_stranger(self, found: Found) -> bool:
        tokens = found.reading.tokens
        if any(t.mark == "@" and len(t.raw) >= _HANDLE_LENGTH for t in tokens):
            return True
        for before, token in pairwise(tokens):
            if not token.fresh and self._proper(found.text, token):
                first = found.text[before.start].isupper() and not before.mark
                if before.text in self._greetings or (first and self._nameable(before.text)):
                    return True
        return False

    def _nameable(self, word: str) -> bool:
        return len(word) >= _NAME_LENGTH and (word in self._first_names or self._strange(word))

    def _beside_a_name(self, found: Found, numeral: Numeral) -> bool:
        """Whether the number belongs to somebody named right behind it whom the register does not know."""
        tokens = found.reading.tokens
        after = numeral.last + 1
        if numeral.last < 0 or after + 1 >= len(tokens) or tokens[after].fresh or found.loud:
            return False
        # One capital may be chance; a first and a last name are not.
        return all(self._proper(found.text, token) for token in tokens[after : after + 2])

    def _proper(self, text: str, token: Token) -> bool:
        return not token.mark and text[token.start].isupper() and self._strange(token.text)

    def _strange(self, word: str) -> bool:
        return len(word) >= _NAME_LENGTH and word not in self._common and word not in self._register.name_words


def _offices_by_end(setting: Setting) -> dict[int, set[Office]]:
    """Return the offices that a text names, by the place of their last word."""
    ends: dict[int, set[Office]] = {}
    if setting.posts or setting.races:
        for hit in setting.hits:
            offices = offices_of(hit.list)
            if offices:
                ends.setdefault(hit.last, set()).update(offices)
    return ends
