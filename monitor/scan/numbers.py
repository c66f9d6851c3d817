"""Telephone numbers leave a capture here: whom the register knows by one is found by its keyed fingerprint alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from db.identifiers import without_number
from monitor.domain import AccountRef, ActRecord, ItemRecord
from monitor.vault import Vault
from scrapers.imports.contract import Captured
from scrapers.platforms.whatsapp.phones import PLATFORM


def blinded(captured: Captured, vault: Vault) -> Captured:
    """Return a record with the numbers of its accounts replaced by fingerprints; others come back as they are."""
    if captured.source != PLATFORM:
        return captured

    def hide(ref: AccountRef | None) -> AccountRef | None:
        return without_number(vault, ref) if ref is not None else None

    return replace(
        captured,
        items=tuple(_item(item, hide) for item in captured.items),
        acts=tuple(_act(act, vault, hide) for act in captured.acts),
    )


def _item(item: ItemRecord, hide: Callable[[AccountRef | None], AccountRef | None]) -> ItemRecord:
    return replace(item, author=hide(item.author))


def _act(act: ActRecord, vault: Vault, hide: Callable[[AccountRef | None], AccountRef | None]) -> ActRecord:
    return replace(act, actor=without_number(vault, act.actor), target_author=hide(act.target_author))
