"""How cases stood against legal limits of time at the end of the week."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from db.report_facts import CourseFact
from monitor.domain import LegalClock, Regime
from monitor.domain.clocks import DayType, RunningClock, Starts, running
from monitor.domain.zones import zone_of
from monitor.reports.model import Column, ColumnKind, Section
from monitor.reports.sections import TOTAL

_NAMES = {"lapor": "pelaporan", "temuan": "penetapan hasil pengawasan", "tindak_lanjut": "penanganan"}
_SOON = timedelta(days=7)
_NOTHING = "belum ada batas yang berjalan"


@dataclass(frozen=True, slots=True)
class Calendar:
    """What limits are counted with: law profiles as stored, days off, and the office's readings of kinds of day."""

    profiles: Mapping[str, Mapping[str, Any]]
    free: Collection[date]
    readings: Mapping[tuple[str, str], DayType]


class Deadlines:
    """Counts open cases by the limit that runs for them; told of every case once.

    A limit depends on the days of its starts alone, so equal ones are worked out once.
    """

    def __init__(self, calendar: Calendar, ends: datetime) -> None:
        self._calendar = calendar
        self._ends = ends
        self._known: dict[tuple[object, ...], RunningClock | None] = {}
        self._clocks = {
            law: tuple(
                LegalClock(**(clock | {"regime": Regime(clock["regime"])})) for clock in profile.get("clocks", ())
            )
            for law, profile in calendar.profiles.items()
        }
        self._rows: dict[str, list[int]] = defaultdict(lambda: [0] * 5)

    def see(self, course: CourseFact) -> None:
        """Count one case."""
        if not course.state.open:
            return
        clock = self._clock(course)
        if clock is None:
            self._rows[""][0] += 1
            return
        late = self._ends - clock.due_at
        row = self._rows[clock.name]
        row[0] += 1
        row[1] += timedelta() <= late
        row[2] += -_SOON <= late < timedelta()
        row[3] += clock.proposed
        row[4] = max(row[4], late.days)

    def section(self) -> Section:
        """Return the table."""
        named = sorted((name, row) for name, row in self._rows.items() if name)
        rows = [(_NAMES.get(name, name), *row[:4], row[4] if row[1] else None) for name, row in named]
        if "" in self._rows:
            rows.append((_NOTHING, self._rows[""][0], 0, 0, 0, None))
        columns = (
            Column("limit", "Batas waktu", ColumnKind.TEXT),
            Column("cases", "Informasi awal terbuka"),
            Column("overdue", "Lewat batas waktu"),
            Column("soon", "Jatuh tempo dalam 7 hari"),
            Column("proposed", "Mulainya baru usulan program"),
            Column("longest", "Paling lama lewat (hari)"),
        )
        sums = [sum(row[at] for row in self._rows.values()) for at in range(4)]
        total = (TOTAL, *sums, max((row[4] for row in self._rows.values() if row[1]), default=None))
        note = (
            "Keadaan pada akhir pekan, dengan kalender dan bacaan kantor pada saat laporan dibuat. Selama petugas "
            "belum menetapkan waktu diketahui, batas dihitung sejak informasi awal pertama dibuka."
        )
        return Section("deadlines", "Batas waktu", columns, tuple(rows), note, ("overdue", "soon"), total)

    @property
    def overdue(self) -> int:
        """How many open cases are past their limit."""
        return sum(row[1] for row in self._rows.values())

    def _clock(self, course: CourseFact) -> RunningClock | None:
        region = course.case.jurisdiction
        zone = zone_of(region)
        starts = (course.known_at, course.first_opened_at, course.registered_at)
        days = tuple(start.astimezone(zone).date() if start is not None else None for start in starts)
        key = (course.case.law, course.regime, course.state, zone.key, *days)
        if key not in self._known:
            self._known[key] = running(
                self._clocks.get(course.case.law, ()),
                course.regime,
                course.state,
                Starts(*starts),
                region=region,
                free=self._calendar.free,
                now=self._ends,
                day_types=self._calendar.readings,
            )
        return self._known[key]
