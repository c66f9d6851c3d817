"""Waiting for a database whose server is away: a machine may start before the one that the database is on."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import structlog

from db.connect import open_database
from monitor.errors import DatabaseAway, ServerUnknown

_FIRST, _LONGEST = 1.0, 30.0
ENOUGH = 600.0
"""Seconds after which a command that is to end by itself waits no longer."""

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


def patiently(
    attempt: Callable[[], T], sleep: Callable[[float], None], tell: Callable[[str], None], most: float | None = None
) -> T:
    """Return what an attempt returns once the database's server lets it; it is made again while the server is away.

    What keeps it away is told once, and an unknown name, which may be a wrong one, each time; the tries are logged.
    Away is a server that does not answer, that starts or stops, and one whose connections are all taken. One that
    answers and refuses is not waited for: DatabaseError. After pauses of `most` seconds together nothing is waited
    for any more: DatabaseAway.
    """
    pause, slept, said = _FIRST, 0.0, ""
    while True:
        try:
            return attempt()
        except DatabaseAway as away:
            if most is not None and slept >= most:
                raise
            if isinstance(away, ServerUnknown):
                tell(f"{away}; menunggu")
            elif away.message != said:
                tell(f"{away.message}; menunggu sampai ia menjawab")
            said = away.message
            structlog.get_logger().warning("database away", again_in=pause)
        sleep(pause)
        slept += pause
        pause = min(pause * 2, _LONGEST)
