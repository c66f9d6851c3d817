"""Characters folded to plain lower-case letters and digits, one by one."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

APOSTROPHES = "'’‘`´ʼ"
# Letters that look Latin and are not: small capitals and the Cyrillic and Greek doubles used to slip past filters.
_DOUBLES = str.maketrans(
    "ᴀʙᴄᴅᴇғɢʜɪᴊᴋʟᴍɴᴏᴘʀꜱᴛᴜᴠᴡʏᴢаеорсухіѕјαοε",
    "abcdefghijklmnoprstuvwyzaeopcyxisjaoe",
)
_DROPPED = frozenset({"Mn", "Me", "Mc", "Cf"})
_RINGED = frozenset(map(float, range(21)))


@lru_cache(maxsize=65536)
def fold(character: str) -> str:
    """Return the plain lower-case form of one character, empty for marks, a space for lone surrogates."""
    category = unicodedata.category(character)
    if category == "Cs":
        return " "
    if category in _DROPPED:
        return ""
    special = _sign(character, category)
    if special:
        return special
    plain = unicodedata.normalize("NFKD", character).lower().translate(_DOUBLES)
    folded = "".join(c for c in unicodedata.normalize("NFKD", plain) if unicodedata.category(c) not in _DROPPED)
    if len(folded) < 2 or folded.isalnum():
        return folded
    # One sign for several ("¼", "⑵", "…") stays within one word: two words never share a place in the original.
    inner = folded.strip("(). ")
    return inner if inner.isalnum() else " "


def _sign(character: str, category: str) -> str:
    """Return the letter or number that a sign without a decomposition shows, empty for all others."""
    code = ord(character)
    if 0x1F130 <= code <= 0x1F189:  # squared and negative-circled capitals
        offset = (code - 0x1F130) % 0x20
        return chr(ord("a") + offset) if offset < 26 else " "
    if 0x1F1E6 <= code <= 0x1F1FF:  # regional indicators, used as letters
        return chr(ord("a") + code - 0x1F1E6)
    if category == "No" and (number := unicodedata.numeric(character)) in _RINGED:
        return str(int(number))
    return ""


@lru_cache(maxsize=65536)
def fold_word(character: str) -> str:
    """Return the folded character, a space for one that is in no word."""
    folded = fold(character)
    return folded if not folded or folded.isalnum() or folded in APOSTROPHES or folded.isascii() else " "
