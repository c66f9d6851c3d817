"""The names of uploaded files as they may be shown and used: no folders, no hidden letters, no endless ones."""

from __future__ import annotations

import re
import unicodedata

_LONGEST = 120
_NAMELESS = "berkas"
# WhatsApp names the export of a chat with somebody unknown after their number.
_NUMBER = re.compile(r"(?:\+\d|(?<!\d)(?:0|62))[\d\s().-]{7,18}\d|\d{15,}")


def safe_name(name: str) -> str:
    """Return the last part of a name without telephone numbers and hidden characters, at most 120 letters.

    The end is kept, since it says what a file is; a name of which nothing is left becomes "berkas".
    """
    last = name.replace("\\", "/").rpartition("/")[2]
    plain = "".join(letter for letter in unicodedata.normalize("NFC", last) if unicodedata.category(letter)[0] != "C")
    kept = _NUMBER.sub("[nomor]", " ".join(plain.split())).strip(". ")
    if len(kept) > _LONGEST:
        stem, dot, ending = kept.rpartition(".")
        kept = f"{stem[: _LONGEST - len(ending) - 1]}{dot}{ending}" if dot and len(ending) <= 12 else kept[:_LONGEST]
    while len(kept.encode()) > 240:  # file systems count bytes
        kept = kept[1:]
    return kept or _NAMELESS
