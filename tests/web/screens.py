"""What tests in a real browser share: a console on loopback, signing in, keeping pictures."""

from __future__ import annotations

import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Page, expect

from monitor.web.app import WebDeps, create_app
from tests.web.browsing import PASSWORD

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


def sign_in(page: Page, console: str, name: str = "rina") -> None:
    page.goto(f"{console}/masuk")
    enter(page, name)
    expect(page.get_by_role("heading", name="Beranda")).to_be_visible()


def enter(page: Page, name: str) -> None:
    """Fill in the sign-in page that is open."""
    page.get_by_label("Nama pengguna").fill(name)
    page.get_by_label("Kata sandi").fill(PASSWORD)
    page.get_by_role("button", name="Masuk").click()


def go_to(page: Page, room: str) -> None:
    """Open a room by the menu: the side bar, or the drawer of a small window."""
    if not page.get_by_role("navigation", name="Menu utama").is_visible():
        page.locator(".drawer > summary").click()
    page.get_by_role("link", name=room, exact=True).click()


def press(page: Page, key: str) -> None:
    """Press a key on the page that is open: what listens for keys is in place once the page is loaded, not before."""
    page.wait_for_load_state("load")
    page.keyboard.press(key)


def keep(page: Page, tmp_path: Path, name: str) -> None:
    """Keep a picture where whoever changes the pages can look at it."""
    folder = Path(os.environ.get("PANTAU_SCREENSHOTS", str(tmp_path)))
    size = page.viewport_size or {"width": 0}
    page.screenshot(path=folder / f"{name}-{size['width']}.png", full_page=True)


def overflow(page: Page) -> int:
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))
