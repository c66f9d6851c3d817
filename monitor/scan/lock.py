"""Single flight: one night at a time in a workspace."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from monitor.errors import LockHeld


@contextmanager
def single_flight(path: Path, work: str) -> Iterator[None]:
    """Hold the lock file until the block ends; the system frees it when the process dies.

    Raises LockHeld with the holder's process number when another process has it.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            file.seek(0)
            holder = file.read().strip() or "tidak diketahui"
            raise LockHeld(f"{work} sedang berjalan (proses {holder})", "tunggu sampai selesai") from error
        file.seek(0)
        file.truncate()
        file.write(str(os.getpid()))
        file.flush()
        yield
