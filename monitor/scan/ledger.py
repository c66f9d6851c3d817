"""The budget of every source, kept in the database: it outlives the process and is shared by all that run at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from db import budgets
from db.connect import Database
from monitor.domain import Cap, Caps, Spending, Spent
from monitor.errors import BudgetSpent, QuotaSpent
from scrapers.costs import charge, currency, weigh
from scrapers.manifest import Manifest
from scrapers.policy import SourcePolicy

MICROS = 1_000_000


@dataclass(frozen=True, slots=True)
class Ledger:
    """Books calls under the policy's caps and the platform's quota; see `scrapers.wire.Ledger`."""

    database: Database
    policies: Mapping[str, SourcePolicy]
    manifests: Mapping[str, Manifest]
    clock: Callable[[], datetime]

    def reserve(self, source: str, endpoint: str) -> None:
        """Book the most that one call can cost; BudgetSpent for a cap of ours, QuotaSpent for one of the platform."""
        policy, manifest = self.policies[source], self.manifests.get(source)
        cost, caps, day = weigh(manifest, endpoint), caps_of(policy, manifest), self._day(source, self.clock())
        with self.database.write() as session:
            hit = budgets.reserve(session, source, day, cost, caps)
        if hit is not None:
            raise _refusal(hit, policy, manifest)

    def settle(self, source: str, endpoint: str, billed: Mapping[str, int], at: datetime) -> None:
        """Put what an answer is charged for in place of what was booked."""
        manifest = self.manifests.get(source)
        if manifest is None or not manifest.price:
            return
        change = charge(manifest, billed) - weigh(manifest, endpoint).micros
        if change:
            with self.database.write() as session:
                budgets.correct(session, source, self._day(source, at), change)

    def close(self, source: str) -> None:
        """Close the source until its day turns."""
        with self.database.write() as session:
            budgets.close(session, source, self._day(source, self.clock()))

    def spent(self, source: str) -> Spent:
        """Return what the source has spent by today."""
        with self.database.read() as session:
            return budgets.spent(session, source, self._day(source, self.clock()))

    def fits(self, source: str, cost: Spending) -> bool:
        """Whether that much more may be spent today, as things stand; for planning, nothing is booked."""
        caps = caps_of(self.policies[source], self.manifests.get(source))
        with self.database.read() as session:
            return budgets.allowed(session, source, self._day(source, self.clock()), cost, caps) is None

    def _day(self, source: str, moment: datetime) -> date:
        return day_of(self.policies[source], self.manifests.get(source), moment)


def day_of(policy: SourcePolicy, manifest: Manifest | None, moment: datetime) -> date:
    """Return the source's day: in the zone of the platform's quota where it has one, else the office's."""
    quota = manifest.quota if manifest is not None else None
    return moment.astimezone(ZoneInfo(quota.zone if quota is not None else policy.timezone)).date()


def caps_of(policy: SourcePolicy, manifest: Manifest | None) -> Caps:
    """Return what bounds a source: the policy's caps, and the platform's quota or what it granted instead."""
    granted = manifest.quota.units if manifest is not None and manifest.quota is not None else None
    return Caps(
        requests=policy.daily_cap,
        weekly_requests=policy.weekly_cap,
        units=policy.quota_units if policy.quota_units is not None else granted,
        buckets=manifest.bucket if manifest is not None else {},
        micros=_micros(policy.cost_cap_daily),
        monthly_micros=_micros(policy.cost_cap_monthly),
    )


def _micros(amount: float | None) -> int | None:
    return None if amount is None else round(amount * MICROS)


def _refusal(hit: Cap, policy: SourcePolicy, manifest: Manifest | None) -> BudgetSpent | QuotaSpent:
    source, money = policy.source, currency(manifest) if manifest is not None else ""
    match hit:
        case Cap.REQUESTS:
            return BudgetSpent(f"Jatah harian {policy.daily_cap} permintaan ke {source} habis")
        case Cap.WEEKLY_REQUESTS:
            return BudgetSpent(f"Jatah mingguan {policy.weekly_cap} permintaan ke {source} habis")
        case Cap.MICROS:
            return BudgetSpent(f"Batas biaya harian {source} ({policy.cost_cap_daily:g} {money}) tercapai")
        case Cap.MONTHLY_MICROS:
            return BudgetSpent(f"Batas biaya bulanan {source} ({policy.cost_cap_monthly:g} {money}) tercapai")
        case Cap.UNITS | Cap.BUCKET:
            return QuotaSpent(f"Kuota harian {source} habis menurut hitungan kami; dilanjutkan setelah hari berganti")
        case Cap.PLATFORM:
            return QuotaSpent(f"Kuota {source} habis menurut platformnya; dilanjutkan setelah hari berganti")
