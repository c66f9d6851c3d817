"""Whose ballot number a number is, and how surely."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from monitor.domain import MentionKind, Tier
from rules.context import elsewhere
from rules.lexicon import Lexicon
from rules.numbers import HANDS, Form, NumberReader, Numeral
from rules.register import Owner, Register
from rules.sightings import Sighting
from rules.text import Token

if TYPE_CHECKING:  # the reading of a text is made in `mentions`, which uses this room
    from rules.mentions import Found

_NEAR = 8  # a campaign word counts for a number within so many words
_NAME_LENGTH = 4
_HAND = re.compile("[" + "".join(HANDS) + "]")
_PAIR = re.compile(r"\b([A-Z][a-z]{2,})(?: [A-Z][a-z]+)? ?[-–&] ?([A-Z][a-z]{2,})\b")


class BallotReader:
    """Finds ballot numbers in texts and says whose they are: they count only inside one contest."""

    def __init__(self, register: Register, lexicon: Lexicon, common: frozenset[str]) -> None:
        self._register = register
        self._numbers = NumberReader(lexicon)
        self._common = common
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
        sightings = []
        for numeral in numerals:
            strange = self._beside_a_name(found, numeral)
            for contest in sorted(found.scope.home | speaking):
                place = self._owners.get((contest, numeral.value))
                if place is None:
                    continue
                tier = self._tier(found, numeral, self._register.owners[place])
                if tier is Tier.PENDUKUNG and not about:
                    continue
                if tier is Tier.SEDANG and ((others and contest not in found.named) or strange):
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
        near = any(abs(c - numeral.first) <= _NEAR or abs(c - numeral.last) <= _NEAR for c in setting.campaign)
        return Tier.SEDANG if near else Tier.LEMAH

    def _names_others(self, found: Found, named: Sequence[Sighting]) -> bool:
        """Whether the text names a pair as `Contoh-Misal` that no loaded contest has, and nobody of ours."""
        if any(s.sure for s in named):
            return False
        match = _PAIR.search(found.text)
        return match is not None and all(self._strange(part.lower()) for part in match.groups())

    def _beside_a_name(self, found: Found, numeral: Numeral) -> bool:
        """Whether the number belongs to somebody named right behind it whom the register does not know."""
        tokens = found.reading.tokens
        after = numeral.last + 1
        if numeral.last < 0 or after + 1 >= len(tokens) or tokens[after].fresh or found.text.isupper():
            return False
        # One capital may be chance; a first and a last name are not.
        return all(self._proper(found.text, token) for token in tokens[after : after + 2])

    def _proper(self, text: str, token: Token) -> bool:
        return not token.mark and text[token.start].isupper() and self._strange(token.text)

    def _strange(self, word: str) -> bool:
        return len(word) >= _NAME_LENGTH and word not in self._common and word not in self._register.name_words
