from __future__ import annotations

import pytest
from fastapi.testclient import TestClient
from httpx import Response

from db import audit, blind, cases, leases
from db.connect import Database
from db.tables import app_user, capture, item, item_text, item_version, liveness_check, manual_find
from monitor.domain import CaseFilter, CaseState
from monitor.vault import Vault
from monitor.web.deps import Asked
from monitor.web.differences import changes, marked
from tests.web import world
from tests.web.browsing import parsed, submit, words
from tests.web.conftest import Browser, Clock


@pytest.fixture(autouse=True)
def numbers(database: Database, vault: Vault) -> dict[str, int]:
    world.found(database, vault)
    with database.read() as session:
        return {row.person.name: row.id for row in cases.list_cases(session, CaseFilter(limit=None)).rows}


@pytest.fixture
def ani(numbers: dict[str, int]) -> str:
    return f"/informasi-awal/{numbers['ANI CONTOH']}"


@pytest.fixture
def dedi(numbers: dict[str, int]) -> str:
    return f"/informasi-awal/{numbers['DEDI CONTOH']}"


def decide(client: TestClient, path: str, choice: str, note: str = "", page: Response | None = None) -> Response:
    return submit(client, page or client.get(path), f"{path}/putuskan", putusan=choice, catatan=note)


def state(database: Database, path: str) -> CaseState:
    with database.read() as session:
        return cases.list_cases(session, CaseFilter(ids=(number_of(path),))).rows[0].state


def number_of(path: str) -> int:
    return int(path.rsplit("/", 1)[1])


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


@pytest.mark.parametrize("turn", ["", "nol", "9" * 24])
def test_a_decision_that_does_not_say_which_turn_it_was_shown_in_is_refused(
    browser: Browser, database: Database, ani: str, turn: str
) -> None:
    client = browser("rina")
    page = client.get(ani)
    answer = submit(client, page, f"{ani}/putuskan", putusan="dikesampingkan.ganda", giliran=turn)
    assert (answer.status_code, "Formulir tidak lengkap" in words(answer)) == (422, True)
    assert state(database, ani) is CaseState.BARU


def test_whoever_holds_a_case_is_led_back_to_it(browser: Browser) -> None:
    client = browser("rina")
    first = send(client, "/informasi-awal/berikutnya").headers["location"].partition("?")[0]
    again = send(client, "/informasi-awal/berikutnya")
    assert again.headers["location"] == f"{first}?kabar=pegang"


def test_going_back_to_a_case_that_was_decided_does_not_say_that_one_still_holds_it(browser: Browser) -> None:
    client = browser("rina")
    send(client, "/informasi-awal/berikutnya")
    there = send(client, "/informasi-awal/berikutnya").headers["location"]
    page = client.get(there)
    assert "Anda masih memegang" in words(page)
    decide(client, there.partition("?")[0], "dikesampingkan.ganda", page=page)
    assert "Anda masih memegang" not in words(client.get(there))


def test_a_page_without_cases_left_says_so(browser: Browser, ani: str, dedi: str) -> None:
    client = browser("rina")
    for path in (ani, dedi):
        decide(client, path, "dikesampingkan.ganda")
    answer = send(client, "/informasi-awal/berikutnya")
    assert answer.headers["location"] == "/informasi-awal/habis"
    assert "Tidak ada yang menunggu Anda" in words(client.get("/informasi-awal/habis"))


def test_a_decision_leads_to_the_next_case_already_taken_with_the_way_back(
    browser: Browser, database: Database, ani: str, dedi: str
) -> None:
    client = browser("rina")
    answer = decide(client, ani, "dikesampingkan.ganda")
    assert answer.headers["location"] == f"{dedi}?kabar=putus&batal={number_of(ani)}"
    page = client.get(answer.headers["location"])
    assert "Giliran Anda" in words(page)
    submit(client, page, f"{ani}/batalkan")
    assert state(database, ani) is CaseState.DITINJAU
    assert "Giliran Anda" in words(client.get(ani))


def test_the_way_back_is_shown_to_nobody_else(browser: Browser, ani: str, dedi: str) -> None:
    decide(browser("rina"), ani, "dikesampingkan.ganda")
    page = browser("joko").get(f"{dedi}?kabar=putus&batal={number_of(ani)}")
    assert not parsed(page).css(f'form[action="{ani}/batalkan"]')
    assert browser("rina").get(f"{dedi}?batal=999").status_code == 200


def test_a_heartbeat_prolongs_the_turn_and_says_when_it_is_over(browser: Browser, clock: Clock, ani: str) -> None:
    client = browser("rina")
    send(client, f"{ani}/ambil")
    clock.forward(minutes=4)
    assert send(client, f"{ani}/giliran", giliran="1").status_code == 200
    clock.forward(minutes=6)
    answer = send(client, f"{ani}/giliran", giliran="1")
    assert answer.status_code == 409
    assert "sudah berakhir" in answer.json()["pesan"]


def test_skipping_goes_on_to_another_case_and_giving_back_frees_it(
    browser: Browser, database: Database, ani: str, dedi: str
) -> None:
    client = browser("rina")
    send(client, f"{ani}/ambil")
    assert send(client, f"{ani}/lewati").headers["location"].startswith(dedi)
    send(client, f"{dedi}/lepas")
    with database.read() as session:
        assert leases.held_by(session, 1, world.NOW) is None


def test_what_was_written_before_skipping_stays_with_the_case(browser: Browser, ani: str) -> None:
    client = browser("rina")
    send(client, f"{ani}/ambil")
    page = parsed(client.get(ani))
    assert page.css_first(f'button[formaction="{ani}/lewati"]').attributes["data-key"] == "s"
    send(client, f"{ani}/lewati", catatan="Minta pendapat koordinator.")
    assert "Minta pendapat koordinator." in words(browser("joko").get(ani))


@pytest.mark.parametrize("doing", ["ambil", "lewati", "hubungan", "diketahui", "daring"])
def test_a_case_of_another_place_cannot_be_taken_or_asked_about(browser: Browser, doing: str, ani: str) -> None:
    answer = send(browser("tetangga"), f"{ani}/{doing}", jenis="keluarga", waktu="2024-11-02T10:00", sebab="x")
    assert answer.status_code == 404


def test_a_stale_fence_gets_the_conflict_page_with_the_note(
    browser: Browser, database: Database, clock: Clock, ani: str
) -> None:
    rina, joko = browser("rina"), browser("joko")
    send(rina, f"{ani}/ambil")
    seen = rina.get(ani)
    clock.forward(minutes=6)
    send(joko, f"{ani}/ambil")
    send(joko, f"{ani}/lepas")
    answer = decide(rina, ani, "dikesampingkan.lainnya", "catatan saya", page=seen)
    assert answer.status_code == 409
    assert "petugas lain sempat mengambilnya" in words(answer)
    again = submit(rina, answer, f"{ani}/lanjutkan")
    assert parsed(again).css_first("#catatan").text() == "catatan saya"
    assert state(database, ani) is CaseState.DITINJAU


def test_reasons_that_need_words_come_back_open_with_what_was_typed(browser: Browser, ani: str) -> None:
    client = browser("rina")
    answer = decide(client, ani, "dikesampingkan.lainnya")
    assert answer.status_code == 422
    assert parsed(answer).css("details.choice[open]")
    assert "perlu catatan" in words(answer)


def test_numbers_stand_on_the_five_usual_decisions(browser: Browser, ani: str) -> None:
    page = parsed(browser("rina").get(ani))
    assert [key.attributes["data-digit"] for key in page.css(".choice > summary")] == ["1", "2", "3", "4", "5"]


def test_a_tie_blocks_and_is_shown_and_a_coordinator_ends_it(browser: Browser, database: Database, ani: str) -> None:
    rina, joko = browser("rina"), browser("joko")
    submit(rina, rina.get(ani), f"{ani}/hubungan", jenis="keluarga")
    page = rina.get(ani)
    assert "Anda tercatat mempunyai hubungan" in words(page)
    assert not parsed(page).css("[name=putusan]")
    seen = joko.get(ani)
    assert "Rina Contoh tidak ikut memutus: keluarga atau hubungan pribadi" in words(seen)
    form = parsed(seen).css_first('form[action$="/akhiri"]')
    submit(joko, seen, form.attributes["action"] or "")
    assert parsed(rina.get(ani)).css("[name=putusan]")


def test_a_tie_of_no_kind_is_refused(browser: Browser, ani: str) -> None:
    client = browser("rina")
    assert submit(client, client.get(ani), f"{ani}/hubungan", jenis="x").status_code == 422


def test_when_it_became_known_is_set_with_its_ground(browser: Browser, ani: str) -> None:
    client = browser("rina")
    answer = submit(client, client.get(ani), f"{ani}/diketahui", waktu="2024-11-02T20:00", sebab="laporan nomor 3")
    text = words(client.get(answer.headers["location"]))
    assert "diketahui 2 Nov 2024, 20.00 WIB" in text
    assert "laporan nomor 3" in text


@pytest.mark.parametrize("moment", ["", "kemarin", "2031-01-01T00:00"])
def test_a_time_that_cannot_be_is_refused_in_words(browser: Browser, moment: str, ani: str) -> None:
    client = browser("rina")
    assert submit(client, client.get(ani), f"{ani}/diketahui", waktu=moment, sebab="laporan").status_code == 422


def test_without_a_reader_the_page_says_that_it_cannot_ask(browser: Browser, ani: str) -> None:
    client = browser("rina")
    page = client.get(ani)
    assert "tidak terhubung ke pembaca platform" in words(page)
    assert submit(client, page, f"{ani}/daring").status_code == 422


def test_asking_goes_to_the_platforms_and_the_last_answer_is_shown(
    browser: Browser, database: Database, clock: Clock, ani: str
) -> None:
    def ask(case_id: int) -> Asked:
        assert case_id == number_of(ani)
        with database.write() as session:
            row = {
                "platform": "bluesky", "platform_item_id": world.POST, "url": "https://contoh.test",
                "checked_at": clock(), "state": "deleted", "detail": "",
            }  # fmt: skip
            session.execute(liveness_check.insert().values(row))
        return Asked(1)

    client = browser("rina", recheck=ask)
    answer = submit(client, client.get(ani), f"{ani}/daring")
    assert "Sudah tidak ada menurut platform" in words(client.get(answer.headers["location"]))
    with database.read() as session:
        assert audit.tail(session, action="case_rechecked")[0].subject == f"case:{number_of(ani)}"


def test_platforms_that_do_not_answer_are_named(browser: Browser, ani: str) -> None:
    client = browser("rina", recheck=lambda _case: Asked(0, ("bluesky: batas permintaan harian",)))
    answer = submit(client, client.get(ani), f"{ani}/daring")
    assert answer.status_code == 422
    assert "batas permintaan harian" in words(answer)


def test_an_edited_text_shows_what_was_taken_out_and_put_in(browser: Browser, database: Database, ani: str) -> None:
    with database.write() as session:
        number = session.execute(item.select().where(item.c.platform_item_id == world.POST)).one().id
        version = {"item_id": number, "content_hash": "e" * 64, "edited_at": world.NOW}
        made = session.execute(item_version.insert().values(version).returning(item_version.c.id)).scalar_one()
        text = world.TARGET_TEXT.replace("alun-alun", "lapangan")
        session.execute(item_text.insert().values(version_id=made, text=text, seen_last_at=world.NOW))
    page = parsed(browser("rina").get(ani))
    assert [gone.text() for gone in page.css("del")] == ["dihapus: alun-alun."]
    assert [put.text() for put in page.css("ins")] == ["ditambah: lapangan."]


def test_a_screenshot_is_offered_blurred_and_loads_only_when_opened(
    browser: Browser, database: Database, ani: str
) -> None:
    assert not parsed(browser("rina").get(ani)).css("img")
    with database.write() as session:
        kept = session.execute(capture.select()).first()
        assert kept is not None
        find = {
            "key": "f" * 64, "kind": "pengawasan", "account_id": 1, "asn_id": 1, "act": "comment",
            "platform": "bluesky", "url": "https://contoh.test", "capture_id": kept.id, "screenshot": "a" * 64,
            "seen_at": world.NOW, "received_at": world.NOW, "received_by": "rina", "note": "",
        }  # fmt: skip
        session.execute(manual_find.insert().values(find))
    image = parsed(browser("rina").get(ani)).css_first("details.media:not([open]) img[loading=lazy]")
    assert (image.attributes["src"] or "").endswith("/1/layar")


def test_marked_differences_give_both_texts_back_and_stay_texts() -> None:
    old, new = "Ayo <b>pilih</b> satu", "Ayo <i>pilih</i> satu dua"
    found = changes(old, new)
    assert ("".join(c.old for c in found), "".join(c.new for c in found)) == (old, new)
    assert "<b>" not in marked(old, new)


def test_similar_cases_that_were_decided_are_counted_without_names(
    browser: Browser, database: Database, vault: Vault, ani: str, dedi: str
) -> None:
    client = browser("rina")
    decide(client, dedi, "dikesampingkan.ganda")
    page = client.get(ani)
    text = words(page)
    assert "serupa yang sudah diputus (1 terbaru) Dikesampingkan 1" in text
    assert "DEDI CONTOH" not in text


def test_shortcuts_are_switched_off_by_a_choice_that_stays(browser: Browser, ani: str) -> None:
    client = browser("rina")
    submit(client, client.get("/"), "/pintasan", pintasan="mati")
    again = parsed(browser("rina").get(ani))
    assert "data-mati" in again.css_first("meta[name=pintasan]").attributes


def test_a_second_look_hides_the_decision_and_takes_an_answer(
    browser: Browser, database: Database, clock: Clock, ani: str
) -> None:
    decide(browser("rina", blind_share=1.0), ani, "dikesampingkan.ganda")
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


def test_a_second_look_of_another_place_or_of_ones_own_decision_is_closed(
    browser: Browser, clock: Clock, ani: str
) -> None:
    rina = browser("rina", blind_share=1.0)
    decide(rina, ani, "dikesampingkan.ganda")
    clock.forward(minutes=1)
    assert browser("tetangga").get("/pemeriksaan-kedua/1").status_code == 404
    assert rina.get("/pemeriksaan-kedua/1").status_code == 403
    assert browser("admin").get("/pemeriksaan-kedua").status_code == 200


def test_the_case_shows_the_second_answer_once_it_is_given(
    browser: Browser, database: Database, clock: Clock, ani: str
) -> None:
    decide(browser("rina", blind_share=1.0), ani, "dikesampingkan.ganda")
    clock.forward(minutes=1)
    joko = browser("joko")
    assert "Pemeriksaan kedua oleh" not in words(browser("rina").get(ani))
    submit(joko, joko.get("/pemeriksaan-kedua/1"), "/pemeriksaan-kedua/1", putusan="diusulkan.indikasi_kuat")
    assert "berbeda dari keputusan pertama" in words(browser("rina").get(ani))


def test_own_agency_is_said_on_the_page(browser: Browser, database: Database, ani: str) -> None:
    with database.write() as session:
        rina = app_user.c.name == "rina"
        session.execute(app_user.update().where(rina).values(agency="Dinas Contoh Kabupaten Contoh"))
    text = words(browser("rina").get(ani))
    assert "instansi yang sama" in text
