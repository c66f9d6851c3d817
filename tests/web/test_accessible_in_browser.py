"""Every page of the console under axe-core: rooms by the menu, and one page of each kind that they lead to."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from monitor.web.menu import ROOMS
from tests.web import office
from tests.web.screens import overflow, served, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.slow]

LOOKS = {
    "desktop-light": ((1366, 768), "light"),
    "desktop-dark": ((1366, 768), "dark"),
    "phone-light": ((390, 844), "light"),
}
COLOURS_ONLY = {"runOnly": {"type": "rule", "values": ["color-contrast"]}, "resultTypes": ["violations"]}
EVERYTHING = {"resultTypes": ["violations"]}


@pytest.fixture(scope="module")
def console(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path, password_hash: str) -> Iterator[str]:
    """Serve the console of an office after one night."""
    home = office.fill(tmp_path_factory.mktemp("seen"), sqlite_template, password_hash)
    with office.parts_of(home) as deps, served(deps) as address:
        yield address


@pytest.mark.parametrize("look", LOOKS)
def test_no_page_has_what_axe_finds(chromium: Browser, console: str, look: str) -> None:
    (width, height), scheme = LOOKS[look]
    context = chromium.new_context(
        viewport={"width": width, "height": height},
        locale="id-ID",
        color_scheme="dark" if scheme == "dark" else "light",
    )
    page = context.new_page()
    page.goto(f"{console}/masuk")
    found = violations(page, scheme)
    sign_in(page, console, "semua")
    for path in pages_of(page, console):
        page.goto(console + path)
        found += [f"{path}: {words}" for words in violations(page, scheme)]
        if width < 400 and overflow(page) > 0:
            found.append(f"{path}: scrolls sideways")
    context.close()
    assert not found, "\n".join(found)


def violations(page: Page, scheme: str) -> list[str]:
    """Return what axe finds on an open page: the rule and the first place of each."""
    results = Axe().run(page, options=COLOURS_ONLY if scheme == "dark" else EVERYTHING).response
    return [f"{one['id']} at {one['nodes'][0]['html'][:160]}" for one in results["violations"]]


def pages_of(page: Page, console: str) -> list[str]:
    """Return the path of every room, and one of each kind of page that a room leads to."""
    kinds: dict[str, str] = {}
    for room in ROOMS:
        answer = page.goto(console + room.path)
        assert answer is not None
        assert answer.status == 200, room.path
        kinds.setdefault(room.path, room.path)
        links = page.locator("main a[href^='/']").evaluate_all("all => all.map(one => one.getAttribute('href'))")
        for link in links:
            path = link.partition("#")[0].partition("?")[0]
            if not path.startswith(("/static/", "/api/")) and "." not in path:
                kinds.setdefault(re.sub(r"\d+", "#", path), path)
    return list(kinds.values())
