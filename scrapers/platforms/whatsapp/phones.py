"""Telephone numbers, by which WhatsApp knows people: the one form in which they are compared."""

from __future__ import annotations

import re

from monitor.domain import AccountRef

PLATFORM = "whatsapp"
_SEPARATORS = re.compile(r"[\s\u200e\u200f\u202a-\u202e\u2066-\u2069\u2011\u00ad()./-]+")
_NUMBER = re.compile(r"\+[1-9][0-9]{6,14}", re.ASCII)


def normal(text: str) -> str | None:
    """Return a number as "+" and digits with the country, Indonesia's where none is written; None when it is none."""
    digits = _SEPARATORS.sub("", text)
    if digits.startswith("00"):
        digits = "+" + digits[2:]
    elif digits.startswith("0"):
        digits = "+62" + digits[1:]
    elif re.fullmatch(r"62[0-9]{7,12}", digits, re.ASCII):
        digits = "+" + digits
    return digits if _NUMBER.fullmatch(digits) else None


def account_ref(text: str) -> AccountRef | None:
    """Return the account that a number names; None for anything else, names included: they match nobody."""
    number = normal(text)
    return AccountRef(PLATFORM, number) if number is not None else None
