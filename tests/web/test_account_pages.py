from __future__ import annotations

import re

import pytest
from fastapi.testclient import TestClient
from httpx import Response

from db import audit, cases, sign_ins, users
from db.connect import Database
from monitor import desk
from monitor.domain import CaseFilter, Grant, Preferences, Role, UserRow
from monitor.vault import Vault
from tests.web import world
from tests.web.browsing import PASSWORD, hidden_fields, parsed, sign_in, submit, words
from tests.web.conftest import Browser, Clock
from tests.web.world import ANI

WEB_VAULT = Vault(b"k" * 32)
OURS = {"Sec-Fetch-Site": "same-origin"}


def user(database: Database, name: str) -> UserRow:
    with database.read() as session:
        found = users.user_named(session, name)
    assert found is not None
    return found


def post(client: TestClient, action: str, **fields: str) -> Response:
    """Send a form with the token that the visitor's own page carries."""
    token = parsed(client.get("/akun")).css_first("input[name=tanda]").attributes["value"] or ""
    return client.post(action, data={"tanda": token} | fields, headers=OURS)


@pytest.fixture
def case(database: Database) -> int:
    world.found(database, WEB_VAULT)
    with database.read() as session:
        return next(r.id for r in cases.list_cases(session, CaseFilter()).rows if r.person.name == ANI.name)


def test_a_reviewer_reads_a_number_right_after_signing_in_and_it_is_written_down(
    browser: Browser, database: Database, case: int
) -> None:
    answer = post(browser("rina"), f"/informasi-awal/{case}/identitas")
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
    assert ANI.nip in words(answer)
    with database.read() as session:
        assert [row.actor for row in audit.tail(session, action="identifier_revealed")] == ["rina"]


def test_htmx_gets_only_the_words_in_the_buttons_place(browser: Browser, case: int) -> None:
    client = browser("rina")
    token = parsed(client.get("/akun")).css_first("input[name=tanda]").attributes["value"]
    path = f"/informasi-awal/{case}/identitas"
    answer = client.post(path, data={"tanda": token}, headers=OURS | {"HX-Request": "true"})
    assert "<html" not in answer.text
    assert ANI.nip in answer.text


def test_after_five_minutes_the_number_needs_password_again_and_the_form_goes_on(
    browser: Browser, database: Database, clock: Clock, case: int
) -> None:
    client, path = browser("rina"), f"/informasi-awal/{case}/identitas"
    clock.forward(minutes=6)
    asked = post(client, path, catatan="terbawa <b>utuh</b>")
    assert (asked.status_code, ANI.nip in asked.text) == (401, False)
    assert hidden_fields(asked, path)["catatan"] == "terbawa <b>utuh</b>"
    refused = submit(client, asked, path, bukti_diri="keliru")
    assert "tidak cocok" in words(refused)
    before = client.cookies["pantau"]
    assert ANI.nip in words(submit(client, refused, path, bukti_diri=PASSWORD))
    assert client.cookies["pantau"] != before
    assert ANI.nip in words(post(client, path))


def test_the_cookie_from_before_a_proof_is_worth_nothing(browser: Browser, clock: Clock, case: int) -> None:
    client, path = browser("rina"), f"/informasi-awal/{case}/identitas"
    clock.forward(minutes=6)
    old = client.cookies["pantau"]
    submit(client, post(client, path), path, bukti_diri=PASSWORD)
    client.cookies.clear()
    client.cookies.set("pantau", old)
    assert client.get("/").headers["location"] == "/masuk"


def test_forms_that_were_open_stay_good_after_a_proof(browser: Browser, clock: Clock, case: int) -> None:
    client, path = browser("rina"), f"/informasi-awal/{case}/identitas"
    clock.forward(minutes=6)
    open_form = client.get("/akun")
    submit(client, post(client, path), path, bukti_diri=PASSWORD)
    answer = submit(client, open_form, "/akun/pilihan", surel="")
    assert answer.headers["location"] == "/akun?kabar=pilihan"


def test_guessing_at_a_proof_ends_the_session(browser: Browser, clock: Clock, case: int) -> None:
    client, path = browser("rina"), f"/informasi-awal/{case}/identitas"
    clock.forward(minutes=6)
    page = post(client, path)
    answers = [submit(client, page, path, bukti_diri="keliru") for _ in range(6)]
    assert [answer.status_code for answer in answers] == [401] * 5 + [303]
    assert client.get("/").headers["location"] == "/masuk"


@pytest.mark.parametrize(
    ("action", "fields"), [("/impor/1/konfirmasi", {}), ("/informasi-awal/{case}/putuskan", {"ke": "disetujui"})]
)
def test_confirming_as_the_second_person_wants_a_fresh_proof(
    browser: Browser, clock: Clock, case: int, action: str, fields: dict[str, str]
) -> None:
    client = browser("joko")
    clock.forward(minutes=6)
    answer = post(client, action.format(case=case), **fields)
    assert (answer.status_code, "Pastikan ini Anda" in words(answer)) == (401, True)
    other = post(client, f"/informasi-awal/{case}/putuskan", ke="dikesampingkan")
    assert "Pastikan ini Anda" not in words(other)


@pytest.mark.parametrize("name", ["tetangga", "admin"])
def test_a_number_is_read_by_reviewers_of_the_place_only(browser: Browser, name: str, case: int) -> None:
    answer = post(browser(name), f"/informasi-awal/{case}/identitas")
    assert answer.status_code in (403, 404)
    assert ANI.nip not in answer.text


def test_a_form_without_token_reveals_nothing_even_when_fresh(browser: Browser, case: int) -> None:
    answer = browser("rina").post(f"/informasi-awal/{case}/identitas", data={"tanda": "0" * 64}, headers=OURS)
    assert (answer.status_code, ANI.nip in answer.text) == (403, False)


def test_ones_devices_are_listed_and_ended_one_by_one(browser: Browser, database: Database) -> None:
    office, phone = browser("rina"), browser("rina")
    page = office.get("/akun")
    assert words(page).count("terakhir dipakai") == 2
    (other,) = re.findall(r'action="(/akun/perangkat/\d+)"', page.text)
    assert submit(office, page, other).headers["location"] == "/akun?kabar=perangkat"
    assert phone.get("/").headers["location"] == "/masuk"
    assert office.get("/").status_code == 200


def test_nobody_ends_the_device_of_another(browser: Browser, database: Database, clock: Clock) -> None:
    victim = browser("joko")
    with database.read() as session:
        (device,) = sign_ins.devices_of(session, user(database, "joko").id, clock())
    assert post(browser("rina"), f"/akun/perangkat/{device.id}").status_code == 404
    assert victim.get("/").status_code == 200


def test_changing_the_password_signs_other_devices_out(browser: Browser) -> None:
    office, phone = browser("rina"), browser("rina")
    new = {"sandi": PASSWORD, "sandi_baru": "kata sandi yang baru", "sandi_ulang": "kata sandi yang baru"}
    assert submit(office, office.get("/akun"), "/akun/sandi", **new).headers["location"] == "/akun?kabar=sandi"
    assert (office.get("/").status_code, phone.get("/").status_code) == (200, 303)


def test_a_token_is_shown_once_and_reads_by_its_role(browser: Browser, database: Database) -> None:
    client = browser("rina")
    page = post(client, "/akun/token", nama="papan", peran="pengawas", hari="30")
    token = parsed(page).css_first(".shown-once").text()
    assert token not in client.get("/akun").text
    program = browser()
    headers = {"Authorization": f"Bearer {token}"}
    assert program.get("/api/cases", headers=headers).status_code == 200
    post(client, f"/akun/token/{desk.list_tokens(database, user(database, 'rina'))[0].id}")
    assert program.get("/api/cases", headers=headers).status_code == 401


@pytest.mark.parametrize("fields", [{"peran": "admin", "hari": "30"}, {"peran": "pengawas", "hari": "9999"}, {}])
def test_a_token_beyond_ones_roles_or_a_year_is_refused(browser: Browser, fields: dict[str, str]) -> None:
    assert post(browser("rina"), "/akun/token", nama="papan", **fields).status_code == 422


def test_choices_are_kept(browser: Browser, database: Database) -> None:
    post(browser("rina"), "/akun/pilihan", ringkasan="ya", surel="rina@contoh.example")
    found = user(database, "rina")
    assert (found.preferences, found.email) == (Preferences(keys=False, digest=True), "rina@contoh.example")


def test_only_administrators_open_the_page_of_users(browser: Browser) -> None:
    assert browser("rina").get("/pengguna").status_code == 403
    assert browser("admin").get("/pengguna").status_code == 200


def test_an_administrator_adds_a_user_who_chooses_their_own_password(browser: Browser, database: Database) -> None:
    admin = browser("admin")
    page = post(admin, "/pengguna/baru", nama="sari", lengkap="Sari Contoh", peran="pengawas", wilayah="99.01")
    once = parsed(page).css_first(".shown-once").text()
    assert user(database, "sari").grants == (Grant(Role.PENGAWAS, "99.01"),)
    client = browser()
    sign_in(client, "sari", once)
    assert client.get("/").headers["location"] == "/masuk/sandi-baru"


def test_a_region_that_is_no_code_adds_nobody(browser: Browser, database: Database) -> None:
    answer = post(browser("admin"), "/pengguna/baru", nama="sari", lengkap="Sari", peran="pengawas", wilayah="<x>")
    assert answer.status_code == 422
    with database.read() as session:
        assert users.user_named(session, "sari") is None


def test_what_an_administrator_does_takes_effect_at_the_next_page(browser: Browser, database: Database) -> None:
    admin, rina = browser("admin"), browser("rina")
    path = f"/pengguna/{user(database, 'rina').id}"
    assert post(admin, f"{path}/peran", peran="koordinator", wilayah="99.01").headers["location"].endswith("peran")
    assert "koordinator" in words(rina.get("/"))
    post(admin, f"{path}/sesi")
    assert rina.get("/").headers["location"] == "/masuk"


def test_changing_users_wants_a_fresh_proof(browser: Browser, database: Database, clock: Clock) -> None:
    admin, path = browser("admin"), f"/pengguna/{user(database, 'rina').id}/nonaktif"
    clock.forward(minutes=6)
    page = post(admin, path)
    assert (page.status_code, user(database, "rina").active) == (401, True)
    assert submit(admin, page, path, bukti_diri=PASSWORD).status_code == 303
    assert not user(database, "rina").active


def test_an_administrator_of_another_place_sees_nobody_here(
    browser: Browser, database: Database, password_hash: str, clock: Clock
) -> None:
    with database.write() as session:
        far = users.add_user(session, "jauh", "Jauh Contoh", password_hash, clock())
        users.grant_role(session, far.id, Grant(Role.ADMIN, "98"), clock())
    client, rina = browser("jauh"), user(database, "rina")
    assert "Rina" not in words(client.get("/pengguna"))
    elsewhere, missing = client.get(f"/pengguna/{rina.id}"), client.get("/pengguna/999999")
    assert (elsewhere.status_code, words(elsewhere)) == (404, words(missing))
    assert post(client, f"/pengguna/{rina.id}/nonaktif").status_code == 404
    assert user(database, "rina").active


def test_markup_in_names_is_inert(browser: Browser, database: Database, clock: Clock) -> None:
    details = desk.Details('<img src=x onerror="alert(1)">', "<script>alert(1)</script>")
    desk.describe(database, "rina", details, clock(), by=user(database, "admin"))
    admin = browser("admin")
    for path in ("/pengguna", f"/pengguna/{user(database, 'rina').id}"):
        page = parsed(admin.get(path))
        assert page.css("img, main script") == []


def test_an_unknown_deed_is_not_found(browser: Browser, database: Database) -> None:
    assert post(browser("admin"), f"/pengguna/{user(database, 'rina').id}/hapus").status_code == 404


def test_the_whole_way_works_on_postgresql(
    browser: Browser, postgres_database: Database, password_hash: str, clock: Clock
) -> None:
    with postgres_database.write() as session:
        for name, role in (("admin", Role.ADMIN), ("rina", Role.PENGAWAS)):
            made = users.add_user(session, name, name.title(), password_hash, clock())
            users.grant_role(session, made.id, Grant(role, ""), clock())
    admin = browser("admin", database=postgres_database)
    path = f"/pengguna/{user(postgres_database, 'rina').id}"
    assert post(admin, f"{path}/peran", peran="koordinator", wilayah="99.01").status_code == 303
    assert post(admin, f"{path}/sandi").status_code == 200
    assert "rina" in words(admin.get("/pengguna?cari=RIN"))
    assert post(admin, "/akun/token", nama="papan", peran="admin", hari="7").status_code == 200
