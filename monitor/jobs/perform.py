"""One run of a job: once for each time it is due, one at a time over all machines, and never without a record."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Mapping
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from datetime import datetime

import structlog

from db import contests, job_runs
from monitor.denials import mending
from monitor.domain import Job, JobState
from monitor.errors import DatabaseError, LockHeld, PantauError, plainly
from monitor.jobs.flight import flight
from monitor.jobs.rhythm import timetable
from monitor.jobs.starting import noted
from monitor.jobs.tasks import TASKS, Done
from monitor.workspace import Workspace

_LOST = "prosesnya berakhir tanpa kabar"
_STOPPED = "dihentikan sebelum selesai; dilanjutkan pada jalan berikutnya"
_DONE_ALREADY = "sudah dikerjakan"
_MISSED = "pantau tidak berjalan pada waktu itu"
_MOST_MISSED = 62  # of a long silence the newest are told one by one
_EXIT = {JobState.OK: 0, JobState.PROBLEMS: 1, JobState.REFUSED: 3}


@dataclass(frozen=True, slots=True)
class Ended:
    """How a run ended, in words that name nobody; `exit_code` is what a command returns for it."""

    state: JobState
    detail: str = ""
    exit_code: int = 0


def perform(
    space: Workspace, job: Job, due_at: datetime | None = None, tasks: Mapping[Job, Callable[[Workspace], Done]] = TASKS
) -> Ended:
    """Run a job and record how it went; what was due before and never began is recorded as missed.

    While the same job, or one that asks the same platforms, is running anywhere, the run is refused. A failure is
    recorded and returned; a fault of the program or the system, or KeyboardInterrupt, is recorded and raised. One that
    comes before there is a record leaves last words.
    """
    machine = machine_name()
    with structlog.contextvars.bound_contextvars(job=job.value):
        try:
            with ExitStack() as held:
                with noted(space.settings.home, job, space.clock):
                    held.enter_context(flight(space.settings, space.database, job))
                    number = _begin(space, job, due_at, machine)
                ended = (
                    _carried_out(space, tasks[job], number) if number is not None else Ended(JobState.OK, _DONE_ALREADY)
                )
        except LockHeld as held:
            with space.database.write() as session:
                job_runs.note_refused(session, job, due_at, held.message, space.clock(), machine)
            ended = Ended(JobState.REFUSED, str(held), held.exit_code)
        structlog.get_logger().info("job ended", state=ended.state.value, exit_code=ended.exit_code)
    return ended


def machine_name() -> str:
    """Return the name of this machine and the number of this process."""
    return f"{socket.gethostname()[:100]}:{os.getpid()}"


def _begin(space: Workspace, job: Job, due_at: datetime | None, machine: str) -> int | None:
    """Open the record of a run, None when what was due is done by now.

    Who holds the job's lock knows that no earlier run is alive.
    """
    now = space.clock()
    with space.database.write() as session:
        job_runs.mark_lost(session, job, _LOST)
        if due_at is not None:
            if any(run.state.done for run in job_runs.of_due(session, job, due_at)):
                return None
            before = job_runs.last_due(session, job, due_at) or job_runs.first_started(session)
            rhythm = timetable(space.settings, contests.load_contests(session)).rhythms.get(job)
            if rhythm is not None and before is not None:
                missed = [due for due in rhythm.dues(before, due_at) if due < due_at]
                job_runs.note_missed(session, job, missed[-_MOST_MISSED:], _MISSED, machine)
        return job_runs.begin(session, job, due_at, now, machine)


def _carried_out(space: Workspace, task: Callable[[Workspace], Done], number: int) -> Ended:
    try:
        done = task(space)
    except LockHeld as held:  # a night by hand, or a job that asks the same platforms
        _end(space, number, JobState.REFUSED, held.message)
        return Ended(JobState.REFUSED, str(held), held.exit_code)
    except PantauError as error:
        _end(space, number, JobState.FAILED, str(error))
        return Ended(JobState.FAILED, str(error), error.exit_code)
    except Exception as error:
        _end(space, number, JobState.FAILED, f"galat: {_said(error)}")
        raise
    except BaseException:
        _end(space, number, JobState.LOST, _STOPPED)
        raise
    state = JobState.OK if done.ok else JobState.PROBLEMS
    _end(space, number, state, done.detail, done.run_id)
    return Ended(state, done.detail, _EXIT[state])


def _said(error: Exception) -> str:
    """Return what the system says in an officer's words; of a fault of the program only its kind."""
    if not isinstance(error, OSError) or not error.strerror:
        return type(error).__name__
    mend = mending(error, "")
    return f"{plainly(error)} — {mend}" if mend else plainly(error)


def _end(space: Workspace, number: int, state: JobState, detail: str, run_id: int | None = None) -> None:
    # A database that cannot be written is often the very failure; the row is then found as lost by the next run.
    with suppress(DatabaseError), space.database.write() as session:
        job_runs.finish(session, number, state, detail, space.clock(), run_id=run_id)
