"""Runs of scheduled jobs as they are remembered: begun once for each time they are due, and what was missed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

import sqlalchemy as sa

from db.connect import Found, Session
from db.tables import job_run
from db.upsert import insert_all, insert_one
from monitor.domain import Job, JobRun, JobState

_AHEAD = timedelta(days=2)
_DONE = tuple(state.value for state in JobState if state.done)


def begin(session: Session, job: Job, due_at: datetime | None, now: datetime, machine: str) -> int:
    """Record that a run begins and return its number; a refusal of the same due time gives way to it.

    So does that it was missed, as a clock that ran ahead had it.
    """
    if due_at is not None:
        session.execute(
            sa.delete(job_run).where(
                job_run.c.job == job.value,
                job_run.c.due_at == due_at,
                job_run.c.state.in_((JobState.REFUSED.value, JobState.MISSED.value)),
            )
        )
    return insert_one(
        session, job_run, job=job.value, due_at=due_at, started_at=now, finished_at=None, state=JobState.RUNNING.value,
        detail="", machine=machine, run_id=None,
    )  # fmt: skip


def finish(
    session: Session, number: int, state: JobState, detail: str, now: datetime, *, run_id: int | None = None
) -> None:
    """Record how a run ended; `detail` is for people and names nobody."""
    values = {"state": state.value, "detail": detail, "finished_at": now, "run_id": run_id}
    session.execute(sa.update(job_run).where(job_run.c.id == number).values(**values))


def note_refused(session: Session, job: Job, due_at: datetime | None, detail: str, now: datetime, machine: str) -> None:
    """Record that a run was not begun since the same work was going on; once for each due time."""
    if due_at is not None and any(run.state is not JobState.MISSED for run in of_due(session, job, due_at)):
        return
    insert_one(
        session, job_run, job=job.value, due_at=due_at, started_at=now, finished_at=now, state=JobState.REFUSED.value,
        detail=detail, machine=machine, run_id=None,
    )  # fmt: skip


def note_missed(session: Session, job: Job, dues: Iterable[datetime], detail: str, machine: str) -> None:
    """Record due times at which nothing began; those that have a row already keep it."""
    wanted = sorted(set(dues))
    if not wanted:
        return
    known = set(
        session.execute(
            sa.select(job_run.c.due_at).where(
                job_run.c.job == job.value, job_run.c.due_at.between(wanted[0], wanted[-1])
            )
        ).scalars()
    )
    row = {
        "job": job.value, "started_at": None, "finished_at": None, "state": JobState.MISSED.value, "detail": detail,
        "machine": machine, "run_id": None,
    }  # fmt: skip
    insert_all(session, job_run, [{**row, "due_at": due} for due in wanted if due not in known])


def mark_lost(session: Session, job: Job, detail: str) -> int:
    """Mark what still stands as running as lost and return how many; only for who holds the job's lock."""
    running = sa.and_(job_run.c.job == job.value, job_run.c.state == JobState.RUNNING.value)
    changed = session.execute(sa.update(job_run).where(running).values(state=JobState.LOST.value, detail=detail))
    return changed.rowcount


def of_due(session: Session, job: Job, due_at: datetime) -> tuple[JobRun, ...]:
    """Return the runs of one due time, oldest first.

    Those are left out that were begun by a clock which ran days ahead: that time had not come, and its work was not
    done.
    """
    where = sa.and_(job_run.c.job == job.value, job_run.c.due_at == due_at)
    runs = [_run(row) for row in session.execute(sa.select(job_run).where(where).order_by(job_run.c.id))]
    return tuple(run for run in runs if not _ahead(session, run))


def _ahead(session: Session, run: JobRun) -> bool:
    """Whether a run that was begun after this one was begun days before it."""
    if run.started_at is None:
        return False
    earliest = sa.func.min(job_run.c.started_at, type_=job_run.c.started_at.type)
    after = session.execute(sa.select(earliest).where(job_run.c.id > run.id)).scalar()
    return after is not None and run.started_at - after > _AHEAD


def history(session: Session, job: Job | None = None, limit: int = 50) -> tuple[JobRun, ...]:
    """Return the newest runs, newest first, of one job or of all."""
    statement = sa.select(job_run).order_by(job_run.c.id.desc()).limit(limit)
    if job is not None:
        statement = statement.where(job_run.c.job == job.value)
    return tuple(_run(row) for row in session.execute(statement))


def newest(session: Session) -> dict[Job, JobRun]:
    """Return the newest run of each job that has one, missed ones apart."""
    return _newest(session, job_run.c.state != JobState.MISSED.value)


def newest_done(session: Session) -> dict[Job, JobRun]:
    """Return for each job the newest run that was done to its end, with or without problems."""
    return _newest(session, job_run.c.state.in_(_DONE))


def last_due(session: Session, job: Job, before: datetime) -> datetime | None:
    """Return the newest due time before a moment that has a row, None when none has.

    A clock that was wrong leaves times that lie ahead; they say nothing.
    """
    newest = sa.func.max(job_run.c.due_at, type_=job_run.c.due_at.type)
    where = sa.and_(job_run.c.job == job.value, job_run.c.due_at < before)
    return session.execute(sa.select(newest).where(where)).scalar()


def first_started(session: Session) -> datetime | None:
    """Return when the first run of any job began: since when jobs are remembered at all."""
    return session.execute(sa.select(sa.func.min(job_run.c.started_at, type_=job_run.c.started_at.type))).scalar()


def missed_since(session: Session, job: Job, since: datetime | None = None) -> tuple[JobRun, ...]:
    """Return the missed runs of a job that were due after a time, oldest first."""
    where = sa.and_(job_run.c.job == job.value, job_run.c.state == JobState.MISSED.value)
    if since is not None:
        where = sa.and_(where, job_run.c.due_at > since)
    return tuple(_run(row) for row in session.execute(sa.select(job_run).where(where).order_by(job_run.c.due_at)))


def of_night(session: Session, run_id: int) -> JobRun | None:
    """Return the job that made a night, None for one that a person started."""
    statement = sa.select(job_run).where(job_run.c.run_id == run_id).order_by(job_run.c.id.desc()).limit(1)
    row = session.execute(statement).one_or_none()
    return _run(row) if row is not None else None


def _newest(session: Session, where: sa.ColumnElement[bool]) -> dict[Job, JobRun]:
    ids = sa.select(sa.func.max(job_run.c.id)).where(where).group_by(job_run.c.job)
    rows = session.execute(sa.select(job_run).where(job_run.c.id.in_(ids)))
    return {run.job: run for run in map(_run, rows)}


def _run(row: Found) -> JobRun:
    return JobRun(
        id=row.id,
        job=Job(row.job),
        due_at=row.due_at,
        started_at=row.started_at,
        finished_at=row.finished_at,
        state=JobState(row.state),
        detail=row.detail,
        machine=row.machine,
        run_id=row.run_id,
    )
