"""From the database to the weekly report as data."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from db import legal_clocks, report_cases, reporting
from db.connect import Session
from db.report_facts import AsOf, Reach, RulesetFact
from db.verdicts import verdict_counts
from monitor.errors import UsageError
from monitor.reports import comparison, handling, sections, sections_coverage, tally
from monitor.reports.comparison import Pairing, Watched
from monitor.reports.deadlines import Calendar, Deadlines
from monitor.reports.model import Section, WeeklyReport
from monitor.reports.precision import rule_precision
from monitor.reports.tally import Span, Window
from monitor.review.precision import USUAL, Bars

_LIMITS = (
    "Angka ini adalah indikasi dan informasi awal dari unggahan publik; penilaian selanjutnya hanya oleh petugas.",
    "Perbuatan yang tidak terpantau tidak tampak di sini; angka nol dibaca bersama tabel cakupan, bukan sendirian.",
    "Perbedaan antarwilayah, antarplatform dan antarpasangan dapat berasal dari perbedaan pengamatan.",
    "Indikasi dan informasi awal dihitung menurut waktu dicatat oleh program, bukan waktu perbuatan.",
    "Wilayah, jenis pegawai, jabatan dan nama pasangan dibaca dari daftar pada saat laporan dibuat.",
)
_WEEK = timedelta(days=7)


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


@dataclass(frozen=True, slots=True)
class Question:
    """What a report is about: the cases and events it knows, the week and those it is held against, and the zone."""

    reach: Reach
    window: Window
    pairs: tuple[Pairing, ...]
    zone: ZoneInfo

    @property
    def week(self) -> tuple[datetime, datetime]:
        """The week, half-open."""
        return self.window.week.starts, self.window.week.ends

    @property
    def before(self) -> tuple[datetime, datetime]:
        """The week before, half-open."""
        return self.window.before.starts, self.window.before.ends


@dataclass(frozen=True, slots=True)
class Counted:
    """Everything that was counted in one pass over each stream."""

    acts: tally.Acts
    cases: tally.Cases
    pairs: tally.Counts
    rules: tally.Counts
    steps: tally.Steps
    work: tuple[tally.Work, tally.Work]
    deadlines: Section
    follow_up: Section


def collect(session: Session, week: str, region: str, as_of: AsOf, zone: ZoneInfo, bars: Bars = USUAL) -> WeeklyReport:
    """Return the report of a week and region (empty: all) with everything that the as-of knows, and nothing newer.

    Facts are counted as they stream by, so that memory does not grow with acts or cases.
    """
    first, last = week_days(week)
    asked = _question(session, first, region, as_of, zone)
    ruleset = reporting.ruleset_fact(session, as_of)
    told = _count(session, asked, ruleset)
    seen = _watched(session, asked.week, as_of), _watched(session, asked.before, as_of)
    return WeeklyReport(
        week=week,
        first_day=first,
        last_day=last,
        timezone=zone.key,
        jurisdiction=region,
        as_of=as_of.event,
        sections=(
            *_found(session, asked, told, seen),
            *_handled(session, asked, told),
            *_cut(session, asked, told),
            rule_precision(verdict_counts(session, region=region, last=as_of.verdict, before=asked.week[1]), bars),
            *_coverage(session, asked),
            *sections.rules_in_force(ruleset),
        ),
        method=_method(week, region, as_of, ruleset),
        limits=_limits(session, asked, seen[0].nights),
    )


def _question(session: Session, first: date, region: str, as_of: AsOf, zone: ZoneInfo) -> Question:
    starts, ends = (_midnight(day, zone) for day in (first, first + _WEEK))
    contests = reporting.contest_facts(session, "", ends)
    pairs = comparison.pairings(reporting.contest_facts(session, region, ends), ends)
    window = Window(
        week=Span(starts, ends),
        before=Span(_midnight(first - _WEEK, zone), starts),
        stages={contest.contest_id: contest.stages[-1][1] for contest in contests},
        earlier={pair.earlier.contest_id: pair.span for pair in pairs if pair.earlier is not None and pair.span},
    )
    return Question(Reach(region, as_of, ends), window, pairs, zone)


def _count(session: Session, asked: Question, ruleset: RulesetFact | None) -> Counted:
    reach, window = asked.reach, asked.window
    profiles = ruleset.profiles if ruleset is not None else {}
    calendar = Calendar(profiles, frozenset(legal_clocks.free_days(session)), legal_clocks.readings(session))
    deadlines, follow_up = Deadlines(calendar, reach.ends), handling.FollowUp(window, profiles)
    cases = tally.count_cases(
        report_cases.courses(session, reach), window, sections.BY_CASE, (deadlines.see, follow_up.see)
    )
    return Counted(
        acts=tally.count_acts(report_cases.acts(session, reach), window, sections.of_acts()),
        cases=cases,
        pairs=tally.count_marks(report_cases.acts_by_pair(session, reach), window),
        rules=tally.count_marks(report_cases.hits_by_rule(session, reach), window),
        steps=tally.count_steps(report_cases.steps(session, reach), window),
        work=(_work(session, reach, window.week), _work(session, reach, window.before)),
        deadlines=deadlines.section(),
        follow_up=follow_up.section(),
    )


def _work(session: Session, reach: Reach, span: Span) -> tally.Work:
    facts = report_cases.work(session, Reach(reach.region, reach.as_of, span.ends), span.starts)
    return tally.count_work(facts)


def _found(session: Session, asked: Question, told: Counted, seen: tuple[Watched, Watched]) -> tuple[Section, ...]:
    judged = reporting.judged_outcomes(session, asked.reach.region, asked.week, asked.reach.as_of)
    hours = told.work[0].seconds, told.work[1].seconds
    return (
        sections.summary(told.acts, told.cases, told.steps, judged, seen[0].nights),
        comparison.week_before(told.acts, told.cases, told.steps, seen, hours),
        comparison.earlier_contest(asked.pairs, told.acts, told.cases, _nights_of(session, asked)),
    )


def _handled(session: Session, asked: Question, told: Counted) -> tuple[Section, ...]:
    papers = report_cases.references(session, asked.reach, asked.week[0])
    return (
        handling.registration(told.cases),
        sections.by_state(told.cases),
        handling.decisions(told.steps),
        told.follow_up,
        handling.references(papers, asked.zone),
        told.deadlines,
        handling.work(*told.work, told.steps),
    )


def _cut(session: Session, asked: Question, told: Counted) -> tuple[Section, ...]:
    candidates = reporting.candidate_facts(session, asked.reach.region, asked.week, asked.reach.as_of)
    return (
        *sections.dimensions(told.acts, told.cases, reporting.region_names(session)),
        handling.by_find(told.cases),
        sections.by_candidate(told.pairs, told.acts, told.cases, candidates),
        sections.by_rule(told.rules),
    )


def _coverage(session: Session, asked: Question) -> tuple[Section, ...]:
    as_of, week = asked.reach.as_of, asked.week
    hours = reporting.hour_facts(session, week, as_of)
    return (
        sections_coverage.coverage(reporting.coverage_facts(session, week, as_of)),
        sections_coverage.by_hour(hours, asked.zone),
        sections_coverage.blind_spans(hours, asked.window.week),
        sections_coverage.visits(reporting.visit_facts(session, week, as_of)),
        sections_coverage.issues(reporting.issue_counts(session, week, as_of)),
    )


def _watched(session: Session, week: tuple[datetime, datetime], as_of: AsOf) -> Watched:
    return comparison.watched(reporting.nights(session, week, as_of), reporting.visit_facts(session, week, as_of))


def _nights_of(session: Session, asked: Question) -> dict[int, tuple[int, int]]:
    """Return by running contest the nights of its stage so far, and of the same time of the contest before it."""

    def nights(span: tuple[datetime, datetime]) -> int:
        return reporting.nights(session, span, asked.reach.as_of)[0]

    return {
        pair.contest.contest_id: (
            nights((pair.begins, asked.week[1])),
            nights((pair.span.starts, pair.span.ends)) if pair.span is not None else 0,
        )
        for pair in asked.pairs
    }


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


def _limits(session: Session, asked: Question, nights: tuple[int, int]) -> tuple[str, ...]:
    limits = list(_LIMITS)
    if not nights[0]:
        limits.append("Tidak ada pemindaian tercatat pada pekan ini; angka indikasi baru dapat nol karena itu.")
    elif nights[1] < nights[0]:
        limits.append(f"{nights[0] - nights[1]} dari {nights[0]} pemindaian pekan ini berakhir dengan masalah.")
    hidden = report_cases.without_region(session, asked.reach) if asked.reach.region else 0
    if hidden:
        limits.append(f"{hidden} informasi awal tidak mempunyai wilayah dan tidak dihitung dalam laporan wilayah ini.")
    return tuple(limits)


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)
