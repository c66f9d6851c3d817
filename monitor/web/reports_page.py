"""The weekly report: a preview of exactly the numbers that the files will hold, and the files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import astuple
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Request
from fastapi.responses import FileResponse, HTMLResponse

from db import report_runs
from db.report_facts import AsOf
from monitor.domain import Role, UserRow, region_covers
from monitor.errors import RefusedError, UsageError
from monitor.reports.html import bars_of_section, shown_columns
from monitor.reports.public import check_ended, public_report
from monitor.reports.weekly import KIND, preview, weekly_report
from monitor.reports.words import cell_text, long_date
from monitor.web.deps import ReportDesk
from monitor.web.frame import FieldsDep, Frame, FrameDep, VisitorDep, WriterDep, page
from monitor.web.tokens import whole_number

routes = APIRouter(prefix="/laporan")

READERS = (Role.PENGAWAS, Role.KOORDINATOR, Role.ANALIS)
FORMATS: Final = {
    "xlsx": ("lembar kerja (XLSX)", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "pdf": ("dokumen cetak (PDF)", "application/pdf"),
    "html": ("halaman (HTML)", "text/html; charset=utf-8"),
    "csv": ("tabel (CSV, zip)", "application/zip"),
    "parquet": ("tabel (Parquet, zip)", "application/zip"),
    "json": ("data (JSON)", "application/json"),
}
_PUBLIC = "publik"
_WEEKS = 12
_MADE_SHOWN = 30


@routes.get("")
def show(
    request: Request, frame: FrameDep, visitor: VisitorDep, pekan: str = "", wilayah: str | None = None, versi: str = ""
) -> HTMLResponse:
    """Show the report of a week and a place within the reader's; nothing is written or recorded by looking."""
    desk, regions = _desk(frame), _regions(visitor.user)
    region = _region(regions, desk, wilayah)
    weeks = _weeks(frame.deps.clock(), frame.deps.zone)
    with frame.deps.database.read() as session:
        report, known = preview(session, pekan or weeks[0], region, None, frame.deps.zone, frame.deps.bars)
        if _is_public(versi, region, desk):
            check_ended(report.last_day, frame.deps.clock(), frame.deps.zone)
            report = public_report(report)
        made = report_runs.made(session, KIND, regions, _MADE_SHOWN)
    return page(
        request,
        "reports.html",
        section="laporan",
        report=report,
        known=".".join(str(number) for number in astuple(known)),
        region=region,
        places=_places(regions, desk),
        weeks=weeks,
        formats=FORMATS,
        made=made,
        shown=shown_columns,
        bars=bars_of_section,
        cell=cell_text,
        long_date=long_date,
        week_words=_week_words,
    )


@routes.post("/unduh")
def download(frame: FrameDep, visitor: WriterDep, fields: FieldsDep) -> FileResponse:
    """Write one file of the report that was shown, record and audit it, and send it."""
    desk, regions = _desk(frame), _regions(visitor.user)
    form = fields.get("bentuk", "")
    if form not in FORMATS:
        raise UsageError("Bentuk laporan belum dipilih", f"pilih: {', '.join(FORMATS)}")
    region = _region(regions, desk, fields.get("wilayah"))
    result = weekly_report(
        frame.deps.database,
        week=fields.get("pekan", ""),
        jurisdiction=region,
        formats=(form,),
        output=desk.folder,
        as_of=_as_of(fields),
        now=frame.deps.clock(),
        timezone=frame.deps.zone.key,
        actor=visitor.user.name,
        user_id=visitor.user.id,
        bars=frame.deps.bars,
        public=_is_public(fields.get("versi", ""), region, desk),
        agency=frame.deps.agency,
    )
    (file,) = result.files
    return FileResponse(file.path, media_type=FORMATS[form][1], filename=file.path.name)


def _desk(frame: Frame) -> ReportDesk:
    if frame.deps.reports is None:
        raise UsageError("Laporan belum disiapkan pada pemasangan ini", "jalankan konsol dengan `pantau serve`")
    return frame.deps.reports


def _regions(user: UserRow) -> tuple[str, ...]:
    regions = user.regions(*READERS) if user.active else ()
    if not regions:
        raise RefusedError("Laporan tidak untuk peran Anda", "mintalah admin memberi peran yang sesuai")
    return regions


def _places(regions: tuple[str, ...], desk: ReportDesk) -> tuple[str, ...]:
    """Return the places to choose from: the office's own first where the reader may see it."""
    own = (desk.region,) if any(region_covers(region, desk.region) for region in regions) else ()
    return tuple(dict.fromkeys((*own, *regions)))


def _region(regions: tuple[str, ...], desk: ReportDesk, asked: str | None) -> str:
    if asked is None:
        return _places(regions, desk)[0]
    if not any(region_covers(region, asked) for region in regions):
        raise RefusedError("Laporan wilayah itu di luar wewenang Anda", "pilih wilayah Anda sendiri")
    return asked


def _is_public(version: str, region: str, desk: ReportDesk) -> bool:
    """Whether the public version is meant; a part of the office's place has none, since a whole and its parts tell."""
    if version and version != _PUBLIC:
        raise UsageError("Versi laporan tidak dikenal", "muat ulang halaman laporan")
    if version and region != desk.region:
        raise RefusedError("Versi publik hanya untuk seluruh wilayah kantor ini", "pilih wilayah kantor")
    return bool(version)


def _weeks(now: datetime, zone: ZoneInfo) -> tuple[str, ...]:
    """Return the last whole ISO weeks in the office's zone, the newest first, and after it the running one."""
    days = [now.astimezone(zone) - timedelta(days=7 * back) for back in range(_WEEKS + 1)]
    names = [f"{day.isocalendar().year}-W{day.isocalendar().week:02d}" for day in days]
    return (names[1], names[0], *names[2:])


def _week_words(week: str) -> str:
    """Return an ISO week as people say it: Pekan 44, mulai 28 Oktober 2024."""
    year, number = map(int, week.split("-W"))
    return f"Pekan {number}, mulai {long_date(date.fromisocalendar(year, number, 1))}"


def _as_of(fields: Mapping[str, str]) -> AsOf:
    numbers = [whole_number(part) for part in fields.get("sampai", "").split(".")]
    whole = [number for number in numbers if number is not None]
    if len(numbers) != 4 or len(whole) != 4:
        raise UsageError("Formulir laporan tidak lengkap", "muat ulang halaman laporan")
    return AsOf(*whole)
