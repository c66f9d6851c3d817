from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from db.connect import Database
from monitor.vault import Vault
from monitor.web.app import WebDeps
from tests.web import world
from tests.web.screens import SIZES, go_to, keep, overflow, served, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def console(deps: WebDeps, database: Database, vault: Vault) -> Iterator[str]:
    world.found(database, vault)
    with served(deps) as address:
        yield address


@pytest.mark.parametrize("page", SIZES, indirect=True)
def test_a_morning_from_sign_in_to_undo(page: Page, console: str, tmp_path: Path) -> None:
    sign_in(page, console)
    keep(page, tmp_path, "beranda")
    go_to(page, "Antrean")
    keep(page, tmp_path, "antrean")
    page.get_by_role("link", name="ANI CONTOH").click()
    expect(page.get_by_text("Informasi awal — belum merupakan temuan")).to_be_visible()
    keep(page, tmp_path, "informasi-awal")
    page.get_by_role("button", name="Ambil untuk ditinjau").click()
    expect(page.get_by_text("Giliran Anda", exact=True)).to_be_visible()
    page.get_by_label("Catatan", exact=True).fill("Acara dinas.")
    page.locator(".choice > summary", has_text="Kesampingkan").click()
    page.get_by_role("button", name="Dalam rangka kedinasan").click()
    expect(page.get_by_text("Keputusan tersimpan.")).to_be_visible()
    keep(page, tmp_path, "diputuskan")
    page.get_by_role("button", name="Batalkan keputusan ini").click()
    expect(page.locator(".head .chip.state")).to_have_text("Ditinjau")


@pytest.mark.parametrize(
    "page", [pytest.param((390, 844), id="phone"), pytest.param((320, 700), id="small")], indirect=True
)
@pytest.mark.parametrize("path", ["/", "/antrean", "/informasi-awal/1", "/tidak-ada"])
def test_no_page_scrolls_sideways_on_a_phone(page: Page, console: str, path: str) -> None:
    sign_in(page, console)
    page.goto(console + path)
    for fold in page.locator("main details").all():
        fold.locator("> summary").click()
    assert overflow(page) <= 0


def test_the_queue_narrows_while_one_types(page: Page, console: str) -> None:
    sign_in(page, console)
    page.goto(f"{console}/antrean")
    page.get_by_text("Saringan lain").click()
    page.get_by_label("Tindakan").select_option(label="Menyukai")
    expect(page.get_by_role("link", name="ANI CONTOH")).to_have_count(0)
    expect(page.get_by_role("link", name="DEDI CONTOH")).to_be_visible()
    assert "tindakan=like" in page.url


def test_the_core_path_works_without_scripts(chromium: Browser, console: str) -> None:
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    sign_in(page, console)
    page.goto(f"{console}/antrean")
    page.get_by_text("Saringan lain").click()
    page.get_by_label("Tindakan").select_option(label="Komentar")
    page.get_by_role("button", name="Cari", exact=True).click()
    page.get_by_role("link", name="ANI CONTOH").click()
    page.get_by_role("button", name="Ambil untuk ditinjau").click()
    page.locator(".choice > summary", has_text="Kesampingkan").click()
    page.get_by_role("button", name="Dalam rangka kedinasan").click()
    expect(page.get_by_text("Keputusan tersimpan.")).to_be_visible()
    context.close()


def test_a_hostile_text_runs_nothing(page: Page, deps: WebDeps, database: Database, vault: Vault) -> None:
    text = "<script>document.title='x'</script><img src=x onerror=\"document.title='x'\"> Contoh Bangkit"
    world.found(database, vault, [replace(world.ANI, text=text)])
    with served(deps) as address:
        sign_in(page, address)
        page.goto(f"{address}/informasi-awal/1")
        assert page.title().startswith("Informasi awal 1")


def test_keyboard_focus_is_always_visible(page: Page, console: str) -> None:
    sign_in(page, console)
    page.goto(f"{console}/antrean")
    for _ in range(12):
        page.keyboard.press("Tab")
        seen = page.evaluate(
            "(() => { let e = document.activeElement; const row = e.closest('li');"
            " return [e, row].some(x => x && getComputedStyle(x).outlineStyle !== 'none'); })()"
        )
        assert seen


def test_the_pages_can_be_read_in_the_dark(chromium: Browser, console: str) -> None:
    context = chromium.new_context(color_scheme="dark")
    page = context.new_page()
    sign_in(page, console)
    page.goto(f"{console}/informasi-awal/1")
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(230, 233, 234)"
    context.close()
