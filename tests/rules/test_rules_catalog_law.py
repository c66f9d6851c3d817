"""Law profiles: which holds for whom on which day, to whom a case goes, and what their files may say."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from monitor.domain import AccountKind, Content, Contest, Employment, InteractionView, LawProfile, Regime
from monitor.errors import RuleError
from rules.engine import Judge, compile_rules
from rules.examples import example_contest
from rules.lawfile import read_laws
from rules.loader import RuleSet
from rules.nodes import parse
from rules.timing import law_at

WIB = timezone(timedelta(hours=7))
GOOD = """
id: contoh
title: Contoh
employments: [pns]
valid_from: 2024-01-01
rows:
  - {code: X1, kind: disiplin, text: Bunyi, sanction: berat, sanction_class: berat, basis: Pasal, source: "https://contoh.test/a", mark: V}
clocks:
  pilkada:
    lapor: {days: 7, day_type: calendar, from: known_at, basis: Pasal, mark: V}
addressees:
  - {name: Lembaga, from: 2024-01-01, until: 2025-01-01, mark: V}
"""  # noqa: E501 - a row of a law file is one line


def law(ruleset: RuleSet, identity: str) -> LawProfile:
    return next(profile for profile in ruleset.laws if profile.id == identity)


@pytest.mark.parametrize(
    ("employment", "day", "profile"),
    [
        (Employment.PNS, date(2024, 10, 1), "skb-2-2022"),
        (Employment.PPPK, date(2024, 10, 1), "skb-2-2022"),
        (Employment.PPPK_PARUH_WAKTU, date(2026, 11, 21), "skb-2-2022"),
        (Employment.PNS, date(2022, 9, 22), "skb-2-2022"),
        (Employment.PNS, date(2022, 9, 21), "skb-5-2020"),
        (Employment.PNS, date(2020, 9, 10), "skb-5-2020"),
        (Employment.PNS, date(2020, 9, 9), None),
        (Employment.PPNPN, date(2023, 1, 3), "ppnpn"),
        (Employment.PPNPN, date(2023, 1, 2), None),
        (Employment.KEPALA_DESA, date(2020, 1, 1), "desa"),
        (Employment.PERANGKAT_DESA, date(2024, 10, 1), "desa"),
        (Employment.TNI, date(2024, 10, 1), "tni-polri"),
        (Employment.POLRI, date(2024, 10, 1), "tni-polri"),
        (Employment.INSTITUSI, date(2024, 10, 1), "institusi"),
    ],
)
def test_the_profile_follows_the_kind_of_person_and_the_day(
    ruleset: RuleSet, employment: Employment, day: date, profile: str | None
) -> None:
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=WIB)
    found = law_at(ruleset.laws, employment, noon, None)
    assert (found.id if found else None) == profile


@pytest.mark.parametrize(
    ("moment", "profile"),
    [
        (datetime(2022, 9, 21, 23, 59, tzinfo=WIB), "skb-5-2020"),
        (datetime(2022, 9, 22, 0, 0, tzinfo=WIB), "skb-2-2022"),
        (datetime(2022, 9, 21, 17, 0, tzinfo=UTC), "skb-2-2022"),
    ],
)
def test_a_law_begins_at_midnight_in_jakarta(ruleset: RuleSet, moment: datetime, profile: str) -> None:
    found = law_at(ruleset.laws, Employment.PNS, moment, None)
    assert found is not None
    assert found.id == profile


@pytest.mark.parametrize("employment", list(Employment))
def test_every_kind_of_person_has_a_profile_today(ruleset: RuleSet, employment: Employment) -> None:
    assert law_at(ruleset.laws, employment, datetime(2026, 11, 21, tzinfo=UTC), None) is not None


def test_a_contests_own_choice_holds_for_the_civil_service_only(ruleset: RuleSet) -> None:
    early = datetime(2020, 10, 1, tzinfo=UTC)
    chosen = [law_at(ruleset.laws, e, early, "skb-2-2022") for e in (Employment.PNS, Employment.KEPALA_DESA)]
    assert [found.id for found in chosen if found] == ["skb-2-2022", "desa"]


@pytest.mark.parametrize(
    ("day", "names"),
    [
        (date(2024, 8, 23), ["Komisi Aparatur Sipil Negara"]),
        (date(2024, 8, 24), ["Badan Kepegawaian Negara"]),
        (date(2026, 11, 21), ["Badan Kepegawaian Negara"]),
        (date(2027, 10, 16), ["Badan Kepegawaian Negara", "Lembaga independen"]),
    ],
)
def test_a_civil_servants_case_goes_to_the_body_of_its_day(ruleset: RuleSet, day: date, names: list[str]) -> None:
    found = law(ruleset, "skb-2-2022").addressees_on(day, Employment.PNS)
    assert [a.name.split(" (")[0].split(" pengawas")[0] for a in found] == names


@pytest.mark.parametrize(
    ("profile", "employment", "name"),
    [
        ("tni-polri", Employment.TNI, "Komandan"),
        ("tni-polri", Employment.POLRI, "Divisi Profesi"),
        ("desa", Employment.KEPALA_DESA, "Bupati"),
        ("ppnpn", Employment.PPNPN, "Kepala organisasi perangkat daerah"),
        ("institusi", Employment.INSTITUSI, "Pimpinan instansi"),
    ],
)
def test_other_cases_go_elsewhere(ruleset: RuleSet, profile: str, employment: Employment, name: str) -> None:
    (only,) = law(ruleset, profile).addressees_on(date(2026, 11, 21), employment)
    assert only.name.startswith(name)


@pytest.mark.parametrize(
    ("regime", "name", "days", "day_type", "disputed"),
    [
        (Regime.PILKADA, "lapor", 7, "calendar", True),
        (Regime.PILKADA, "tindak_lanjut", 3, "calendar", False),
        (Regime.PILKADA, "keterangan_tambahan", 5, "calendar", False),
        (Regime.PEMILU, "temuan", 7, "working", True),
        (Regime.PEMILU, "lapor", 7, "working", False),
        (Regime.PEMILU, "tindak_lanjut", 7, "working", True),
        (Regime.PEMILU, "keterangan_tambahan", 14, "working", False),
    ],
)
@pytest.mark.parametrize("profile", ["skb-2-2022", "desa", "ppnpn", "tni-polri", "institusi"])
def test_limits_of_time_bind_whomever_the_case_is_about(
    ruleset: RuleSet, profile: str, regime: Regime, name: str, days: int, day_type: str, disputed: bool
) -> None:
    clock = law(ruleset, profile).clock(regime, name)
    assert clock is not None
    assert (clock.days, clock.day_type, clock.disputed) == (days, day_type, disputed)


def test_only_the_photo_row_of_candidates_demands_a_purpose(ruleset: RuleSet) -> None:
    assert [row.code for row in law(ruleset, "skb-2-2022").rows if row.purpose] == ["B7"]


@pytest.mark.parametrize(
    ("code", "kind", "sanction", "mark"),
    [
        ("A2", "kode_etik", "moral", "V"),
        ("A4", "kode_etik", "moral", "V"),
        ("A5", "kode_etik", "moral", "S"),
        ("A7", "kode_etik", "moral", "S"),
        ("B2", "disiplin", "berat", "V"),
        ("B3", "disiplin", "sedang", "V"),
        ("B5", "disiplin", "ptdh", "V"),
        ("B6", "disiplin", "berat", "V"),
        ("B7", "disiplin", "berat", "V"),
        ("B8", "disiplin", "berat", "X"),
        ("B9", "disiplin", "sedang", "V"),
        ("B10", "disiplin", "berat", "V"),
    ],
)
def test_rows_have_their_class_sanction_and_mark(
    ruleset: RuleSet, code: str, kind: str, sanction: str, mark: str
) -> None:
    row = law(ruleset, "skb-2-2022").row(code)
    assert (row.kind, row.sanction_class, row.mark) == (kind, sanction, mark)


def test_every_row_that_was_read_names_its_source(ruleset: RuleSet) -> None:
    assert [(p.id, r.code) for p in ruleset.laws for r in p.rows if r.mark == "V" and not r.source] == []


def test_rows_about_social_media_come_before_general_ones(ruleset: RuleSet) -> None:
    rank = {row.code: row.rank for row in law(ruleset, "skb-2-2022").rows}
    assert rank["B5"] < rank["B10"] < rank["B2"] < rank["B7"] < rank["B6"] < rank["B8"]
    assert rank["A2"] < rank["A5"] < rank["A4"]


def older(contest_law: str | None = None) -> Contest:
    """Return the example contest four years earlier."""
    contest, early = example_contest(), timedelta(days=4 * 365)
    pairs = tuple(
        replace(c, status=tuple(replace(s, starts=s.starts - early) for s in c.status if s.starts))
        for c in contest.candidates
    )
    return replace(
        contest,
        stages=tuple(replace(s, starts=s.starts - early) for s in contest.stages),
        candidates=pairs,
        law=contest_law,
    )


def test_the_agreement_of_2020_has_no_rows_that_were_read(
    ruleset: RuleSet, view_of: Callable[..., InteractionView], content_of: Callable[..., Content]
) -> None:
    judge: Judge = compile_rules(ruleset, (older(),))
    view = view_of(target=content_of(AccountKind.REGISTERED, "pagi", 1), at="2020-10-10T10:00:00+07:00")
    judged = judge.judge(view)
    assert judged.hits == ()
    assert any("skb-5-2020" in miss.reason for miss in judged.near_misses)


def test_a_good_file_is_read() -> None:
    (profile,) = read_laws([parse(GOOD, "x.yml")])
    assert (profile.rows[0].source, profile.clocks[0].days) == ("https://contoh.test/a", 7)
    assert profile.addressees[0].ends == date(2025, 1, 1)


@pytest.mark.parametrize(
    ("before", "after", "problem"),
    [
        ("kind: disiplin", "kind: disipln", "tidak dikenal"),
        ("sanction_class: berat", "sanction_class: ringan", "tidak dikenal"),
        ("mark: V}\nclocks", "mark: Z}\nclocks", "tidak dikenal"),
        ('source: "https://contoh.test/a", ', "", "belum menyebut sumber"),
        ('"https://contoh.test/a"', "contoh", "bukan alamat"),
        ("mark: V}\nclocks", "mark: X}\nclocks", "tanda X tanpa keterangan"),
        ("days: 7", "days: 0", "tidak masuk akal"),
        ("days: 7", "days: 5000", "tidak masuk akal"),
        ("day_type: calendar", "day_type: kalender", "tidak dikenal"),
        ("from: known_at", "from: kemarin", "tidak dikenal"),
        ("  pilkada:\n", "  pilkades:\n", "tidak dikenal"),
        ("    lapor:", "    laporan:", "tidak dikenal"),
        ("until: 2025-01-01", "until: 2023-01-01", "berakhir sebelum dimulai"),
        ("until: 2025-01-01", "until: 2025-13-01", "bukan tanggal"),
        ("valid_from: 2024-01-01", "valid_from: 2024-01-01\nvalid_to: 2023-01-01", "berakhir sebelum dimulai"),
        ("{name: Lembaga,", "{name: Lembaga, employments: [tni],", "tidak memuat tni"),
        ("id: contoh", "id: Contoh Besar", "id tidak sah"),
        ("clocks:\n", "clocks_as: contoh\nclocks:\n", "tidak dapat diambil"),
        ("title: Contoh", "title: Contoh\njudul: ganda", "kolom tidak dikenal"),
    ],
)
def test_what_a_law_file_may_not_say_is_refused_with_its_place(before: str, after: str, problem: str) -> None:
    assert before in GOOD
    with pytest.raises(RuleError) as caught:
        read_laws([parse(GOOD.replace(before, after, 1), "x.yml")])
    assert problem in caught.value.problem
    assert caught.value.place.startswith("x.yml:")


def test_two_profiles_of_one_name_are_refused() -> None:
    with pytest.raises(RuleError):
        read_laws([parse(GOOD, "x.yml"), parse(GOOD, "y.yml")])


def test_clocks_of_an_unknown_profile_are_refused() -> None:
    text = GOOD[: GOOD.index("clocks:")] + "clocks_as: lain\n"
    with pytest.raises(RuleError):
        read_laws([parse(text, "x.yml")])
