from __future__ import annotations

import pytest

from db import registers
from db.connect import Database
from tests.web.browsing import parsed, submit, words
from tests.web.conftest import Browser
from tests.web.samples import NOW


def brought_in(database: Database, by: str = "admin", kind: str = "akun") -> int:
    with database.write() as session:
        return registers.open_batch(
            session, kind=kind, file_name=f"{kind}-contoh.csv", sha256="0" * 64, stored_as=kind, user=by, now=NOW
        )


def confirmed_by(database: Database, batch: int) -> str | None:
    with database.read() as session:
        return next(entry.confirmed_by for entry in registers.list_batches(session) if entry.id == batch)


def test_the_front_page_names_imports_that_wait_for_a_second_person(browser: Browser, database: Database) -> None:
    brought_in(database)
    text = words(browser("rina").get("/"))
    assert "Impor yang menunggu orang kedua" in text
    assert "akun-contoh.csv" in text


def test_a_second_person_confirms_an_import(browser: Browser, database: Database) -> None:
    batch, joko = brought_in(database), browser("joko")
    answer = submit(joko, joko.get("/"), f"/impor/{batch}/konfirmasi")
    page = words(joko.get(answer.headers["location"]))
    assert confirmed_by(database, batch) == "joko"
    assert "Impor dikonfirmasi." in page
    assert "akun-contoh.csv" not in page


@pytest.mark.parametrize("name", ["rina", "joko"])
def test_whoever_may_not_confirm_gets_no_button(browser: Browser, database: Database, name: str) -> None:
    batch = brought_in(database, by="joko")
    assert not parsed(browser(name).get("/")).css(f'form[action="/impor/{batch}/konfirmasi"]')


@pytest.mark.parametrize(("name", "status"), [("rina", 403), ("joko", 409)])
def test_a_forged_confirmation_changes_nothing(browser: Browser, database: Database, name: str, status: int) -> None:
    batch, client = brought_in(database, by="joko"), browser(name)
    token = parsed(client.get("/")).css_first("input[name=tanda]").attributes["value"] or ""
    assert client.post(f"/impor/{batch}/konfirmasi", data={"tanda": token}).status_code == status
    assert confirmed_by(database, batch) is None


def test_a_register_that_holds_nothing_up_is_not_named(browser: Browser, database: Database) -> None:
    brought_in(database, kind="asn")
    assert "Impor yang menunggu" not in words(browser("joko").get("/"))
