from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrapers.limits import Allowance, allowance, retry_at
from tests.scrapers.loopback import START


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("retry-after", "90"),
        ("retry-after", "Fri, 20 Nov 2026 18:01:30 GMT"),
        ("ratelimit-reset", "90"),
        ("ratelimit-reset", str(int(START.timestamp()) + 90)),
        ("x-ratelimit-reset", "2026-11-20T18:01:30.000000Z"),
        ("x-rate-limit-reset", str(int(START.timestamp()) + 90)),
        ("ratelimit", '"default";r=0;t=90'),
    ],
)
def test_every_way_to_say_when_is_read(header: str, value: str) -> None:
    found = retry_at({header: value}, START)
    assert found is not None
    assert timedelta(seconds=90) <= found - START <= timedelta(seconds=91)


def test_a_time_in_the_past_means_now() -> None:
    assert retry_at({"x-ratelimit-reset": "2020-01-01T00:00:00Z"}, START) == START


def test_no_platform_closes_itself_for_more_than_a_day() -> None:
    assert retry_at({"retry-after": "99999999"}, START) == START + timedelta(days=1)


@given(st.text(max_size=40))
def test_no_header_breaks_the_reading(value: str) -> None:
    found = retry_at({"retry-after": value, "ratelimit": value}, START)
    assert found is None or START <= found <= START + timedelta(days=1)


@pytest.mark.parametrize(
    ("headers", "found"),
    [
        (
            {"ratelimit-limit": "3000", "ratelimit-remaining": "12", "ratelimit-reset": "60"},
            Allowance(12, 3000, START + timedelta(seconds=61)),
        ),
        (
            {"x-rate-limit-limit": "75", "x-rate-limit-remaining": "0", "x-rate-limit-reset": "60"},
            Allowance(0, 75, START + timedelta(seconds=61)),
        ),
        ({"ratelimit": "limit=100, remaining=5, reset=7"}, Allowance(5, 100, START + timedelta(seconds=8))),
        (
            {"ratelimit": '"default";r=5;t=7', "ratelimit-policy": '"default";q=50;w=60'},
            Allowance(5, 50, START + timedelta(seconds=8)),
        ),
        ({"ratelimit-remaining": "0", "retry-after": "9"}, Allowance(0, None, START + timedelta(seconds=9))),
        (
            {"x-app-usage": '{"call_count":93,"total_time":12,"total_cputime":3}'},
            Allowance(7, 100, START + timedelta(hours=1)),
        ),
        (
            {"x-business-use-case-usage": '{"1":[{"call_count":100,"estimated_time_to_regain_access":5}]}'},
            Allowance(0, 100, START + timedelta(minutes=5)),
        ),
        ({"ratelimit-remaining": "12"}, None),
        ({"x-app-usage": "{"}, None),
        ({}, None),
    ],
)
def test_what_is_left_of_an_allowance_is_read(headers: dict[str, str], found: Allowance | None) -> None:
    assert allowance(headers, START) == found


@pytest.mark.parametrize(
    ("left", "of", "few"), [(300, 3000, True), (301, 3000, False), (10, None, True), (11, None, False), (2, 15, False)]
)
def test_few_is_a_tenth_or_ten(left: int, of: int | None, few: bool) -> None:
    assert Allowance(left, of, START).few is few


@given(
    st.dictionaries(st.sampled_from(["ratelimit", "ratelimit-remaining", "ratelimit-reset", "x-app-usage"]), st.text())
)
def test_no_headers_break_the_reading_of_an_allowance(headers: dict[str, str]) -> None:
    found = allowance(headers, START)
    assert found is None or START <= found.until <= START + timedelta(days=1)
