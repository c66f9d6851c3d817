"""When jobs are due: cron expressions in the office's time zone, some of them only while a contest is in a stage."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from apscheduler.triggers.cron import CronTrigger

from monitor.domain import Contest, Issue, Job, StageKind
from monitor.errors import ConfigError
from monitor.settings import Settings

REMEMBERED = timedelta(days=31)
"""How far back due times are looked for: what was due before that is not told of any more."""

UNREADABLE = "schedule_unreadable"
"""What a night remarks of a line of the schedule that it cannot read."""

_TICK = timedelta(microseconds=1)
_VALUE = "(?:[0-9]{1,2}|[A-Za-z]{3})"
_PIECE = re.compile(rf"(?:\*|{_VALUE}-{_VALUE})(?:/[0-9]{{1,2}})?|{_VALUE}")
_LEAP_YEAR = datetime(2028, 1, 1, tzinfo=UTC)  # it has every day that there is
_DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat", "sun")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NAME = re.compile("[A-Za-z]+")
_NEAR = tuple(timedelta(hours=hours) for hours in (2, 26, 170))  # most jobs have a due time within one of these
Span = tuple[datetime, datetime | None]
_ALWAYS: tuple[Span, ...] = ((datetime.min.replace(tzinfo=UTC), None),)


@dataclass(frozen=True, slots=True)
class Beat:
    """One cron expression; with `stages` only times inside one of these half-open spans count."""

    cron: str
    trigger: CronTrigger
    stages: tuple[Span, ...] | None = None

    def dues(self, after: datetime, upto: datetime) -> list[datetime]:
        """Return the due times in (after, upto], oldest first, in the office's zone."""
        found: set[datetime] = set()
        for starts, ends in self._spans():
            moment = self._first(max(after + _TICK, starts))
            while moment is not None and moment <= upto and (ends is None or moment < ends):
                found.add(moment)
                moment = self.trigger.get_next_fire_time(moment, moment)
        return sorted(found)

    def next_due(self, after: datetime) -> datetime | None:
        """Return the first due time after a moment; None when there is none any more."""
        firsts = [(self._first(max(after + _TICK, starts)), ends) for starts, ends in self._spans()]
        return min((due for due, ends in firsts if due is not None and (ends is None or due < ends)), default=None)

    def _spans(self) -> tuple[Span, ...]:
        return _ALWAYS if self.stages is None else self.stages

    def _first(self, moment: datetime) -> datetime | None:
        due: datetime | None = self.trigger.get_next_fire_time(None, moment)
        return due


@dataclass(frozen=True, slots=True)
class Rhythm:
    """When a job is due: whenever one of its beats is."""

    job: Job
    beats: tuple[Beat, ...]

    @property
    def cron(self) -> str:
        """Its cron expressions as a person reads them."""
        return "; ".join(dict.fromkeys(beat.cron for beat in self.beats))

    def dues(self, after: datetime, upto: datetime) -> list[datetime]:
        """Return the due times in (after, upto], oldest first, none that lies further back than `REMEMBERED`."""
        first = max(after, upto - REMEMBERED)
        return sorted({due for beat in self.beats for due in beat.dues(first, upto)})

    def last_due(self, upto: datetime) -> datetime | None:
        """Return the newest due time up to a moment, None when none is remembered."""
        for near in (*_NEAR, REMEMBERED):
            if found := self.dues(upto - near, upto):
                return found[-1]
        return None

    def next_due(self, after: datetime) -> datetime | None:
        """Return the first due time after a moment, None when there is none any more."""
        return min((due for beat in self.beats if (due := beat.next_due(after)) is not None), default=None)


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A line of the schedule that is no cron expression: its setting, e.g. `schedule.digest`, its job, and why."""

    setting: str
    job: Job
    error: ConfigError

    @property
    def words(self) -> str:
        """The setting and what is wrong with it, for a person."""
        return f"{self.setting}: {self.error.message}"

    def raised(self) -> ConfigError:
        """Return what is to be raised for it."""
        return ConfigError(self.words, self.error.mend)


@dataclass(frozen=True, slots=True)
class Timetable:
    """When every job is due whose lines can be read, and the lines that cannot: a job with one of those has no time."""

    rhythms: dict[Job, Rhythm]
    unreadable: tuple[Unreadable, ...] = ()

    def failure(self, job: Job | None = None) -> ConfigError | None:
        """Return what is to be raised for the first line of a job, or of any, that cannot be read."""
        found = next((one for one in self.unreadable if job in (None, one.job)), None)
        return found.raised() if found is not None else None


def rhythms(settings: Settings, contests: Iterable[Contest] = ()) -> dict[Job, Rhythm]:
    """Return when every job is due that is switched on; ConfigError names a line that is no cron expression."""
    found = timetable(settings, contests)
    if (failure := found.failure()) is not None:
        raise failure
    return found.rhythms


def timetable(settings: Settings, contests: Iterable[Contest] = ()) -> Timetable:
    """Return when every job is due that is switched on: a line that cannot be read keeps no other job from its time."""
    zone, spans = settings.agency.zone, stage_spans(contests)
    found: dict[Job, Rhythm] = {}
    unreadable: list[Unreadable] = []
    for job in Job:
        beats, wrong = [], len(unreadable)
        for setting, cron, stages in _lines(settings, job, spans):
            try:
                beats.append(Beat(cron, trigger_of(cron, zone), stages))
            except ConfigError as error:
                unreadable.append(Unreadable(setting, job, error))
        if beats and len(unreadable) == wrong:
            found[job] = Rhythm(job, tuple(beats))
    return Timetable(found, tuple(unreadable))


def remarks(settings: Settings) -> tuple[Issue, ...]:
    """Return what a night has to say of lines that cannot be read: jobs that do not run by themselves any more."""
    return tuple(Issue("", UNREADABLE, one.words) for one in timetable(settings).unreadable)


def _lines(
    settings: Settings, job: Job, spans: Mapping[StageKind, tuple[Span, ...]]
) -> Iterator[tuple[str, str, tuple[Span, ...] | None]]:
    """Yield the lines of a job that is switched on: the setting, what it says, and the spans in which it counts."""
    if job is Job.REVISIT:
        for stage, cron in settings.schedule.revisit.items():
            if cron.strip():
                yield f"schedule.revisit.{stage.value}", cron, spans.get(stage, ())
    elif not (job is Job.BACKUP and settings.backup.folder is None):
        cron = str(getattr(settings.schedule, job.value))
        if cron.strip():
            yield f"schedule.{job.value}", cron, None


def stage_spans(contests: Iterable[Contest]) -> Mapping[StageKind, tuple[Span, ...]]:
    """Return by stage when any contest is in it; a stage ends where the contest's next one starts."""
    found: dict[StageKind, list[Span]] = {}
    for contest in contests:
        ends = [stage.starts for stage in contest.stages[1:]]
        for stage, end in zip(contest.stages, [*ends, None], strict=True):
            found.setdefault(stage.kind, []).append((stage.starts, end))
    return {kind: tuple(spans) for kind, spans in found.items()}


def trigger_of(cron: str, zone: ZoneInfo) -> CronTrigger:
    """Return the trigger of a cron expression; ConfigError for what is none, and for one that never comes.

    One that names a day of the month and a weekday means "either" to cron and "both" to others, so it is refused; so is
    what only APScheduler reads, since cron and systemd keep the same times.
    """
    fields = cron.split()
    if len(fields) == 5 and fields[2] != "*" and fields[4] != "*":
        raise ConfigError(f"Jadwal «{cron}» menyebut tanggal dan hari pekan sekaligus", "pilih salah satu")
    wrong = ConfigError(f"Jadwal «{cron}» bukan baris cron", 'tulis lima isian, misalnya "30 1 * * *"')
    if not all(_PIECE.fullmatch(piece) for field in fields for piece in field.split(",")):
        raise wrong
    try:
        trigger = CronTrigger.from_crontab(_as_apscheduler_reads(cron), timezone=zone)
    except (ValueError, IndexError) as error:
        raise wrong from error
    if trigger.get_next_fire_time(None, _LEAP_YEAR) is None:
        raise ConfigError(f"Jadwal «{cron}» tidak pernah tiba", "sebut tanggal yang ada pada bulan itu")
    return trigger


def weekdays(field: str) -> tuple[str, ...]:
    """Return the names of the weekdays of a cron field, which counts from Sunday; ValueError for what is none.

    APScheduler counts from Monday and takes no span over the end of a week.
    """
    found: list[int] = []
    for piece in field.lower().split(","):
        span, _, step = piece.partition("/")
        first, _, last = ("0-6" if span == "*" else span).partition("-")
        begins = _weekday(first)
        ends = _weekday(last) if last else begins
        found += range(begins, ends + 1 if ends >= begins else ends + 8, int(step or 1))
    return tuple(dict.fromkeys(_DAYS[day % 7] for day in found))


def months(field: str) -> str:
    """Return a cron field of months with numbers for names; ValueError for a name that is none.

    APScheduler reads no step behind a span of names, and the guide of cron allows no names in spans and lists.
    """
    return _NAME.sub(lambda name: str(_MONTHS.index(name[0].lower()) + 1), field)


def _weekday(name: str) -> int:
    return int(name) % 8 if name.isdigit() and int(name) < 8 else _DAYS.index(name)


def _as_apscheduler_reads(cron: str) -> str:
    *head, month, days = cron.split()
    return " ".join([*head, months(month), days if days == "*" else ",".join(weekdays(days))])
