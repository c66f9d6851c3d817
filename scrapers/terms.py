"""On what terms sources are called: what their manifests state, who counts, and who holds the keys."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from monitor.errors import PolicyBlocked
from scrapers.credentials import OWNER, Key, Keys, NoKeys, is_owner
from scrapers.manifest import Manifest
from scrapers.wire import Ledger


@dataclass(frozen=True, slots=True)
class Terms:
    """What a fetcher is given beside the policies; without a `ledger` it counts requests for its own lifetime."""

    manifests: Mapping[str, Manifest] = field(default_factory=dict)
    keys: Keys = field(default_factory=NoKeys)
    ledger: Ledger | None = None

    def key(self, source: str, slot: str) -> Key:
        """Return the secret of a slot with its place in a call; PolicyBlocked when there is none, or no such slot."""
        named = OWNER if is_owner(slot) else slot
        manifest = self.manifests.get(source)
        stated = next((s for s in manifest.slot if s.name == named), None) if manifest is not None else None
        if stated is None:
            raise PolicyBlocked(f"Sumber {source} tidak mengenal kunci {named}", "lihat `pantau sources list`")
        return Key(stated.place, self.keys.secret(source, slot))
