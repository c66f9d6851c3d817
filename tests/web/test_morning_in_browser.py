"""An officer's morning in a real browser, over a real office after one night: from signing in to the report."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pyotp
import pytest
from playwright.sync_api import Browser, FilePayload, Page, expect

from tests.scan.offices import NOW
from tests.web import office
from tests.web.browsing import PASSWORD
from tests.web.screens import go_to, keep, overflow, press, served, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.slow]

DESK = pytest.param((1366, 768), id="desk")
PHONE = pytest.param((390, 844), id="phone")
BROKEN = "nip,nama,jenis,instansi,jabatan,wilayah,catatan\n12345,TANPA NIP CONTOH,pns,Dinas Contoh,Staf,99.01,\n"


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path, password_hash: str) -> Path:
    return office.fill(tmp_path_factory.mktemp("morning"), sqlite_template, password_hash)


@pytest.fixture(scope="module")
def console(filled: Path) -> Iterator[str]:
    with office.parts_of(filled) as deps, served(deps) as address:
        yield address


@pytest.mark.parametrize("page", [DESK, PHONE], indirect=True)
def test_the_first_sign_in_sets_up_a_second_factor(page: Page, filled: Path, tmp_path: Path) -> None:
    name = "dewi" if (page.viewport_size or {"width": 0})["width"] < 400 else "tia"
    with office.parts_of(filled) as deps, served(replace(deps, second_factor=True)) as console:
        page.goto(f"{console}/masuk")
        page.get_by_label("Nama pengguna").fill(name)
        page.get_by_label("Kata sandi").fill(PASSWORD)
        page.get_by_role("button", name="Masuk", exact=True).click()
        expect(page.get_by_role("heading", name="Pasang langkah kedua")).to_be_visible()
        keep(page, tmp_path, "langkah-kedua")
        assert overflow(page) <= 0
        secret = page.locator("code.secret").text_content() or ""
        page.get_by_label("Kode enam angka yang sedang tampil").fill(pyotp.TOTP(secret.replace(" ", "")).at(NOW))
        page.get_by_role("button", name="Pasang", exact=True).click()
        expect(page.get_by_role("heading", name="Kode pemulihan")).to_be_visible()
        keep(page, tmp_path, "kode-pemulihan")
        page.get_by_role("link", name="Sudah saya simpan, lanjutkan").click()
        expect(page.get_by_role("heading", name="Beranda")).to_be_visible()


@pytest.mark.parametrize("page", [DESK], indirect=True)
def test_a_plain_case_goes_with_two_keys_and_comes_back_on_the_front_page(page: Page, console: str) -> None:
    sign_in(page, console)
    press(page, "g")
    expect(page).to_have_url(re.compile(r"/informasi-awal/\d+"))
    expect(page.get_by_text("Giliran Anda")).to_be_visible()
    name = page.locator("h1").inner_text()
    page.goto(f"{console}/")
    expect(page.locator(".resume-name")).to_have_text(name)
    page.get_by_role("link", name="Lanjutkan").click()
    expect(page.get_by_text("Giliran Anda")).to_be_visible()
    press(page, "1")
    press(page, "8")
    expect(page.locator("h1")).not_to_have_text(name)
    page.goto(f"{console}/")
    expect(page.get_by_text("keputusan: dikesampingkan")).to_be_visible()


@pytest.mark.parametrize("page", [PHONE], indirect=True)
def test_a_case_is_decided_by_thumb_on_a_phone(page: Page, console: str, tmp_path: Path) -> None:
    sign_in(page, console)
    go_to(page, "Antrean")
    page.locator(".queue a.name").first.click()
    expect(page.get_by_text("Informasi awal — belum merupakan temuan").first).to_be_visible()
    assert overflow(page) <= 0
    page.locator("summary", has_text="Minta bukti").click()
    page.get_by_role("button", name="Bukti masih kurang").click()
    expect(page.get_by_text("Keputusan tersimpan.")).to_be_visible()
    keep(page, tmp_path, "diputus")


@pytest.mark.parametrize("page", [DESK], indirect=True)
def test_several_cases_of_one_person_are_decided_with_their_evidence_in_sight(
    page: Page, console: str, tmp_path: Path
) -> None:
    sign_in(page, console)
    page.goto(f"{console}/antrean?status=baru&kelompok=orang")
    group = page.locator(".group", has_text=re.compile("[2-9] informasi awal")).first
    group.get_by_role("link").first.click()
    opened = page.locator(".group.open")
    expect(opened.locator("blockquote").first).to_be_visible()
    ticks = opened.get_by_role("checkbox")
    count = ticks.count()
    for tick in ticks.all():
        tick.check()
    page.get_by_role("radio", name="Dikesampingkan").check()
    page.locator("#alasan-dikesampingkan").select_option(label="dalam rangka kedinasan")
    keep(page, tmp_path, "bersama")
    page.get_by_role("button", name="Putuskan yang dicentang").click()
    expect(page.get_by_role("heading", name="Hasil keputusan bersama")).to_be_visible()
    expect(page.get_by_text("Tersimpan", exact=True)).to_have_count(count)
    keep(page, tmp_path, "hasil-bersama")
    assert overflow(page) <= 0
    assert count > 1


@pytest.mark.parametrize("page", [DESK], indirect=True)
def test_an_attribution_takes_a_second_person(page: Page, console: str) -> None:
    sign_in(page, console, "bayu")
    go_to(page, "Meja atribusi")
    page.locator("a.name").first.click()
    page.get_by_role("button", name="Ya, akun ini miliknya").click()
    expect(page.get_by_text("terverifikasi", exact=False).first).to_be_visible()


@pytest.mark.parametrize("page", [DESK], indirect=True)
def test_a_register_with_a_mistake_writes_nothing(page: Page, console: str) -> None:
    sign_in(page, console, "bayu")
    page.goto(f"{console}/unggah")
    file: FilePayload = {"name": "asn.csv", "mimeType": "text/csv", "buffer": BROKEN.encode()}
    page.get_by_label("Berkas", exact=True).set_input_files(file)
    page.get_by_role("button", name="Periksa berkas").click()
    expect(page.get_by_text("Sedang diperiksa")).to_have_count(0, timeout=30_000)
    expect(page.get_by_role("heading", name="Masalah (1)")).to_be_visible()
    expect(page.get_by_role("button", name="Masukkan")).to_have_count(0)


@pytest.mark.parametrize("page", [DESK], indirect=True)
def test_the_preview_of_the_report_is_what_is_exported(page: Page, console: str, tmp_path: Path) -> None:
    sign_in(page, console, "bayu")
    go_to(page, "Laporan")
    page.get_by_label("Pekan", exact=True).select_option(index=1)  # the week that runs
    page.get_by_role("button", name="Tampilkan").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="JSON").click()
    saved = tmp_path / "laporan.json"
    download.value.save_as(saved)
    told = json.loads(saved.read_text(encoding="utf-8"))["sections"]["by_state"]["rows"]
    shown = page.locator("section[aria-labelledby=by_state] tbody tr")
    assert [row.inner_text().split("\t") for row in shown.all()] == [[row["label"], str(row["cases"])] for row in told]
    assert told


def test_a_printed_case_is_the_case_alone(chromium: Browser, console: str, tmp_path: Path) -> None:
    page = chromium.new_context(viewport={"width": 1366, "height": 768}, locale="id-ID").new_page()
    sign_in(page, console)
    page.goto(f"{console}/informasi-awal/1")
    page.emulate_media(media="print")
    expect(page.locator(".letterhead")).to_be_visible()
    expect(page.locator(".side-bar")).to_be_hidden()
    expect(page.locator("#keputusan")).to_be_hidden()
    keep(page, tmp_path, "cetak")
    page.context.close()
