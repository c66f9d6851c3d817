from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.domain import CaseState, Regime
from monitor.domain.clocks import (
    Days,
    DayType,
    Starts,
    breach_due,
    day_number,
    due_at,
    further,
    running,
    warning_days,
)
from monitor.domain.law import LegalClock
from monitor.domain.zones import WIB, WIT, WITA, zone_of

LAPOR = LegalClock(Regime.PILKADA, "lapor", 7, "calendar", "known_at", "Pasal 134", "X")
FOLLOW = LegalClock(Regime.PILKADA, "tindak_lanjut", 3, "calendar", "received_at", "Pasal 134")
TEMUAN = LegalClock(Regime.PEMILU, "temuan", 7, "working", "known_at", "Pasal 454")
CLOCKS = (LAPOR, FOLLOW, TEMUAN, LegalClock(Regime.PEMILU, "lapor", 7, "working", "known_at", "Pasal 454"))

LEBARAN = {date(2024, 4, day) for day in (8, 9, 10, 11, 12, 15)}
YEARS_END = {date(2024, 12, 25), date(2024, 12, 26), date(2025, 1, 1)}
REGIONS = {"99.01": "+07:00", "73.71": "+08:00", "91.71": "+09:00"}


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


@pytest.mark.parametrize(
    ("start", "days", "kind", "free", "ends"),
    [
        ("2024-11-01T09:00:00+07:00", 7, "calendar", set(), "2024-11-09T00:00:00+07:00"),
        ("2024-11-01T23:59:59+07:00", 7, "calendar", set(), "2024-11-09T00:00:00+07:00"),
        ("2024-11-02T00:00:00+07:00", 7, "calendar", set(), "2024-11-10T00:00:00+07:00"),
        ("2024-11-01T09:00:00+07:00", 7, "working", set(), "2024-11-13T00:00:00+07:00"),  # over a weekend
        ("2024-11-02T09:00:00+07:00", 7, "working", set(), "2024-11-13T00:00:00+07:00"),  # known on a Saturday
        ("2024-04-05T09:00:00+07:00", 7, "working", LEBARAN, "2024-04-25T00:00:00+07:00"),  # feast and collective leave
        ("2024-12-20T09:00:00+07:00", 7, "working", YEARS_END, "2025-01-04T00:00:00+07:00"),  # over the year's end
        ("2024-12-20T09:00:00+07:00", 7, "calendar", YEARS_END, "2024-12-28T00:00:00+07:00"),
        ("2024-02-26T09:00:00+07:00", 3, "calendar", set(), "2024-03-01T00:00:00+07:00"),  # a leap day
        ("2024-11-08T09:00:00+07:00", 3, "working", set(), "2024-11-14T00:00:00+07:00"),
        ("2024-10-30T09:00:00+07:00", 14, "working", set(), "2024-11-20T00:00:00+07:00"),  # over a month's end
    ],
)
def test_a_limit_ends_with_its_last_day(start: str, days: int, kind: str, free: set[date], ends: str) -> None:
    assert due_at(at(start), days, DayType(kind), "99.01", free) == at(ends)


@pytest.mark.parametrize(("region", "offset"), REGIONS.items())
def test_days_turn_at_midnight_of_the_region(region: str, offset: str) -> None:
    late = at(f"2024-11-01T23:30:00{offset}")
    assert due_at(late, 7, DayType.CALENDAR, region, ()) == at(f"2024-11-09T00:00:00{offset}")


def test_one_moment_may_give_two_regions_two_limits() -> None:
    moment = at("2024-11-01T15:30:00+00:00")  # 22.30 in Jakarta, already the next day in Jayapura
    west, east = (due_at(moment, 7, DayType.CALENDAR, region, ()) for region in ("99.01", "91.71"))
    assert (west, east) == (at("2024-11-09T00:00:00+07:00"), at("2024-11-10T00:00:00+09:00"))


@pytest.mark.parametrize(
    ("region", "zone"),
    [
        ("", WIB),
        ("31.74", WIB),
        ("61", WIB),
        ("62.01", WIB),
        ("64.72", WITA),
        ("53", WITA),
        ("82.71", WIT),
        ("96", WIT),
    ],
)
def test_regions_keep_their_zone(region: str, zone: object) -> None:
    assert zone_of(region) is zone


def clock_at(state: CaseState, starts: Starts, regime: Regime = Regime.PILKADA, **more: object) -> object:
    now = at("2024-11-05T08:00:00+07:00")
    return running(CLOCKS, regime, state, starts, region="99.01", free=(), now=now, **more)  # type: ignore[arg-type]


KNOWN = Starts(known_at=at("2024-11-01T09:00:00+07:00"), first_opened_at=at("2024-10-30T09:00:00+07:00"))


def test_before_registration_the_limit_to_register_runs() -> None:
    clock = running(
        CLOCKS, Regime.PILKADA, CaseState.DITINJAU, KNOWN, region="99.01", free=(), now=at("2024-11-05T08:00:00+07:00")
    )
    assert clock is not None
    assert (clock.name, clock.day, clock.warning, clock.proposed, clock.disputed) == ("lapor", 4, True, False, True)


def test_a_start_that_no_officer_set_is_only_proposed() -> None:
    clock = running(
        CLOCKS, Regime.PILKADA, CaseState.DITINJAU, Starts(first_opened_at=KNOWN.first_opened_at),
        region="99.01", free=(), now=at("2024-11-05T08:00:00+07:00"),
    )  # fmt: skip
    assert clock is not None
    assert (clock.proposed, clock.starts_at) == (True, KNOWN.first_opened_at)


def test_what_nobody_opened_has_no_limit_yet() -> None:
    assert clock_at(CaseState.BARU, Starts()) is None


def test_after_registration_the_follow_up_runs_from_it() -> None:
    registered = at("2024-11-04T10:00:00+07:00")
    clock = running(
        CLOCKS, Regime.PILKADA, CaseState.TERDAFTAR, Starts(registered_at=registered),
        region="99.01", free=(), now=at("2024-11-05T08:00:00+07:00"),
    )  # fmt: skip
    assert clock is not None
    assert (clock.name, clock.due_at) == ("tindak_lanjut", at("2024-11-08T00:00:00+07:00"))


def test_pemilu_counts_working_days_for_a_find() -> None:
    clock = running(
        CLOCKS, Regime.PEMILU, CaseState.DITINJAU, KNOWN, region="99.01", free=(), now=at("2024-11-05T08:00:00+07:00")
    )
    assert clock is not None
    assert (clock.name, clock.day_type, clock.day) == ("temuan", DayType.WORKING, 2)


def test_the_office_may_read_days_otherwise() -> None:
    clock = running(
        CLOCKS, Regime.PILKADA, CaseState.DITINJAU, KNOWN, region="99.01", free=(),
        now=at("2024-11-05T08:00:00+07:00"), day_types={("pilkada", "lapor"): DayType.WORKING},
    )  # fmt: skip
    assert clock is not None
    assert clock.due_at == at("2024-11-13T00:00:00+07:00")


@pytest.mark.parametrize("state", [CaseState.DIKESAMPINGKAN, CaseState.DITERUSKAN, CaseState.DITUTUP])
def test_what_is_closed_or_handed_on_has_no_limit(state: CaseState) -> None:
    assert clock_at(state, KNOWN) is None


def test_warnings_of_seven_days_come_on_four_six_and_seven() -> None:
    assert warning_days(7) == (4, 6, 7)
    assert warning_days(3) == (2, 3)
    assert warning_days(14) == (8, 13, 14)


SATGAS = LegalClock(Regime.PILKADA, "verifikasi_satgas", 7, "unspecified", "received_at", "SBT")
STUDY = LegalClock(Regime.PILKADA, "kajian_sbt", 3, "working", "verified_at", "SBT")
MORE = LegalClock(Regime.PEMILU, "keterangan_tambahan", 14, "working", "registered_at", "Pasal 454")
BESIDE = (*CLOCKS, SATGAS, STUDY, replace(SATGAS, regime=Regime.PEMILU), replace(STUDY, regime=Regime.PEMILU), MORE)


@pytest.mark.parametrize(
    ("regime", "region", "name", "start", "free", "ends"),
    [
        (Regime.PILKADA, "99.01", "verifikasi_satgas", "2024-11-01T09:00:00+07:00", set(), "2024-11-09T00:00:00+07:00"),
        (Regime.PEMILU, "73.71", "verifikasi_satgas", "2024-11-01T09:00:00+08:00", set(), "2024-11-09T00:00:00+08:00"),
        (Regime.PILKADA, "99.01", "kajian_sbt", "2024-11-08T09:00:00+07:00", set(), "2024-11-14T00:00:00+07:00"),
        (Regime.PEMILU, "91.71", "kajian_sbt", "2024-11-08T23:30:00+09:00", set(), "2024-11-14T00:00:00+09:00"),
        (Regime.PILKADA, "73.71", "kajian_sbt", "2024-04-05T09:00:00+08:00", LEBARAN, "2024-04-19T00:00:00+08:00"),
        (Regime.PILKADA, "99.01", "kajian_sbt", "2024-11-29T09:00:00+07:00", set(), "2024-12-05T00:00:00+07:00"),
        (Regime.PEMILU, "99.01", "keterangan_tambahan", "2024-12-20T09:00:00+07:00", YEARS_END,
         "2025-01-15T00:00:00+07:00"),
    ],
)  # fmt: skip
def test_further_limits_end_with_their_last_day(  # one row a rule: regime, zone, weekend, feast, month's and year's end
    regime: Regime, region: str, name: str, start: str, free: set[date], ends: str
) -> None:
    days = Days(region, free, at(start) + timedelta(days=1))
    (clock,) = further(BESIDE, regime, CaseState.DITERUSKAN, {name: at(start)}, days)
    assert (clock.name, clock.due_at) == (name, at(ends))


def test_of_several_further_limits_the_nearest_end_comes_first() -> None:
    started = {"verifikasi_satgas": at("2024-11-01T09:00:00+07:00"), "kajian_sbt": at("2024-11-01T09:00:00+07:00")}
    days = Days("99.01", (), at("2024-11-05T08:00:00+07:00"))
    found = further(BESIDE, Regime.PILKADA, CaseState.DITERUSKAN, started, days)
    assert [(clock.name, clock.day, clock.warning) for clock in found] == [
        ("kajian_sbt", 2, True), ("verifikasi_satgas", 4, True),
    ]  # fmt: skip


def test_a_further_limit_that_the_law_does_not_know_or_of_a_closed_case_does_not_run() -> None:
    started = {"keterangan_tambahan": at("2024-11-01T09:00:00+07:00")}
    days = Days("99.01", (), at("2024-11-05T08:00:00+07:00"))
    assert further(BESIDE, Regime.PILKADA, CaseState.TERDAFTAR, started, days) == ()
    assert further(BESIDE, Regime.PEMILU, CaseState.DITUTUP, started, days) == ()


@pytest.mark.parametrize(
    ("known", "ends"),
    [
        ("2024-11-01T10:15:00+07:00", "2024-11-04T10:15:00+07:00"),  # over a weekend, to the minute
        ("2024-02-28T23:59:00+08:00", "2024-03-02T23:59:00+08:00"),  # over a leap day
        ("2024-12-31T00:00:00+09:00", "2025-01-03T00:00:00+09:00"),
    ],
)
def test_a_breach_is_told_of_within_three_times_twenty_four_hours(known: str, ends: str) -> None:
    assert breach_due(at(known)) == at(ends)


MOMENTS = st.integers(0, 4 * 365 * 24 * 60).map(
    lambda minutes: datetime(2023, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)
FREE = st.frozensets(st.dates(date(2023, 1, 1), date(2027, 12, 31)), max_size=40)


@given(MOMENTS, st.integers(1, 30), st.sampled_from(DayType), st.sampled_from(sorted(REGIONS)), FREE)
def test_the_moment_before_the_end_is_the_last_day_and_the_end_is_none_of_it(
    start: datetime, days: int, kind: DayType, region: str, free: frozenset[date]
) -> None:
    ends = due_at(start, days, kind, region, free)
    assert day_number(start, ends - timedelta(microseconds=1), kind, region, free) == days
    assert day_number(start, ends, kind, region, free) >= days


@given(MOMENTS, st.integers(1, 30), st.sampled_from(sorted(REGIONS)), FREE)
def test_working_days_never_end_sooner(start: datetime, days: int, region: str, free: frozenset[date]) -> None:
    calendar = due_at(start, days, DayType.CALENDAR, region, free)
    assert calendar <= due_at(start, days, DayType.WORKING, region, free)
