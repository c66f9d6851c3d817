"""The sections that count indikasi and informasi awal, in the order of reading."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache

from db.report_facts import ActFact, CandidateFact, CaseFact, RulesetFact
from monitor.domain import CaseState, Employment, JudgementOutcome, StageKind
from monitor.domain.positions import PositionLevel, position_level
from monitor.labels import label
from monitor.reports.model import CODE, Cell, Column, ColumnKind, Section
from monitor.reports.tally import Acts, Cases, Count, Counts, Key, Steps

_TEXT = ColumnKind.TEXT
_NUMBER = ColumnKind.NUMBER
_ACT_COUNTS = (
    Column("acts_week", "Indikasi pekan ini"),
    Column("acts_before", "Indikasi pekan sebelumnya"),
    Column("acts_stage", "Indikasi sejak tahap berjalan"),
)
_CASE_COUNTS = (
    Column("cases_week", "Informasi awal baru pekan ini"),
    Column("cases_stage", "Informasi awal sejak tahap berjalan"),
)
_CHART = ("acts_week", "acts_before")
_ONCE = "Satu perbuatan dihitung satu kali, meskipun memenuhi beberapa aturan atau baris ketentuan."
TOTAL = "Jumlah"

PERIODS: Mapping[StageKind, str] = {
    StageKind.PRA_PENETAPAN: "sebelum masa kampanye",
    StageKind.PENETAPAN: "sebelum masa kampanye",
    StageKind.KAMPANYE: "selama masa kampanye",
    StageKind.MASA_TENANG: "masa tenang",
    StageKind.PEMUNGUTAN: "pemungutan suara dan sesudahnya",
    StageKind.PASCA: "pemungutan suara dan sesudahnya",
}


@cache
def _level(position: str, employment: Employment) -> str:
    return label(position_level(position, employment))


BY_CASE: Mapping[str, Callable[[CaseFact], Key]] = {
    "by_law_row": lambda case: (case.law, case.law_row),
    "by_region": lambda case: (case.jurisdiction,),
    "by_employment": lambda case: (label(case.employment),),
    "by_level": lambda case: (_level(case.position, case.employment),),
    "by_stage": lambda case: (label(case.stage),),
    "by_period": lambda case: (PERIODS[case.stage],),
}
"""By what both acts and cases are counted."""

BY_ACT: Mapping[str, Callable[[ActFact], Key]] = {
    "by_act": lambda one: (label(one.act),),
    "by_platform": lambda one: (one.platform,),
}
"""By what only acts are counted; a case may hold acts of several kinds."""


def of_acts() -> dict[str, Callable[[ActFact], Key]]:
    """Return by what acts are counted."""

    def through(key: Callable[[CaseFact], Key]) -> Callable[[ActFact], Key]:
        return lambda one: key(one.case)

    return {**{name: through(key) for name, key in BY_CASE.items()}, **BY_ACT}


def summary(
    acts: Acts, cases: Cases, steps: Steps, judged: Mapping[JudgementOutcome, int], nights: tuple[int, int]
) -> Section:
    """Return the headline numbers."""
    opened = sum(count for state, count in cases.states.items() if state.open)
    rows: list[tuple[Cell, ...]] = [
        ("acts", "Indikasi (perbuatan)", *_three(acts.all)),
        ("cases", "Informasi awal baru", *_three(cases.all)),
        ("people", "Orang dengan indikasi", *_three(acts.people)),
        ("decisions", "Keputusan petugas", *_three(steps.all)),
        ("registered", "Diregistrasi", *_three(steps.to[CaseState.TERDAFTAR,])),
        ("not_registered", "Tidak diregistrasi", *_three(steps.to[CaseState.TIDAK_DIREGISTRASI,])),
        ("forwarded", "Diteruskan ke instansi", *_three(steps.to[CaseState.DITERUSKAN,])),
        ("open", "Informasi awal terbuka pada akhir pekan", opened, None, None),
        (
            "not_evaluable", "Perbuatan yang tidak dapat dinilai",
            judged.get(JudgementOutcome.NOT_EVALUABLE, 0), None, None,
        ),
        ("judged", "Perbuatan baru yang dinilai", sum(judged.values()), None, None),
        ("nights", "Pemindaian", nights[0], None, None),
        ("good_nights", "Pemindaian tanpa masalah", nights[1], None, None),
        (
            "hours_to_open", "Median jam sampai pertama dibaca",
            cases.to_open[0].median(), None, cases.to_open[1].median(),
        ),
        (
            "hours_to_decide", "Median jam sampai keputusan pertama",
            cases.to_decide[0].median(), None, cases.to_decide[1].median(),
        ),
    ]  # fmt: skip
    columns = (
        Column("key", CODE, _TEXT),
        Column("measure", "Ukuran", _TEXT),
        Column("week", "Pekan ini", _NUMBER),
        Column("stage", "Sejak tahap berjalan", _NUMBER),
        Column("whole", "Seluruhnya sampai akhir pekan", _NUMBER),
    )
    return Section("summary", "Ringkasan", columns, tuple(rows), _ONCE)


def by_state(cases: Cases) -> Section:
    """Return how many cases stand where at the end of the week."""
    rows = tuple(
        (state.value, label(state), cases.states[state]) for state in CaseState if cases.states[state]
    )  # fmt: skip
    columns = (Column("state", CODE, _TEXT), Column("label", "Kedudukan", _TEXT), Column("cases", "Informasi awal"))
    total = ("", TOTAL, cases.states.total())
    return Section(
        "by_state", "Kedudukan informasi awal", columns, rows, "Kedudukan pada akhir pekan.", ("cases",), total
    )


def dimensions(acts: Acts, cases: Cases, regions: Mapping[str, str]) -> tuple[Section, ...]:
    """Return acts and cases by law row, act, platform, region, employment, level, stage and period."""
    stages = [label(stage) for stage in StageKind]
    return (
        _both(acts, cases, "by_law_row", ("Menurut baris ketentuan", "Ketentuan", "Baris"), note=_ROWS),
        _acts_only(acts, "by_act", ("Menurut perbuatan", "Perbuatan")),
        _acts_only(acts, "by_platform", ("Menurut platform", "Platform")),
        _with_names(_both(acts, cases, "by_region", ("Menurut wilayah", "Kode wilayah")), regions),
        _both(acts, cases, "by_employment", ("Menurut jenis pegawai", "Jenis pegawai")),
        _both(acts, cases, "by_level", ("Menurut jenjang jabatan", "Jenjang jabatan"),
              [label(level) for level in PositionLevel], _LEVELS),
        _both(acts, cases, "by_stage", ("Menurut tahapan saat perbuatan", "Tahapan"), stages),
        _by_period(acts),
    )  # fmt: skip


_ROWS = (
    f"{_ONCE} Yang dihitung baris informasi awalnya; baris lain yang terpenuhi disebut pada informasi awal itu dan "
    "dalam data untuk analis."
)
_LEVELS = (
    f"{_ONCE} Jenjang dibaca dari nama jabatan dalam register; nama yang tidak dikenali tidak ditebak. "
    "Kepala desa, perangkat desa, TNI, Polri dan pegawai non-ASN berada di luar jenjang ASN."
)


def by_candidate(pairs: Counts, acts: Acts, cases: Cases, candidates: Sequence[CandidateFact]) -> Section:
    """Return the balance over pairs: what was found and how much of each was watched."""
    none = Count()
    rows = tuple(
        (
            pair.contest, pair.number, pair.label, pair.accounts, pair.visits, pair.good_visits,
            *_acts_of(pairs.get((pair.candidate_id,), none)),
            *_cases_of(cases.pairs.get((pair.candidate_id,), none)),
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
        *_ACT_COUNTS,
        *_CASE_COUNTS,
    )
    note = (
        "Bandingkan jumlah indikasi hanya bersama jumlah akun dan kunjungan: pasangan yang lebih terpantau tampak "
        "lebih banyak. Perbuatan yang menyangkut dua pasangan dihitung pada keduanya, dan satu kali dalam jumlah."
    )
    watched = [sum(numbers) for numbers in zip(*(row[3:6] for row in rows), strict=True)] or [0, 0, 0]
    total: tuple[Cell, ...] = (TOTAL, None, "", *watched, *_acts_of(acts.all), *_cases_of(cases.all))
    return Section("by_candidate", "Keseimbangan antarpasangan", columns, rows, note, _CHART, total)


def by_rule(hits: Counts) -> Section:
    """Return the hits of every rule."""
    rows = tuple(
        (rule, version, *_acts_of(count))
        for (rule, version), count in sorted(hits.items(), key=lambda one: (str(one[0][0]), str(one[0][1]).zfill(9)))
        if _seen(count)
    )
    columns = (Column("rule", "Aturan", _TEXT), Column("version", "Versi"), *_ACT_COUNTS)
    return Section("by_rule", "Menurut aturan", columns, _plain(rows), "Satu perbuatan dapat memenuhi beberapa aturan.")


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
        Section(
            "rules", "Aturan dan statusnya", rule_columns, table, "Hanya aturan berstatus aktif membuka informasi awal."
        ),
        Section("laws", "Ketentuan hukum yang dipakai", law_columns, laws),
    )


def _both(
    acts: Acts, cases: Cases, key: str, words: tuple[str, ...], order: Sequence[str] = (), note: str = _ONCE
) -> Section:
    title, *headings = words
    of_acts, of_cases = acts.by[key], cases.by[key]
    none = Count()
    found: dict[Key, tuple[int, ...]] = {
        name: (*_acts_of(of_acts.get(name, none)), *_cases_of(of_cases.get(name, none)))
        for name in {*of_acts, *of_cases}
    }
    columns = (*_headings(headings), *_ACT_COUNTS, *_CASE_COUNTS)
    total: tuple[Cell, ...] = (TOTAL, *[""] * (len(headings) - 1), *_acts_of(acts.all), *_cases_of(cases.all))
    return Section(key, title, columns, _rows(found, order), note, _CHART, total)


def _acts_only(acts: Acts, key: str, words: tuple[str, ...]) -> Section:
    title, *headings = words
    found = {name: _acts_of(count) for name, count in acts.by[key].items()}
    columns = (*_headings(headings), *_ACT_COUNTS)
    return Section(key, title, columns, _rows(found), _ONCE, _CHART, (TOTAL, *_acts_of(acts.all)))


def _by_period(acts: Acts) -> Section:
    """Return acts before, during and after the campaign, of all so far: a stage alone would hold only its own."""
    found, whole = acts.by["by_period"], acts.all.whole
    rows = tuple(
        (name, found[name,].week, found[name,].whole, found[name,].whole / whole if whole else None)
        for name in dict.fromkeys(PERIODS.values())
        if (name,) in found
    )
    columns = (
        Column("key1", "Masa", _TEXT),
        Column("acts_week", "Indikasi pekan ini"),
        Column("acts_whole", "Indikasi seluruhnya sampai akhir pekan"),
        Column("share", "Bagian dari seluruhnya", ColumnKind.PERCENT),
    )
    note = f"{_ONCE} Masa menurut tahapan pada waktu perbuatan, untuk semua kontes dalam register."
    total = (TOTAL, acts.all.week, whole, 1.0 if whole else None)
    return Section("by_period", "Sebelum dan selama kampanye", columns, rows, note, ("acts_whole",), total)


def _with_names(section: Section, regions: Mapping[str, str]) -> Section:
    """Put the name of each region beside its code."""
    code, *rest = section.columns
    columns = (code, Column("key2", "Wilayah", _TEXT), *rest)
    rows = tuple((row[0], regions.get(str(row[0]), str(row[0]) or "tanpa wilayah"), *row[1:]) for row in section.rows)
    total = (section.total[0], "", *section.total[1:])
    return Section(section.key, section.title, columns, rows, section.note, section.chart, total)


def _headings(titles: Sequence[str]) -> tuple[Column, ...]:
    return tuple(Column(f"key{at}", title, _TEXT) for at, title in enumerate(titles, start=1))


def _rows(found: Mapping[Key, tuple[int, ...]], order: Sequence[str] = ()) -> tuple[tuple[Cell, ...], ...]:
    def place(key: Key) -> tuple[int, tuple[str, ...]]:
        first = str(key[0])
        return order.index(first) if first in order else len(order), tuple(map(str, key))

    return tuple((*(str(part) for part in key), *found[key]) for key in sorted(found, key=place) if any(found[key]))


def _plain(rows: Iterable[tuple[object, ...]]) -> tuple[tuple[Cell, ...], ...]:
    return tuple(tuple(cell if isinstance(cell, str | int | float) else str(cell) for cell in row) for row in rows)


def _seen(count: Count) -> bool:
    return any(_acts_of(count))


def _three(count: Count) -> tuple[int, int, int]:
    return count.week, count.stage, count.whole


def _acts_of(count: Count) -> tuple[int, int, int]:
    return count.week, count.before, count.stage


def _cases_of(count: Count) -> tuple[int, int]:
    return count.week, count.stage
