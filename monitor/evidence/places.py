"""Where sealed files lie, and a folder of this machine as such a place; `buckets` knows the others.

A place never shows a half-written file under its name. What it cannot do at all is StoreUnavailable; a file that is
not there is FileNotFoundError, so that a lost network is never taken for lost evidence.
"""

from __future__ import annotations

import fcntl
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, Protocol

from monitor.denials import mending
from monitor.errors import EvidenceError, StoreUnavailable, plainly

PART = ".part"
DISK = "periksa ruang dan izin cakram"


@dataclass(frozen=True, slots=True)
class Kept:
    """A file as a listing shows it: its name below the place, with slashes, its bytes, and since when it lies there."""

    name: str
    size: int
    modified: datetime | None = None


class Place(Protocol):
    """What the evidence store needs of wherever its files lie. Names use slashes."""

    @property
    def label(self) -> str:
        """What the place is called in messages."""
        ...

    def probe(self) -> None:
        """Raise StoreUnavailable unless files can be read here now."""
        ...

    def read(self, name: str) -> bytes:
        """Return a whole file."""
        ...

    def open(self, name: str) -> BinaryIO:
        """Open a file for reading from start to end."""
        ...

    def write(self, name: str, data: bytes) -> None:
        """Write a file; it is complete and lasting when this returns, or what was there before still is."""
        ...

    def fill(self, name: str) -> AbstractContextManager[BinaryIO]:
        """Give a stream that becomes the file when the block ends well."""
        ...

    def exists(self, name: str) -> bool:
        """Whether a file is there."""
        ...

    def remove(self, name: str) -> None:
        """Remove a file; one that is not there is no fault."""
        ...

    def tops(self) -> list[str]:
        """Return the names of the folders and files directly in the place, sorted."""
        ...

    def within(self, top: str) -> list[Kept]:
        """Return every file below a folder of `tops`, or that file itself, sorted by name."""
        ...


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder of this machine; a file is on disk before it gets its name. `holds` is what messages say lies in it."""

    root: Path
    holds: str = "Bukti"

    @property
    def label(self) -> str:
        """Its path."""
        return str(self.root)

    def probe(self) -> None:
        """Raise StoreUnavailable when the folder is not there or may not be read."""
        try:
            next(os.scandir(self.root), None)
        except OSError as error:
            raise StoreUnavailable(
                f"Folder bukti {self.root} tidak dapat dibuka: {plainly(error)}",
                mending(error, "periksa apakah cakramnya terpasang"),
            ) from error

    def read(self, name: str) -> bytes:
        """Return a whole file."""
        with self.open(name) as file:
            try:
                return file.read()
            except OSError as error:
                raise _unreadable(name, error) from error

    def open(self, name: str) -> BinaryIO:
        """Open a file for reading."""
        try:
            return (self.root / name).open("rb")
        except FileNotFoundError:
            raise
        except OSError as error:
            raise _unreadable(name, error) from error

    def write(self, name: str, data: bytes) -> None:
        """Write a file through `fill`."""
        with self.fill(name) as file:
            file.write(data)

    @contextmanager
    def fill(self, name: str) -> Iterator[BinaryIO]:
        """Give a file beside the place, brought to disk and renamed when the block ends well, else removed."""
        path = self.root / name
        partial = path.with_name(f".{path.name}.{secrets.token_hex(4)}{PART}")
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with os.fdopen(_claimed(partial), "wb") as file:
                yield file
                file.flush()
                os.fsync(file.fileno())
            partial.replace(path)
            _sync_folder(path.parent)
        except BaseException as error:
            with suppress(OSError):
                partial.unlink()
            if isinstance(error, OSError):
                raise StoreUnavailable(
                    f"{self.holds} tidak dapat disimpan di {self.root}: {plainly(error)}", mending(error, DISK)
                ) from error
            raise

    def exists(self, name: str) -> bool:
        """Whether a file is there."""
        return (self.root / name).exists()

    def remove(self, name: str) -> None:
        """Remove a file."""
        try:
            (self.root / name).unlink(missing_ok=True)
        except OSError as error:
            raise StoreUnavailable(
                f"Berkas {name} tidak dapat dihapus: {plainly(error)}", mending(error, DISK)
            ) from error

    def tops(self) -> list[str]:
        """Return what lies directly in the folder."""
        return sorted(entry.name for entry in os.scandir(self.root))

    def within(self, top: str) -> list[Kept]:
        """Return every file below; links are told as files, never followed."""
        found: list[Kept] = []
        open_folders = [self.root / top]
        while open_folders:
            path = open_folders.pop()
            if path.is_dir() and not path.is_symlink():
                open_folders += [Path(entry.path) for entry in os.scandir(path)]
            elif os.path.lexists(path):  # a partial file may be gone since it was listed
                stat = path.lstat()
                since = datetime.fromtimestamp(stat.st_mtime, UTC)
                found.append(Kept(path.relative_to(self.root).as_posix(), stat.st_size, since))
        return sorted(found, key=lambda kept: kept.name)


def _claimed(path: Path) -> int:
    """Make a file that others can tell is being written, and return its descriptor; the system ends the claim."""
    while True:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        fcntl.flock(handle, fcntl.LOCK_EX)
        if os.fstat(handle).st_nlink:  # nobody took it for a dead writer's before it was claimed
            return handle
        os.close(handle)


def discard_unclaimed(path: Path) -> bool:
    """Remove a file or folder that no living process claims; whether it was removed."""
    try:
        handle = os.open(path, os.O_RDONLY)
    except OSError:  # its writer has just finished with it
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()
    except OSError:
        return False
    finally:
        os.close(handle)
    return True


def _unreadable(name: str, error: OSError) -> EvidenceError:
    return EvidenceError(f"Berkas {name} tidak terbaca: {plainly(error)}", mending(error, DISK))


def _sync_folder(folder: Path) -> None:
    """Bring a folder's list of names to disk: a name that is only in memory is lost with the power."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
