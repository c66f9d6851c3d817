"""The jobs that run by themselves, and how each run of them went."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class Job(StrEnum):
    """What runs by itself; the tokens are also the keys of `[schedule]`."""

    NIGHTLY = "nightly"
    REVISIT = "revisit"
    RECHECK = "recheck"
    WEEKLY = "weekly"
    DIGEST = "digest"
    RETENTION = "retention"
    VERIFY = "verify"
    BACKUP = "backup"


class Starter(StrEnum):
    """What else is started and may not come to do any job."""

    SCHEDULE = "schedule"
    WORKER = "worker"


class Hindrance(StrEnum):
    """What kept work from beginning."""

    DISK_FULL = "disk_full"
    READ_ONLY = "read_only"
    NO_PERMISSION = "no_permission"
    DATABASE_AWAY = "database_away"
    DATABASE_LOCKED = "database_locked"
    DATABASE_CLOSED = "database_closed"
    DATABASE_REFUSED = "database_refused"
    EVIDENCE_ELSEWHERE = "evidence_elsewhere"
    SETTINGS = "settings"
    MEMORY = "memory"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class FailedStart:
    """Starts of one kind that failed alike before the database knew of them; times are in whole seconds."""

    what: Job | Starter
    why: Hindrance
    first: datetime
    last: datetime
    times: int = 1


class JobState(StrEnum):
    """How a run of a job stands or ended.

    `problems` is done, but a person must look; `refused` was not begun because the same work was going on; `missed` was
    never begun because the program was not running; `lost` was begun and its process ended without a word.
    """

    RUNNING = "running"
    OK = "ok"
    PROBLEMS = "problems"
    FAILED = "failed"
    REFUSED = "refused"
    MISSED = "missed"
    LOST = "lost"

    @property
    def done(self) -> bool:
        """Whether the work was done to its end."""
        return self in (JobState.OK, JobState.PROBLEMS)

    @property
    def again(self) -> bool:
        """Whether what was due is tried again."""
        return self in (JobState.FAILED, JobState.REFUSED, JobState.LOST)


@dataclass(frozen=True, slots=True)
class JobRun:
    """One run of a job, or one that was missed; `due_at` is None when a person started it.

    `started_at` is None for a missed one, `finished_at` while it runs. `run_id` is the night it made.
    """

    id: int
    job: Job
    due_at: datetime | None
    started_at: datetime | None
    finished_at: datetime | None
    state: JobState
    detail: str
    machine: str
    run_id: int | None = None

    @property
    def late(self) -> timedelta:
        """By how much it began after it was due; zero for what a person started or what never began."""
        if self.due_at is None or self.started_at is None:
            return timedelta()
        return max(self.started_at - self.due_at, timedelta())
