"""The sections on what could be observed: silence is never shown as innocence."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from db.report_facts import CoverageFact, HourFact, VisitFact
from monitor.domain import Act, Coverage
from monitor.labels import label
from monitor.reports.model import Cell, Column, ColumnKind, Section
from monitor.reports.tally import Span

_TEXT = ColumnKind.TEXT
_HOUR = timedelta(hours=1)


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


def by_hour(facts: Iterable[HourFact], zone: ZoneInfo) -> Section:
    """Return by source and hour of the day how often verbs were looked for, and how often not seen whole."""
    looks: dict[tuple[str, int], int] = defaultdict(int)
    seen: dict[tuple[str, int], int] = defaultdict(int)
    for fact in facts:
        key = fact.source, fact.hour.astimezone(zone).hour
        looks[key] += fact.looks
        seen[key] += fact.observed
    rows: list[tuple[Cell, ...]] = [
        (source, f"{hour:02d}.00–{hour:02d}.59", looks[source, hour], looks[source, hour] - seen[source, hour],
         seen[source, hour] / looks[source, hour] if looks[source, hour] else None)
        for source in sorted({source for source, _ in looks})
        for hour in range(24)
    ]  # fmt: skip
    columns = (
        Column("source", "Sumber", _TEXT),
        Column("hour", "Jam (waktu kantor)", _TEXT),
        Column("looks", "Pengamatan"),
        Column("gaps", "Celah"),
        Column("share", "Bagian teramati", ColumnKind.PERCENT),
    )
    note = (
        "Satu pengamatan adalah satu perbuatan yang dicari pada satu kunjungan. Jam tanpa pengamatan adalah jam yang "
        "tidak dipantau: perbuatan pada jam itu hanya tampak bila masih ada pada kunjungan berikutnya."
    )
    return Section("coverage_by_hour", "Celah pengamatan per jam", columns, tuple(rows), note, ("looks", "gaps"))


def blind_spans(facts: Iterable[HourFact], week: Span) -> Section:
    """Return by source and verb in how many hours of the week it was seen whole, and its longest time unseen."""
    whole = max(1, round((week.ends - week.starts) / _HOUR))
    tried: dict[tuple[str, Act], set[datetime]] = defaultdict(set)
    good: dict[tuple[str, Act], set[datetime]] = defaultdict(set)
    for fact in facts:
        tried[fact.source, fact.act].add(fact.hour)
        if fact.observed:
            good[fact.source, fact.act].add(fact.hour)
    rows: list[tuple[Cell, ...]] = [
        (source, label(act), len(good[source, act]), len(hours - good[source, act]), whole - len(hours),
         _longest(good[source, act], week))
        for (source, act), hours in sorted(tried.items(), key=lambda one: (one[0][0], list(Act).index(one[0][1])))
    ]  # fmt: skip
    columns = (
        Column("source", "Sumber", _TEXT),
        Column("act", "Perbuatan", _TEXT),
        Column("hours_seen", "Jam teramati"),
        Column("hours_gap", "Jam yang hanya celah"),
        Column("hours_unvisited", "Jam tanpa kunjungan"),
        Column("longest", "Celah terpanjang (jam)"),
    )
    note = (
        f"Pekan ini {whole} jam. Sebuah jam teramati bila sedikitnya satu kunjungan pada jam itu melihat perbuatan "
        "itu sepenuhnya. Celah terpanjang adalah jam berturut-turut tanpa pengamatan seperti itu."
    )
    return Section("blind_spans", "Jam teramati dalam sepekan", columns, tuple(rows), note, ("longest",))


def _longest(good: Iterable[datetime], week: Span) -> int:
    """Return the most hours in a row without a whole look, the edges of the week included."""
    longest, free = timedelta(), week.starts
    for hour in sorted(good):
        longest, free = max(longest, hour - free), hour + _HOUR
    return max(0, int(max(longest, week.ends - free) / _HOUR))


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
    sums = [sum(numbers) for numbers in zip(*(row[2:] for row in table), strict=True)] or [0, 0, 0]
    return Section("visits", "Kunjungan ke sumber", columns, table, total=("Jumlah", "", *sums))


def issues(counts: Mapping[tuple[str, str], int]) -> Section:
    """Return the issues that the nights wrote."""
    table = tuple((source, kind, count) for (source, kind), count in sorted(counts.items()))
    columns = (Column("source", "Sumber", _TEXT), Column("kind", "Masalah", _TEXT), Column("count", "Jumlah"))
    return Section("issues", "Masalah pemindaian", columns, table, total=("Jumlah", "", sum(counts.values())))
