from __future__ import annotations

import io
import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import openpyxl
import pytest
import sqlalchemy as sa
from fastapi.testclient import TestClient
from selectolax.lexbor import LexborHTMLParser

from db import audit, cases, users
from db.connect import Database
from db.tables import audit_log, report_run, second_review
from monitor import desk
from monitor.domain import CaseFilter, CaseState, DecisionCommand, Grant, Reason, Role, UserRow
from monitor.reports.weekly import FORMATS
from monitor.web.deps import ReportDesk, WebDeps
from tests.web.browsing import parsed, submit, words
from tests.web.conftest import Browser, Clock
from tests.web.samples import NOW
from tests.web.world import found

WEEK = "2024-W44"
"""The week of the samples: their cases were made on 2 November 2024, five hours before NOW."""


@pytest.fixture
def deps(deps: WebDeps, tmp_path: Path) -> WebDeps:
    found(deps.database, deps.vault)
    return replace(deps, reports=ReportDesk(tmp_path / "reports", "99.01"), idle=timedelta(hours=12))


@pytest.fixture
def database(database: Database, password_hash: str) -> Database:
    with database.write() as session:
        for name, role, region in (("sari", Role.ANALIS, "99.01"), ("audi", Role.AUDITOR, "99.01"),
                                   ("pusat", Role.AUDITOR, ""), ("rangkap", Role.ANALIS, "98")):  # fmt: skip
            user = users.add_user(session, name, f"{name.title()} Contoh", password_hash, NOW)
            users.grant_role(session, user.id, Grant(role, region), NOW)
    return database


def user(database: Database, name: str) -> UserRow:
    with database.read() as session:
        one = users.user_named(session, name)
    assert one is not None
    return one


def decide(database: Database, clock: Clock, region: str, name: str, to: CaseState, reason: Reason) -> int:
    """Take the first case of a place through a decision and return its number."""
    by = user(database, name)
    with database.read() as session:
        row = cases.list_cases(session, CaseFilter(scope=(region,)), clock()).rows[0]
    desk.claim(database, row.id, by, clock())
    clock.forward(hours=2)
    desk.claim(database, row.id, by, clock())
    desk.decide(database, DecisionCommand(row.id, to, reason.value, by, note="coba"), clock())
    return row.id


def section_rows(page: LexborHTMLParser, key: str) -> list[list[str]]:
    table = page.css_first(f"section[aria-labelledby='{key}'] table")
    assert table is not None
    return [[cell.text(strip=True) for cell in row.css("td")] for row in table.css("tbody tr")]


def downloaded(client: TestClient, form: str) -> bytes:
    shown = client.get(f"/laporan?pekan={WEEK}")
    return submit(client, shown, "/laporan/unduh", bentuk=form).content


class TestReport:
    def test_the_preview_shows_the_numbers_that_the_file_holds(self, browser: Browser) -> None:
        client = browser("sari")
        shown = parsed(client.get(f"/laporan?pekan={WEEK}"))
        told = json.loads(downloaded(client, "json"))
        in_file = [[str(value) for value in row.values()] for row in told["sections"]["by_act"]["rows"]]
        assert section_rows(shown, "by_act") == in_file

    def test_what_comes_in_after_the_preview_is_not_in_its_file(
        self, browser: Browser, database: Database, clock: Clock
    ) -> None:
        client = browser("sari")
        before = downloaded(client, "json")
        shown = client.get(f"/laporan?pekan={WEEK}")
        decide(database, clock, "99.01", "rina", CaseState.DIKESAMPINGKAN, Reason.BUKAN_KONTEN_CALON)
        assert submit(client, shown, "/laporan/unduh", bentuk="json").content == before

    def test_the_workbook_opens_and_is_recorded_with_who_asked(self, browser: Browser, database: Database) -> None:
        book = openpyxl.load_workbook(io.BytesIO(downloaded(browser("sari"), "xlsx")))
        assert book.sheetnames
        with database.read() as session:
            row = session.execute(sa.select(report_run)).one()
        assert row.user_id == user(database, "sari").id

    def test_every_form_is_offered_and_comes_whole(self, browser: Browser) -> None:
        client = browser("sari")
        offered = {one.attributes["value"] for one in parsed(client.get(f"/laporan?pekan={WEEK}")).css("[name=bentuk]")}
        assert offered == set(FORMATS)
        begins = {"pdf": b"%PDF-", "csv": b"PK", "parquet": b"PK", "xlsx": b"PK", "html": b"<!doctype", "json": b"{"}
        assert [form for form in FORMATS if not downloaded(client, form).startswith(begins[form])] == []

    def test_the_report_of_another_place_is_refused(self, browser: Browser) -> None:
        assert browser("sari").get(f"/laporan?pekan={WEEK}&wilayah=98.02").status_code == 403

    def test_a_download_of_another_place_is_refused(self, browser: Browser) -> None:
        client = browser("sari")
        answer = submit(client, client.get(f"/laporan?pekan={WEEK}"), "/laporan/unduh", bentuk="json", wilayah="")
        assert answer.status_code == 403

    def test_an_as_of_from_the_future_is_refused(self, browser: Browser) -> None:
        client = browser("sari")
        shown = client.get(f"/laporan?pekan={WEEK}")
        assert submit(client, shown, "/laporan/unduh", bentuk="json", sampai="9999.1.1.1").status_code == 404

    def test_a_week_that_is_none_says_so(self, browser: Browser) -> None:
        assert "2024-W99" in words(browser("sari").get("/laporan?pekan=2024-W99"))

    def test_weeks_and_files_are_offered_in_words(self, browser: Browser) -> None:
        page = words(browser("sari").get(f"/laporan?pekan={WEEK}"))
        assert "Pekan 44, mulai 28 Oktober 2024" in page
        assert "Unduh lembar kerja (XLSX)" in page
        assert WEEK not in page.split("Berkas memuat angka")[0]

    def test_no_person_is_named(self, browser: Browser) -> None:
        assert "ANI CONTOH" not in browser("sari").get(f"/laporan?pekan={WEEK}").text

    def test_sums_stand_below_the_table_and_are_those_of_the_file(self, browser: Browser) -> None:
        client = browser("sari")
        shown = parsed(client.get(f"/laporan?pekan={WEEK}"))
        told = json.loads(downloaded(client, "json"))["sections"]["by_law_row"]["total"]
        cells = [cell.text(strip=True) for cell in shown.css("section[aria-labelledby='by_law_row'] tfoot td")]
        assert cells == [str(value) for value in told.values()]

    def test_the_public_version_is_shown_as_it_is_exported(self, browser: Browser, clock: Clock) -> None:
        assert "sudah selesai" in words(browser("sari").get(f"/laporan?pekan={WEEK}&versi=publik"))
        clock.forward(hours=48)
        client = browser("sari")
        shown = client.get(f"/laporan?pekan={WEEK}&versi=publik")
        told = submit(client, shown, "/laporan/unduh", bentuk="json")
        assert "laporan-publik" in told.headers["content-disposition"]
        rows = [[str(value) for value in row.values()] for row in told.json()["sections"]["by_act"]["rows"]]
        assert (section_rows(parsed(shown), "by_act") if rows else []) == rows
        assert "publik" in words(shown)

    def test_a_part_of_the_place_has_no_public_version(self, browser: Browser, clock: Clock) -> None:
        clock.forward(hours=48)
        assert browser("sari").get(f"/laporan?pekan={WEEK}&wilayah=99.01.02&versi=publik").status_code == 403

    def test_an_auditor_has_no_report(self, browser: Browser) -> None:
        assert browser("audi").get("/laporan").status_code == 403


class TestAudit:
    def test_a_view_of_a_case_is_found_by_its_number(self, browser: Browser, database: Database) -> None:
        with database.read() as session:
            case = cases.list_cases(session, CaseFilter(scope=("99.01",)), NOW).rows[0].id
        browser("rina").get(f"/informasi-awal/{case}")
        page = words(browser("audi").get(f"/audit?sasaran=case&nomor={case}"))
        assert "Melihat informasi awal" in page
        assert "rina" in page

    def test_rows_about_cases_of_other_places_are_hidden(self, browser: Browser, database: Database) -> None:
        with database.write() as session:
            far = cases.list_cases(session, CaseFilter(scope=("98.02",)), NOW).rows[0].id
            audit.record(session, actor="tetangga", action="case_viewed", subject=f"case:{far}", detail={}, now=NOW)
        assert f"Informasi awal {far}" not in words(browser("audi").get("/audit?tindakan=case_viewed"))
        assert f"Informasi awal {far}" in words(browser("pusat").get("/audit?tindakan=case_viewed"))

    def test_what_users_of_other_places_did_is_hidden(self, browser: Browser) -> None:
        browser("tetangga").get("/")
        browser("rina").get("/")
        page = words(browser("audi").get("/audit?tindakan=sign_in"))
        assert "rina" in page
        assert "tetangga" not in page

    def test_looking_is_itself_recorded(self, browser: Browser, database: Database) -> None:
        browser("audi").get("/audit?pelaku=rina")
        with database.read() as session:
            row = session.execute(sa.select(audit_log).order_by(audit_log.c.id.desc())).first()
        assert row is not None
        assert (row.actor, row.action) == ("audi", "audit_searched")

    def test_days_are_those_of_the_office(self, browser: Browser, database: Database) -> None:
        with database.write() as session:
            late = NOW.replace(hour=18) - timedelta(days=3)  # 31 October in UTC, already 1 November in Jakarta
            audit.record(session, actor="program", action="import", subject="", detail={}, now=late)
        client = browser("audi")
        assert "Mengimpor tangkapan" in rows_of(client, "/audit?dari=2024-11-01&sampai=2024-11-01")
        assert "Mengimpor tangkapan" not in rows_of(client, "/audit?sampai=2024-10-31")

    def test_paging_gives_every_row_once(self, browser: Browser, database: Database) -> None:
        with database.write() as session:
            for number in range(130):
                audit.record(session, actor="program", action="import", subject=f"x:{number}", detail={}, now=NOW)
        client, url, seen = browser("pusat"), "/audit?tindakan=import", list[str]()
        while url:
            page = parsed(client.get(url))
            seen += [row.css("td")[2].text(strip=True) for row in page.css("tbody tr")]
            following = page.css_first("a[rel=next]")
            url = following.attributes["href"] or "" if following else ""
        assert seen == [f"x:{number}" for number in reversed(range(130))]

    def test_whole_chains_are_said_to_be_whole(self, browser: Browser) -> None:
        client = browser("audi")
        assert "Utuh." in words(submit(client, client.get("/audit"), "/audit/periksa"))

    def test_a_changed_row_is_named(self, browser: Browser, database: Database) -> None:
        client = browser("audi")
        with database.write() as session:
            session.exec_driver_sql("DROP TRIGGER audit_log_no_update")
            session.execute(sa.update(audit_log).where(audit_log.c.id == 1).values(actor="orang lain"))
        answer = words(submit(client, client.get("/audit"), "/audit/periksa"))
        assert "Catatan audit nomor 1: isinya tidak cocok" in answer

    def test_a_reviewer_has_no_audit_log(self, browser: Browser) -> None:
        assert browser("rina").get("/audit").status_code == 403

    @pytest.mark.parametrize(
        "query", ["sebelum=abc", "dari=kemarin", "sasaran=%00&nomor=%27;--", "pelaku=%F0%9F%98%80"]
    )
    def test_words_that_mean_nothing_are_dropped(self, browser: Browser, query: str) -> None:
        assert browser("audi").get(f"/audit?{query}").status_code == 200


def rows_of(client: TestClient, url: str) -> str:
    return " ".join(row.text(separator=" ") for row in parsed(client.get(url)).css("tbody tr"))


class TestBalance:
    def test_a_decision_counts_for_its_pair_and_its_reviewer(
        self, browser: Browser, database: Database, clock: Clock
    ) -> None:
        decide(database, clock, "99.01", "rina", CaseState.DIKESAMPINGKAN, Reason.BUKAN_KONTEN_CALON)
        page = words(browser("joko").get("/keseimbangan"))
        assert "1. Budi–Siti" in page
        assert "Rina Contoh Diputus 1" in page
        assert "100% (1 dari 1; 21%–100%)" in page

    def test_a_reviewer_sees_only_their_own_row(self, browser: Browser, database: Database, clock: Clock) -> None:
        decide(database, clock, "99.01", "joko", CaseState.DIKESAMPINGKAN, Reason.BUKAN_KONTEN_CALON)
        assert "Joko Contoh" not in reviewers(browser("rina").get("/keseimbangan").text)

    def test_decisions_of_other_places_do_not_count(self, browser: Browser, database: Database, clock: Clock) -> None:
        decide(database, clock, "98.02", "tetangga", CaseState.DIKESAMPINGKAN, Reason.BUKAN_KONTEN_CALON)
        assert "Tetangga Contoh" not in browser("joko").get("/keseimbangan").text

    def test_what_lies_before_the_period_does_not_count(
        self, browser: Browser, database: Database, clock: Clock
    ) -> None:
        decide(database, clock, "99.01", "rina", CaseState.DIKESAMPINGKAN, Reason.BUKAN_KONTEN_CALON)
        clock.forward(days=40)
        client = browser("joko")
        assert "Rina Contoh" not in reviewers(client.get("/keseimbangan?hari=30").text)
        assert "Rina Contoh" in reviewers(client.get("/keseimbangan?hari=90").text)

    def test_blind_looks_give_a_kappa(self, browser: Browser, database: Database) -> None:
        blind_looks(database, same=3, other=1)
        page = words(browser("joko").get("/keseimbangan"))
        assert "4 kali, sama 3 kali (75%)" in page
        assert "Kappa Cohen 0,50" in page

    def test_programs_read_the_numbers_of_the_page(self, browser: Browser, database: Database, clock: Clock) -> None:
        blind_looks(database, same=3, other=1)
        decide(database, clock, "99.01", "rina", CaseState.DIKESAMPINGKAN, Reason.BUKAN_KONTEN_CALON)
        told = browser("joko").get("/api/balance?days=30").json()
        assert (told["quality"]["agreement"]["pairs"], told["quality"]["agreement"]["kappa"]) == (4, 0.5)
        ((pair,), (reviewer,)) = told["pairs"], told["reviewers"]
        assert (pair["label"], pair["set_aside"]["part"], pair["set_aside"]["whole"]) == ("Budi–Siti", 1, 1)
        assert (reviewer["name"], reviewer["decided"], round(reviewer["set_aside"]["low"], 2)) == (
            "Rina Contoh",
            1,
            0.21,
        )

    def test_programs_read_of_reviewers_what_their_user_sees(
        self, browser: Browser, database: Database, clock: Clock
    ) -> None:
        decide(database, clock, "99.01", "joko", CaseState.DIKESAMPINGKAN, Reason.BUKAN_KONTEN_CALON)
        told = browser("rina").get("/api/balance").json()
        assert (told["named"], told["reviewers"], len(told["pairs"])) == (False, [], 1)
        assert browser("admin").get("/api/balance").status_code == 403

    def test_nothing_yet_is_said_in_words(self, browser: Browser) -> None:
        page = words(browser("joko").get("/keseimbangan"))
        assert "Belum ada keputusan dalam masa ini." in page
        assert "Belum ada pemeriksaan kedua" in page


def reviewers(page: str) -> str:
    section = LexborHTMLParser(page).css_first("section[aria-labelledby=peninjau]")
    assert section is not None
    return section.text(separator=" ")


def blind_looks(database: Database, *, same: int, other: int) -> None:
    """Lay second looks that agree and differ: with 3 and 1 observed is 0.75, expected 0.5."""
    first, second = user(database, "rina").id, user(database, "joko").id
    aside, proposed = CaseState.DIKESAMPINGKAN, CaseState.DIUSULKAN
    answers = [(aside, aside)] * (same - 1) + [(proposed, proposed)] + [(aside, proposed)] * other
    with database.write() as session:
        case = cases.list_cases(session, CaseFilter(scope=("99.01",)), NOW).rows[0].id
        for one, two in answers:
            session.execute(
                sa.insert(second_review).values(
                    case_id=case, kind="blind", proposed_by=first, proposed_at=NOW, proposed_state=one,
                    approved_by=second, approved_at=NOW, decided_state=two,
                )
            )  # fmt: skip
