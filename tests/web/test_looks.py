from __future__ import annotations

import re

import pytest

from monitor.web.menu import ROOMS
from monitor.web.templating import HERE
from tests.web.browsing import parsed, submit, words
from tests.web.conftest import Browser


def dark_sheet(text: str) -> str | None:
    found = re.search(r'css/dark\.css[^"]*" media="([^"]*)"', text)
    return found.group(1) if found else None


@pytest.mark.parametrize(
    ("look", "media"),
    [("terang", None), ("gelap", "screen"), ("otomatis", "screen and (prefers-color-scheme: dark)")],
)
def test_the_look_is_the_readers_choice(browser: Browser, look: str, media: str | None) -> None:
    client = browser("rina")
    submit(client, client.get("/"), "/tampilan", tampilan=look)
    assert dark_sheet(client.get("/").text) == media


def test_without_a_choice_the_system_decides(browser: Browser) -> None:
    assert dark_sheet(browser().get("/masuk").text) == "screen and (prefers-color-scheme: dark)"


def test_a_look_that_is_none_is_not_kept(browser: Browser) -> None:
    client = browser("rina")
    answer = submit(client, client.get("/"), "/tampilan", tampilan="pelangi")
    assert "set-cookie" not in answer.headers


def test_the_choice_leads_back_to_the_page_it_was_made_on(browser: Browser) -> None:
    client = browser("rina")
    answer = submit(client, client.get("/bantuan"), "/tampilan", tampilan="gelap")
    assert answer.headers["location"] == "/bantuan"


def test_the_choice_never_leads_elsewhere(browser: Browser) -> None:
    client = browser("rina")
    answer = submit(client, client.get("/"), "/tampilan", tampilan="gelap", kembali="//jahat.test")
    assert answer.headers["location"] == "/"


def test_every_icon_that_a_page_names_is_in_the_sheet() -> None:
    drawn = set(re.findall(r'<symbol id="([^"]+)"', (HERE / "static" / "icons.svg").read_text()))
    templates = [path.read_text() for path in (HERE / "templates").glob("*.html")]
    named = {name for text in templates for name in re.findall(r'icon\("([a-z-]+)"', text)}
    assert {*named, *(room.section for room in ROOMS)} <= drawn


def test_the_page_that_is_open_is_marked_in_the_menu(browser: Browser) -> None:
    page = parsed(browser("rina").get("/bantuan"))
    marked = {link.attributes["href"] for link in page.css('nav [aria-current="page"]')}
    assert marked == {"/bantuan"}


def test_the_menu_has_what_the_roles_open_and_nothing_else(browser: Browser) -> None:
    page = parsed(browser("admin").get("/"))
    menu = page.css_first('nav[aria-label="Menu utama"]')
    assert menu is not None
    paths = [link.attributes["href"] for link in menu.css("a")]
    assert "/pengguna" in paths
    assert "/antrean" not in paths


def test_the_help_names_every_key_once(browser: Browser) -> None:
    text = words(browser("rina").get("/bantuan"))
    assert "Ctrl+K" in text
    assert text.count("Menulis catatan") == 1


def test_the_help_marks_the_readers_own_role(browser: Browser) -> None:
    assert "Koordinator peran Anda" in words(browser("joko").get("/bantuan"))
