from __future__ import annotations

import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Browser, Page, expect, sync_playwright

from db.connect import Database
from monitor.vault import Vault
from monitor.web.app import WebDeps, create_app
from tests.conftest import unavailable
from tests.web import world
from tests.web.browsing import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.slow]

CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
SIZES = [pytest.param((1280, 800), id="desktop"), pytest.param((390, 844), id="phone")]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    if not Path(CHROMIUM).exists():
        unavailable("Chromium dari Debian tidak terpasang")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@contextmanager
def served(deps: WebDeps) -> Iterator[str]:
    """Serve the console on a free port of loopback, in a thread."""
    listening = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(create_app(deps), log_level="warning", server_header=False))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    server.should_exit = True
    thread.join(10)


@pytest.fixture
def console(deps: WebDeps, database: Database, vault: Vault) -> Iterator[str]:
    world.found(database, vault)
    with served(deps) as address:
        yield address


@pytest.fixture
def page(chromium: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    width, height = getattr(request, "param", (1280, 800))
    context = chromium.new_context(viewport={"width": width, "height": height}, locale="id-ID")
    opened = context.new_page()
    complaints: list[str] = []
    opened.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    yield opened
    context.close()
    assert [c for c in complaints if "status of 4" not in c] == []


def sign_in(page: Page, console: str, name: str = "rina") -> None:
    page.goto(f"{console}/masuk")
    page.get_by_label("Nama pengguna").fill(name)
    page.get_by_label("Kata sandi").fill(PASSWORD)
    page.get_by_role("button", name="Masuk").click()
    expect(page.get_by_role("heading", name="Beranda")).to_be_visible()


def keep(page: Page, tmp_path: Path, name: str) -> None:
    """Keep a picture where whoever changes the pages can look at it."""
    folder = Path(os.environ.get("PANTAU_SCREENSHOTS", str(tmp_path)))
    size = page.viewport_size or {"width": 0}
    page.screenshot(path=folder / f"{name}-{size['width']}.png", full_page=True)


def overflow(page: Page) -> int:
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


@pytest.mark.parametrize("page", SIZES, indirect=True)
def test_a_morning_from_sign_in_to_undo(page: Page, console: str, tmp_path: Path) -> None:
    sign_in(page, console)
    keep(page, tmp_path, "beranda")
    page.get_by_role("link", name="Antrean", exact=True).click()
    keep(page, tmp_path, "antrean")
    page.get_by_role("link", name="ANI CONTOH").click()
    expect(page.get_by_text("Informasi awal — belum merupakan temuan")).to_be_visible()
    keep(page, tmp_path, "informasi-awal")
    page.get_by_role("button", name="Mulai tinjau").click()
    expect(page.get_by_text("Keputusan tersimpan.")).to_be_visible()
    page.get_by_role("radio", name="Kesampingkan").check()
    page.get_by_role("radio", name="Dalam rangka kedinasan").check()
    page.get_by_label("Catatan", exact=True).fill("Acara dinas.")
    page.get_by_role("button", name="Simpan keputusan").click()
    expect(page.locator(".head .chip.state")).to_have_text("Dikesampingkan")
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
    page.get_by_label("Tindakan").select_option(label="Menyukai")
    expect(page.get_by_role("link", name="ANI CONTOH")).to_have_count(0)
    expect(page.get_by_role("link", name="DEDI CONTOH")).to_be_visible()
    assert "tindakan=like" in page.url


def test_the_core_path_works_without_scripts(chromium: Browser, console: str) -> None:
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    sign_in(page, console)
    page.goto(f"{console}/antrean")
    page.get_by_label("Tindakan").select_option(label="Komentar")
    page.get_by_role("button", name="Saring").click()
    page.get_by_role("link", name="ANI CONTOH").click()
    page.get_by_role("button", name="Mulai tinjau").click()
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
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(232, 233, 234)"
    context.close()
