"""Writing report files: whole or not at all, with their hashes."""

from __future__ import annotations

import glob
import hashlib
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from threading import get_ident

from monitor.errors import plainly, unwritten


@dataclass(frozen=True, slots=True)
class WrittenFile:
    """A finished report file."""

    path: Path
    sha256: str


def write_whole(path: Path, write: Callable[[Path], None]) -> WrittenFile:
    """Let `write` fill a temporary file beside `path` and put it in place once it is complete and on disk."""
    partial = path.with_name(f".{path.name}.{os.getpid()}-{get_ident()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _sweep(path)
        partial.touch(mode=0o600)
        write(partial)
        with partial.open("rb") as stream:
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
            os.fsync(stream.fileno())
        partial.chmod(0o640)
        partial.replace(path)
    except OSError as error:
        raise unwritten(
            error, f"Laporan tidak dapat ditulis ke {path.parent} ({plainly(error)})", "periksa izin dan ruang cakram"
        ) from error
    finally:
        partial.unlink(missing_ok=True)
    return WrittenFile(path, digest)


def _sweep(path: Path) -> None:
    """Remove what a killed writer of the same file left behind."""
    for left in path.parent.glob(f".{glob.escape(path.name)}.*.part"):
        writer = left.name.split(".")[-2].partition("-")[0]
        if writer.isdigit() and not Path(f"/proc/{writer}").exists():
            left.unlink(missing_ok=True)
