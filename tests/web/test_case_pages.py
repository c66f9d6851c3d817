from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest
import sqlalchemy as sa
from fastapi.testclient import TestClient
from httpx import Response

from db import audit, users
from db.connect import Database
from monitor import desk
from monitor.domain import CaseState, Grant, NoteKind, Role
from monitor.vault import Vault
from tests.web import world
from tests.web.browsing import parsed, submit, words
from tests.web.conftest import Browser, Clock
from tests.web.samples import NOW


@pytest.fixture
def cases(database: Database, vault: Vault) -> dict[str, int]:
    """Found Kabupaten Contoh and return the case of each person."""
    world.found(database, vault)
    return numbers(database)


def numbers(database: Database) -> dict[str, int]:
    from db.cases import list_cases
    from monitor.domain import CaseFilter

    with database.read() as session:
        return {row.person.name: row.id for row in list_cases(session, CaseFilter(limit=None)).rows}


def address(cases: dict[str, int], name: str = "ANI CONTOH") -> str:
    return f"/informasi-awal/{cases[name]}"


def decide(
    client: TestClient, path: str, to: str, reason: str, note: str = "", page: Response | None = None
) -> Response:
    fields = {"ke": to, f"alasan__{to}": reason, "catatan": note}
    return submit(client, page or client.get(path), f"{path}/putuskan", **fields)


def test_the_queue_shows_the_cases_of_the_own_place_only(browser: Browser, cases: dict[str, int]) -> None:
    text = words(browser("rina").get("/antrean"))
    assert "ANI CONTOH" in text
    assert "SARI TETANGGA" not in text


def test_identifiers_are_masked_everywhere(browser: Browser, cases: dict[str, int]) -> None:
    client = browser("rina")
    for path in ("/antrean", address(cases), "/api/cases", f"/api/cases/{cases['ANI CONTOH']}"):
        assert world.ANI.nip not in client.get(path).text


def test_every_page_of_a_case_says_that_it_is_no_finding(browser: Browser, cases: dict[str, int]) -> None:
    assert "Informasi awal — belum merupakan temuan" in words(browser("rina").get(address(cases)))


def test_the_words_a_rule_rests_on_are_marked(browser: Browser, cases: dict[str, int]) -> None:
    marks = [mark.text() for mark in parsed(browser("rina").get(address(cases))).css("mark")]
    assert {"Contoh Bangkit", "#BusiMenang"} <= set(marks)


def test_a_case_that_was_opened_before_is_put_together_with_few_statements(
    browser: Browser, database: Database, cases: dict[str, int]
) -> None:
    client = browser("rina")
    client.get(address(cases))
    seen: list[str] = []
    noting = (database.engine, "before_cursor_execute", lambda *args: seen.append(args[2]))
    sa.event.listen(*noting)
    client.get(address(cases))
    sa.event.remove(*noting)  # the engine goes on to the next test
    assert len(seen) <= 49


def test_evidence_shows_hash_and_capture_time(browser: Browser, cases: dict[str, int]) -> None:
    page = browser("rina").get(address(cases))
    assert "9f" * 32 in [digest.text() for digest in parsed(page).css(".hash")]
    text = words(page)
    assert "Minggu, 3 Nov 2024, 01.05.00 WIB" in text


def test_a_contested_row_sends_to_the_legal_division(browser: Browser, cases: dict[str, int]) -> None:
    assert "periksa dengan divisi hukum" in words(browser("rina").get(address(cases)))


def test_a_row_shows_its_purpose_its_source_and_what_lawyers_must_know(browser: Browser, cases: dict[str, int]) -> None:
    text = words(browser("rina").get(address(cases)))
    assert "Dengan tujuan memberikan dukungan. Program tidak dapat melihat tujuan" in text
    assert "Bunyi baris menurut dua sumber berbeda." in text
    assert "contoh.test/skb" in text


def test_a_case_goes_to_the_body_of_that_day_for_that_kind_of_person(browser: Browser, cases: dict[str, int]) -> None:
    text = words(browser("rina").get(address(cases)))
    assert "Diteruskan kepada Lembaga sekarang" in text
    assert not any(name in text for name in ("Lembaga lama", "Lembaga kelak", "Komandan"))


def test_what_raised_a_hit_stands_beside_it(browser: Browser, cases: dict[str, int]) -> None:
    text = words(browser("rina").get(address(cases)))
    assert "Yang menaikkan urutan perhatian Dilakukan pada masa tenang" in text


def test_links_to_platforms_tell_nothing_of_us(browser: Browser, cases: dict[str, int]) -> None:
    links = [
        a for a in parsed(browser("rina").get(address(cases))).css("a") if "bsky.app" in (a.attributes["href"] or "")
    ]
    assert links
    assert all({"noreferrer", "noopener"} <= set((a.attributes["rel"] or "").split()) for a in links)


def test_an_act_without_a_time_shows_its_bracket(browser: Browser, cases: dict[str, int]) -> None:
    text = words(browser("rina").get(address(cases, "DEDI CONTOH")))
    assert re.search(r"(antara|paling lambat) .* WIB", text)
    assert "Platform tidak memberitahukan waktu tindakan ini" in text


@pytest.mark.parametrize("name", ["tetangga", "admin"])
def test_a_case_of_another_place_does_not_exist(browser: Browser, cases: dict[str, int], name: str) -> None:
    client = browser(name)
    assert client.get(address(cases)).status_code == 404
    assert client.get(f"/api/cases/{cases['ANI CONTOH']}").status_code == 404


def test_another_place_cannot_be_decided_on(browser: Browser, cases: dict[str, int], database: Database) -> None:
    client = browser("tetangga")
    path = address(cases)
    fields = {"versi": "1", "ke": "ditinjau", "alasan.ditinjau": "mulai_tinjau"}
    own = submit(client, client.get(address(cases, "SARI TETANGGA")), "/keluar", semua="")
    assert own.status_code == 303
    client = browser("tetangga")
    token = parsed(client.get("/")).css_first("input[name=tanda]").attributes["value"] or ""
    assert client.post(f"{path}/putuskan", data=fields | {"tanda": token}).status_code == 404


def test_every_view_of_a_case_is_audited(browser: Browser, cases: dict[str, int], database: Database) -> None:
    browser("rina").get(address(cases))
    with database.read() as session:
        seen = audit.tail(session, action="case_viewed")
    assert [(row.actor, row.subject) for row in seen] == [("rina", f"case:{cases['ANI CONTOH']}")]


def test_a_decision_moves_the_case_and_can_be_taken_back(browser: Browser, cases: dict[str, int]) -> None:
    client, path = browser("rina"), address(cases)
    answer = decide(client, path, "dikesampingkan", "ganda")
    assert answer.status_code == 303
    page = client.get(answer.headers["location"])
    assert "Keputusan tersimpan." in words(page)
    undone = submit(client, page, f"{path}/batalkan")
    assert "Keputusan dibatalkan." in words(client.get(undone.headers["location"]))
    assert client.get(f"/api/cases/{cases['ANI CONTOH']}").json()["status"] == "ditinjau"


def test_a_decision_without_a_reason_comes_back_with_the_note(browser: Browser, cases: dict[str, int]) -> None:
    client, path = browser("rina"), address(cases)
    decide(client, path, "ditinjau", "mulai_tinjau")
    answer = decide(client, path, "dikesampingkan", "", "catatan yang panjang")
    assert answer.status_code == 422
    assert "Keputusan ini perlu alasan" in words(answer)
    assert "catatan yang panjang" in words(answer)


def test_a_new_case_offers_what_follows_once_it_is_taken(browser: Browser, cases: dict[str, int]) -> None:
    page = parsed(browser("rina").get(address(cases)))
    offered = {(button.attributes["value"] or "").partition(".")[0] for button in page.css("[name=putusan]")}
    assert offered == {"dikesampingkan", "perlu_bukti", "perlu_atribusi", "perlu_penelusuran", "diusulkan"}


def test_a_mere_like_cannot_be_proposed_and_the_page_says_why(browser: Browser, cases: dict[str, int]) -> None:
    client, path = browser("rina"), address(cases, "DEDI CONTOH")
    decide(client, path, "ditinjau", "mulai_tinjau")
    page = client.get(path)
    assert "hanya berisi suka atau mengikuti" in words(page)
    assert not parsed(page).css('button[value^="diusulkan."]')


def test_a_proposer_does_not_approve_alone(browser: Browser, cases: dict[str, int]) -> None:
    joko, path = browser("joko"), address(cases)
    decide(joko, path, "ditinjau", "mulai_tinjau")
    decide(joko, path, "diusulkan", "indikasi_kuat")
    assert "Pengusul tidak boleh memutus usulannya sendiri" in words(joko.get(path))


def test_a_stale_decision_keeps_the_note_and_shows_what_changed(browser: Browser, cases: dict[str, int]) -> None:
    rina, joko, path = browser("rina"), browser("joko"), address(cases)
    decide(rina, path, "ditinjau", "mulai_tinjau")
    seen = rina.get(path)
    decide(joko, path, "perlu_bukti", "bukti_kurang", "mohon tangkapan layar")
    answer = decide(rina, path, "dikesampingkan", "ganda", "sudah ada di nomor 3", page=seen)
    assert answer.status_code == 409
    text = words(answer)
    assert "sudah ada di nomor 3" in text
    assert "mohon tangkapan layar" in text
    again = submit(rina, answer, f"{path}/lanjutkan")
    assert parsed(again).css_first("#catatan").text() == "sudah ada di nomor 3"


def test_notes_are_added_without_a_decision(browser: Browser, cases: dict[str, int]) -> None:
    client, path = browser("rina"), address(cases)
    answer = submit(
        client, client.get(path), f"{path}/catat", jenis="konteks", catatan="Akun dipakai bersama keluarga."
    )
    assert "Akun dipakai bersama keluarga." in words(client.get(answer.headers["location"]))


def test_an_empty_note_is_not_stored(browser: Browser, cases: dict[str, int]) -> None:
    client, path = browser("rina"), address(cases)
    assert submit(client, client.get(path), f"{path}/catat", jenis="konteks", catatan="  ").status_code == 422


HOSTILE = (
    "<script>alert(1)</script>",
    "</blockquote><img src=x onerror=alert(1)>",
    "{{ 7*7 }}{% raw %}",
    "\u202e\u2066 terbalik \u0007",
    '" autofocus onfocus=alert(1) x="',
)


@pytest.mark.parametrize("text", HOSTILE)
def test_texts_of_platforms_stay_texts(browser: Browser, database: Database, vault: Vault, text: str) -> None:
    person = replace(world.ANI, text=f"{text} Contoh Bangkit")
    world.found(database, vault, [person], target_text=f"{text} #BusiMenang")
    page = browser("rina").get(address(numbers(database)))
    tree = parsed(page)
    assert page.status_code == 200
    assert tree.css("script[src]")
    assert not tree.css('script:not([src^="/static/"]):not([type="application/json"])')
    assert not tree.css("img, iframe, [onerror], [onfocus], [style]")
    assert text.replace("\u0007", "") in tree.css_first("blockquote").text().replace("\u0007", "")


def test_notes_of_officers_stay_texts_too(
    browser: Browser, cases: dict[str, int], database: Database, clock: Clock
) -> None:
    client, path = browser("rina"), address(cases)
    submit(client, client.get(path), f"{path}/catat", jenis="catatan", catatan=HOSTILE[1])
    assert not parsed(client.get(path)).css("img")


def test_filters_in_the_url_narrow_the_queue(browser: Browser, cases: dict[str, int]) -> None:
    client = browser("rina")
    assert "DEDI" not in words(client.get("/antrean?tindakan=comment"))
    assert "ANI" not in words(client.get("/antrean?cari=dedi"))
    assert "Tidak ada yang cocok" in words(client.get("/antrean?status=diusulkan"))


def test_an_empty_queue_says_so(browser: Browser) -> None:
    assert "Antrean kosong" in words(browser("rina").get("/antrean"))


def test_pages_of_the_queue_follow_each_other_without_gap_or_repeat(
    browser: Browser, database: Database, vault: Vault
) -> None:
    people = [replace(world.ANI, name=f"ORANG {n:03} CONTOH", nip=f"1978031520050{n:05}") for n in range(120)]
    world.found(database, vault, people)
    client, path, seen = browser("rina"), "/antrean", []
    while path:
        page = parsed(client.get(path))
        seen += [a.text() for a in page.css("a.name")]
        link = page.css_first("a[rel=next]")
        path = (link.attributes["href"] or "") if link else ""
    assert len(seen) == len(set(seen)) == 120


def test_the_api_lists_cases_in_the_shape_of_the_command(browser: Browser, cases: dict[str, int]) -> None:
    answer = browser("rina").get("/api/cases").json()
    case = next(c for c in answer["cases"] if c["asn"]["name"] == "ANI CONTOH")
    assert case["status"] == "baru"
    assert case["candidate"] == {"contest": "Bupati Contoh 2024", "number": 1, "label": "Budi–Siti"}
    assert case["hits"][0]["occurred_at"] == "2024-11-02T12:32:00+00:00"
    assert answer["next"] is None


def test_the_api_pages_by_key(browser: Browser, cases: dict[str, int]) -> None:
    client = browser("rina")
    first = client.get("/api/cases?limit=1").json()
    second = client.get("/api/cases", params={"limit": 1, "after": first["next"]}).json()
    assert first["cases"][0]["id"] != second["cases"][0]["id"]


def test_the_api_takes_a_token_and_nothing_without_one(
    browser: Browser, cases: dict[str, int], database: Database, clock: Clock
) -> None:
    token = desk.issue_token(database, "rina", clock())
    client = browser()
    assert client.get("/api/cases").status_code == 401
    assert client.get("/api/cases", headers={"Authorization": f"Bearer {token}"}).status_code == 200
    assert client.get("/api/cases", headers={"Authorization": "Bearer pantau_karangan"}).status_code == 401


def test_the_description_of_the_api_names_only_the_api(browser: Browser) -> None:
    paths = json.loads(browser().get("/api/openapi.json").text)["paths"]
    assert {"/api/cases", "/api/cases/{case_id}"} <= set(paths)
    assert all(path.startswith("/api/") for path in paths)


def test_context_and_klarifikasi_open_the_way_for_a_like(
    browser: Browser, cases: dict[str, int], database: Database, clock: Clock
) -> None:
    client, path = browser("rina"), address(cases, "DEDI CONTOH")
    decide(client, path, "ditinjau", "mulai_tinjau")
    for kind in (NoteKind.KONTEKS, NoteKind.KLARIFIKASI):
        submit(client, client.get(path), f"{path}/catat", jenis=kind.value, catatan="sudah ditanyakan")
    assert decide(client, path, "diusulkan", "pola_berulang").status_code == 303
    assert CaseState.DIUSULKAN.value == client.get(f"/api/cases/{cases['DEDI CONTOH']}").json()["status"]


def test_who_may_only_read_a_case_is_told_so_once(
    browser: Browser, cases: dict[str, int], database: Database, password_hash: str
) -> None:
    with database.write() as session:
        reader = users.add_user(session, "pelindung", "Pelindung Contoh", password_hash, NOW)
        users.grant_role(session, reader.id, Grant(Role.DPO, "99.01"), NOW)
    said = [line.text() for line in parsed(browser("pelindung").get(address(cases))).css(".bar .closed p")]
    assert said == ["Peran Anda hanya membaca. Yang memutuskan ialah pengawas dan koordinator di wilayah ini."]
