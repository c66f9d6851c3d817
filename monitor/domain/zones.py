"""Which of Indonesia's three time zones a region keeps."""

from __future__ import annotations

from zoneinfo import ZoneInfo

WIB = ZoneInfo("Asia/Jakarta")
WITA = ZoneInfo("Asia/Makassar")
WIT = ZoneInfo("Asia/Jayapura")

# Keputusan Presiden 41/1987, by province codes of the Ministry of Home Affairs; newer provinces keep the zone of the
# one they came from.
_WITA = frozenset({"51", "52", "53", "63", "64", "65", "71", "72", "73", "74", "75", "76"})
_WIT = frozenset({"81", "82", "91", "92", "93", "94", "95", "96"})


def zone_of(region: str) -> ZoneInfo:
    """Return the zone of a dotted region code ("73.71" lies in "73"); WIB for the whole country and unknown codes."""
    province = region.partition(".")[0]
    return WITA if province in _WITA else WIT if province in _WIT else WIB
