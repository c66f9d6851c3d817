"""What a monitoring system is told, read by either database."""

from __future__ import annotations

import json
from datetime import timedelta

from db import canaries, health_metrics, job_runs, night_facts, planned_visits, runs
from db.connect import Database
from db.planned_visits import PlannedVisit
from monitor.domain import Act, CanaryRun, Coverage, Direction, Issue, Job, JobState, Outcome, TargetResult
from tests.web.samples import CAMPAIGN, NOW

BEGAN = NOW - timedelta(hours=5)


def night(database: Database, query: str, *, days_ago: int = 0, ok: bool = True, finished: bool = True) -> int:
    began = BEGAN - timedelta(days=days_ago)
    visit = TargetResult("bluesky", Direction.CANDIDATE, CAMPAIGN.user_id, Outcome.OK, ((Act.LIKE, Coverage.OBSERVED),),
                         3, 2, 1, 7, began, began)  # fmt: skip
    with database.write() as session:
        run = runs.open_run(session, query, began, timedelta(hours=1))
        runs.record_target(session, run.id, visit)
        runs.add_issues(session, run.id, [Issue("bluesky", "drift", "isian baru")])
        if finished:
            runs.finish_run(session, run.id, json.dumps({}), ok, began + timedelta(minutes=9))
    return run.id


def test_figures_of_a_whole_night_stand_beside_those_of_jobs(database: Database) -> None:
    night(database, "malam", days_ago=1)
    whole = night(database, "malam", ok=False)
    between = night(database, "antara", finished=False)
    with database.write() as session:
        canaries.record(session, CanaryRun("bluesky", "unggahan kantor", NOW, found=False))
        for state in (JobState.OK, JobState.FAILED):
            number = job_runs.begin(session, Job.BACKUP, BEGAN, BEGAN, "mesin-contoh:1")
            job_runs.finish(session, number, state, "", NOW)
        night_run = job_runs.begin(session, Job.NIGHTLY, BEGAN - timedelta(hours=3), BEGAN, "mesin-contoh:1")
        job_runs.finish(session, night_run, JobState.PROBLEMS, "", NOW, run_id=whole)
    with database.read() as session:
        found = health_metrics.figures(session, NOW, "malam")
        newest = health_metrics.newest_run(session, "malam")
        last = night_facts.night_facts(session, NOW)
    assert found.night is not None
    assert newest is not None
    assert last is not None
    assert (found.night.run, newest.id, last.run) == (whole, whole, between)
    assert found.ended_at == BEGAN + timedelta(minutes=9)
    assert found.well_at == BEGAN - timedelta(days=1) + timedelta(minutes=9)
    assert found.night.late == timedelta(hours=3)
    assert [(job.job, job.state, job.mended) for job in found.night.jobs] == [("backup", "failed", False)]
    (source,) = found.sources
    assert (source.blind, source.drifted, source.last_worked_at) == (True, True, BEGAN)
    assert (found.jobs[Job.BACKUP].state, found.jobs_done[Job.BACKUP].state) == (JobState.FAILED, JobState.OK)
    assert (found.cases.open, found.hosts_closed, found.visits_waiting, found.undelivered) == (0, 0, 0, 0)


def test_visits_of_a_night_that_was_left_for_a_newer_one_wait_no_more(database: Database) -> None:
    visit = PlannedVisit("bluesky", Direction.SUBJECT, "did:plc:contoh", None, "99", "bluesky#99#0")
    waiting = []
    for days_ago in (1, 0):
        run = night(database, "malam", days_ago=days_ago, finished=False)
        with database.write() as session:
            planned_visits.plan(session, run, [visit], "{}", BEGAN)
        with database.read() as session:
            waiting.append(health_metrics.figures(session, NOW, "malam").visits_waiting)
    assert waiting == [1, 1]
