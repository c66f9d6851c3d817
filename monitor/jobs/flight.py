"""One run of a job at a time, over all processes and machines."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from db import locks
from db.connect import Database
from monitor.domain import Job
from monitor.labels import label
from monitor.scan.lock import single_flight
from monitor.settings import Settings


@contextmanager
def flight(settings: Settings, database: Database, job: Job) -> Iterator[None]:
    """Hold a job's lock until the block ends or the process dies; LockHeld when somebody else has it."""
    with single_flight(_file(settings, job), label(job).capitalize()), locks.hold(database, _name(job)):
        yield


def under_way(settings: Settings, database: Database, job: Job) -> bool:
    """Whether somebody holds a job's lock; where only files tell, they tell of this machine."""
    if database.dialect == "postgresql":
        return locks.is_held(database, _name(job))
    try:
        with _file(settings, job).open("a") as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    return False


def _name(job: Job) -> str:
    return f"pekerjaan-{job.value}"


def _file(settings: Settings, job: Job) -> Path:
    return settings.data_dir / f"{_name(job)}.lock"
