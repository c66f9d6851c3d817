"""Reading tokens and numbers that came from outside."""

from __future__ import annotations

from enum import StrEnum
from typing import TypeVar

Member = TypeVar("Member", bound=StrEnum)


def member(kind: type[Member], token: str) -> Member | None:
    """Return the enum member of a token, None when there is none."""
    try:
        return kind(token)
    except ValueError:
        return None


def whole_number(text: str) -> int | None:
    """Return a number of at most nine digits, None for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 9 else None
