from __future__ import annotations

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from fastapi.testclient import TestClient

from db import audit, cases, person_pages, users
from db.connect import Database
from db.tables import asn
from monitor import desk
from monitor.domain import CaseFilter, NoteKind
from monitor.web.app import WebDeps
from tests.web import world
from tests.web.browsing import parsed, words
from tests.web.samples import NOW

Browser = Callable[..., TestClient]


@pytest.fixture(autouse=True)
def people(database: Database, deps: WebDeps) -> None:
    world.found(database, deps.vault)


def names(client: TestClient, query: str = "") -> list[str]:
    return [link.text() for link in parsed(client.get(f"/orang{query}")).css(".person-list a")]


FOUND = {
    "": ["ANI CONTOH", "DEDI CONTOH"],
    "?cari=ani": ["ANI CONTOH"],
    "?cari=dedi+contoh": ["DEDI CONTOH"],
    "?cari=anicontoh.test": ["ANI CONTOH"],
    "?cari=sari": [],
    "?cari=%25": [],
    "?cari=bangkit": ["ANI CONTOH", "DEDI CONTOH"],
}


def test_people_are_found_by_name_handle_and_words_within_the_places_of_the_user(browser: Browser) -> None:
    client = browser("rina")
    assert {query: names(client, query) for query in FOUND} == FOUND


def test_a_person_page_shows_accounts_cases_acts_and_masks_the_number(browser: Browser) -> None:
    answer = browser("rina").get("/orang/1")
    said = words(answer)
    assert world.ANI.nip not in answer.text
    assert "1978**********1003" in said
    shown = ("Terverifikasi", "anicontoh.test", "Contoh Bangkit", "Komentar")
    assert [word for word in shown if word not in said] == []


def test_looking_at_a_person_is_recorded_and_shown(browser: Browser, database: Database) -> None:
    browser("joko").get("/orang/1")
    assert "Joko Contoh" in words(browser("rina").get("/orang/1"))
    with database.read() as session:
        (row,) = audit.tail(session, 1, action="person_viewed")
    assert (row.actor, row.subject) == ("rina", "asn:1")


def test_notes_on_any_case_of_the_person_stand_on_their_page(browser: Browser, database: Database) -> None:
    with database.read() as session:
        rina = users.user_named(session, "rina")
        assert rina is not None
        case = cases.list_cases(session, CaseFilter(scope=("99.01",))).rows[0]
    desk.note(database, case.id, rina, "Sudah ditanyakan.", NoteKind.KONTEKS, NOW)
    with database.read() as session:
        person = person_pages.person_row(session, case.person.id)
        assert person is not None
        detail = person_pages.person_detail(session, person)
    assert [(note.text, note.kind) for note in detail.notes] == [("Sudah ditanyakan.", NoteKind.KONTEKS)]


def test_somebody_of_another_place_is_as_unknown_as_nobody(browser: Browser) -> None:
    client = browser("tetangga")
    foreign, missing = client.get("/orang/1"), client.get("/orang/4000")
    assert (foreign.status_code, missing.status_code) == (404, 404)
    assert words(foreign).replace("Orang 1 ", "") == words(missing).replace("Orang 4000 ", "")


def test_a_place_in_the_list_behind_somebody_of_another_place_tells_nothing_of_their_name(
    browser: Browser, database: Database
) -> None:
    with database.read() as session:
        number = {name: id_ for id_, name in session.execute(sa.select(asn.c.id, asn.c.name))}
    client = browser("rina")
    assert names(client, f"?sesudah={number['ANI CONTOH']}") == ["DEDI CONTOH"]
    assert names(client, f"?sesudah={number['SARI TETANGGA']}") == ["ANI CONTOH", "DEDI CONTOH"]
    told = client.get(f"/api/people?after={number['SARI TETANGGA']}").json()["people"]
    assert [person["name"] for person in told] == ["ANI CONTOH", "DEDI CONTOH"]
    register = words(client.get(f"/register/orang?sesudah={number['SARI TETANGGA']}"))
    assert "ANI CONTOH" in register
    assert "ANI CONTOH" not in words(client.get(f"/register/orang?sesudah={number['ANI CONTOH']}"))


def test_whoever_sees_no_people_finds_none(browser: Browser) -> None:
    assert names(browser("admin")) == []
