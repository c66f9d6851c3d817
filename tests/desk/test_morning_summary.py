"""The summary of a night: what it tells first, what it says was not seen, and whom it never names."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from db import job_runs, notifications, planned_visits, runs
from db.connect import Database
from db.planned_visits import PlannedVisit
from monitor.desk.night_summary import NightTold, as_json, as_text, last_night
from monitor.domain import Act, Coverage, Direction, Issue, Job, JobState, Outcome, TargetResult
from monitor.vault import Vault
from tests.web import world
from tests.web.samples import CAMPAIGN, NOW

ZONE = ZoneInfo("Asia/Jakarta")
BEGAN = NOW - timedelta(hours=5)
SUMMARY = {
    "judged": {"evaluated": 3, "hits": 1, "misses": 2, "not_evaluable": 0, "errors": 0},
    "cases": {"new": 1, "joined": 0, "reopened": 0, "unqueued": 0},
}
HALF = ((Act.POST, Coverage.OBSERVED), (Act.LIKE, Coverage.NOT_PUBLIC))


@pytest.fixture
def database(sqlite_database: Database, vault: Vault) -> Database:
    world.found(sqlite_database, vault)
    return sqlite_database


def visit(direction: Direction, target: str, outcome: Outcome, began: datetime) -> TargetResult:
    ended = began + timedelta(minutes=6)
    return TargetResult("bluesky", direction, target, outcome, HALF, 4, 2, 1, 9, started_at=began, finished_at=ended)


def night(
    database: Database,
    *,
    campaign: Outcome = Outcome.OK,
    people: Outcome = Outcome.OK,
    issues: tuple[Issue, ...] = (),
    days_ago: float = 0,
    finished: bool = True,
    summary: dict[str, object] | None = None,
) -> int:
    """Record one night over the pair's account and the people's of two places; return its number."""
    began = BEGAN - timedelta(days=days_ago)
    with database.write() as session:
        run = runs.open_run(session, "q", began, timedelta(hours=12))
        runs.record_target(session, run.id, visit(Direction.CANDIDATE, CAMPAIGN.user_id, campaign, began))
        for asn in (world.ANI, world.SARI):
            runs.record_target(session, run.id, visit(Direction.SUBJECT, asn.ref.user_id, people, began))
        runs.add_issues(session, run.id, issues)
        if finished:
            good = (Outcome.OK, Outcome.PARTIAL)
            ok = {campaign, people} <= set(good) and not any(i.needs_person for i in issues)
            end = began + timedelta(minutes=8)
            runs.finish_run(session, run.id, json.dumps({**SUMMARY, **(summary or {})}), ok, end)
    return run.id


def told(database: Database, run: int | None = None) -> NightTold:
    with database.read() as session:
        found = last_night(session, ZONE, NOW, run)
    assert found is not None
    return found


def kinds(found: NightTold) -> list[str]:
    return [fault.kind for fault in found.urgent]


def test_before_the_first_night_there_is_nothing_to_tell(sqlite_database: Database) -> None:
    with sqlite_database.read() as session:
        assert last_night(session, ZONE, NOW) is None


def test_a_good_night_says_so_and_what_it_could_not_see(database: Database) -> None:
    night(database)
    text = as_text(told(database), "Bawaslu Kabupaten Contoh")
    assert "Selesai tanpa masalah." in text
    assert "Perlu diperiksa" not in text
    assert "bluesky: menyukai — tidak dipublikasikan platform (3) dari 3 sasaran" in text
    assert "Yang tidak terlihat (bukan berarti tidak ada)" in text
    assert "bluesky: 3 dari 3 sasaran terbaca, 6 kiriman, 3 tindakan terdaftar, 27 tindakan orang lain" in text
    assert "3 tindakan dinilai = 1 indikasi + 2 bukan indikasi" in text


def test_faults_come_before_everything_else_and_say_what_to_do(database: Database) -> None:
    night(database, campaign=Outcome.RATE_LIMITED)
    lines = as_text(told(database), "Kantor").splitlines()
    assert lines[2] == "Perlu diperiksa: 1 hal."
    assert lines[5] == "  1. bluesky: dibatasi platform: 1 dari 3 sasaran"
    assert lines[6].startswith("     Langkah: ")
    assert lines.index("Yang terlihat") > 6


def test_a_pair_of_which_nothing_was_read_is_named(database: Database) -> None:
    night(database, campaign=Outcome.NETWORK)
    assert "Bupati Contoh 2024, nomor 1 (" in as_text(told(database), "Kantor")
    assert as_json(told(database))["unread_pairs"] != []


def test_what_was_not_read_says_since_when(database: Database) -> None:
    night(database, days_ago=1)
    night(database, people=Outcome.BUDGET_SPENT)
    text = as_text(told(database), "Kantor")
    assert "bluesky: 2 sasaran menunggu jatah malam berikutnya" in text
    assert "bluesky: yang terlama menunggu terakhir terbaca 2 Nov 2024, 02.11 WIB" in text


def test_nobody_watched_is_named_whatever_went_wrong(database: Database) -> None:
    issues = tuple(
        Issue("bluesky", "not_found", f"akun @{asn.ref.handle} hilang, NIP {asn.nip}", target=asn.ref.user_id)
        for asn in world.PEOPLE
    )
    failed = Issue("", "run_failed", f"DatabaseError: {world.ANI.nip} ditolak")
    night(database, people=Outcome.NOT_FOUND, issues=(*issues, failed))
    said = as_text(told(database), "Kantor") + json.dumps(as_json(told(database)))
    for asn in world.PEOPLE:
        assert not [word for word in (asn.name, asn.nip, asn.ref.user_id, asn.ref.handle or "?") if word in said]


def test_a_stopped_night_that_was_ended_is_told_and_needs_nobody(database: Database) -> None:
    night(database, issues=(Issue("", "run_failed", "OSError: cakram penuh"),), finished=False)
    with database.write() as session:
        again = runs.open_run(session, "q", BEGAN + timedelta(hours=1), timedelta(hours=12))
        runs.finish_run(session, again.id, json.dumps(SUMMARY), True, BEGAN + timedelta(hours=2))
    found = told(database)
    assert (again.resumed, kinds(found)) == (True, [])
    assert [fault.kind for fault in found.remarks] == ["run_failed", "resumed"]
    assert "cakram penuh); sesudah itu dilanjutkan sampai selesai" in as_text(found, "Kantor")


def test_a_night_that_still_runs_is_no_fault_until_half_a_day_has_passed(database: Database) -> None:
    run = night(database, finished=False)
    assert (told(database, run).running, kinds(told(database, run))) == (True, [])
    with database.read() as session:
        later = last_night(session, ZONE, NOW + timedelta(hours=12), run)
    assert later is not None
    assert (later.running, kinds(later)) == (False, ["unfinished"])


def test_a_long_night_whose_visits_go_on_is_not_broken_off(database: Database) -> None:
    run = night(database, finished=False)
    long_after = NOW + timedelta(hours=14)
    with database.write() as session:
        late = visit(Direction.SUBJECT, "did:plc:akhir", Outcome.OK, long_after - timedelta(hours=1))
        runs.record_target(session, run, late)
    with database.read() as session:
        found = last_night(session, ZONE, long_after, run)
    assert found is not None
    assert found.running


def test_a_shared_night_that_fails_is_left_to_its_workers(database: Database) -> None:
    run = night(database, issues=(Issue("", "run_failed", "OSError: cakram penuh"),), finished=False)
    alone = told(database).urgent[0].mend
    planned = PlannedVisit("bluesky", Direction.SUBJECT, world.ANI.ref.user_id, None, "99", "bluesky#99#0")
    with database.write() as session:
        planned_visits.plan(session, run, [planned], "{}", BEGAN)
    shared = told(database).urgent[0].mend
    assert "`pantau scan`" in alone
    assert "`pantau scan`" not in shared
    assert "`pantau worker --status`" in shared


def test_nights_that_were_left_out_are_told_once(database: Database) -> None:
    night(database, days_ago=4)
    second = night(database, days_ago=1)
    third = night(database)
    (fault,) = told(database, second).urgent
    assert (fault.kind, fault.count) == ("nights_missed", 2)
    assert kinds(told(database, third)) == []


def test_a_night_that_nobody_ended_is_told_by_the_next(database: Database) -> None:
    night(database, days_ago=1, finished=False)
    with database.write() as session:
        run = runs.open_run(session, "q", BEGAN, timedelta(hours=12))
        runs.finish_run(session, run.id, json.dumps(SUMMARY), True, BEGAN)
    assert [fault.kind for fault in told(database).remarks] == ["abandoned"]


def test_a_clock_that_went_back_is_a_fault(database: Database) -> None:
    night(database, days_ago=-0.5)
    night(database)
    assert kinds(told(database)) == ["clock"]


def test_sums_that_do_not_agree_are_a_fault(database: Database) -> None:
    night(database, summary={"judged": {"evaluated": 4, "hits": 1, "misses": 2, "not_evaluable": 0, "errors": 0}})
    assert kinds(told(database)) == ["sums"]


def test_a_job_that_failed_since_the_night_before_is_told_until_it_went_well(database: Database) -> None:
    night(database, days_ago=1)
    night(database)
    with database.write() as session:
        number = job_runs.begin(session, Job.BACKUP, BEGAN, BEGAN, "mesin-contoh/1")
        job_runs.finish(session, number, JobState.FAILED, "cakram cadangan penuh", BEGAN)
    assert kinds(told(database)) == ["job_failed"]
    assert "Pencadangan gagal, terakhir" in as_text(told(database), "Kantor")
    with database.write() as session:
        at = BEGAN + timedelta(hours=1)
        job_runs.finish(session, job_runs.begin(session, Job.BACKUP, at, at, "mesin-contoh/1"), JobState.OK, "", at)
    assert kinds(told(database)) == []
    assert "sesudah itu berhasil" in as_text(told(database), "Kantor")


def test_a_night_that_was_caught_up_says_so(database: Database) -> None:
    due = BEGAN - timedelta(hours=6)
    with database.write() as session:
        job_runs.begin(session, Job.NIGHTLY, due, BEGAN, "mesin-contoh/1")
    night(database)
    assert "disusulkan, terlambat 6 jam" in as_text(told(database), "Kantor")


def test_messages_that_nobody_took_are_counted(database: Database) -> None:
    night(database)
    with database.write() as session:
        message = notifications.NewMessage("mail", "digest", "k", "rina@contoh.example", "Judul", "Isi")
        notifications.make(session, [message], NOW)
        notifications.note_failed(session, 1, "peladen menolak")
    assert kinds(told(database)) == ["undelivered"]


def test_what_makes_the_rest_doubtful_is_told_first(database: Database) -> None:
    hidden = Issue("bluesky", "canary", "canary unggahan kantor: tidak terlihat")
    night(database, people=Outcome.NOT_FOUND, issues=(hidden,))
    assert kinds(told(database)) == ["canary", "not_found"]


def test_text_and_json_tell_the_same_faults(database: Database) -> None:
    night(database, campaign=Outcome.DRIFT, issues=(Issue("bluesky", "drift", "isian baru x.y"),))
    found = told(database)
    said = as_json(found)
    assert all(fault["words"] in as_text(found, "Kantor") for fault in said["faults"])
    assert (said["ok"], found.exit_code) == (False, 1)
