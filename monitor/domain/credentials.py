"""Keys of the office and tokens that owners of accounts lent, without the secret itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class CredentialEntry:
    """What is entered beside the secret: for which slot of which source, to what end, until when."""

    source: str
    slot: str
    purpose: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class CredentialRow:
    """A stored credential; `owner` is the stable id of the account whose owner lent it, None for the office's own."""

    id: int
    source: str
    slot: str
    owner: str | None
    purpose: str
    added_by: str
    added_at: datetime
    expires_at: datetime
    revoked_by: str | None
    revoked_at: datetime | None
    last_used_at: datetime | None

    def usable(self, now: datetime) -> bool:
        """Whether it may be used: neither taken back nor past its time."""
        return self.revoked_at is None and now < self.expires_at
