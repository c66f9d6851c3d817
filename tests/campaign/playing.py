"""A process of a campaign night: the real command, whose clock, network and mishaps are the story's.

Only the outside world is replaced, in the started process itself: the wire answers what the story shows, the clock
begins at the night's hour and moves when the program waits, and a mishap strikes at a counted step. A step is a request
or a lasting write: a commit, or the renaming of a finished file. The steps are counted in a file of the process.
"""

from __future__ import annotations

import fcntl
import os
import signal
import struct
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine.default import DefaultDialect

import scrapers.fetch
from db import host_pace
from monitor import assembly, workspace
from monitor.errors import NetworkFailure
from scrapers.wire import Answer, Call
from tests.campaign.story import tell
from tests.scan.offices import HeldClock
from tests.scan.written_bluesky import WrittenBluesky

PATIENCE = 60.0


class Mishap(StrEnum):
    """What strikes a process at a step; `NONE` never does."""

    NONE = "none"
    STORM = "storm"
    SILENT = "silent"
    FAILING = "failing"
    HIDDEN = "hidden"
    PAUSE = "pause"
    BEFORE_WRITE = "before_write"
    AFTER_WRITE = "after_write"
    AHEAD = "ahead"
    BEHIND = "behind"


JUMPS = {Mishap.AHEAD: timedelta(hours=5), Mishap.BEHIND: timedelta(hours=-3)}


@dataclass(frozen=True, slots=True)
class Play:
    """One process of one night; `folder` is where it counts and waits, `late` how long after the night's hour it is.

    `waited` is a file in which the workers of a night share how long they waited.
    """

    nights: int
    night: int
    folder: Path
    mishap: Mishap = Mishap.NONE
    step: int = 0
    late: timedelta = timedelta()
    waited: Path | None = None


@dataclass
class Steps:
    """Counts requests and writes, and says when the mishap's has come; threads share it."""

    play: Play
    requests: int = 0
    writes: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)
    counted: int = field(init=False)

    def __post_init__(self) -> None:
        path = self.play.folder / "steps"
        self.counted = os.open(path.with_suffix(".new"), os.O_WRONLY | os.O_CREAT, 0o600)
        self._note()
        os.rename(path.with_suffix(".new"), path)  # noqa: PTH104 - that of pathlib is a counted write

    def request(self) -> int:
        with self.lock:
            self.requests += 1
            self._note()
            return self.requests

    def write(self, write: Callable[[], Any]) -> Any:
        """Make a write; the power fails just before or just after the one that is named."""
        with self.lock:
            self.writes += 1
            self._note()
            number = self.writes
        if self.play.mishap is Mishap.BEFORE_WRITE and number == self.play.step:
            os.kill(os.getpid(), signal.SIGKILL)
        done = write()
        if self.play.mishap is Mishap.AFTER_WRITE and number == self.play.step:
            os.kill(os.getpid(), signal.SIGKILL)
        return done

    def _note(self) -> None:
        os.pwrite(self.counted, struct.pack("=II", self.requests, self.writes), 0)


@dataclass
class Waited:
    """How long the workers of a night waited: while one waits, time goes by for all of them and for their database."""

    path: Path
    file: int = field(init=False)

    def __post_init__(self) -> None:
        self.file = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)

    def __call__(self) -> timedelta:
        return timedelta(seconds=struct.unpack("=d", os.pread(self.file, 8, 0).ljust(8, b"\0"))[0])

    def let_by(self, seconds: float) -> None:
        own = os.open(self.path, os.O_RDONLY)  # a lock is its opening's, so this one shuts out other threads too
        try:
            fcntl.flock(own, fcntl.LOCK_EX)
            os.pwrite(self.file, struct.pack("=d", self().total_seconds() + seconds), 0)
        finally:
            os.close(own)


@dataclass
class JumpingClock(HeldClock):
    """A clock that may be set while it goes, and seconds that nobody sets; those that work together wait together."""

    jumped: timedelta = field(default_factory=timedelta)
    waited: Waited | None = None

    def __call__(self) -> datetime:
        return super().__call__() + (self.waited() if self.waited is not None else timedelta())

    def sleep(self, seconds: float) -> None:
        if self.waited is not None:
            self.waited.let_by(seconds)
        else:
            super().sleep(seconds)

    def jump(self, by: timedelta) -> None:
        self.now += by
        self.jumped += by

    def ticks(self) -> float:
        return (self() - self.jumped).timestamp()


@dataclass
class TroubledWire:
    """The night's network, which from the mishap's step on does not answer as it should."""

    network: WrittenBluesky
    clock: JumpingClock
    steps: Steps

    def send(self, call: Call, limit: int, timeout: float) -> Answer:
        """Answer, or do what the mishap says."""
        number, play = self.steps.request(), self.steps.play
        if number == play.step:
            self._strike(play)
        if number >= play.step and (answer := self._trouble(play.mishap, call.name)) is not None:
            return answer
        return self.network.send(call, limit, timeout)

    def _strike(self, play: Play) -> None:
        if play.mishap is Mishap.PAUSE:
            (play.folder / "paused").touch()
            until = time.monotonic() + PATIENCE
            while not (play.folder / "go").exists():
                assert time.monotonic() < until, "nobody lets the night go on"
                time.sleep(0.002)
        self.clock.jump(JUMPS.get(play.mishap, timedelta()))

    def _trouble(self, mishap: Mishap, url: str) -> Answer | None:
        if mishap is Mishap.STORM:
            return Answer(429, {"retry-after": "21600"}, b"{}", url)
        if mishap is Mishap.FAILING:
            return Answer(503, {}, b"<html>maintenance</html>", url)
        if mishap is Mishap.SILENT:
            raise NetworkFailure("Sambungan ditolak", url=url)
        if mishap is Mishap.HIDDEN:
            return _hidden(url)
        return None


def _hidden(url: str) -> Answer | None:
    """Answer with listings from which everybody was taken out, and with closed records."""
    name = url.split("?", maxsplit=1)[0].rsplit(".", 1)[-1]
    listings = {"getLikes": "likes", "getRepostedBy": "repostedBy", "getQuotes": "posts"}
    headers = {"content-type": "application/json"}
    if name in listings:
        return Answer(200, headers, f'{{"uri":"at://x","{listings[name]}":[]}}'.encode(), url)
    if name == "listRecords":
        return Answer(401, headers, b'{"error":"AuthMissing","message":"x"}', url)
    return None


def live_in(play: Play) -> None:
    """Replace the outside world of this process by that of the story."""
    story = tell(play.nights)
    waited = Waited(play.waited) if play.waited is not None else None
    clock = JumpingClock(story.moment(play.night) + play.late, tick=timedelta(milliseconds=20), waited=waited)
    steps = Steps(play)
    wire = TroubledWire(story.network(play.night), clock, steps)
    put(scrapers.fetch, "HttpxWire", lambda: wire)
    for wiring in (workspace, assembly):
        put(wiring, "system_clock", clock)
    put(assembly, "time", SimpleNamespace(sleep=clock.sleep, monotonic=clock.ticks))
    put(assembly, "sleeper", lambda stop: clock.sleep)
    if waited is not None:
        now, kind = sa.func.clock_timestamp(), host_pace.host_pace.c.next_at.type
        put(host_pace, "_clock", lambda: sa.type_coerce(now + waited(), kind).label("now"))
    commit: Callable[..., None] = DefaultDialect.do_commit
    rename: Callable[..., Path] = Path.replace
    put(DefaultDialect, "do_commit", lambda self, connection: steps.write(lambda: commit(self, connection)))
    put(Path, "replace", lambda self, target: steps.write(lambda: rename(self, target)))


def put(owner: object, name: str, value: object) -> None:
    """Replace something for the rest of this process's life."""
    assert hasattr(owner, name), f"the program has no {name} any more"
    setattr(owner, name, value)


def steps_of(folder: Path) -> tuple[int, int]:
    """Return how many requests and writes a process made."""
    requests, writes = struct.unpack("=II", (folder / "steps").read_bytes())
    return requests, writes
