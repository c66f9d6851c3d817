"""What sources cost, and what caps hold it: requests, units of a platform's quota, money."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Spending:
    """Requests, units of the quota, units of quotas of their own by bucket, and millionths of a currency."""

    requests: int = 0
    units: int = 0
    buckets: Mapping[str, int] = field(default_factory=dict)
    micros: int = 0

    def __add__(self, other: Spending) -> Spending:
        """Return both together."""
        names = sorted({*self.buckets, *other.buckets})
        return Spending(
            self.requests + other.requests,
            self.units + other.units,
            {name: self.buckets.get(name, 0) + other.buckets.get(name, 0) for name in names},
            self.micros + other.micros,
        )


@dataclass(frozen=True, slots=True)
class Caps:
    """The most that may be spent; None where nothing bounds it.

    `requests`, `units`, `buckets` and `micros` are for a day, the others for a week from Monday and a calendar month.
    """

    requests: int | None = None
    weekly_requests: int | None = None
    units: int | None = None
    buckets: Mapping[str, int] = field(default_factory=dict)
    micros: int | None = None
    monthly_micros: int | None = None


class Cap(StrEnum):
    """Which cap stands in the way of a call; `platform` is the platform's own word that its quota is spent."""

    REQUESTS = "requests"
    WEEKLY_REQUESTS = "weekly_requests"
    UNITS = "units"
    BUCKET = "bucket"
    MICROS = "micros"
    MONTHLY_MICROS = "monthly_micros"
    PLATFORM = "platform"


@dataclass(frozen=True, slots=True)
class Spent:
    """What a source has spent by one of its days: that day, its week and its month; `closed` by the platform's word."""

    day: Spending
    weekly_requests: int
    monthly_micros: int
    closed: bool = False


@dataclass(frozen=True, slots=True)
class BudgetLine:
    """One thing that is spent, as officers read it; `most` and `left` are empty where nothing bounds it.

    `share` is spent over cap, at most 1, None without a cap.
    """

    what: str
    spent: str
    most: str = ""
    left: str = ""
    share: float | None = None
