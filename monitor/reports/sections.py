"""The sections of the weekly report, in the order of reading."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from enum import StrEnum

from db.report_facts import CandidateFact, CaseFact, CoverageFact, RulesetFact, VisitFact
from monitor.domain import CaseState, Coverage, JudgementOutcome, Reason, StageKind
from monitor.labels import label
from monitor.reports.model import CODE, Cell, Column, ColumnKind, Section
from monitor.reports.tally import Facts, Indication, Key, acts_and_cases, in_windows, median_hours

_TEXT = ColumnKind.TEXT
_COUNTS = (
    Column("acts_week", "Indikasi pekan ini"),
    Column("acts_stage", "Indikasi sejak tahap berjalan"),
    Column("cases_week", "Informasi awal baru pekan ini"),
    Column("cases_stage", "Informasi awal sejak tahap berjalan"),
)
_ONCE = "Satu perbuatan dihitung satu kali pada setiap baris, meskipun memenuhi beberapa aturan."


def summary(facts: Facts, judged: Mapping[JudgementOutcome, int], nights: tuple[int, int]) -> Section:
    """Return the headline numbers."""
    acts = next(iter(acts_and_cases(facts, lambda _: (), lambda _: ()).values()), (0, 0, 0, 0))
    people_week = {one.case.person_id for one in facts.indications if facts.window.in_week(one.at)}
    people_stage = {
        one.case.person_id for one in facts.indications if facts.window.in_stage(one.at, one.case.contest_id)
    }
    decided = in_windows(facts, ((one.at, one.case.contest_id) for one in facts.decisions))
    read = [(one.opened_at, one.first_opened_at) for one in facts.courses if one.first_opened_at is not None]
    done = [(one.opened_at, one.decided_at) for one in facts.courses if one.decided_at is not None]
    week = facts.window.in_week
    rows: list[tuple[Cell, ...]] = [
        ("acts", "Indikasi (perbuatan)", acts[0], acts[1]),
        ("cases", "Informasi awal baru", acts[2], acts[3]),
        ("people", "Orang dengan indikasi", len(people_week), len(people_stage)),
        ("decisions", "Keputusan petugas", *decided),
        ("open", "Informasi awal terbuka pada akhir pekan", sum(one.state.open for one in facts.courses), None),
        ("not_evaluable", "Perbuatan yang tidak dapat dinilai", judged.get(JudgementOutcome.NOT_EVALUABLE, 0), None),
        ("judged", "Perbuatan baru yang dinilai", sum(judged.values()), None),
        ("nights", "Pemindaian", nights[0], None),
        ("good_nights", "Pemindaian tanpa masalah", nights[1], None),
        (
            "hours_to_open", "Median jam sampai pertama dibaca",
            median_hours((a, b) for a, b in read if week(b)), median_hours(read),
        ),
        (
            "hours_to_decide", "Median jam sampai keputusan pertama",
            median_hours((a, b) for a, b in done if week(b)), median_hours(done),
        ),
    ]  # fmt: skip
    columns = (
        Column("key", CODE, _TEXT),
        Column("measure", "Ukuran", _TEXT),
        Column("week", "Pekan ini", ColumnKind.NUMBER),
        Column("stage", "Sejak tahap berjalan", ColumnKind.NUMBER),
    )
    return Section("summary", "Ringkasan", columns, tuple(rows), _ONCE)


def by_state(facts: Facts) -> Section:
    """Return how many cases stand where at the end of the week."""
    states = [course.state for course in facts.courses]
    rows = tuple((state.value, label(state), states.count(state)) for state in CaseState if state in states)
    columns = (Column("state", CODE, _TEXT), Column("label", "Kedudukan", _TEXT), Column("cases", "Informasi awal"))
    return Section("by_state", "Kedudukan informasi awal", columns, rows, "Kedudukan pada akhir pekan.", ("cases",))


def decisions(facts: Facts) -> Section:
    """Return what people decided, by target state and reason."""
    grouped: dict[tuple[str, str], list[tuple[datetime, int]]] = {}
    for one in facts.decisions:
        grouped.setdefault((one.to_state.value, one.reason), []).append((one.at, one.case.contest_id))
    rows: list[tuple[Cell, ...]] = []
    for (state, reason), moments in sorted(grouped.items()):
        counted = in_windows(facts, moments)
        rows.append((label(CaseState(state)), _reason(reason), *counted))
    columns = (
        Column("to_state", "Keputusan", _TEXT),
        Column("reason", "Alasan", _TEXT),
        Column("week", "Pekan ini"),
        Column("stage", "Sejak tahap berjalan"),
    )
    return Section("decisions", "Keputusan petugas", columns, tuple(rows), "Tanpa keputusan yang dibatalkan.")


def dimensions(facts: Facts, regions: Mapping[str, str]) -> tuple[Section, ...]:
    """Return acts and cases by law row, act, platform, region, employment and stage."""
    return (
        _dimension(facts, "by_law_row", "Menurut baris ketentuan", ("Ketentuan", "Baris"),
                   lambda case: (case.law, case.law_row)),
        _by_act(facts, "by_act", "Menurut perbuatan", "Perbuatan", lambda one: (label(one.hit.act),)),
        _by_act(facts, "by_platform", "Menurut platform", "Platform", lambda one: (one.hit.platform,)),
        _dimension(facts, "by_region", "Menurut wilayah", ("Kode wilayah", "Wilayah"),
                   lambda case: (case.jurisdiction, regions.get(case.jurisdiction, case.jurisdiction))),
        _dimension(facts, "by_employment", "Menurut jenis pegawai", ("Jenis pegawai",),
                   lambda case: (label(case.employment),)),
        _dimension(facts, "by_stage", "Menurut tahapan saat perbuatan", ("Tahapan",),
                   lambda case: (label(case.stage),), [label(stage) for stage in StageKind]),
    )  # fmt: skip


def by_candidate(facts: Facts, candidates: Sequence[CandidateFact]) -> Section:
    """Return the balance over pairs: what was found and how much of each was watched."""
    counts = acts_and_cases(facts, lambda one: (one.case.candidate_id,), lambda case: (case.candidate_id,))
    rows = tuple(
        (
            pair.contest, pair.number, pair.label, pair.accounts, pair.visits, pair.good_visits,
            *counts.get((pair.candidate_id,), (0, 0, 0, 0)),
        )
        for pair in candidates
    )  # fmt: skip
    columns = (
        Column("contest", "Kontes", _TEXT),
        Column("number", "Nomor urut"),
        Column("candidate", "Pasangan", _TEXT),
        Column("accounts", "Akun tercatat"),
        Column("visits", "Kunjungan pekan ini"),
        Column("good_visits", "Kunjungan yang berhasil"),
        *_COUNTS,
    )
    note = (
        "Bandingkan jumlah indikasi hanya bersama jumlah akun dan kunjungan: "
        "pasangan yang lebih terpantau tampak lebih banyak."
    )
    return Section("by_candidate", "Keseimbangan antarpasangan", columns, rows, note, ("acts_week", "acts_stage"))


def by_rule(facts: Facts) -> Section:
    """Return the hits of every rule."""
    grouped: dict[tuple[str, int], list[Indication]] = {}
    for one in facts.indications:
        grouped.setdefault((one.hit.rule_id, one.hit.rule_version), []).append(one)
    rows = tuple(
        (rule, version, *in_windows(facts, ((one.at, one.case.contest_id) for one in ones)))
        for (rule, version), ones in sorted(grouped.items())
    )
    columns = (
        Column("rule", "Aturan", _TEXT),
        Column("version", "Versi"),
        Column("week", "Indikasi pekan ini"),
        Column("stage", "Indikasi sejak tahap berjalan"),
    )
    return Section("by_rule", "Menurut aturan", columns, rows, "Satu perbuatan dapat memenuhi beberapa aturan.")


def coverage(rows: Iterable[CoverageFact]) -> Section:
    """Return what could be observed per source, direction and verb; everything but `observed` is a gap."""
    grouped: dict[tuple[str, str, str], dict[Coverage, int]] = {}
    for row in rows:
        cell = grouped.setdefault((row.source, label(row.direction), label(row.act)), {})
        cell[row.coverage] = cell.get(row.coverage, 0) + row.visits
    table: list[tuple[Cell, ...]] = []
    for key, cell in sorted(grouped.items()):
        total, seen = sum(cell.values()), cell.get(Coverage.OBSERVED, 0)
        table.append((*key, total, total - seen, seen / total, *(cell.get(kind, 0) for kind in Coverage)))
    columns = (
        Column("source", "Sumber", _TEXT),
        Column("direction", "Dibaca dari", _TEXT),
        Column("act", "Perbuatan", _TEXT),
        Column("visits", "Kunjungan"),
        Column("gaps", "Celah"),
        Column("share", "Bagian teramati", ColumnKind.PERCENT),
        *(Column(kind.value, label(kind).capitalize()) for kind in Coverage),
    )
    note = "Celah adalah kunjungan yang tidak dapat mengamati perbuatan itu sepenuhnya. Seluruh wilayah kerja digabung."
    return Section("coverage", "Cakupan pengamatan", columns, tuple(table), note, ("gaps",))


def visits(rows: Iterable[VisitFact]) -> Section:
    """Return how visits ended, with the acts of unregistered people that were counted and dropped."""
    ordered = sorted(rows, key=lambda row: (row.source, row.outcome.value))
    table = tuple((row.source, label(row.outcome), row.visits, row.requests, row.bystanders) for row in ordered)
    columns = (
        Column("source", "Sumber", _TEXT),
        Column("outcome", "Hasil kunjungan", _TEXT),
        Column("visits", "Kunjungan"),
        Column("requests", "Permintaan"),
        Column("bystanders", "Perbuatan orang lain (dihitung, tidak disimpan)"),
    )
    return Section("visits", "Kunjungan ke sumber", columns, table)


def issues(counts: Mapping[tuple[str, str], int]) -> Section:
    """Return the issues that the nights wrote."""
    table = tuple((source, kind, count) for (source, kind), count in sorted(counts.items()))
    columns = (Column("source", "Sumber", _TEXT), Column("kind", "Masalah", _TEXT), Column("count", "Jumlah"))
    return Section("issues", "Masalah pemindaian", columns, table)


def rules_in_force(ruleset: RulesetFact | None) -> tuple[Section, Section]:
    """Return the rule table and the law profiles with their hashes."""
    rules = ruleset.rules if ruleset is not None else ()
    laws = ruleset.laws if ruleset is not None else ()
    rule_columns = (
        Column("rule", "Aturan", _TEXT),
        Column("version", "Versi"),
        Column("status", "Status", _TEXT),
        Column("hash", "Sidik jari isi", _TEXT),
    )
    law_columns = (
        Column("law", "Ketentuan", _TEXT),
        Column("title", "Judul", _TEXT),
        Column("hash", "Sidik jari isi", _TEXT),
    )
    table = tuple((rule.rule_id, rule.version, label(rule.status), rule.content_hash) for rule in rules)
    return (
        Section("rules", "Aturan yang berlaku", rule_columns, table),
        Section("laws", "Ketentuan hukum yang dipakai", law_columns, laws),
    )


def _dimension(
    facts: Facts, key: str, title: str, headings: tuple[str, ...],
    of_case: Callable[[CaseFact], Key], order: Sequence[str] = (),
) -> Section:  # fmt: skip
    counts = acts_and_cases(facts, lambda one: of_case(one.case), of_case)
    columns = (*(Column(f"key{at}", text, _TEXT) for at, text in enumerate(headings, start=1)), *_COUNTS)
    return Section(key, title, columns, _rows(counts, order), _ONCE, ("acts_week", "acts_stage"))


def _by_act(facts: Facts, key: str, title: str, heading: str, of_act: Callable[[Indication], Key]) -> Section:
    counts = {found: numbers[:2] for found, numbers in acts_and_cases(facts, of_act, None).items()}
    columns = (Column("key1", heading, _TEXT), *_COUNTS[:2])
    return Section(key, title, columns, _rows(counts), _ONCE, ("acts_week", "acts_stage"))


def _rows(counts: Mapping[Key, Sequence[int | None]], order: Sequence[str] = ()) -> tuple[tuple[Cell, ...], ...]:
    def place(key: Key) -> tuple[int, tuple[str, ...]]:
        first = str(key[0])
        return order.index(first) if first in order else len(order), tuple(map(str, key))

    return tuple((*(str(part) for part in key), *counts[key]) for key in sorted(counts, key=place))


def _reason(code: str) -> str:
    """Return the wording of a reason code, the code itself when this version no longer knows it."""
    known: dict[str, StrEnum] = {reason.value: reason for reason in Reason}
    return label(known[code]) if code in known else code
