from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from db.report_facts import CaseFact, CourseFact
from monitor.domain import CaseState, Employment, Regime, StageKind
from monitor.domain.clocks import DayType
from monitor.reports.deadlines import Calendar, Deadlines
from monitor.reports.handling import FollowUp, paper_number
from monitor.reports.model import Section
from monitor.reports.tally import Span, Window

MONDAY = datetime(2024, 10, 13, 17, tzinfo=UTC)
ENDS = MONDAY + timedelta(days=7)
WINDOW = Window(Span(MONDAY, ENDS), Span(MONDAY - timedelta(days=7), MONDAY), {})
CLOCK = {
    "regime": "pilkada",
    "name": "lapor",
    "days": 7,
    "day_type": "calendar",
    "starts": "known_at",
    "basis": "contoh",
}
LAW: dict[str, Any] = {
    "clocks": [CLOCK],
    "addressees": [
        {"name": "Instansi Lama", "ends": "2024-10-14"},
        {"name": "Instansi Baru", "starts": "2024-10-14", "employments": ["pns"]},
    ],
}


def course(
    state: CaseState = CaseState.DITINJAU, employment: Employment = Employment.PNS, **moments: Any
) -> CourseFact:
    case = CaseFact(1, 1, employment, "31.01", 1, 1, "contoh", "B6", StageKind.KAMPANYE, "Staf")
    names = ("first_opened_at", "decided_at", "known_at", "registered_at", "forwarded_at", "answered_at", "closed_at")
    told = {name: moments.get(name) for name in names}
    return CourseFact(case, Regime.PILKADA, state, opened_at=MONDAY - timedelta(days=30), find="", **told)


def rows(section: Section) -> list[dict[str, Any]]:
    return [dict(zip((c.key for c in section.columns), row, strict=True)) for row in section.rows]


def deadlines(*courses: CourseFact, readings: dict[tuple[str, str], DayType] | None = None) -> Section:
    told = Deadlines(Calendar({"contoh": LAW}, frozenset({date(2024, 10, 15)}), readings or {}), ENDS)
    for one in courses:
        told.see(one)
    return told.section()


class TestDeadlines:
    def test_a_limit_that_ended_with_the_week_is_overdue(self) -> None:
        (row,) = rows(deadlines(course(known_at=MONDAY - timedelta(hours=1))))
        assert (row["limit"], row["cases"], row["overdue"], row["soon"]) == ("pelaporan", 1, 1, 0)

    def test_a_limit_that_ends_a_day_later_is_soon(self) -> None:
        (row,) = rows(deadlines(course(known_at=MONDAY + timedelta(hours=1))))
        assert (row["overdue"], row["soon"], row["longest"]) == (0, 1, None)

    def test_working_days_end_later(self) -> None:
        known = course(known_at=MONDAY - timedelta(hours=1))
        (row,) = rows(deadlines(known, readings={("pilkada", "lapor"): DayType.WORKING}))
        assert (row["overdue"], row["soon"]) == (0, 1)

    def test_the_longest_delay_is_told_in_days(self) -> None:
        late = [course(known_at=MONDAY - timedelta(days=days, hours=1)) for days in (3, 12)]
        assert rows(deadlines(*late))[0]["longest"] == 12

    def test_a_start_that_nobody_set_is_proposed(self) -> None:
        assert rows(deadlines(course(first_opened_at=MONDAY)))[0]["proposed"] == 1

    def test_open_cases_without_a_limit_are_told_and_closed_ones_are_not(self) -> None:
        section = deadlines(course(), course(CaseState.DIKESAMPINGKAN, known_at=MONDAY))
        assert [tuple(row) for row in section.rows] == [("belum ada batas yang berjalan", 1, 0, 0, 0, None)]
        assert section.total[1] == 1


class TestFollowUp:
    def told(self, *courses: CourseFact) -> Section:
        follow_up = FollowUp(WINDOW, {"contoh": LAW})
        for one in courses:
            follow_up.see(one)
        return follow_up.section()

    @pytest.mark.parametrize(
        ("sent", "employment", "name"),
        [
            (datetime(2024, 10, 13, 16, tzinfo=UTC), Employment.PNS, "Instansi Lama"),
            (datetime(2024, 10, 13, 17, tzinfo=UTC), Employment.PNS, "Instansi Baru"),
            (datetime(2024, 10, 13, 17, tzinfo=UTC), Employment.PPPK, "tidak disebut dalam ketentuan"),
        ],
    )
    def test_the_addressee_is_that_of_the_day_in_the_place(
        self, sent: datetime, employment: Employment, name: str
    ) -> None:
        (row,) = rows(self.told(course(CaseState.DITERUSKAN, employment, forwarded_at=sent)))
        assert row["addressee"] == name

    def test_answered_and_waiting_cases_are_told_apart(self) -> None:
        sent = MONDAY - timedelta(days=9)
        section = self.told(
            course(CaseState.DITERUSKAN, forwarded_at=sent),
            course(CaseState.TINDAK_LANJUT, forwarded_at=sent, answered_at=MONDAY),
            course(CaseState.DITUTUP, forwarded_at=MONDAY - timedelta(days=20), answered_at=sent, closed_at=MONDAY),
        )
        (row,) = rows(section)
        assert (row["whole"], row["answered"], row["closed"], row["waiting"], row["longest"]) == (3, 2, 1, 1, 16)

    def test_what_is_registered_and_not_sent_is_named(self) -> None:
        assert "belum diteruskan pada akhir pekan: 1." in self.told(course(CaseState.TERDAFTAR)).note


@pytest.mark.parametrize(
    ("note", "number"),
    [
        ("Pleno 12/10/2024, nomor 001/Reg/TM/PB/Kab/07.05/X/2024.", "001/Reg/TM/PB/Kab/07.05/X/2024"),
        ("surat B-12/PM.00.02/K.1/10/2024 kepada instansi", "B-12/PM.00.02/K.1/10/2024"),
        ("003/LP/PB/Kab/99.01/2024", "003/LP/PB/Kab/99.01/2024"),
        ("12/10/2024", None),
        ("https://contoh.id/berita/2024", None),
        ("lihat 12/berita/contoh", None),
        ("NIP 197801012006041001", None),
        ("", None),
    ],
)
def test_the_number_of_a_paper_is_read_from_a_note(note: str, number: str | None) -> None:
    assert paper_number(note) == number
