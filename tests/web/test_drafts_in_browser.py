from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from db import register_lists, sign_ins
from db.connect import Database
from monitor.vault import Vault
from monitor.web.app import WebDeps
from tests.web import world
from tests.web.samples import NOW
from tests.web.screens import enter, served, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.slow]

WORDS = "Acara dinas; undangan sudah diminta."
KEPT = "Object.keys(sessionStorage).filter((key) => key.startsWith('konsep:')).length"


@pytest.fixture
def console(deps: WebDeps, database: Database, vault: Vault) -> Iterator[str]:
    world.found(database, vault)
    with served(deps) as address:
        yield address


def end_sessions(database: Database) -> None:
    with database.write() as session:
        for user in range(1, 5):
            sign_ins.end_all_sessions(session, user, NOW)


def write_a_note(page: Page, console: str) -> None:
    sign_in(page, console)
    page.goto(f"{console}/informasi-awal/1")
    page.get_by_role("button", name="Ambil untuk ditinjau").click()
    page.get_by_label("Catatan", exact=True).fill(WORDS)


def set_aside(page: Page) -> None:
    page.locator(".choice > summary", has_text="Kesampingkan").click()
    page.get_by_role("button", name="Dalam rangka kedinasan").click()


def test_a_note_outlives_the_session_and_goes_once_it_was_taken(page: Page, console: str, database: Database) -> None:
    write_a_note(page, console)
    end_sessions(database)
    set_aside(page)
    expect(page.get_by_role("heading", name="Sesi Anda berakhir")).to_be_visible()
    expect(page.get_by_label("Tulisan Anda")).to_have_value(WORDS)
    page.get_by_role("link", name="Masuk lagi").click()
    enter(page, "rina")
    expect(page.get_by_text("belum tersimpan sudah dikembalikan")).to_be_visible()
    expect(page.get_by_label("Catatan", exact=True)).to_have_value(WORDS)
    set_aside(page)
    expect(page.get_by_text("Keputusan tersimpan.")).to_be_visible()
    assert page.evaluate(KEPT) == 0


def test_words_of_a_form_that_was_refused_before_outlive_the_session_too(
    page: Page, console: str, database: Database
) -> None:
    sign_in(page, console)
    page.goto(f"{console}/informasi-awal/1?kabar=catat")
    page.locator("summary", has_text="Tambah catatan").click()
    page.get_by_label("Isi", exact=True).fill("  ")
    page.get_by_role("button", name="Simpan catatan").click()
    expect(page.get_by_text("Catatan masih kosong")).to_be_visible()
    page.get_by_label("Isi", exact=True).fill(WORDS)
    end_sessions(database)
    page.get_by_role("button", name="Simpan catatan").click()
    page.get_by_role("link", name="Masuk lagi").click()
    enter(page, "rina")
    expect(page.get_by_text("belum tersimpan sudah dikembalikan")).to_be_visible()
    expect(page.get_by_label("Isi", exact=True)).to_have_value(WORDS)
    expect(page.get_by_text("Catatan tersimpan.")).to_have_count(0)


def test_words_about_one_person_are_not_brought_back_for_another(page: Page, console: str, database: Database) -> None:
    with database.read() as session:
        known = {one.name: one.id for one in register_lists.find_people(session, ("99.01",), "contoh", None, 10)}
    ani, dedi = (f"{console}/atribusi/baru?orang={known[who.name]}" for who in (world.ANI, world.DEDI))
    sign_in(page, console)
    page.goto(ani)
    page.get_by_label("Bukti", exact=True).fill(WORDS)
    page.goto(dedi)
    expect(page.get_by_label("Bukti", exact=True)).to_have_value("")
    page.goto(ani)
    expect(page.get_by_label("Bukti", exact=True)).to_have_value(WORDS)


def test_nobody_else_finds_the_words_of_a_session_that_ended(page: Page, console: str, database: Database) -> None:
    write_a_note(page, console)
    end_sessions(database)
    set_aside(page)
    page.get_by_role("link", name="Masuk lagi").click()
    enter(page, "joko")
    expect(page.get_by_text("Informasi awal — belum merupakan temuan")).to_be_visible()
    assert WORDS not in page.locator("textarea").evaluate_all("(all) => all.map((one) => one.value)")
    assert page.evaluate(KEPT) == 0


def test_signing_out_leaves_no_words_in_the_browser(page: Page, console: str) -> None:
    write_a_note(page, console)
    assert page.evaluate(KEPT) == 1
    page.locator(".side-bar .account-menu > summary").click()
    page.get_by_role("button", name="Keluar", exact=True).click()
    expect(page.get_by_role("heading", name="Masuk")).to_be_visible()
    assert page.evaluate(KEPT) == 0


def test_words_that_are_brought_back_can_be_thrown_away(page: Page, console: str) -> None:
    write_a_note(page, console)
    page.reload()
    expect(page.get_by_label("Catatan", exact=True)).to_have_value(WORDS)
    page.get_by_role("button", name="Buang tulisan itu").click()
    expect(page.get_by_label("Catatan", exact=True)).to_have_value("")
    assert page.evaluate(KEPT) == 0


def test_without_scripts_the_words_stand_on_the_page_that_asks_to_sign_in(
    chromium: Browser, console: str, database: Database
) -> None:
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    write_a_note(page, console)
    end_sessions(database)
    set_aside(page)
    expect(page.get_by_label("Tulisan Anda")).to_have_value(WORDS)
    with context.expect_page() as opened:
        page.get_by_role("link", name="Masuk lagi").click()
    expect(opened.value.get_by_role("heading", name="Masuk")).to_be_visible()
    context.close()
