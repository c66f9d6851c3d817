from __future__ import annotations

from dataclasses import replace

import pytest
from fastapi.testclient import TestClient
from httpx import Response

from db import attributions, cases, registers
from db.connect import Database
from monitor.domain import AttributionStatus, CaseFilter, CaseState
from monitor.domain.attributions import Attribution, AttributionFilter
from monitor.vault import Vault
from tests.web import world
from tests.web.browsing import hidden_fields, parsed, submit, words
from tests.web.conftest import Browser
from tests.web.samples import NOW

PROPOSED = replace(world.ANI, status=AttributionStatus.PROPOSED)


@pytest.fixture
def office(database: Database, vault: Vault) -> Database:
    world.found(database, vault, (PROPOSED, world.DEDI, world.SARI))
    return database


def of_person(database: Database, name: str) -> Attribution:
    with database.read() as session:
        pages = [attributions.list_attributions(session, AttributionFilter(status=s)) for s in AttributionStatus]
    return next(row for page in pages for row in page.rows if row.person.name == name)


def case_state(database: Database, name: str) -> tuple[int, CaseState]:
    with database.read() as session:
        rows = cases.list_cases(session, CaseFilter(limit=None)).rows
    return next((row.id, row.state) for row in rows if row.person.name == name)


def send(client: TestClient, number: int, step: str, **fields: str) -> Response:
    return submit(client, client.get(f"/atribusi/{number}"), f"/atribusi/{number}/{step}", **fields)


def token_of(client: TestClient) -> str:
    return hidden_fields(client.get("/"), "/keluar")["tanda"]


def test_the_desk_lists_what_waits_with_the_cases_that_rest_on_it(browser: Browser, office: Database) -> None:
    text = words(browser("rina").get("/atribusi"))
    assert "anicontoh.test" in text
    assert "1 informasi awal bersandar padanya" in text
    assert "1978**********1003" in text
    assert "dedicontoh.test" not in text


def test_an_empty_desk_says_what_can_be_done(browser: Browser) -> None:
    text = words(browser("rina").get("/atribusi"))
    assert "Tidak ada usul yang menunggu" in text
    assert "Usulkan kaitan akun" in text


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("?status=verified", "dedicontoh.test"),
        ("?cari=ani", "anicontoh.test"),
        ("?platform=bluesky&wilayah=99", "anicontoh.test"),
        ("?platform=x", "Tidak ada yang cocok"),
        ("?pengusul=saya", "Tidak ada yang cocok"),
        ("?status=entah&sesudah=x&wilayah=%27&platform=tidak-ada", "anicontoh.test"),
    ],
)
def test_filters_stand_in_the_address(browser: Browser, office: Database, query: str, shown: str) -> None:
    assert shown in words(browser("rina").get(f"/atribusi{query}"))


def test_one_proposes_another_verifies_and_the_case_goes_on(browser: Browser, office: Database) -> None:
    rina, joko = browser("rina"), browser("joko")
    found = rina.get("/atribusi/baru?cari=dedi")
    (link,) = parsed(found).css('.found a[href^="/atribusi/baru"]')
    chosen = link.attributes["href"] or ""
    answer = submit(
        rina, rina.get(chosen), "/atribusi",
        platform="bluesky", akun="dedi.kedua.test", cara="laman resmi", bukti="tercantum di laman dinas",
    )  # fmt: skip
    assert answer.status_code == 303
    shown = rina.get(answer.headers["location"])
    number = int(answer.headers["location"].split("/")[-1].split("?")[0])
    assert "Usul tersimpan." in words(shown)
    assert not parsed(shown).css(f'form[action="/atribusi/{number}/pastikan"]')
    assert send(joko, number, "pastikan").status_code == 303
    assert "Dipastikan joko" in words(rina.get(f"/atribusi/{number}"))


def test_the_waiting_case_is_offered_and_taken_back_by_a_person(browser: Browser, office: Database) -> None:
    rina = browser("rina")
    row, (case_id, state) = of_person(office, "ANI CONTOH"), case_state(office, "ANI CONTOH")
    assert state is CaseState.PERLU_ATRIBUSI
    send(rina, row.id, "pastikan")
    assert send(rina, row.id, f"tinjau/{case_id}").headers["location"] == f"/atribusi/{row.id}?kabar=tinjau"
    assert case_state(office, "ANI CONTOH")[1] is CaseState.DITINJAU


def test_a_rejection_needs_a_reason_and_stands_on_the_case(browser: Browser, office: Database) -> None:
    rina, row = browser("rina"), of_person(office, "ANI CONTOH")
    assert send(rina, row.id, "tolak", alasan=" ").status_code == 422
    assert send(rina, row.id, "tolak", alasan="akun tiruan").status_code == 303
    case_id, _ = case_state(office, "ANI CONTOH")
    assert "ditolak: akun tiruan" in words(rina.get(f"/informasi-awal/{case_id}"))


def test_revoking_shows_first_which_cases_rest_on_it(browser: Browser, office: Database) -> None:
    rina, row = browser("rina"), of_person(office, "DEDI CONTOH")
    case_id, _ = case_state(office, "DEDI CONTOH")
    page = rina.get(f"/atribusi/{row.id}")
    assert f"1 informasi awal terbuka bersandar padanya: {case_id}" in words(page)
    stale = submit(rina, page, f"/atribusi/{row.id}/cabut", alasan="keliru", bersandar="0")
    assert stale.status_code == 409
    assert send(rina, row.id, "cabut", alasan="keliru").status_code == 303


def test_other_days_are_proposed_and_wrong_ones_come_back(browser: Browser, office: Database) -> None:
    rina, row = browser("rina"), of_person(office, "DEDI CONTOH")
    assert send(rina, row.id, "masa", mulai="kemarin", alasan="mutasi").status_code == 422
    assert send(rina, row.id, "masa", mulai="2024-05-02", sampai="2024-05-01", alasan="x").status_code == 422
    answer = send(rina, row.id, "masa", mulai="2024-01-01", alasan="mutasi")
    assert "2024-01-01 sampai sekarang" in words(rina.get(answer.headers["location"]))


def test_a_form_that_lacks_something_comes_back_filled(browser: Browser, office: Database) -> None:
    rina, person = browser("rina"), of_person(office, "DEDI CONTOH").person
    page = rina.get(f"/atribusi/baru?orang={person.id}")
    answer = submit(rina, page, "/atribusi", platform="x", akun="bukan akun!", cara="dinas", bukti="laman")
    assert answer.status_code == 422
    assert 'value="bukan akun!"' in answer.text
    assert 'value="dinas"' in answer.text


def test_html_in_every_field_stays_text(browser: Browser, office: Database) -> None:
    rina, person = browser("rina"), of_person(office, "DEDI CONTOH").person
    evil = "<script>alert(1)</script>"
    answer = submit(
        rina, rina.get(f"/atribusi/baru?orang={person.id}"), "/atribusi",
        platform="bluesky", akun="dedi.kedua.test", cara=evil, bukti=evil,
    )  # fmt: skip
    shown = rina.get(answer.headers["location"])
    assert evil not in shown.text
    assert "<script>alert(1)</script>" in words(shown)


@pytest.mark.parametrize(
    "step",
    ["pastikan", "tolak", "cabut", "masa", "tinjau/{case}"],
    ids=["verify", "reject", "revoke", "redate", "review"],
)
def test_an_account_of_another_place_is_not_there(browser: Browser, office: Database, step: str) -> None:
    client, row = browser("tetangga"), of_person(office, "ANI CONTOH")
    case_id, _ = case_state(office, "ANI CONTOH")
    path = f"/atribusi/{row.id}/{step.format(case=case_id)}"
    answer = client.post(path, data={"tanda": token_of(client), "alasan": "x", "mulai": "2024-01-01"})
    missing = client.post(path.replace(f"/{row.id}/", "/987654/"), data={"tanda": token_of(client), "alasan": "x"})
    assert (answer.status_code, missing.status_code) == (404, 404)
    assert of_person(office, "ANI CONTOH").status is AttributionStatus.PROPOSED


def test_pages_about_another_place_are_not_there(browser: Browser, office: Database) -> None:
    client, row = browser("tetangga"), of_person(office, "ANI CONTOH")
    assert client.get(f"/atribusi/{row.id}").status_code == 404
    assert client.get(f"/atribusi/baru?orang={row.person.id}").status_code == 404
    assert "ANI CONTOH" not in client.get("/atribusi/baru?cari=contoh").text
    form = {"tanda": token_of(client), "orang": str(row.person.id), "platform": "x", "akun": "@ani", "cara": "a"}
    assert client.post("/atribusi", data=form | {"bukti": "b"}).status_code == 404


def test_a_forged_form_changes_nothing(browser: Browser, office: Database) -> None:
    row = of_person(office, "ANI CONTOH")
    assert browser("rina").post(f"/atribusi/{row.id}/pastikan", data={"tanda": "x"}).status_code == 403
    assert of_person(office, "ANI CONTOH").status is AttributionStatus.PROPOSED


@pytest.mark.parametrize("path", ["/atribusi", "/atribusi/baru"])
def test_whoever_reviews_nothing_is_refused(browser: Browser, path: str) -> None:
    assert browser("admin").get(path).status_code == 403


def test_an_imported_batch_that_waits_is_named_with_its_own_button(browser: Browser, office: Database) -> None:
    with office.write() as session:
        batch = registers.open_batch(
            session, kind="akun", file_name="akun.csv", sha256="2" * 64, stored_as="c", user="admin", now=NOW
        )
    page = browser("joko").get("/atribusi")
    assert "akun.csv" in words(page)
    assert parsed(page).css(f'form[action="/impor/{batch}/konfirmasi"]')
