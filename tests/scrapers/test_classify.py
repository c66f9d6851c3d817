from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrapers.classify import is_login_path, retry_at, spent_until
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
    assert retry_at({header: value}, START) == START + timedelta(seconds=90)


def test_a_time_in_the_past_means_now() -> None:
    assert retry_at({"x-ratelimit-reset": "2020-01-01T00:00:00Z"}, START) == START


def test_no_platform_closes_itself_for_more_than_a_day() -> None:
    assert retry_at({"retry-after": "99999999"}, START) == START + timedelta(days=1)


@given(st.text(max_size=40))
def test_no_header_breaks_the_reading(value: str) -> None:
    found = retry_at({"retry-after": value, "ratelimit": value}, START)
    assert found is None or START <= found <= START + timedelta(days=1)


def test_an_allowance_that_is_left_closes_nothing() -> None:
    assert spent_until({"ratelimit-remaining": "12", "ratelimit-reset": "60"}, START) is None
    assert spent_until({"ratelimit-remaining": "0", "ratelimit-reset": "60"}, START) == START + timedelta(minutes=1)


@pytest.mark.parametrize("path", ["/login", "/accounts/login/", "/auth/sign_in", "/checkpoint/x", "/signin.php"])
def test_a_login_path_is_known(path: str) -> None:
    assert is_login_path(f"https://contoh.example{path}")


@pytest.mark.parametrize("path", ["/loginov", "/@author", "/authors/1", "/xrpc/app.bsky.feed.getLikes"])
def test_a_path_that_only_resembles_one_is_not(path: str) -> None:
    assert not is_login_path(f"https://contoh.example{path}")
