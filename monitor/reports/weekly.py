"""The weekly report: numbers of one week, written to files that the same question gives again byte for byte."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import astuple, dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

from db import audit, report_runs, reporting
from db.connect import Database, Session
from db.report_facts import AsOf, ReportFile
from monitor.errors import UsageError
from monitor.reports.as_json import write_json
from monitor.reports.collect import collect, week_days
from monitor.reports.files import WrittenFile, write_whole
from monitor.reports.html import render_html
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
) -> ReportResult:
    """Write the report of an ISO week ("2026-W47") and record its files with their hashes, as made by `actor`.

    `as_of` is the last review event to know, a whole as-of (what a preview showed), or None for the newest; asked again
    with the same one, the bytes are the same. `public` asks for the version that may be published, of a week that is
    over. UsageError for a week, format or event that does not exist.
    """
    region, zone = jurisdiction or "", ZoneInfo(timezone)
    _, last = week_days(week)
    if public:
        check_ended(last, now, zone)
    chosen = _formats(formats)
    question: dict[str, object] = {"week": week, "jurisdiction": region, **({"public": True} if public else {})}
    with database.read() as session:
        known = _known(session, question, as_of)
        report = collect(session, week, region, known, zone, bars)
    report = public_report(report) if public else report
    files = write_weekly(report, output, chosen)
    written = [ReportFile(file.path.name, file.sha256) for file in files]
    detail = {**question, "as_of": known.event, "files": {file.name: file.sha256 for file in written}}
    with database.write() as session:
        report_runs.record_report(session, report_runs.ReportOrder(KIND, question, known, user_id), written, now)
        audit.record(session, actor=actor, action="report.weekly", subject=f"report:{week}", detail=detail, now=now)
    return ReportResult(report, files)


def preview(
    session: Session, week: str, region: str, as_of: AsOf | None, zone: ZoneInfo, bars: Bars
) -> tuple[WeeklyReport, AsOf]:
    """Return the report as it would be written, and the as-of with which `weekly_report` writes exactly that."""
    week_days(week)
    known = _known(session, {"week": week, "jurisdiction": region}, as_of)
    return collect(session, week, region, known, zone, bars), known


def write_weekly(report: WeeklyReport, output: Path, formats: Sequence[str]) -> tuple[WrittenFile, ...]:
    """Write a report in each format and return the files; each appears whole or not at all."""
    kind = "laporan-publik" if report.public else "laporan-mingguan"
    stem = f"{kind}-{report.week}-{report.jurisdiction or 'semua'}-s{report.as_of}"
    chosen = [_WRITERS[name] for name in formats]
    return tuple(write_whole(output / f"{stem}.{suffix}", partial(write, report)) for suffix, write in chosen)


def _html(report: WeeklyReport, path: Path) -> None:
    path.write_text(render_html(report), encoding="utf-8", newline="\n")


_WRITERS: Mapping[str, tuple[str, Callable[[WeeklyReport, Path], None]]] = {
    "xlsx": ("xlsx", write_xlsx),
    "pdf": ("pdf", write_pdf),
    "html": ("html", _html),
    "json": ("json", write_json),
    "csv": ("csv.zip", write_csv),
    "parquet": ("parquet.zip", write_parquet),
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
