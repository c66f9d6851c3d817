"""What `/healthz` says of nights, jobs and disks, and what `/metrics` is told beside the database's figures."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from db import audit, runs
from db.connect import Database
from monitor.cli.console_health import NIGHT_QUERY, around, health
from monitor.domain import Issue, Job
from monitor.jobs.perform import perform
from monitor.jobs.tasks import Done
from monitor.vault import Vault
from monitor.workspace import Workspace
from tests.jobs.offices import DAY, FIRST_NIGHT, HOUR, Schedule, schedule_of


@pytest.fixture
def schedule(tmp_path: Path, sqlite_database: Database, vault: Vault) -> Schedule:
    return schedule_of(tmp_path, sqlite_database, vault)


def with_settings(space: Workspace, section: str, **told: object) -> Workspace:
    changed = getattr(space.settings, section).model_copy(update=told)
    return replace(space, settings=space.settings.model_copy(update={section: changed}))


def had_night(schedule: Schedule, *, ok: bool = True, ended: bool = True, after: timedelta = HOUR) -> None:
    now = schedule.clock()
    with schedule.space.database.write() as session:
        run = runs.open_run(session, NIGHT_QUERY, now, timedelta(hours=1))
        runs.add_issues(session, run.id, [] if ok else [Issue("bluesky", "drift", "isian baru")])
        if ended:
            runs.finish_run(session, run.id, json.dumps({}), ok, now)
    schedule.clock.now += after


def opened_office(schedule: Schedule) -> None:
    """Write the first thing down: somebody begins to use the office."""
    with schedule.space.database.write() as session:
        audit.record(session, actor="admin", action="user_added", subject="user:1", detail={}, now=schedule.clock())


def test_before_the_first_night_all_is_well_for_a_day(schedule: Schedule) -> None:
    opened_office(schedule)
    schedule.clock.now += DAY
    told = health(schedule.space)
    assert (told["ok"], told["why"], told["night"], told["last_run"]) == (True, [], "never", None)
    assert around(schedule.space).never_since is None


def test_an_office_whose_first_night_never_comes_is_not_well(schedule: Schedule) -> None:
    opened_office(schedule)
    schedule.clock.now += DAY + 7 * HOUR
    told = health(schedule.space)
    assert (told["ok"], told["night"]) == (False, "never")
    assert told["why"] == [
        "belum pernah ada pemindaian malam sejak 21 Nov 2026, 01.30 WIB; nyalakan jadwalnya (`pantau schedule list`)"
    ]
    assert around(schedule.space).never_since == FIRST_NIGHT


def test_an_office_that_switched_its_nights_off_awaits_none(schedule: Schedule) -> None:
    opened_office(schedule)
    schedule.clock.now += 30 * DAY
    assert health(with_settings(schedule.space, "schedule", nightly=""))["ok"]


def test_a_good_night_is_well_until_it_is_too_long_ago(schedule: Schedule) -> None:
    had_night(schedule)
    fresh = health(schedule.space)
    schedule.clock.now += timedelta(hours=30)
    old = health(schedule.space)
    assert (fresh["ok"], fresh["night"]) == (True, "ok")
    assert (old["ok"], old["night"]) == (False, "late")


def test_a_night_that_needs_a_person_is_not_well_and_names_kinds_only(schedule: Schedule) -> None:
    had_night(schedule, ok=False)
    told = health(schedule.space)
    assert (told["ok"], told["night"]) == (False, "problems")
    assert told["last_run"]["problems"] == ["drift"]
    assert "isian baru" not in json.dumps(told)


def test_a_night_under_way_is_told_as_such(schedule: Schedule) -> None:
    had_night(schedule, ended=False)
    assert health(schedule.space)["night"] == "running"


def test_a_job_that_nobody_did_is_named(schedule: Schedule) -> None:
    perform(schedule.space, Job.VERIFY, None, {Job.VERIFY: lambda _: Done()})
    schedule.clock.now = FIRST_NIGHT + timedelta(days=1, hours=1)
    told = health(schedule.space)
    assert (told["ok"], told["jobs_late"]) == (False, ["nightly"])
    assert [job for job, _ in around(schedule.space).late] == [Job.NIGHTLY]


def test_a_disk_that_is_short_is_not_well(schedule: Schedule) -> None:
    told = health(with_settings(schedule.space, "health", disk_least_gb=1e9))
    assert (told["ok"], told["disk"]) == (False, "low")


def test_a_line_of_the_schedule_that_cannot_be_read_is_told_and_hides_nothing_else(schedule: Schedule) -> None:
    had_night(schedule)
    broken = with_settings(schedule.space, "schedule", digest="tiap malam")
    told = health(broken)
    assert (told["ok"], told["schedule"], told["night"]) == (False, "unreadable", "ok")
    assert (told["unreadable"], told["why"]) == (["schedule.digest"], ["pengaturan schedule.digest tidak terbaca"])
    assert around(broken).unreadable == (("schedule.digest", "Jadwal «tiap malam» bukan baris cron"),)


def test_a_line_that_cannot_be_read_keeps_no_other_job_from_being_told_as_late(schedule: Schedule) -> None:
    perform(schedule.space, Job.VERIFY, None, {Job.VERIFY: lambda _: Done()})
    schedule.clock.now = FIRST_NIGHT + timedelta(days=1, hours=1)
    broken = with_settings(schedule.space, "schedule", digest="tiap malam")
    assert health(broken)["jobs_late"] == ["nightly"]
    assert [job for job, _ in around(broken).late] == [Job.NIGHTLY]


@pytest.mark.parametrize(
    ("text", "setting"), [('[schedule]\ndigest = "tiap malam"\n', "schedule.digest"), ("[schedule\n", "pantau.toml")]
)
def test_settings_that_were_broken_after_the_console_began_are_told(
    schedule: Schedule, text: str, setting: str
) -> None:
    (schedule.space.settings.home / "pantau.toml").write_text(text, encoding="utf-8")
    assert health(schedule.space)["unreadable"] == [setting]
    assert [name for name, _ in around(schedule.space).unreadable] == [setting]
