from __future__ import annotations

import pytest
from fastapi.testclient import TestClient
from httpx import Response

from db import sign_ins, users
from db.connect import Database
from monitor import desk
from monitor.domain import Grant, Role
from monitor.vault import Vault
from tests.second_steps import code_of
from tests.web.browsing import PASSWORD, parsed, sign_in, submit, words
from tests.web.conftest import Browser, Clock
from tests.web.samples import NOW

WEB_VAULT = Vault(b"k" * 32)


def code(database: Database, clock: Clock, name: str = "rina") -> str:
    return code_of(database, WEB_VAULT, name, clock())


def set_up(client: TestClient, database: Database, clock: Clock, name: str = "rina") -> Response:
    """Go through the set-up page as a user does and return the page of recovery codes."""
    page = client.get("/masuk/pasang")
    return submit(client, page, "/masuk/pasang", kode=code(database, clock, name))


def recovery_codes(page: Response) -> list[str]:
    return [node.text() for node in parsed(page).css(".codes code")]


def give_code(client: TestClient, typed: str, onward: str = "/") -> Response:
    page = client.get(f"/masuk/kode?lanjut={onward}")
    return submit(client, page, "/masuk/kode", kode=typed)


@pytest.mark.parametrize(
    ("name", "asked"), [("rina", True), ("joko", True), ("admin", True), ("dewi", True), ("ana", False)]
)
def test_whoever_sees_people_must_set_a_second_factor_up(
    browser: Browser, database: Database, password_hash: str, name: str, asked: bool
) -> None:
    with database.write() as session:
        for extra, role in (("dewi", Role.DPO), ("ana", Role.ANALIS)):
            user = users.add_user(session, extra, extra.title(), password_hash, NOW)
            users.grant_role(session, user.id, Grant(role, "99.01"), NOW)
    answer = browser(name, second_factor=True).get("/")
    assert (answer.headers.get("location") == "/masuk/pasang") is asked


@pytest.mark.parametrize("path", ["/", "/antrean", "/akun", "/pengguna", "/api/cases", "/informasi-awal/1"])
def test_before_the_second_factor_no_other_page_opens(
    browser: Browser, database: Database, clock: Clock, path: str
) -> None:
    set_up(browser("rina"), database, clock)
    answer = browser("rina").get(path)
    assert answer.status_code in (303, 401)
    assert answer.headers.get("location", "/masuk/kode").startswith("/masuk/kode")


def test_a_form_sent_before_the_second_factor_does_nothing(browser: Browser, database: Database, clock: Clock) -> None:
    first = browser("rina")
    set_up(first, database, clock)
    half = browser("rina")
    token = parsed(half.get("/masuk/kode")).css_first("input[name=tanda]").attributes["value"]
    answer = half.post("/akun/perangkat-lain", data={"tanda": token}, headers={"Sec-Fetch-Site": "same-origin"})
    assert answer.headers["location"] == "/masuk/kode"
    assert first.get("/").status_code == 200


def test_setting_up_shows_recovery_codes_once_and_leads_on(browser: Browser, database: Database, clock: Clock) -> None:
    client = browser("rina", second_factor=True)
    page = set_up(client, database, clock)
    assert len(recovery_codes(page)) == 10
    assert client.get("/").status_code == 200
    assert client.get("/masuk/pasang").status_code == 303


def test_a_session_that_was_left_open_sets_no_second_factor_up_without_the_password(
    browser: Browser, database: Database, clock: Clock
) -> None:
    client = browser("rina", second_factor=True)
    page = client.get("/masuk/pasang")
    clock.forward(minutes=6)
    asked = submit(client, page, "/masuk/pasang", kode=code(database, clock))
    assert (asked.status_code, "Pastikan ini Anda" in words(asked)) == (401, True)
    assert len(recovery_codes(submit(client, asked, "/masuk/pasang", bukti_diri=PASSWORD))) == 10
    assert client.get("/").status_code == 200


def test_the_page_draws_the_secret_without_inline_styles(browser: Browser) -> None:
    drawn = parsed(browser("rina").get("/masuk/pasang")).css_first("figure svg")
    assert drawn is not None
    assert "style" not in (drawn.html or "")
    assert "viewBox" in (drawn.html or "") or "viewbox" in (drawn.html or "")


def test_a_wrong_first_code_sets_nothing_up(browser: Browser, database: Database) -> None:
    client = browser("rina")
    answer = submit(client, client.get("/masuk/pasang"), "/masuk/pasang", kode="000000")
    assert (answer.status_code, "Kode belum cocok" in words(answer)) == (401, True)


def test_a_code_opens_what_was_asked_for(browser: Browser, database: Database, clock: Clock) -> None:
    set_up(browser("rina"), database, clock)
    clock.forward(minutes=2)
    client = browser("rina")
    asked = client.get("/antrean?status=baru").headers["location"]
    answer = submit(client, client.get(asked), "/masuk/kode", kode=code(database, clock))
    assert answer.headers["location"] == "/antrean?status=baru"
    assert client.get("/antrean").status_code == 200


def test_a_code_is_not_taken_twice_by_two_browsers(browser: Browser, database: Database, clock: Clock) -> None:
    set_up(browser("rina"), database, clock)
    clock.forward(minutes=2)
    shown = code(database, clock)
    assert [give_code(browser("rina"), shown).status_code for _ in range(2)] == [303, 401]


def test_a_recovery_code_stands_in_for_the_phone_once(browser: Browser, database: Database, clock: Clock) -> None:
    first, *_ = recovery_codes(set_up(browser("rina"), database, clock))
    assert [give_code(browser("rina"), first).status_code for _ in range(2)] == [303, 401]


@pytest.mark.parametrize("onward", ["https://jahat.test/", "//jahat.test", "/\\jahat.test", "javascript:alert(1)"])
def test_the_steps_lead_nowhere_outside(browser: Browser, database: Database, clock: Clock, onward: str) -> None:
    set_up(browser("rina"), database, clock)
    clock.forward(minutes=2)
    assert give_code(browser("rina"), code(database, clock), onward).headers["location"] == "/"


def test_the_session_token_changes_with_the_second_factor(browser: Browser, database: Database, clock: Clock) -> None:
    set_up(browser("rina"), database, clock)
    clock.forward(minutes=2)
    client = browser("rina")
    before = client.cookies["pantau"]
    give_code(client, code(database, clock))
    assert client.cookies["pantau"] != before
    client.cookies.clear()
    client.cookies.set("pantau", before)
    assert client.get("/").headers["location"] == "/masuk"


def test_a_session_token_planted_before_signing_in_is_not_taken_over(browser: Browser) -> None:
    thief, victim = browser(), browser()
    thief.get("/masuk")
    victim.cookies.set("pantau", thief.cookies["pantau"])
    sign_in(victim, "rina")
    assert thief.get("/").headers["location"] == "/masuk"


def test_guessing_codes_is_slowed_down_then_locked(browser: Browser, database: Database, clock: Clock) -> None:
    set_up(browser("rina"), database, clock)
    clock.forward(minutes=2)
    client = browser("rina")
    statuses = [give_code(client, "abcde-fghjk").status_code for _ in range(11)]
    assert statuses[-1] == 429
    client = browser()
    assert sign_in(client, "rina").status_code == 401


def test_a_lost_second_step_can_be_left(browser: Browser, database: Database, clock: Clock) -> None:
    set_up(browser("rina"), database, clock)
    client = browser("rina")
    answer = submit(client, client.get("/masuk/kode"), "/keluar", semua="")
    assert answer.headers["location"] == "/masuk?keluar=ya"
    assert client.get("/masuk/kode").headers["location"].startswith("/masuk?")


def test_a_lock_of_the_name_holds_after_a_restart(browser: Browser, database: Database, clock: Clock) -> None:
    client = browser()
    for _ in range(5):
        sign_in(client, "rina", "keliru")
    restarted = browser()  # a console of its own, with nothing in memory
    assert sign_in(restarted, "rina").status_code == 401
    clock.forward(minutes=16)
    assert sign_in(browser(), "rina").status_code == 303


def test_locked_unknown_and_wrong_names_get_the_same_page(browser: Browser, database: Database) -> None:
    for _ in range(5):
        sign_in(browser(), "rina", "keliru")
    pages = {
        words(sign_in(browser(), name, password)).replace(name, "")
        for name, password in (("rina", PASSWORD), ("joko", "keliru"), ("tidak-ada", "keliru"))
    }
    assert len(pages) == 1


def test_a_one_time_password_leads_to_a_new_one(browser: Browser, database: Database, clock: Clock) -> None:
    once = desk.reset_password(database, "rina", clock())
    client = browser()
    sign_in(client, "rina", once)
    page = client.get(client.get("/antrean").headers["location"])
    typed = {"sandi": once, "sandi_baru": "kata sandi saya sendiri", "sandi_ulang": "kata sandi saya sendiri"}
    other = submit(client, page, "/masuk/sandi-baru", **(typed | {"sandi_ulang": "beda"}))
    assert (other.status_code, "tidak sama" in words(other)) == (422, True)
    assert submit(client, page, "/masuk/sandi-baru", **typed).headers["location"] == "/antrean"
    assert client.get("/antrean").status_code == 200
    assert sign_in(browser(), "rina", once).status_code == 401
    assert sign_in(browser(), "rina", "kata sandi saya sendiri").status_code == 303


def test_an_idle_session_ends(browser: Browser, clock: Clock) -> None:
    client = browser("rina")
    clock.forward(minutes=50)
    assert client.get("/").status_code == 200
    clock.forward(minutes=61)
    assert client.get("/").status_code == 303


def test_a_role_given_during_a_session_asks_for_the_second_factor_at_the_next_page(
    browser: Browser, database: Database, password_hash: str
) -> None:
    with database.write() as session:
        user = users.add_user(session, "baru", "Baru Contoh", password_hash, NOW)
    client = browser("baru", second_factor=True)
    assert client.get("/").status_code == 200
    desk.grant(database, "baru", Role.PENGAWAS, "99.01", NOW)
    assert client.get("/").headers["location"] == "/masuk/pasang"
    with database.write() as session:
        sign_ins.end_all_sessions(session, user.id, NOW)
    assert client.get("/").headers["location"] == "/masuk"


def test_a_role_taken_back_during_a_session_closes_the_next_page(browser: Browser, database: Database) -> None:
    client = browser("admin")
    assert client.get("/pengguna").status_code == 200
    desk.grant(database, "joko", Role.ADMIN, "", NOW)
    desk.revoke(database, "admin", Role.ADMIN, "", NOW)
    assert client.get("/pengguna").status_code == 403
