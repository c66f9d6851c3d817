"""When jobs are due: cron expressions in the office's time zone, some of them only while a contest is in a stage."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from apscheduler.triggers.cron import CronTrigger

from monitor.domain import Contest, Job, StageKind
from monitor.errors import ConfigError
from monitor.settings import Settings

REMEMBERED = timedelta(days=31)
"""How far back due times are looked for: what was due before that is not told of any more."""

_TICK = timedelta(microseconds=1)
_VALUE = "(?:[0-9]{1,2}|[A-Za-z]{3})"
_PIECE = re.compile(rf"(?:\*|{_VALUE}-{_VALUE})(?:/[0-9]{{1,2}})?|{_VALUE}")
_LEAP_YEAR = datetime(2028, 1, 1, tzinfo=UTC)  # it has every day that there is
_DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat", "sun")
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


def rhythms(settings: Settings, contests: Iterable[Contest] = ()) -> dict[Job, Rhythm]:
    """Return when every job is due that is switched on; ConfigError names a line that is no cron expression."""
    zone, schedule = settings.agency.zone, settings.schedule
    spans = stage_spans(contests)
    found: dict[Job, Rhythm] = {}
    for job in Job:
        if job is Job.REVISIT:
            staged = {stage: cron for stage, cron in schedule.revisit.items() if cron.strip()}
            beats = tuple(Beat(cron, trigger_of(cron, zone), spans.get(stage, ())) for stage, cron in staged.items())
        else:
            cron = str(getattr(schedule, job.value))
            beats = (Beat(cron, trigger_of(cron, zone)),) if cron.strip() else ()
        if beats and not (job is Job.BACKUP and settings.backup.folder is None):
            found[job] = Rhythm(job, beats)
    return found


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
        trigger = CronTrigger.from_crontab(_named_days(cron), timezone=zone)
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


def _weekday(name: str) -> int:
    return int(name) % 8 if name.isdigit() and int(name) < 8 else _DAYS.index(name)


def _named_days(cron: str) -> str:
    *head, days = cron.split()
    return " ".join([*head, days if days == "*" else ",".join(weekdays(days))])
