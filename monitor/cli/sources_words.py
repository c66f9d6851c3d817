"""Words for sources that the command line and the generated page share."""

from __future__ import annotations

from collections.abc import Mapping

SIGNS: Mapping[str, str] = {
    "full": "penuh",
    "partial": "sebagian",
    "none": "tidak terlihat",
    "unread": "belum dibaca",
}


def money(micros: int, currency: str) -> str:
    """Return a price with its currency, without zeros that say nothing."""
    amount = f"{micros / 1_000_000:.6f}".rstrip("0").rstrip(".")
    return f"{amount} {currency}".strip()
