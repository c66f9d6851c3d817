"""The sections that hold the week against the week before, and a running contest against an earlier one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from db.report_facts import ContestFact, VisitFact
from monitor.domain import CaseState, StageKind
from monitor.labels import label
from monitor.reports.model import CODE, Cell, Column, ColumnKind, Section
from monitor.reports.tally import Acts, Cases, Count, Span, Steps

_TEXT = ColumnKind.TEXT


@dataclass(frozen=True, slots=True)
class Pairing:
    """A running contest with its stage in force, and the same time of that stage in the contest before it."""

    contest: ContestFact
    stage: StageKind
    begins: datetime
    days: int
    earlier: ContestFact | None = None
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class Watched:
    """How much was watched in a week: nights, visits, and how they went."""

    nights: tuple[int, int]
    visits: int
    good_visits: int


def watched(nights: tuple[int, int], visits: Iterable[VisitFact]) -> Watched:
    """Return how much was watched, of the facts of one week."""
    rows = list(visits)
    return Watched(nights, sum(row.visits for row in rows), sum(row.visits for row in rows if row.outcome.good))


def pairings(contests: Sequence[ContestFact], ends: datetime) -> tuple[Pairing, ...]:
    """Return the contests that run at a time, each with the newest one before it for the same office and region.

    The earlier contest is looked at for as many days into the stage as the running one has come, and no further than
    the stage's own end.
    """
    return tuple(
        _paired(contest, contests, ends) for contest in contests if contest.stages[-1][0] is not StageKind.PASCA
    )


def _paired(contest: ContestFact, contests: Sequence[ContestFact], ends: datetime) -> Pairing:
    stage, begins = contest.stages[-1]
    passed = ends - begins
    alone = Pairing(contest, stage, begins, passed.days)
    before = [
        (starts, other)
        for other in contests
        if (other.office, other.region) == (contest.office, contest.region)
        and other.stages[0][1] < contest.stages[0][1]
        for kind, starts in other.stages
        if kind is stage
    ]
    if not before:
        return alone
    starts, other = max(before, key=lambda one: (one[0], one[1].contest_id))
    later = [at for _, at in other.stages if at > starts]
    until = min([starts + passed, *later])
    return Pairing(contest, stage, begins, passed.days, other, Span(starts, until))


def week_before(
    acts: Acts, cases: Cases, steps: Steps, seen: tuple[Watched, Watched], hours: tuple[int, int]
) -> Section:
    """Return the week beside the week before; `seen` and `hours` (seconds of work) are of both, this week first."""
    now, then = seen
    pairs: list[tuple[str, str, float, float]] = [
        ("acts", "Indikasi (perbuatan)", *_two(acts.all)),
        ("cases", "Informasi awal baru", *_two(cases.all)),
        ("people", "Orang dengan indikasi", *_two(acts.people)),
        ("decisions", "Keputusan petugas", *_two(steps.all)),
        ("registered", "Diregistrasi", *_two(steps.to[CaseState.TERDAFTAR,])),
        ("forwarded", "Diteruskan ke instansi", *_two(steps.to[CaseState.DITERUSKAN,])),
        ("hours", "Jam peninjauan", round(hours[0] / 3600, 1), round(hours[1] / 3600, 1)),
        ("nights", "Pemindaian", now.nights[0], then.nights[0]),
        ("good_nights", "Pemindaian tanpa masalah", now.nights[1], then.nights[1]),
        ("visits", "Kunjungan ke sumber", now.visits, then.visits),
        ("good_visits", "Kunjungan yang berhasil", now.good_visits, then.good_visits),
    ]
    rows = tuple(
        (key, words, this, last, round(this - last, 1), (this - last) / last if last else None)
        for key, words, this, last in pairs
    )
    columns = (
        Column("key", CODE, _TEXT),
        Column("measure", "Ukuran", _TEXT),
        Column("week", "Pekan ini", ColumnKind.NUMBER),
        Column("before", "Pekan sebelumnya", ColumnKind.NUMBER),
        Column("difference", "Selisih", ColumnKind.NUMBER),
        Column("change", "Perubahan", ColumnKind.PERCENT),
    )
    note = "Bandingkan jumlah indikasi hanya bila pemindaian dan kunjungan kedua pekan serupa."
    return Section("comparison", "Pekan ini dan sebelumnya", columns, rows, note)


def earlier_contest(
    pairs: Sequence[Pairing], acts: Acts, cases: Cases, nights: Mapping[int, tuple[int, int]]
) -> Section:
    """Return every running contest beside the one before it at the same point of the same stage.

    `nights` are by contest row those of each side; where the earlier one had none, its numbers are not known.
    """
    rows: list[tuple[Cell, ...]] = []
    for pair in pairs:
        mine = pair.contest.contest_id
        now, then = nights.get(mine, (0, 0))
        side: tuple[Cell, ...] = (None, None, None, None)
        if pair.earlier is not None:
            other = pair.earlier.contest_id
            side = (pair.earlier.name, *_earlier(acts.contests[other,], cases.contests[other,], then), then)
        told = acts.contests[mine,].stage, cases.contests[mine,].stage
        rows.append((pair.contest.name, label(pair.stage), pair.days, *told, now, *side))
    columns = (
        Column("contest", "Kontes", _TEXT),
        Column("stage", "Tahapan berjalan", _TEXT),
        Column("days", "Hari sejak mulai"),
        Column("acts", "Indikasi"),
        Column("cases", "Informasi awal"),
        Column("nights", "Pemindaian"),
        Column("earlier", "Kontes sebelumnya", _TEXT),
        Column("earlier_acts", "Indikasi pada tahap yang sama"),
        Column("earlier_cases", "Informasi awal pada tahap yang sama"),
        Column("earlier_nights", "Pemindaian pada tahap yang sama"),
    )
    note = (
        "Kontes sebelumnya untuk jabatan dan wilayah yang sama, sampai hari yang sama dalam tahap yang sama. Tanda “–” "
        "berarti kontes itu tidak ada dalam register atau tidak dipindai pada waktu itu; itu bukan nol."
    )
    return Section("earlier_contest", "Tahap sama kontes sebelumnya", columns, tuple(rows), note)


def _earlier(acts: Count, cases: Count, nights: int) -> tuple[Cell, Cell]:
    known = nights or acts.earlier or cases.earlier
    return (acts.earlier, cases.earlier) if known else (None, None)


def _two(count: Count) -> tuple[int, int]:
    return count.week, count.before
