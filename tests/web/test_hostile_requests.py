from __future__ import annotations

import pytest
from structlog.testing import capture_logs

from db import users
from db.connect import Database
from monitor.desk.views import ViewWish, save_view
from monitor.domain import Grant, Role
from monitor.vault import Vault
from tests.web import world
from tests.web.browsing import parsed, sign_in, words
from tests.web.conftest import Browser
from tests.web.samples import NOW

EVIL = "<img src=x onerror=alert(1)>"


@pytest.mark.parametrize(
    "host", ["[", "[::1", "a]b", "localhost/jahat.test", "jahat.test@localhost", "localhost:8000#x", "", "localhost:x"]
)
def test_a_host_that_is_no_name_is_refused_like_a_strange_one(browser: Browser, host: str) -> None:
    answer = browser().get("/masuk", headers={"Host": host})
    assert answer.status_code == 421
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]


@pytest.mark.parametrize("origin", ["http://[", "http://jahat.test@localhost:8000", "localhost:8000", "file://", "x"])
def test_an_origin_that_is_no_place_of_ours_is_refused(browser: Browser, origin: str) -> None:
    assert browser().post("/masuk", data={}, headers={"Origin": origin}).status_code == 403


@pytest.mark.parametrize("length", ["²", "-1", "9" * 5000, "x"])
def test_a_length_that_is_no_number_is_refused(browser: Browser, length: str) -> None:
    heads = {"Content-Length": length.encode("latin-1"), "Sec-Fetch-Site": "same-origin"}
    assert browser().post("/masuk", content=b"", headers=heads).status_code == 413


def test_a_fault_is_logged_without_what_it_says(browser: Browser) -> None:
    people = ["BUDI RAHASIA", "SITI RAHASIA"]

    def broken() -> dict[str, object]:
        try:
            return {"ok": {}[people[0]]}
        except KeyError as error:
            raise ValueError(people[1]) from error

    with capture_logs() as logs:
        browser(health=broken).get("/healthz?cari=AGUS+RAHASIA")
    (line,) = logs
    assert "RAHASIA" not in str(line)
    assert ["KeyError" in line["trace"], "ValueError" in line["trace"], "in broken" in line["trace"]] == [True] * 3


LISTS = ("antrean", "orang", "atribusi", "kandidat", "register", "register/orang", "unggah", "unggah/catatan", "audit",
         "pemeriksaan-kedua")  # fmt: skip


@pytest.mark.parametrize("path", LISTS)
def test_a_place_in_a_list_beyond_all_numbers_breaks_nothing(browser: Browser, path: str) -> None:
    client = browser("joko")
    for name in ("sebelum", "sesudah"):
        assert client.get(f"/{path}?{name}={'9' * 20}").status_code < 500


def test_what_is_searched_for_is_in_no_log(browser: Browser, database: Database, vault: Vault) -> None:
    world.found(database, vault)
    client = browser("rina")
    with capture_logs() as logs:
        for path in ("/orang", "/antrean", "/register/orang", "/kandidat", "/atribusi", "/api/cases", "/api/people"):
            client.get(path, params={"cari": "ANI CONTOH", "text": "ANI CONTOH"})
    assert "ANI" not in str(logs)


def test_names_typed_into_addresses_and_forms_stay_words(browser: Browser, database: Database, vault: Vault) -> None:
    world.found(database, vault, (world.Asn(f"ANI {EVIL}", "197803152005011003", text=f"Semoga {EVIL}"),), EVIL)
    client = browser("rina")
    paths = (
        "/",
        "/antrean?kelompok=person",
        "/orang",
        "/informasi-awal/1",
        "/orang/1",
        "/register/orang",
        "/atribusi/1",
    )
    for path in paths:
        answer = client.get(path, params={} if "?" in path else {"cari": EVIL, "kabar": EVIL, "lanjut": EVIL})
        assert (path, parsed(answer).css("img[onerror]"), EVIL in answer.text) == (path, [], False)


def test_a_name_that_fails_to_sign_in_stays_words(browser: Browser) -> None:
    answer = sign_in(browser(), EVIL)
    assert answer.status_code == 401
    assert EVIL not in answer.text
    assert "<script" not in words(answer)


def test_what_officers_write_of_themselves_and_their_views_stays_words(browser: Browser, database: Database) -> None:
    with database.write() as session:
        for name in ("rina", "admin"):
            user = users.user_named(session, name)
            assert user is not None
            users.set_details(session, user.id, full_name=f"Rina {EVIL}", agency=EVIL, email="")
            users.grant_role(session, user.id, Grant(Role.KOORDINATOR, "99.01"), NOW)
    save_view(database, user, ViewWish(EVIL, {"cari": EVIL}, shared=True), NOW)
    client = browser("admin")
    for path in ("/", "/akun", "/pengguna", "/pengguna/1", "/antrean", "/audit", "/keseimbangan", "/api/", "/register"):
        answer = client.get(path, headers={"User-Agent": EVIL})
        assert (path, answer.status_code, EVIL in answer.text) == (path, 200, False)
        assert parsed(answer).css("img[onerror]") == []
