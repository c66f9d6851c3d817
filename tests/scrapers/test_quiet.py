from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrapers.quiet import parse_span, quiet_until

WIB = ZoneInfo("Asia/Jakarta")


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-11-20T{text}:00").replace(tzinfo=WIB).astimezone(UTC)


@pytest.mark.parametrize(
    ("now", "until"),
    [("05:59", None), ("06:00", "08:00"), ("07:59", "08:00"), ("08:00", None), ("21:59", None)],
)
def test_a_span_holds_its_beginning_and_not_its_end(now: str, until: str | None) -> None:
    assert quiet_until(["06:00-08:00"], WIB, at(now)) == (at(until) if until else None)


def test_a_span_may_pass_midnight() -> None:
    assert quiet_until(["22:00-05:00"], WIB, at("04:00")) == at("05:00")
    late = quiet_until(["22:00-05:00"], WIB, at("23:00"))
    assert late is not None
    assert (late - at("23:00")).total_seconds() == 6 * 3600


def test_spans_that_join_are_one() -> None:
    assert quiet_until(["06:00-07:00", "07:00-08:00", "09:00-10:00"], WIB, at("06:30")) == at("08:00")


@pytest.mark.parametrize("text", ["", "6-8", "06:00", "24:00-05:00", "06:60-07:00", "06:00-06:00"])
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"jam|JJ"):
        parse_span(text)


@given(st.integers(0, 1439), st.integers(0, 1439), st.integers(0, 600_000))
def test_nobody_is_quiet_for_a_whole_day(first: int, last: int, minutes: int) -> None:
    span = f"{first // 60:02}:{first % 60:02}-{last // 60:02}:{last % 60:02}"
    if first == last:
        return
    moment = at("00:00") + timedelta(minutes=minutes)
    until = quiet_until([span], WIB, moment)
    assert until is None or 0 < (until - moment).total_seconds() < 86_400
