"""The weekly report: numbers of one week, written to files that the same question gives again byte for byte."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import astuple, dataclass, replace
from datetime import UTC, datetime, time, timedelta
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

from db import audit, report_runs, reporting
from db.connect import Database, Session
from db.report_facts import AsOf, Reach, ReportFile
from monitor.errors import UsageError
from monitor.reports.as_json import content_hash, write_json
from monitor.reports.bulk import LongSheet, Progress
from monitor.reports.collect import collect, week_days
from monitor.reports.details import indications
from monitor.reports.files import WrittenFile, write_whole
from monitor.reports.html import write_html
from monitor.reports.model import WeeklyReport
from monitor.reports.pdf import write_pdf
from monitor.reports.public import check_ended, public_report
from monitor.reports.tables import write_csv, write_parquet
from monitor.reports.xlsx import write_xlsx
from monitor.review.precision import USUAL, Bars

KIND = "weekly"


@dataclass(frozen=True, slots=True)
class ReportResult:
    """The numbers, and the files in which they were written."""

    report: WeeklyReport
    files: tuple[WrittenFile, ...]


@dataclass(frozen=True, slots=True)
class Order:
    """What is asked for: the ISO week ("2026-W47"), the place (empty: all), and how far to look.

    `as_of` is the last review event to know, a whole as-of (what a preview showed), or None for the newest. With
    `public` small numbers are kept back and nothing is about single people. `actor` and `user_id` say who asks,
    `agency` whose report it is.
    """

    week: str
    region: str
    zone: ZoneInfo
    as_of: int | AsOf | None = None
    public: bool = False
    bars: Bars = USUAL
    actor: str = "program"
    user_id: int | None = None
    agency: str = ""

    @property
    def question(self) -> dict[str, object]:
        """What, with the as-of, decides every byte."""
        asked: dict[str, object] = {"week": self.week, "jurisdiction": self.region}
        return asked | {"public": True} if self.public else asked


def write_report(
    database: Database, order: Order, formats: Sequence[str], output: Path, now: datetime,
    progress: Progress | None = None,
) -> ReportResult:  # fmt: skip
    """Write the report and record its files with their hashes; asked again as of the same event, the same bytes.

    UsageError for a week, format or event that does not exist, or a public report of a week that still runs.
    """
    chosen = _formats(formats)
    ends = week_ends(order.week, order.zone)
    if order.public:
        check_ended(week_days(order.week)[1], now, order.zone)
    with database.read() as session:
        known = _known(session, order.question, order.as_of)
        report = collect(session, order.week, order.region, known, order.zone, order.bars)
        report = replace(report, agency=order.agency)
        report = public_report(report) if order.public else report
        details = None if order.public else indications(session, Reach(order.region, known, ends), order.zone)
        files = write_weekly(report, output, chosen, details, progress)
    written = [ReportFile(file.path.name, file.sha256) for file in files]
    detail = {**order.question, "as_of": known.event, "files": {file.name: file.sha256 for file in written}}
    asked = report_runs.ReportOrder(KIND, order.question, known, order.user_id)
    with database.write() as session:
        report_runs.record_report(session, asked, written, now)
        audit.record(
            session, actor=order.actor, action="report.weekly", subject=f"report:{order.week}", detail=detail, now=now
        )
    return ReportResult(report, files)


def weekly_report(  # noqa: PLR0913 - a report is asked for with all of its parameters by name
    database: Database,
    *,
    week: str,
    jurisdiction: str | None,
    formats: Sequence[str],
    output: Path,
    as_of: int | AsOf | None,
    now: datetime,
    timezone: str,
    actor: str = "program",
    user_id: int | None = None,
    bars: Bars = USUAL,
    public: bool = False,
    agency: str = "",
) -> ReportResult:
    """Write the report as `write_report` does, asked for by name; no `jurisdiction` is the whole country."""
    order = Order(
        week, jurisdiction or "", ZoneInfo(timezone), as_of, public=public, bars=bars, actor=actor, user_id=user_id,
        agency=agency,
    )  # fmt: skip
    return write_report(database, order, formats, output, now)


def week_ends(week: str, zone: ZoneInfo) -> datetime:
    """Return the first moment after an ISO week in a zone; UsageError when there is no such week."""
    return datetime.combine(week_days(week)[1] + timedelta(days=1), time(), zone).astimezone(UTC)


def preview(
    session: Session, week: str, region: str, as_of: AsOf | None, zone: ZoneInfo, bars: Bars
) -> tuple[WeeklyReport, AsOf]:
    """Return the report as it would be written, and the as-of with which `weekly_report` writes exactly that."""
    week_days(week)
    known = _known(session, {"week": week, "jurisdiction": region}, as_of)
    return collect(session, week, region, known, zone, bars), known


def write_weekly(
    report: WeeklyReport, output: Path, formats: Sequence[str], details: LongSheet | None = None,
    progress: Progress | None = None,
) -> tuple[WrittenFile, ...]:  # fmt: skip
    """Write a report in each format and return the files; each appears whole or not at all."""
    kind, mark = ("publik", content_hash(report)[:8]) if report.public else ("mingguan", f"s{report.as_of}")
    stem = f"laporan-{kind}-{report.week}-{report.jurisdiction or 'semua'}-{mark}"
    chosen = [_WRITERS[name] for name in formats]
    return tuple(
        write_whole(output / f"{stem}.{suffix}", partial(write, report, details, progress)) for suffix, write in chosen
    )


Writer = Callable[[WeeklyReport, LongSheet | None, Progress | None, Path], None]


def _xlsx(report: WeeklyReport, details: LongSheet | None, progress: Progress | None, path: Path) -> None:
    write_xlsx(report, path, details, progress)


def _numbers(write: Callable[[WeeklyReport, Path], None]) -> Writer:
    """Return the writer of a form that holds the numbers alone."""
    return lambda report, _details, _progress, path: write(report, path)


_WRITERS: Mapping[str, tuple[str, Writer]] = {
    "xlsx": ("xlsx", _xlsx),
    "pdf": ("pdf", _numbers(write_pdf)),
    "html": ("html", _numbers(write_html)),
    "json": ("json", _numbers(write_json)),
    "csv": ("csv.zip", _numbers(write_csv)),
    "parquet": ("parquet.zip", _numbers(write_parquet)),
}
FORMATS = tuple(_WRITERS)
"""Every form in which a report is written."""


def _formats(formats: Sequence[str]) -> tuple[str, ...]:
    unknown = [name for name in formats if name not in _WRITERS]
    if unknown or not formats:
        said = f"Bentuk laporan '{unknown[0]}' tidak dikenal" if unknown else "Bentuk laporan belum dipilih"
        raise UsageError(said, f"pilih: {', '.join(_WRITERS)}")
    return tuple(dict.fromkeys(formats))


def _known(session: Session, question: Mapping[str, object], as_of: int | AsOf | None) -> AsOf:
    """Return how far to look: a named event brings back the nights and judgements that its last report knew."""
    newest = reporting.last_known(session)
    if as_of is None:
        return newest
    if isinstance(as_of, AsOf):
        if any(asked > there for asked, there in zip(astuple(as_of), astuple(newest), strict=True)):
            raise UsageError("Laporan ini menyebut catatan yang belum ada", "muat ulang halaman laporan")
        return as_of
    if not 0 <= as_of <= newest.event:
        raise UsageError(f"Catatan peristiwa nomor {as_of} tidak ada", f"yang terakhir bernomor {newest.event}")
    earlier = report_runs.known_at(session, KIND, question, as_of)
    return earlier or AsOf(as_of, newest.run, newest.judgement, newest.verdict)
