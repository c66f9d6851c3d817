import pytest

from scrapers.classify import is_login_path


@pytest.mark.parametrize("path", ["/login", "/accounts/login/", "/auth/sign_in", "/checkpoint/x", "/signin.php"])
def test_a_login_path_is_known(path: str) -> None:
    assert is_login_path(f"https://contoh.example{path}")


@pytest.mark.parametrize("path", ["/loginov", "/@author", "/authors/1", "/xrpc/app.bsky.feed.getLikes"])
def test_a_path_that_only_resembles_one_is_not(path: str) -> None:
    assert not is_login_path(f"https://contoh.example{path}")
