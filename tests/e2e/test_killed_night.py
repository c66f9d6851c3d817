"""A night that is killed, stopped, started twice or out of room loses nothing: recorded exchanges, a held clock."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from db import verify
from db.connect import Database, open_database
from monitor.assembly import night
from monitor.cli.demo import make_workspace
from monitor.errors import DatabaseError
from monitor.scan.night import run_night
from monitor.scan.plan import ScanOrder
from monitor.scan.progress import Silent
from monitor.workspace import workspace
from tests.peers.warm import Started, start
from tests.scan.offices import HeldClock, Office
from tests.scan.rows import contents, differences, manifest_files

MOMENTS = int(os.environ.get("PANTAU_SOAK_MOMENTS", "4"))  # `make soak` kills at many more
SEED = 20261121

pytestmark = pytest.mark.slow


@dataclass(frozen=True)
class Trial:
    """A copy of the prepared office, with a database of its own."""

    home: Path
    url: str

    @property
    def environment(self) -> dict[str, str]:
        return os.environ | {"PANTAU_DATABASE_URL": self.url}

    def start(self, most_file_bytes: int | None = None) -> Started:
        return start(["--workspace", str(self.home), "scan", "--json"], self.environment, most_file_bytes)

    def finish(self) -> None:
        done = self.start()
        out, said = done.communicate(timeout=240)
        assert done.returncode == 0, f"{out[-2000:]}\n{said[-2000:]}"

    def is_working(self, process: Started) -> bool:
        """Wait until the night holds its lock; False when it ended before."""
        lock = self.home / "data" / "pemindaian.lock"
        while process.poll() is None:
            if lock.exists() and lock.read_text() == str(process.pid):
                return True
            time.sleep(0.002)
        return False

    def stored(self) -> Stored:
        database = open_database(self.url)
        try:
            with database.read() as session:
                problems = [str(problem) for problem in verify.verify(session)]
                manifests = manifest_files(session)
            rows = contents(database)
        finally:
            database.dispose()
        # a night that was done before the last kill is followed by another, with an archive of its own
        files = (self.home / "data" / "evidence").rglob("*")
        evidence = {path.name for path in files if path.is_file() and path.suffix != ".sealed"}
        return Stored(rows, evidence - manifests, problems + self.damage())

    def damage(self) -> list[str]:
        """Return what `evidence verify` finds wrong with what was kept."""
        checking = start(["--workspace", str(self.home), "evidence", "verify", "--json"], self.environment)
        out, said = checking.communicate(timeout=240)
        assert out, said[-2000:]
        found = json.loads(out)
        assert found["warcs"] >= 1
        return [str(problem) for problem in found["problems"]]


@dataclass(frozen=True)
class Stored:
    rows: dict[str, Counter[str]]
    evidence: set[str]
    problems: list[str]

    def assert_same(self, other: Stored) -> None:
        assert differences(other.rows, self.rows) == {}
        assert self.evidence == other.evidence
        assert self.problems == []


@dataclass
class Prepared:
    """An office with its registers and no night yet, the night that nobody disturbed, and how long that one worked."""

    office: Path
    copy_database: Callable[[Path], str]
    folder: Path
    seconds: float = 0.0
    undisturbed: Stored = field(default_factory=lambda: Stored({}, set(), []))
    trials: int = 0

    def trial(self) -> Trial:
        self.trials += 1
        home = self.folder / f"trial{self.trials}"
        shutil.copytree(self.office, home)
        return Trial(home, self.copy_database(home))


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def prepared(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Prepared]:
    folder = tmp_path_factory.mktemp(request.param)
    office, copies = folder / "office", []
    with pytest.MonkeyPatch.context() as environment:
        if request.param == "postgresql":
            server = request.getfixturevalue("postgres_server")
            original = server.create()
            environment.setenv("PANTAU_DATABASE_URL", server.url(original))
        make_workspace(office)
        Office(office, HeldClock()).register(office / "peragaan")

    def copy_database(home: Path) -> str:
        if request.param == "sqlite":
            return f"sqlite:///{home / 'data' / 'pantau.db'}"
        copies.append(server.create(template=original))
        return str(server.url(copies[-1]))

    ready = Prepared(office, copy_database, folder)
    first = ready.trial()
    process = first.start()
    assert first.is_working(process)
    began = time.monotonic()
    out, said = process.communicate(timeout=240)
    assert process.returncode == 0, f"{out[-2000:]}\n{said[-2000:]}"
    ready.seconds = time.monotonic() - began
    ready.undisturbed = first.stored()
    yield ready
    for name in copies:
        server.drop(name)


def test_the_recorded_night_finds_something(prepared: Prepared) -> None:
    rows = {name: table.total() for name, table in prepared.undisturbed.rows.items()}
    assert min(rows[name] for name in ("interaction", "judgement", "rule_hit", "review_case", "capture")) > 10


@pytest.mark.parametrize("moment", range(MOMENTS))
def test_a_night_killed_at_any_moment_is_finished_by_the_next_one(prepared: Prepared, moment: int) -> None:
    share = (moment + random.Random(SEED + moment).random()) / MOMENTS  # one in each part of the night
    trial = prepared.trial()
    process = trial.start()
    if trial.is_working(process):
        time.sleep(share * prepared.seconds)
    process.kill()
    process.communicate()
    trial.finish()
    trial.stored().assert_same(prepared.undisturbed)


def test_a_night_killed_again_and_again_gets_done(prepared: Prepared) -> None:
    shares = random.Random(SEED)
    trial = prepared.trial()
    for _ in range(3):
        process = trial.start()
        if trial.is_working(process):
            time.sleep(shares.uniform(0.1, 0.5) * prepared.seconds)
        process.kill()
        process.communicate()
    trial.finish()
    trial.stored().assert_same(prepared.undisturbed)


def test_a_second_scan_at_the_same_time_is_refused_and_doubles_nothing(prepared: Prepared) -> None:
    trial = prepared.trial()
    first = trial.start()
    assert trial.is_working(first)
    first.send_signal(signal.SIGSTOP)
    try:
        second = trial.start()
        out, said = second.communicate(timeout=120)
    finally:
        first.send_signal(signal.SIGCONT)
    first.communicate(timeout=240)
    assert (second.returncode, out) == (3, "")
    assert "sedang berjalan" in said
    assert first.returncode == 0
    trial.stored().assert_same(prepared.undisturbed)


@pytest.mark.parametrize(("how", "code"), [(signal.SIGTERM, -signal.SIGTERM), (signal.SIGINT, 1)])
def test_a_night_told_to_stop_can_be_taken_up_again(prepared: Prepared, how: signal.Signals, code: int) -> None:
    trial = prepared.trial()
    process = trial.start()
    assert trial.is_working(process)
    time.sleep(0.2 * prepared.seconds)
    process.send_signal(how)
    out, said = process.communicate(timeout=120)
    assert (process.returncode, out) == (code, "")
    assert "Traceback" not in said
    assert "dihentikan" in said or how is signal.SIGTERM
    trial.finish()
    trial.stored().assert_same(prepared.undisturbed)


def test_a_disk_without_room_ends_the_night_with_a_plain_word_and_loses_nothing(prepared: Prepared) -> None:
    trial = prepared.trial()
    process = trial.start(most_file_bytes=500)
    out, said = process.communicate(timeout=120)
    assert (process.returncode, out) == (1, "")
    assert said.splitlines()[-1].startswith("pantau: ")
    assert "Traceback" not in said
    trial.finish()
    trial.stored().assert_same(prepared.undisturbed)


@pytest.fixture
def trial(prepared: Prepared) -> Trial:
    return prepared.trial()


@pytest.mark.parametrize("prepared", ["sqlite"], indirect=True)
def test_a_database_that_is_full_says_so_and_nothing_is_lost(prepared: Prepared, trial: Trial) -> None:
    with pytest.raises(DatabaseError, match="penuh"):
        scan_with(trial, 30, lambda it: it.execute(f"PRAGMA max_page_count = {pages(it) + 40}"))
    trial.finish()
    trial.stored().assert_same(prepared.undisturbed)


def pages(connection: Any) -> int:
    return int(connection.execute("PRAGMA page_count").fetchone()[0])


def scan_with(trial: Trial, busy_seconds: float, prepare: Callable[[Any], object]) -> None:
    database: Database = open_database(trial.url, busy_seconds=busy_seconds)
    sa.event.listen(database.engine, "connect", lambda connection, _record: prepare(connection))
    try:
        with workspace(trial.home) as space, night(replace(space, database=database)) as parts:
            run_night(parts, ScanOrder(), Silent())
    finally:
        database.dispose()


@pytest.mark.parametrize("prepared", ["sqlite"], indirect=True)
def test_a_database_locked_by_somebody_else_says_so_and_nothing_is_lost(prepared: Prepared, trial: Trial) -> None:
    other = open_database(trial.url)
    with other.write(), pytest.raises(DatabaseError, match="dikunci"):
        scan_with(trial, 0.2, lambda _connection: None)
    other.dispose()
    trial.finish()
    trial.stored().assert_same(prepared.undisturbed)
