from __future__ import annotations

from dataclasses import replace

import pytest

from db import runs
from db.connect import Database
from db.contests import load_contests
from monitor.domain import Act, CaseState, Coverage, Direction, Issue, Outcome, TargetResult
from monitor.errors import DatabaseError
from monitor.labels import label
from monitor.vault import Vault
from monitor.web.app import WebDeps
from monitor.web.templating import HERE, environment
from tests.web import world
from tests.web.browsing import parsed, submit, words
from tests.web.conftest import Browser, Clock
from tests.web.samples import NOW


def night(database: Database, *, hits: int = 12) -> None:
    from datetime import timedelta

    counts = {"evaluated": 41, "hits": hits, "misses": 28, "not_evaluable": 1, "errors": 0}
    with database.write() as session:
        run = runs.open_run(session, "q" * 64, NOW - timedelta(hours=5), timedelta(hours=12))
        coverage = ((Act.POST, Coverage.OBSERVED), (Act.LIKE, Coverage.NOT_PUBLIC))
        visit = TargetResult("bluesky", Direction.CANDIDATE, "did:plc:busicontoh", Outcome.OK, coverage)
        runs.record_target(session, run.id, visit)
        hidden = Issue("bluesky", "not_found", "akun @rahasia.contoh.test hilang", target="did:plc:rahasia")
        runs.add_issues(session, run.id, [hidden, Issue("x", "policy_blocked", "Sumber x tanpa dasar hukum")])
        import json

        runs.finish_run(session, run.id, json.dumps({"judged": counts}), True, NOW - timedelta(hours=4))


def test_the_front_page_counts_cases_of_the_own_place(browser: Browser, database: Database, vault: Vault) -> None:
    world.found(database, vault)
    assert "2 informasi awal terbuka" in words(browser("rina").get("/"))
    assert "1 informasi awal terbuka" in words(browser("tetangga").get("/"))


def test_without_a_role_over_cases_nothing_is_counted(browser: Browser, database: Database, vault: Vault) -> None:
    world.found(database, vault)
    text = words(browser("admin").get("/"))
    assert "informasi awal terbuka" not in text
    assert "Peran Anda tidak membuka informasi awal satu per satu" in text


def test_the_health_page_shows_what_last_night_could_see(browser: Browser, database: Database) -> None:
    night(database)
    text = words(browser("rina").get("/kesehatan"))
    assert "Menyukai: tidak dipublikasikan platform" in text
    assert "Cocok" in text


def test_sums_that_differ_are_shown(browser: Browser, database: Database) -> None:
    night(database, hits=13)
    assert "Tidak cocok" in words(browser("rina").get("/"))


def test_issues_of_single_accounts_are_counted_not_named(browser: Browser, database: Database) -> None:
    night(database)
    text = words(browser("rina").get("/kesehatan"))
    assert "rahasia" not in text
    assert "Sumber x tanpa dasar hukum" in text


def test_before_the_first_night_the_page_says_so(browser: Browser) -> None:
    assert "Belum pernah ada pemindaian" in words(browser("rina").get("/"))


def test_every_answer_carries_the_headers(browser: Browser) -> None:
    client = browser()
    for path in ("/masuk", "/tidak-ada", "/static/css/tokens.css", "/healthz", "/api/cases"):
        headers = client.get(path).headers
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["x-content-type-options"] == "nosniff"


def test_pages_are_never_kept_by_caches(browser: Browser) -> None:
    assert browser("rina").get("/antrean").headers["cache-control"] == "no-store"


def test_no_template_has_inline_scripts_or_styles(browser: Browser) -> None:
    for template in (HERE / "templates").glob("*.html"):
        text = template.read_text()
        assert " style=" not in text, template.name
        assert " on" not in {f" {w[:2]}" for w in text.split() if "=" in w and w.startswith("on")}, template.name
        assert "<style" not in text, template.name
        assert "<script>" not in text, template.name


def test_a_write_from_another_site_is_refused(browser: Browser) -> None:
    client = browser("rina")
    page = client.get("/")
    token = parsed(page).css_first("input[name=tanda]").attributes["value"] or ""
    answer = client.post("/keluar", data={"tanda": token}, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403
    assert client.get("/").status_code == 200


def test_a_form_without_its_token_is_refused(browser: Browser) -> None:
    client = browser("rina")
    answer = client.post("/keluar", data={"semua": ""})
    assert answer.status_code == 403
    assert "Formulir ini bukan dari sesi Anda yang sekarang" in words(answer)


def test_a_refused_form_gives_back_what_was_written_into_it(browser: Browser) -> None:
    client = browser("rina")
    typed = {"tanda": "lama", "data": "alamat surel", "upaya": "kunci <diganti>", "sandi": "rahasia-sekali"}
    answer = client.post("/privasi/insiden", data=typed)
    assert (answer.status_code, "belum tersimpan" in words(answer)) == (403, True)
    given_back = [area.text() for area in parsed(answer).css("textarea")]
    assert given_back == ["alamat surel", "kunci <diganti>"]
    assert "rahasia-sekali" not in answer.text


def test_an_unknown_host_name_is_refused(browser: Browser) -> None:
    assert browser().get("/masuk", headers={"Host": "jahat.test"}).status_code == 421


def test_a_large_body_is_refused(browser: Browser) -> None:
    assert browser().post("/masuk", data={"nama": "x" * 70_000}).status_code == 413


def test_a_large_body_without_a_length_is_refused_too(browser: Browser) -> None:
    pieces = (b"nama=" if n == 0 else b"x" * 10_000 for n in range(10))
    answer = browser().post("/masuk", content=pieces, headers={"Content-Type": "application/x-www-form-urlencoded"})
    assert answer.status_code == 413


@pytest.mark.parametrize(
    "path", ["/tidak-ada", "/informasi-awal/0", "/informasi-awal/abc", "/informasi-awal/" + "9" * 30]
)
def test_pages_that_do_not_exist_say_so_in_indonesian(browser: Browser, path: str) -> None:
    answer = browser("rina").get(path)
    assert answer.status_code == 404
    assert "Tidak ditemukan" in words(answer)


def test_a_fault_shows_a_page_without_its_trace(browser: Browser) -> None:
    def broken() -> dict[str, object]:
        raise ZeroDivisionError("rahasia dalam jejak")

    answer = browser(health=broken).get("/healthz")
    assert answer.status_code == 500
    assert "rahasia" not in answer.text
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]


def test_a_locked_database_is_named_as_such(browser: Browser) -> None:
    def locked() -> dict[str, object]:
        raise DatabaseError("Basis data sedang dikunci proses lain")

    assert browser(health=locked).get("/healthz").status_code == 503


def test_health_is_told_without_signing_in(browser: Browser) -> None:
    assert browser().get("/healthz").json() == {"ok": True}


def test_every_state_can_be_filtered_for(browser: Browser) -> None:
    page = parsed(browser("rina").get("/antrean"))
    shown = {option.text() for option in page.css("#status option")}
    assert {label(state) for state in CaseState} <= shown


def test_pairs_of_all_contests_can_be_filtered_for(browser: Browser, database: Database, vault: Vault) -> None:
    world.found(database, vault)
    with database.read() as session:
        (contest,) = load_contests(session)
    answer = browser("rina").get(f"/antrean?pasangan={contest.candidates[0].id}")
    assert parsed(answer).css_first("#pasangan option[selected]").text() == "1. Budi–Siti"


def test_times_follow_the_office(browser: Browser, database: Database, vault: Vault) -> None:
    from zoneinfo import ZoneInfo

    world.found(database, vault)
    assert "20.32 WITA" in words(browser("rina", zone=ZoneInfo("Asia/Makassar")).get("/antrean"))


def test_an_unknown_value_in_a_template_is_an_error(deps: WebDeps, clock: Clock) -> None:
    from jinja2 import UndefinedError

    with pytest.raises(UndefinedError):
        environment(deps.zone, clock).from_string("{{ tidak_ada }}").render()


def test_the_menu_says_who_one_is(browser: Browser) -> None:
    text = words(browser("joko").get("/"))
    assert "Joko Contoh" in text
    assert "koordinator" in text


def test_signing_out_needs_no_script(browser: Browser) -> None:
    client = browser("rina")
    assert submit(client, client.get("/antrean"), "/keluar", semua="").headers["location"] == "/masuk?keluar=ya"


def test_the_console_works_on_postgresql(
    postgres_database: Database, deps: WebDeps, vault: Vault, password_hash: str
) -> None:
    from fastapi.testclient import TestClient

    from db import users
    from monitor.domain import Grant, Role
    from monitor.web.app import create_app
    from tests.web.browsing import sign_in

    with postgres_database.write() as session:
        rina = users.add_user(session, "rina", "Rina Contoh", password_hash, NOW)
        users.grant_role(session, rina.id, Grant(Role.PENGAWAS, "99.01"), NOW)
    world.found(postgres_database, vault)
    app = create_app(replace(deps, database=postgres_database))
    with TestClient(app, base_url="http://localhost:8000", follow_redirects=False) as client:
        sign_in(client, "rina")
        path = parsed(client.get("/antrean")).css_first("a.name").attributes["href"] or ""
        page = client.get(path)
        sent = submit(client, page, f"{path}/putuskan", ke="ditinjau", alasan__ditinjau="mulai_tinjau")
        assert "Keputusan tersimpan." in words(client.get(sent.headers["location"]))
