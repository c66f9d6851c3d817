from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from db import job_runs, runs
from db.connect import Database
from monitor.domain import Job, JobRun, JobState

HOUR = timedelta(hours=1)
MACHINE = "mesin-contoh:12"


def began(database: Database, due: datetime | None, at: datetime, job: Job = Job.NIGHTLY) -> int:
    with database.write() as session:
        return job_runs.begin(session, job, due, at, MACHINE)


def ended(database: Database, number: int, state: JobState, at: datetime, **more: int) -> None:
    with database.write() as session:
        job_runs.finish(session, number, state, "", at, **more)


def test_a_run_comes_back_as_it_was_begun_and_ended(database: Database, now: datetime) -> None:
    with database.write() as session:
        night = runs.open_run(session, "q", now, HOUR).id
        number = job_runs.begin(session, Job.NIGHTLY, now, now + HOUR, MACHINE)
        job_runs.finish(session, number, JobState.PROBLEMS, "2 hal", now + 2 * HOUR, run_id=night)
        (run,) = job_runs.history(session)
    assert run == JobRun(
        number, Job.NIGHTLY, now, now + HOUR, now + 2 * HOUR, JobState.PROBLEMS, "2 hal", MACHINE, night
    )
    assert run.late == HOUR


def test_a_refused_run_gives_way_to_the_one_that_begins_for_the_same_time(database: Database, now: datetime) -> None:
    with database.write() as session:
        job_runs.note_refused(session, Job.RECHECK, now, "malam berjalan", now, MACHINE)
        job_runs.note_refused(session, Job.RECHECK, now, "malam berjalan", now + HOUR, MACHINE)
        assert [run.state for run in job_runs.of_due(session, Job.RECHECK, now)] == [JobState.REFUSED]
        job_runs.begin(session, Job.RECHECK, now, now + 2 * HOUR, MACHINE)
        assert [run.state for run in job_runs.of_due(session, Job.RECHECK, now)] == [JobState.RUNNING]


def test_a_second_start_of_what_is_running_leaves_no_row(database: Database, now: datetime) -> None:
    began(database, now, now)
    with database.write() as session:
        job_runs.note_refused(session, Job.NIGHTLY, now, "sedang berjalan", now, MACHINE)
        assert [run.state for run in job_runs.history(session)] == [JobState.RUNNING]


def test_only_times_without_a_row_are_missed(database: Database, now: datetime) -> None:
    began(database, now, now)
    with database.write() as session:
        job_runs.note_missed(session, Job.NIGHTLY, [now + 48 * HOUR, now, now + 24 * HOUR], "mesin mati", MACHINE)
        missed = job_runs.missed_since(session, Job.NIGHTLY)
        later = job_runs.missed_since(session, Job.NIGHTLY, now + 24 * HOUR)
    assert [run.due_at for run in missed] == [now + 24 * HOUR, now + 48 * HOUR]
    assert [run.due_at for run in later] == [now + 48 * HOUR]
    assert {run.started_at for run in missed} == {None}


def test_what_still_runs_is_lost_once_the_lock_is_free_and_other_jobs_are_let_be(
    database: Database, now: datetime
) -> None:
    began(database, now, now)
    began(database, now, now, Job.VERIFY)
    with database.write() as session:
        assert job_runs.mark_lost(session, Job.NIGHTLY, "prosesnya berakhir tanpa kabar") == 1
        states = {job: run.state for job, run in job_runs.newest(session).items()}
    assert states == {Job.NIGHTLY: JobState.LOST, Job.VERIFY: JobState.RUNNING}


def test_the_newest_done_run_stands_while_a_newer_one_failed(database: Database, now: datetime) -> None:
    good = began(database, now, now)
    ended(database, good, JobState.OK, now + HOUR)
    bad = began(database, now + 24 * HOUR, now + 24 * HOUR)
    ended(database, bad, JobState.FAILED, now + 25 * HOUR)
    with database.write() as session:
        job_runs.note_missed(session, Job.NIGHTLY, [now + 48 * HOUR], "", MACHINE)
        assert job_runs.newest_done(session)[Job.NIGHTLY].id == good
        assert job_runs.newest(session)[Job.NIGHTLY].id == bad
        assert job_runs.last_due(session, Job.NIGHTLY, now + 48 * HOUR) == now + 24 * HOUR


def test_a_night_knows_the_job_that_made_it(database: Database, now: datetime) -> None:
    number = began(database, None, now)
    with database.write() as session:
        nights = [runs.open_run(session, query, now, HOUR).id for query in ("a", "b")]
        job_runs.finish(session, number, JobState.OK, "", now, run_id=nights[0])
        found = [job_runs.of_night(session, night) for night in nights]
    assert [run.id if run else None for run in found] == [number, None]


@pytest.mark.parametrize("started", [True, False])
def test_jobs_are_remembered_since_the_first_one_began(database: Database, now: datetime, started: bool) -> None:
    if started:
        began(database, None, now + HOUR, Job.DIGEST)
        began(database, None, now)
    with database.read() as session:
        assert job_runs.first_started(session) == (now if started else None)
