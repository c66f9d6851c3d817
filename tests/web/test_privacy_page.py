"""The privacy page: who sees what of it, what its forms do, and the clock of a failure of protection."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from db import cases, users
from db.connect import Database
from monitor.domain import CaseFilter, Grant, Role
from monitor.domain.keeping import Purged
from monitor.web.deps import PrivacyRoom, WebDeps
from tests.web.browsing import hidden_fields, parsed, submit, words
from tests.web.conftest import Browser
from tests.web.samples import NOW
from tests.web.world import found

HOLD, NOTE = "/privasi/penahanan", "/privasi/insiden"
TYPED = {
    "waktu": "2024-11-02T08:00",
    "data": "alamat surel",
    "bagaimana": "laptop hilang",
    "upaya": "kunci diganti",
}


@pytest.fixture
def deps(deps: WebDeps, password_hash: str) -> WebDeps:
    found(deps.database, deps.vault)
    with deps.database.write() as session:
        user = users.add_user(session, "dipo", "Dipo Contoh", password_hash, NOW)
        users.grant_role(session, user.id, Grant(Role.DPO, "99.01"), NOW)
    due = Purged({"item_text": 12}, kept={"capture": 3})
    return replace(deps, privacy=PrivacyRoom(lambda: due, "99.01"), idle=timedelta(days=9))


def first_case(database: Database) -> int:
    with database.read() as session:
        return cases.list_cases(session, CaseFilter(scope=("99.01",)), NOW).rows[0].id


def test_a_reviewer_is_refused(browser: Browser) -> None:
    assert browser("rina").get("/privasi").status_code == 403


def test_a_hold_ends_on_the_page_when_a_second_person_agrees(browser: Browser, deps: WebDeps) -> None:
    client, second = browser("dipo"), browser("joko")
    laid = submit(client, client.get("/privasi"), HOLD, perkara=str(first_case(deps.database)), dasar="surat 12")
    assert laid.headers["location"] == "/privasi?kabar=ditahan"
    shown = client.get("/privasi")
    assert "Berlaku nomor 1" in words(shown)
    assert "surat 12" in words(shown)
    asked = submit(client, shown, f"{HOLD}/1/minta", alasan="selesai")
    assert asked.headers["location"] == "/privasi?kabar=diminta"
    own = client.get("/privasi")
    assert "Menunggu orang kedua nomor 1" in words(own)
    assert f"{HOLD}/1/setujui" not in own.text
    ended = submit(second, second.get("/privasi"), f"{HOLD}/1/setujui")
    assert ended.headers["location"] == "/privasi?kabar=dilepas"
    assert "Dilepas nomor 1" in words(client.get("/privasi"))


def test_whoever_asked_that_a_hold_end_is_refused_as_its_second_person(browser: Browser, deps: WebDeps) -> None:
    client = browser("dipo")
    submit(client, client.get("/privasi"), HOLD, perkara=str(first_case(deps.database)), dasar="surat 12")
    submit(client, client.get("/privasi"), f"{HOLD}/1/minta", alasan="selesai")
    sent = hidden_fields(client.get("/privasi"), f"{HOLD}/1/tolak")
    alone = client.post(f"{HOLD}/1/setujui", data=sent, headers={"Origin": "http://localhost:8000"})
    assert (alone.status_code, "orang kedua" in words(alone)) == (403, True)
    back = submit(client, client.get("/privasi"), f"{HOLD}/1/tolak")
    assert back.headers["location"] == "/privasi?kabar=tetap"
    assert "Berlaku nomor 1" in words(client.get("/privasi"))


def test_an_agreement_to_a_request_that_was_not_read_is_refused_and_shows_the_one_that_stands(
    browser: Browser, deps: WebDeps
) -> None:
    client, second = browser("dipo"), browser("joko")
    submit(client, client.get("/privasi"), HOLD, perkara=str(first_case(deps.database)), dasar="surat 12")
    submit(client, client.get("/privasi"), f"{HOLD}/1/minta", alasan="selesai")
    read = second.get("/privasi")
    submit(client, client.get("/privasi"), f"{HOLD}/1/tolak")
    submit(client, client.get("/privasi"), f"{HOLD}/1/minta", alasan="salah orang")
    refused = submit(second, read, f"{HOLD}/1/setujui")
    assert (refused.status_code, "bukan lagi yang Anda baca" in words(refused)) == (409, True)
    assert "salah orang" in words(refused)
    ended = submit(second, refused, f"{HOLD}/1/setujui")
    assert ended.headers["location"] == "/privasi?kabar=dilepas"


def test_a_hold_without_a_ground_is_refused_with_what_was_typed(browser: Browser, deps: WebDeps) -> None:
    client = browser("dipo")
    number = str(first_case(deps.database))
    answer = submit(client, client.get("/privasi"), HOLD, perkara=number, dasar=" ")
    assert answer.status_code == 422
    assert "harus beralasan" in words(answer)
    assert f'value="{number}"' in answer.text


def test_what_is_due_is_counted_when_asked(browser: Browser) -> None:
    client = browser("dipo")
    answer = submit(client, client.get("/privasi"), "/privasi/hitung")
    assert "Teks unggahan dan komentar 12" in words(answer)
    assert "tetap tinggal" in words(answer)


def test_an_administrator_sees_no_holds_and_may_note_a_failure(browser: Browser) -> None:
    shown = browser("admin").get("/privasi").text
    assert ('action="/privasi/penahanan"' in shown, 'action="/privasi/insiden"' in shown) == (False, True)


def test_the_clock_of_a_failure_runs_until_both_were_told(browser: Browser) -> None:
    client = browser("dipo")
    noted = submit(client, client.get("/privasi"), NOTE, **TYPED)
    assert noted.headers["location"] == "/privasi?kabar=insiden"
    shown = client.get("/privasi")
    assert "Batas 5 Nov 2024, 08.00 WIB" in words(shown)
    early = submit(client, shown, f"{NOTE}/1/langkah", langkah="closed", waktu="2024-11-02T09:00")
    assert "belum lengkap" in words(early)
    for who in ("subjects", "agency"):
        submit(client, client.get("/privasi"), f"{NOTE}/1/langkah", langkah=who, waktu="2024-11-02T09:00")
    assert "Sudah diberitahukan" in words(client.get("/privasi"))
    submit(client, client.get("/privasi"), f"{NOTE}/1/langkah", langkah="closed", waktu="2024-11-02T10:00")
    assert "Selesai nomor 1" in words(client.get("/privasi"))


def test_a_notice_that_is_late_is_told_as_late(browser: Browser) -> None:
    client = browser("dipo")
    submit(client, client.get("/privasi"), NOTE, **TYPED | {"waktu": "2024-10-20T08:00"})
    assert "Lewat batas 23 Okt 2024" in words(client.get("/privasi"))


def test_a_coordinator_notes_a_failure_and_dates_no_notice(browser: Browser) -> None:
    client = browser("joko")
    typed = {
        "waktu": "2024-11-02T08:00",
        "data": "alamat surel",
        "bagaimana": "laptop hilang",
        "upaya": "kunci diganti",
    }
    submit(client, client.get("/privasi"), NOTE, **typed)
    shown = client.get("/privasi")
    assert "laptop hilang" in words(shown)
    assert f"{NOTE}/1/langkah" not in shown.text


def test_a_failure_elsewhere_is_seen_by_whom_its_place_or_the_whole_country_concerns(
    browser: Browser, deps: WebDeps, password_hash: str
) -> None:
    with deps.database.write() as session:
        for name, place in (("nasional", ""), ("seberang", "98")):
            user = users.add_user(session, name, f"{name.title()} Contoh", password_hash, NOW)
            users.grant_role(session, user.id, Grant(Role.DPO, place), NOW)
    national, elsewhere = browser("nasional"), browser("seberang")
    submit(national, national.get("/privasi"), NOTE, **TYPED | {"wilayah": "98.02"})
    seen = {name: "alamat surel" in browser(name).get("/privasi").text for name in ("nasional", "seberang", "dipo")}
    assert seen == {"nasional": True, "seberang": True, "dipo": False}
    dated = submit(
        elsewhere, elsewhere.get("/privasi"), f"{NOTE}/1/langkah", langkah="agency", waktu="2024-11-02T09:00"
    )
    assert dated.headers["location"] == "/privasi?kabar=langkah"


def test_nobody_notes_a_failure_for_a_place_of_others(browser: Browser) -> None:
    client = browser("dipo")
    refused = submit(client, client.get("/privasi"), NOTE, **TYPED | {"wilayah": "98.02"})
    assert refused.status_code == 403
    kept = [TYPED["upaya"] in refused.text, TYPED["bagaimana"] in refused.text, 'value="98.02"' in refused.text]
    assert (kept, "tidak berwenang di wilayah ini" in words(refused)) == ([True] * 3, True)
    mended = submit(client, refused, NOTE, **TYPED | {"wilayah": ""})
    assert mended.headers["location"] == "/privasi?kabar=insiden"


def test_a_database_that_cannot_be_written_gives_back_what_was_written(browser: Browser, deps: WebDeps) -> None:
    client = browser("dipo")
    form = client.get("/privasi")
    with deps.database.write() as session:
        session.exec_driver_sql("ALTER TABLE data_incident RENAME TO lain")
    kept = submit(client, form, NOTE, **TYPED)
    assert (kept.status_code, "belum tersimpan" in words(kept)) == (503, True)
    assert {TYPED["upaya"], TYPED["bagaimana"]} <= {area.text() for area in parsed(kept).css("textarea")}


def test_a_place_that_cannot_be_read_is_refused_in_the_words_of_the_form(browser: Browser) -> None:
    client = browser("dipo")
    refused = submit(client, client.get("/privasi"), NOTE, **TYPED | {"wilayah": "Kabupaten Contoh"})
    assert refused.status_code == 422
    assert "kosong berarti wilayah kantor ini" in refused.text
    assert TYPED["upaya"] in refused.text
