"""Strangers who guess at names: they wait, whoever signed in with the browser before does not."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient

from db.connect import Database
from monitor.openid import Client, Provider
from tests.second_steps import code_of
from tests.web.browsing import parsed, sign_in, submit
from tests.web.conftest import Browser, Clock
from tests.web.test_second_factor import WEB_VAULT, set_up


def beside(client: TestClient) -> TestClient:
    """Return another browser on the same running console, from the same address."""
    return TestClient(client.app, base_url="http://localhost:8000", follow_redirects=False)


def leave(client: TestClient) -> None:
    assert submit(client, client.get("/"), "/keluar", semua="").status_code == 303


def test_a_stranger_who_keeps_a_name_locked_does_not_keep_its_user_out(browser: Browser, clock: Clock) -> None:
    office = browser("rina")
    leave(office)
    for _ in range(3):
        stranger = browser()
        for _ in range(5):
            sign_in(stranger, "rina", "keliru")
        clock.forward(minutes=14)
    assert sign_in(browser(), "rina").status_code == 401
    assert sign_in(office, "rina").status_code == 303


def test_a_stranger_who_uses_up_the_tries_of_an_address_does_not_stop_the_office(browser: Browser) -> None:
    office = browser("rina")
    leave(office)
    stranger = beside(office)
    for number in range(31):
        sign_in(stranger, f"nama{number}", "keliru")
    assert sign_in(beside(office), "joko").status_code == 429
    assert sign_in(office, "rina").status_code == 303


def test_a_known_browser_has_five_tries_too(browser: Browser) -> None:
    office = browser("rina")
    leave(office)
    answers = [sign_in(office, "rina", "keliru").status_code for _ in range(6)]
    assert answers == [401] * 5 + [429]
    assert sign_in(office, "rina").status_code == 429


def test_a_browser_is_known_for_one_user_and_for_half_a_year(browser: Browser, clock: Clock) -> None:
    office = browser("rina")
    leave(office)
    for name in ("rina", "joko"):
        for _ in range(5):
            sign_in(beside(office), name, "keliru")
    assert sign_in(office, "joko").status_code == 429
    clock.forward(days=181)
    assert sign_in(office, "rina").status_code == 429


@pytest.mark.parametrize("value", ["", "k.a.b.1", "k....", "s.x"])
def test_a_made_up_mark_makes_no_browser_known(browser: Browser, value: str) -> None:
    office = browser("rina")
    for _ in range(5):
        sign_in(beside(office), "rina", "keliru")
    stranger = beside(office)
    stranger.cookies.set("pantau_kenal", value)
    assert sign_in(stranger, "rina").status_code == 429


def test_the_mark_names_nobody_and_is_kept_from_scripts(browser: Browser) -> None:
    marks = [line for line in sign_in(browser(), "rina").headers.get_list("set-cookie") if "kenal" in line]
    (mark,) = marks
    assert "rina" not in mark
    assert ["HttpOnly" in mark, "SameSite=lax" in mark] == [True, True]


def test_a_password_alone_makes_no_browser_known(browser: Browser, database: Database, clock: Clock) -> None:
    set_up(browser("rina", second_factor=True), database, clock)
    half = browser("rina")
    assert "pantau_kenal" not in half.cookies
    clock.forward(minutes=2)
    page = half.get("/masuk/kode")
    submit(half, page, "/masuk/kode", kode=code_of(database, WEB_VAULT, "rina", clock()))
    assert "pantau_kenal" in half.cookies


def test_a_locked_name_gives_its_code_in_a_known_browser_only(
    browser: Browser, database: Database, clock: Clock
) -> None:
    office = browser("rina", second_factor=True)
    set_up(office, database, clock)
    leave(office)
    clock.forward(minutes=2)
    sign_in(office, "rina")
    half = browser("rina")
    for _ in range(5):
        sign_in(browser(), "rina", "keliru")
    code = code_of(database, WEB_VAULT, "rina", clock())
    assert submit(half, half.get("/masuk/kode"), "/masuk/kode", kode=code).status_code == 401
    assert submit(office, office.get("/masuk/kode"), "/masuk/kode", kode=code).status_code == 303
    assert parsed(office.get("/")).css_first("h1") is not None


def test_a_stranger_who_uses_up_the_ways_to_the_provider_does_not_stop_the_office(browser: Browser) -> None:
    office = browser("rina", provider=Provider(Client("http://localhost:9", "pantau")))  # nobody answers there
    leave(office)
    stranger = beside(office)
    answers = [stranger.get("/masuk/penyedia").status_code for _ in range(31)]
    assert set(answers[:30]) == {503}
    assert answers[30] == 429
    assert office.get("/masuk/penyedia").status_code == 503
