"""An officer brings a register with mistakes in a real browser, mends it, takes it in; and what the pages look like."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from db.connect import Database
from tests.scan.offices import Office
from tests.web import bringing
from tests.web.bringing import CAPTURE, console_deps
from tests.web.screens import keep, overflow, served, sign_in
from tests.web.test_accessible_in_browser import violations
from tests.web.test_upload_pages import ASN, BAD, GOOD

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def office(tmp_path: Path, sqlite_database: Database, password_hash: str) -> Office:
    made = bringing.office_with_register(tmp_path / "office", sqlite_database)
    bringing.add_users(sqlite_database, password_hash)
    return made


@pytest.fixture
def console(office: Office) -> Iterator[str]:
    with console_deps(office) as deps, served(deps) as address:
        yield address


def bring(page: Page, console: str, name: str, data: bytes) -> None:
    page.goto(f"{console}/unggah")
    page.get_by_label("Berkas", exact=True).set_input_files({"name": name, "mimeType": "text/csv", "buffer": data})
    page.get_by_role("button", name="Periksa berkas").click()
    expect(page.get_by_text("Sedang diperiksa")).to_have_count(0, timeout=30_000)


@pytest.mark.parametrize(
    "page", [pytest.param((1366, 768), id="desktop"), pytest.param((390, 844), id="phone")], indirect=True
)
def test_a_file_with_mistakes_is_shown_mended_and_taken_in(page: Page, console: str, tmp_path: Path) -> None:
    sign_in(page, console)
    bring(page, console, "asn.csv", (ASN + GOOD + BAD).encode())
    expect(page.get_by_role("heading", name="Masalah (2)")).to_be_visible()
    assert (overflow(page) <= 0, violations(page, "light")) == (True, [])
    keep(page, tmp_path, "unggah-masalah")
    bring(page, console, "asn-benar.csv", (ASN + GOOD).encode())
    expect(page.get_by_role("heading", name="asn-benar.csv")).to_be_visible()
    assert violations(page, "light") == []
    keep(page, tmp_path, "unggah-siap")
    page.get_by_role("button", name="Masukkan").click()
    expect(page.locator(".chip.big")).to_have_text("Sudah masuk", timeout=30_000)
    keep(page, tmp_path, "unggah-masuk")
    bring(page, console, "tangkapan.ndjson", CAPTURE)
    page.get_by_role("button", name="Masukkan").click()
    expect(page.locator(".chip.big")).to_have_text("Sudah masuk", timeout=30_000)
    page.goto(f"{console}/unggah")
    page.get_by_label("Berkas", exact=True).set_input_files(
        {"name": "besar.bin", "mimeType": "text/csv", "buffer": b"x" * (1024 * 1024 + 1)}
    )
    expect(page.get_by_text("Berkas ini lebih besar dari 1 MB")).to_be_visible()
    expect(page.get_by_role("button", name="Periksa berkas")).to_be_disabled()
    for path, name in (
        ("/unggah", "unggah"),
        ("/unggah/catatan", "catatan"),
        ("/register", "register"),
        ("/register/orang?cari=contoh", "register-orang"),
    ):
        page.goto(console + path)
        assert (overflow(page) <= 0, violations(page, "light")) == (True, [])
        keep(page, tmp_path, name)
