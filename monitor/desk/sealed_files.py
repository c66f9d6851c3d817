"""Files sealed piece by piece as they arrive, so that nothing of them is ever on disk in the open while they wait.

Every piece names its file, its place and whether it is the last: pieces that were lost, swapped or taken from another
file do not open.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from monitor.denials import mending
from monitor.errors import EvidenceError, UsageError, plainly
from monitor.vault import Vault

_PIECE = 1 << 20
_MARK = 16
_HEAD = _MARK + 5
_SUFFIX = ".sealed"
_PREFIX = "pantau-unggah-"  # followed by the number of the process that works there


@dataclass(slots=True)
class SealedWriter:
    """Takes a file in pieces of any length; leaving the block early, or by an error, leaves nothing behind."""

    folder: Path
    vault: Vault
    limit: int
    name: str = field(default_factory=lambda: secrets.token_hex(16) + _SUFFIX)
    size: int = 0
    _digest: hashlib._Hash = field(default_factory=hashlib.sha256)
    _waiting: bytearray = field(default_factory=bytearray)
    _mark: bytes = field(default_factory=lambda: secrets.token_bytes(_MARK))
    _pieces: int = 0
    _file: IO[bytes] | None = None
    _whole: bool = False

    def __enter__(self) -> Self:
        """Open the copy, mode 600."""
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._file = os.fdopen(os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")
        except OSError as error:
            raise _unwritable(error) from error
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the copy, and remove one that is not whole."""
        del kind, error, trace
        if self._file is not None:
            self._file.close()
        if not self._whole:
            self._path.unlink(missing_ok=True)

    @property
    def sha256(self) -> str:
        """The hash of what came so far."""
        return self._digest.hexdigest()

    def write(self, data: bytes) -> None:
        """Take the next bytes; UsageError when the file grows past the limit."""
        self.size += len(data)
        if self.size > self.limit:
            raise too_large(self.limit)
        self._digest.update(data)
        self._waiting += data
        while len(self._waiting) > _PIECE:
            self._seal(bytes(self._waiting[:_PIECE]), last=False)
            del self._waiting[:_PIECE]

    def finish(self) -> None:
        """Say that the file is whole; only then is it kept."""
        assert self._file is not None  # within the block
        self._seal(bytes(self._waiting), last=True)
        try:
            self._file.flush()
            os.fsync(self._file.fileno())
        except OSError as error:
            raise _unwritable(error) from error
        self._whole = True

    @property
    def _path(self) -> Path:
        return self.folder / self.name

    def _seal(self, piece: bytes, *, last: bool) -> None:
        assert self._file is not None  # within the block
        head = self._mark + self._pieces.to_bytes(4, "big") + bytes([last])
        sealed = self.vault.seal(head + piece)
        try:
            self._file.write(len(sealed).to_bytes(4, "big") + sealed)
        except OSError as error:
            raise _unwritable(error) from error
        self._pieces += 1


def pieces(path: Path, vault: Vault) -> Iterator[bytes]:
    """Yield what a sealed file holds; EvidenceError when it is gone, cut, or not as it was written."""
    mark, number, last = b"", 0, False
    try:
        with path.open("rb") as file:
            while length := file.read(4):
                opened = vault.unseal(file.read(int.from_bytes(length, "big")))
                mark = mark or opened[:_MARK]
                if last or opened[:_MARK] != mark or opened[_MARK : _MARK + 4] != number.to_bytes(4, "big"):
                    raise EvidenceError("Salinan unggahan rusak", "unggah berkas itu sekali lagi")
                number, last = number + 1, opened[_HEAD - 1] == 1
                yield opened[_HEAD:]
    except OSError as error:
        raise EvidenceError("Salinan unggahan sudah tidak ada", "unggah berkas itu sekali lagi") from error
    if not last:
        raise EvidenceError("Salinan unggahan terpotong", "unggah berkas itu sekali lagi")


@contextmanager
def opened(path: Path, name: str, vault: Vault) -> Iterator[Path]:
    """Give a sealed file in the open, in a folder that only this user reads and that is gone afterwards."""
    _clear_abandoned()
    with tempfile.TemporaryDirectory(prefix=f"{_PREFIX}{os.getpid()}-") as folder:
        plain = Path(folder) / name
        try:
            with os.fdopen(os.open(plain, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                for piece in pieces(path, vault):
                    file.write(piece)
        except OSError as error:
            raise _unwritable(error) from error
        yield plain


def write_note(path: Path, data: bytes, vault: Vault) -> None:
    """Keep a small sealed file, mode 600, whole or not at all."""
    partial = path.with_name(f".{secrets.token_hex(8)}.part")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(vault.seal(data))
        partial.replace(path)
    except OSError as error:
        partial.unlink(missing_ok=True)
        raise _unwritable(error) from error


def clear_strays(folder: Path, kept: frozenset[str], older_than: float) -> None:
    """Remove sealed files that no upload names and that were last written before a time (seconds of the epoch)."""
    for path in folder.glob(f"*{_SUFFIX}"):
        with suppress(OSError):
            if path.name not in kept and path.stat().st_mtime < older_than:
                path.unlink()


def too_large(limit: int) -> UsageError:
    """Return the error for a file past the limit."""
    return UsageError(
        f"Berkas lebih besar dari {limit // 1024 // 1024} MB",
        "pecah berkasnya, atau minta admin memakai `pantau import`",
    )


def _clear_abandoned() -> None:
    """Remove what work that was killed had opened."""
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*-*"):
        owner = folder.name.removeprefix(_PREFIX).partition("-")[0]
        with suppress(OSError):
            if owner.isdigit() and folder.stat().st_uid == os.getuid() and not Path(f"/proc/{owner}").exists():
                shutil.rmtree(folder, ignore_errors=True)


def _unwritable(error: OSError) -> EvidenceError:
    return EvidenceError(
        f"Unggahan tidak dapat disimpan: {plainly(error)}", mending(error, "periksa ruang dan izin cakram, lalu ulangi")
    )
