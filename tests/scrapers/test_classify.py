import pytest

from scrapers.classify import is_login_path, says_spent
from scrapers.wire import Answer


@pytest.mark.parametrize("path", ["/login", "/accounts/login/", "/auth/sign_in", "/checkpoint/x", "/signin.php"])
def test_a_login_path_is_known(path: str) -> None:
    assert is_login_path(f"https://contoh.example{path}")


@pytest.mark.parametrize("path", ["/loginov", "/@author", "/authors/1", "/xrpc/app.bsky.feed.getLikes"])
def test_a_path_that_only_resembles_one_is_not(path: str) -> None:
    assert not is_login_path(f"https://contoh.example{path}")


@pytest.mark.parametrize(("every", "spent"), [("day", True), ("minute", False)])
def test_a_quota_per_day_is_spent_and_one_per_minute_is_not(every: str, spent: bool) -> None:
    words = f"Quota exceeded for quota metric 'Queries' and limit 'Queries per {every}' of service 'contoh'"
    assert says_spent(Answer(429, {}, words.encode(), "https://contoh.example/x")) is spent
