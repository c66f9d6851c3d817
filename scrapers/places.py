"""What a public address names, as far as it says so itself: whose it is, which post, which comment below it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from monitor.domain import AccountRef

StableId = Callable[[str], str | None]
"""Gives the stable id that the register knows for a handle in lower case, None where it knows none."""


@dataclass(frozen=True, slots=True)
class Place:
    """One text at a public address.

    `item_id` is the platform's canonical id. `parent_id` is the post, where the address is that of a comment below it.
    `author` is who wrote it, where the address says so. `published` is when, where the platform's ids tell it exactly;
    `not_before` where they only tell that it is not older. `certain` is False where the id could only be derived from
    the address, so that the platform itself may name the same text otherwise.
    """

    platform: str
    item_id: str
    url: str
    author: AccountRef | None = None
    parent_id: str | None = None
    published: datetime | None = None
    not_before: datetime | None = None
    certain: bool = True
