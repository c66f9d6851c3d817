"""Evidence in a bucket or on another machine: any place that fsspec reaches, S3 among them."""

from __future__ import annotations

import fcntl
import io
import secrets
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import IO, Any, BinaryIO, cast

from monitor.denials import mending
from monitor.errors import ConfigError, PantauError, StoreUnavailable, plainly
from monitor.evidence.places import DISK, PART, Kept

_NETWORK = "periksa jaringan, alamat dan kunci akses pada [evidence], lalu ulangi"
_S3 = frozenset({"s3", "s3a"})
_WHOLE_AT_ONCE = _S3 | {"gs", "gcs", "az", "abfs", "abfss", "memory"}
"""Stores that show an upload only when it is complete; elsewhere a file is uploaded beside its place and then moved."""

_BLOCK = 1 << 22
_ATTEMPTS = 10
_SLOWEST = 200_000  # bytes a second
_LARGEST = 20_000_000  # bytes of one body, or of a listing's pages


@dataclass(frozen=True, slots=True, repr=False)
class Access:
    """How a bucket is reached: the server where it is not the protocol's own, the office's keys, and its patience."""

    endpoint_url: str = ""
    key: str = ""
    secret: str = ""
    seconds: float = 30.0


def open_bucket(url: str, access: Access, scratch: Path) -> Bucket:
    """Return the place at an fsspec address; nothing is asked of it before it is first used."""
    return Bucket(cache(lambda: _connected(url, access)), url, scratch, access.seconds)


def _connected(url: str, access: Access) -> tuple[Any, str]:
    """Return fsspec's file system and the path there; ConfigError when a library or the keys are missing."""
    from fsspec.core import url_to_fs  # a third of a second, only for offices that keep evidence elsewhere

    protocol = url.partition("://")[0]
    try:
        filesystem, root = url_to_fs(url, skip_instance_cache=True, **_options(protocol, access))
        return filesystem, root.rstrip("/")
    except (ImportError, ValueError) as error:
        mend = "pasang dengan `pip install pantau-netralitas[s3]`" if protocol in _S3 else "perbaiki evidence.url"
        raise ConfigError(f"Gudang bukti {protocol}:// tidak didukung pada mesin ini", mend) from error


def _options(protocol: str, access: Access) -> dict[str, Any]:
    if protocol not in _S3:
        return {}
    if not (access.key and access.secret):
        raise ConfigError(
            "Kunci akses gudang bukti belum diisi", "isi evidence.credentials_file, lihat docs/pengaturan.md"
        )
    return {
        "key": access.key,
        "secret": access.secret,
        "use_listings_cache": False,  # another machine may have written since
        "client_kwargs": {"endpoint_url": access.endpoint_url} if access.endpoint_url else {},
        "config_kwargs": {
            "connect_timeout": access.seconds,
            "read_timeout": access.seconds,
            "retries": {"total_max_attempts": 1},  # s3fs itself asks a few times more, and gives up within seconds
        },
    }


@dataclass(frozen=True, slots=True)
class Bucket:
    """A folder of a store that fsspec reaches at `url`; `scratch` is a folder of this machine.

    `connect` gives fsspec's file system and the folder's path in it, at the first use. `seconds` is how long a single
    answer is waited for; all attempts of one call together take ten times that and what its bytes need.
    """

    connect: Callable[[], tuple[Any, str]]
    url: str
    scratch: Path
    seconds: float = 30.0

    @property
    def filesystem(self) -> Any:
        """Fsspec's file system."""
        return self.connect()[0]

    @property
    def root(self) -> str:
        """The folder's path in it."""
        return self.connect()[1]

    @property
    def whole_at_once(self) -> bool:
        """Whether an upload shows only when it is complete."""
        return self.url.partition("://")[0] in _WHOLE_AT_ONCE

    @property
    def label(self) -> str:
        """Its address, without keys."""
        return self.url

    def probe(self) -> None:
        """Raise StoreUnavailable when the bucket is not there or does not answer."""
        with self._told("dibuka"):
            self.filesystem.info(self.root.split("/", 1)[0] or "/", **self._limit())

    def read(self, name: str) -> bytes:
        """Return a whole file."""
        with self._told("dibaca", missing=True):
            return bytes(self.filesystem.cat_file(self._path(name), **self._limit(_LARGEST)))

    def open(self, name: str) -> BinaryIO:
        """Open a file for reading; a broken connection while it is read is StoreUnavailable too."""
        with self._told("dibaca", missing=True):
            return cast(
                "BinaryIO", _Remote(self.label, self.filesystem.open(self._path(name), "rb", block_size=_BLOCK))
            )

    def write(self, name: str, data: bytes) -> None:
        """Upload a file."""
        with self._told("ditulisi"):
            if self.whole_at_once:
                self.filesystem.pipe_file(self._path(name), data, **self._limit(len(data)))
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
            raise StoreUnavailable(
                f"Bukti tidak dapat disiapkan di {self.scratch}: {plainly(error)}", mending(error, DISK)
            ) from error

    def exists(self, name: str) -> bool:
        """Whether a file is there."""
        with self._told("dibaca"):
            return bool(self.filesystem.exists(self._path(name), **self._limit()))

    def remove(self, name: str) -> None:
        """Remove a file."""
        with self._told("ditulisi"), suppress(FileNotFoundError):
            self.filesystem.rm_file(self._path(name), **self._limit())

    def tops(self) -> list[str]:
        """Return what lies directly in the folder."""
        with self._told("didaftar"):
            try:
                listed = self.filesystem.ls(self.root, detail=False, refresh=True, **self._limit())
            except FileNotFoundError:  # nothing was ever written here
                return []
        return sorted({self._name(path).split("/", 1)[0] for path in listed} - {""})

    def within(self, top: str) -> list[Kept]:
        """Return every file below."""
        with self._told("didaftar"):
            listed = self.filesystem.find(self._path(top), detail=True, refresh=True, **self._limit(_LARGEST))
        files = (Kept(self._name(path), int(info["size"] or 0), _since(info)) for path, info in listed.items())
        return sorted(files, key=lambda kept: kept.name)

    def _upload(self, local: str, path: str) -> None:
        if self.whole_at_once:
            self.filesystem.put_file(local, path, **self._limit(Path(local).stat().st_size))
            return
        folder, _, last = path.rpartition("/")
        beside = f"{folder}/.{last}.{secrets.token_hex(4)}{PART}"
        self.filesystem.makedirs(folder, exist_ok=True)
        self.filesystem.put_file(local, beside)
        self.filesystem.mv(beside, path)

    def _limit(self, size: int = 0) -> dict[str, float]:
        """Return how long one call may take in all: a server that holds an upload back is not waited for elsewhere."""
        if not getattr(self.filesystem, "async_impl", False):
            return {}
        return {"timeout": self.seconds * _ATTEMPTS + size / _SLOWEST}

    def _path(self, name: str) -> str:
        return f"{self.root}/{name}"

    def _name(self, path: str) -> str:
        return path.removeprefix("/").removeprefix(self.root.removeprefix("/")).strip("/")

    def _told(self, what: str, *, missing: bool = False) -> AbstractContextManager[None]:
        return _told(self.label, what, missing=missing)


def _since(info: Mapping[str, Any]) -> datetime | None:
    """Return since when a file lies there; file systems call it differently, and some do not tell."""
    told = next((info[name] for name in ("LastModified", "mtime", "created") if info.get(name) is not None), None)
    if isinstance(told, datetime):
        return told if told.tzinfo is not None else told.replace(tzinfo=UTC)
    return datetime.fromtimestamp(told, UTC) if isinstance(told, int | float) else None


@contextmanager
def _told(label: str, what: str, *, missing: bool = False) -> Iterator[None]:
    """Turn whatever a driver raises into StoreUnavailable; with `missing` a file that is not there stays that."""
    try:
        yield
    except PantauError:
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
