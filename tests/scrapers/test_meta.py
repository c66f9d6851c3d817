from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.errors import (
    AccountGone,
    Blocked,
    LayoutChanged,
    LoginWall,
    RateLimited,
    ServerFailure,
    SourceError,
    UnexpectedContent,
)
from scrapers import meta
from tests.scrapers.meta_answers import NOW, TOKEN, a_response, error, paging

PUBLIC_ACCESS = "(#100) Pages Public Content Access requires either app secret proof or an app token"


@pytest.mark.parametrize(
    ("body", "status", "kind"),
    [
        (error(4), 400, RateLimited),
        (error(17), 400, RateLimited),
        (error(32), 403, RateLimited),
        (error(613), 400, RateLimited),
        (error(80001), 400, RateLimited),
        (error(190), 400, LoginWall),
        (error(190), 401, LoginWall),
        (error(10), 403, LoginWall),
        (error(200), 403, LoginWall),
        (error(100, message=PUBLIC_ACCESS), 400, LoginWall),
        (error(100, 33), 400, AccountGone),
        (error(803), 400, AccountGone),
        (error(24), 400, AccountGone),
        (error(110), 400, AccountGone),
        (error(100), 400, LayoutChanged),
        (error(2500), 400, LayoutChanged),
        (error(1), 500, ServerFailure),
        (error(2), 400, ServerFailure),
        (error(368), 400, Blocked),
        ({"data": []}, 404, AccountGone),
        (b"<html>", 403, LoginWall),
        (b"<html>", 200, UnexpectedContent),
        ([], 200, LayoutChanged),
    ],
)
def test_an_error_is_what_its_number_means(body: Any, status: int, kind: type[SourceError]) -> None:
    with pytest.raises(kind):
        meta.answer(a_response(body, status), "Facebook")


@pytest.mark.parametrize("code", [4, 10, 100, 190, 803])
def test_the_words_of_an_error_are_not_repeated_since_they_may_name_people(code: int) -> None:
    with pytest.raises(SourceError) as caught:
        meta.answer(a_response(error(code), 400), "Facebook")
    assert "Siti" not in str(caught.value)


def test_a_limit_ends_when_meta_says() -> None:
    usage = '{"1":[{"type":"pages","call_count":100,"estimated_time_to_regain_access":25}]}'
    with pytest.raises(RateLimited) as caught:
        meta.answer(a_response(error(32), 400, {"x-business-use-case-usage": usage}), "Facebook")
    assert caught.value.retry_at == NOW + timedelta(minutes=25)


@pytest.mark.parametrize("usage", ["", "{", "[]", '{"1":{}}', '{"1":[{"estimated_time_to_regain_access":"x"}]}'])
def test_a_limit_without_a_time_lasts_an_hour(usage: str) -> None:
    with pytest.raises(RateLimited) as caught:
        meta.answer(a_response(error(4), 400, {"x-business-use-case-usage": usage}), "Facebook")
    assert caught.value.retry_at == NOW + timedelta(hours=1)


def test_a_page_with_a_next_one_gives_its_cursor_and_not_its_address() -> None:
    assert meta.cursor({"data": [1], "paging": paging("c2")}) == "c2"
    assert TOKEN not in str(meta.cursor({"data": [1], "paging": paging("c2")}))


def test_the_last_page_has_cursors_but_no_next() -> None:
    assert meta.cursor({"data": [1], "paging": paging(more=False)}) is None


def test_a_nested_listing_goes_on_by_its_cursors_alone_until_it_is_empty() -> None:
    assert meta.cursor({"data": [1], "paging": paging(more=False)}, nested=True) == "c2"
    assert meta.cursor({"data": [], "paging": paging(more=False)}, nested=True) is None


def by_time(**more: str) -> dict[str, str]:
    """Return the paging of a feed that pages by time: addresses, no cursors."""
    told = "".join(f"&{name}={value}" for name, value in more.items())
    return {"next": f"https://graph.example/v25.0/1/posts?access_token={TOKEN}&limit=25{told}&since&__previous"}


def test_a_listing_that_pages_by_time_goes_on_by_the_parameters_of_its_next_page() -> None:
    cursor = meta.cursor({"data": [1], "paging": by_time(until="1624385168", __paging_token="enc_A")})
    assert meta.following(cursor) == [("until", "1624385168"), ("__paging_token", "enc_A")]
    assert TOKEN not in str(cursor)


def test_an_empty_page_that_names_a_next_one_is_not_the_last() -> None:
    assert meta.cursor({"data": [], "paging": paging("c2")}) == "c2"


def test_a_cursor_leads_to_the_page_behind_it() -> None:
    assert meta.following("c2") == [("after", "c2")]
    assert meta.following(None) == []


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["error", "code", "paging", "cursors", "after", "data", "message"]), inner
            )
        ),
        max_leaves=12,
    )
)
def test_no_answer_makes_it_fail_otherwise(body: Any) -> None:
    try:
        raw = meta.answer(a_response(body), "Facebook")
    except SourceError:
        return
    meta.cursor(raw)
    meta.total(raw)
