from __future__ import annotations

from urllib.parse import parse_qsl, urlsplit

from hypothesis import given
from hypothesis import strategies as st

from monitor.domain import Act, AfterKey, CaseState
from monitor.web.asked import Asked, read_asked

ASKED = st.builds(
    Asked,
    states=st.lists(st.sampled_from(CaseState), unique=True, max_size=3).map(tuple),
    candidate=st.none() | st.integers(1, 10**6),
    act=st.none() | st.sampled_from(Act),
    text=st.text(st.characters(categories=("L", "N", "P", "S")), max_size=20),
    unqueued=st.booleans(),
    after=st.none() | st.builds(AfterKey, st.floats(0, 1), st.integers(1, 10**6)),
)


@given(ASKED)
def test_filters_survive_their_url(asked: Asked) -> None:
    query = dict(parse_qsl(urlsplit(asked.url(asked.after)).query))
    assert read_asked(query) == asked


@given(st.dictionaries(st.sampled_from(["status", "pasangan", "tindakan", "cari", "sesudah"]), st.text(max_size=30)))
def test_any_query_string_is_read(words: dict[str, str]) -> None:
    read_asked(words).case_filter(())


def test_without_filters_only_open_cases_are_asked_for() -> None:
    assert read_asked({}).case_filter(("99.01",)).open_only


def test_a_state_replaces_open_only() -> None:
    wanted = read_asked({"status": "dikesampingkan"}).case_filter(("99.01",))
    assert (wanted.states, wanted.open_only) == ((CaseState.DIKESAMPINGKAN,), False)


def test_all_means_closed_ones_too() -> None:
    assert not read_asked({"status": "semua"}).case_filter(None).open_only


def test_a_place_in_the_list_that_is_no_number_is_the_start() -> None:
    assert read_asked({"sesudah": "7~nan"}).after is None


def test_the_scope_of_the_user_always_reaches_the_database() -> None:
    assert read_asked({"cari": "x"}).case_filter(()).scope == ()
