from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from db import leases
from db.connect import Database
from monitor.web.app import WebDeps
from tests.web import world
from tests.web.samples import NOW
from tests.web.screens import SIZES, keep, overflow, served, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.slow]

NAMES = ("EKA", "FAJAR", "GITA", "HADI")
PEOPLE = tuple(world.Asn(f"CONTOH {name}", f"1980010120060410{n:02d}") for n, name in enumerate(NAMES, 10))


@pytest.fixture
def console(deps: WebDeps, database: Database) -> Iterator[str]:
    world.found(database, deps.vault, PEOPLE)
    with database.write() as session:
        leases.claim(session, 1, 2, NOW)
    with served(deps) as address:
        yield address


@pytest.mark.parametrize("page", SIZES, indirect=True)
def test_a_view_is_kept_and_a_group_decided_with_what_became_of_each(page: Page, console: str, tmp_path: Path) -> None:
    sign_in(page, console)
    page.goto(f"{console}/antrean")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/antrean?" in request.url else None)
    page.get_by_label("Cari", exact=True).fill("contoh bangkit")
    page.get_by_label("Cari", exact=True).press("Enter")
    expect(page.get_by_role("link", name="Cari: contoh bangkit (lepas saringan ini)")).to_be_visible()
    page.wait_for_timeout(300)
    assert len(asked) == 1  # a second answer would shut what was opened meanwhile
    assert overflow(page) == 0

    page.locator(".keep > summary").click()
    page.get_by_label("Simpan saringan ini sebagai").fill("Bangkit")
    page.get_by_role("button", name="Simpan tampilan").click()
    expect(page.get_by_role("link", name="Bangkit 4")).to_have_attribute("aria-current", "page")

    page.get_by_label("Kelompokkan").select_option("pasangan")
    page.locator("section.group h2 a").click()
    expect(page.locator(".items > li")).to_have_count(4)
    assert overflow(page) == 0
    for box in page.locator(".items input[type=checkbox]").all():
        box.check()
    page.locator('input[name="ke"][value="dikesampingkan"]').check()
    page.locator('select[name="alasan.dikesampingkan"]').select_option("konteks_kedinasan")
    keep(page, tmp_path, "kelompok")
    page.get_by_role("button", name="Putuskan yang dicentang").click()
    expect(page.get_by_role("status")).to_contain_text("3 dari 4 informasi awal kini “Dikesampingkan”")
    expect(page.get_by_text("Sedang ditinjau orang lain")).to_have_count(1)
    keep(page, tmp_path, "keputusan-bersama")
    assert overflow(page) == 0
