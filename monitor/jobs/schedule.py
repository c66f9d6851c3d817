"""The schedule of one machine: APScheduler says when, a process of its own does each job, the database remembers.

What is due is kept nowhere but in the settings, and what was done nowhere but in the table of runs. So a schedule
that was killed, switched off or moved knows at its next start what is late, and beside cron it does nothing twice.
"""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

import structlog
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.combining import OrTrigger
from apscheduler.triggers.interval import IntervalTrigger

from db import job_runs
from monitor.domain import Job, JobState, Starter
from monitor.errors import PantauError
from monitor.jobs import late
from monitor.jobs.rhythm import timetable
from monitor.jobs.starting import noted
from monitor.settings import Settings, load_settings
from monitor.workspace import clock_of

_LOOK_SECONDS = 60
"""How often the clock and the table of runs are looked at: the most by which a jump of the clock delays it."""

_STOP_SECONDS = 60
_LATE = "susulan"
_REFUSED = 3


def run_forever(home: Path) -> None:
    """Run the schedule until the process is told to stop; jobs that are running then are ended in good order."""
    with noted(home, Starter.SCHEDULE):
        settings = load_settings(home)
    stopped = threading.Event()
    _stop_on_signals(stopped)
    processes = Processes(home)
    scheduler = _scheduler(settings)
    keeper = _Keeper(home, scheduler, processes)
    keeper.align(settings)
    every = IntervalTrigger(seconds=_LOOK_SECONDS)
    scheduler.add_job(keeper.look, every, id=_LATE, executor="looks")
    scheduler.start()
    structlog.get_logger().info("schedule started", jobs=sorted(job.id for job in scheduler.get_jobs()))
    try:
        keeper.look()
        while not stopped.wait(_LOOK_SECONDS):
            scheduler.wakeup()  # it sleeps by a clock that neither jumps nor counts the time of a machine asleep
    finally:
        scheduler.shutdown(wait=False)
        processes.stop(_STOP_SECONDS)
        structlog.get_logger().info("schedule stopped")


@dataclass
class Processes:
    """The jobs that run now, each in a process of its own: one that dies takes nothing else with it."""

    home: Path
    _running: dict[Job, subprocess.Popen[bytes]] = field(default_factory=dict)
    _guard: threading.Lock = field(default_factory=threading.Lock)
    _stopping: threading.Event = field(default_factory=threading.Event)

    def run(self, job: Job) -> int | None:
        """Run a job and return its exit code; None when it is running already or was kept or taken from running."""
        with self._guard:
            if self._stopping.is_set() or job in self._running:
                return None
            process = subprocess.Popen(  # noqa: S603 - our own command, no shell
                command(self.home, job), stdin=subprocess.DEVNULL, start_new_session=True
            )
            self._running[job] = process
        try:
            code = process.wait()
            return None if self._stopping.is_set() else code
        finally:
            with self._guard:
                del self._running[job]

    def stop(self, seconds: float) -> None:
        """Let no job begin any more and end those that run; what does not end in time is killed."""
        with self._guard:
            self._stopping.set()
            running = list(self._running.values())
        for process in running:
            process.terminate()
        for process in running:
            try:
                process.wait(seconds)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def command(home: Path, job: Job) -> list[str]:
    """Return the command that does a job if it is due; its log is in lines for programs where nobody watches."""
    options = [] if sys.stderr.isatty() else ["--log-json"]
    asked = ["schedule", "once", job.value, "--if-due"]
    return [sys.executable, "-m", "monitor", "--workspace", str(home), *options, *asked]


@dataclass
class _Keeper:
    """Keeps APScheduler in line with settings and contests, and starts what is late."""

    home: Path
    scheduler: BackgroundScheduler
    processes: Processes
    _crons: dict[Job, str] = field(default_factory=dict)
    _unreadable: tuple[str, ...] = ()

    def align(self, settings: Settings) -> None:
        """Bring the planned jobs in line with the settings; one whose times are unchanged is left alone.

        A job with a line that cannot be read is not planned, which is logged once; the others keep their times.
        """
        found = timetable(settings)
        unreadable = tuple(one.words for one in found.unreadable)
        if unreadable and unreadable != self._unreadable:
            structlog.get_logger().error("schedule not readable", lines=list(unreadable))
        self._unreadable = unreadable
        zone = settings.agency.timezone
        for job in Job:
            rhythm = found.rhythms.get(job)
            cron = f"{rhythm.cron} {zone}" if rhythm is not None else ""
            if cron == self._crons.get(job, ""):
                continue
            self._crons[job] = cron
            if rhythm is None:
                self.scheduler.remove_job(job.value)
                continue
            trigger = OrTrigger([beat.trigger for beat in rhythm.beats])
            self.scheduler.add_job(self._run_due, trigger, args=[job], id=job.value, replace_existing=True)

    def look(self) -> None:
        """Take up changed settings, and start what is late, to be tried again, or the first of all."""
        try:
            settings = load_settings(self.home)
            with late.opened(settings):
                self.align(settings)
            for job in self._to_do(settings):
                self.scheduler.add_job(self._run, args=[job], id=f"{_LATE}-{job.value}", replace_existing=True)
        except PantauError as error:
            structlog.get_logger().warning("schedule cannot look", why=str(error))

    def _run_due(self, job: Job) -> None:
        """Run a job at its time, unless its time does not count now or somebody else was quicker."""
        try:
            wanted = job in self._to_do(load_settings(self.home))
        except PantauError:
            wanted = True  # the job itself tells better what is wrong, and it is recorded
        if wanted:
            self._run(job)

    def _run(self, job: Job) -> None:
        if code := self.processes.run(job):
            tell_end(self.home, job, code)

    def _to_do(self, settings: Settings) -> list[Job]:
        with late.opened(settings) as database:
            return list(late.to_do_here(settings, database, clock_of(settings)()))


def tell_end(home: Path, job: Job, code: int) -> None:
    """Log how a job ended that ended ill; one that was only kept from beginning is tried again by itself."""
    log = structlog.get_logger()
    if code == _REFUSED and _last(home, job) is JobState.REFUSED:
        log.warning("job refused, tried again by itself", job=job.value, exit_code=code)
    else:
        log.warning("job needs a person", job=job.value, exit_code=code)


def _last(home: Path, job: Job) -> JobState | None:
    """Return how the newest run of a job ended; None when nobody knows."""
    try:
        with late.opened(load_settings(home)) as database, database.read() as session:
            run = job_runs.newest(session).get(job)
    except PantauError:
        return None
    return run.state if run is not None else None


def _scheduler(settings: Settings) -> BackgroundScheduler:
    return BackgroundScheduler(
        executors={"default": ThreadPoolExecutor(2 * len(Job)), "looks": ThreadPoolExecutor(1)},
        job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        timezone=settings.agency.zone,
    )


def _stop_on_signals(stopped: threading.Event) -> None:
    def stop(number: int, frame: FrameType | None) -> None:
        del number, frame
        stopped.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
