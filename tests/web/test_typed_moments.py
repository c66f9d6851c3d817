from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.connect import Database
from monitor.vault import Vault
from monitor.web.moments import midnight, read_day, read_moment
from tests.web import world
from tests.web.browsing import submit, words
from tests.web.conftest import Browser

ZONES = st.integers(-12, 14).map(lambda hours: timezone(timedelta(hours=hours)))


@given(st.datetimes(), ZONES)
def test_every_time_that_is_read_is_a_time_everywhere(moment: datetime, zone: timezone) -> None:
    read = read_moment(moment.isoformat(), zone)
    assert read is None or read.astimezone(UTC) == moment.replace(tzinfo=zone)


@given(st.dates(), ZONES)
def test_every_day_begins_somewhere(day: date, zone: timezone) -> None:
    began, ended = midnight(day, zone), midnight(day, zone, days=1)
    assert began is not None
    assert ended is not None
    assert ended - began == timedelta(days=1)


@pytest.mark.parametrize("text", ["", "kemarin", "0024-11-20", "9999-12-31", "2024-13-01"])
def test_what_no_office_can_mean_is_not_read(text: str) -> None:
    assert read_day(text) is None
    assert read_moment(f"{text}T10:00", UTC) is None


@pytest.mark.parametrize("query", ["sampai=9999-12-31", "dari=0001-01-01"])
def test_a_day_beyond_all_calendars_does_not_break_the_log(browser: Browser, query: str) -> None:
    assert browser("joko").get(f"/audit?{query}").status_code == 200


@pytest.mark.parametrize("typed", ["0001-01-01T00:00", "0024-11-20T10:00"])
def test_a_year_of_two_digits_is_not_when_a_case_became_known(
    browser: Browser, database: Database, vault: Vault, typed: str
) -> None:
    world.found(database, vault)
    client = browser("rina")
    page = client.get("/informasi-awal/1")
    answer = submit(client, page, "/informasi-awal/1/diketahui", waktu=typed, sebab="laporan warga")
    assert (answer.status_code, "Waktu diketahui tidak terbaca" in words(answer)) == (422, True)
