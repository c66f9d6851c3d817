#!/usr/bin/env python3
"""Takes the pictures of the guides anew, from a fresh demonstration in a real browser.

    .venv/bin/python -m scripts.take_screenshots [--output docs/gambar]

Needs Debian's Chromium. Every person, account and text in the pictures is invented.
"""

from __future__ import annotations

import argparse
import io
import re
import socket
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from pathlib import Path

import uvicorn
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from monitor.assembly import workspace
from monitor.cli.console import console_parts
from monitor.cli.demo import DEMO_PASSWORD, DEMO_USERS, demo
from monitor.web.app import create_app

ROOT = Path(__file__).resolve().parent.parent
CHROMIUM = "/usr/bin/chromium"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
         "--disable-sync", "--no-first-run"]  # fmt: skip
DESKTOP: ViewportSize = {"width": 1280, "height": 800}
PHONE: ViewportSize = {"width": 390, "height": 844}
LARGEST = 150 * 1024
SHOWN = "LIMA BELAS"
"""The person whose case is pictured: own words with names and campaign words in them."""


def main() -> int:
    """Play the demonstration, walk through it and keep the pictures; 1 when one is too large."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--output", type=Path, default=ROOT / "docs" / "gambar")
    output: Path = parser.parse_args().output
    output.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "peragaan"
        with redirect_stdout(io.StringIO()):
            demo(home)
        with served(home) as address, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
            walk(browser, address, output)
            report = next((home / "data" / "reports").glob("*.html"))
            keep(opened(browser, report.as_uri(), DESKTOP), output / "laporan.png")
            browser.close()
    large = [path.name for path in sorted(output.glob("*.png")) if path.stat().st_size > LARGEST]
    if large:
        sys.stderr.write(f"lebih besar dari {LARGEST} bita: {', '.join(large)}\n")
    return 1 if large else 0


@contextmanager
def served(home: Path) -> Iterator[str]:
    """Serve the demonstration's console on a free port of loopback, in a thread."""
    with workspace(home) as space:
        listening = socket.create_server(("127.0.0.1", 0))
        config = uvicorn.Config(create_app(console_parts(space)), log_level="warning", server_header=False)
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.02)
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        server.should_exit = True
        thread.join(10)


def walk(browser: Browser, address: str, output: Path) -> None:
    """Picture the pages that the guides speak of."""
    page = signed_in(browser, address, DESKTOP)
    keep(page, output / "beranda.png")
    page.goto(f"{address}/antrean")
    keep(page, output / "antrean.png")
    open_case(page, address)
    page.get_by_role("button", name="Mulai tinjau").click()
    page.goto(page.url.partition("?")[0])
    page.get_by_role("radio", name="Usulkan", exact=True).check()
    page.get_by_role("radio", name="Indikasi kuat").check()
    page.evaluate("document.activeElement.blur()")
    keep(page, output / "informasi-awal.png", whole=870)
    small = signed_in(browser, address, PHONE)
    open_case(small, address)
    small.get_by_role("heading", name="Bukti", exact=True).evaluate("e => e.scrollIntoView()")
    keep(small, output / "phone.png")


def open_case(page: Page, address: str) -> None:
    """Open the first case of the person shown."""
    page.goto(f"{address}/antrean?cari={SHOWN.replace(' ', '+')}")
    page.get_by_role("link", name=re.compile(f"{SHOWN}$")).first.click()


def signed_in(browser: Browser, address: str, size: ViewportSize) -> Page:
    """Return a page of a browser of its own, signed in as the demonstration's first user."""
    page = opened(browser, f"{address}/masuk", size)
    page.get_by_label("Nama pengguna").fill(DEMO_USERS[0][0])
    page.get_by_label("Kata sandi").fill(DEMO_PASSWORD)
    page.get_by_role("button", name="Masuk").click()
    page.get_by_role("heading", name="Beranda").wait_for()
    return page


def opened(browser: Browser, address: str, size: ViewportSize) -> Page:
    """Return a page of a browser of its own."""
    page = browser.new_context(viewport=size, locale="id-ID", color_scheme="light").new_page()
    page.goto(address)
    return page


def keep(page: Page, path: Path, *, whole: int = 0) -> None:
    """Picture what the window shows; `whole` makes the window that high first."""
    if whole:
        page.set_viewport_size({"width": 1180, "height": whole})
        page.evaluate("window.scrollTo(0, 0)")
    page.screenshot(path=path)


if __name__ == "__main__":
    raise SystemExit(main())
