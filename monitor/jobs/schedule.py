"""The schedule of one machine: APScheduler with a job store on disk, in the office's time zone."""

from __future__ import annotations

import re
import shlex
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import structlog
from apscheduler.events import EVENT_JOB_ERROR, EVENT_JOB_MAX_INSTANCES, EVENT_JOB_MISSED, JobEvent
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.schedulers.base import BaseScheduler
from apscheduler.schedulers.blocking import BlockingScheduler
from apscheduler.triggers.cron import CronTrigger

from monitor.errors import ConfigError
from monitor.jobs import tasks
from monitor.settings import Settings

_GRACE_SECONDS = 6 * 3600  # a machine that was off at half past one still does its night in the morning


@dataclass(frozen=True, slots=True)
class Planned:
    """One job and when it runs next, in the office's time zone."""

    name: str
    cron: str
    next_run: datetime | None


def run_forever(settings: Settings) -> None:
    """Run the schedule until the process is stopped; a running night is finished first."""
    scheduler = _scheduler(BlockingScheduler, settings)
    _add_jobs(scheduler, settings)
    scheduler.start()


def planned(settings: Settings) -> list[Planned]:
    """Return the jobs as the job store on disk holds them, made there when it is new."""
    with _paused(settings) as scheduler:
        _add_jobs(scheduler, settings)
        crons = {name: cron for name, _, cron in _jobs(settings)}
        return [Planned(job.id, crons[job.id], job.next_run_time) for job in scheduler.get_jobs() if job.id in crons]


def cron_lines(settings: Settings) -> str:
    """Return the same schedule for cron, with its exit code mailed by cron itself, and as systemd units."""
    command = f"{shlex.quote(sys.executable)} -m monitor --workspace {shlex.quote(str(settings.home))}"
    zone = settings.agency.timezone
    schedule = settings.schedule
    return _CRON.format(command=command, zone=zone, nightly=schedule.nightly, weekly=schedule.weekly,
                        digest=schedule.digest, calendar=_on_calendar(schedule.nightly, zone))  # fmt: skip


_DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat", "sun")
_CRON = """\
# crontab -e  (cron mengirim surel bila perintah menulis ke stderr; kode keluar 1 = perlu orang, 3 = ditolak)
CRON_TZ={zone}
{nightly} {command} scan --json > /dev/null
{weekly} {command} report weekly --mail > /dev/null
{digest} {command} notify send > /dev/null

# /etc/systemd/system/pantau-malam.service
[Unit]
Description=Pantau: pemindaian malam
[Service]
Type=oneshot
ExecStart={command} --log-json scan --json
# /etc/systemd/system/pantau-malam.timer
[Timer]
OnCalendar={calendar}
Persistent=true
[Install]
WantedBy=timers.target
"""


def _on_calendar(cron: str, zone: str) -> str:
    minute, hour, *_ = cron.split()
    at = f"{int(hour):02d}:{int(minute):02d}:00" if minute.isdigit() and hour.isdigit() else "01:30:00"
    return f"*-*-* {at} {zone}"


@contextmanager
def _paused(settings: Settings) -> Iterator[BaseScheduler]:
    scheduler = _scheduler(BackgroundScheduler, settings)
    scheduler.start(paused=True)
    try:
        yield scheduler
    finally:
        scheduler.shutdown(wait=False)


def _scheduler(kind: type[BaseScheduler], settings: Settings) -> BaseScheduler:
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    scheduler = kind(
        jobstores={"default": SQLAlchemyJobStore(url=f"sqlite:///{settings.data_dir / 'jadwal.db'}")},
        executors={"default": ThreadPoolExecutor(2)},
        job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": _GRACE_SECONDS},
        timezone=settings.agency.zone,
    )
    scheduler.add_listener(_report, EVENT_JOB_ERROR | EVENT_JOB_MISSED | EVENT_JOB_MAX_INSTANCES)
    return scheduler


def _add_jobs(scheduler: BaseScheduler, settings: Settings) -> None:
    """Bring the stored jobs in line with the settings; a job whose time is unchanged keeps its next run."""
    home = str(Path(settings.home).resolve())
    for name, task, cron in _jobs(settings):
        trigger = _trigger(cron, settings)
        known = scheduler.get_job(name) if scheduler.running else None
        if known is not None and str(known.trigger) == str(trigger) and list(known.args) == [home]:
            continue
        scheduler.add_job(task, trigger, args=[home], id=name, replace_existing=True)


def _jobs(settings: Settings) -> tuple[tuple[str, Callable[[str], None], str], ...]:
    """Return every job with what it calls and when."""
    schedule = settings.schedule
    return (
        ("nightly", tasks.nightly, schedule.nightly),
        ("weekly", tasks.weekly, schedule.weekly),
        ("digest", tasks.digest, schedule.digest),
    )


def _trigger(cron: str, settings: Settings) -> CronTrigger:
    try:
        return CronTrigger.from_crontab(_named_days(cron), timezone=settings.agency.zone)
    except ValueError as error:
        raise ConfigError(f"Jadwal «{cron}» bukan baris cron", 'tulis lima isian, misalnya "30 1 * * *"') from error


def _named_days(cron: str) -> str:
    """Write weekdays by name: cron counts from Sunday, APScheduler from Monday."""
    *head, days = cron.split()
    return " ".join([*head, re.sub(r"(?<!/)\b[0-7]\b", lambda found: _DAYS[int(found[0])], days)])


def _report(event: JobEvent) -> None:
    """Let no failed, missed or blocked job pass in silence."""
    log = structlog.get_logger(job=event.job_id)
    problem = getattr(event, "exception", None)
    if problem is not None:
        log.error("job failed", error=f"{type(problem).__name__}: {problem}")
    elif event.code == EVENT_JOB_MISSED:
        log.error("job missed its time")
    else:
        log.error("job still running at its next time")
