"""What calls cost, by the manifest: weighed before they are made, charged by what their answers brought."""

from __future__ import annotations

from collections.abc import Mapping

from monitor.domain import Spending
from scrapers.manifest import Manifest

ROBOTS = "robots.txt"


def weigh(manifest: Manifest | None, endpoint: str) -> Spending:
    """Return the most that one call of an endpoint can cost.

    An endpoint without a stated cost takes one unit of the platform's quota, where it has one.
    """
    if manifest is None or endpoint == ROBOTS:
        return Spending(requests=1)
    micros = sum(price.micros * price.most.get(endpoint, 0) for price in manifest.price)
    cost = next((c for c in manifest.cost if c.endpoint == endpoint), None)
    if cost is not None and cost.bucket:
        return Spending(1, 0, {cost.bucket: cost.units}, micros)
    units = cost.units if cost is not None else 1
    return Spending(1, units if manifest.quota is not None else 0, {}, micros)


def charge(manifest: Manifest, billed: Mapping[str, int]) -> int:
    """Return what the platform charges for what an answer brought, in millionths of its currency."""
    prices = {price.what: price.micros for price in manifest.price}
    return sum(prices.get(what, 0) * count for what, count in billed.items())


def currency(manifest: Manifest) -> str:
    """Return the currency of a platform's prices, empty where it charges nothing."""
    return next((price.currency for price in manifest.price), "")
