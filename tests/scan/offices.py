"""An office in this process: a real workspace on either database, its register, and nights over a given transport."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from db.connect import Database
from monitor import installation
from monitor.assembly import night, roster_doors
from monitor.roster.files import RosterKind
from monitor.roster.importer import ImportOptions, import_file
from monitor.scan.night import run_night
from monitor.scan.parts import Parts
from monitor.scan.plan import ScanOrder
from monitor.scan.progress import Silent
from monitor.scan.summary import ScanSummary
from monitor.workspace import Workspace, workspace
from scrapers.fetch import Fetcher, Identity
from scrapers.wire import Wire
from tests.peers.registers import settings, write_registers
from tests.peers.world import World

NOW = datetime(2026, 11, 20, 18, 0, tzinfo=UTC)
REGISTERS = ((RosterKind.ASN, "asn.csv"), (RosterKind.AKUN, "akun.csv"), (RosterKind.KONTES, "kontes.yml"))


@dataclass
class HeldClock:
    """A clock that moves when somebody sleeps, and by `tick` at every look at it."""

    now: datetime = NOW
    tick: timedelta = field(default_factory=timedelta)

    def __call__(self) -> datetime:
        self.now += self.tick
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@dataclass(frozen=True)
class Office:
    home: Path
    clock: HeldClock

    @contextmanager
    def space(self) -> Iterator[Workspace]:
        with workspace(self.home) as space:
            yield replace(space, clock=self.clock)

    @contextmanager
    def parts(self, wire: Wire) -> Iterator[Parts]:
        identity = Identity("Bawaslu Kabupaten Contoh", "pengawasan@contoh.example", "0.1.0")
        with self.space() as space, night(space) as parts:
            yield replace(parts, fetcher=Fetcher(parts.policies, identity, self.clock, self.clock.sleep, wire))

    def scan(self, wire: Wire, order: ScanOrder | None = None) -> ScanSummary:
        with self.parts(wire) as parts:
            return run_night(parts, order or ScanOrder(), Silent())

    def register(self, folder: Path) -> None:
        """Import the register files that are in a folder."""
        with self.space() as space:
            for kind, name in REGISTERS:
                if (folder / name).exists():
                    report = import_file(kind, folder / name, roster_doors(space, ""), ImportOptions())
                    assert report.ok, report.problems


def make_office(home: Path, database: Database, configuration: str, clock: HeldClock | None = None) -> Office:
    home.mkdir(parents=True, exist_ok=True)
    text = f'database_url = "{database.url}"\n\n{configuration}'
    (home / "pantau.toml").write_text(text, encoding="utf-8")
    installation.create(home)
    return Office(home, clock or HeldClock())


def office_of(
    world: World,
    home: Path,
    database: Database,
    names: Mapping[str, str],
    urls: Mapping[str, str],
    platform: str = "bluesky",
) -> Office:
    """Return an office that watches a played world; `names` are what its register writes for the accounts."""
    office = make_office(home, database, settings(platform, urls), HeldClock(world.now))
    folder = home.parent / f"{home.name}-register"
    write_registers(folder, world, platform, names)
    office.register(folder)
    return office
