"""What stands around the program and how its nights go: for `/healthz`, safe for anybody, and for `/metrics`."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import datetime, timedelta
from importlib.metadata import version
from pathlib import Path
from typing import Any

from db import condition, health_metrics, runs
from db.runs import RunRow
from monitor.assembly import Workspace
from monitor.domain import Job
from monitor.errors import ConfigError
from monitor.jobs.late import standings
from monitor.private_files import private_text
from monitor.scan.plan import ScanOrder
from monitor.web.deps import Around

NIGHT_QUERY = ScanOrder().query
_GB = 1_000_000_000


def health(space: Workspace) -> dict[str, Any]:
    """Return whether nights, jobs, disk and database are as they should be; words and numbers that name nobody."""
    now = space.clock()
    with space.database.read() as session:
        last = health_metrics.newest_run(session, NIGHT_QUERY)
        issues = runs.run_issues(session, last.id) if last else ()
        ended = health_metrics.last_ended(session, NIGHT_QUERY)
    night = _night(space, last, ended, now)
    late, schedule = _lateness(space, now)
    disk = "low" if _short(space) else "ok"
    told = None
    if last is not None:
        finished = last.finished_at.isoformat() if last.finished_at else None
        problems = sorted({issue.kind for issue in issues if issue.needs_person})
        told = {"id": last.id, "finished": finished, "ok": bool(last.ok), "problems": problems}
    well = night in ("ok", "running", "never") and not late and (disk, schedule) == ("ok", "ok")
    jobs = {"jobs_late": [job.value for job, _ in late], "schedule": schedule}
    return {"ok": well, "night": night, **jobs, "disk": disk, "database": "ok", "last_run": told}


def around(space: Workspace) -> Around:
    """Return what `/metrics` tells beside the database's own figures."""
    free = tuple((place, shutil.disk_usage(folder).free) for place, folder in _places(space))
    return Around(
        version=version("pantau-netralitas"),
        free=free,
        least_free=int(space.settings.health.disk_least_gb * _GB),
        database_bytes=condition.condition(space.database).size,
        late=_lateness(space, space.clock())[0],
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


def _lateness(space: Workspace, now: datetime) -> tuple[tuple[tuple[Job, datetime], ...], str]:
    """Return which jobs are late since when, and in a word whether the lines of the schedule can be read at all."""
    try:
        found = standings(space.settings, space.database, now)
    except ConfigError:
        return (), "unreadable"
    return tuple((one.job, one.late_since) for one in found if one.late_since is not None), "ok"


def _short(space: Workspace) -> bool:
    least = space.settings.health.disk_least_gb * _GB
    return any(shutil.disk_usage(folder).free < least for _, folder in _places(space))


def _places(space: Workspace) -> tuple[tuple[str, Path], ...]:
    """Return the folders whose disks must not run full; those that do not exist yet lie on the workspace's."""
    settings = space.settings
    named = (("data", settings.data_dir), ("evidence", settings.evidence_dir), ("reports", settings.reports_dir))
    return tuple((name, folder if folder.is_dir() else settings.home) for name, folder in named)
