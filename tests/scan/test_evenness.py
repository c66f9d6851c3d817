"""A clock that is set while a night goes is told; one that is set right little by little is not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from monitor.domain import Issue
from monitor.scan.evenness import Evenness
from tests.scan.offices import NOW, HeldClock


def told(jump: timedelta, ticks: Callable[[], float] | None = lambda: 0.0) -> list[Issue]:
    clock = HeldClock()
    watch = Evenness(clock, ticks, NOW, 0.0)
    clock.now += jump
    return watch.issues()


@pytest.mark.parametrize(
    ("jump", "words"),
    [
        (timedelta(hours=5), "maju 5 jam"),
        (timedelta(hours=-3), "mundur 3 jam"),
        (timedelta(minutes=-20), "mundur 20 menit"),
    ],
)
def test_a_jump_is_told_with_its_way_and_length(jump: timedelta, words: str) -> None:
    (issue,) = told(jump)
    assert (issue.kind, issue.needs_person, words in issue.detail) == ("clock", True, True)


def test_a_clock_that_is_set_right_little_by_little_is_not_told() -> None:
    assert told(timedelta(seconds=90)) == []


def test_a_night_that_takes_hours_is_no_jump() -> None:
    assert told(timedelta(hours=7), lambda: 7 * 3600.0) == []


def test_where_no_seconds_are_counted_nothing_is_said() -> None:
    assert told(timedelta(days=2), None) == []
