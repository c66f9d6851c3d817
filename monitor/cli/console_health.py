"""What stands around the program and how its nights go: for `/healthz`, safe for anybody, and for `/metrics`."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib.metadata import version
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from db import audit, condition, health_metrics, runs, shards
from db.runs import RunRow
from monitor.desk.night_faults import unstaffed_words
from monitor.domain import Job
from monitor.errors import ConfigError
from monitor.jobs.late import standings
from monitor.jobs.rhythm import timetable
from monitor.labels import label
from monitor.moments import short
from monitor.private_files import private_text
from monitor.scan.plan import ScanOrder
from monitor.settings import CONFIG_NAME, load_settings
from monitor.web.deps import Around
from monitor.workspace import Workspace

NIGHT_QUERY = ScanOrder().query
_GB = 1_000_000_000


def health(space: Workspace) -> dict[str, Any]:
    """Return whether nights, jobs, disk and database are as they should be; words and numbers that name nobody."""
    now = space.clock()
    with space.database.read() as session:
        last = health_metrics.newest_run(session, NIGHT_QUERY)
        issues = runs.run_issues(session, last.id) if last else ()
        ended = health_metrics.last_ended(session, NIGHT_QUERY)
    night, never = _night(space, last, ended, now), _never_since(space, now)
    timed = _timing(space, now)
    with space.database.read() as session:
        waiting = shards.unstaffed(session, now)
    disk = "low" if _short(space) else "ok"
    told = None
    if last is not None:
        finished = last.finished_at.isoformat() if last.finished_at else None
        problems = sorted({issue.kind for issue in issues if issue.needs_person})
        told = {"id": last.id, "finished": finished, "ok": bool(last.ok), "problems": problems}
    why = [*_about_nights(space, night, never), *_about_jobs(timed, space.settings.agency.zone)]
    if waiting:
        why.append(unstaffed_words(waiting))
    if disk != "ok":
        why.append(f"ruang cakram kurang dari {space.settings.health.disk_least_gb:g} GB")
    jobs = {
        "jobs_late": [job.value for job, _ in timed.late],
        "schedule": "unreadable" if timed.unreadable else "ok",
        "unreadable": [setting for setting, _ in timed.unreadable],
        "unstaffed": [shard for shard, _ in waiting],
    }
    return {"ok": not why, "why": why, "night": night, **jobs, "disk": disk, "database": "ok", "last_run": told}


def around(space: Workspace) -> Around:
    """Return what `/metrics` tells beside the database's own figures."""
    timed = _timing(space, space.clock())
    free = tuple((place, shutil.disk_usage(folder).free) for place, folder in _places(space))
    return Around(
        version=version("pantau-netralitas"),
        free=free,
        least_free=int(space.settings.health.disk_least_gb * _GB),
        database_bytes=condition.condition(space.database).size,
        late=timed.late,
        unreadable=timed.unreadable,
        never_since=_never_since(space, space.clock()),
    )


def metrics_token(space: Workspace) -> Callable[[], str]:
    """Return how the console asks for the secret that opens `/metrics` to other machines; empty without one."""

    def token() -> str:
        told = space.settings.health
        if told.token is not None:
            return told.token.get_secret_value()
        return private_text(space.settings.home / told.token_file).strip() if told.token_file is not None else ""

    return token


def _night(space: Workspace, last: RunRow | None, ended: datetime | None, now: datetime) -> str:
    """Say in one word how the nights stand; one that is late is worse than one that ended with problems."""
    if last is None:
        return "never"
    if now - (ended or last.started_at) > timedelta(hours=space.settings.health.late_hours):
        return "late"
    if last.finished_at is None:
        return "running"
    return "ok" if last.ok else "problems"


def _never_since(space: Workspace, now: datetime) -> datetime | None:
    """Return since when a night is awaited that nobody ever began; None when one was, or is not missed yet.

    Who switched nights off awaits none, and in the first hours of an office nobody misses one.
    """
    if not space.settings.schedule.nightly.strip():
        return None
    with space.database.read() as session:
        first = audit.first_at(session)
        if first is None or now - first <= timedelta(hours=space.settings.health.late_hours):
            return None
        return first if health_metrics.newest_run(session, NIGHT_QUERY) is None else None


def _about_nights(space: Workspace, night: str, never: datetime | None) -> Iterator[str]:
    """Say what is wrong with the nights, for whoever reads `/healthz`."""
    if never is not None:
        since = short(never, space.settings.agency.zone)
        yield f"belum pernah ada pemindaian malam sejak {since}; nyalakan jadwalnya (`pantau schedule list`)"
    elif night == "late":
        yield f"tidak ada pemindaian malam yang selesai selama {space.settings.health.late_hours:g} jam"
    elif night == "problems":
        yield "pemindaian malam terakhir perlu diperiksa (`pantau night`)"


def _about_jobs(timed: _Timing, zone: ZoneInfo) -> Iterator[str]:
    yield from (f"pengaturan {setting} tidak terbaca" for setting, _ in timed.unreadable)
    yield from (f"{label(job)} terlambat sejak {short(since, zone)}" for job, since in timed.late)


@dataclass(frozen=True, slots=True)
class _Timing:
    """Which jobs are late since when, and which settings tell no time, each with what is wrong."""

    late: tuple[tuple[Job, datetime], ...] = ()
    unreadable: tuple[tuple[str, str], ...] = ()


def _timing(space: Workspace, now: datetime) -> _Timing:
    """Return how the jobs stand by the schedule as it is written now: whoever keeps the time has read it anew."""
    try:
        told = load_settings(space.settings.home) if (space.settings.home / CONFIG_NAME).is_file() else space.settings
    except ConfigError as error:
        return _Timing(unreadable=((CONFIG_NAME, error.message),))
    found = standings(told, space.database, now)
    late = tuple((one.job, one.late_since) for one in found if one.late_since is not None)
    return _Timing(late, tuple((line.setting, line.error.message) for line in timetable(told).unreadable))


def _short(space: Workspace) -> bool:
    least = space.settings.health.disk_least_gb * _GB
    return any(shutil.disk_usage(folder).free < least for _, folder in _places(space))


def _places(space: Workspace) -> tuple[tuple[str, Path], ...]:
    """Return the folders whose disks must not run full; those that do not exist yet lie on the workspace's."""
    settings = space.settings
    named = (("data", settings.data_dir), ("evidence", settings.evidence_dir), ("reports", settings.reports_dir))
    return tuple((name, folder if folder.is_dir() else settings.home) for name, folder in named)
