from __future__ import annotations

import pytest
from fastapi.testclient import TestClient
from httpx import Response

from db import audit, blind, cases, leases
from db.connect import Database
from db.tables import app_user, item, item_text, item_version, liveness_check
from monitor.domain import CaseFilter, CaseState
from monitor.vault import Vault
from monitor.web.deps import Asked
from monitor.web.differences import changes, marked
from tests.web import world
from tests.web.browsing import parsed, submit, words
from tests.web.conftest import Browser, Clock

ANI = "/informasi-awal/1"
DEDI = "/informasi-awal/3"


@pytest.fixture(autouse=True)
def cases_found(database: Database, vault: Vault) -> None:
    world.found(database, vault)


def decide(client: TestClient, path: str, choice: str, note: str = "", page: Response | None = None) -> Response:
    return submit(client, page or client.get(path), f"{path}/putuskan", putusan=choice, catatan=note)


def state(database: Database, number: int = 1) -> CaseState:
    with database.read() as session:
        return cases.list_cases(session, CaseFilter(ids=(number,))).rows[0].state


def send(client: TestClient, path: str, **fields: str) -> Response:
    token = parsed(client.get("/")).css_first("input[name=tanda]").attributes["value"] or ""
    return client.post(path, data={"tanda": token, **fields}, headers={"Sec-Fetch-Site": "same-origin"})


def test_taking_the_next_case_leads_to_its_page_and_shows_who_is_at_it(browser: Browser) -> None:
    rina, joko = browser("rina"), browser("joko")
    answer = send(rina, "/informasi-awal/berikutnya")
    path = answer.headers["location"].partition("?")[0]
    assert "Giliran Anda" in words(rina.get(path))
    shown = words(joko.get(path))
    assert "Rina Contoh sedang meninjau" in shown
    assert not parsed(joko.get(path)).css("[name=putusan]")


def test_whoever_holds_a_case_is_led_back_to_it(browser: Browser) -> None:
    client = browser("rina")
    first = send(client, "/informasi-awal/berikutnya").headers["location"].partition("?")[0]
    again = send(client, "/informasi-awal/berikutnya")
    assert again.headers["location"] == f"{first}?kabar=pegang"


def test_a_page_without_cases_left_says_so(browser: Browser) -> None:
    client = browser("rina")
    for path in (ANI, DEDI):
        decide(client, path, "dikesampingkan.ganda")
    answer = send(client, "/informasi-awal/berikutnya")
    assert answer.headers["location"] == "/informasi-awal/habis"
    assert "Tidak ada yang menunggu Anda" in words(client.get("/informasi-awal/habis"))


def test_a_decision_leads_to_the_next_case_already_taken_with_the_way_back(
    browser: Browser, database: Database
) -> None:
    client = browser("rina")
    answer = decide(client, ANI, "dikesampingkan.ganda")
    assert answer.headers["location"] == f"{DEDI}?kabar=putus&batal=1"
    page = client.get(answer.headers["location"])
    assert "Giliran Anda" in words(page)
    submit(client, page, f"{ANI}/batalkan")
    assert state(database) is CaseState.DITINJAU
    assert "Giliran Anda" in words(client.get(ANI))


def test_the_way_back_is_shown_to_nobody_else(browser: Browser) -> None:
    decide(browser("rina"), ANI, "dikesampingkan.ganda")
    page = browser("joko").get(f"{DEDI}?kabar=putus&batal=1")
    assert not parsed(page).css(f'form[action="{ANI}/batalkan"]')
    assert browser("rina").get(f"{DEDI}?batal=999").status_code == 200


def test_a_heartbeat_prolongs_the_turn_and_says_when_it_is_over(browser: Browser, clock: Clock) -> None:
    client = browser("rina")
    send(client, f"{ANI}/ambil")
    clock.forward(minutes=4)
    assert send(client, f"{ANI}/giliran", giliran="1").status_code == 200
    clock.forward(minutes=6)
    answer = send(client, f"{ANI}/giliran", giliran="1")
    assert answer.status_code == 409
    assert "sudah berakhir" in answer.json()["pesan"]


def test_skipping_goes_on_to_another_case_and_giving_back_frees_it(browser: Browser, database: Database) -> None:
    client = browser("rina")
    send(client, f"{ANI}/ambil")
    assert send(client, f"{ANI}/lewati").headers["location"].startswith(DEDI)
    send(client, f"{DEDI}/lepas")
    with database.read() as session:
        assert leases.held_by(session, 1, world.NOW) is None


@pytest.mark.parametrize("doing", ["ambil", "lewati", "hubungan", "diketahui", "daring"])
def test_a_case_of_another_place_cannot_be_taken_or_asked_about(browser: Browser, doing: str) -> None:
    answer = send(browser("tetangga"), f"{ANI}/{doing}", jenis="keluarga", waktu="2024-11-02T10:00", sebab="x")
    assert answer.status_code == 404


def test_a_stale_fence_gets_the_conflict_page_with_the_note(browser: Browser, database: Database, clock: Clock) -> None:
    rina, joko = browser("rina"), browser("joko")
    send(rina, f"{ANI}/ambil")
    seen = rina.get(ANI)
    clock.forward(minutes=6)
    send(joko, f"{ANI}/ambil")
    send(joko, f"{ANI}/lepas")
    answer = decide(rina, ANI, "dikesampingkan.lainnya", "catatan saya", page=seen)
    assert answer.status_code == 409
    assert "petugas lain sempat mengambilnya" in words(answer)
    again = submit(rina, answer, f"{ANI}/lanjutkan")
    assert parsed(again).css_first("#catatan").text() == "catatan saya"
    assert state(database) is CaseState.DITINJAU


def test_reasons_that_need_words_come_back_open_with_what_was_typed(browser: Browser) -> None:
    client = browser("rina")
    answer = decide(client, ANI, "dikesampingkan.lainnya")
    assert answer.status_code == 422
    assert parsed(answer).css("details.choice[open]")
    assert "perlu catatan" in words(answer)


def test_numbers_stand_on_the_five_usual_decisions(browser: Browser) -> None:
    page = parsed(browser("rina").get(ANI))
    assert [key.attributes["data-digit"] for key in page.css(".choice > summary")] == ["1", "2", "3", "4", "5"]


def test_a_tie_blocks_and_is_shown_and_a_coordinator_ends_it(browser: Browser, database: Database) -> None:
    rina, joko = browser("rina"), browser("joko")
    submit(rina, rina.get(ANI), f"{ANI}/hubungan", jenis="keluarga")
    page = rina.get(ANI)
    assert "Anda tercatat mempunyai hubungan" in words(page)
    assert not parsed(page).css("[name=putusan]")
    seen = joko.get(ANI)
    assert "Rina Contoh tidak ikut memutus: keluarga atau hubungan pribadi" in words(seen)
    form = parsed(seen).css_first('form[action$="/akhiri"]')
    submit(joko, seen, form.attributes["action"] or "")
    assert parsed(rina.get(ANI)).css("[name=putusan]")


def test_a_tie_of_no_kind_is_refused(browser: Browser) -> None:
    client = browser("rina")
    assert submit(client, client.get(ANI), f"{ANI}/hubungan", jenis="x").status_code == 422


def test_when_it_became_known_is_set_with_its_ground(browser: Browser) -> None:
    client = browser("rina")
    answer = submit(client, client.get(ANI), f"{ANI}/diketahui", waktu="2024-11-02T20:00", sebab="laporan nomor 3")
    text = words(client.get(answer.headers["location"]))
    assert "diketahui 2 Nov 2024, 20.00 WIB" in text
    assert "laporan nomor 3" in text


@pytest.mark.parametrize("moment", ["", "kemarin", "2031-01-01T00:00"])
def test_a_time_that_cannot_be_is_refused_in_words(browser: Browser, moment: str) -> None:
    client = browser("rina")
    assert submit(client, client.get(ANI), f"{ANI}/diketahui", waktu=moment, sebab="laporan").status_code == 422


def test_without_a_reader_the_page_says_that_it_cannot_ask(browser: Browser) -> None:
    client = browser("rina")
    page = client.get(ANI)
    assert "tidak terhubung ke pembaca platform" in words(page)
    assert submit(client, page, f"{ANI}/daring").status_code == 422


def test_asking_goes_to_the_platforms_and_the_last_answer_is_shown(
    browser: Browser, database: Database, clock: Clock
) -> None:
    def ask(case_id: int) -> Asked:
        assert case_id == 1
        with database.write() as session:
            row = {
                "platform": "bluesky", "platform_item_id": world.POST, "url": "https://contoh.test",
                "checked_at": clock(), "state": "deleted", "detail": "",
            }  # fmt: skip
            session.execute(liveness_check.insert().values(row))
        return Asked(1)

    client = browser("rina", recheck=ask)
    answer = submit(client, client.get(ANI), f"{ANI}/daring")
    assert "Sudah tidak ada menurut platform" in words(client.get(answer.headers["location"]))
    with database.read() as session:
        assert audit.tail(session, action="case_rechecked")[0].subject == "case:1"


def test_platforms_that_do_not_answer_are_named(browser: Browser) -> None:
    client = browser("rina", recheck=lambda _case: Asked(0, ("bluesky: batas permintaan harian",)))
    answer = submit(client, client.get(ANI), f"{ANI}/daring")
    assert answer.status_code == 422
    assert "batas permintaan harian" in words(answer)


def test_an_edited_text_shows_what_was_taken_out_and_put_in(browser: Browser, database: Database) -> None:
    with database.write() as session:
        number = session.execute(item.select().where(item.c.platform_item_id == world.POST)).one().id
        version = {"item_id": number, "content_hash": "e" * 64, "edited_at": world.NOW}
        made = session.execute(item_version.insert().values(version).returning(item_version.c.id)).scalar_one()
        text = world.TARGET_TEXT.replace("alun-alun", "lapangan")
        session.execute(item_text.insert().values(version_id=made, text=text, seen_last_at=world.NOW))
    page = parsed(browser("rina").get(ANI))
    assert [gone.text() for gone in page.css("del")] == ["dihapus: alun-alun."]
    assert [put.text() for put in page.css("ins")] == ["ditambah: lapangan."]


def test_marked_differences_give_both_texts_back_and_stay_texts() -> None:
    old, new = "Ayo <b>pilih</b> satu", "Ayo <i>pilih</i> satu dua"
    found = changes(old, new)
    assert ("".join(c.old for c in found), "".join(c.new for c in found)) == (old, new)
    assert "<b>" not in marked(old, new)


def test_similar_cases_that_were_decided_are_counted_without_names(
    browser: Browser, database: Database, vault: Vault
) -> None:
    client = browser("rina")
    decide(client, DEDI, "dikesampingkan.ganda")
    page = client.get(ANI)
    text = words(page)
    assert "serupa yang sudah diputus (1 terbaru) Dikesampingkan 1" in text
    assert "DEDI CONTOH" not in text


def test_shortcuts_are_switched_off_by_a_choice_that_stays(browser: Browser) -> None:
    client = browser("rina")
    submit(client, client.get("/"), "/pintasan", pintasan="mati")
    again = parsed(browser("rina").get(ANI))
    assert "data-mati" in again.css_first("meta[name=pintasan]").attributes


def test_a_second_look_hides_the_decision_and_takes_an_answer(
    browser: Browser, database: Database, clock: Clock
) -> None:
    decide(browser("rina", blind_share=1.0), ANI, "dikesampingkan.ganda")
    clock.forward(minutes=1)
    joko = browser("joko")
    page = joko.get("/pemeriksaan-kedua/1")
    text = words(page)
    assert "Rina" not in text
    assert "Dikesampingkan" not in text
    answer = submit(joko, page, "/pemeriksaan-kedua/1", putusan="dikesampingkan.ganda")
    assert "sama dengan keputusan pertama" in words(joko.get(answer.headers["location"]))
    with database.read() as session:
        assert len(blind.blind_pairs(session, None)) == 1
    assert joko.get("/pemeriksaan-kedua/1").status_code == 409


def test_a_second_look_of_another_place_or_of_ones_own_decision_is_closed(browser: Browser, clock: Clock) -> None:
    rina = browser("rina", blind_share=1.0)
    decide(rina, ANI, "dikesampingkan.ganda")
    clock.forward(minutes=1)
    assert browser("tetangga").get("/pemeriksaan-kedua/1").status_code == 404
    assert rina.get("/pemeriksaan-kedua/1").status_code == 403
    assert browser("admin").get("/pemeriksaan-kedua").status_code == 200


def test_the_case_shows_the_second_answer_once_it_is_given(browser: Browser, database: Database, clock: Clock) -> None:
    decide(browser("rina", blind_share=1.0), ANI, "dikesampingkan.ganda")
    clock.forward(minutes=1)
    joko = browser("joko")
    assert "Pemeriksaan kedua buta" not in words(browser("rina").get(ANI))
    submit(joko, joko.get("/pemeriksaan-kedua/1"), "/pemeriksaan-kedua/1", putusan="diusulkan.indikasi_kuat")
    assert "berbeda dari keputusan pertama" in words(browser("rina").get(ANI))


def test_own_agency_is_said_on_the_page(browser: Browser, database: Database) -> None:
    with database.write() as session:
        rina = app_user.c.name == "rina"
        session.execute(app_user.update().where(rina).values(agency="Dinas Contoh Kabupaten Contoh"))
    text = words(browser("rina").get(ANI))
    assert "instansi yang sama" in text
