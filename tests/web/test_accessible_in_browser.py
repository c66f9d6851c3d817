"""Every page of the console under axe-core: rooms by the menu, and one page of each kind that they lead to."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]  # ships no types
from playwright.sync_api import Browser, Page, ViewportSize, expect

from monitor.web.menu import GROUPS, ROOMS
from tests.web import office
from tests.web.screens import overflow, served, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.slow]

DESK: ViewportSize = {"width": 1366, "height": 768}
PHONE: ViewportSize = {"width": 390, "height": 844}
EVERYTHING = {"resultTypes": ["violations"]}
COLOURS = EVERYTHING | {"runOnly": {"type": "rule", "values": ["color-contrast"]}}
SHAPES = EVERYTHING | {"rules": {"color-contrast": {"enabled": False}}}


@pytest.fixture(scope="module")
def console(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path, password_hash: str) -> Iterator[str]:
    """Serve the console of an office after one night."""
    home = office.fill(tmp_path_factory.mktemp("seen"), sqlite_template, password_hash)
    with office.parts_of(home) as deps, served(deps) as address:
        yield address


@pytest.mark.timeout(900)  # some thirty pages, three times each
@pytest.mark.parametrize("group", [group for group, _ in GROUPS])
def test_no_page_has_what_axe_finds(chromium: Browser, console: str, group: str) -> None:
    page = chromium.new_context(viewport=DESK, locale="id-ID").new_page()
    sign_in(page, console, "semua")
    kinds = {room.path: room.path for room in ROOMS}
    queue = [room.path for room in ROOMS if room.group == group]
    found: list[str] = []
    for path in queue:
        answer = page.goto(console + path)
        assert answer is not None
        assert answer.status == 200, path
        if path in kinds:  # a room: one page of each kind that it leads to is looked at as well
            new = {kind: link for kind, link in links(page) if kind not in kinds}
            kinds |= dict.fromkeys(new, "")
            queue += new.values()
        found += seen(page, path)
    page.context.close()
    assert not found, "\n".join(found)


def test_the_page_for_signing_in_has_nothing_that_axe_finds(page: Page, console: str) -> None:
    page.goto(f"{console}/masuk")
    assert seen(page, "/masuk") == []


def seen(page: Page, path: str) -> list[str]:
    """Return what is wrong with an open page: at a desk, in the dark, and on a phone."""
    found = violations(page, "light")
    page.emulate_media(color_scheme="dark")
    found += [f"dark: {words}" for words in violations(page, "dark")]
    page.emulate_media(color_scheme="light")
    page.set_viewport_size(PHONE)
    found += [f"phone: {words}" for words in violations(page, "phone")]
    if overflow(page) > 0:
        found.append("phone: scrolls sideways")
    page.set_viewport_size(DESK)
    return [f"{path}: {words}" for words in found]


def violations(page: Page, look: str) -> list[str]:
    """Return what axe finds on an open page: the rule and the first place of each.

    In the `dark` only colours are looked at, on a `phone` everything else.
    """
    if not page.evaluate("'axe' in window"):
        page.evaluate(Axe().axe_script)
    options = {"dark": COLOURS, "phone": SHAPES}.get(look, EVERYTHING)
    results = page.evaluate("options => window.axe.run(document, options)", options)
    return [f"{one['id']} at {one['nodes'][0]['html'][:160]}" for one in results["violations"]]


def links(page: Page) -> list[tuple[str, str]]:
    """Return where a page leads within the console: the kind of page (numbers and names left out) and the path."""
    hrefs = page.locator("main a[href^='/']").evaluate_all("all => all.map(one => one.getAttribute('href'))")
    paths = [href.partition("#")[0].partition("?")[0] for href in hrefs]
    pages = [path for path in paths if not path.startswith(("/static/", "/api/")) and "." not in path]
    return [(re.sub(r"\d+|(?<=^/aturan/)[a-z-]+", "#", path), path) for path in pages]


@pytest.mark.timeout(300)
def test_a_hold_ends_by_two_people_on_a_page_without_what_axe_finds(chromium: Browser, console: str) -> None:
    pages = {name: chromium.new_context(viewport=DESK, locale="id-ID").new_page() for name in ("bayu", "semua")}
    for name, page in pages.items():
        sign_in(page, console, name)
        page.goto(f"{console}/privasi")
    first, second = pages["bayu"], pages["semua"]
    first.get_by_text("Tahan data").click()
    first.get_by_label("Informasi awal nomor").fill("1")
    first.get_by_label("Dasar").fill("surat 12")
    first.get_by_role("button", name="Tahan", exact=True).click()
    first.get_by_text("Minta dilepas").first.click()
    first.get_by_label("Mengapa tidak diperlukan lagi").fill("perkara selesai")
    first.get_by_text("Catat kegagalan").click()
    found = seen(first, "penahanan")
    first.get_by_role("button", name="Minta dilepas").click()
    expect(first.get_by_role("button", name="Tarik kembali")).to_be_visible()
    expect(first.get_by_role("button", name="Setujui pelepasan")).to_have_count(0)
    found += seen(first, "diminta")
    second.reload()
    found += seen(second, "menunggu orang kedua")
    second.get_by_role("button", name="Setujui pelepasan").click()
    expect(second.get_by_role("status")).to_contain_text("Penahanan dilepas")
    for page in pages.values():
        page.context.close()
    assert not found, "\n".join(found)
