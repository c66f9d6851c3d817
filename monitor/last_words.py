"""Last words: why work could not begin, kept where they need no room on disk until a night has told them.

The file is laid while all is well and overwritten in place in its first few hundred bytes, so that a full disk, or a
limit to the size of files, takes them too. They are tokens, times and a sum over both: nobody is named, no path stands
in them. What a disk that is mounted read-only, or one that copies whatever is overwritten, does not take is lost.
"""

from __future__ import annotations

import fcntl
import os
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import structlog

from monitor.domain.jobs import FailedStart, Hindrance, Job, Starter

NAME = "kata-terakhir"
SIZE = 4096  # a block of its own
ROOM = 480
"""Bytes that words may take: where files may have 500 bytes, they are taken still."""

_MOST, _TIMES = 6, 9999
_HEAD = "pantau kata-terakhir 1"
_MOMENT = "%Y%m%dT%H%M%SZ"
_STARTS: dict[str, Job | Starter] = {start.value: start for start in (*Job, *Starter)}


@dataclass(frozen=True, slots=True)
class LastWords:
    """The last words of all processes of a workspace; `folder` is its folder of data, which is never made here."""

    folder: Path

    def lay(self) -> None:
        """Make sure that the file takes words; one that is torn or strange is laid anew with a line in the log."""
        with self._held(os.O_RDWR | os.O_CREAT) as file:
            if os.fstat(file).st_size >= SIZE:
                if _parsed(os.pread(file, ROOM, 0)) is not None:
                    return
                structlog.get_logger().warning("last words not readable")
            self._hand_over(file)
            os.pwrite(file, _written(()).ljust(SIZE, b"\n"), 0)
            os.fsync(file)

    def read(self) -> tuple[FailedStart, ...]:
        """Return the starts that failed and were not told yet; none where there is no file, or a strange one."""
        with suppress(OSError), self._held(os.O_RDONLY) as file:
            return _parsed(os.pread(file, ROOM, 0)) or ()
        return ()

    def add(self, what: Job | Starter, why: Hindrance, at: datetime) -> None:
        """Add a start that failed; of many kinds the newest are kept. OSError when the file cannot be written."""
        with suppress(OSError):
            self.lay()
        self._change(lambda known: _with(known, FailedStart(what, why, at, at)))

    def forget(self, told: Iterable[FailedStart]) -> None:
        """Remove what was told; what failed again since then stays. OSError when the file cannot be written."""
        gone = frozenset(told)
        if gone:
            self._change(lambda known: tuple(start for start in known if start not in gone))

    def _change(self, change: Callable[[tuple[FailedStart, ...]], tuple[FailedStart, ...]]) -> None:
        with self._held(os.O_RDWR) as file:
            os.pwrite(file, _written(change(_parsed(os.pread(file, ROOM, 0)) or ())), 0)
            os.fsync(file)

    def _hand_over(self, file: int) -> None:
        """Give what root lays to whose folder it is: who runs the nights must be able to write it."""
        owner = self.folder.stat()
        if os.geteuid() == 0 and owner.st_uid != 0:
            with suppress(PermissionError):  # a root that may not: `pantau doctor` tells whose it is
                os.fchown(file, owner.st_uid, owner.st_gid)

    @contextmanager
    def _held(self, flags: int) -> Iterator[int]:
        file = os.open(self.folder / NAME, flags | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield file
        finally:
            os.close(file)


def _with(known: tuple[FailedStart, ...], new: FailedStart) -> tuple[FailedStart, ...]:
    for start in known:
        if (start.what, start.why) == (new.what, new.why):
            new = replace(new, first=start.first, times=min(start.times + 1, _TIMES))
    others = (start for start in known if (start.what, start.why) != (new.what, new.why))
    return (*others, new)[-_MOST:]


def _written(starts: Iterable[FailedStart]) -> bytes:
    lines = [_HEAD]
    for start in starts:
        first, last = (moment.astimezone(UTC).strftime(_MOMENT) for moment in (start.first, start.last))
        lines.append(f"{start.what.value} {start.why.value} {first} {last} {start.times}")
    said = "\n".join(lines).encode()
    return b"%s\n%08x\n" % (said, zlib.crc32(said))


def _parsed(data: bytes) -> tuple[FailedStart, ...] | None:
    """Return what was written; None for what is not whole or not ours."""
    found: list[FailedStart] = []
    said = b""
    for number, line in enumerate(data.split(b"\n")):
        if number and line == b"%08x" % zlib.crc32(said):
            return tuple(found)
        said = b"\n".join((said, line)) if number else line
        try:
            if number:
                found.append(_start(line.decode()))
            elif line.decode() != _HEAD:
                return None
        except (KeyError, ValueError):
            return None
    return None


def _start(line: str) -> FailedStart:
    what, why, first, last, times = line.split(" ")
    return FailedStart(_STARTS[what], Hindrance(why), _moment(first), _moment(last), int(times))


def _moment(text: str) -> datetime:
    return datetime.strptime(text, _MOMENT).replace(tzinfo=UTC)
