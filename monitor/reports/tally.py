"""Counting streams of facts: what the week brought, the week before it, and the stage in force; no fact is kept."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from db.report_facts import ActFact, CaseFact, CourseFact, MarkFact, StepFact, WorkFact
from monitor.domain import CaseState

Key = tuple[Hashable, ...]

Place = tuple[bool, bool, bool, bool, bool]
"""Whether in the week, the week before, the stage in force, an earlier contest's, and before the end."""

PAUSE = timedelta(minutes=30)
"""A reviewer's steps that lie further apart are not counted as one stretch of work."""


@dataclass(frozen=True, slots=True)
class Span:
    """Time of one contest, half-open."""

    starts: datetime
    ends: datetime

    def __contains__(self, at: datetime) -> bool:
        """Whether something happened in it."""
        return self.starts <= at < self.ends


@dataclass(frozen=True, slots=True)
class Window:
    """The week, the week before, and for contests the stage in force; `earlier` are spans of contests before them.

    A contest without a stage in force counts from its beginning.
    """

    week: Span
    before: Span
    stages: Mapping[int, datetime]
    earlier: Mapping[int, Span] = field(default_factory=dict)

    def in_stage(self, at: datetime, contest_id: int) -> bool:
        """Whether it happened before the week's end and, where a stage is in force, since that began."""
        begins = self.stages.get(contest_id)
        return at < self.week.ends and (begins is None or at >= begins)

    def place(self, at: datetime, contest_id: int) -> Place:
        """Return in which of the times that are counted something happened."""
        span = self.earlier.get(contest_id)
        return (
            at in self.week,
            at in self.before,
            self.in_stage(at, contest_id),
            span is not None and at in span,
            at < self.week.ends,
        )


@dataclass(slots=True)
class Count:
    """How many there were in the week, the week before, the stage in force, an earlier contest's, and in all so far."""

    week: int = 0
    before: int = 0
    stage: int = 0
    earlier: int = 0
    whole: int = 0

    def add(self, place: Place) -> None:
        """Count one."""
        week, before, stage, earlier, whole = place
        self.week += week
        self.before += before
        self.stage += stage
        self.earlier += earlier
        self.whole += whole


Counts = dict[Key, Count]


def counts() -> Counts:
    """Return an empty table of counts."""
    return defaultdict(Count)


@dataclass(slots=True)
class Hours:
    """How long something took, in tenths of an hour: what the report shows, so that no single length is kept."""

    tenths: Counter[int] = field(default_factory=Counter)

    def add(self, start: datetime, end: datetime) -> None:
        """Count one length, rounded to the nearest tenth of an hour."""
        self.tenths[(int((end - start).total_seconds()) + 180) // 360] += 1

    def median(self) -> float | None:
        """Return the median in hours with one decimal, None without any."""
        whole = self.tenths.total()
        if not whole:
            return None
        return round((self._at((whole - 1) // 2) + self._at(whole // 2)) / 20, 1)

    def _at(self, place: int) -> int:
        passed = 0
        for length in sorted(self.tenths):
            passed += self.tenths[length]
            if passed > place:
                return length
        return 0


@dataclass(slots=True)
class Acts:
    """Acts by each dimension, all of them, and the people and contests they are of."""

    by: dict[str, Counts]
    all: Count = field(default_factory=Count)
    people: Count = field(default_factory=Count)
    contests: Counts = field(default_factory=counts)


@dataclass(slots=True)
class Cases:
    """Cases by each dimension, all of them, and how far they came."""

    by: dict[str, Counts]
    all: Count = field(default_factory=Count)
    contests: Counts = field(default_factory=counts)
    states: Counter[CaseState] = field(default_factory=Counter)
    pairs: Counts = field(default_factory=counts)
    registration: Counts = field(default_factory=counts)
    stands: Counter[str] = field(default_factory=Counter)
    finds: Counts = field(default_factory=counts)
    to_open: tuple[Hours, Hours] = field(default_factory=lambda: (Hours(), Hours()))
    to_decide: tuple[Hours, Hours] = field(default_factory=lambda: (Hours(), Hours()))


@dataclass(slots=True)
class Steps:
    """Decisions by target and reason, and all of them; `to` by target alone."""

    by: Counts = field(default_factory=counts)
    to: Counts = field(default_factory=counts)
    all: Count = field(default_factory=Count)


@dataclass(slots=True)
class Work:
    """Work on cases in a time: seconds between steps of one person, steps, people, and cases touched a person."""

    seconds: int = 0
    steps: int = 0
    people: int = 0
    stretches: int = 0


def count_acts(
    acts: Iterable[ActFact], window: Window, of: Mapping[str, Callable[[ActFact], Key]]
) -> Acts:  # fmt: skip
    """Count acts that come person by person."""
    told = Acts({name: counts() for name in of})
    person, seen = 0, Count()
    for act in acts:
        if act.case.person_id != person:
            _add_person(told.people, seen)
            person, seen = act.case.person_id, Count()
        contest = act.case.contest_id
        place = window.place(act.at, contest)
        for count in (told.all, seen, told.contests[contest,], *(told.by[name][key(act)] for name, key in of.items())):
            count.add(place)
    _add_person(told.people, seen)
    return told


def _add_person(people: Count, seen: Count) -> None:
    people.week += seen.week > 0
    people.before += seen.before > 0
    people.stage += seen.stage > 0
    people.earlier += seen.earlier > 0
    people.whole += seen.whole > 0


def count_marks(facts: Iterable[MarkFact], window: Window) -> Counts:
    """Count by mark."""
    told = counts()
    for fact in facts:
        told[fact.mark].add(window.place(fact.at, fact.contest_id))
    return told


def count_cases(
    courses: Iterable[CourseFact],
    window: Window,
    of: Mapping[str, Callable[[CaseFact], Key]],
    watch: Iterable[Callable[[CourseFact], None]] = (),
) -> Cases:
    """Count cases by when they were opened; each `watch` sees every one of them too."""
    told = Cases({name: counts() for name in of})
    others = tuple(watch)
    for course in courses:
        case, at = course.case, course.opened_at
        where, place = registration(course), window.place(at, case.contest_id)
        for count in (
            told.all,
            told.contests[case.contest_id,],
            told.pairs[case.candidate_id,],
            told.registration[where,],
            told.finds[course.find,],
            *(told.by[name][key(case)] for name, key in of.items()),
        ):
            count.add(place)
        told.states[course.state] += 1
        told.stands[where] += 1
        _took(told.to_open, window, at, course.first_opened_at)
        _took(told.to_decide, window, at, course.decided_at)
        for look in others:
            look(course)
    return told


def _took(hours: tuple[Hours, Hours], window: Window, start: datetime, end: datetime | None) -> None:
    if end is None:
        return
    hours[1].add(start, end)
    if start in window.week:
        hours[0].add(start, end)


REGISTERED, NOT_REGISTERED, SET_ASIDE, PENDING = "teregistrasi", "tidak", "dikesampingkan", "belum"


def registration(course: CourseFact) -> str:
    """Return whether a case was registered, was not, was set aside before, or is not decided yet."""
    if not course.state.before_registration:
        return REGISTERED
    if course.state is CaseState.TIDAK_DIREGISTRASI:
        return NOT_REGISTERED
    return SET_ASIDE if course.state is CaseState.DIKESAMPINGKAN else PENDING


def count_steps(steps: Iterable[StepFact], window: Window) -> Steps:
    """Count decisions."""
    told = Steps()
    for step in steps:
        place = window.place(step.at, step.contest_id)
        for count in (told.all, told.by[step.to_state, step.reason], told.to[step.to_state,]):
            count.add(place)
    return told


def count_work(facts: Iterable[WorkFact]) -> Work:
    """Add up the time between a person's steps; after a pause a new stretch begins, of which the start is not known."""
    told = Work()
    before: WorkFact | None = None
    for fact in facts:
        told.steps += 1
        if before is None or before.user_id != fact.user_id:
            told.people += 1
            told.stretches += 1
        elif fact.at - before.at <= PAUSE:
            told.seconds += int((fact.at - before.at).total_seconds())
        else:
            told.stretches += 1
        before = fact
    return told
