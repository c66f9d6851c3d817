from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from db.connect import Database
from monitor.web.app import WebDeps
from tests.second_steps import code_of
from tests.web import world
from tests.web.browsing import PASSWORD
from tests.web.conftest import Clock
from tests.web.screens import SIZES, keep, overflow, served
from tests.web.world import ANI

pytestmark = pytest.mark.browser


def accessible(page: Page) -> None:
    """Find nothing with axe on the open page, and nothing that scrolls sideways."""
    page.evaluate(Axe().axe_script)
    results = page.evaluate("window.axe.run(document, {resultTypes: ['violations']})")
    assert [one["id"] for one in results["violations"]] == []
    assert overflow(page) <= 0


def enter(page: Page, console: str) -> None:
    page.goto(f"{console}/masuk")
    page.get_by_label("Nama pengguna").fill("rina")
    page.get_by_label("Kata sandi").fill(PASSWORD)
    page.get_by_role("button", name="Masuk").click()


def front_page(page: Page) -> None:
    expect(page.get_by_role("heading", name="Beranda", exact=True)).to_be_visible()


def set_up(page: Page, tmp_path: Path, code: Callable[[], str]) -> None:
    expect(page.get_by_role("heading", name="Pasang langkah kedua")).to_be_visible()
    drawn = page.locator("figure svg").bounding_box()
    assert drawn is not None
    assert drawn["width"] > 150
    keep(page, tmp_path, "langkah-kedua-pasang")
    accessible(page)
    page.get_by_label("Kode enam angka").fill(code())
    page.get_by_role("button", name="Pasang").click()
    expect(page.get_by_role("heading", name="Kode pemulihan")).to_be_visible()
    assert len(page.locator(".codes code").all_inner_texts()) == 10
    keep(page, tmp_path, "kode-pemulihan")
    accessible(page)
    page.get_by_role("link", name="Sudah saya simpan").click()
    front_page(page)


def give_code(page: Page, tmp_path: Path, code: Callable[[], str]) -> None:
    page.get_by_label("Kode enam angka").fill("000 000")
    page.get_by_role("button", name="Lanjutkan").click()
    expect(page.get_by_role("alert")).to_contain_text("tidak cocok")
    keep(page, tmp_path, "langkah-kedua")
    accessible(page)
    page.get_by_label("Kode enam angka").fill(code())
    page.get_by_role("button", name="Lanjutkan").click()
    front_page(page)


def reveal_number(page: Page, tmp_path: Path, console: str) -> None:
    page.goto(f"{console}/antrean?cari=ANI")
    page.locator('a[href^="/informasi-awal/"]').first.click()
    page.get_by_text("Pengenal, akun dari waktu ke waktu").click()
    page.get_by_role("button", name="Tampilkan lengkap").click()
    expect(page.get_by_role("heading", name="Pastikan ini Anda")).to_be_visible()
    keep(page, tmp_path, "pastikan-ini-anda")
    accessible(page)
    page.get_by_label("Kata sandi").fill(PASSWORD)
    page.get_by_role("button", name="Lanjutkan").click()
    expect(page.get_by_text(ANI.nip)).to_be_visible()
    keep(page, tmp_path, "nomor-identitas")
    accessible(page)


@pytest.mark.parametrize("page", SIZES, indirect=True)
def test_an_officer_sets_a_second_factor_up_signs_in_with_it_and_proves_again_for_a_number(
    page: Page, deps: WebDeps, database: Database, clock: Clock, tmp_path: Path
) -> None:
    world.found(database, deps.vault)

    def code() -> str:
        return code_of(database, deps.vault, "rina", clock())

    with served(replace(deps, second_factor=True)) as console:
        enter(page, console)
        set_up(page, tmp_path, code)
        page.context.clear_cookies()
        clock.forward(minutes=2)
        enter(page, console)
        give_code(page, tmp_path, code)
        clock.forward(minutes=6)
        reveal_number(page, tmp_path, console)
        page.goto(f"{console}/akun")
        expect(page.get_by_text("10 kode pemulihan tersisa")).to_be_visible()
        keep(page, tmp_path, "akun-saya")
        accessible(page)
