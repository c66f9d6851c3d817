from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
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


def enter(page: Page, console: str) -> None:
    page.goto(f"{console}/masuk")
    page.get_by_label("Nama pengguna").fill("rina")
    page.get_by_label("Kata sandi").fill(PASSWORD)
    page.get_by_role("button", name="Masuk").click()


@pytest.mark.parametrize("page", SIZES, indirect=True)
def test_an_officer_sets_a_second_factor_up_and_signs_in_with_it(
    page: Page, deps: WebDeps, database: Database, clock: Clock, tmp_path: Path
) -> None:
    world.found(database, deps.vault)
    with served(replace(deps, second_factor=True)) as console:
        enter(page, console)
        expect(page.get_by_role("heading", name="Pasang langkah kedua")).to_be_visible()
        drawn = page.locator("figure svg").bounding_box()
        assert drawn is not None
        assert drawn["width"] > 150
        keep(page, tmp_path, "langkah-kedua-pasang")
        page.get_by_label("Kode enam angka").fill(code_of(database, deps.vault, "rina", clock()))
        page.get_by_role("button", name="Pasang").click()
        expect(page.get_by_role("heading", name="Kode pemulihan")).to_be_visible()
        assert len(page.locator(".codes code").all_inner_texts()) == 10
        keep(page, tmp_path, "kode-pemulihan")
        assert overflow(page) <= 0
        page.get_by_role("link", name="Sudah saya simpan").click()
        expect(page.get_by_role("heading", name="Beranda", exact=True)).to_be_visible()
        page.context.clear_cookies()

        clock.forward(minutes=2)
        enter(page, console)
        page.get_by_label("Kode enam angka").fill("000 000")
        page.get_by_role("button", name="Lanjutkan").click()
        expect(page.get_by_role("alert")).to_contain_text("tidak cocok")
        keep(page, tmp_path, "langkah-kedua")
        page.get_by_label("Kode enam angka").fill(code_of(database, deps.vault, "rina", clock()))
        page.get_by_role("button", name="Lanjutkan").click()
        expect(page.get_by_role("heading", name="Beranda", exact=True)).to_be_visible()

        clock.forward(minutes=6)
        page.goto(f"{console}/antrean?cari=ANI")
        page.locator('a[href^="/informasi-awal/"]').first.click()
        page.get_by_text("Pengenal, akun dari waktu ke waktu").click()
        page.get_by_role("button", name="Tampilkan lengkap").click()
        expect(page.get_by_role("heading", name="Pastikan ini Anda")).to_be_visible()
        keep(page, tmp_path, "pastikan-ini-anda")
        page.get_by_label("Kata sandi").fill(PASSWORD)
        page.get_by_role("button", name="Lanjutkan").click()
        expect(page.get_by_text(ANI.nip)).to_be_visible()
        keep(page, tmp_path, "nomor-identitas")
        page.goto(f"{console}/akun")
        expect(page.get_by_text("10 kode pemulihan tersisa")).to_be_visible()
        keep(page, tmp_path, "akun-saya")
        assert overflow(page) <= 0
