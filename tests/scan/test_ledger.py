from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from db.connect import Database
from monitor.domain import SourceMode, Spending
from monitor.errors import BudgetSpent, QuotaSpent
from monitor.scan.ledger import Ledger, day_of
from scrapers.manifest import Cost, Manifest, Price, Quota
from tests.scrapers.loopback import a_policy

NOW = datetime(2026, 11, 20, 18, 0, tzinfo=UTC)
PACIFIC_MIDNIGHT = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)


@dataclass
class Hand:
    """A clock that a test sets."""

    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now


def manifest(**changes: Any) -> Manifest:
    given: dict[str, Any] = {
        "name": "contoh",
        "title": "Contoh",
        "version": "1",
        "status": "working",
        "verified": date(2026, 11, 1),
        "modes": (SourceMode.LIVE_API,),
        "docs": (),
    }
    return Manifest(**(given | changes))


QUOTA = manifest(
    quota=Quota(10, "America/Los_Angeles"),
    bucket={"cari": 2},
    cost=(Cost("mahal", 5), Cost("cari", 1, "cari")),
)
PAID = manifest(price=(Price("unggahan", 5000, "USD", "-", {"linimasa": 100}), Price("orang", 10_000, "USD", "-")))


@pytest.fixture
def hand() -> Hand:
    return Hand()


@pytest.fixture
def ledger_for(database: Database, hand: Hand) -> Callable[..., Ledger]:
    def make(stated: Manifest, **policy: Any) -> Ledger:
        return Ledger(database, {"contoh": a_policy(**policy)}, {"contoh": stated}, hand)

    return make


def calls(ledger: Ledger, endpoint: str) -> int:
    """Return how many calls could be booked before one was refused."""
    for number in range(1000):
        try:
            ledger.reserve("contoh", endpoint)
        except (BudgetSpent, QuotaSpent):
            return number
    return 1000


def test_a_quota_is_spent_by_what_each_call_costs(ledger_for: Callable[..., Ledger]) -> None:
    ledger = ledger_for(QUOTA)
    assert (calls(ledger, "mahal"), calls(ledger, "biasa")) == (2, 0)
    assert ledger.spent("contoh").day.units == 10


def test_a_bucket_of_its_own_leaves_the_quota_alone(ledger_for: Callable[..., Ledger]) -> None:
    ledger = ledger_for(QUOTA)
    assert (calls(ledger, "cari"), calls(ledger, "biasa")) == (2, 10)


def test_what_the_platform_granted_the_office_holds_instead_of_the_manifest(ledger_for: Callable[..., Ledger]) -> None:
    assert calls(ledger_for(QUOTA, quota_units=3), "biasa") == 3


def test_the_day_of_a_quota_turns_in_the_platforms_zone(ledger_for: Callable[..., Ledger], hand: Hand) -> None:
    ledger = ledger_for(QUOTA)
    calls(ledger, "biasa")
    hand.now = PACIFIC_MIDNIGHT - timedelta(seconds=1)
    assert calls(ledger, "biasa") == 0
    hand.now = PACIFIC_MIDNIGHT
    assert calls(ledger, "biasa") == 10


def test_a_source_without_a_quota_has_the_offices_day() -> None:
    late = datetime(2026, 11, 20, 17, 0, tzinfo=UTC)
    assert day_of(a_policy(), manifest(), late) == date(2026, 11, 21)
    assert day_of(a_policy(timezone="Asia/Jayapura"), manifest(), late - timedelta(hours=3)) == date(2026, 11, 20)


def test_money_is_booked_at_its_most_and_put_right_by_what_came(ledger_for: Callable[..., Ledger]) -> None:
    ledger = ledger_for(PAID, cost_cap_daily=2.0)
    ledger.reserve("contoh", "linimasa")
    assert ledger.spent("contoh").day.micros == 500_000
    ledger.settle("contoh", "linimasa", {"unggahan": 20, "orang": 1}, NOW)
    assert ledger.spent("contoh").day.micros == 110_000


@pytest.mark.parametrize(("caps", "fits"), [({"cost_cap_daily": 1.2}, 2), ({"cost_cap_monthly": 0.5}, 1)])
def test_no_call_is_made_that_could_pass_a_cost_cap(
    ledger_for: Callable[..., Ledger], caps: dict[str, float], fits: int
) -> None:
    ledger = ledger_for(PAID, **caps)
    assert calls(ledger, "linimasa") == fits
    with pytest.raises(BudgetSpent, match="USD"):
        ledger.reserve("contoh", "linimasa")


def test_a_months_money_is_not_a_days(ledger_for: Callable[..., Ledger], hand: Hand) -> None:
    ledger = ledger_for(PAID, cost_cap_daily=1.0, cost_cap_monthly=1.6)
    assert calls(ledger, "linimasa") == 2
    hand.now += timedelta(days=1)
    assert calls(ledger, "linimasa") == 1
    hand.now = datetime(2026, 12, 2, tzinfo=UTC)
    assert calls(ledger, "linimasa") == 2


def test_a_weekly_cap_ends_on_sunday(ledger_for: Callable[..., Ledger], hand: Hand) -> None:
    ledger = ledger_for(manifest(), weekly_cap=3)
    assert calls(ledger, "biasa") == 3
    hand.now = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
    assert calls(ledger, "biasa") == 0
    hand.now = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
    assert calls(ledger, "biasa") == 3


def test_the_platforms_word_closes_the_source_until_its_day_turns(
    ledger_for: Callable[..., Ledger], hand: Hand
) -> None:
    ledger = ledger_for(QUOTA)
    ledger.close("contoh")
    with pytest.raises(QuotaSpent, match="platformnya"):
        ledger.reserve("contoh", "biasa")
    assert calls(ledger_for(QUOTA), "biasa") == 0  # another process, or the next one
    hand.now = PACIFIC_MIDNIGHT
    assert calls(ledger, "biasa") == 10


def test_robots_txt_costs_no_units(ledger_for: Callable[..., Ledger]) -> None:
    ledger = ledger_for(QUOTA)
    ledger.reserve("contoh", "robots.txt")
    assert ledger.spent("contoh").day == Spending(requests=1)


def test_planning_asks_whether_more_fits_and_books_nothing(ledger_for: Callable[..., Ledger]) -> None:
    ledger = ledger_for(QUOTA)
    assert [ledger.fits("contoh", Spending(units=units)) for units in (10, 11)] == [True, False]
    assert ledger.spent("contoh").day == Spending()
