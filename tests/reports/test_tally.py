from __future__ import annotations

import tracemalloc
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from statistics import median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.report_facts import ActFact, CaseFact, ContestFact, WorkFact
from monitor.domain import Act, Employment, StageKind
from monitor.reports.comparison import pairings
from monitor.reports.sections import of_acts
from monitor.reports.sections_coverage import blind_spans
from monitor.reports.tally import Hours, Span, Window, count_acts, count_work

MONDAY = datetime(2024, 10, 14, tzinfo=UTC)
WEEK = timedelta(days=7)
WINDOW = Window(Span(MONDAY, MONDAY + WEEK), Span(MONDAY - WEEK, MONDAY), {1: MONDAY - timedelta(days=20)})
HOUR = timedelta(hours=1)


def acts(count: int) -> Iterator[ActFact]:
    for number in range(count):
        case = CaseFact(
            number, number // 3, Employment.PNS, "99.01", 1, 1, "skb-2-2022", "B6", StageKind.KAMPANYE, "Staf"
        )
        yield ActFact(
            case, number, Act.LIKE, "bluesky", MONDAY - timedelta(days=30) + timedelta(minutes=number % 50_000)
        )


def peak(count: int) -> int:
    tracemalloc.start()
    count_acts(acts(count), WINDOW, of_acts())
    told = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return told


def test_counting_needs_no_more_memory_for_more_acts() -> None:
    peak(100)
    assert peak(30_000) < peak(1_000) * 1.5


@given(st.lists(st.integers(0, 100 * 3600), min_size=1, max_size=40))
def test_the_median_is_that_of_hours_rounded_to_tenths(seconds: list[int]) -> None:
    hours = Hours()
    for one in seconds:
        hours.add(MONDAY, MONDAY + timedelta(seconds=one))
    tenths = [(one + 180) // 360 / 10 for one in seconds]
    assert hours.median() == pytest.approx(median(tenths), abs=0.0501)


def test_without_any_length_there_is_no_median() -> None:
    assert Hours().median() is None


def test_pauses_and_other_people_are_no_work() -> None:
    minutes = [(1, 0), (1, 10), (1, 60), (1, 65), (2, 66), (2, 96), (3, 100)]
    told = count_work(WorkFact(user, 1, MONDAY + timedelta(minutes=at)) for user, at in minutes)
    assert (told.seconds // 60, told.people, told.steps, told.stretches) == (10 + 5 + 30, 3, 7, 4)


def contest(number: int, *stages: tuple[StageKind, datetime], office: str = "bupati") -> ContestFact:
    return ContestFact(number, f"Contoh {number}", "99.01", office, stages)


def test_a_contest_is_held_against_the_newest_one_before_it_at_the_same_day_of_the_stage() -> None:
    begins = MONDAY - timedelta(days=3)
    old = [
        contest(
            n,
            (StageKind.KAMPANYE, begins - timedelta(days=365 * n)),
            (StageKind.PASCA, begins - timedelta(days=365 * n - 90)),
        )
        for n in (5, 10)
    ]
    other = contest(3, (StageKind.KAMPANYE, begins - timedelta(days=100)), office="gubernur")
    (pair,) = [
        p
        for p in pairings([contest(1, (StageKind.KAMPANYE, begins)), *old, other], MONDAY)
        if p.contest.contest_id == 1
    ]
    assert (pair.earlier, pair.days) == (old[0], 3)
    assert pair.span == Span(begins - timedelta(days=365 * 5), begins - timedelta(days=365 * 5 - 3))


def test_the_earlier_stage_is_looked_at_no_further_than_its_own_end() -> None:
    old = contest(
        2, (StageKind.KAMPANYE, MONDAY - timedelta(days=400)), (StageKind.PASCA, MONDAY - timedelta(days=390))
    )
    (pair,) = pairings([old, contest(1, (StageKind.KAMPANYE, MONDAY - timedelta(days=60)))], MONDAY)
    assert pair.span == Span(MONDAY - timedelta(days=400), MONDAY - timedelta(days=390))


def test_a_contest_that_is_over_is_not_held_against_another() -> None:
    assert pairings([contest(1, (StageKind.PASCA, MONDAY - WEEK))], MONDAY) == ()


def test_a_source_that_nobody_asked_has_no_hours_seen() -> None:
    assert blind_spans([], WINDOW.week).rows == ()
