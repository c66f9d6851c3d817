"""An office whose jobs are written for a test: a workspace on either database, and a clock that a test moves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from db import job_runs
from db.connect import Database
from monitor.domain import Job, JobRun, JobState
from monitor.evidence.opening import evidence_of
from monitor.jobs import late
from monitor.jobs.perform import Ended, perform
from monitor.jobs.tasks import Done
from monitor.settings import Settings
from monitor.vault import Vault
from monitor.workspace import Workspace

FIRST_NIGHT = datetime(2026, 11, 20, 18, 30, tzinfo=UTC)  # half past one on the 21st, in Jakarta
DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
_OFF = ("recheck", "weekly", "digest", "retention", "verify")
SCHEDULE: dict[str, object] = {**dict.fromkeys(_OFF, ""), "revisit": {}}


@dataclass
class Clock:
    now: datetime = FIRST_NIGHT

    def __call__(self) -> datetime:
        return self.now


@dataclass
class Schedule:
    """Only the night is due by itself; `work` is what it does."""

    space: Workspace
    clock: Clock
    work: Callable[[Workspace], Done] = field(default=lambda _: Done())
    begun: list[datetime] = field(default_factory=list)

    def to_do(self) -> dict[Job, datetime]:
        return late.to_do(self.space.settings, self.space.database, self.clock.now)

    def standing(self) -> late.Standing:
        return next(one for one in late.standings(self.space.settings, self.space.database, self.clock.now))

    def look(self) -> list[Ended]:
        """Do what is to be done now, as the schedule does."""
        return [self.perform(job, due) for job, due in self.to_do().items()]

    def perform(self, job: Job = Job.NIGHTLY, due: datetime | None = None) -> Ended:
        def counted(space: Workspace) -> Done:
            self.begun.append(self.clock.now)
            return self.work(space)

        return perform(self.space, job, due, dict.fromkeys(Job, counted))

    def history(self) -> list[JobRun]:
        with self.space.database.read() as session:
            return list(job_runs.history(session))[::-1]

    def states(self) -> list[JobState]:
        return [run.state for run in self.history()]


def schedule_of(home: Path, database: Database, vault: Vault, **told: object) -> Schedule:
    settings = Settings(home=home, schedule=SCHEDULE | told)  # type: ignore[arg-type]  # as the file says it
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    clock = Clock()
    return Schedule(Workspace(settings, database, vault, evidence_of(settings, vault), clock), clock)
