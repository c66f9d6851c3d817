"""What many tests begin with is written into SQLite once by each worker, and copied as a file from then on.

On PostgreSQL one more copied database takes as long as the writing: there it is written for each test.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Hashable
from itertools import count
from pathlib import Path
from typing import Any, TypeVar

from db.connect import Database, Session

_Told = TypeVar("_Told")
_Steps = tuple[Hashable, ...]

_NUMBERS = count(1)
_kept: dict[_Steps, tuple[Path, Any]] = {}
"""What was written, step by step, with the file that holds it and what the last step returned."""
_lying: dict[str, _Steps] = {}
"""What was copied to a place."""


def lay(template: Path, place: Path, steps: _Steps = ()) -> None:
    """Copy a database to a place that nobody has open, for `begin` to know again."""
    for left in place.parent.glob(f"{place.name}-*"):
        left.unlink()
    shutil.copyfile(template, place)
    os.utime(place, ns=(0, 0))  # whoever writes into it changes that
    _lying[str(place)] = steps


def begin(database: Database, step: Hashable, write: Callable[[Session], _Told]) -> _Told:
    """Let a database hold what `write` writes in one transaction, and return what it returns.

    `step` names all that decides what is written. A database that has been written to since it was laid is written to
    once more; in any other, what an earlier test wrote by the same steps is laid.
    """
    before = _steps_of(database)
    if before is None:
        return _written(database, write)
    place, steps = Path(str(database.file)), (*before, step)
    if steps not in _kept:
        told = _written(database, write)
        database.dispose()
        file = place.with_name(f"begun{next(_NUMBERS)}.db")
        shutil.copyfile(place, file)
        _kept[steps] = file, told
    file, told = _kept[steps]
    lay(file, place, steps)
    return told  # type: ignore[no-any-return]  # it is what this step's `write` returned


def _written(database: Database, write: Callable[[Session], _Told]) -> _Told:
    with database.write() as session:
        return write(session)


def _steps_of(database: Database) -> _Steps | None:
    """Return what was laid into a database that nobody uses and nobody has written to since, else None."""
    if database.file not in _lying:
        return None
    place = Path(database.file)
    log = place.with_name(f"{place.name}-wal")
    in_use = database.engine.pool.checkedout()  # type: ignore[attr-defined]  # every pool but those of memory counts
    if in_use or (log.exists() and log.stat().st_size):
        return None
    database.dispose()  # the last one to leave takes the log away
    return None if log.exists() or place.stat().st_mtime_ns else _lying[database.file]
