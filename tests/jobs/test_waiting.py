"""A worker that starts before its database waits for it, ever longer, and says so once."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from db.connect import Database
from monitor.errors import DatabaseAway, DatabaseError
from monitor.jobs.waiting import await_server


class EnoughError(Exception):
    """The test has seen enough pauses."""


def pauses_of(url: str, most: int) -> tuple[list[float], list[str]]:
    slept: list[float] = []
    told: list[str] = []

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        if len(slept) == most:
            raise EnoughError

    with pytest.raises(EnoughError):
        await_server(url, sleep, told.append)
    return slept, told


def closed_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def test_a_server_that_is_away_is_asked_ever_more_rarely_and_told_of_once() -> None:
    slept, told = pauses_of(f"postgresql+psycopg://pantau@127.0.0.1:{closed_port()}/pantau", 8)
    assert slept == [1, 2, 4, 8, 16, 30, 30, 30]
    assert told == ["Peladen basis data tidak dapat dihubungi; menunggu sampai ia menjawab"]


def test_a_server_whose_name_is_not_known_yet_is_waited_for() -> None:
    slept, _ = pauses_of("postgresql+psycopg://pantau@peladen.invalid/pantau", 1)
    assert slept == [1]


def never(given: object) -> None:
    pytest.fail(f"nobody waits or tells: {given}")


def test_a_server_that_answers_is_not_waited_for(postgres_database: Database) -> None:
    await_server(postgres_database.url, never, never)


def test_a_file_is_neither_waited_for_nor_made(tmp_path: Path) -> None:
    await_server(f"sqlite:///{tmp_path}/kantor.db", never, never)
    assert list(tmp_path.iterdir()) == []


def test_a_server_that_refuses_is_not_waited_for(postgres_database: Database) -> None:
    unknown = postgres_database.engine.url.set(database="tidak_ada").render_as_string(hide_password=False)
    with pytest.raises(DatabaseError, match="menolak sambungan") as refused:
        await_server(unknown, never, never)
    assert not isinstance(refused.value, DatabaseAway)
