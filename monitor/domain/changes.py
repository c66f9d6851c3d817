"""What was seen to change between two looks at the same thing."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class ChangeKind(StrEnum):
    """What happened to a text or an act since it was last seen. `locked`: its whole account was closed."""

    GONE = "gone"
    PRIVATE = "private"
    LOCKED = "locked"
    EDITED = "edited"
    WITHDRAWN = "withdrawn"
    BACK = "back"

    @property
    def away(self) -> bool:
        """Whether what it happened to is not to be seen any more."""
        return self in _AWAY

    @property
    def closed(self) -> bool:
        """Whether it is there, and not open to everybody."""
        return self in _CLOSED


_CLOSED = frozenset({ChangeKind.PRIVATE, ChangeKind.LOCKED})
_AWAY = _CLOSED | {ChangeKind.GONE, ChangeKind.WITHDRAWN}


@dataclass(frozen=True, slots=True)
class Change:
    """One change of a text, or of an act where `interaction_id` is set; then `item_id` is the text acted on.

    `seen_at` is when the change was seen, not when it happened. The captures are the answer that last showed the old
    state and the one that shows the new, None where none was kept. `mark` tells two changes of one kind at one time
    apart.
    """

    kind: ChangeKind
    platform: str
    item_id: str
    seen_at: datetime
    interaction_id: int | None = None
    before_capture_id: int | None = None
    capture_id: int | None = None
    detail: str = ""

    def key(self, subject: str, mark: str) -> str:
        """Return the hex key under which the same change told twice is one row."""
        return hashlib.sha256(f"{self.platform}\x1f{subject}\x1f{self.kind.value}\x1f{mark}".encode()).hexdigest()
