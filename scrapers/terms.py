"""On what terms sources are called: what their manifests state, who counts, and who holds the keys."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from monitor.errors import BudgetSpent, PolicyBlocked, QuotaSpent
from scrapers.credentials import OWNER, Key, Keys, NoKeys, is_owner
from scrapers.manifest import Manifest
from scrapers.pace import Pacing
from scrapers.policy import SourcePolicy
from scrapers.wire import Ledger


@dataclass(frozen=True, slots=True)
class Terms:
    """What a fetcher is given beside the policies.

    Without a `ledger` it counts requests, without a `pacer` it keeps the pace of hosts, both for its own lifetime.
    """

    manifests: Mapping[str, Manifest] = field(default_factory=dict)
    keys: Keys = field(default_factory=NoKeys)
    ledger: Ledger | None = None
    pacer: Pacing | None = None

    def key(self, source: str, slot: str) -> Key:
        """Return the secret of a slot with its place in a call; PolicyBlocked when there is none, or no such slot."""
        named = OWNER if is_owner(slot) else slot
        manifest = self.manifests.get(source)
        stated = next((s for s in manifest.slot if s.name == named), None) if manifest is not None else None
        if stated is None:
            raise PolicyBlocked(f"Sumber {source} tidak mengenal kunci {named}", "lihat `pantau sources list`")
        return Key(stated.place, self.keys.secret(source, slot))


class DayCount:
    """The daily cap of every source, counted in memory for as long as this lives; it knows neither units nor money."""

    def __init__(self, policies: Mapping[str, SourcePolicy], clock: Callable[[], datetime]) -> None:
        self._policies = policies
        self._clock = clock
        self._lock = threading.Lock()
        self._spent: dict[tuple[str, str], int] = {}
        self._closed: set[tuple[str, str]] = set()

    def reserve(self, source: str, endpoint: str) -> None:
        """Book one request for today (UTC)."""
        del endpoint
        key, most = self._today(source), self._policies[source].daily_cap
        with self._lock:
            if key in self._closed:
                raise QuotaSpent(f"Kuota {source} hari ini habis menurut platformnya")
            if self._spent.get(key, 0) >= most:
                raise BudgetSpent(f"Jatah harian {most} permintaan ke {source} habis")
            self._spent[key] = self._spent.get(key, 0) + 1

    def settle(self, source: str, endpoint: str, billed: Mapping[str, int], at: datetime) -> None:
        """Money is not counted here."""

    def close(self, source: str) -> None:
        """Close the source for today."""
        with self._lock:
            self._closed.add(self._today(source))

    def _today(self, source: str) -> tuple[str, str]:
        return source, self._clock().date().isoformat()
