"""What a form is asked for with, and how it says that something is not known."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

DRAFT_MARK = "DRAF —"
"""Begins the line by which a document says that it was not issued."""

BLANK = re.compile(r"\[belum diisi: ([^\]\n]{1,200})\]")
_IN_TEXT = re.compile(r"\[(?=belum diisi:)")
_UNFIT = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_HIGHEST = 3
_DIRECTIONS = re.compile("[\u202a-\u202e\u2066-\u2069]")  # would turn the words around them about


@dataclass(frozen=True, slots=True)
class FormOffice:
    """Whose forms these are; `templates` is the folder of the office's own, None for those of the program."""

    agency: str
    zone: ZoneInfo
    templates: Path | None = None


@dataclass(frozen=True, slots=True)
class Issued:
    """As which version a document is issued, by whom and when."""

    version: int
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Extras:
    """What a draft may know beside the case: the officer who writes, the unlocked number, the version it becomes.

    Without `notes` what officers wrote in their own words (about the case, the person, whose an account is) stays out:
    for drafts that leave the office by themselves.
    """

    officer: str = ""
    identifier: str = ""
    issued: Issued | None = None
    notes: bool = True


def blank(what: str) -> str:
    """Return the visible gap for something that nobody has said."""
    return f"[belum diisi: {what}]"


def plain(text: str, most: int = 300) -> str:
    """Return a text of others as one line that a document takes as it is: no controls, no gaps of its own, cut."""
    line = _flat(" ".join(_DIRECTIONS.sub("", _UNFIT.sub("\ufffd", text)).split()))
    if len(line) > most:
        line = f"{line[:most]}… [dipotong; {len(text)} huruf seluruhnya]"
    return _IN_TEXT.sub("[\u2060", line)


def _flat(line: str) -> str:
    """Return a line without the marks that stand higher on a letter than any writing needs, and run over the page."""
    if line.isascii():
        return line
    kept, height = [], 0
    for letter in line:
        height = height + 1 if unicodedata.category(letter) in ("Mn", "Me") else 0
        if height <= _HIGHEST:
            kept.append(letter)
    return "".join(kept)
