"""Copies of an office that has its registers and no night yet, for tests that take away what a night needs."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from db import verify
from db.connect import Database, open_database
from tests.conftest import unavailable
from tests.peers.warm import Started, start
from tests.scan.rows import contents, differences

LONG = 240  # seconds: a busy machine is no fault of the program


@dataclass(frozen=True)
class Said:
    """How a command ended."""

    code: int | None
    out: str
    err: str

    @property
    def told(self) -> str:
        return self.out + self.err

    def assert_plain(self, code: int, *words: str) -> None:
        """It ended with this code and in plain words, on the error output."""
        assert self.code == code, self.told[-3000:]
        assert "Traceback" not in self.told, self.told[-3000:]
        assert "pantau: " in self.err
        for word in words:
            assert word.lower() in self.told.lower(), self.told[-3000:]


@dataclass(frozen=True)
class Trial:
    """One office, with a database of its own."""

    home: Path
    url: str

    @property
    def environment(self) -> dict[str, str]:
        return os.environ | {"PANTAU_DATABASE_URL": self.url}

    def start(self, *arguments: str, before: Callable[[], None] | None = None) -> Started:
        return start(["--workspace", str(self.home), *arguments], self.environment, before=before)

    def run(self, *arguments: str, before: Callable[[], None] | None = None) -> Said:
        process = self.start(*arguments, before=before)
        out, err = process.communicate(timeout=LONG)
        return Said(process.returncode, out, err)

    def finish(self) -> None:
        """Let a night run that nobody disturbs."""
        done = self.run("scan", "--json")
        assert done.code == 0, done.told[-3000:]

    @contextmanager
    def database(self) -> Iterator[Database]:
        opened = open_database(self.url)
        try:
            yield opened
        finally:
            opened.dispose()

    def later(self, minutes: int) -> None:
        """Move the held clock of the office on."""
        config = self.home / "pantau.toml"
        text = config.read_text(encoding="utf-8").replace("T00:17:00", f"T00:{17 + minutes}:00")
        config.write_text(text, encoding="utf-8")

    def rows(self) -> dict[str, Counter[str]]:
        with self.database() as database:
            return contents(database)

    def assert_same(self, undisturbed: dict[str, Counter[str]]) -> None:
        """What is stored is sound and the same as if nothing had happened: nothing lost, nothing doubled."""
        with self.database() as database:
            with database.inspect() as session:
                assert [str(problem) for problem in verify.verify(session)] == []
            assert differences(undisturbed, contents(database)) == {}
        checked = self.run("evidence", "verify")
        assert checked.code == 0, checked.told[-3000:]

    def assert_nothing_half_written(self) -> None:
        left = [path for path in self.home.rglob("*") if path.name.endswith(".part") or ".part" in path.suffixes]
        assert left == []


@dataclass
class Offices:
    """A prepared office, copied for each trial, and what is stored after a night that nobody disturbed."""

    office: Path
    folder: Path
    copy_database: Callable[[Path], str]
    undisturbed: dict[str, Counter[str]]
    trials: int = 0

    def trial(self) -> Trial:
        self.trials += 1
        home = self.folder / f"kantor{self.trials}"
        shutil.copytree(self.office, home)
        return Trial(home, self.copy_database(home))


def at_work(process: Started, home: Path) -> bool:
    """Wait until a night holds its lock; False when it ended before."""
    lock = home / "data" / "pemindaian.lock"
    while process.poll() is None:
        if lock.exists() and lock.read_text() == str(process.pid):
            return True
        time.sleep(0.002)
    return False


@dataclass(frozen=True)
class Disk:
    """A small disk of its own in the place of a folder."""

    path: Path

    def holds(self, size: int) -> None:
        """Let it have room for so many bytes."""
        _mount("-o", f"remount,rw,size={size},nr_inodes=100k", str(self.path))

    def takes_no_file(self) -> None:
        """Let it be full to the last file."""
        room = os.statvfs(self.path)
        _mount("-o", f"remount,rw,nr_inodes={room.f_files - room.f_ffree}", str(self.path))

    def read_only(self) -> None:
        _mount("-o", "remount,ro", str(self.path))

    def used(self) -> int:
        room = os.statvfs(self.path)
        return (room.f_blocks - room.f_bfree) * room.f_frsize


@contextmanager
def disk(folder: Path, room: int) -> Iterator[Disk]:
    """Put a disk with so much free room in the place of a folder, with what lies in it."""
    folder.mkdir(parents=True, exist_ok=True)
    aside = folder.with_name(f"{folder.name}.semula")
    folder.rename(aside)
    folder.mkdir(mode=0o700)
    try:
        _mount("-t", "tmpfs", "-o", "size=1g,mode=700", "tmpfs", str(folder))
    except OSError as error:
        unavailable(f"cakram kecil tidak dapat dipasang (perlu root): {error}")
    try:
        shutil.copytree(aside, folder, dirs_exist_ok=True)
        made = Disk(folder)
        if room:
            made.holds(made.used() + room)
        else:
            made.takes_no_file()
        yield made
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def _mount(*arguments: str) -> None:
    done = subprocess.run(["mount", *arguments], capture_output=True, text=True, check=False)
    if done.returncode:
        raise OSError(done.stderr.strip())
