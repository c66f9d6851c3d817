"""What the scheduler calls: importable by name, with plain arguments, since its job store is on disk."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from pathlib import Path

import structlog

from monitor.assembly import Workspace, bars_of, lay_calendar, lens_of, night, workspace
from monitor.desk import notices, uploads
from monitor.errors import ConfigError
from monitor.evidence.camera import camera
from monitor.post_office import carriers_of, office_of
from monitor.reports.weekly import FORMATS, weekly_report
from monitor.scan.liveness import recheck
from monitor.scan.night import run_night
from monitor.scan.parts import Parts
from monitor.scan.pictures import Pictured, take_pictures
from monitor.scan.plan import ScanOrder
from monitor.scan.progress import Silent
from monitor.scan.sealed import seal_evidence


class NightNeedsPerson(RuntimeError):
    """A scheduled run ended with problems that a person must look at; it is logged as an error of the job."""


class UndeliveredMessages(RuntimeError):
    """A mail server or a webhook did not take messages; they are tried again next time."""


def nightly(home: str) -> None:
    """Run one night, ask after the texts of open cases and picture their pages; NightNeedsPerson when it is not ok."""
    log = structlog.get_logger(job="nightly")
    with workspace(Path(home)) as space, night(space) as parts:
        lay_calendar(space)
        summary = run_night(parts, ScanOrder(), Silent())
        asked = recheck(parts)
        pictured = _pictures(space, parts)
        seal_evidence(parts, Silent())
    log.info("texts asked after", asked=sum(asked.states.values()), changed=len(asked.changes))
    log.info("pictures taken", taken=sum(pictured.states.values()), left=sum(pictured.unasked.values()))
    log.info("night finished", run=summary.run, ok=summary.ok, new_cases=summary.cases.new, issues=len(summary.issues))
    if not summary.ok:
        raise NightNeedsPerson(f"run {summary.run}: " + "; ".join(f"{i.source} {i.kind}" for i in summary.issues))


def _pictures(space: Workspace, parts: Parts) -> Pictured:
    """Take the pictures that are due, where this machine has what it takes; a night goes well without any."""
    most = space.settings.pictures.per_night
    if not most:
        return Pictured()
    try:
        return take_pictures(parts, partial(camera, lens_of(space.settings)), most=most)
    except ConfigError as error:
        structlog.get_logger(job="nightly").info("no pictures", why=error.message)
        return Pictured()


def digest(home: str) -> None:
    """Send digests and webhooks that are due, drop uploads nobody took in; UndeliveredMessages tells of failures."""
    log = structlog.get_logger(job="digest")
    with workspace(Path(home)) as space:
        uploads.sweep(space.database, space.settings.uploads_dir, space.clock())
        office = office_of(space.settings)
        sent = notices.send(space.database, office, carriers_of(space.settings, space.clock), space.clock)
    log.info("digests sent", made=sent.made, sent=sent.sent, failed=sent.failed)
    if sent.failed:
        raise UndeliveredMessages(f"{sent.failed} messages were not taken; see `pantau notify list`")


def weekly(home: str) -> None:
    """Write the report of the week that ended before today in the office's time zone."""
    log = structlog.get_logger(job="weekly")
    with workspace(Path(home)) as space:
        agency = space.settings.agency
        now = space.clock()
        year, week, _ = (now.astimezone(agency.zone) - timedelta(days=7)).isocalendar()
        result = weekly_report(
            space.database,
            week=f"{year}-W{week:02d}",
            jurisdiction=agency.jurisdiction or None,
            formats=FORMATS,
            output=space.settings.reports_dir,
            as_of=None,
            now=now,
            timezone=agency.timezone,
            bars=bars_of(space.settings),
        )
    log.info("weekly report written", files=[str(file.path) for file in result.files])
