"""Waiting for a database whose server is away: a machine may start before the one that the database is on."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import structlog

from db.connect import open_database
from monitor.errors import DatabaseAway

_FIRST, _LONGEST = 1.0, 30.0

T = TypeVar("T")


def await_server(url: str, sleep: Callable[[float], None], tell: Callable[[str], None]) -> None:
    """Return once the database answers, as `patiently` waits. A file needs no server."""
    database = open_database(url)
    if database.dialect == "sqlite":
        return

    def answered() -> None:
        with database.read():
            pass

    try:
        patiently(answered, sleep, tell)
    finally:
        database.dispose()


def patiently(attempt: Callable[[], T], sleep: Callable[[float], None], tell: Callable[[str], None]) -> T:
    """Return what an attempt returns once the database's server lets it; it is made again while the server is away.

    What keeps it away is told once, the tries are logged. Away is a server that does not answer, that starts or stops,
    and one whose connections are all taken. One that answers and refuses is not waited for: DatabaseError.
    """
    pause, said = _FIRST, False
    while True:
        try:
            return attempt()
        except DatabaseAway as away:
            if not said:
                tell(f"{away.message}; menunggu sampai ia menjawab")
            structlog.get_logger().warning("database away", again_in=pause)
        sleep(pause)
        pause, said = min(pause * 2, _LONGEST), True
