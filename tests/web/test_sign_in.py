from __future__ import annotations

import re
import time
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from db import audit, users
from db.connect import Database
from monitor import passwords
from monitor.passwords import decoy_hash, hash_password
from monitor.vault import Vault
from tests.conftest import FULL_COST
from tests.web.browsing import PASSWORD, sign_in, submit, words
from tests.web.conftest import Browser, Clock
from tests.web.samples import NOW


def test_pages_lead_to_the_sign_in_page_and_back(browser: Browser) -> None:
    client = browser()
    answer = client.get("/antrean?status=baru")
    assert (answer.status_code, answer.headers["location"]) == (303, "/masuk?lanjut=%2Fantrean%3Fstatus%3Dbaru")
    page = client.get(answer.headers["location"])
    assert submit(client, page, "/masuk", nama="rina", sandi=PASSWORD).headers["location"] == "/antrean?status=baru"


def test_the_right_password_opens_the_front_page(browser: Browser) -> None:
    assert browser("rina").get("/").status_code == 200


def test_a_page_of_before_leaves_the_session_that_another_tab_began(browser: Browser) -> None:
    client = browser()
    old = client.get("/masuk")
    sign_in(client, "rina")
    answer = submit(client, old, "/masuk", nama="rina", sandi="keliru")
    assert (answer.status_code, "set-cookie" in answer.headers) == (403, False)
    assert "sudah masuk di tab lain" in words(answer)
    assert client.get("/antrean").status_code == 200


def test_the_cookie_is_kept_from_scripts_and_other_sites(browser: Browser) -> None:
    cookie = sign_in(browser(), "rina").headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie


def test_over_https_the_cookie_is_secure_and_bound_to_the_host(browser: Browser) -> None:
    cookie = browser(https=True).get("/masuk").headers["set-cookie"]
    assert cookie.startswith("__Host-pantau=")
    assert "Secure" in cookie


@pytest.mark.parametrize("name", ["rina", "tidak-ada"])
def test_a_wrong_password_and_an_unknown_name_get_the_same_answer(browser: Browser, name: str) -> None:
    answer = sign_in(browser(), name, "keliru")
    assert answer.status_code == 401
    assert "Nama pengguna atau kata sandi tidak cocok." in words(answer)


@pytest.fixture
def full_cost(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let passwords cost what they cost in an office."""
    monkeypatch.setattr(passwords, "_hasher", FULL_COST)
    decoy_hash.cache_clear()
    yield
    decoy_hash.cache_clear()


def test_an_unknown_name_costs_as_much_time_as_a_known_one(
    browser: Browser, database: Database, full_cost: None
) -> None:
    with database.write() as session:
        users.add_user(session, "sari", "Sari Contoh", hash_password(PASSWORD), NOW)
    client = browser()
    sign_in(client, "tidak-ada-pemanasan", "keliru")

    def seconds(name: str) -> float:
        start = time.perf_counter()
        sign_in(client, name, "keliru")
        return time.perf_counter() - start

    known, unknown = min(seconds("sari") for _ in range(3)), min(seconds("tidak-ada") for _ in range(3))
    assert 0.5 < unknown / known < 2


def test_a_disabled_user_is_refused(browser: Browser, database: Database, clock: Clock) -> None:
    with database.write() as session:
        user = users.user_named(session, "rina")
        assert user is not None
        users.switch(session, user.id, on=False, now=clock())
    assert sign_in(browser(), "rina").status_code == 401


def test_the_sixth_wrong_try_for_a_name_waits_even_with_the_right_password(browser: Browser) -> None:
    client = browser()
    for _ in range(5):
        sign_in(client, "rina", "keliru")
    answer = sign_in(client, "rina")
    assert answer.status_code == 429
    assert "Terlalu banyak percobaan" in words(answer)


def test_trying_many_names_from_one_place_waits_too(browser: Browser) -> None:
    client = browser()
    answers = [sign_in(client, f"nama{n}", "keliru").status_code for n in range(31)]
    assert answers[-1] == 429


def test_signing_out_ends_the_session_on_the_server(browser: Browser) -> None:
    client = browser("rina")
    cookie = client.cookies["pantau"]
    submit(client, client.get("/"), "/keluar", semua="")
    client.cookies.set("pantau", cookie)
    assert client.get("/").status_code == 303


def test_signing_out_everywhere_ends_other_browsers_too(browser: Browser) -> None:
    office, phone = browser("rina"), browser("rina")
    submit(office, office.get("/"), "/keluar", semua="ya")
    assert phone.get("/").headers["location"] == "/masuk"


def test_signing_out_here_leaves_other_browsers_in(browser: Browser) -> None:
    office, phone = browser("rina"), browser("rina")
    submit(office, office.get("/"), "/keluar", semua="")
    assert phone.get("/").status_code == 200


def test_a_session_ends_by_itself(browser: Browser, clock: Clock) -> None:
    client = browser("rina")
    clock.forward(hours=12, seconds=1)
    assert client.get("/").status_code == 303


@pytest.mark.parametrize("value", ["s.karangan", "s.karangan.tandatangan", "", "."])
def test_a_made_up_cookie_is_nobody(browser: Browser, value: str) -> None:
    client = browser()
    client.cookies.set("pantau", value)
    assert client.get("/").status_code == 303


def test_a_cookie_signed_by_another_office_is_nobody(browser: Browser) -> None:
    other, client = browser("rina", vault=Vault(b"x" * 32)), browser()
    client.cookies.set("pantau", other.cookies["pantau"])
    assert client.get("/").status_code == 303


def test_the_form_of_another_browser_is_not_taken(browser: Browser) -> None:
    page = browser().get("/masuk")
    answer = submit(browser(), page, "/masuk", nama="rina", sandi=PASSWORD)
    assert answer.status_code == 403


def test_only_the_hash_of_the_session_token_is_stored(browser: Browser, database: Database) -> None:
    client = browser("rina")
    token = client.cookies["pantau"].rpartition(".")[0]
    stored = database.engine.url.database
    assert stored is not None
    with open(stored, "rb") as file:  # noqa: PTH123 - the raw file is the point
        assert token.encode() not in file.read()


def test_every_sign_in_is_in_the_audit_log_without_the_typed_name(browser: Browser, database: Database) -> None:
    client = browser("rina")
    sign_in(browser(), "sandi-yang-salah-kolom", "keliru")
    assert isinstance(client, TestClient)
    with database.read() as session:
        rows = audit.tail(session)
    assert {"sign_in", "sign_in_failed"} <= {row.action for row in rows}
    assert not re.search("salah-kolom", "".join(f"{row.actor}{row.subject}{row.detail}" for row in rows))
