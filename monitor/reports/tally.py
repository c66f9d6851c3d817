"""Counting facts into rows: what the week brought and what came since the stage in force began."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import median

from db.report_facts import CaseFact, EventFact, HitFact
from monitor.domain import CaseState, EventKind

Key = tuple[Hashable, ...]


@dataclass(frozen=True, slots=True)
class Window:
    """The week, half-open, and for every contest the start of the stage in force at its end."""

    starts: datetime
    ends: datetime
    stage_starts: Mapping[int, datetime]

    def in_week(self, at: datetime) -> bool:
        """Whether something happened in the week."""
        return self.starts <= at < self.ends

    def in_stage(self, at: datetime, contest_id: int) -> bool:
        """Whether it happened before the week's end and, where a stage is in force, since that began."""
        begins = self.stage_starts.get(contest_id)
        return at < self.ends and (begins is None or at >= begins)


@dataclass(frozen=True, slots=True)
class Indication:
    """One hit in its case, with when the program put it there."""

    hit: HitFact
    case: CaseFact
    at: datetime


@dataclass(frozen=True, slots=True)
class Course:
    """What the events of one case tell of it at the end of the week."""

    case: CaseFact
    opened_at: datetime
    state: CaseState
    first_opened_at: datetime | None
    decided_at: datetime | None


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision that no later event took back."""

    case: CaseFact
    at: datetime
    to_state: CaseState
    reason: str


@dataclass(frozen=True, slots=True)
class Facts:
    """The cases of a region as one as-of tells them, cut off at the week's end."""

    window: Window
    indications: tuple[Indication, ...]
    courses: tuple[Course, ...]
    decisions: tuple[Decision, ...]


def gather(
    cases: Sequence[CaseFact], events: Sequence[EventFact], hits: Mapping[int, HitFact], window: Window
) -> Facts:
    """Follow the events of every case up to the week's end."""
    by_id = {case.case_id: case for case in cases}
    known = [event for event in events if event.at < window.ends and event.case_id in by_id]
    indications = [
        Indication(hits[hit], by_id[event.case_id], event.at) for event in known for hit in event.hit_ids if hit in hits
    ]
    decisions = [
        Decision(by_id[event.case_id], event.at, event.to_state, event.reason)
        for event in known
        if event.kind is EventKind.DECIDED and not event.undone
    ]
    return Facts(window, tuple(indications), tuple(_courses(by_id, known)), tuple(decisions))


def _courses(cases: Mapping[int, CaseFact], events: Iterable[EventFact]) -> Iterable[Course]:
    grouped: dict[int, list[EventFact]] = {}
    for event in events:
        grouped.setdefault(event.case_id, []).append(event)
    for case_id, steps in grouped.items():
        read = (event.at for event in steps if event.kind is EventKind.FIRST_OPENED)
        decided = (event.at for event in steps if event.kind is EventKind.DECIDED)
        yield Course(cases[case_id], steps[0].at, steps[-1].to_state, next(read, None), next(decided, None))


def acts_and_cases(
    facts: Facts, of_act: Callable[[Indication], Key], of_case: Callable[[CaseFact], Key] | None
) -> dict[Key, tuple[int, int, int | None, int | None]]:
    """Return per key: acts in the week and in the stage, new cases in the week and in the stage.

    An act counts once per key however many rules it meets. Without `of_case` cases are not counted.
    """
    week_acts, stage_acts = _sets(), _sets()
    for one in facts.indications:
        key = of_act(one)
        if facts.window.in_week(one.at):
            week_acts.setdefault(key, set()).add(one.hit.interaction_id)
        if facts.window.in_stage(one.at, one.case.contest_id):
            stage_acts.setdefault(key, set()).add(one.hit.interaction_id)
    week_cases, stage_cases = _sets(), _sets()
    for course in facts.courses if of_case is not None else ():
        key = of_case(course.case) if of_case is not None else ()
        if facts.window.in_week(course.opened_at):
            week_cases.setdefault(key, set()).add(course.case.case_id)
        if facts.window.in_stage(course.opened_at, course.case.contest_id):
            stage_cases.setdefault(key, set()).add(course.case.case_id)
    keys = {*week_acts, *stage_acts, *week_cases, *stage_cases}
    counted = of_case is not None
    return {
        key: (
            len(week_acts.get(key, ())),
            len(stage_acts.get(key, ())),
            len(week_cases.get(key, ())) if counted else None,
            len(stage_cases.get(key, ())) if counted else None,
        )
        for key in keys
    }


def _sets() -> dict[Key, set[int]]:
    return {}


def in_windows(facts: Facts, moments: Iterable[tuple[datetime, int]]) -> tuple[int, int]:
    """Return how many (time, contest) lie in the week and in the stage."""
    pairs = list(moments)
    week = sum(facts.window.in_week(at) for at, _ in pairs)
    return week, sum(facts.window.in_stage(at, contest_id) for at, contest_id in pairs)


def median_hours(spans: Iterable[tuple[datetime, datetime]]) -> float | None:
    """Return the median length in hours with one decimal, None without any."""
    hours = [(end - start).total_seconds() / 3600 for start, end in spans]
    return round(median(hours), 1) if hours else None
