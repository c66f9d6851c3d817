"""A result file that appears whole or not at all, also when the process is killed while writing."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from monitor.errors import ConfigError


@contextmanager
def whole_file(out: Path) -> Iterator[IO[bytes]]:
    """Open a file to write that takes the name `out` only when the block ends well; ConfigError where none can be."""
    if not out.parent.is_dir():
        raise ConfigError(f"{out}: folder hasil tidak ada", "buat foldernya dahulu, atau pilih tempat lain")
    if out.is_dir():
        raise ConfigError(f"{out}: ini folder, bukan berkas", "sebutkan nama berkas hasil")
    temporary = out.with_name(out.name + ".part")
    try:
        with _opened(temporary) as stream:
            yield stream
            stream.flush()
            _name(stream.fileno(), temporary)
        temporary.replace(out)
    finally:
        temporary.unlink(missing_ok=True)


def _opened(temporary: Path) -> IO[bytes]:
    """Open a file without a name, which nothing leaves behind; by its name where the file system has no such thing."""
    temporary.unlink(missing_ok=True)
    with suppress(OSError, AttributeError):
        return os.fdopen(os.open(temporary.parent, os.O_TMPFILE | os.O_WRONLY, 0o666), "wb")
    return temporary.open("wb")


def _name(handle: int, temporary: Path) -> None:
    if temporary.exists():
        return
    folder = os.open(temporary.parent, os.O_RDONLY)
    try:
        os.link(f"/proc/self/fd/{handle}", temporary.name, dst_dir_fd=folder, follow_symlinks=True)
    finally:
        os.close(folder)
