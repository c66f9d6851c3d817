"""Commands as processes of their own, forked from one that has imported the program: a start costs no second.

Each is a process like any other: it has its own memory, is killed and stopped by signals, and ends with an exit code.
What a fresh interpreter does at its start and end is for the tests of `tests/cli`, which start one.
"""

from __future__ import annotations

import atexit
import multiprocessing
import os
import resource
import shutil
import signal
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from multiprocessing.context import ForkServerContext, ForkServerProcess
from pathlib import Path
from tempfile import mkdtemp

ROOT = Path(__file__).resolve().parents[2]
_PRELOADED = (
    "monitor.cli.main", "monitor.cli.scan", "monitor.cli.queue", "monitor.cli.worker", "monitor.jobs.workers",
    "monitor.assembly", "monitor.scan.night",
    "scrapers.registry", "scrapers.platforms.bluesky.adapter", "scrapers.platforms.mastodon.adapter", "httpx",
    "sqlalchemy.dialects.sqlite.pysqlite", "sqlalchemy.dialects.postgresql.psycopg", "psycopg", "tests.peers.preloaded",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Started:
    """A command under way; it is used as `subprocess.Popen` is."""

    process: ForkServerProcess
    said: Path

    @property
    def pid(self) -> int:
        """The process's number."""
        assert self.process.pid is not None  # it was started
        return self.process.pid

    @property
    def returncode(self) -> int | None:
        """The exit code, the negative number of the signal that ended it, None while it runs."""
        return self.process.exitcode

    def poll(self) -> int | None:
        """Return the exit code, None while it runs."""
        return self.process.exitcode

    def kill(self) -> None:
        """End it at once, without a word to it."""
        self.process.kill()

    def send_signal(self, number: signal.Signals) -> None:
        """Send it a signal."""
        os.kill(self.pid, number)

    def communicate(self, timeout: float | None = None) -> tuple[str, str]:
        """Wait for its end; return what it wrote to its output and to its error output."""
        self.process.join(timeout)
        if self.process.exitcode is None:
            raise AssertionError(f"pantau did not end in {timeout} s; it said:\n{self._words('err')[-3000:]}")
        return self._words("out"), self._words("err")

    def _words(self, where: str) -> str:
        return (self.said / where).read_text(encoding="utf-8")


def start(
    arguments: Sequence[str],
    environment: Mapping[str, str],
    most_file_bytes: int | None = None,
    before: Callable[[], None] | None = None,
) -> Started:
    """Start `pantau` with these arguments and this environment, and with room for files of that size only.

    `before` is called in the new process, before anything of the command.
    """
    said = Path(mkdtemp(dir=_room()))
    given = (list(arguments), dict(environment), str(said), most_file_bytes, before)
    process = _context().Process(target=_run, args=given, daemon=True)
    process.start()
    return Started(process, said)


@cache
def _room() -> Path:
    """Return where commands write what they say, as long as this run lasts."""
    folder = Path(mkdtemp(prefix="pantau-warm-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def _context() -> ForkServerContext:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(list(_PRELOADED))
    return context


def _run(
    arguments: list[str],
    environment: dict[str, str],
    said: str,
    most_file_bytes: int | None,
    before: Callable[[], None] | None,
) -> None:
    """Be the command."""
    for number, name in ((1, "out"), (2, "err")):
        os.dup2(os.open(f"{said}/{name}", os.O_WRONLY | os.O_CREAT, 0o600), number)
    signal.signal(signal.SIGINT, signal.default_int_handler)  # whoever starts tests in the background has it ignored
    os.chdir(ROOT)
    os.environ.clear()
    os.environ.update(environment)
    if most_file_bytes is not None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (most_file_bytes, most_file_bytes))
    if before is not None:
        before()
    from monitor.cli.main import main

    sys.argv = ["pantau", *arguments]
    main()
