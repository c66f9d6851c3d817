"""What each job does in an opened workspace; how it went is returned for the record, in words that name nobody."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial

import structlog

from db import contests, verify
from monitor.assembly import bars_of, between_nights, lay_calendar, lens_of, night, purge_parts, stages_between
from monitor.backup.take import folder_of_backups, take
from monitor.desk import notices, uploads
from monitor.desk.notices import Sent
from monitor.desk.report_mail import ReadyReport, announce
from monitor.domain import Issue, Job
from monitor.errors import ConfigError, LockHeld
from monitor.evidence.camera import camera
from monitor.jobs.night_mail import tell_night
from monitor.jobs.rhythm import remarks
from monitor.labels import label
from monitor.post_office import carriers_of, office_of
from monitor.privacy.purge import purge_due
from monitor.reports.weekly import FORMATS, Order, ReportResult, write_report
from monitor.reports.words import period
from monitor.scan.liveness import recheck
from monitor.scan.lock import single_flight
from monitor.scan.night import LOCK, run_night
from monitor.scan.parts import Parts
from monitor.scan.pictures import Pictured, take_pictures
from monitor.scan.plan import ScanOrder
from monitor.scan.progress import Silent
from monitor.scan.sealed import seal_evidence, stamp_evidence
from monitor.scan.summary import ScanSummary
from monitor.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Done:
    """Work that was done to its end: whether nobody must look, what a person should know, the night it made."""

    ok: bool = True
    detail: str = ""
    run_id: int | None = None


def nightly(space: Workspace) -> Done:
    """Run one night and tell of it, also when it breaks off."""
    try:
        with night(space) as parts:
            lay_calendar(space)
            done = night_done(run_night(replace(parts, noted=remarks(space.settings)), ScanOrder(), Silent()))
    except Exception:
        tell_night(space)
        raise
    tell_night(space)
    return done


def revisit(space: Workspace) -> Done:
    """Read again what is due of candidates' posts, where a contest is in a stage that asks for it between nights."""
    now, order = space.clock(), ScanOrder(stages=stages_between(space.settings))
    with space.database.read() as session:
        at_work = any(contest.stage_at(now) in order.stages for contest in contests.load_contests(session))
    if not at_work:
        return Done(detail="tidak ada kontes pada tahapan yang dikunjungi ulang")
    with night(space) as parts:
        lay_calendar(space)
        return night_done(run_night(between_nights(parts, space.settings), order, Silent()))


def recheck_texts(space: Workspace) -> Done:
    """Ask after the texts of open cases and picture their pages; what changed is sealed and stamped."""
    with night(space) as parts, parts.lock(LOCK):
        asked = recheck(parts)
        pictured = _pictures(space, parts)
        left = [*asked.issues, *seal_evidence(parts, Silent()), *stamp_evidence(parts, Silent())]
    detail = f"{sum(asked.states.values())} unggahan ditanyakan, {len(asked.changes)} berubah"
    if taken := sum(pictured.states.values()):
        detail += f"; {taken} potret diambil"
    return _with_issues(left, detail)


def weekly(space: Workspace) -> Done:
    """Write the report of the week that ended before today in the office's time zone, and mail its link.

    A mail that is not taken is tried again with the digests.
    """
    order = order_of(space, last_week(space))
    result = write_report(space.database, order, FORMATS, space.settings.reports_dir, space.clock())
    structlog.get_logger().info("weekly report written", files=[str(file.path) for file in result.files])
    return _after_sending(tell_ready(space, result), f"laporan {result.report.week}: {len(result.files)} berkas")


def digest(space: Workspace) -> Done:
    """Send digests and webhooks that are due, and drop uploads nobody took in."""
    uploads.sweep(space.database, space.settings.uploads_dir, space.clock())
    office = office_of(space.settings)
    sent = notices.send(space.database, office, carriers_of(space.settings, space.clock), space.clock)
    return _after_sending(sent, f"{sent.sent} pesan terkirim")


def retention(space: Workspace) -> Done:
    """Remove what has outlived its time.

    LockHeld when a night kept it from files: it is then done again as soon as that has ended.
    """
    purged = purge_due(purge_parts(space), space.clock())
    if purged.postponed:
        raise LockHeld(purged.problem, "dilanjutkan sendiri sesudah itu")
    detail = f"{purged.total} hal dihapus karena lewat masanya"
    if purged.unfinished:
        detail += f"; {purged.unfinished} berkas belum terhapus dan dicoba lagi"
    return Done(not purged.problem, f"{detail}; {purged.problem}" if purged.problem else detail)


def check(space: Workspace) -> Done:
    """Check that everything stored still holds together."""
    with space.database.inspect() as session:
        problems = [problem.invariant for problem in verify.verify(session)]
        digests = verify.evidence_digests(session)
    problems += ["bukti" for _ in space.evidence.damaged(iter(digests))]
    if not problems:
        return Done(detail=f"utuh; {len(digests)} berkas bukti cocok")
    told = ", ".join(f"{name} {count}" for name, count in sorted(Counter(problems).items()))
    return Done(ok=False, detail=f"tidak utuh: {told}; jalankan `pantau verify`")


def backup(space: Workspace) -> Done:
    """Back the whole workspace up into the folder that the settings name."""
    folder = space.settings.backup.folder
    if folder is None:
        raise ConfigError("Folder cadangan belum disebut", "isi backup.folder di pantau.toml")
    goal = folder_of_backups(space.settings, space.settings.home / folder)  # keepers of time start it anywhere
    with single_flight(goal / ".kunci", "Pencadangan"):
        keep = space.settings.backup.keep or None
        taken = take(space.settings, space.database, space.evidence.place, goal, space.clock(), keep)
    detail = f"{taken.contents.rows} baris, {taken.evidence_new} berkas bukti baru"
    return Done(not taken.problems, f"{detail}; {len(taken.problems)} hal tidak utuh" if taken.problems else detail)


TASKS: Mapping[Job, Callable[[Workspace], Done]] = {
    Job.NIGHTLY: nightly,
    Job.REVISIT: revisit,
    Job.RECHECK: recheck_texts,
    Job.WEEKLY: weekly,
    Job.DIGEST: digest,
    Job.RETENTION: retention,
    Job.VERIFY: check,
    Job.BACKUP: backup,
}


def last_week(space: Workspace) -> str:
    """Return the ISO week that ended before this one, in the office's time zone."""
    year, number, _ = (space.clock().astimezone(space.settings.agency.zone) - timedelta(days=7)).isocalendar()
    return f"{year}-W{number:02d}"


def order_of(space: Workspace, week: str, as_of: int | None = None, *, public: bool = False) -> Order:
    """Return what the office asks for: the report of its own place, by its own clock."""
    agency = space.settings.agency
    bars = bars_of(space.settings)
    return Order(week, agency.jurisdiction, agency.zone, as_of, public=public, bars=bars, agency=agency.name)


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


def night_done(summary: ScanSummary) -> Done:
    """Return how a night ended, in words that name nobody."""
    outcomes = Counter(label(target.outcome) for target in summary.targets)
    detail = f"pemindaian {summary.run}: " + (
        ", ".join(f"{count} {name}" for name, count in outcomes.most_common()) or "tidak ada akun yang dibaca"
    )
    found = _with_issues(summary.issues, detail)
    return Done(summary.ok, found.detail, summary.run)


def _with_issues(issues: Iterable[Issue], detail: str) -> Done:
    """Tell what needs a person, by source and kind only: details of issues may name accounts."""
    kinds = Counter(f"{issue.source} {issue.kind}".strip() for issue in issues if issue.needs_person)
    told = ", ".join(f"{kind} {count}" for kind, count in sorted(kinds.items()))
    return Done(not kinds, f"{detail}; perlu orang: {told}" if told else detail)


def _after_sending(sent: Sent, detail: str) -> Done:
    if not sent.failed:
        return Done(detail=detail)
    return Done(ok=False, detail=f"{detail}; {sent.failed} pesan belum diterima, lihat `pantau notify list`")


def _pictures(space: Workspace, parts: Parts) -> Pictured:
    """Take the pictures that are due, where this machine has what it takes; all goes well without any."""
    most = space.settings.pictures.per_night
    if not most:
        return Pictured()
    try:
        return take_pictures(parts, partial(camera, lens_of(space.settings)), most=most)
    except ConfigError as error:
        structlog.get_logger().info("no pictures", why=error.message)
        return Pictured()
