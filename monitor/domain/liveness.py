"""Whether a text is still online, as its platform says when asked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from monitor.domain.acts import ItemKind


class LiveState(StrEnum):
    """What a platform says of a text. `unknown`: it said nothing that can be taken for one of the others."""

    ONLINE = "online"
    DELETED = "deleted"
    PRIVATE = "private"
    UNKNOWN = "unknown"

    @property
    def away(self) -> bool:
        """Whether the text is not to be seen any more."""
        return self in (LiveState.DELETED, LiveState.PRIVATE)


@dataclass(frozen=True, slots=True)
class LiveCheck:
    """One answer to the question. `sha256` is of the answer; `next_at` None where it is not asked again."""

    platform: str
    item_id: str
    url: str
    checked_at: datetime
    state: LiveState
    status: int | None = None
    sha256: str | None = None
    detail: str = ""
    next_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class WatchedText:
    """A text on which an open case rests, with how often it was asked after.

    `answered` counts the answers that said something, `away` the last ones in a row that said it is not there.
    """

    platform: str
    item_id: str
    url: str
    kind: ItemKind
    answered: int = 0
    away: int = 0
