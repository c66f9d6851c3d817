"""The register in memory, against which every actor of an answer is held."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from monitor.domain import AccountRef, RegisteredAccount


@dataclass(frozen=True, slots=True)
class Watchlist:
    """Registered accounts by stable id, and by handle for those whose stable id is not known yet."""

    by_id: dict[tuple[str, str], RegisteredAccount]
    by_handle: dict[tuple[str, str], RegisteredAccount]

    def match(self, ref: AccountRef | None, at: datetime | None = None) -> RegisteredAccount | None:
        """Return the registered account, or None for a bystander.

        The stable id decides. A handle counts only for an account that the register knows by nothing else, since
        handles are recycled. `at` outside the dates in which the account is the person's is no match. Display names
        never match.
        """
        if ref is None:
            return None
        found = self.by_id.get((ref.platform, ref.user_id))
        if found is None and ref.handle:
            found = self.by_handle.get((ref.platform, ref.handle.lower()))
        if found is None or at is None:
            return found
        early = found.valid_from is not None and at < found.valid_from
        late = found.valid_to is not None and at >= found.valid_to
        return None if early or late else found

    def knows(self, ref: AccountRef | None) -> bool:
        """Whether the account is registered at any time."""
        return self.match(ref) is not None


def watchlist(accounts: Iterable[RegisteredAccount]) -> Watchlist:
    """Index the register."""
    by_id: dict[tuple[str, str], RegisteredAccount] = {}
    by_handle: dict[tuple[str, str], RegisteredAccount] = {}
    for account in accounts:
        ref = account.ref
        if ref.user_id.startswith("@"):
            by_handle[ref.platform, ref.user_id[1:]] = account
        else:
            by_id[ref.platform, ref.user_id] = account
    return Watchlist(by_id, by_handle)
