"""Waiting for a database whose server is away: a machine may start before the one that the database is on."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import structlog

from db.connect import open_database
from monitor.errors import DatabaseAway

_FIRST, _LONGEST = 1.0, 30.0


def await_server(url: str, sleep: Callable[[float], None], tell: Callable[[str], None]) -> None:
    """Return once the database answers; what keeps it away is told once, the tries are logged.

    A server that answers and refuses is not waited for: DatabaseError. A file needs no server.
    """
    log, database = structlog.get_logger(), open_database(url)
    if database.dialect == "sqlite":
        return
    try:
        for number, pause in enumerate(_pauses()):
            try:
                with database.read():
                    return
            except DatabaseAway as away:
                if number == 0:
                    tell(f"{away.message}; menunggu sampai ia menjawab")
                log.warning("database away", again_in=pause)
                sleep(pause)
    finally:
        database.dispose()


def _pauses() -> Iterator[float]:
    pause = _FIRST
    while True:
        yield pause
        pause = min(pause * 2, _LONGEST)
