from __future__ import annotations

import re

import pytest
from fastapi.testclient import TestClient
from httpx import Response

from db.connect import Database
from monitor.vault import Vault
from monitor.web.answers import WRITTEN
from monitor.web.templating import HERE
from tests.web import world
from tests.web.browsing import parsed, submit, words
from tests.web.conftest import Browser, Clock

CASE = "/informasi-awal/1"
NUMBER = "0123456789abcdef"


@pytest.fixture
def client(browser: Browser, database: Database, vault: Vault) -> TestClient:
    world.found(database, vault)
    return browser("rina")


def given_back(answer: Response) -> list[str]:
    return [area.text() for area in parsed(answer).css("textarea")]


def after_two_hours(client: TestClient, clock: Clock, **fields: str) -> Response:
    page = client.get(CASE)
    clock.forward(hours=2)
    return submit(client, page, f"{CASE}/putuskan", **fields)


def test_a_form_sent_after_the_session_ended_gives_back_what_was_written(client: TestClient, clock: Clock) -> None:
    answer = after_two_hours(client, clock, catatan="Acara <dinas>.", putusan="dikesampingkan.lainnya")
    assert (answer.status_code, given_back(answer)) == (401, ["Acara <dinas>."])
    assert "Sesi Anda berakhir" in words(answer)


def test_the_page_of_an_ended_session_shows_nothing_but_what_was_sent(client: TestClient, clock: Clock) -> None:
    answer = after_two_hours(client, clock, catatan="Acara dinas.", putusan="dikesampingkan.lainnya")
    assert ["ANI" in answer.text, "Rina" in answer.text] == [False, False]


def test_a_form_without_words_still_leads_to_the_sign_in(client: TestClient, clock: Clock) -> None:
    answer = after_two_hours(client, clock, putusan="dikesampingkan.lainnya")
    assert (answer.status_code, answer.headers["location"]) == (303, "/masuk")


def test_a_form_with_a_file_gives_back_what_was_written_beside_it(client: TestClient, clock: Clock) -> None:
    clock.forward(hours=2)
    fields = {"tanda": "lama", "teks": "Contoh Bangkit", "keterangan": "dari warga"}
    answer = client.post("/unggah/catatan", data=fields, files={"layar": ("layar.png", b"x" * 9000)})
    assert (answer.status_code, given_back(answer)) == (401, ["dari warga", "Contoh Bangkit"])


def test_a_form_from_elsewhere_is_refused_and_shown_nothing(client: TestClient, clock: Clock) -> None:
    clock.forward(hours=2)
    answer = client.post(f"{CASE}/catat", data={"catatan": "palsu"}, headers={"Sec-Fetch-Site": "cross-site"})
    assert (answer.status_code, given_back(answer)) == (403, [])


def test_every_large_field_of_a_form_is_given_back() -> None:
    templates = [path.read_text() for path in (HERE / "templates").glob("*.html")]
    names = {name for text in templates for name in re.findall(r'<textarea[^>]* name="([a-z_]+)"', text)}
    assert "catatan" in names
    assert names - set(WRITTEN) == set()


def test_the_browser_is_told_which_words_were_taken(client: TestClient) -> None:
    taken = send_note(client, "Sudah diperiksa.")
    assert taken.cookies.get("pantau_diterima") == NUMBER


def test_the_browser_keeps_words_that_were_not_taken(client: TestClient) -> None:
    refused = send_note(client, "")
    assert (refused.status_code, refused.cookies.get("pantau_diterima")) == (422, None)


def test_the_browser_keeps_words_that_led_to_the_sign_in(client: TestClient) -> None:
    client.cookies.clear()
    led = client.post(f"{CASE}/lepas?konsep={NUMBER}", data={"tanda": "lama"})
    assert (led.headers["location"], led.cookies.get("pantau_diterima")) == ("/masuk", None)


def send_note(client: TestClient, text: str) -> Response:
    page = client.get(CASE)
    token = parsed(page).css_first("input[name=tanda]").attributes["value"] or ""
    return client.post(f"{CASE}/catat?konsep={NUMBER}", data={"tanda": token, "jenis": "catatan", "catatan": text})
