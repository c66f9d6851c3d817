"""From the database to the weekly report as data."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from db import reporting
from db.connect import Session
from db.report_facts import AsOf, RulesetFact
from db.verdicts import verdict_counts
from monitor.errors import UsageError
from monitor.reports import sections
from monitor.reports.model import Section, WeeklyReport
from monitor.reports.precision import rule_precision
from monitor.reports.tally import Facts, Window, gather
from monitor.review.precision import USUAL, Bars

_LIMITS = (
    "Angka ini adalah indikasi dan informasi awal dari unggahan publik; penilaian selanjutnya hanya oleh petugas.",
    "Perbuatan yang tidak terpantau tidak tampak di sini; angka nol dibaca bersama tabel cakupan, bukan sendirian.",
    "Perbedaan antarwilayah, antarplatform dan antarpasangan dapat berasal dari perbedaan pengamatan.",
    "Indikasi dan informasi awal dihitung menurut waktu dicatat oleh program, bukan waktu perbuatan.",
    "Wilayah, jenis pegawai dan nama pasangan dibaca dari daftar pada saat laporan dibuat.",
)


def week_days(week: str) -> tuple[date, date]:
    """Return Monday and Sunday of an ISO week ("2026-W47"); UsageError when there is no such week."""
    found = re.fullmatch(r"(\d{4})-W(\d{2})", week)
    try:
        monday = date.fromisocalendar(int(found[1]), int(found[2]), 1) if found else None
    except ValueError:
        monday = None
    if monday is None:
        raise UsageError(f"Pekan '{week}' tidak ada", "tulis pekan ISO, misalnya 2026-W47")
    return monday, monday + timedelta(days=6)


def collect(session: Session, week: str, region: str, as_of: AsOf, zone: ZoneInfo, bars: Bars = USUAL) -> WeeklyReport:
    """Return the report of a week and region (empty: all) with everything that the as-of knows, and nothing newer."""
    first, last = week_days(week)
    span = (_midnight(first, zone), _midnight(last + timedelta(days=1), zone))
    window = Window(*span, reporting.stage_starts(session, span[1]))
    facts = _facts(session, region, as_of, window)
    ruleset = reporting.ruleset_fact(session, as_of)
    nights = reporting.nights(session, span, as_of)
    return WeeklyReport(
        week=week,
        first_day=first,
        last_day=last,
        timezone=zone.key,
        jurisdiction=region,
        as_of=as_of.event,
        sections=(
            sections.summary(facts, reporting.judged_outcomes(session, region, span, as_of), nights),
            sections.by_state(facts),
            sections.decisions(facts),
            *sections.dimensions(facts, reporting.region_names(session)),
            sections.by_candidate(facts, reporting.candidate_facts(session, region, span, as_of)),
            sections.by_rule(facts),
            rule_precision(verdict_counts(session, region=region, last=as_of.verdict, before=span[1]), bars),
            *_coverage(session, span, as_of),
            *sections.rules_in_force(ruleset),
        ),
        method=_method(week, region, as_of, ruleset),
        limits=_limits(session, region, as_of, nights),
    )


def _facts(session: Session, region: str, as_of: AsOf, window: Window) -> Facts:
    cases = reporting.case_facts(session, region, as_of)
    events = reporting.event_facts(session, [case.case_id for case in cases], as_of)
    hits = reporting.hit_facts(session, (hit for event in events for hit in event.hit_ids))
    return gather(cases, events, hits, window)


def _coverage(session: Session, span: tuple[datetime, datetime], as_of: AsOf) -> tuple[Section, ...]:
    return (
        sections.coverage(reporting.coverage_facts(session, span, as_of)),
        sections.visits(reporting.visit_facts(session, span, as_of)),
        sections.issues(reporting.issue_counts(session, span, as_of)),
    )


def _method(week: str, region: str, as_of: AsOf, ruleset: RulesetFact | None) -> tuple[tuple[str, str], ...]:
    laws = ruleset.laws if ruleset is not None else ()
    return (
        ("Pekan", week),
        ("Wilayah", region or "seluruh wilayah"),
        ("Catatan peristiwa terakhir", str(as_of.event)),
        ("Pemindaian terakhir", str(as_of.run)),
        ("Penilaian terakhir", str(as_of.judgement)),
        ("Nilai indikasi terakhir", str(as_of.verdict)),
        ("Sidik jari susunan aturan", ruleset.hash if ruleset is not None else "belum ada penilaian"),
        *((f"Sidik jari ketentuan {law}", digest) for law, _, digest in laws),
        ("Indikasi", "perbuatan yang memenuhi sedikitnya satu aturan aktif dan masuk ke sebuah informasi awal"),
        ("Informasi awal", "kumpulan indikasi satu orang, satu pasangan, satu baris ketentuan dan satu tahapan"),
        ("Sejak tahap berjalan", "sejak mulainya tahapan yang berlaku pada akhir pekan, untuk setiap kontes"),
    )


def _limits(session: Session, region: str, as_of: AsOf, nights: tuple[int, int]) -> tuple[str, ...]:
    limits = list(_LIMITS)
    if not nights[0]:
        limits.append("Tidak ada pemindaian tercatat pada pekan ini; angka indikasi baru dapat nol karena itu.")
    elif nights[1] < nights[0]:
        limits.append(f"{nights[0] - nights[1]} dari {nights[0]} pemindaian pekan ini berakhir dengan masalah.")
    hidden = reporting.cases_without_region(session, as_of) if region else 0
    if hidden:
        limits.append(f"{hidden} informasi awal tidak mempunyai wilayah dan tidak dihitung dalam laporan wilayah ini.")
    return tuple(limits)


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)
