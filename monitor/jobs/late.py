"""What is due and was not done: the newest due time of each job, however long ago, and what is to be tried again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from db import contests, job_runs, queue_tables, schema
from db.connect import Database, Session, open_database
from monitor.domain import Job, JobRun, JobState
from monitor.jobs.flight import under_way
from monitor.jobs.rhythm import Rhythm, timetable
from monitor.settings import Settings
from monitor.workspace import ensure_kept

_JUST_NOW = timedelta(minutes=10)
"""Without any memory only what fell due just now is done: a new office does not begin with yesterday's work."""

TOLERATED = timedelta(minutes=30)
"""So long after it is due a job that did not begin is told of as late: retries have their time."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How a job stands: when it was last due and is due next, and its newest run.

    `to_do` is the due time that is to be done now; `late_since` is told when nothing was done for it for long.
    """

    job: Job
    cron: str
    next_due: datetime | None
    last_due: datetime | None
    last_run: JobRun | None
    last_done: JobRun | None
    missed: int
    to_do: datetime | None
    late_since: datetime | None


def standings(settings: Settings, database: Database, now: datetime) -> tuple[Standing, ...]:
    """Return how every job stands that is switched on and whose lines can be read."""
    with database.read() as session:
        known = timetable(settings, contests.load_contests(session)).rhythms
        newest, done = job_runs.newest(session), job_runs.newest_done(session)
        known_since = job_runs.first_started(session)
        memory = _Memory(settings, database, newest, done, known_since)
        return tuple(_standing(session, rhythm, memory, now) for rhythm in known.values())


@contextmanager
def opened(settings: Settings) -> Iterator[Database]:
    """Open the database for a look at how jobs stand; DatabaseError or ConfigError when it is not as it should be."""
    ensure_kept(settings)
    database = open_database(settings.url)
    try:
        schema.ensure_current(database)
        yield database
    finally:
        database.dispose()


def to_do(settings: Settings, database: Database, now: datetime) -> dict[Job, datetime]:
    """Return the jobs that are to be run now, each with the due time that it is run for."""
    return {one.job: one.to_do for one in standings(settings, database, now) if one.to_do is not None}


def to_do_here(settings: Settings, database: Database, now: datetime) -> dict[Job, datetime]:
    """Return what is to be run now by whoever keeps the time on one machine: the night is the workers' while any lives.

    They begin it themselves, for all; one machine that was quicker would make all its visits alone. A schedule that
    remembers nothing begins with a check, so that from then on it knows what it missed.
    """
    wanted = ({} if remembers(database) else {Job.VERIFY: now}) | to_do(settings, database, now)
    if Job.NIGHTLY in wanted:
        with database.read() as session:
            if queue_tables.workers_alive(session):
                del wanted[Job.NIGHTLY]
    return wanted


def remembers(database: Database) -> bool:
    """Whether any job ever ran: only from then on it can be told what was missed."""
    with database.read() as session:
        return job_runs.first_started(session) is not None


@dataclass(frozen=True, slots=True)
class _Memory:
    settings: Settings
    database: Database
    newest: Mapping[Job, JobRun]
    done: Mapping[Job, JobRun]
    known_since: datetime | None


def _standing(session: Session, rhythm: Rhythm, memory: _Memory, now: datetime) -> Standing:
    job, done = rhythm.job, memory.done.get(rhythm.job)
    last = rhythm.last_due(now)
    runs = job_runs.of_due(session, job, last) if last is not None else ()
    begun = any(run.state is JobState.RUNNING for run in runs)
    alive = begun and under_way(memory.settings, memory.database, job)
    wanted = last is not None and not alive and _to_do(memory, last, runs, now)
    owed = last is not None and (bool(runs) or _owed(memory, last, now))
    undone = owed and not any(run.state.done for run in runs)
    since_done = done.started_at if done is not None else None
    return Standing(
        job=job,
        cron=rhythm.cron,
        next_due=rhythm.next_due(now),
        last_due=last,
        last_run=memory.newest.get(job),
        last_done=done,
        missed=sum(one.due_at <= now for one in job_runs.missed_since(session, job, since_done) if one.due_at),
        to_do=last if wanted else None,
        late_since=last if last is not None and undone and now - last > TOLERATED and not alive else None,
    )


def _to_do(memory: _Memory, due: datetime, runs: Sequence[JobRun], now: datetime) -> bool:
    """Whether a due time is to be done now: nothing began for it, or what began is tried again by now.

    As missed stands here only what a clock that ran ahead passed over: it is due by now, and nobody did it.
    """
    runs = [run for run in runs if run.state is not JobState.MISSED]
    if not runs:
        return _owed(memory, due, now)
    last = runs[-1]
    if not (last.state.again or last.state is JobState.RUNNING):  # what stands as running is dead: its lock is free
        return False
    schedule = memory.settings.schedule
    tries = sum(run.state is not JobState.REFUSED for run in runs)
    if tries > schedule.retries:
        return False
    ended = last.finished_at or last.started_at or due
    return ended > now or ended + timedelta(minutes=schedule.retry_minutes * 2 ** max(tries - 1, 0)) <= now


def _owed(memory: _Memory, due: datetime, now: datetime) -> bool:
    return now - due <= _JUST_NOW or (memory.known_since is not None and due > memory.known_since)
