"""Where sealed files lie: a folder of this machine, or any store that fsspec knows, such as an S3 bucket.

A place never shows a half-written file under its name. What it cannot do at all is StoreUnavailable; a file that is
not there is FileNotFoundError, so that a lost network is never taken for lost evidence.
"""

from __future__ import annotations

import fcntl
import io
import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, BinaryIO, Protocol, cast

from monitor.errors import EvidenceError, StoreUnavailable

PART = ".part"
_DISK = "periksa ruang dan izin cakram"
_NETWORK = "periksa jaringan, alamat dan kunci akses pada [evidence], lalu ulangi"
_WHOLE_AT_ONCE = frozenset({"s3", "s3a", "gs", "gcs", "az", "abfs", "abfss", "memory"})
"""Stores that show an upload only when it is complete; elsewhere a file is uploaded beside its place and then moved."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A file as a listing shows it: its name below the place, with slashes, and its bytes."""

    name: str
    size: int


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
    """A folder of this machine; a file is on disk before it gets its name."""

    root: Path

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
                f"Folder bukti {self.root} tidak dapat dibuka: {error.strerror}", "periksa apakah cakramnya terpasang"
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
                raise StoreUnavailable(f"Bukti tidak dapat disimpan di {self.root}: {error.strerror}", _DISK) from error
            raise

    def exists(self, name: str) -> bool:
        """Whether a file is there."""
        return (self.root / name).exists()

    def remove(self, name: str) -> None:
        """Remove a file."""
        try:
            (self.root / name).unlink(missing_ok=True)
        except OSError as error:
            raise StoreUnavailable(f"Berkas {name} tidak dapat dihapus: {error.strerror}", _DISK) from error

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
                found.append(Kept(path.relative_to(self.root).as_posix(), path.lstat().st_size))
        return sorted(found, key=lambda kept: kept.name)


@dataclass(frozen=True, slots=True)
class Bucket:
    """A folder of a store that fsspec reaches; `root` is its path there, `scratch` a folder of this machine."""

    filesystem: Any
    protocol: str
    root: str
    scratch: Path

    @property
    def label(self) -> str:
        """Its address, without keys."""
        return f"{self.protocol}://{self.root}"

    def probe(self) -> None:
        """Raise StoreUnavailable when the bucket is not there or does not answer."""
        with self._told("dibuka"):
            self.filesystem.info(self.root.split("/", 1)[0] or "/")

    def read(self, name: str) -> bytes:
        """Return a whole file."""
        with self._told("dibaca", missing=True):
            return bytes(self.filesystem.cat_file(self._path(name)))

    def open(self, name: str) -> BinaryIO:
        """Open a file for reading; a broken connection while it is read is StoreUnavailable too."""
        with self._told("dibaca", missing=True):
            return cast("BinaryIO", _Remote(self.label, self.filesystem.open(self._path(name), "rb")))

    def write(self, name: str, data: bytes) -> None:
        """Upload a file."""
        with self._told("ditulisi"):
            if self.protocol in _WHOLE_AT_ONCE:
                self.filesystem.pipe_file(self._path(name), data)
                return
        with self.fill(name) as file:
            file.write(data)

    @contextmanager
    def fill(self, name: str) -> Iterator[BinaryIO]:
        """Give a file of this machine that is uploaded when the block ends well."""
        try:
            self.scratch.mkdir(mode=0o700, parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(dir=self.scratch, prefix=".unggah-", suffix=PART) as file:
                fcntl.flock(file, fcntl.LOCK_EX)
                yield cast("BinaryIO", file)
                file.flush()
                with self._told("ditulisi"):
                    self._upload(file.name, self._path(name))
        except OSError as error:
            raise StoreUnavailable(f"Bukti tidak dapat disiapkan di {self.scratch}: {error.strerror}", _DISK) from error

    def exists(self, name: str) -> bool:
        """Whether a file is there."""
        with self._told("dibaca"):
            return bool(self.filesystem.exists(self._path(name)))

    def remove(self, name: str) -> None:
        """Remove a file."""
        with self._told("ditulisi"), suppress(FileNotFoundError):
            self.filesystem.rm_file(self._path(name))

    def tops(self) -> list[str]:
        """Return what lies directly in the folder."""
        with self._told("didaftar"):
            try:
                listed = self.filesystem.ls(self.root, detail=False, refresh=True)
            except FileNotFoundError:  # nothing was ever written here
                return []
        return sorted({self._name(path).split("/", 1)[0] for path in listed} - {""})

    def within(self, top: str) -> list[Kept]:
        """Return every file below."""
        with self._told("didaftar"):
            listed = self.filesystem.find(self._path(top), detail=True, refresh=True)
        files = (Kept(self._name(path), int(info["size"] or 0)) for path, info in listed.items())
        return sorted(files, key=lambda kept: kept.name)

    def _upload(self, local: str, path: str) -> None:
        if self.protocol in _WHOLE_AT_ONCE:
            self.filesystem.put_file(local, path)
            return
        folder, _, last = path.rpartition("/")
        beside = f"{folder}/.{last}.{secrets.token_hex(4)}{PART}"
        self.filesystem.makedirs(folder, exist_ok=True)
        self.filesystem.put_file(local, beside)
        self.filesystem.mv(beside, path)

    def _path(self, name: str) -> str:
        return f"{self.root}/{name}"

    def _name(self, path: str) -> str:
        return path.removeprefix("/").removeprefix(self.root.removeprefix("/")).strip("/")

    def _told(self, what: str, *, missing: bool = False) -> AbstractContextManager[None]:
        return _told(self.label, what, missing=missing)


@contextmanager
def _told(label: str, what: str, *, missing: bool = False) -> Iterator[None]:
    """Turn whatever a driver raises into StoreUnavailable; with `missing` a file that is not there stays that."""
    try:
        yield
    except StoreUnavailable:
        raise
    except Exception as error:
        if missing and isinstance(error, FileNotFoundError):
            raise
        raise StoreUnavailable(f"Gudang bukti {label} tidak dapat {what}: {_reason(error)}", _NETWORK) from error


class _Remote(io.RawIOBase):
    """A remote file whose reading fails as its place does."""

    def __init__(self, label: str, file: IO[bytes]) -> None:
        super().__init__()
        self._label, self._file = label, file

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes, all of `size` unless the file ends."""
        with _told(self._label, "dibaca"):
            return self._file.read(size)

    def close(self) -> None:
        """Close the remote file."""
        if not self.closed:
            self._file.close()
        super().close()


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
    return EvidenceError(f"Berkas {name} tidak terbaca: {error.strerror}", _DISK)


def _sync_folder(folder: Path) -> None:
    """Bring a folder's list of names to disk: a name that is only in memory is lost with the power."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _reason(error: Exception) -> str:
    """Say in a few words what a driver complains of; its own text may hold addresses and keys."""
    names = {kind.__name__ for kind in type(error).__mro__}
    if isinstance(error, PermissionError):
        return "akses ditolak"
    if isinstance(error, FileNotFoundError):
        return "wadah atau foldernya tidak ada"
    if isinstance(error, TimeoutError) or {"ConnectTimeoutError", "ReadTimeoutError", "FSTimeoutError"} & names:
        return "tidak menjawab dalam waktu yang ditentukan"
    if isinstance(error, ConnectionError) or {"EndpointConnectionError", "HTTPClientError"} & names:
        return "tidak dapat dihubungi"
    if {"NoCredentialsError", "PartialCredentialsError"} & names:
        return "kunci akses belum diisi"
    return getattr(error, "strerror", None) or type(error).__name__
