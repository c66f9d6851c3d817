"""What the jobs around a night came to: those that did not end well, and by how much the night's own began late."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta

import sqlalchemy as sa

from db import job_runs
from db.connect import Session
from db.tables import job_run
from monitor.domain import Job, JobRun, JobState
from monitor.domain.nights import JobTrouble

_TROUBLED = (JobState.PROBLEMS, JobState.FAILED, JobState.REFUSED, JobState.MISSED, JobState.LOST)


def job_troubles(session: Session, since: datetime, run_id: int) -> tuple[JobTrouble, ...]:
    """Return what did not end well of the jobs that were due or begun since a time, but for the night's own run."""
    at = sa.func.coalesce(job_run.c.started_at, job_run.c.due_at, type_=job_run.c.started_at.type)
    own = sa.func.coalesce(job_run.c.run_id, 0) == run_id
    where = (at >= since, ~own, job_run.c.state.in_([state.value for state in _TROUBLED]))
    query = sa.select(job_run.c.job, job_run.c.state, job_run.c.detail, at.label("at")).where(*where)
    found: dict[tuple[str, str], list[tuple[datetime, str]]] = defaultdict(list)
    for row in session.execute(query.order_by(job_run.c.id)):
        found[row.job, row.state].append((row.at, row.detail))
    done = job_runs.newest_done(session)
    return tuple(
        JobTrouble(job, state, len(rows), rows[-1][0], rows[-1][1], mended=_mended(done.get(Job(job)), rows[-1][0]))
        for (job, state), rows in sorted(found.items())
    )


def began_late(session: Session, run_id: int, started_at: datetime) -> timedelta:
    """Return by how much the job of a night began after it was due; zero for a night that a person started."""
    made = job_runs.of_night(session, run_id)
    if made is None:  # while it runs the job does not know its night yet
        own = (job_run.c.job == Job.NIGHTLY.value, job_run.c.state == JobState.RUNNING.value)
        begun = (*own, job_run.c.started_at <= started_at, job_run.c.started_at > started_at - timedelta(hours=1))
        row = session.execute(sa.select(job_run.c.due_at, job_run.c.started_at).where(*begun)).first()
        return max(row.started_at - row.due_at, timedelta()) if row is not None and row.due_at else timedelta()
    return made.late


def _mended(done: JobRun | None, at: datetime) -> bool:
    began = None if done is None else done.started_at or done.due_at
    return done is not None and done.state is JobState.OK and began is not None and began > at
