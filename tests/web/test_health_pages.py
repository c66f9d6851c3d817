from __future__ import annotations

import json
from datetime import timedelta

from db import canaries, job_runs, notifications, policies, runs
from db.connect import Database
from monitor.domain import (
    Act,
    BudgetLine,
    CanaryRun,
    Coverage,
    Direction,
    Issue,
    Job,
    JobState,
    Outcome,
    SourceMode,
    SourceStanding,
    TargetResult,
)
from monitor.vault import Vault
from monitor.web.deps import Around
from tests.web import world
from tests.web.browsing import parsed, words
from tests.web.conftest import Browser
from tests.web.samples import CAMPAIGN, NOW

SPENT = BudgetLine("permintaan hari ini", "9", "10", "1", 0.9)
STANDING = SourceStanding("bluesky", "Bluesky", True, SourceMode.LIVE_API, "UU contoh", (SPENT,))


def visited(database: Database, *, days: int = 1, outcome: Outcome = Outcome.OK) -> None:
    """Record nights that visited the campaign's account and two watched people's, of different places."""
    for day in range(days, 0, -1):
        with database.write() as session:
            began = NOW - timedelta(days=day - 1, hours=5)
            run = runs.open_run(session, f"{day:064}", began, timedelta(hours=12))
            coverage = ((Act.POST, Coverage.OBSERVED), (Act.LIKE, Coverage.NOT_PUBLIC))
            visits = [(Direction.CANDIDATE, CAMPAIGN.user_id)]
            visits += [(Direction.SUBJECT, asn.ref.user_id) for asn in (world.ANI, world.SARI)]
            for direction, target in visits:
                visit = TargetResult(
                    "bluesky", direction, target, outcome, coverage, started_at=began, finished_at=began
                )
                runs.record_target(session, run.id, visit)
            runs.add_issues(session, run.id, [Issue("bluesky", "not_found", "akun @rahasia hilang", target="did:x")])
            runs.finish_run(session, run.id, json.dumps({}), True, began)


def test_a_source_shows_when_it_last_worked_and_its_nights(browser: Browser, database: Database) -> None:
    visited(database, days=3)
    page = browser("rina").get("/kesehatan")
    chart = parsed(page).css_first("svg.nights")
    assert chart is not None
    assert len(chart.css("rect")) == 3
    assert "3 malam terakhir" in (chart.attributes["aria-label"] or "")
    assert "Terakhir berhasil" in words(page)


def test_a_source_of_the_settings_shows_before_its_first_visit(browser: Browser) -> None:
    text = words(browser("rina", standings=lambda: (STANDING,)).get("/kesehatan"))
    assert "Bluesky Belum pernah dikunjungi" in text
    assert "UU contoh" in text
    assert "90%" in text


def test_without_any_source_the_page_says_what_to_do(browser: Browser) -> None:
    assert "Belum ada sumber" in words(browser("rina").get("/kesehatan"))


def test_a_source_that_hides_its_canary_is_told_blind(browser: Browser, database: Database) -> None:
    visited(database)
    with database.write() as session:
        canaries.record(session, CanaryRun("bluesky", "unggahan kantor", NOW, found=False))
    assert "Buta: penanda tidak terlihat" in words(browser("rina").get("/kesehatan"))
    assert "tidak terlihat unggahan kantor" in words(browser("rina").get("/kesehatan/bluesky"))


def test_messages_that_nobody_took_are_told_without_their_words(browser: Browser, database: Database) -> None:
    assert "belum terkirim" not in words(browser("rina").get("/kesehatan"))
    with database.write() as session:
        said = [notifications.NewMessage("mail", "digest", key, "rina@contoh.example", "Judul", "Isi") for key in "ab"]
        notifications.make(session, said, NOW)
        notifications.note_failed(session, 1, "peladen surel menolak")
    page = browser("rina").get("/kesehatan")
    assert "1 pesan belum terkirim" in words(page)
    assert "rina@contoh.example" not in page.text
    with database.write() as session:
        notifications.note_sent(session, 1, NOW)
    assert "belum terkirim" not in words(browser("rina").get("/kesehatan"))


def test_jobs_show_how_their_last_run_went_and_which_are_late(browser: Browser, database: Database) -> None:
    with database.write() as session:
        number = job_runs.begin(session, Job.BACKUP, NOW, NOW, "mesin-contoh:1")
        job_runs.finish(session, number, JobState.FAILED, "cakram cadangan penuh", NOW)
    late = Around(late=((Job.VERIFY, NOW),))
    text = words(browser("rina", around=lambda: late).get("/kesehatan"))
    assert "Pencadangan Gagal" in text
    assert "cakram cadangan penuh" in text
    assert "Pemeriksaan keutuhan terlambat sejak" in text


def test_what_needs_a_person_stands_first_on_home_and_health(browser: Browser, database: Database) -> None:
    visited(database, outcome=Outcome.NETWORK)
    for path in ("/", "/kesehatan"):
        text = words(browser("rina").get(path))
        assert "Bluesky : gangguan jaringan: 3 dari 3 sasaran" in text.replace("Bluesky:", "Bluesky :")
        assert "Langkah: periksa jaringan mesin ini" in text


def test_an_unknown_source_is_not_found(browser: Browser) -> None:
    answer = browser("rina").get("/kesehatan/entahlah")
    assert answer.status_code == 404
    assert "Sumber ini tidak dikenal" in words(answer)


def test_a_name_that_is_none_is_not_found(browser: Browser) -> None:
    assert browser("rina").get("/kesehatan/Bukan Nama").status_code == 404


def test_accounts_of_watched_people_show_in_their_own_place_only(
    browser: Browser, database: Database, vault: Vault
) -> None:
    world.found(database, vault)
    visited(database)
    mine, theirs = world.ANI.ref.handle or "", world.SARI.ref.handle or ""
    text = words(browser("rina").get("/kesehatan/bluesky"))
    assert mine in text
    assert theirs not in text
    assert theirs in words(browser("tetangga").get("/kesehatan/bluesky"))


def test_who_sees_no_cases_sees_the_campaigns_accounts_only(browser: Browser, database: Database, vault: Vault) -> None:
    world.found(database, vault)
    visited(database)
    text = words(browser("admin").get("/kesehatan/bluesky"))
    assert CAMPAIGN.handle is not None
    assert CAMPAIGN.handle in text
    assert (world.ANI.ref.handle or "") not in text


def test_a_remark_about_one_account_is_counted_and_told_in_words(browser: Browser, database: Database) -> None:
    visited(database)
    text = words(browser("rina").get("/kesehatan/bluesky"))
    assert "Tidak ditemukan : 1 sasaran" in text.replace("ditemukan:", "ditemukan :")
    assert "rahasia" not in text


def test_a_changed_policy_record_names_what_changed(browser: Browser, database: Database) -> None:
    visited(database)
    policy = {"legal_basis": "UU contoh", "approved_at": "2026-09-01", "approved_by": "Kordiv", "daily_cap": 10}
    with database.write() as session:
        policies.note_policy(session, "bluesky", json.dumps({"policy": policy, "urls": {}}), NOW - timedelta(days=9))
        changed = policy | {"daily_cap": 20}
        policies.note_policy(session, "bluesky", json.dumps({"policy": changed, "urls": {}}), NOW)
    text = words(browser("rina").get("/kesehatan/bluesky"))
    assert "berbeda dari yang sebelumnya: batas harian" in text
    assert "1 Sep 2026" in text


def test_a_setting_that_tells_no_time_and_a_first_night_that_never_came_are_named(browser: Browser) -> None:
    wrong = Around(unreadable=(("schedule.digest", "Jadwal «tiap pagi» bukan baris cron"),), never_since=NOW)
    text = words(browser("rina", around=lambda: wrong).get("/kesehatan"))
    assert "Pengaturan schedule.digest tidak terbaca, dan pekerjaannya tidak berjalan sendiri" in text
    assert "Belum pernah ada pemindaian malam sejak" in text
