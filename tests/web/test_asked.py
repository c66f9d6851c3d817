from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.groups import GroupKind
from monitor.domain import Act, AfterKey, CaseOrder, CaseState, DueWindow, StageKind, Stance, Tier, WhyHere
from monitor.web.asked import Asked, asked_at, read_asked

ASKED = st.builds(
    Asked,
    states=st.lists(st.sampled_from(CaseState), unique=True, max_size=3).map(tuple),
    candidate=st.none() | st.integers(1, 10**6),
    act=st.none() | st.sampled_from(Act),
    text=st.text(st.characters(categories=("L", "N", "P", "S")), max_size=20),
    unqueued=st.booleans(),
    platform=st.sampled_from(["", "bluesky"]),
    law_row=st.sampled_from(["", "B6"]),
    stage=st.none() | st.sampled_from(StageKind),
    rule=st.sampled_from(["", "contoh-1"]),
    region=st.sampled_from(["", "99.01"]),
    why=st.none() | st.sampled_from(WhyHere),
    due=st.none() | st.sampled_from(DueWindow),
    mine=st.booleans(),
    tier=st.none() | st.sampled_from(Tier),
    stance=st.none() | st.sampled_from(Stance),
    since=st.none() | st.dates(date(2000, 1, 1), date(2100, 1, 1)),
    until=st.none() | st.dates(date(2000, 1, 1), date(2100, 1, 1)),
    order=st.none() | st.sampled_from(CaseOrder),
    group=st.none() | st.sampled_from(GroupKind),
    after=st.none() | st.builds(AfterKey, st.floats(0, 1), st.integers(1, 10**6)),
)


@given(ASKED)
def test_filters_survive_their_url(asked: Asked) -> None:
    query = dict(parse_qsl(urlsplit(asked.url(asked.after)).query))
    assert read_asked(query) == asked


@given(
    st.dictionaries(
        st.sampled_from(["status", "pasangan", "cari", "sesudah", "dari", "setelah", "buka", "wilayah"]),
        st.text(max_size=30),
    )
)
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


def test_a_search_stands_by_match_unless_an_order_is_asked_for() -> None:
    assert read_asked({"cari": "x"}).sorting is CaseOrder.MATCH
    assert read_asked({"cari": "x", "urut": "newest"}).sorting is CaseOrder.NEWEST
    assert read_asked({"urut": "match"}).sorting is CaseOrder.PRIORITY


def test_the_last_day_of_a_range_belongs_to_it() -> None:
    wanted = read_asked({"dari": "2024-11-02", "sampai": "2024-11-02"}).case_filter(None)
    assert (wanted.since, wanted.until) == (datetime(2024, 11, 2, tzinfo=UTC), datetime(2024, 11, 3, tzinfo=UTC))


def test_taking_a_filter_off_leaves_the_others_and_the_order() -> None:
    asked = read_asked({"tindakan": "like", "cari": "x", "urut": "oldest", "sesudah": "7~0.5"})
    assert asked.without("cari").url() == "/antrean?tindakan=like&urut=oldest"


def test_only_cases_that_the_user_holds_are_asked_for_by_their_number() -> None:
    assert read_asked({"pegang": "saya"}).case_filter(None, me=7).leased_by == 7


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:00-12:00"])
def test_a_deadline_beyond_all_calendars_is_the_start(moment: str) -> None:
    assert read_asked({"sesudah": f"7~{moment}", "urut": "due"}).after is None


@pytest.mark.parametrize("day", [date.min, date.max])
def test_a_day_beyond_all_calendars_narrows_like_the_nearest_known_one(day: date) -> None:
    for hours in (-12, 14):
        wanted = Asked(since=day, until=day).case_filter(None, zone=timezone(timedelta(hours=hours)))
        assert wanted.since is not None
        assert wanted.until is not None
        assert wanted.until - wanted.since == timedelta(days=1)


@given(ASKED, st.sampled_from(["", "http://localhost:8000", "http://[::1", "https://a]b"]))
def test_an_address_that_a_form_carried_is_read_wherever_it_points(asked: Asked, place: str) -> None:
    assert asked_at(f"{place}{asked.url()}#x").query() == asked.query()
