"""Two people at the attribution desk, in a real browser: one proposes, the other answers, the case goes on."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Page, expect

from db.connect import Database
from monitor.domain import AttributionStatus
from monitor.vault import Vault
from monitor.web.app import WebDeps
from tests.web import world
from tests.web.screens import SIZES, keep, overflow, served, sign_in


@pytest.mark.parametrize("page", SIZES, indirect=True)
def test_one_proposes_and_another_answers(
    page: Page, chromium: Chromium, deps: WebDeps, database: Database, vault: Vault, tmp_path: Path
) -> None:
    world.found(database, vault, (replace(world.ANI, status=AttributionStatus.PROPOSED), world.DEDI))
    with served(deps) as console, chromium.new_context(viewport=page.viewport_size, locale="id-ID") as other:
        sign_in(page, console, "rina")
        page.goto(f"{console}/atribusi")
        keep(page, tmp_path, "atribusi")
        assert overflow(page) == 0
        page.get_by_role("link", name="Usulkan kaitan akun").first.click()
        page.get_by_label("Nama atau instansi").fill("dedi")
        page.get_by_role("button", name="Cari orang").click()
        page.get_by_role("link", name="Pilih DEDI CONTOH").click()
        page.get_by_label("Platform").select_option("bluesky")
        page.get_by_label("Akun", exact=True).fill("dedi.kedua.test")
        page.get_by_label("Bagaimana diketahui").fill("laman resmi dinas")
        page.get_by_label("Bukti", exact=True).fill("Tercantum di laman pegawai.")
        keep(page, tmp_path, "atribusi-usul")
        assert overflow(page) == 0
        page.get_by_role("button", name="Usulkan").click()
        expect(page.get_by_text("Usul tersimpan.")).to_be_visible()
        expect(page.get_by_role("button", name="Ya, akun ini miliknya")).to_have_count(0)

        second = other.new_page()
        sign_in(second, console, "joko")
        second.goto(page.url)
        second.get_by_role("button", name="Ya, akun ini miliknya").click()
        expect(second.get_by_text("Kaitan akun dipastikan.")).to_be_visible()

        second.goto(f"{console}/atribusi")
        second.get_by_role("link", name="anicontoh.test").click()
        keep(second, tmp_path, "atribusi-satu")
        assert overflow(second) == 0
        second.get_by_role("button", name="Ya, akun ini miliknya").click()
        second.get_by_role("button", name="Tinjau kembali").click()
        expect(second.get_by_text("dapat ditinjau kembali").first).to_be_visible()
