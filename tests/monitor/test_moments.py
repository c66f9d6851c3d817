from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from monitor import moments
from monitor.domain import ActTime

AT = datetime(2024, 11, 2, 12, 32, 5, tzinfo=UTC)
WIB, WITA, WIT = (ZoneInfo(f"Asia/{city}") for city in ("Jakarta", "Makassar", "Jayapura"))


@pytest.mark.parametrize(("zone", "words"), [(WIB, "19.32 WIB"), (WITA, "20.32 WITA"), (WIT, "21.32 WIT")])
def test_times_are_shown_in_the_zone_of_the_office(zone: ZoneInfo, words: str) -> None:
    assert moments.full(AT, zone) == f"Sabtu, 2 Nov 2024, {words}"


def test_a_day_changes_with_the_zone() -> None:
    late = datetime(2024, 11, 2, 17, 30, tzinfo=UTC)
    assert moments.short(late, WIB) == "3 Nov 2024, 00.30 WIB"


def test_a_limit_that_ends_at_midnight_names_the_day_that_it_ends() -> None:
    due = datetime(2024, 10, 31, 17, 0, tzinfo=UTC)
    assert moments.ends(due, WIB) == "31 Okt 2024, 24.00 WIB"
    assert moments.ends(due, WITA) == "1 Nov 2024, 01.00 WITA"


def test_seconds_are_shown_for_evidence() -> None:
    assert moments.full(AT, WIB, seconds=True) == "Sabtu, 2 Nov 2024, 19.32.05 WIB"


def test_other_zones_show_their_offset() -> None:
    assert moments.short(AT, UTC) == "2 Nov 2024, 12.32 UTC"


def test_an_exact_act_shows_its_time() -> None:
    assert moments.act_time(ActTime(occurred_at=AT), WIB) == "Sabtu, 2 Nov 2024, 19.32 WIB"


def test_a_bracket_shows_both_ends() -> None:
    time = ActTime(lo=AT - timedelta(hours=1), hi=AT)
    assert moments.act_time(time, WIB) == "antara 2 Nov 2024, 18.32 WIB dan 2 Nov 2024, 19.32 WIB"


def test_an_open_bracket_says_at_the_latest() -> None:
    assert moments.act_time(ActTime(hi=AT), WIB) == "paling lambat 2 Nov 2024, 19.32 WIB"


@pytest.mark.parametrize(
    ("left", "words"),
    [
        (timedelta(minutes=30), "sisa 30 menit"),
        (timedelta(hours=20), "sisa 20 jam"),
        (timedelta(days=3, hours=2), "sisa 3 hari"),
        (timedelta(hours=-5), "lewat 5 jam"),
    ],
)
def test_what_is_left_is_told_in_the_largest_unit(left: timedelta, words: str) -> None:
    assert moments.until(AT + left, AT) == words
