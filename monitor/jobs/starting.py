"""Starts that fail before the database knows of them: they leave last words, which the next night tells."""

from __future__ import annotations

import errno
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

from db.refusals import hindrance
from monitor.domain import Hindrance, Job, Starter
from monitor.errors import ConfigError, DatabaseError, EvidenceElsewhere, NoRoom, PantauError, RefusedError, UsageError
from monitor.last_words import LastWords
from monitor.settings import load_settings
from monitor.workspace import clock_of, system_clock

_SYSTEM = {
    errno.ENOSPC: Hindrance.DISK_FULL,
    errno.EDQUOT: Hindrance.DISK_FULL,
    errno.EFBIG: Hindrance.DISK_FULL,
    errno.EIO: Hindrance.DISK_FULL,
    errno.EROFS: Hindrance.READ_ONLY,
    errno.EACCES: Hindrance.NO_PERMISSION,
    errno.EPERM: Hindrance.NO_PERMISSION,
    errno.ENOMEM: Hindrance.MEMORY,
}


@contextmanager
def noted(home: Path, what: Job | Starter, clock: Callable[[], datetime] | None = None) -> Iterator[None]:
    """Leave last words in a workspace when the block fails; nothing but the block must have begun.

    Who was refused, or asked for what does not exist, leaves none. Where words cannot be left either, the failure
    itself is all there is.
    """
    try:
        yield
    except (RefusedError, UsageError):
        raise
    except Exception as failure:
        with suppress(OSError):
            LastWords(home / "data").add(what, why(failure), (clock or _clock(home))())
        raise


def why(failure: Exception) -> Hindrance:
    """Return in a token what kept work from beginning."""
    match failure:
        case DatabaseError():
            return hindrance(failure)
        case EvidenceElsewhere() | NoRoom():
            return Hindrance.DISK_FULL if isinstance(failure, NoRoom) else Hindrance.EVIDENCE_ELSEWHERE
        case ConfigError():
            return Hindrance.NO_PERMISSION if isinstance(failure.__cause__, PermissionError) else Hindrance.SETTINGS
        case OSError():
            return _SYSTEM.get(failure.errno or 0, Hindrance.OTHER)
        case MemoryError():
            return Hindrance.MEMORY
    return Hindrance.OTHER


def _clock(home: Path) -> Callable[[], datetime]:
    """Return the clock of the workspace; the machine's where the settings are what cannot be read."""
    try:
        return clock_of(load_settings(home))
    except (PantauError, OSError):
        return system_clock
