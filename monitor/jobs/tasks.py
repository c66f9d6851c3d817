"""What the scheduler calls: importable by name, with plain arguments, since its job store is on disk."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from pathlib import Path

import structlog

from monitor.assembly import Workspace, bars_of, lay_calendar, lens_of, night, workspace
from monitor.desk import notices, uploads
from monitor.desk.notices import Sent
from monitor.desk.report_mail import ReadyReport, announce
from monitor.errors import ConfigError
from monitor.evidence.camera import camera
from monitor.post_office import carriers_of, office_of
from monitor.reports.weekly import FORMATS, Order, ReportResult, write_report
from monitor.reports.words import period
from monitor.scan.liveness import recheck
from monitor.scan.night import run_night
from monitor.scan.parts import Parts
from monitor.scan.pictures import Pictured, take_pictures
from monitor.scan.plan import ScanOrder
from monitor.scan.progress import Silent
from monitor.scan.sealed import seal_evidence, stamp_evidence


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
        left = [*seal_evidence(parts, Silent()), *stamp_evidence(parts, Silent())]
    log.info("texts asked after", asked=sum(asked.states.values()), changed=len(asked.changes))
    log.info("pictures taken", taken=sum(pictured.states.values()), left=sum(pictured.unasked.values()))
    log.info("night finished", run=summary.run, ok=summary.ok, new_cases=summary.cases.new, issues=len(summary.issues))
    if not summary.ok or any(issue.needs_person for issue in left):
        told = "; ".join(f"{issue.source} {issue.kind}".strip() for issue in (*summary.issues, *left))
        raise NightNeedsPerson(f"run {summary.run}: {told}")


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
    """Write the report of the week that ended before today in the office's time zone, and mail its link.

    UndeliveredMessages when the report lies ready and its mail was not taken; it is tried again with the digests.
    """
    log = structlog.get_logger(job="weekly")
    with workspace(Path(home)) as space:
        result = write_report(space.database, order_of(space, last_week(space)), FORMATS, space.settings.reports_dir,
                              space.clock())  # fmt: skip
        log.info("weekly report written", files=[str(file.path) for file in result.files])
        sent = tell_ready(space, result)
    if sent.failed:
        raise UndeliveredMessages(f"{sent.failed} messages were not taken; see `pantau notify list`")


def last_week(space: Workspace) -> str:
    """Return the ISO week that ended before this one, in the office's time zone."""
    year, number, _ = (space.clock().astimezone(space.settings.agency.zone) - timedelta(days=7)).isocalendar()
    return f"{year}-W{number:02d}"


def order_of(space: Workspace, week: str, as_of: int | None = None, *, public: bool = False) -> Order:
    """Return what the office asks for: the report of its own place, by its own clock."""
    agency = space.settings.agency
    return Order(week, agency.jurisdiction, agency.zone, as_of, public=public, bars=bars_of(space.settings))


def tell_ready(space: Workspace, result: ReportResult) -> Sent:
    """Mail the link to whoever the settings name; nothing happens where nobody is named or messages are off."""
    report, settings = result.report, space.settings
    if not settings.report.mail_to:
        return Sent()
    told = ReadyReport(
        to=settings.report.mail_to,
        week=report.week,
        region=report.jurisdiction,
        period=period(report.week, report.first_day, report.last_day),
        files=tuple((file.path.name, file.sha256) for file in result.files),
    )
    return announce(space.database, office_of(settings), carriers_of(settings, space.clock), told, space.clock)
