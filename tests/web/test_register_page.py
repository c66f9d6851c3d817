"""The register's page: counts and names of the own places, masked and audited; imports with their second person."""

from __future__ import annotations

import pytest

from db import audit, registers
from db.connect import Database
from db.register_lists import find_people, people_counts
from monitor.vault import Vault
from tests.web import world
from tests.web.browsing import parsed, submit, words
from tests.web.conftest import Browser
from tests.web.samples import NOW
from tests.web.test_waiting_imports import brought_in, confirmed_by


@pytest.fixture
def filled(database: Database, vault: Vault) -> Database:
    world.found(database, vault)
    return database


def test_counts_are_of_the_own_places(browser: Browser, filled: Database) -> None:
    assert "2 orang di wilayah Anda" in words(browser("rina").get("/register"))
    assert "1 orang di wilayah Anda" in words(browser("tetangga").get("/register"))
    assert "3 orang di wilayah Anda" in words(browser("admin").get("/register"))


def test_names_are_found_within_the_own_places_masked_and_audited(browser: Browser, filled: Database) -> None:
    rina = browser("rina")
    page = rina.get("/register/orang?cari=contoh")
    assert [link.text() for link in parsed(page).css("tbody th a")] == ["ANI CONTOH", "DEDI CONTOH"]
    assert world.ANI.nip not in page.text
    assert "1978**********1003" in page.text
    assert "SARI" not in rina.get("/register/orang?cari=sari").text.replace('value="sari"', "")
    with filled.read() as session:
        rows = [row for row in audit.tail(session) if row.action == "register_searched"]
    assert [row.actor for row in rows] == ["rina", "rina"]
    assert all("contoh" not in (row.detail or "") for row in rows)


@pytest.mark.parametrize("path", ["/register/orang", "/register/orang?cari=ani"])
def test_an_administrator_sees_no_names(browser: Browser, filled: Database, path: str) -> None:
    answer = browser("admin").get(path)
    assert answer.status_code == 403
    assert "ANI CONTOH" not in answer.text


def test_an_import_is_confirmed_on_the_page_of_the_register(browser: Browser, database: Database) -> None:
    batch, joko = brought_in(database), browser("joko")
    page = joko.get("/register")
    assert "Menunggu orang kedua" in words(page)
    answer = submit(joko, page, f"/impor/{batch}/konfirmasi")
    assert answer.headers["location"] == "/register?kabar=konfirmasi"
    assert "Impor dikonfirmasi." in words(joko.get(answer.headers["location"]))
    assert confirmed_by(database, batch) == "joko"


def test_whoever_brought_it_in_gets_no_button(browser: Browser, database: Database) -> None:
    batch = brought_in(database, by="joko")
    assert not parsed(browser("joko").get("/register")).css(f'form[action="/impor/{batch}/konfirmasi"]')


def test_many_imports_are_paged(browser: Browser, database: Database) -> None:
    numbers = [brought_in(database, kind="asn") for _ in range(17)]
    rina = browser("rina")
    first = rina.get("/register")
    onward = parsed(first).css_first("a[rel=next]").attributes["href"] or ""
    assert f"impor nomor {numbers[0]})" not in words(first)
    assert f"impor nomor {numbers[0]})" in words(rina.get(onward))


class TestBothDatabases:
    """The queries on SQLite and PostgreSQL."""

    @pytest.fixture(params=["sqlite", "postgresql"])
    def database(self, request: pytest.FixtureRequest) -> Database:
        wanted = {"sqlite": "sqlite_database", "postgresql": "postgres_database"}[request.param]
        opened: Database = request.getfixturevalue(wanted)
        return opened

    def test_people_are_paged_by_name_without_gaps_or_doubles(self, database: Database, vault: Vault) -> None:
        people = [world.Asn(f"PEGAWAI CONTOH {n % 4}", f"19780315200501{n:04}") for n in range(1, 12)]
        with database.write() as session:
            batch = registers.open_batch(
                session, kind="asn", file_name="a", sha256="0" * 64, stored_as="a", user="admin", now=NOW
            )
            registers.store_people(session, vault, [world._person(one) for one in people], batch, NOW)
        seen: list[int] = []
        after: tuple[str, int] | None = None
        with database.read() as session:
            while page := find_people(session, ["99"], "contoh pegawai", after, 4):
                seen += [person.id for person in page]
                after = (page[-1].name, page[-1].id)
            counts = people_counts(session, ["99.01"])
            nobody = find_people(session, [], "")
        assert sorted(seen) == sorted(set(seen))
        assert len(seen) == 11
        assert [count.total for count in counts] == [11]
        assert nobody == []


@pytest.mark.parametrize(("name", "leads"), [("rina", True), ("admin", False)])
def test_the_desk_of_attributions_is_linked_for_those_who_may_open_it(
    browser: Browser, filled: Database, name: str, leads: bool
) -> None:
    tile = parsed(browser(name).get("/register")).css_first('a.tile[href="/atribusi"]')
    assert (tile is not None) is leads
