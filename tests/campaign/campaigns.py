"""A campaign as it is run: night after night a started process, mornings with checks and decisions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from db import cases, users
from db.connect import Database
from db.tables import host_pace
from monitor import desk
from monitor.desk.night_summary import gaps_of, last_night
from monitor.domain import CaseFilter, CaseState, DecisionCommand, Grant, Role, UserRow
from tests.campaign.mornings import Stored, complaints, stored
from tests.campaign.playing import Mishap, Play, live_in, steps_of
from tests.campaign.story import DECIDED, Story
from tests.peers.registers import settings, write_registers
from tests.peers.warm import Started, start
from tests.peers.world import Part
from tests.scan.offices import HeldClock, Office, make_office
from tests.scan.written_bluesky import URLS

OFFICER = "rina"
NIGHTLY = ("schedule", "once", "nightly")
_SECONDS = 280
_ONLY_NIGHTS = """
[schedule]
recheck = ""
weekly = ""
digest = ""
retention = ""
verify = ""
backup = ""
revisit = {}

[workers]
retry_seconds = 0.2
lost_seconds = 6
tries = 100
"""
_ASIDE = (CaseState.DIKESAMPINGKAN, "bukan_konten_calon")


@dataclass(frozen=True, slots=True)
class Ended:
    """How a process ended: its exit code, what it printed and what it said on its error output."""

    code: int | None
    out: str
    said: str


@dataclass
class Campaign:
    """An office that lives through a story. `steps` are the requests and writes of the last night's last process."""

    story: Story
    office: Office
    database: Database
    environment: Mapping[str, str]
    steps: list[tuple[int, int]] = field(default_factory=list)
    processes: int = 0

    def begin(self) -> None:
        """Add the officer, and import the files as they are before the first night."""
        with self.database.write() as session:
            made = users.add_user(session, OFFICER, "Rina Contoh", "-", self.story.moment(0))
            users.grant_role(session, made.id, Grant(Role.KOORDINATOR, "99.01"), self.story.moment(0))
        self.register(0)

    def evening(self, night: int) -> None:
        """Import what changed in the office's files; a day has gone by for the database's own clock too."""
        with self.database.write() as session:
            session.execute(sa.delete(host_pace))
        if self.story.registers_anew(night):
            self.register(night)

    def register(self, night: int) -> None:
        """Import the office's files as they are on a night."""
        self.office.clock.now = self.story.moment(night) - timedelta(hours=2)
        world = self.story.register(night)
        names = {a.key: self.story.network(night).accounts[a.key] for a in world.actors}
        folder = self.office.home.parent / f"{self.office.home.name}-register{night}"
        write_registers(folder, world, "bluesky", names)
        self.office.register(folder)

    def start(
        self, night: int, mishap: Mishap = Mishap.NONE, step: int = 0, command: tuple[str, ...] = NIGHTLY, **more: Any
    ) -> Running:
        """Start a night's process; `late` is how long after the night's hour, `most_file_bytes` its room for files."""
        self.processes += 1
        folder = self.office.home.parent / f"{self.office.home.name}-process{self.processes}"
        folder.mkdir()
        room = more.pop("most_file_bytes", None)
        play = Play(self.story.nights, night, folder, mishap, step, **more)
        arguments = ["--workspace", str(self.office.home), *command]
        return Running(start(arguments, self.environment, room, Before(play)), play)

    def night(self, night: int) -> Ended:
        """Run a night that nothing befalls."""
        running = self.start(night)
        ended = running.end()
        self.steps.append(steps_of(running.play.folder))
        return ended

    def morning(self, night: int) -> list[str]:
        """Return what is wrong with what is stored, and let officers decide where it is a morning for that."""
        with self.office.space() as space:
            found = complaints(space.database, space.evidence)
        if self.story.decides(night):
            self.decide(night)
        return found

    def decide(self, night: int) -> None:
        """Set aside what one person's cases hold, and take another's under review."""
        now = self.story.moment(night) + timedelta(hours=6)
        names = [a.name for a in self.story.world.having(Part.ASN) if a.key in DECIDED]
        with self.database.read() as session:
            by = users.user_named(session, OFFICER)
            rows = [r for r in cases.list_cases(session, CaseFilter(limit=None)).rows if r.person.name in names]
        assert by is not None
        for row in sorted(rows, key=lambda r: (r.person.name, r.candidate.number, r.law_row, r.stage.value)):
            if row.state is CaseState.BARU:
                self.step(row.id, CaseState.DITINJAU, "mulai_tinjau", by, now)
            if row.person.name == names[0] and row.state in (CaseState.BARU, CaseState.DITINJAU):
                self.step(row.id, *_ASIDE, by, now)

    def step(self, case_id: int, to: CaseState, reason: str, by: UserRow, now: Any) -> None:
        """Take one step with a case."""
        command = DecisionCommand(case_id=case_id, to=to, reason=reason, user=by, note="Sudah diperiksa.")
        desk.decide(self.database, command, now)

    def stored(self) -> Stored:
        """Return what is stored."""
        return stored(self.database)

    def told(self, night: int) -> frozenset[str]:
        """Return what the summary names as faults in the morning, and what the night could see in part only."""
        with self.office.space() as space, space.database.read() as session:
            now = self.story.moment(night) + timedelta(hours=5)
            told = last_night(session, space.settings.agency.zone, now)
        assert told is not None
        gaps = {c.value for source in told.facts.sources for _, missed in gaps_of(source) for c, _ in missed}
        return frozenset(fault.kind for fault in told.faults) | gaps


@dataclass(frozen=True, slots=True)
class Before:
    """What a started process does first: a value, so that it can be handed over."""

    play: Play

    def __call__(self) -> None:
        live_in(self.play)


@dataclass(frozen=True, slots=True)
class Running:
    """A night's process under way."""

    process: Started
    play: Play

    def end(self) -> Ended:
        """Wait for its end."""
        out, said = self.process.communicate(timeout=_SECONDS)
        return Ended(self.process.returncode, out, said)


def found_campaign(story: Story, home: Path, database: Database, environment: Mapping[str, str]) -> Campaign:
    """Return a campaign whose office has its registers and has looked at nothing yet."""
    office = make_office(home, database, settings("bluesky", URLS, more=_ONLY_NIGHTS), HeldClock(story.moment(0)))
    campaign = Campaign(story, office, database, environment)
    campaign.begin()
    return campaign
