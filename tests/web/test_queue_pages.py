from __future__ import annotations

from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient
from selectolax.lexbor import LexborNode

from db import case_counts, cases, leases
from db.connect import Database
from monitor.domain import CaseFilter, CaseState
from monitor.review import machine
from monitor.web.app import WebDeps
from tests.web import world
from tests.web.browsing import hidden_fields, parsed, submit, words
from tests.web.samples import NOW

Browser = Callable[..., TestClient]

OTHERS = tuple(
    world.Asn(f"CONTOH {name}", f"1980010120060410{number:02d}", text=f"Contoh Bangkit bersama {name}!")
    for number, name in enumerate(("EKA", "FAJAR", "GITA", "HADI"), 10)
)


@pytest.fixture(autouse=True)
def people(database: Database, deps: WebDeps) -> None:
    world.found(database, deps.vault, (world.ANI, world.DEDI, world.SARI, *OTHERS))


def listed(client: TestClient, query: str) -> list[str]:
    return sorted(link.text() for link in parsed(client.get(f"/antrean{query}")).css(".queue .name"))


def everybody() -> list[str]:
    return sorted(["ANI CONTOH", "DEDI CONTOH", *(asn.name for asn in OTHERS)])


def numbers(database: Database) -> dict[str, int]:
    with database.read() as session:
        return {row.person.name: row.id for row in cases.list_cases(session, CaseFilter(limit=None)).rows}


def test_a_row_shows_the_words_with_their_mark(browser: Browser) -> None:
    page = parsed(browser("rina").get("/antrean?cari=ani"))
    assert [mark.text() for mark in page.css(".queue .words mark")] == ["Contoh Bangkit"]


def test_a_row_says_who_is_reviewing(browser: Browser, database: Database) -> None:
    client = browser("rina")
    with database.write() as session:
        leases.claim(session, numbers(database)["ANI CONTOH"], 2, NOW)
    assert "Joko Contoh sedang meninjau" in words(client.get("/antrean"))


FILTERS = {
    "?tindakan=like": ["DEDI CONTOH"],
    "?tindakan=post": [],
    "?platform=bluesky&kepastian=kuat": everybody(),
    "?platform=mastodon": [],
    "?baris=B6&tahapan=kampanye": everybody(),
    "?baris=B9": [],
    f"?aturan={world.RULE}": everybody(),
    "?aturan=lain": [],
    "?wilayah=99.01": everybody(),
    "?wilayah=98": [],
    "?sebab=baru": everybody(),
    "?sebab=muncul_lagi": [],
    "?tenggat=overdue": [],
    "?pegang=saya": [],
    "?sikap=celaan": [],
    "?dari=2024-11-02&sampai=2024-11-03": everybody(),
    "?dari=2024-11-04": [],
    "?cari=EKA": ["CONTOH EKA"],
    '?cari="bersama+gita"': ["CONTOH GITA"],
    "?cari=tetangga": [],
    "?urut=due": everybody(),
}


def test_every_filter_narrows_within_the_places_of_the_user(browser: Browser) -> None:
    client = browser("rina")
    assert {query: listed(client, query) for query in FILTERS} == FILTERS


def test_a_filter_that_is_on_is_a_chip_that_takes_it_off(browser: Browser) -> None:
    page = parsed(browser("rina").get("/antrean?tindakan=like&sebab=baru"))
    assert {chip.attributes["href"] for chip in page.css("a.chip.on")} == {
        "/antrean?sebab=baru",
        "/antrean?tindakan=like",
    }


def test_the_states_are_counted_whatever_state_is_shown(browser: Browser) -> None:
    page = browser("rina").get("/antrean?status=dikesampingkan")
    assert [" ".join(link.text().split()) for link in parsed(page).css(".by-state a")] == ["Baru 6"]


def save(client: TestClient, query: str, name: str, **fields: str) -> None:
    page = client.get(f"/antrean{query}")
    assert submit(client, page, "/antrean/tampilan", nama=name, **fields).status_code == 303


def tabs(client: TestClient, query: str = "") -> dict[str, str]:
    found = parsed(client.get(f"/antrean{query}")).css(".tabs a")
    return {link.text().rsplit(maxsplit=1)[0].strip(): link.text().split()[-1] for link in found}


def test_a_saved_view_is_a_tab_with_its_count(browser: Browser) -> None:
    client = browser("rina")
    save(client, "?tindakan=like", "Hanya suka")
    assert tabs(client)["Hanya suka"] == "1"


def test_a_shared_view_shows_everybody_their_own_places_only(browser: Browser) -> None:
    save(browser("rina"), "?tindakan=comment", "Komentar", bagikan="ya")
    assert [count for name, count in tabs(browser("tetangga")).items() if name.endswith("Tampilan 1")] == ["1"]


def test_what_somebody_writes_of_people_is_not_shown_where_these_are_not_seen(browser: Browser) -> None:
    client = browser("rina")
    save(client, "?tindakan=comment", "Kasus Zulaiha", bagikan="ya")
    save(client, "?cari=rahasia", "Cari Zulaiha", bagikan="ya")
    near = [name for name in tabs(browser("joko")) if name.endswith("Zulaiha")]
    assert len(near) == 2
    far = browser("tetangga").get("/antrean").text
    assert "Zulaiha" not in far
    assert "rahasia" not in far


def test_a_view_that_is_not_shared_stays_with_its_owner(browser: Browser) -> None:
    save(browser("rina"), "?tindakan=like", "Milik Rina")
    assert "Milik Rina" not in words(browser("joko").get("/antrean"))


def test_nobody_changes_the_view_of_another(browser: Browser) -> None:
    save(browser("rina"), "?tindakan=like", "Milik Rina", bagikan="ya")
    client = browser("joko")
    token = hidden_fields(client.get("/antrean"), "/antrean/tampilan")["tanda"]
    for path in ("/antrean/tampilan/1", "/antrean/tampilan/1/hapus"):
        answer = client.post(path, data={"tanda": token, "nama": "Lain"}, headers={"Sec-Fetch-Site": "same-origin"})
        assert answer.status_code == 404
    assert any(name.endswith("Milik Rina") for name in tabs(client))


def test_the_view_chosen_first_opens_instead_of_the_whole_queue(browser: Browser) -> None:
    client = browser("rina")
    save(client, "?tindakan=like", "Hanya suka")
    submit(client, client.get("/antrean"), "/antrean/tampilan/1/utama")
    assert client.get("/antrean").headers["location"] == "/antrean?tindakan=like"
    assert listed(client, "?status=terbuka") == everybody()


def test_a_view_can_be_renamed_and_thrown_away(browser: Browser) -> None:
    client = browser("rina")
    save(client, "?tindakan=like", "Hanya suka")
    submit(client, client.get("/antrean"), "/antrean/tampilan/1", nama="Suka saja")
    assert "Suka saja" in tabs(client)
    submit(client, client.get("/antrean"), "/antrean/tampilan/1/hapus")
    assert "Suka saja" not in tabs(client)


@pytest.mark.parametrize(("kind", "groups"), [("orang", 6), ("pasangan", 1), ("aturan", 1)])
def test_the_queue_groups_by_person_pair_and_rule(browser: Browser, kind: str, groups: int) -> None:
    assert len(parsed(browser("rina").get(f"/antrean?kelompok={kind}")).css("section.group")) == groups


def test_an_unfolded_group_shows_the_evidence_of_each_case(browser: Browser) -> None:
    page = parsed(browser("rina").get("/antrean?kelompok=pasangan&buka=1"))
    assert len(page.css(".items > li")) == 6
    assert all(item.css(".act blockquote mark") for item in page.css(".items > li"))


GROUP = "/antrean?kelompok=pasangan&buka=1"


def dismiss(client: TestClient, database: Database, *names: str, group: str = GROUP, **fields: str) -> dict[str, str]:
    """Tick these people's cases in a group, set them aside, and return what became of each."""
    page = client.get(group)
    ticked = {f"k.{numbers(database)[name]}": fields.get("version", "1") for name in names}
    chosen = {"ke": "dikesampingkan", "alasan.dikesampingkan": "konteks_kedinasan", "catatan": "Acara dinas."}
    answer = submit(client, page, "/antrean/kelompok", **chosen, **ticked)
    rows = parsed(answer).css("tbody tr")
    return {first(row, "th").split("→")[0].strip(): first(row, ".chip") for row in rows}


def first(node: LexborNode, chosen: str) -> str:
    found = node.css_first(chosen)
    assert found is not None
    return found.text().strip()


def states(database: Database) -> dict[str, CaseState]:
    with database.read() as session:
        return {row.person.name: row.state for row in cases.list_cases(session, CaseFilter(limit=None)).rows}


def test_one_decision_sets_the_ticked_cases_aside_and_no_other(browser: Browser, database: Database) -> None:
    told = dismiss(browser("rina"), database, "CONTOH EKA", "CONTOH FAJAR")
    assert told == {"CONTOH EKA": "Tersimpan", "CONTOH FAJAR": "Tersimpan"}
    aside = {name for name, state in states(database).items() if state is CaseState.DIKESAMPINGKAN}
    assert aside == {"CONTOH EKA", "CONTOH FAJAR"}


def test_sending_a_decision_for_several_twice_changes_nothing_more(browser: Browser, database: Database) -> None:
    client = browser("rina")
    dismiss(client, database, "CONTOH EKA")
    page = client.get("/antrean?status=semua&kelompok=pasangan&buka=1")
    sent = {f"k.{numbers(database)['CONTOH EKA']}": "1", "ke": "dikesampingkan"}
    sent |= {"alasan.dikesampingkan": "konteks_kedinasan", "catatan": "Acara dinas."}
    before = events(database)
    assert "Sudah tersimpan sebelumnya" in words(submit(client, page, "/antrean/kelompok", **sent))
    assert events(database) == before


def events(database: Database) -> int:
    with database.read() as session:
        return sum(row.version for row in cases.list_cases(session, CaseFilter(limit=None)).rows)


def test_what_another_holds_or_has_changed_stays_and_says_so(browser: Browser, database: Database) -> None:
    with database.write() as session:
        leases.claim(session, numbers(database)["CONTOH EKA"], 2, NOW)
    told = dismiss(browser("rina"), database, "CONTOH EKA", "CONTOH FAJAR", version="7")
    assert told == {"CONTOH EKA": "Sedang ditinjau orang lain", "CONTOH FAJAR": "Sudah berubah"}


def test_a_case_of_another_group_or_place_is_not_decided(browser: Browser, database: Database) -> None:
    own = f"/antrean?kelompok=orang&buka={1}"
    told = dismiss(browser("rina"), database, "CONTOH EKA", "SARI TETANGGA", group=own)
    assert set(told.values()) == {"Tidak dapat"}
    assert set(states(database).values()) == {CaseState.BARU}


def test_a_decision_for_several_without_reason_comes_back_as_typed(browser: Browser, database: Database) -> None:
    client = browser("rina")
    number = numbers(database)["CONTOH EKA"]
    sent = {f"k.{number}": "1", "ke": "dikesampingkan", "catatan": "Acara dinas."}
    answer = submit(client, client.get(GROUP), "/antrean/kelompok", **sent)
    page = parsed(answer)
    assert answer.status_code == 422
    assert [box.attributes["name"] for box in page.css(".items input[checked]")] == [f"k.{number}"]
    assert [area.text() for area in page.css("textarea")] == ["Acara dinas."]


@pytest.mark.parametrize("step", [CaseState.DIUSULKAN, CaseState.DISETUJUI, CaseState.DITERUSKAN])
def test_a_step_that_the_form_does_not_offer_is_not_taken_for_several_at_once(
    browser: Browser, database: Database, step: CaseState
) -> None:
    client, reason = browser("joko"), machine.reasons_for(step)[0].value
    sent = {f"k.{numbers(database)['CONTOH EKA']}": "1", "ke": step.value, f"alasan.{step.value}": reason}
    answer = submit(client, client.get(GROUP), "/antrean/kelompok", **sent, catatan="ND-1, 23 November 2026")
    assert answer.status_code == 422
    assert "diambil satu per satu" in words(answer)


def test_more_than_fifty_at_once_are_refused(browser: Browser, database: Database) -> None:
    client = browser("rina")
    sent = {f"k.{number}": "1" for number in range(1, 52)}
    sent |= {"ke": "dikesampingkan", "alasan.dikesampingkan": "konteks_kedinasan"}
    assert submit(client, client.get(GROUP), "/antrean/kelompok", **sent).status_code == 422


def test_who_sees_no_people_sees_no_cases(browser: Browser) -> None:
    assert listed(browser("admin"), "") == []


def test_states_and_lists_are_counted_no_further_than_is_said(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(case_counts, "MOST_COUNTED", 4)
    case_counts._state_counting.cache_clear()
    page = parsed(browser("rina").get("/antrean"))
    case_counts._state_counting.cache_clear()
    shown = [" ".join(node.text().split()) for node in page.css(".by-state a, .count")]
    assert shown == ["4+ informasi awal", "Baru 3+"]
