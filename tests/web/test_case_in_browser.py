from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from db import blind, cases, events
from db.connect import Database
from monitor.domain import CaseFilter, CaseState, Grant, Role
from monitor.vault import Vault
from monitor.web.app import WebDeps
from tests.web import world
from tests.web.conftest import Clock
from tests.web.screens import SIZES, keep, overflow, press, served, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.slow]

OFFICE = pytest.param((1366, 768), id="office")


def crowd(count: int) -> list[world.Asn]:
    return [replace(world.ANI, name=f"ORANG {n:02} CONTOH", nip=f"1978031520050{n:05}") for n in range(count)]


@pytest.fixture
def console(deps: WebDeps, database: Database, vault: Vault, request: pytest.FixtureRequest) -> Iterator[str]:
    world.found(database, vault, crowd(getattr(request, "param", 3)))
    with served(replace(deps, blind_share=1.0)) as address:
        yield address


def states(database: Database) -> list[CaseState]:
    with database.read() as session:
        return [row.state for row in cases.list_cases(session, CaseFilter(limit=None)).rows]


def heading(page: Page) -> str:
    return page.locator("h1").inner_text()


@pytest.mark.parametrize("console", [20], indirect=True)
@pytest.mark.parametrize("page", [OFFICE], indirect=True)
def test_twenty_cases_are_triaged_by_keyboard_alone(
    page: Page, console: str, database: Database, tmp_path: Path
) -> None:
    sign_in(page, console)
    page.goto(f"{console}/antrean")
    press(page, "g")
    expect(page.get_by_text("Giliran Anda")).to_be_visible()
    keep(page, tmp_path, "informasi-awal-giliran")
    for number in range(20):
        before = heading(page)
        press(page, "1")
        if number == 0:
            keep(page, tmp_path, "informasi-awal-alasan")
        press(page, "8")
        if number < 19:
            expect(page.locator("h1")).not_to_have_text(before)
    expect(page.get_by_text("Tidak ada lagi yang menunggu")).to_be_visible()
    assert states(database) == [CaseState.DIKESAMPINGKAN] * 20
    press(page, "u")
    expect(page.get_by_text("Keputusan dibatalkan.")).to_be_visible()
    assert states(database).count(CaseState.DITINJAU) == 1


@pytest.mark.parametrize("page", [OFFICE], indirect=True)
def test_why_a_case_is_there_shows_without_scrolling(page: Page, console: str) -> None:
    sign_in(page, console)
    page.goto(f"{console}/informasi-awal/1")
    bar = page.locator(".bar").bounding_box()
    assert bar is not None
    for shown in (page.locator(".because").first, page.locator("blockquote").first, page.locator(".why-band h2")):
        box = shown.bounding_box()
        assert box is not None
        assert box["y"] + box["height"] <= bar["y"]
    assert bar["y"] + bar["height"] <= 768


@pytest.mark.parametrize("page", SIZES, indirect=True)
def test_the_page_of_a_case_fits(page: Page, console: str, tmp_path: Path) -> None:
    sign_in(page, console)
    page.goto(f"{console}/informasi-awal/1")
    keep(page, tmp_path, "informasi-awal")
    for fold in page.locator("main details:not(.choice)").all():
        fold.evaluate("fold => fold.open = true")
    keep(page, tmp_path, "informasi-awal-terbuka")
    assert overflow(page) <= 0
    page.locator(".choice > summary").first.click()
    assert Axe().run(page).response["violations"] == []


def test_two_browsers_cannot_decide_one_case(
    page: Page, chromium: Browser, console: str, database: Database, clock: Clock, tmp_path: Path
) -> None:
    sign_in(page, console)
    page.goto(f"{console}/informasi-awal/1")
    page.get_by_role("button", name="Ambil untuk ditinjau").click()
    expect(page.get_by_text("Giliran Anda", exact=True)).to_be_visible()
    other = chromium.new_context().new_page()
    sign_in(other, console, "joko")
    other.goto(f"{console}/informasi-awal/1")
    expect(other.locator(".closed")).to_contain_text("Rina Contoh sedang meninjau")
    clock.forward(minutes=6)  # rina's turn ends while she is away
    other.reload()
    press(other, "2")
    other.get_by_role("button", name="Bukti masih kurang").click()
    expect(other.get_by_text("Keputusan tersimpan.")).to_be_visible()
    page.get_by_label("Catatan", exact=True).fill("Sudah ada di nomor 3.")
    press(page, "Escape")
    press(page, "1")
    press(page, "8")
    expect(page.get_by_text("Keputusan Anda belum tersimpan.")).to_be_visible()
    expect(page.get_by_text("Status berubah dari Ditinjau menjadi Perlu bukti oleh Joko Contoh.")).to_be_visible()
    keep(page, tmp_path, "konflik")
    page.get_by_role("button", name="Buka keadaan terbaru dengan catatan ini").click()
    expect(page.get_by_label("Catatan", exact=True)).to_have_value("Sudah ada di nomor 3.")
    with database.read() as session:
        assert [e.to_state for e in events.history(session, 1)][-1] is CaseState.PERLU_BUKTI
    other.context.close()


def test_an_open_page_keeps_its_turn_and_says_when_it_ended(page: Page, console: str, clock: Clock) -> None:
    page.clock.install()
    sign_in(page, console)
    page.goto(f"{console}/informasi-awal/1")
    page.get_by_role("button", name="Ambil untuk ditinjau").click()
    expect(page.get_by_text("Giliran Anda", exact=True)).to_be_visible()
    page.wait_for_load_state("load")  # the script that keeps the turn runs before that
    clock.forward(minutes=4)
    with page.expect_response("**/giliran") as renewed:
        page.clock.fast_forward(60_000)
    assert renewed.value.status == 200
    clock.forward(minutes=4)
    with page.expect_response("**/giliran") as renewed:
        page.clock.fast_forward(60_000)
    assert renewed.value.status == 200
    clock.forward(minutes=6)
    page.clock.fast_forward(60_000)
    expect(page.locator("#giliran-kabar")).to_contain_text("sudah berakhir")


def test_a_second_look_is_blind_and_a_difference_is_shown_to_the_coordinator(
    page: Page, chromium: Browser, console: str, database: Database, clock: Clock, password_hash: str, tmp_path: Path
) -> None:
    with database.write() as session:
        from db import users

        third = users.add_user(session, "tini", "Tini Contoh", password_hash, clock())
        users.grant_role(session, third.id, Grant(Role.PENGAWAS, "99.01"), clock())
    sign_in(page, console)
    page.goto(f"{console}/informasi-awal/1")
    press(page, "1")
    press(page, "8")
    expect(page.get_by_text("Keputusan tersimpan.")).to_be_visible()
    clock.forward(minutes=1)
    other = chromium.new_context(viewport={"width": 1366, "height": 768}).new_page()
    sign_in(other, console, "tini")
    other.goto(f"{console}/pemeriksaan-kedua")
    keep(other, tmp_path, "pemeriksaan-kedua")
    other.get_by_role("link", name="Periksa tanpa melihat keputusan").click()
    expect(other.get_by_text("Dikesampingkan")).to_have_count(0)
    expect(other.get_by_text("Rina Contoh")).to_have_count(0)
    expect(other.locator(".choice")).to_have_count(2)
    other.wait_for_load_state()
    assert Axe().run(other).response["violations"] == []
    keep(other, tmp_path, "pemeriksaan-kedua-informasi-awal")
    press(other, "2")
    press(other, "1")
    expect(other.get_by_text("Jawaban Anda berbeda")).to_be_visible()
    with database.read() as session:
        (pair,) = blind.blind_pairs(session, None)
    assert (pair.first, pair.second) == (CaseState.DIKESAMPINGKAN, CaseState.DIUSULKAN)
    sign_in(page_of := chromium.new_context().new_page(), console, "joko")
    page_of.goto(f"{console}/pemeriksaan-kedua")
    expect(page_of.get_by_role("heading", name="Dua jawaban yang berbeda")).to_be_visible()
    keep(page_of, tmp_path, "pemeriksaan-kedua-berbeda")
    other.context.close()
    page_of.context.close()


def test_keys_keep_still_in_fields_and_when_switched_off(page: Page, console: str, database: Database) -> None:
    sign_in(page, console)
    page.goto(f"{console}/informasi-awal/1")
    press(page, "n")
    page.keyboard.type("118")
    expect(page.get_by_label("Catatan", exact=True)).to_have_value("118")
    press(page, "Escape")
    press(page, "Control+k")
    page.keyboard.type("kesehatan")
    press(page, "Enter")
    page.wait_for_url("**/kesehatan")
    page.goto(f"{console}/informasi-awal/1")
    page.get_by_role("button", name="Pintasan menyala, matikan").click()
    page.goto(f"{console}/informasi-awal/1")
    press(page, "1")
    press(page, "8")
    assert CaseState.DIKESAMPINGKAN not in states(database)
