"""What befalls a campaign: one mishap or more on every night, drawn from a seed, and how each is caused and seen.

Two nights in a row never lose sight, and the last one does not: what happened can then be told by no program. After a
fault the command is started again an hour later, as cron or systemd would.
"""

from __future__ import annotations

import random
import signal
import sqlite3
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from pathlib import Path

from tests.campaign.campaigns import Campaign, Ended, Running
from tests.campaign.playing import PATIENCE, Mishap, steps_of

SEED = 20261123
_LATER, _SOON = timedelta(hours=1), timedelta(minutes=10)
_SURE = 0.9  # a struck night may have a little less to do than a calm one
_HEAD, _FRAME = 32, 24  # bytes of a write-ahead log before its first page, and before each page


class Fault(StrEnum):
    """What can befall a night."""

    STORM = "storm"
    BLIND = "blind"
    KILLED = "killed"
    POWER = "power"
    FULL = "full"
    RESTART = "restart"
    OVERLAP = "overlap"
    JUMP = "jump"

    @property
    def loses_sight(self) -> bool:
        """Whether the night sees less than a calm one."""
        return self in (Fault.STORM, Fault.BLIND)


@dataclass(frozen=True, slots=True)
class Blow:
    """A fault of one night: `share` is how far the night has come when it strikes, `again` how far at a second kill."""

    fault: Fault
    share: float
    flavour: int
    again: float | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """A struck night: how its processes ended, whether the mishap came, what the summary names."""

    blow: Blow
    ends: tuple[Ended, ...]
    struck: bool
    named: frozenset[str] = frozenset()

    @property
    def visible(self) -> bool:
        """Whether the summary names what befell the night."""
        return bool(self.named & _NAMES[self.blow.fault])


_STOPPED = frozenset({"resumed", "run_failed", "job_lost", "job_failed", "work_again"})
_UNSEEN = frozenset({"unread", "network", "server_error", "partial", "failed", "rate_limited", "budget"})
_NAMES = {
    Fault.STORM: frozenset({"rate_limited"}),
    Fault.BLIND: _UNSEEN,
    Fault.KILLED: _STOPPED,
    Fault.POWER: _STOPPED,
    Fault.FULL: _STOPPED | {"log_lost", "start_failed"},
    Fault.RESTART: frozenset({"database_restarted"}),
    Fault.OVERLAP: frozenset({"job_refused"}),
    Fault.JUMP: frozenset({"clock"}),
}


_STOPPING = (Fault.KILLED, Fault.POWER, Fault.FULL)
ON_ONE_MACHINE: tuple[Fault, ...] = tuple(
    fault for fault in Fault if fault is not Fault.RESTART
)  # its database is a file


def draw(nights: int, seed: int, faults: tuple[Fault, ...]) -> Iterator[Blow]:
    """Yield a blow for every night, each fault about as often as the others."""
    rng = random.Random(seed)
    deck: list[Fault] = []
    before = None
    for night in range(nights):
        if len(deck) < 2:
            deck += rng.sample(faults, len(faults))
        clear = night == nights - 1 or (before is not None and before.loses_sight)
        fault = next((f for f in deck if not (clear and f.loses_sight)), Fault.KILLED)
        if fault in deck:
            deck.remove(fault)
        again = rng.random() if rng.random() < 0.3 else None
        yield Blow(fault, rng.random(), rng.randrange(1 << 16), again)
        before = fault


def strike_office(campaign: Campaign, night: int, blow: Blow, usual: tuple[int, int]) -> Told:
    """Run a night of one machine that is struck; `usual` are the requests and writes of a calm one."""
    step = 1 + int(blow.share * _SURE * usual[0])
    write = 1 + int(blow.share * _SURE * usual[1])
    struck = True
    match blow.fault:
        case Fault.STORM | Fault.BLIND | Fault.JUMP:
            ends = [campaign.start(night, mishap_of(blow), step).end()]
        case Fault.OVERLAP:
            ends = _overlapped(campaign, night, step)
        case Fault.KILLED:
            ends = [_killed(campaign, night, write)]
            struck = ends[0].code == -signal.SIGKILL
        case Fault.POWER:
            ends = [_without_power(campaign, night, blow, write)]
            struck = ends[0].code == -signal.SIGKILL
        case _:
            ends = [_without_room(campaign, night, blow)]
            struck = ends[0].code == 1
    if blow.fault in _STOPPING:
        ends += _taken_up(campaign, night, blow, usual)
    return Told(blow, tuple(ends), struck, campaign.told(night))


def mishap_of(blow: Blow) -> Mishap:
    """Return which form a mishap of the network or the clock takes."""
    forms = {
        Fault.STORM: (Mishap.STORM,),
        Fault.BLIND: (Mishap.SILENT, Mishap.FAILING, Mishap.HIDDEN),
        Fault.JUMP: (Mishap.AHEAD, Mishap.BEHIND),
        Fault.POWER: (Mishap.BEFORE_WRITE, Mishap.AFTER_WRITE),
    }[blow.fault]
    return forms[blow.flavour % len(forms)]


def _overlapped(campaign: Campaign, night: int, step: int) -> list[Ended]:
    """Start a night while it is under way already."""
    first = campaign.start(night, Mishap.PAUSE, step)
    paused(first)
    second = campaign.start(night, late=_SOON).end()
    assert second.code == 3, second
    assert "sedang berjalan" in second.said + second.out
    (first.play.folder / "go").touch()
    return [first.end(), second]


def _killed(campaign: Campaign, night: int, write: int) -> Ended:
    """Kill the process from outside, soon after it made so many writes."""
    running = campaign.start(night)
    until = time.monotonic() + PATIENCE
    while running.process.poll() is None and writes_of(running) < write:
        assert time.monotonic() < until
        time.sleep(0.001)
    running.process.kill()
    return running.end()


def _without_power(campaign: Campaign, night: int, blow: Blow, write: int) -> Ended:
    """Let the process end at a write, and lose what of the database was not brought to disk."""
    ended = campaign.start(night, mishap_of(blow), write).end()
    url = campaign.database.engine.url
    if campaign.database.dialect == "sqlite":
        campaign.database.dispose()
        tear(Path(str(url.database)), random.Random(blow.flavour))
    return ended


def _without_room(campaign: Campaign, night: int, blow: Blow) -> Ended:
    """Let no file grow beyond a size: from too small for anything to too small for the night's database."""
    url = campaign.database.engine.url
    most = 500
    if campaign.database.dialect == "sqlite" and blow.flavour % 2:
        most = Path(str(url.database)).stat().st_size // 8
    ended = campaign.start(night, most_file_bytes=most).end()
    assert "Traceback" not in ended.said, ended.said
    return ended


def _taken_up(campaign: Campaign, night: int, blow: Blow, usual: tuple[int, int]) -> list[Ended]:
    """Start a stopped night again, perhaps killed once more, until it is done."""
    ends: list[Ended] = []
    late = _LATER
    if blow.again is not None:
        ends.append(campaign.start(night, Mishap.AFTER_WRITE, 1 + int(blow.again * usual[1]), late=late).end())
        late += _LATER
    if not ends or ends[-1].code != 0:
        ends.append(campaign.start(night, late=late).end())
    assert ends[-1].code == 0, ends[-1]
    return ends


def paused(running: Running) -> None:
    until = time.monotonic() + PATIENCE
    while not (running.play.folder / "paused").exists():
        assert running.process.poll() is None, running.end()
        assert time.monotonic() < until
        time.sleep(0.002)


def requests_of(running: Running) -> int:
    """Return how many requests a process made so far."""
    counted = running.play.folder / "steps"
    return steps_of(running.play.folder)[0] if counted.exists() else 0


def writes_of(running: Running) -> int:
    """Return how many writes a process made so far."""
    counted = running.play.folder / "steps"
    return steps_of(running.play.folder)[1] if counted.exists() else 0


def tear(path: Path, rng: random.Random) -> None:
    """Cut the write-ahead log of a SQLite database where a power failure could have: behind what was brought to disk.

    SQLite syncs the log before it copies pages from it (https://sqlite.org/wal.html), and keeps the number of the last
    page that it began to copy at byte 128 of the shared index (https://sqlite.org/walformat.html).
    """
    log, index = Path(f"{path}-wal"), Path(f"{path}-shm")
    if not log.exists() or not log.stat().st_size:
        return
    copied = int.from_bytes(index.read_bytes()[128:132], "little") if index.exists() else 0
    with sqlite3.connect(":memory:") as connection:
        page = int(connection.execute("PRAGMA page_size").fetchone()[0])
    safe = _HEAD + copied * (_FRAME + page)
    with log.open("r+b") as file:
        file.truncate(rng.randint(min(safe, log.stat().st_size), log.stat().st_size))
    index.unlink(missing_ok=True)
