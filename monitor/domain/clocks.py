"""Legal limits of time: which one runs for a case, when it ends, and on which of its days we are.

Day one is the day after the start, and the limit ends with its last day, at midnight of the region's own zone. Whether
days are calendar or working days is configuration, since sources contradict each other (Pasal 1 angka 28 UU 8/2015
against Putusan MK 155/PUU-XIII/2015 and 31/PUU-XVI/2018).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from monitor.domain.acts import utc
from monitor.domain.contests import Regime
from monitor.domain.law import LegalClock
from monitor.domain.review import CaseState
from monitor.domain.zones import zone_of

FURTHER = ("keterangan_tambahan", "verifikasi_satgas", "kajian_sbt")
"""Limits that run beside the one of a case's state, from when an officer says that they began."""

BREACH = timedelta(hours=3 * 24)
"""Within what a breach of personal data must be told of, by the clock (Pasal 46 UU 27/2022)."""

_SATURDAY = 5
_LONGEST = 366


class DayType(StrEnum):
    """How the days of a limit are counted."""

    CALENDAR = "calendar"
    WORKING = "working"


class ClockStart(StrEnum):
    """What a limit of time counts from."""

    KNOWN_AT = "known_at"
    RECEIVED_AT = "received_at"
    REGISTERED_AT = "registered_at"
    VERIFIED_AT = "verified_at"


@dataclass(frozen=True, slots=True)
class RunningClock:
    """A limit that runs for a case.

    `day` is 0 on the day of the start. `proposed` says that no officer has said yet when it began: the program then
    counts from when a person first opened the case. `disputed` says that sources differ on the limit itself.
    """

    name: str
    days: int
    day_type: DayType
    starts_at: datetime
    due_at: datetime
    day: int
    proposed: bool = False
    disputed: bool = False
    basis: str = ""

    @property
    def warning(self) -> bool:
        """Whether an officer must be warned now: on day 4 and 6 of seven, on the last day, and after it."""
        return self.day in warning_days(self.days) or self.day >= self.days


@dataclass(frozen=True, slots=True)
class Starts:
    """When what a limit counts from happened to a case; None while it has not."""

    known_at: datetime | None = None
    first_opened_at: datetime | None = None
    registered_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Days:
    """How days are counted for a case: its region, holidays, the moment, and the office's own readings."""

    region: str
    free: Collection[date]
    now: datetime
    readings: Mapping[tuple[str, str], DayType] = field(default_factory=dict)


def breach_due(known_at: datetime) -> datetime:
    """Return until when (UTC) those concerned and the authority must be told of a breach of personal data."""
    return utc(known_at) + BREACH


def warning_days(days: int) -> tuple[int, ...]:
    """Return on which days of a limit to warn: of seven on 4, 6 and 7, of other lengths in proportion."""
    return tuple(sorted({max(1, round(days * 4 / 7)), max(1, days - 1), days}))


def due_at(start: datetime, days: int, day_type: DayType, region: str, free: Collection[date]) -> datetime:
    """Return the moment (UTC) at which the last day ends; `free` are holidays, which only working days pass over."""
    day, left = _local(start, region), days
    for _ in range(days + _LONGEST):
        if not left:
            break
        day += timedelta(days=1)
        left -= _counts(day, day_type, free)
    return utc(datetime.combine(day + timedelta(days=1), time(), zone_of(region)))


def day_number(start: datetime, now: datetime, day_type: DayType, region: str, free: Collection[date]) -> int:
    """Return which day of a limit it is: 0 on the day of the start, days past the last one go on counting."""
    first, last = _local(start, region), _local(now, region)
    span = (first + timedelta(days=n) for n in range(1, (last - first).days + 1))
    return sum(_counts(day, day_type, free) for day in span)


def running(  # noqa: PLR0913 - a limit depends on the law, the case, the place, the calendar and the moment
    clocks: Iterable[LegalClock],
    regime: Regime,
    state: CaseState,
    starts: Starts,
    *,
    region: str,
    free: Collection[date],
    now: datetime,
    day_types: Mapping[tuple[str, str], DayType] = {},
) -> RunningClock | None:
    """Return the limit that runs for a case, None when none does or what it counts from has not happened.

    `day_types` are the office's own readings, by regime and name of the limit. A limit whose kind of day no source
    tells is counted in calendar days, which end first.
    """
    clock = _clock_for([clock for clock in clocks if clock.regime is regime], state)
    if clock is None:
        return None
    start, proposed = _start(clock, starts)
    if start is None:
        return None
    return _counted(clock, start, Days(region, free, now, day_types), proposed=proposed)


def further(
    clocks: Iterable[LegalClock], regime: Regime, state: CaseState, started: Mapping[str, datetime], days: Days
) -> tuple[RunningClock, ...]:
    """Return the limits that run beside the one of a case's state, the nearest end first; none for a closed case.

    `started` says by name since when each runs.
    """
    if not state.open:
        return ()
    named = [clock for clock in clocks if clock.regime is regime and clock.name in FURTHER and clock.name in started]
    found = [_counted(clock, started[clock.name], days) for clock in named]
    return tuple(sorted(found, key=lambda clock: clock.due_at))


def _counted(clock: LegalClock, start: datetime, days: Days, *, proposed: bool = False) -> RunningClock:
    told = DayType.WORKING if clock.day_type == DayType.WORKING else DayType.CALENDAR
    day_type = days.readings.get((clock.regime.value, clock.name), told)
    return RunningClock(
        name=clock.name,
        days=clock.days,
        day_type=day_type,
        starts_at=start,
        due_at=due_at(start, clock.days, day_type, days.region, days.free),
        day=day_number(start, days.now, day_type, days.region, days.free),
        proposed=proposed,
        disputed=clock.disputed or clock.day_type not in tuple(DayType),
        basis=clock.basis,
    )


def _clock_for(clocks: Iterable[LegalClock], state: CaseState) -> LegalClock | None:
    """Return the limit of a state: to register until it is registered, to follow up from then until it is handed on."""
    by_name = {clock.name: clock for clock in clocks}
    if state is CaseState.TERDAFTAR:
        return by_name.get("tindak_lanjut")
    if state.open and state.before_registration:
        return by_name.get("temuan") or by_name.get("lapor")
    return None


def _start(clock: LegalClock, starts: Starts) -> tuple[datetime | None, bool]:
    if clock.starts == ClockStart.KNOWN_AT:
        return (starts.known_at, False) if starts.known_at is not None else (starts.first_opened_at, True)
    return starts.registered_at, False


def _local(moment: datetime, region: str) -> date:
    return moment.astimezone(zone_of(region)).date()


def _counts(day: date, day_type: DayType, free: Collection[date]) -> bool:
    return day_type is DayType.CALENDAR or (day.weekday() < _SATURDAY and day not in free)
